"""What is refused in the policies of a scenario file, at its exact place and in its exact words."""

from __future__ import annotations

from pathlib import Path

import pytest

from .files import HEAD, REGIONS, load, refusals

BASE = {"name": "A", "kind": "voucher", "amount": "60 GBP/month", "months": "12", "budget": "900 GBP"}
MONTHS = "write a whole number from 1 to 120 months"

#: (entries that replace or (None) remove those of BASE; key at whose value, or line and column, it is told; message)
REFUSED: tuple[tuple[dict[str, str | None], str, str], ...] = (
    ({"name": None}, "6:5", "a policy without name; write its name"),
    (
        {"name": "''"},
        "name",
        "name is ''; write one line of at most 100 printable characters, with no space at either end",
    ),
    (
        {"name": '"a\\tb"'},
        "name",
        "name is 'a\\tb'; write one line of at most 100 printable characters, with no space at either end",
    ),
    ({"name": "12"}, "name", "name is the number 12; write text, in quotes where it looks like a number or boolean"),
    ({"kind": None}, "6:5", "a policy without kind; write kind: voucher or kind: membership_subsidy, or another"),
    ({"kind": "vouchr"}, "kind", "kind is the text 'vouchr'; write voucher"),
    (
        {"kind": "loan"},
        "kind",
        "kind is the text 'loan'; "
        "write voucher, membership_subsidy, training_voucher, equipment_loan, resource_grant, community_grant, "
        "cluster_programme, awareness_campaign or skills_programme",
    ),
    ({"months": None}, "6:5", "a voucher without months; write months: 12 months (how long it pays for one person)"),
    ({"months": "0"}, "months", f"months is 0; {MONTHS}"),
    ({"months": "1.5"}, "months", f"months is 1.5; {MONTHS}"),
    (
        {"months": "12 weeks"},
        "months",
        "months has the unit 'weeks', not months; write 12, or 12 months if months is meant",
    ),
    (
        {"budget": None},
        "6:5",
        "a policy without budget; write what may be promised or spent in all, such as budget: 30000 GBP",
    ),
    ({"budget": "-1 GBP"}, "budget", "budget is -1; write an amount from 0 to 10000000000 GBP"),
    ({"budget": "many"}, "budget", "budget is the text 'many'; write a number, bare or as 30000 GBP"),
    ({"budget": ".inf"}, "budget", "budget is .inf, which is no finite number; write a number, bare or as 30000 GBP"),
    (
        {"amount": None},
        "6:5",
        "a voucher without amount; write amount: 60 GBP/month (what is paid towards the fee, at most)",
    ),
    (
        {"amount": None, "kind": "membership_subsidy"},
        "6:5",
        "a membership_subsidy without share; write share: 0.5 share (share of the fee that is paid)",
    ),
    (
        {"amount": "60.005 GBP/month"},
        "amount",
        "amount is 60.005, which is no whole number of pence; write whole pence, such as 60.00 GBP/month",
    ),
    (
        {"amount": "0.0001"},
        "amount",
        "amount is 0.0001, which is no whole number of pence; write whole pence, such as 0.00 GBP/month",
    ),
    ({"amount": "-0.01"}, "amount", "amount is -0.01; write an amount from 0 to 100000 GBP/month"),
    (
        {"amount": "60 GBP/week"},
        "amount",
        "amount has the unit 'GBP/week', not GBP/month; write 60, or 60 GBP/month if GBP/month is meant",
    ),
    ({"share": "0.5"}, "share", "share in a voucher; leave it out; it belongs to membership_subsidy"),
    ({"kind": "membership_subsidy", "share": "1.01"}, "share", "share is 1.01; write a number from 0 to 1 share"),
    ({"kind": "membership_subsidy", "share": "-0.5"}, "share", "share is -0.5; write a number from 0 to 1 share"),
    ({"kind": "membership_subsidy", "share": "150 %"}, "share", "share is 1.5; write a number from 0 to 1 share"),
    ({"start": "-1"}, "start", "start is -1; write a whole number from 0 to 5200 weeks"),
    ({"start": "9", "end": "8"}, "end", "end is 8, not after start (9); write a later week, or leave end out"),
    ({"start": "9", "end": "9"}, "end", "end is 9, not after start (9); write a later week, or leave end out"),
    ({"number": "-1"}, "number", "number is -1; write a whole number from 0 to 10000000 people"),
    ({"number": "2.5"}, "number", "number is 2.5; write a whole number from 0 to 10000000 people"),
    ({"award": "lotery"}, "award", "award is the text 'lotery'; write lottery"),
    (
        {"window": "8"},
        "window",
        "window with first-come awards; write award: lottery or award: means, or leave window out",
    ),
    (
        {"award": "first-come", "window": "8"},
        "window",
        "window with first-come awards; write award: lottery or award: means, or leave window out",
    ),
    ({"award": "lottery", "window": "0"}, "window", "window is 0; write a whole number from 1 to 520 weeks"),
    (
        {"award": "lottery", "window": "6", "start": "3", "end": "8"},
        "window",
        "applications are taken for 6 weeks from week 3, beyond end (8); write a shorter window or a later end",
    ),
    (
        {"award": "lottery", "end": "7"},
        "end",
        "applications are taken for 8 weeks from week 0, beyond end (7); write a shorter window or a later end",
    ),
    ({"lag": "-1"}, "lag", "lag is -1; write a whole number from 0 to 520 weeks"),
    ({"redeem": "521"}, "redeem", "redeem is 521; write a whole number from 0 to 520 weeks"),
    (
        {"kind": "community_grant", "amount": None, "months": None, "hours": "9"},
        "6:5",
        "a community_grant without hour_price; write hour_price: 12 GBP/h (what an hour costs)",
    ),
    (
        {"kind": "community_grant", "amount": None, "hours": "9", "hour_price": "1"},
        "months",
        "months in a "
        "community_grant; leave it out; "
        "it belongs to voucher or membership_subsidy or training_voucher or equipment_loan",
    ),
    (
        {"kind": "community_grant", "amount": None, "months": None, "hours": "9", "hour_price": "1.001"},
        "hour_price",
        "hour_price is 1.001, which is no whole number of pence; write whole pence, such as 1.00 GBP/h",
    ),
    (
        {"kind": "resource_grant", "amount": None, "months": None, "desks": "1", "new_spaces": "1"},
        "new_spaces",
        "new_spaces beside desks; write two policies, one for each",
    ),
    (
        {"kind": "awareness_campaign", "amount": None, "months": None, "region_cost": "1"},
        "kind",
        "an awareness_campaign that does nothing; write any of hear_spaces: 0.02 1/week (added chance to hear of a "
        "space), hear_schemes: 0.02 1/week (added chance to hear of a policy one can apply for), assistance: 2 ratio "
        "(by what the hassle of applying is divided)",
    ),
    (
        {
            "kind": "skills_programme",
            "amount": None,
            "months": None,
            "places": "1",
            "place_price": "1",
            "where": "outside",
            "days": "2",
        },
        "days",
        "days in a space as a condition of places outside; write where: inside, or leave days out",
    ),
    (
        {
            "kind": "skills_programme",
            "amount": None,
            "months": None,
            "places": "1",
            "place_price": "1",
            "curriculum": "[idea_pitching]",
        },
        "11:18",
        "skill is the text 'idea_pitching'; "
        "write design_software, content_production, creative_coding or generative_ai",
    ),
    (
        {
            "kind": "cluster_programme",
            "amount": None,
            "months": None,
            "region_cost": "1",
            "demand": "2",
            "eligible": "{statuses: [owner]}",
        },
        "eligible",
        "conditions on people in a cluster_programme, for which nobody applies; write regions only",
    ),
    (
        {"eligible": "all"},
        "eligible",
        "eligible is the text 'all'; write a mapping with any of career_below, "
        "career_from, income_below, occupations, statuses, regions, non_members, away_months",
    ),
)

