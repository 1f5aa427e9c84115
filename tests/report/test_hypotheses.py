"""Hypotheses: how an interval becomes a verdict, where one turns, and that each there is can be judged."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from commandline import pcqa
from shortruns import composed

from pcqa_sim.report.hypotheses import (
    DOES_NOT,
    HOLDS,
    PREFIX,
    UNCLEAR,
    Verdict,
    hypotheses,
    turns_at,
    verdict,
)
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval

CONFIGS = Path(__file__).parents[2] / "configs" / "experiment"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.04, 0.06, HOLDS), (0.01, 0.02, DOES_NOT), (0.02, 0.04, UNCLEAR), (0.03, 0.05, UNCLEAR), (0.03, 0.03, UNCLEAR)],
)
def test_a_verdict_takes_the_whole_interval(low: float, high: float, said: str) -> None:
    assert verdict(ConfidenceInterval((low + high) / 2, low, high, 5), 0.03) == said


def test_so_few_runs_tell_nothing_apart() -> None:
    assert verdict(ConfidenceInterval(0.9, 0.89, 0.91, 4), 0.03) == UNCLEAR
    assert verdict(interval([0.9]), 0.03) == UNCLEAR
    assert verdict(interval([math.nan] * 5), 0.03) == UNCLEAR


def test_it_turns_where_the_means_cross_the_bound_either_way() -> None:
    assert turns_at([1.0, 2.0, 3.0], [0.8, 0.9, 1.1], 1.0) == pytest.approx(2.5)
    assert turns_at([1.0, 2.0, 3.0], [1.2, 0.8, 0.7], 1.0) == pytest.approx(1.5)
    assert math.isnan(turns_at([1.0, 2.0], [0.8, 0.9], 1.0))
    assert turns_at([1.0, 2.0, 3.0], [0.8, math.nan, 1.2], 1.0) == pytest.approx(2.0)


def test_a_line_says_verdict_claim_number_and_bound() -> None:
    one = Verdict("Access is prime", DOES_NOT, ConfidenceInterval(-0.012, -0.02, -0.004, 5), 0.0)
    assert one.line() == "does not hold  Access is prime: -1.2 % (-2.0 to -0.4); it would hold above 0 %"
    of_what = replace(one, what="more needs met")
    assert (
        of_what.line()
        == "does not hold  Access is prime: more needs met -1.2 % (-2.0 to -0.4); it would hold above 0 %"
    )


@pytest.mark.parametrize("list_size", [2500, 10_000])
def test_no_practice_is_put_beside_itself(list_size: int) -> None:
    base = composed(f"practice.list_size={list_size}")
    (settings,) = hypotheses()["bigger_is_more_efficient"].arms_of(base).values()
    assert settings == (f"practice.list_size={list_size // 4}",)


def test_each_has_its_settings_and_each_settings_file_its_hypothesis() -> None:
    files = {path.stem.removeprefix(PREFIX) for path in CONFIGS.glob(f"{PREFIX}*.yaml")}
    assert files == set(hypotheses())
    assert len(files) >= 9


@pytest.mark.parametrize("name", list(hypotheses()))
def test_each_says_what_is_compared_measured_and_from_where_on_it_holds(name: str) -> None:
    known = hypotheses()[name]
    assert "Measured: " in known.definition
    assert "It holds" in known.definition
    assert known.definition.endswith(".")


@pytest.mark.slow
@pytest.mark.parametrize("name", list(hypotheses()))
def test_each_has_arms_and_turns_that_are_other_settings(name: str) -> None:
    known = hypotheses()[name]
    base = composed(f"experiment={PREFIX}{name}")
    for more in known.arms_of(base).values():
        assert composed(f"experiment={PREFIX}{name}", *more).hash() != base.hash()
    if known.turning is not None:
        changed = known.turning.settings(known.turning.amounts[-1])
        assert composed(f"experiment={PREFIX}{name}", *changed).hash() != base.hash()


def test_all_begin_from_one_base_which_is_run_once() -> None:
    assert len({composed(f"experiment={PREFIX}{name}").hash() for name in hypotheses()}) == 1


@pytest.mark.usefixtures("elsewhere")
def test_verdicts_are_told_kept_and_done_again(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tiny = ("practice=small", "practice.list_size=500", "run.warm_up_weeks=0", "run.measured_weeks=1")
    asked = ("--only", "not_enough_capacity,frequent_attenders_are_ill", "--workers", "1")
    assert pcqa("hypotheses", *tiny, *asked, "--reps", "2", "--out", "out") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "cannot be told apart We have not enough capacity: " in said
    assert "So few tell nothing apart" in said
    assert "## We have not enough capacity" in (elsewhere / "out" / "hypotheses.md").read_text()
    assert pcqa("hypotheses", "--resume", "--out", "out", "--reps", "5", "--workers", "1") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "does not hold Frequent attenders all have more than one chronic disease" in said
    assert pcqa("rerun", "out/run.json", "--workers", "1", "--out", "again") == 0
    assert "metrics.parquet: the same to the last byte" in capsys.readouterr().out


@pytest.mark.usefixtures("elsewhere")
def test_a_name_there_is_not_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("hypotheses", "--only", "access_is_prim") == 2
    assert "did you mean access_is_prime?" in capsys.readouterr().err
