"""Runs in which callbacks lapse and lines are open beyond the practice's hours: the log adds up, and tells of both."""

from __future__ import annotations

import numpy as np
import pytest
from shortruns import composed, run_of

from pcqa_sim.report.story import story
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WEEKDAYS
from pcqa_sim.values.needs import NOT_CALLED_BACK

SMALL = ("practice=small", "practice.list_size=1500", "run.warm_up_weeks=0", "run.measured_weeks=2")
LAPSE = (
    "phones.callback={offered_from_waiting: 0, accepted_share: 0.9, patience_mean_min: 40, lapses_at_closing: true}",
    "phones.talk.median_min=9",
    "phones.talk.wrap_up_min=20",
    "channels.after_failure=null",
)
# Enough calls on a Saturday for the lines to be seen open.
WEEK_OF_CALLS = (
    "demand.weekday_share={monday: 0.17, tuesday: 0.2, wednesday: 0.16, thursday: 0.16, friday: 0.16, saturday: 0.1, "
    "sunday: 0.05}"
)
EXTENDED = (
    "phones.extended_hours={tuesday: {opens: '06:00', closes: '08:00', call_handlers: 1}, "
    "saturday: {opens: '08:00', closes: '18:00', call_handlers: 1}}",
)


@pytest.fixture(scope="module")
def lapsing() -> Run:
    return run_of(*SMALL, *LAPSE)


def test_a_callback_not_made_is_a_failure_of_its_own_cause_and_most_call_again(lapsing: Run) -> None:
    tables = lapsing.counted["practice"].tables
    lapsed = tables.rows(log.CALLBACK_LAPSED)
    assert set(lapsed.code.distinct()) == {"closing", "impatient"}
    again = tables.contacts[tables.contacts["cause"] == NOT_CALLED_BACK]
    impatient = int((lapsed.code == "impatient").sum())
    assert len(again) > 0.7 * impatient > 5
    assert lapsing.value("failure_share_by_cause", f"cause={NOT_CALLED_BACK}") > 0
    assert lapsing.value("callback_made_share") < 1


def test_its_story_can_be_read(lapsing: Run) -> None:
    tables = lapsing.counted["practice"].tables
    need = int(tables.contacts.loc[tables.contacts["cause"] == NOT_CALLED_BACK, "need"].iloc[0])
    told = "\n".join(story(lapsing, need, "practice"))
    assert "for the callback and waits no longer." in told
    assert "the person was not called back and calls again" in told


def test_in_extended_hours_calls_are_answered_and_not_otherwise_outside_opening_hours() -> None:
    run = run_of(*SMALL, *EXTENDED, WEEK_OF_CALLS)
    hours = run.scenario.practices["practice"].phones.extended_hours
    rows = run.counted["practice"].tables.rows(log.ANSWERED)
    day, minute = rows.time // DAY % 7, rows.time % DAY
    early, saturday = (day == 1) & (minute < 480), day == 5
    assert early.sum() > 0
    assert saturday.sum() > 0
    assert minute[early].min() >= 360
    outside = ~saturday & ((minute < 480) | (minute > 1110))
    for weekday, at in zip(day[outside].astype(int).tolist(), minute[outside].tolist(), strict=True):
        here = hours[WEEKDAYS[weekday]]
        assert here.opens <= at < here.closes + 60  # who waits as the lines close is still answered
    plain = run_of(*SMALL).counted["practice"].tables.rows(log.ANSWERED)
    assert not np.isin(plain.time // DAY % 7, (5, 6)).any()


def test_a_day_whose_hours_are_null_has_no_extended_hours() -> None:
    without = "phones.extended_hours.saturday=null"
    for more, answered in (((), True), ((without,), False)):
        rows = run_of(*SMALL, *EXTENDED, WEEK_OF_CALLS, *more).counted["practice"].tables.rows(log.ANSWERED)
        assert (rows.time // DAY % 7 == 5).any() == answered


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(Exception, match="holiday is no weekday"):
        composed(*SMALL, "phones.extended_hours={holiday: {opens: '09:00', closes: '11:00'}}")
