"""Which tests look for a fault of a phase, likeliest first."""

from __future__ import annotations

from typing import Final

__all__ = ["PHASES", "WHOLE", "docking", "nearest"]

#: Tests outside docking, by phase; the doctests of the faulty file come with them.
NEAREST: Final[dict[str, tuple[str, ...]]] = {
    "turnover": ("model/mechanisms/test_turnover.py",),
    "frontier": ("model/mechanisms/test_frontier.py", "model/mechanisms/test_adoption.py"),
    "adoption": ("model/mechanisms/test_adoption.py",),
    "policies": ("model/policies/test_kinds_by_hand.py",),
    "training": (
        "model/mechanisms/test_training.py",
        "model/state/test_courses.py",
        "model/mechanisms/test_lessons_and_loans.py",
        "model/mechanisms/test_resource_learning.py",
    ),
    "income": ("model/mechanisms/test_income.py",),
    "awareness": ("model/mechanisms/test_awareness.py",),
    "schemes": ("model/mechanisms/test_schemes.py", "model/mechanisms/test_applications.py"),
    "membership": (
        "model/mechanisms/test_membership.py",
        "model/mechanisms/test_applications.py",
        "model/mechanisms/test_schemes.py",
    ),
    "attendance": ("model/mechanisms/test_attendance.py", "model/state/test_season.py"),
    "encounters": (
        "model/mechanisms/test_encounters.py",
        "model/mechanisms/test_visits.py",
        "model/mechanisms/test_evenings.py",
    ),
    "groups": ("model/mechanisms/test_groups.py",),
    "teams": ("model/state/test_teams.py", "model/mechanisms/test_team_tables.py"),
    "social_learning": (
        "model/mechanisms/test_learning.py",
        "model/test_worker_views.py::test_a_worker_learns_from_the_partner_what_the_week_adds",
    ),
    "resource_pool": ("model/mechanisms/test_resource_pool.py", "model/mechanisms/test_learning.py"),
    "resource_learning": ("model/mechanisms/test_resource_learning.py", "model/mechanisms/test_learning.py"),
    "decay": ("model/mechanisms/test_decay.py", "model/mechanisms/test_learning.py"),
    "management": ("model/mechanisms/test_management.py", "model/mechanisms/test_founding.py"),
    "market": (
        "model/state/test_consideration.py",
        "model/mechanisms/test_founding.py",
        "model/mechanisms/test_management.py",
        "model/test_listed_dates.py",
        "model/test_market.py::test_what_people_do_in_spaces_is_counted_from_week_0_on",
        "model/test_market.py::test_postings_before_week_0_are_brought_forward_by_payer_payee_and_purpose",
        "model/test_market.py::test_postings_from_week_0_on_stay_in_their_weeks",
        "model/mechanisms/test_nested_choice.py",
    ),
    "agents": ("model/test_worker_views.py", "model/mechanisms/test_membership.py"),
    "views": ("model/test_worker_views.py", "model/test_agent_writes.py"),
    "casting": ("model/test_cast.py",),
    "mesa_base": ("model/test_mesa_protocol.py",),
    "answers": ("model/test_answers.py",),
    "ledger": ("model/state/test_ledger.py", "model/mechanisms/test_management.py::test_cash_is_what_the_books_say"),
    "draws": ("model/state/test_rng.py", "model/mechanisms/test_turnover.py::test_chances_by_hand"),
    "social_graph": (
        "model/state/test_ties.py",
        "model/test_model.py::test_the_graph_is_a_networkx_graph_of_keys",
    ),
}
PHASES: Final = tuple(NEAREST)

#: Variants of docking that reach what a phase rarely does.
VARIANTS: Final[dict[str, tuple[str, ...]]] = {
    "turnover": ("people come and go", "many nomads"),
    "frontier": ("a jump in artificial intelligence",),
    "adoption": ("a jump in artificial intelligence",),
    "income": ("skill pays", "skills in tandem", "many nomads"),
    "awareness": ("full spaces that multiply",),
    "membership": ("plenty of desks",),
    "attendance": ("full spaces that multiply",),
    "encounters": ("events", "sociable", "many nomads", "large teams", "groups"),
    "social_learning": ("skills at the frontier", "sociable"),
    "resource_pool": ("training places",),
    "resource_learning": ("skills at the frontier",),
    "decay": ("ties that fade fast",),
    "management": ("full spaces that multiply", "dear spaces that close", "plenty of desks"),
    "social_graph": ("people come and go", "ties that fade fast"),
}
#: Seeds of the runs that dock all kinds of policy at once.
SEEDS: Final = (0, 1)
SCHEMES_FIRST: Final = ("schemes", "awareness", "membership")

#: All that looks at rules, for a fault that nothing above has seen: compiled, without the slow tests.
WHOLE: Final = ("tests/model", "tests/laws", "tests/reference", "tests/docking")


def nearest(phase: str) -> list[str]:
    """Return the tests outside docking that are nearest to a phase."""
    return [f"tests/{test}" for test in NEAREST[phase]]


def docking(phase: str) -> list[str]:
    """Return the variants of docking that are likeliest to show a fault of a phase."""
    if phase == "market":
        return ["tests/docking/test_market.py::test_docking_of_a_short_market"]
    if phase == "policies":
        return [f"tests/docking/test_policies.py::test_docking_of_all_kinds_together[{seed}]" for seed in SEEDS]
    file = "tests/docking/test_docking.py"
    variants = [f"{file}::test_docking_of_sixty_workers[{name}]" for name in ("as declared", *VARIANTS.get(phase, ()))]
    schemes = f"{file}::test_docking_of_schemes[1]"
    return [schemes, *variants] if phase in SCHEMES_FIRST else [*variants, schemes]
