"""The rules of wording: held by every report, and seen to be broken when they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coworksim.appraisal.estimates import Estimate
from coworksim.appraisal.result import Appraisal
from coworksim.report.html import headline, report, tables
from coworksim.report.sentences.appraisal_text import effect
from coworksim.report.sentences.estimates_in_words import Fact, Name, figure, says
from coworksim.report.sentences.value_for_money import verdicts
from tests.report.html.made import made, names, plain
from tests.report.html.walk import breaches, digits, walked

pytestmark = pytest.mark.usefixtures("undrawn")

finite = st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: 0.0 if abs(x) < 1e-9 else x)
texts = st.text(min_size=1, max_size=30).filter(lambda text: text.strip() != "")


@given(finite)
def test_a_number_has_at_most_three_figures_and_is_near(value: float) -> None:
    shown = figure(value)
    assert digits(shown) <= 3
    back = float(shown.replace(",", "").replace("−", "-"))
    assert back == pytest.approx(value, rel=0.006)


@pytest.mark.parametrize("words", ["in 12 worlds", "twice (½)", "²"])
def test_words_with_a_number_are_refused(words: str) -> None:
    if any(sign.isdigit() for sign in words):
        with pytest.raises(ValueError, match="among the words"):
            says(words)


@st.composite
def sources(draw: st.DrawFn) -> Appraisal:
    """Comparisons with any numbers, intervals and names."""
    arms = tuple(draw(st.lists(texts, min_size=1, max_size=3, unique=True)))
    known = {}
    for arm in arms:
        shift, width = draw(finite), draw(st.floats(0, 1e6))
        gone = draw(st.sets(st.sampled_from(names()), max_size=6))
        alone = draw(st.booleans())
        for at, name in enumerate(names()):
            value = shift / (1 + at % 7)
            ends = (None, None) if alone else (value - width, value + width)
            known[arm, name] = (None, None, None) if name in gone else (value, *ends)
    return made(arms, lambda arm, name: known[arm, name], title=draw(texts))


@pytest.mark.slow
@settings(max_examples=12)
@given(sources())
@example(made(("half", "12 <b>"), title="2 & 3 < 4"))
@example(made(numbers=lambda arm, name: (0.0, 0.0, 0.0)))
def test_every_sentence_and_cell_keeps_the_rules(source: Appraisal) -> None:
    found = breaches(report(source))
    assert not found, found[:5]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>It is 12 people.</p>", "a bare number"),
        ('<p><span class="est">12 people</span></p>', "without its interval"),
        ('<p><span class="est">1,234 GBP (1 to 2)</span></p>', "more than three figures"),
        ('<section id="gains"><td><span class="fact">12 people</span></td></section>', "no estimate"),
        ("<p>A significant effect.</p>", "counts, please"),
        ("<p>The voucher brings members.</p>", "a cause without"),
        ('<p><img alt="a chart"></p>', "a picture without words"),
    ],
)
def test_a_breach_is_noticed(text: str, said: str) -> None:
    found = breaches(text)
    assert len(found) == 1, found
    assert said in found[0]


def _zero_within(arm: str, name: str) -> tuple[float | None, float | None, float | None]:
    return 2.0, -1.0, 5.0


def test_no_cost_per_effect_stands_where_the_interval_of_the_effect_includes_zero() -> None:
    source = made(numbers=_zero_within)
    said = [row[1].plain() for row in tables.appraisal_table(source).rows if row[0].plain().startswith("Cost per")]
    assert len(said) == 3
    assert all(text.startswith("not given: the interval") for text in said)
    text = report(source)
    assert "no clear change in membership" in text
    assert not re.search(r"Net public cost of [^.]*<b>", text)
    clear = made()
    assert re.search(r"Net public cost of [^.]*<b>", report(clear))


def test_names_from_files_stay_text() -> None:
    hostile = ('<script>alert("x")</script>', '"><img src=x onerror=y>')
    walk = walked(report(made(hostile, title="</title><script>z</script>")))
    assert "script" not in walk.tags
    assert not {name for name in walk.attributes if name.startswith("on")}
    assert any('<script>alert("x")</script>' in block for block in walk.blocks)


def test_a_failed_check_is_told_at_the_top() -> None:
    def broken(arm: str, name: str) -> tuple[float | None, float | None, float | None]:
        return (5.0, 4.0, 6.0) if not name.startswith("balance | space") else (0.0, 0.0, 0.0)

    lines = [
        line.plain() for line in headline.status(made(numbers=broken, about={"failed": ["replicate 3: it broke"]}))
    ]
    assert any("Failed: not so that the money of all accounts adds up" in line for line in lines)
    assert any("Failed: not so that no world failed" in line for line in lines)


def test_worlds_are_counted() -> None:
    lines = " ".join(line.plain() for line in headline.headlines(made(), "half"))
    assert "more membership in 5 of 5" in lines


def test_the_first_sentence_says_whether_it_pays_and_whether_anybody_uses_it() -> None:
    def numbers(arm: str, name: str) -> tuple[float | None, float | None, float | None]:
        found = {
            "social_value_gbp": (-9.0, -12.0, -6.0),
            "net_benefit_skill_total": (5.0, 1.0, 9.0),
            "eligible_people": (60.0, 55.0, 65.0),
            "recipients": (0.5, 0.2, 0.8),
        }
        return found.get(name) or plain(arm, name)

    told = headline.headlines(made(numbers=numbers), "half")[0].plain()
    assert told.startswith(
        "Does half pay, in this model? Hardly anybody uses it. It does not pay in money alone; it does if"
    )
    assert "hands): −9 GBP (−12 to −6)" in told
    assert "supported: 0.5 people (0.2 to 0.8) in a world, so that it all hangs on a few people" in told


def test_each_arm_has_a_line_and_money_that_is_gone_or_apart_is_told() -> None:
    told = {
        ("one", "public_cost_gbp"): 100.0,
        ("two", "public_cost_gbp"): 200.0,
        ("one", "budget_gbp"): 100.0,
        ("one", "underspend_gbp"): 1.0,
        ("one", "last_paid_week"): 5.0,
        ("two", "underspend_gbp"): 90.0,
        ("two", "budget_gbp"): 100.0,
    }

    def numbers(arm: str, name: str) -> tuple[float | None, float | None, float | None]:
        found = told.get((arm, name))
        return plain(arm, name) if found is None else (found, found, found)

    one, two, apart = (line.plain() for line in verdicts(made(("one", "two"), numbers)))
    assert one.startswith("one: It pays: in money alone")
    assert "Net public cost: 100 GBP (in every world)" in one
    assert one.endswith("is spent after 5 weeks (in every world) of the 26 for which it was meant.")
    assert "is spent after" not in two
    assert apart.startswith("They cost different sums")


def test_cards_of_a_policy_for_spaces_speak_of_no_applicants() -> None:
    def numbers(arm: str, name: str) -> tuple[float | None, float | None, float | None]:
        nothing = name in ("eligible_people", "recipients", "support_gbp", "deadweight_gbp")
        return (0.0, 0.0, 0.0) if nothing else plain(arm, name)

    first, _, _, last = headline.cards(made(numbers=numbers), "half")
    assert first[2][0].plain() == "Nobody applies for it: it acts on spaces and regions."
    assert last[1].plain() == "none: no membership is paid for"
    assert [note.plain()[:21] for note in last[2]] == ["Membership of others:"]


def test_two_skills_share_the_reason_why_they_have_no_price_and_never_a_price() -> None:
    prices = [f"public_cost_per_{family}_total_sd_years" for family in ("td", "sc")]

    def told(**known: tuple[float | None, float | None, float | None]) -> list[str]:
        _, skill, *_ = headline.cards(made(numbers=lambda arm, name: known.get(name, plain(arm, name))), "half")
        return [note.plain().split(":")[0] for note in skill[2]]

    apart = ["SC", "Cost of an sd-year of TD skill", "Cost of an sd-year of SC skill"]
    none, one, other = (None, None, None), (10.0, 5.0, 15.0), (20.0, 10.0, 30.0)
    nothing = {f"{family}_total_sd_years": (0.0, 0.0, 0.0) for family in ("td", "sc")}
    assert told(**dict.fromkeys(prices, none), **nothing) == ["SC", "Cost of an sd-year of either"]
    assert told(**dict(zip(prices, (one, other), strict=True))) == apart
    assert told(**dict(zip(prices, (one, one), strict=True))) == apart
    del nothing["td_total_sd_years"]
    assert told(**dict(zip(prices, (one, none), strict=True)), **nothing) == apart


def test_an_effect_in_few_worlds_is_no_more_and_no_less() -> None:
    found = Estimate(1.0, 0.1, 1.9, "member-months", 5)
    assert says(*effect(found, "membership", [0.0, 0.0, 0.0, 1.0, 4.0])).plain() == (
        "a change in membership in 2 of 5 worlds only: 1 member-months (0.1 to 1.9)"
    )
    assert says(*effect(found, "membership", [0.0, 0.0, 3.0, 1.0, 4.0])).plain().startswith("more membership")


def test_displacement_is_told_as_what_others_have_more_or_less() -> None:
    table = tables.appraisal_table(made())
    rows = {row[0].plain(): row[1].plain() for row in table.rows if len(row) == 2}
    value = plain("half", "displaced_net_member_months")[0]
    assert value is not None
    assert rows["Membership of people without support"].startswith(f"−{value:g} member-months")


def test_estimates_say_when_there_is_no_interval() -> None:
    assert says(Estimate(3.0, 3.0, 3.0, "people", 4)).plain() == "3 people (in every world)"
    alone = Estimate(3.0, float("nan"), float("nan"), "people", 1)
    assert says(alone).plain() == "3 people (one world, no interval)"
    assert says(Name("<b>"), Fact("2")).__html__() == '<span class="name">&lt;b&gt;</span><span class="fact">2</span>'