#: (the mapping ``eligible``; column in it, from 0; message)
INELIGIBLE = (
    ("{career_bellow: 5}", 1, "unknown key 'career_bellow' in eligible; write career_below"),
    ("{career_below: -5}", 15, "career_below is -5; write a number from 0 to 100 years"),
    (
        "{career_below: 5 weeks}",
        15,
        "career_below has the unit 'weeks', not years; write 5, or 5 years if years is meant",
    ),
    (
        "{career_from: 5, career_below: 5 years}",
        0,
        "nobody has a career from 5 and below 5 years; write a career_from below career_below",
    ),
    ("{career_below: 0}", 0, "nobody has a career from 0 and below 0 years; write a career_from below career_below"),
    (
        "{income_below: 400 GBP/month}",
        15,
        "income_below has the unit 'GBP/month', not GBP/week; write 400, or 400 GBP/week if GBP/week is meant",
    ),
    ("{occupations: [designer, film_makr]}", 25, "occupation is the text 'film_makr'; write film_maker"),
    (
        "{occupations: [smith]}",
        15,
        "occupation is the text 'smith'; write designer, content_creator, film_maker, game_developer or other",
    ),
    (
        "{occupations: designer}",
        14,
        "occupations is the text 'designer'; write a list, such as [designer, content_creator]",
    ),
    ("{statuses: [freelancers]}", 12, "status is the text 'freelancers'; write freelancer"),
    ("{statuses: [owner, owner]}", 19, "status 'owner' a second time; name each once"),
    ("{statuses: []}", 11, "statuses is an empty list; write [freelancer, owner]"),
    ("{regions: [left_behind]}", 11, "no region or flag 'left_behind' is in this scenario; write left-behind"),
    (
        "{regions: [Atlantis]}",
        11,
        "no region or flag 'Atlantis' is in this scenario; "
        "write left-behind, other or the name of a region of this scenario",
    ),
    ("{regions: [5]}", 11, "a region is the number 5; write text, in quotes where it looks like a number or boolean"),
    ("{non_members: 1}", 14, "non_members is the number 1; write true or false"),
)


