"""What each method of a study can do, and where its designs come from."""

from __future__ import annotations

import pytest
from SALib.sample import morris, sobol

from coworksim.model.parameters.parameter import Kind
from coworksim.statistics.design import LEVELS, draw
from coworksim.statistics.factors import METHODS, POWERS, Factor

#: Sizes (default, least, most); takes a dummy; gives indices of groups; sizes are nested; replicates.
CAN = {
    "morris": ((16, 2, 4096), True, True, True, 1),
    "sobol": ((512, 2, 32_768), True, True, True, 4),
    "rbd_fast": ((512, 64, 131_072), True, False, True, 1),
    "efast": ((257, 65, 32_768), True, False, False, 1),
    "pawn": ((512, 64, 131_072), True, False, True, 1),
    "delta": ((512, 128, 131_072), True, False, True, 1),
    "one_at_a_time": ((2, 2, 101), False, False, False, 8),
    "factorial": ((2, 2, 101), False, False, False, 4),
    "replicates": (None, False, False, False, 64),
}
TWO = (Factor("a"), Factor("b"))


def test_methods_can_do_what_they_are_said_to() -> None:
    found = {name: (one.size, one.dummy, one.groups, one.doubles, one.replicates) for name, one in METHODS.items()}
    assert found == CAN
    assert set(POWERS) == {name for name, (_, _, groups, doubles, _) in CAN.items() if doubles and name != "morris"}


def test_designs_are_those_of_salib_at_the_next_seed() -> None:
    problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0.0, 1.0]] * 2}
    for seed in (0, 1, 7):
        wanted = sobol.sample(problem, 4, calc_second_order=False, seed=seed + 1)
        assert (draw("sobol", TWO, 4, seed=seed).unit == wanted).all()
        paths = morris.sample(problem, 3, num_levels=LEVELS, seed=seed + 1)
        assert draw("morris", TWO, 3, seed=seed).unit == pytest.approx(paths, abs=1e-12)


def test_a_factor_counts_the_values_that_it_can_take() -> None:
    whole = Factor("space.desks", Kind.INTEGER, 22, 24)
    assert whole.cells() == 3
    assert [whole.value(u) for u in (0.0, 0.3, 0.34, 0.66, 0.67, 1.0)] == [22, 22, 23, 23, 24, 24]
    assert Factor("x", Kind.CHOICE, choices=("a", "b")).cells() == 2
    real = Factor("x", Kind.REAL, 2.0, 8.0)
    assert real.cells() is None
    assert [real.value(u) for u in (0.0, 0.5, 1.0)] == [2.0, 5.0, 8.0]
    for beyond in (-1e-9, 1.0 + 1e-9):
        with pytest.raises(ValueError, match="does not lie in"):
            real.value(beyond)
