"""Product and twin agree on every kind of policy, alone and all together."""

from __future__ import annotations

import pytest

from coworksim.model.policies import KINDS as DECLARED
from tests.docking.harness import DockingError, dock, pair
from tests.worlds import KINDS, OTHERS, with_policies

WEEKS = 12 + 26


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*KINDS, *OTHERS])
def test_docking_of_each_kind(kind: str) -> None:
    model, twin = pair(with_policies([{**KINDS, **OTHERS}[kind]]), 2)
    dock(model, twin, WEEKS)
    assert model.world.schemes.spent[0] > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_docking_of_all_kinds_together(seed: int) -> None:
    assert KINDS.keys() == DECLARED.keys()
    model, twin = pair(with_policies([*KINDS.values(), *OTHERS.values()], **{"turnover.exit": 0.9}), seed)
    dock(model, twin, WEEKS)
    assert (model.world.schemes.spent > 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["schemes", "policies", "resource_pool", "awareness", "management", "turnover"])
def test_docking_of_all_kinds_with_a_mechanism_off(name: str) -> None:
    settings = {f"mechanisms.{name}": False}
    model, twin = pair(with_policies([*KINDS.values(), *OTHERS.values()], **settings), 4)
    dock(model, twin, WEEKS)


@pytest.mark.slow
def test_a_fault_in_the_terms_of_the_twin_is_named() -> None:
    model, twin = pair(with_policies([KINDS["community_grant"]]))
    object.__setattr__(twin.schemes.programmes[0], "policy", twin.inputs.policies[0].model_copy(update={"hours": 10.0}))
    with pytest.raises(
        DockingError, match=r"week 12, after policies, scheme 0, committed: 43978 in the product, 39980 in the twin"
    ):
        dock(model, twin, WEEKS)
