"""`pcqa run`: replications until it is enough, and whether the practice had settled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from commandline import pcqa

from pcqa_sim.configuration import composing, keeping
from pcqa_sim.configuration.folders import Library
from pcqa_sim.study.methods import replicate as replicating

pytestmark = pytest.mark.usefixtures("elsewhere")
SMALL = ("practice=small", "practice.list_size=800", "run=quick", "--out", "out", "--workers", "1")


@pytest.mark.slow
def test_replications_until_it_is_enough(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    words = ("--reps", "auto", "--metric", "needs_per_working_day", "--half-width", "15%", "--most", "40")
    assert pcqa("run", *SMALL, *words) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Were there enough replications? Yes: from" in said
    assert "the half-width of needs_per_working_day was within 15 % of its mean, and 5 more confirmed it" in said
    metrics = pd.read_parquet(elsewhere / "out" / "metrics.parquet")
    assert f"with all {metrics['replication'].nunique()} it is" in said


def test_the_most_is_said_when_it_is_not_enough(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("run", *SMALL, "--reps", "auto", "--half-width", "0.0001", "--most", "6") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "NO: after 6 replications, the most allowed, the half-width of failure_share is" in said
    assert "not yet 0.0001; --most allows more" in said


def test_a_short_run_says_that_it_cannot_tell(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("run", *SMALL) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Had the practice settled before it was measured? Too short to tell" in said
    assert "Were there enough replications?" not in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--reps", "many"), "--reps: many: a whole number from 1 to 100,000, or auto"),
        (("--reps", "0"), "--reps: 0:"),
        (("--reps", "auto", "--metric", "mised_share"), "did you mean missed_share?"),
        (("--reps", "auto", "--half-width", "x"), "--half-width: x: above 0"),
        (("--reps", "auto", "--most", "3"), "--most"),
    ],
)
def test_bad_input_is_one_line(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str], elsewhere: Path
) -> None:
    assert pcqa("run", "practice=small", *words) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert out == ""
    assert list(elsewhere.iterdir()) == []


@pytest.mark.usefixtures("composed_afresh")
def test_a_run_composes_once_and_the_second_time_not_at_all(monkeypatch: pytest.MonkeyPatch, elsewhere: Path) -> None:
    """Besides the run's own settings, Hydra composes the default ones, from which the trust card tells what differs."""
    asked: list[tuple[str, ...]] = []
    composed = composing._composed

    def told(library: Library, options: Sequence[str]) -> tuple[dict[str, Any], dict[str, str]]:
        asked.append(tuple(options))
        return composed(library, options)

    monkeypatch.setattr(composing, "_composed", told)
    for folder in ("one", "two"):
        short = ("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=1")
        assert pcqa("run", *short, "--reps", "1", "--workers", "1", "--out", folder) == 0
        assert asked == [("practice=small",), ()]
        monkeypatch.setattr(keeping, "_memory", {})
    one, two = ((elsewhere / folder / "trust-card.md").read_text() for folder in ("one", "two"))
    assert one.replace("one`", "two`").split() == two.split()  # the command is told, wrapped where it may be


@pytest.mark.usefixtures("composed_afresh")
def test_the_trust_card_is_about_the_settings_of_the_run(monkeypatch: pytest.MonkeyPatch, elsewhere: Path) -> None:
    """Also where a settings file changes while the run goes on."""
    text = "defaults: [small@_here_, _self_]\nlist_size: %d\n"
    mine = elsewhere / "pcqa_conf" / "practice" / "mine.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text(text % 1234)
    simulate = replicating.replications_of

    def changing(*given: Any, **more: Any) -> replicating.Study:
        mine.write_text(text % 1900)
        return simulate(*given, **more)

    monkeypatch.setattr(replicating, "replications_of", changing)
    short = ("practice=mine", "run.warm_up_weeks=0", "run.measured_weeks=1")
    assert pcqa("run", *short, "--reps", "1", "--workers", "1", "--out", "out") == 0
    told = "".join((elsewhere / "out" / name).read_text() for name in ("trust-card.md", "stress-des.md"))
    assert "1,234" in told or "1234" in told
    assert "1,900" not in told
    assert "1900" not in told
