"""The ODD+D document: seven parts of the protocol, each from what the code declares.

The protocol: Grimm et al. 2020, Journal of Artificial Societies and Social Simulation 23(2) 7, with the questions on
decisions of Mueller et al. 2013, Environmental Modelling and Software 48, 37-48 (ODD+D).
"""

from __future__ import annotations

from inspect import getdoc

from coworksim.files import frame
from coworksim.model.mechanisms import WEEK
from coworksim.model.parameters import MECHANISMS, PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS
from coworksim.model.parameters.skills import CREATIVE, OCCUPATIONS, SKILLS, STATUSES
from coworksim.report.assumption_log import table
from tools.odd import parameters
from tools.odd.concepts import CONCEPTS, PURPOSE, SCALES
from tools.odd.docstrings import columns_of, markdown, module_text
from tools.odd.submodels import policies_text, submodels

__all__ = ["ENTITIES", "odd_text"]

#: Entities: name, the class whose fields are its state variables, and what it is.
ENTITIES = (
    (
        "Worker",
        "coworksim.model.state.people",
        "Population",
        "A person: freelancer, owner of a firm with staff, digital nomad, employee on site or remote employee.",
    ),
    (
        "Coworking space, with its manager",
        "coworksim.model.state.spaces",
        "Spaces",
        "Desks, a price, a pool of shared resources and cash. Its manager (`coworksim.model.agents.Manager`) has no "
        "state but "
        "that of the space, and decides every four weeks.",
    ),
    (
        "Region",
        "coworksim.model.state.spaces",
        "Regions",
        "The only place where people's environments differ. The flag (left-behind or other) is no state variable: "
        "it is "
        "read by analyses and by the eligibility rules of policies alone.",
    ),
    (
        "Tie between two workers",
        "coworksim.model.state.ties",
        "Ties",
        "Weighted and undirected; its strength counts meetings and fades.",
    ),
    (
        "Public policy and its awards",
        "coworksim.model.state.policy_state",
        "Schemes",
        "Terms, budget and commitments of a policy, and where each person stands with it.",
    ),
    (
        "What policies have set for the week",
        "coworksim.model.state.policy_state",
        "Levers",
        "Factors and additions that mechanisms read; set anew each week.",
    ),
    (
        "Books",
        "coworksim.model.state.world",
        "Posting",
        "Double-entry money in whole pence, a posting per payer class, payee, purpose and week.",
    ),
)


def odd_text() -> str:
    """Return the whole document as Markdown."""
    head = (
        "# coworksim by the ODD+D protocol\n\n"
        "This page is made from the code by `coworksim odd`; a test fails when the two differ. "
        + " ".join(markdown(__doc__).split("\n\n")[1:])
    )
    sections = (
        ("1. Purpose and patterns", PURPOSE),
        ("2. Entities, state variables and scales", f"{_entities()}\n\n### Scales\n\n{SCALES}"),
        ("3. Process overview and scheduling", _week()),
        ("4. Design concepts", "\n\n".join(f"### {name}\n\n{text}" for name, text in CONCEPTS)),
        ("5. Initialisation", _start()),
        ("6. Input data", _input()),
        ("7. Submodels", submodels()),
        ("8. Rival forms", _forms()),
        ("9. Policies", f"{policies_text()}\n\n### Numbers of a policy\n\n{parameters.levers_table()}"),
        ("10. Parameters", _parameters()),
    )
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections)
    return f"{head}\n\n{body}\n"


def _entities() -> str:
    parts = []
    for name, module, kind, what in ENTITIES:
        parts.append(f"### {name}\n\n{what}\n\n{parameters.columns_table(list(columns_of(module, kind)))}")
    skills = f"Skills, four social-cognitive (SC) and four technical-digital (TD): {', '.join(SKILLS)}."
    creative = [name for name, is_creative in zip(OCCUPATIONS, CREATIVE, strict=True) if is_creative]
    kinds = f"Occupations: {', '.join(OCCUPATIONS)}; creative ones are {', '.join(creative)}. "
    return "\n\n".join([*parts, f"{skills} {kinds}Statuses: {', '.join(STATUSES)}."])


def _week() -> str:
    rows = [(str(k), f"`{phase.name}`", MECHANISMS[phase.name]) for k, phase in enumerate(WEEK, 1)]
    return (
        "A step is a week. The phases follow each other in this order, and each can be switched off. Within a phase "
        "all read the state as it stood at the beginning of the phase, and changes are made at its end; what is "
        "rationed (desks, places, awards, budgets) is served in an order drawn by lot, or by waiting time. Before the "
        "opening of the market, during burn-in, there are no spaces, and phases that need them do nothing. In the "
        "first third of the spin-up spaces have no accounts: management does nothing. No policy "
        "acts before week 0.\n\n" + table(("order", "phase", "what happens"), rows)
    )


def _start() -> str:
    modules = (
        "coworksim.model.state.synthesis",
        "coworksim.model.state.careers",
        "coworksim.model.state.build",
        "coworksim.model.state.spaces",
    )
    told = "\n\n".join(module_text(module) for module in modules)
    return (
        f"{told}\n\nThe world of a scenario, a seed and a replicate is always the same. A burn-in without spaces "
        "(`burn_in_weeks` of the scenario) comes first, so that skills, ties and incomes follow from the environment. "
        "Then the market of spaces opens. Where it is mature (`market: mature`), it runs for `spin_up_weeks` before "
        "week 0, so that spaces differ in age, size, price, cash and owner; so it does where it is growing, with more "
        "founders every year; where it is new, it opens in week 0. Gains "
        "are counted from week 0 on, and comparisons of policies fork from one world in that week."
    )


def _input() -> str:
    indicators = [(f"`{name}`", i.unit, i.scale, i.meaning) for name, i in INDICATORS.items()]
    fields = []
    for name, (indicator, response, is_parameter) in FIELDS.items():
        swept = PARAMETERS[f"environment.{name}_response"].sampled if is_parameter else None
        shown = f"{swept[0]:g} to {swept[1]:g}" if swept else "-"
        fields.append((f"`environment.{name}`", f"`{indicator}`", f"{response:g}", shown))
    return "\n\n".join(
        [
            "No time series drives a run. A scenario gives regions (by name, by ITL-3 code, as a group, or by the "
            "user's own table), whose indicators set the environment fields:",
            table(("indicator", "unit", "scale", "meaning"), indicators),
            module_text("coworksim.model.parameters.environment"),
            table(("field", "indicator", "response", "sampled range"), fields),
            "The indicators of 179 UK ITL-3 regions come with the package (`scenarios/regions`, with their sources).",
            markdown(getdoc(frame) or ""),
        ]
    )


def _forms() -> str:
    return f"Rules of which there is more than one, each chosen by name in a scenario.\n\n{parameters.forms_table()}"


def _parameters() -> str:
    return (
        f"{len(PARAMETERS)} parameters. Defaults apply where a scenario says nothing; a value outside the limits is "
        "refused; studies draw from the sampled range, around what the scenario sets. Evidence: measured, derived from "
        "measured figures, or a guess. The log of assumptions (`coworksim odd --assumptions`) adds what each may "
        f"change.\n\n{module_text('coworksim.statistics.around')}\n\n{parameters.parameter_tables()}\n\n"
        f"### Streams of random numbers\n\n{parameters.streams_table()}"
    )