def _file(changes: dict[str, str | None]) -> tuple[str, dict[str, str]]:
    """Write a scenario whose one policy begins in line 6, and the place of each of its values."""
    entries = {key: value for key, value in {**BASE, **changes}.items() if value is not None}
    lines = [f"{'  - ' if k == 0 else '    '}{key}: {value}\n" for k, (key, value) in enumerate(entries.items())]
    places = {key: f"{6 + k}:{len(key) + 7}" for k, key in enumerate(entries)}
    return HEAD + REGIONS + "policies:\n" + "".join(lines), places


def test_refused(tmp_path: Path) -> None:
    found, expected = dict[str, list[str]](), dict[str, list[str]]()
    for changes, place, message in REFUSED:
        text, places = _file(changes)
        found[str(changes)] = refusals(tmp_path, text)
        expected[str(changes)] = [f"{places.get(place, place)}: {message}"]
    assert found == expected


def test_refused_conditions(tmp_path: Path) -> None:
    found = {eligible: refusals(tmp_path, _file({"eligible": eligible})[0]) for eligible, *_ in INELIGIBLE}
    assert found == {eligible: [f"11:{15 + column}: {message}"] for eligible, column, message in INELIGIBLE}


def test_an_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    text, _ = _file({"ammount": "3"})
    assert refusals(tmp_path, text) == ["11:5: unknown key 'ammount' in a policy; write amount"]


def test_a_name_serves_once(tmp_path: Path) -> None:
    one = "- {name: A, kind: voucher, amount: 1, months: 1, budget: 1}\n"
    assert refusals(tmp_path, f"{HEAD}{REGIONS}policies:\n  {one}  {one}") == [
        "7:5: a second policy called 'A'; give it a name of its own"
    ]


@pytest.mark.parametrize("written", ["vouchers", "{name: A}", "3", ""])
def test_policies_must_be_a_list(tmp_path: Path, written: str) -> None:
    (problem,) = refusals(tmp_path, f"{HEAD}{REGIONS}policies: {written}\n")
    assert problem.endswith("; write a list, such as - name: Vouchers")


def test_all_problems_of_a_policy_are_told_in_one_go(tmp_path: Path) -> None:
    text, _ = _file({"kind": "membership_subsidy", "months": None, "amount": None, "window": "3"})
    assert [problem.partition(";")[0] for problem in refusals(tmp_path, text)] == [
        "6:5: a membership_subsidy without months",
        "6:5: a membership_subsidy without share",
        "9:13: window with first-come awards",
    ]


def test_more_policies_than_draws_can_tell_apart(tmp_path: Path) -> None:
    lines = [f"  - {{name: p{k}, kind: voucher, amount: 1, months: 1, budget: 1}}\n" for k in range(65)]
    assert len(load(tmp_path, HEAD + REGIONS + "policies:\n" + "".join(lines[:64])).policies) == 64
    assert refusals(tmp_path, HEAD + REGIONS + "policies:\n" + "".join(lines)) == ["6:3: 65 policies; write at most 64"]


def test_a_region_called_like_the_other_flag_is_not_guessed_at(tmp_path: Path) -> None:
    policy, _ = _file({"eligible": "{regions: [other]}"})
    text = policy.replace("- like: other\n", "- {like: other, flag: left-behind}\n")
    assert refusals(tmp_path, text) == [
        "11:26: other is both a flag and the name of a region with another flag; give that region another name"
    ]


def test_a_region_is_looked_for_where_all_files_together_put_it(tmp_path: Path) -> None:
    policy, _ = _file({"eligible": "{regions: [Leeds]}"})
    leeds = "regions:\n  - {name: Leeds, like: other}\n"
    (tmp_path / "base.yaml").write_text(policy.replace(REGIONS, leeds), encoding="utf-8")
    assert load(tmp_path, "# q\nextends: base.yaml\n").policies[0].eligible.regions == ("Leeds",)
    (problem,) = refusals(tmp_path, "# q\nextends: base.yaml\n" + REGIONS)
    assert problem == (
        f"{tmp_path}/base.yaml:11:26: no region or flag 'Leeds' is in this scenario; "
        "write left-behind, other or the name of a region of this scenario"
    )
