from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from shortruns import composed

from pcqa_sim.report.changetable import WORDS_WIDE, change, digits, fitting, is_clear, line, value
from pcqa_sim.report.comparison import MOST_CHANGES, NOTHING, compared, judged, pairing
from pcqa_sim.report.names import of_group
from pcqa_sim.results.metrics.themes import AIMS_HEADING, SAFETY
from pcqa_sim.study.methods.pair import DECLARED, EXPLORATORY, Comparison, compare
from pcqa_sim.study.methods.settling import Drift, Settling

QUICK = ("practice=small", "run=quick", "practice.list_size=1000")
HANDLERS, DIGITAL = "intervention=[more_call_handlers]", "triage=total_digital"


def difference(low: float, high: float, base: float, verdict: str = "better", share: bool = False) -> dict[str, Any]:
    """One difference, in the middle of its interval."""
    mean = (low + high) / 2
    unit = "share of calls" if share else "contacts per working day"
    sides = {"unit": unit, "base": base, "other_mean": base + mean, "difference": mean, "low": low, "high": high}
    return sides | {"verdict": verdict, "family": DECLARED, "p": 0.01, "p_holm": 0.01, "metric": "m", "group": ""}


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    changes = {"handlers": HANDLERS, "digital": DIGITAL, "dear": "community.self_care.gbp_per_session=5000"}
    others = {name: composed(*QUICK, change) for name, change in changes.items()} | {"nothing": composed(*QUICK)}
    return compare(composed(*QUICK), others, 5, workers=1)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (difference(-24, -14, 68), "-19 (-24 to -14)"),
        (difference(14, 24, 1068, "worse"), "+19 (14 to 24)"),
        (difference(-1.4, -0.6, 68), "-1.0 (-1.4 to -0.6)"),
        (difference(-2.2, -0.2, 68), "-1.2 (-2.2 to -0.2)"),
        (difference(-0.3, 0.4, 68, "no clear difference"), "+0.1 (-0.3 to +0.4)"),
        (difference(-0.024, -0.018, 0.097, share=True), "-2.1 points (-2.4 to -1.8)"),
        (difference(-0.05, -0.03, 0.81, share=True), "-4.0 points (-5.0 to -3.0)"),
        (difference(0, 0, 68, "no clear difference"), "none at all"),
    ],
)
def test_a_change_with_its_interval(row: dict[str, Any], said: str) -> None:
    assert change(row) == said


def test_an_end_of_a_clear_interval_is_never_printed_as_zero() -> None:
    assert change(difference(-38, -0.04, 68)) == "-19.02 (-38.00 to -0.04)"
    assert change(difference(0.0005, 0.2, 0.5, share=True)) == "+10.0 points (0.1 to 20.0)"


def test_both_sides_are_read_with_the_decimals_of_the_change() -> None:
    row = difference(-1.4, -0.6, 1068)
    assert (digits(row), value(row, "base"), value(row, "other_mean")) == (1, "1,068.0", "1,067.0")
    assert value(difference(-0.05, -0.03, 0.81, share=True), "base") == "81.0 %"


def test_two_sides_never_run_into_one_another() -> None:
    row = difference(0.01, 144.9, 7994.86)
    assert (digits(row), value(row, "base"), value(row, "other_mean")) == (2, "7,994.9", "8,067.3")
    assert "7,994.9 8,067.3  +72.45 (0.01 to 144.90)" in line("everything", row)
    assert value(difference(0.01, 144.9, 123_456_789), "base") == "123,456,789"


@pytest.mark.parametrize(
    ("verdict", "low", "said"),
    [
        ("better", -24, "better"),
        ("worse", -24, "WORSE"),
        ("no clear difference", -24, "not clear"),
        ("no clear difference", 24, ""),
        ("too few pairs", -24, "too few pairs"),
        ("not settled", -24, "not settled"),
    ],
)
def test_a_line_ends_with_its_verdict(verdict: str, low: float, said: str) -> None:
    """What its own interval would call clear, and Holm's rule does not, is said to be not clear."""
    high = -14 if low < 0 else low
    low = low if low < 0 else -14
    words = line("people a day told to call another day", difference(low, high, 68, verdict))
    assert words.endswith(said or ")")
    assert words.startswith("  people a day told to call another day  ")


def test_long_words_are_cut_between_words() -> None:
    assert fitting("a " * 40, WORDS_WIDE).endswith(" ...")
    assert len(fitting("a " * 40, WORDS_WIDE)) <= WORDS_WIDE


def test_what_is_explored_is_clear_only_among_all_that_was_looked_at() -> None:
    row = difference(-24, -14, 68)
    assert is_clear(row)
    assert is_clear(row | {"family": EXPLORATORY})
    assert not is_clear(row | {"family": EXPLORATORY, "p_holm": 0.2})
    assert not is_clear(row | {"verdict": "not settled"})


@pytest.mark.parametrize(
    ("ratios", "said"),
    [
        ([0.1, 0.14, 0.6], "about 7 times as many runs"),
        ([0.001], "more than 100 times as many runs"),
        ([0.9, 1.1], "helped little here"),
        ([0.0, 0.0], "exactly the same"),
        ([float("nan"), 0.5], "about 2 times as many runs"),
        ([], "exactly the same"),
    ],
)
def test_how_much_the_pairing_helped(ratios: list[float], said: str) -> None:
    assert said in pairing({f"metric {at}": ratio for at, ratio in enumerate(ratios)})


def test_how_many_are_clear_is_said_by_family() -> None:
    said = judged(
        {
            "harms and aims": [True, False, True],
            "other measures above": [False, False],
            "aims": [True, True],
            "nobody's": [],
        }
    )
    assert said == (
        "Clear of chance, each family judged together (Holm, 5 %): "
        "2 of 3 harms and aims, none of 2 other measures above, all 2 aims."
    )
    assert judged({}) == "Nothing can be compared."


