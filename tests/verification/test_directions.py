"""The battery of directions: what its parts say, three of the cheapest in every check, all of them in the soak."""

from __future__ import annotations

import math

import pytest
from documents import PROJECT, text_of

from pcqa_sim.interventions.adjust import Adjust
from pcqa_sim.study.statistics.intervals import ConfidenceInterval
from pcqa_sim.verification import pairs
from pcqa_sim.verification.directions import DIRECTIONS
from pcqa_sim.verification.pairs import Direction, Measure, Seen, table, try_out

FEWER, MORE = ConfidenceInterval(-2.0, -3.0, -1.0, 4), ConfidenceInterval(2.0, 1.0, 3.0, 4)
UNCLEAR = ConfidenceInterval(1.0, -0.5, 2.5, 4)
QUICK = ("one call handler more", "calls that take half as long", "an online form")
SMALL = ("practice=average", "practice.list_size=3000", "run.warm_up_weeks=0", "run.measured_weeks=2")


@pytest.mark.soak
@pytest.mark.parametrize("direction", DIRECTIONS, ids=lambda direction: direction.change)
def test_direction(direction: Direction) -> None:
    """Each goes as expected, and one that is said to be wrongly expected does not."""
    found = try_out(direction)
    assert all(seen.holds for seen in found) is not bool(direction.wrong), found


@pytest.mark.slow
@pytest.mark.parametrize("beginning", QUICK)
def test_the_cheapest_directions_hold_in_a_small_practice(beginning: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "PRACTICE", SMALL)
    direction = next(one for one in DIRECTIONS if one.change.startswith(beginning))
    found = try_out(direction, replications=4)
    assert all(seen.holds for seen in found), found


def test_every_direction_changes_something_and_measures_what_there_is() -> None:
    assert len(DIRECTIONS) >= 24
    assert len({direction.change for direction in DIRECTIONS}) == len(DIRECTIONS)
    for direction in DIRECTIONS:
        assert direction.before.hash() != direction.after.hash(), direction.change
        assert all(measure.words for measure in direction.measures)


@pytest.mark.parametrize(
    ("way", "apart", "holds"),
    [
        ("falls", FEWER, True),
        ("falls", MORE, False),
        ("falls", UNCLEAR, False),
        ("rises", MORE, True),
        ("rises", FEWER, False),
        ("rises", UNCLEAR, False),
        ("rises", ConfidenceInterval(1.0, math.nan, math.nan, 1), False),
    ],
)
def test_a_direction_holds_where_the_whole_interval_is_on_its_side(
    way: pairs.Way, apart: ConfidenceInterval, holds: bool
) -> None:
    assert Seen(Measure(way, "failure_share"), 0.2, 0.3, apart).holds is holds


def test_a_row_says_what_changed_by_how_much_and_whether_that_was_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Seen(Measure("falls", "missed_share"), 0.1, 0.08, ConfidenceInterval(-0.02, -0.03, -0.01, 4))
    other = Seen(Measure("rises", "answered_wait_min"), 1.5, 1.5, ConfidenceInterval(0.0, -0.1, 0.1, 4))
    monkeypatch.setattr(pairs, "try_out", lambda *_: [seen, other])
    one = Direction("a change", "what is expected", (seen.measure, other.measure), wrong="why")
    rows = list(table([one]))[2:]
    assert rows == [
        "| a change | what is expected | missed | 10.0 % -> 8.0 %: -2.0 points (-3.0 to -1.0) | holds |",
        "| | | mean wait of answered calls, minutes | 1.50 -> 1.50: +0.00 (-0.10 to +0.10) | **does not hold**: why |",
    ]


def test_what_was_run_once_is_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Direction("no change", "none", (), (Adjust.zero(),), SMALL)
    first = pairs.measured(one.before, 0)
    monkeypatch.setattr(pairs, "simulate", None)
    assert pairs.measured(one.before, 0) is first


def test_the_document_has_every_direction_in_its_order() -> None:
    text = text_of(PROJECT / "docs" / "validation.md")
    rows = text.partition("<!-- directions -->")[2].partition("<!-- end of the directions -->")[0].splitlines()[3:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows if not row.startswith("| |")] == [
        direction.change for direction in DIRECTIONS
    ]
    assert len(rows) == sum(len(direction.measures) for direction in DIRECTIONS)
