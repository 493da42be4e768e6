"""Codes of other kinds: what is proposed is right, and where there is doubt nothing is."""

from __future__ import annotations

import re

import pytest

from coworksim.files.area_codes import advice, authorities, region_of_code
from coworksim.files.uk_regions import real_regions


def _named(sentence: str) -> list[str]:
    return re.findall(r"TL[C-N][0-9][0-9A-Z]", sentence)


def test_a_nuts_code_means_the_region_with_the_same_signs_behind() -> None:
    wrong = [
        code
        for code in real_regions()
        if region_of_code("UK" + code[2:], real_regions()) != code
        or _named(advice("UK" + code[2:], real_regions(), "the UK")) != [code]
    ]
    assert wrong == []


def test_an_authority_means_the_region_it_lies_in_and_where_it_lies_in_several_all_are_named() -> None:
    wrong = []
    for code, authority in authorities().items():
        regions = list(authority.regions)
        one = regions[0] if len(regions) == 1 else None
        for said in (code, authority.name):
            if said in {place.name for place in real_regions().values()}:
                continue  # the name of a region, too, and then that region is meant
            found = region_of_code(said, real_regions())
            if found != one or _named(advice(said, real_regions(), "the UK")) != regions:
                wrong.append((said, found, regions))
    assert wrong == []


def test_names_that_are_those_of_a_region_and_of_an_authority_mean_the_same_place() -> None:
    names = {place.name: code for code, place in real_regions().items()}
    both = [one for one in authorities().values() if one.name in names]
    assert len(both) > 20
    assert [one.name for one in both if one.regions != {names[one.name]: 1.0}] == []


def test_every_authority_lies_wholly_in_known_regions() -> None:
    assert [one for one in authorities().values() if abs(sum(one.regions.values()) - 1.0) > 0.001] == []
    assert {code for one in authorities().values() for code in one.regions} == set(real_regions())


@pytest.mark.parametrize("said", ["TLC43", "E12000001", "E06999999", "K02000001", "UKZ99", "TLC111", "", "Nowhere"])
def test_nothing_is_proposed_where_nothing_is_known(said: str) -> None:
    assert region_of_code(said, real_regions()) is None
    assert _named(advice(said, real_regions(), "the UK")) == []


def test_a_larger_region_is_told_with_those_inside() -> None:
    assert _named(advice("TLC1", real_regions(), "the UK")) == ["TLC11", "TLC12", "TLC13", "TLC14"]
    assert _named(advice("UKC1", real_regions(), "the UK")) == ["TLC11", "TLC12", "TLC13", "TLC14"]


def test_in_a_table_of_the_users_own_only_its_own_codes_are_proposed() -> None:
    own = {"TLC13": real_regions()["TLC13"]}
    assert region_of_code("UKC13", own) == "TLC13"
    assert region_of_code("UKC12", own) is None
    assert advice("UKC12", own, "this table") == "write the code of a region of this table: TLC13"
    said = advice("E06000001", own, "this table")
    assert said == "write the code of a region of this table: TLC13; Hartlepool lies in TLC11"


def test_of_a_region_with_many_inside_as_many_are_told_as_are_not_counted() -> None:
    every = real_regions()
    london = [code for code in every if code.startswith("TLI")]
    some = [{code: every[code] for code in london[:number]} for number in range(2, 20)]
    for known, code in [(every, code[:3]) for code in every] + [(few, next(iter(few))[:3]) for few in some]:
        inside = [own for own in known if own.startswith(code)]
        said = advice(code, known, "the UK")
        more = re.search(r" and (\d+) more$", said)
        assert _named(said) == inside[: len(inside) - (int(more[1]) if more else 0)]
