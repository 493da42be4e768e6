"""requirements.lock is hashed, free of addresses and in step with pyproject.toml; and the check can fail."""

import re
from pathlib import Path

import pytest

from scripts.check_lock import direct_requirements, locks, pins, problems

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


LOCKS = {name: (ROOT / name).read_text(encoding="utf-8") for name in locks(PYPROJECT)}


@pytest.mark.parametrize("name", LOCKS)
def test_lock_is_in_step_and_names_no_address(name: str) -> None:
    assert list(problems(PYPROJECT, LOCKS[name], locks(PYPROJECT)[name])) == []
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links", LOCKS[name])


def test_the_lock_of_an_extra_holds_what_the_main_one_holds() -> None:
    """But for starlette, which Solara holds at an older release; the page does not run beside it."""
    main = {pin.requirement.name: pin.version for pin in pins(LOCK)}
    for name, lock in LOCKS.items():
        other = {pin.requirement.name: pin.version for pin in pins(lock)}
        held = {"starlette"} if name == "requirements-viz.lock" else set()
        assert {key for key in main.keys() & other.keys() if main[key] != other[key]} <= held, name


def test_every_pin_has_hashes() -> None:
    locked = pins(LOCK)
    assert len(locked) > len(direct_requirements(PYPROJECT))
    assert all(pin.hashes for pin in locked)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (r"\A", "--extra-index-url https://example.org/simple\n", "holds an address or an option"),
        (r"\A", "--no-binary :all:\n", "holds an address or an option"),
        (r"^click==.*\n( +--hash.*\n)+", "", "click>=8.2 is asked for by pyproject.toml and not locked"),
        (r"^click==\S+", "click==7.0", "click>=8.2 is asked for by pyproject.toml and locked as 7.0"),
        (r"^(click==\S+) .*\n( +--hash.*\n)+", r"\1\n", "click has no hash"),
        (r"^click==", "click>=", "not pinned with =="),
    ],
    ids=["address", "option", "missing", "too old", "no hash", "not pinned"],
)
def test_check_sees_a_planted_fault(old: str, new: str, complaint: str) -> None:
    spoiled = re.sub(old, new, LOCK, count=1, flags=re.MULTILINE)
    assert spoiled != LOCK
    assert any(complaint in problem for problem in problems(PYPROJECT, spoiled))


def test_check_sees_a_requirement_added_to_pyproject() -> None:
    grown = PYPROJECT.replace("dependencies = [", 'dependencies = [\n    "no-such-package",', 1)
    assert list(problems(grown, LOCK)) == [
        "no-such-package is asked for by pyproject.toml and not locked",
    ]
