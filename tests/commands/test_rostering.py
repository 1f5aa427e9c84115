"""`pcqa size --by-half-hour rota.phone`: which half hour needs whom, asked, told, kept and gone on with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from commandline import pcqa

from pcqa_sim.commands import rostering
from pcqa_sim.commands.size import SizeRequest
from pcqa_sim.values.faults import BadInput

pytestmark = pytest.mark.usefixtures("elsewhere")
TINY = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1")
BY_HALF_HOUR = ("--by-half-hour", "rota.phone")
TARGET = "answered_within_2_min_share>=0.9"


def understood(*overrides: str) -> rostering.Understood:
    return rostering.understood(SizeRequest(TARGET, [], reps=5, by_half_hour="rota.phone"), overrides, None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--target", TARGET, "--by-half-hour", "rota.desk"], "did you mean rota.phone?"),
        (["--target", TARGET, *BY_HALF_HOUR, "--vary", "phones.lines=3..5"], "leave --vary and --cost out"),
        (["--target", TARGET, *BY_HALF_HOUR, "--headroom", "gp"], "another question than --headroom"),
        (["--target", "told_another_day_share<=0.1", *BY_HALF_HOUR], "one of answered_within_2_min_share"),
        (["--target", TARGET, *BY_HALF_HOUR, "rota.phone.tuesday_friday='0 from 8 to 9'", "rota.phone.monday='0'",
          "rota.phone.first_days=null"], "nobody answers calls"),
        (["--target", TARGET, *BY_HALF_HOUR, "intervention=[more_call_handlers]"], "changes who answers calls as well"),
        ([*BY_HALF_HOUR], "--target: is needed"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], elsewhere: Path
) -> None:
    assert pcqa("size", "practice=small", *words) == 2
    assert said in capsys.readouterr().err
    assert not list(elsewhere.iterdir())


def test_days_that_are_named_have_rosters_of_their_own() -> None:
    found = understood("practice=small", "rota.phone.wednesday='1 from 8 to 12'")
    assert rostering.sorts_of(found.practice) == {"monday": (0,), "tuesday_friday": (1, 3, 4), "wednesday": (2,)}
    assert set(found.now) == {"monday", "tuesday_friday", "wednesday"}
    assert sum(found.now["wednesday"]) == 8
    rosters = dict(found.now) | {"monday": (*(0,) * 16, *(3,) * 8, *(0,) * 24)}
    practice = rostering.scenario_at(found, rosters).practices["practice"]
    assert rostering.rosters_of(practice) == rosters
    assert practice.rota.phone.of_weekday(3, first=True) == practice.rota.phone.of_weekday(0)


def test_what_was_said_of_the_rota_gives_way_to_what_is_tried() -> None:
    said = "rota.phone.monday='2, 3 from 8 to 10'"
    found = understood("practice=small", "rota.phone.first_days=null", said, "phones.lines=5")
    overrides = found.overrides_at(found.now)
    assert said not in overrides
    assert "phones.lines=5" in overrides
    assert len({one.partition("=")[0] for one in overrides}) == len(overrides)


def test_a_network_has_no_one_rota() -> None:
    with pytest.raises(BadInput, match="for one practice alone"):
        understood("network.members={north:['practice=small'],south:['practice=small']}")


@pytest.mark.slow
def test_it_answers_writes_and_goes_on(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    words = ("size", *TINY, "--target", TARGET, *BY_HALF_HOUR, "--workers", "1", "--out", "r")
    assert pcqa(*words) == 0
    told = capsys.readouterr().out
    said = " ".join(told.split())
    assert f"Which half hour needs whom? ({TARGET}, in each half hour)" in said
    assert "hours of call handlers a week; now there are" in said
    table = pd.read_csv(elsewhere / "r" / "half-hours.csv")
    assert list(table.columns) == ["days", "from", "calls", "now", "now_result", "needs", "result", "low", "high"]
    assert set(table["days"]) == {"monday", "tuesday_friday"}
    assert len(table) == 2 * 21
    assert table["needs"].min() >= 1
    assert (elsewhere / "r" / "figures" / "half-hours.png").read_bytes().startswith(b"\x89PNG")
    assert "people needed" in (elsewhere / "r" / "report.html").read_text(encoding="utf-8")
    record = json.loads((elsewhere / "r" / "run.json").read_text())
    assert (record["kind"], record["parameters"]["by_half_hour"]) == ("size", "rota.phone")
    metrics = pd.read_parquet(elsewhere / "r" / "metrics.parquet")
    assert set(metrics["scenario"]) <= set(record["overrides"])
    assert pcqa("size", "--resume", "--out", "r") == 0
    assert _answers(capsys.readouterr().out.split("\n")) == _answers(told.split("\n"))


def _answers(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line.startswith("  ") and "report" not in line]
