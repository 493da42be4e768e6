"""Records: what a kernel reads is always the column that stands in the record."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from coworksim.model.kernels import CHECKED, Record, kernel


@dataclass(slots=True)
class Shelf(Record):
    label: str
    small: NDArray[np.int8]
    large: NDArray[np.float64]  # (n, 2)


@kernel
def total(shelf: Shelf) -> float:
    found = 0.0
    for i in range(len(shelf.small)):
        found += shelf.small[i] * shelf.large[i, 0] + shelf.large[i, 1]
    return found


@kernel
def empty(shelf: Shelf) -> None:
    shelf.large[:, 0] = 0.0
    shelf.large[:, 1] = 0.0


def shelf() -> Shelf:
    return Shelf("top", np.array([1, 2], np.int8), np.array([[10.0, 0.25], [100.0, 0.5]]))


def test_a_kernel_reads_and_writes_the_columns() -> None:
    mine = shelf()
    assert total(mine) == 210.75
    mine.small[0] = 3
    assert total(mine) == 230.75
    empty(mine)
    assert mine.large.tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_a_column_that_becomes_another_array_is_read_where_it_lies_now() -> None:
    mine = shelf()
    assert total(mine) == 210.75
    mine.small, mine.large = np.array([4], np.int8), np.array([[2.0, 0.5]])
    assert total(mine) == 8.5


def test_a_copy_has_columns_of_its_own() -> None:
    mine = shelf()
    assert total(mine) == 210.75
    other = copy.deepcopy(mine)
    empty(other)
    assert (total(other), total(mine), other.label) == (0.0, 210.75, "top")


@pytest.mark.skipif(CHECKED, reason="plain Python reads any array")
def test_a_column_that_is_not_contiguous_is_refused_by_name() -> None:
    mine = shelf()
    mine.large = np.zeros((2, 4))[:, ::2]
    with pytest.raises(Exception, match=r"Shelf\.large is not a contiguous array"):
        total(mine)
