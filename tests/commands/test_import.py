"""`pcqa import` at the command: which simulated weeks a practice's days are laid beside, and what --accept lets in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from commandline import pcqa

from pcqa_sim.commands import importing
from pcqa_sim.commands.compare import others_of
from pcqa_sim.commands.options import scenario_of
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods import replicate as replicating
from pcqa_sim.values.faults import BadInput

HEADER = "PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS"


@dataclass(frozen=True)
class Told:
    """A study that says how many calls each weekday has."""

    metrics: pd.DataFrame


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PCQA_CONFIG_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("date", [dt.date(2026, 4, 15), dt.date(2026, 12, 16), dt.date(2026, 6, 1)])
def test_the_simulated_weeks_lie_around_the_date_and_have_no_closures(
    date: dt.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[Scenario] = []

    def told(scenario: Scenario, replications: int, seed: int, workers: int) -> Told:
        ran.append(scenario)
        days = ("mon", "tue", "wed", "thu", "fri")
        rows = [("all", "calls_by_weekday", f"weekday={day}", 10.0 * at) for at, day in enumerate(days)]
        other = [("w9", "calls_by_weekday", "weekday=mon", 99.0), ("all", "missed_share", "", 99.0)]
        return Told(pd.DataFrame([*rows, *other], columns=["period", "metric", "group", "value"]))

    monkeypatch.setattr(replicating, "replicate", told)
    assert importing._simulated_week_for(4321, date)(1.5) == [0.0, 10.0, 20.0, 30.0, 40.0]
    (scenario,) = ran
    (practice,) = scenario.practices.values()
    assert (practice.list_size, practice.demand_level) == (4321, 1.5)
    calendar = scenario.calendar.working()
    day = (date - calendar.start).days
    first = scenario.run.warm_up_weeks * 7
    assert first < day < scenario.weeks * 7
    assert abs(day - (first + scenario.weeks * 7) / 2) <= 7
    assert all(calendar.hours_of(at) is not None for at in range(scenario.weeks * 7) if at % 7 < 5)


def test_a_register_of_three_people_is_asked_about(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = elsewhere / "register.csv"
    path.write_text(
        f"\ufeff{HEADER}\r\nX,01APR2026,GP,00X,E38,A00001,XX1 1XX,ALL,ALL,3\r\n", encoding="utf-8", newline=""
    )
    words = ("import", "register", str(path), "--practice", "A00001")
    assert pcqa(*words) == 2
    assert "3 people: fewer than 500 registered" in capsys.readouterr().err
    assert pcqa(*words, "--accept") == 0
    assert "list_size: 3 " in (elsewhere / "pcqa_conf" / "practice" / "a00001.yaml").read_text()


def test_each_with_is_a_list_of_its_own() -> None:
    overrides = ["practice=small", "phones.lines=4"]
    found = others_of(scenario_of(overrides, None), overrides, ["phones.lines=8"], None)["phones.lines=8"]
    assert found.practices["practice"].phones.lines == 8
    with pytest.raises(BadInput, match=r'phones\.lines=9": phones\.lines: 8 and 9: is given twice'):
        others_of(scenario_of(overrides, None), overrides, ["phones.lines=8 phones.lines=9"], None)


def test_a_key_given_twice_at_a_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("show", "phones.lines=4", "phones.lines=8") == 2
    assert capsys.readouterr().err.startswith("phones.lines: 4 and 8: is given twice")