def test_harms_stand_first_then_what_the_change_was_for(comparison: Comparison) -> None:
    found = compared(comparison, "handlers", "practice")
    assert found.changes == ("rota.extra_call_handlers: 0 -> 1",)
    assert [block.heading for block in found.blocks][:2] == [SAFETY.heading, AIMS_HEADING]
    told = [one.partition("  ")[0] for one in (text.strip() for text in found.blocks[0].lines)]
    harms = [entry.words for entry in SAFETY.entries]
    assert len(harms) == 8
    for name, harm in zip(told, harms, strict=False):  # long names are cut short
        assert harm.startswith(name.removesuffix(" ..."))
    assert any(text.startswith("  calls that are missed") for text in found.blocks[1].lines)
    assert found.short[0].startswith(("Harm: ", "HARM: "))
    assert "nan" not in "".join(text for block in found.blocks for text in block.lines)


def test_another_access_model_is_one_change(comparison: Comparison) -> None:
    found = compared(comparison, "digital", "practice")
    assert len(found.changes) == 1
    assert found.changes[0].startswith("triage.kind: reception_led -> total_digital, with ")
    headings = " ".join(block.heading for block in found.blocks)
    assert "Staff time" in headings
    assert "Cost" in headings
    assert "exploratory" in headings


def test_a_line_fits_the_page(comparison: Comparison) -> None:
    for name in ("handlers", "digital"):
        for block in compared(comparison, name, "practice").blocks:
            assert all(len(text) <= 98 for text in block.lines), block.heading


def test_the_same_scenario_is_said_to_be_the_same(comparison: Comparison) -> None:
    found = compared(comparison, "nothing", "practice")
    assert found.changes == ("nothing",)
    assert (found.short, found.blocks) == ((NOTHING,), ())
    assert any("exactly the same" in note for note in found.notes)


def test_fewer_than_five_pairs_have_no_verdict(comparison: Comparison) -> None:
    few = Comparison(
        type(comparison.base)(comparison.base.scenario, comparison.base.units[:4]),
        {name: type(one)(one.scenario, one.units[:4]) for name, one in comparison.others.items()},
    )
    found = compared(few, "digital", "practice")
    assert found.short == ("No verdict: 4 pairs of runs are too few, at least 5 are needed (--reps).",)
    lines = [text for block in found.blocks for text in block.lines]
    assert not [text for text in lines if text.endswith(("better", "WORSE", "changed"))]
    assert any(text.endswith("too few pairs") for text in lines)


def test_a_side_that_does_not_settle_is_named_and_nothing_is_clear(comparison: Comparison) -> None:
    drift = Drift("practice", "paperwork_waiting_min", 187, 3636, True, "role=pharmacist")
    unsettled = Comparison(comparison.base, {"digital": comparison.others["digital"]})
    vars(unsettled)["base_settling"] = Settling(1, None, "", False, (), False)
    vars(unsettled)["settlings"] = {"digital": Settling(1, None, "", False, (drift,), False)}
    found = compared(unsettled, "digital", "practice")
    assert found.short[0].startswith("NOTHING IS CLEAR")
    assert found.notes[0] == (
        "Settled? Before: yes. After: NO: clinical pharmacist: paperwork waiting at the end of the day "
        "(paperwork_waiting_min) still rises, from 187 to 3,636 minutes."
    )
    lines = [text for block in found.blocks for text in block.lines]
    assert not [text for text in lines if text.endswith(("better", "WORSE", "changed"))]


@pytest.mark.slow
def test_many_changes_are_cut_short() -> None:
    others = {"perfect": composed("practice=small", "experiment=perfect_service")}
    found = compared(compare(composed(*QUICK[:2], "calendar=always_open"), others, 5, workers=1), "perfect", "practice")
    assert len(found.changes) == MOST_CHANGES + 1
    assert "settings more: see the files in scenarios/" in found.changes[-1]


def test_bands_of_seconds_are_called_what_they_are() -> None:
    practice = composed(*QUICK).practices["practice"]
    assert [of_group(f"band={band}", practice) for band in ("0_30", "300_up")] == [
        "0 to 30 seconds",
        "over 300 seconds",
    ]


def test_what_changes_clearly_and_is_neither_better_nor_worse_is_said_too(comparison: Comparison) -> None:
    """Dear advice: nobody is better or worse off, and it costs more."""
    before, after = (
        comparison.of("dear", "practice")
        .set_index(["metric", "group"])
        .loc[("cost_gbp_per_working_day", ""), ["base", "other_mean"]]
    )
    said = compared(comparison, "dear", "practice").short
    assert said[1] == "Nothing that was looked at is clearly better."
    assert said[2] == f"Changed: everything, pounds a day {before:,.0f} -> {after:,.0f}."
    assert not any("Changed" in one for one in compared(comparison, "nothing", "practice").short)


def test_what_a_change_was_for_is_told_with_words_and_row(comparison: Comparison) -> None:
    words = [words for words, _ in compared(comparison, "dear", "practice").wanted]
    assert words == ["met in the community, per 1,000 a week", "days waited for a place there",
                     "appointments a day per 1,000: GP"]  # fmt: skip


def test_what_an_intervention_rests_on_is_told_beside_how_sure_it_is(comparison: Comparison) -> None:
    told = replace(comparison, rests={"dear": ["What ai scribe rests on: less share 0.3 (share; assumption: any)."]})
    assert told.rests["dear"][0] in compared(told, "dear", "practice").notes
    assert told.rests["dear"][0] not in compared(told, "handlers", "practice").notes
