"""The log as other programs read it: nothing is lost, times are times, and no cell is a formula."""

from __future__ import annotations

import warnings
from datetime import date
from typing import Any

import pandas as pd
import pytest
from shortruns import run_of

from pcqa_sim.report.activities import ACTIVITIES, BEGINS, activities, steps
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.eventrows import ORDER

FIRST_DAY = date(2026, 1, 5)
QUICK = ("practice=small", "practice.list_size=1500", "run.warm_up_weeks=0", "run.measured_weeks=1")
COLUMNS = [*ORDER]


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of(*QUICK)


@pytest.fixture(scope="module")
def vidigi(run: Run) -> pd.DataFrame:
    return steps(run.events, "practice", 3)


def row(minute: float, need: int, event: str, who: str = "", code: str = "", amount: float = 0.0) -> dict[str, Any]:
    values = (minute, "practice", need // 10, need, 0, event, who, code, amount)
    return dict(zip(COLUMNS, values, strict=True))


def rows(*made: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(made))


STORY = rows(
    row(480.5, 11, log.NEED_AROSE, "patient", "acute_minor"),
    row(480.5, 11, log.CONTACT_OPENED, "phone", "new", -1),
    row(481.0, 11, log.ANSWERED, "call_handler"),
    row(481.5, 12, log.NEED_AROSE, "patient", "medication"),
    row(481.5, 12, log.CONTACT_OPENED, "phone", "new", -1),
    row(482.0, 12, log.ANSWERED, "call_handler"),
    row(483.0, 11, log.TALK_ENDED, "call_handler", amount=2.0),
    row(483.0, 11, log.BOOKED, "gp.2", "on_the_day.face_to_face", 57.0),
    row(484.0, 12, log.TALK_ENDED, "call_handler", amount=2.0),
    row(550.0, 11, log.CONSULT_ENDED, "gp.2", "resolved", 10.0),
    row(550.0, 11, log.NEED_CLOSED, "", "resolved"),
    row(600.0, -1, log.ROSTER, "call_handler", amount=2.0),
)


def test_a_story_is_a_case() -> None:
    found = activities(STORY, "practice", FIRST_DAY)
    mine = found[found["case"] == 11]
    assert list(mine["activity"]) == [
        "need arises", "contact by phone", "call answered", "call ends", "appointment booked", "consultation begins",
        "consultation ends", "need ends: resolved",
    ]  # fmt: skip
    times = list(mine["time"])
    assert times[0] == "2026-01-05T08:00:30"
    assert times[5] == "2026-01-05T09:00:00"
    assert list(mine["resource"]) == ["", "", "call_handler", "call_handler", "gp.2", "gp.2", "gp.2", ""]
    assert list(mine["detail"])[:2] == ["acute_minor", "new"]


def test_two_who_are_spoken_to_at_once_have_two_call_handlers() -> None:
    found = steps(STORY, "practice", 0)
    begun = found[found["event"] == "speaks to call_handler"]
    assert list(begun["resource_id"]) == [1, 2]
    assert list(begun["pathway"]) == ["acute_minor", "medication"]
    mine = found[found["entity_id"] == 11]
    assert list(mine["event_type"]) == [
        "arrival_departure", "queue", "resource_use", "resource_use_end", "queue", "resource_use", "resource_use_end",
        "arrival_departure",
    ]  # fmt: skip


def test_no_row_about_a_need_is_lost(run: Run) -> None:
    found = activities(run.events, "practice", FIRST_DAY)
    mine = run.events[(run.events["need"] >= 0) & run.events["event"].isin(list(ACTIVITIES))]
    seen = int((mine["event"] == log.CONSULT_ENDED).sum())
    assert len(found) == len(mine) + seen
    assert (found["activity"] == BEGINS).sum() == seen > 20
    assert list(found["time"]) == sorted(found["time"])
    assert found["case"].nunique() == mine["need"].nunique()


def test_events_about_a_person_are_activities_or_only_of_the_practice(run: Run) -> None:
    about_people = set(run.events.loc[run.events["need"] >= 0, "event"].astype(str))
    assert about_people - set(ACTIVITIES) <= {log.SLOT_CONVERTED, log.SQUEEZED}


def test_names_from_settings_are_no_formulas() -> None:
    story = STORY.replace({"gp.2": '=HYPERLINK("x").2', "acute_minor": "@SUM(1)"})
    for found in (activities(story, "practice", FIRST_DAY), steps(story, "practice", 0)):
        texts = [str(cell) for name in found for cell in found[name]]
        assert any("HYPERLINK" in cell for cell in texts)
        assert not [cell for cell in texts if cell.startswith(("=", "+", "-", "@"))]


def test_vidigi_takes_every_row_without_a_word(vidigi: pd.DataFrame) -> None:
    from vidigi.logging import BaseEvent, EventLogger

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for one in vidigi.to_dict("records"):
            BaseEvent(**{name: None if pd.isna(value) else value for name, value in one.items()})
        logger = EventLogger()
        logger.from_csv(vidigi)
        frames = logger.reshape_for_animations(every_x_time_units=240, limit_duration=1440)
    assert {"waits for the appointment", "arrival"} <= set(frames["event"])


def test_vidigi_counts_the_minutes_that_the_log_has(run: Run, vidigi: pd.DataFrame) -> None:
    from vidigi.analysis import resource_use_intervals

    spent = resource_use_intervals(vidigi)
    seen = run.events[run.events["event"] == log.CONSULT_ENDED]
    mine = spent[spent["event"].str.startswith("seen by")]
    assert len(mine) == len(seen)
    minutes = (mine["end"] - mine["start"]).sum()
    assert minutes == pytest.approx(seen["amount"].astype(float).sum(), rel=1e-4)
