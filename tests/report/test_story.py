"""Stories read aloud: golden texts of needs of different kinds and fates.

After a deliberate change of the model or its settings: PCQA_UPDATE=1 make unit, then read what changed.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pandas as pd
import pytest
from shortruns import run_of

from pcqa_sim import eventlog as log
from pcqa_sim.clock import DAY, Hours, WorkingCalendar
from pcqa_sim.eventlog import CATALOGUE, EventLog
from pcqa_sim.faults import BadInput
from pcqa_sim.needs import FAILURE_CAUSES, NEED_ENDINGS
from pcqa_sim.report.story import _ENDINGS, _FATES, _REASONS, _SAID, CAUGHT_OUT, CUT_OFF, minutes, story
from pcqa_sim.run import Run

STORIES = Path(__file__).parent / "stories"
CASES = {
    "resolved-at-once": "ending == 'resolved' and contacts == 1 and kind == 'new_problem'",
    "paperwork": "kind == 'administrative' and ending == 'resolved' and contacts == 2",
    "many-contacts": "contacts >= 5",
    "informed": "ending == 'informed' and contacts == 2",
    "emergency-department": "ending == 'emergency_department'",
    "recovered": "ending == 'recovered'",
    "gave-up": "ending == 'gave_up' and contacts == 2",
    "existing-condition": "kind == 'existing_condition' and ending == 'resolved' and contacts == 3",
}


def tell(run: Run, need: int) -> str:
    return "\n".join(story(run.log, need, "practice", run.scenario.calendar.working())) + "\n"


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=6")


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_need_reads_as_it_did(run: Run, name: str) -> None:
    needs: pd.DataFrame = run.tables["practice"].needs.query(CASES[name])
    told = tell(run, int(needs.index[0]))
    path = STORIES / f"{name}.txt"
    if os.environ.get("PCQA_UPDATE"):
        STORIES.mkdir(exist_ok=True)
        path.write_text(told)
    assert told == path.read_text()


CALENDAR = WorkingCalendar(dt.date(2026, 3, 30), (*[Hours(480, 1110)] * 5, None, None))
"""Friday 3 April 2026, day 4, is a bank holiday."""

Event = tuple[float, int, str, str, str, float]


def told_of(*rows: Event) -> list[str]:
    """The story of need 7, from rows of minute, contact, event, who, code, amount."""
    happened = EventLog(["practice"])
    for time, contact, *rest in rows:
        happened.add((time, 0, 1, 7, contact, *rest))
    return story(happened.table(), 7, "practice", CALENDAR)


def opened(time: float, contact: int, who: str, code: str) -> Event:
    return (time, contact, log.CONTACT_OPENED, who, code, contact - 1)


def said_of(*rows: Event) -> str:
    """What the last row says, after the clock time, when the need is open still."""
    return told_of(*rows)[-2][9:]


def test_every_failure_cause_reads_as_a_reason() -> None:
    assert set(_REASONS) == {*FAILURE_CAUSES, CAUGHT_OUT, CUT_OFF}
    for cause in FAILURE_CAUSES:
        said = said_of(opened(500, 0, "phone", "new"), opened(600, 1, "phone", cause))
        assert said.startswith("Contact 2, because of contact 1 (failure demand): the person ")
        assert said.endswith(" and rings again.")
        assert said.count(":") == 1


def test_the_reason_comes_before_what_the_person_does() -> None:
    by_phone, at_desk = opened(500, 0, "phone", "new"), opened(500, 0, "desk", "new")
    because = "Contact 2, because of contact 1 (failure demand): the person "
    assert said_of(by_phone, opened(600, 1, "phone", "put_off")) == (
        because + "was put off by the recorded menu and rings again."
    )
    assert said_of(by_phone, opened(600, 1, "desk", "put_off")) == (
        because + "was put off by the recorded menu and comes to the desk."
    )
    assert said_of(at_desk, opened(600, 1, "phone", "told_another_day")) == (
        because + "was told to ring another day and rings."
    )
    assert said_of(by_phone, opened(600, 1, "phone", "planned_follow_up")) == (
        "Contact 2, because of contact 1 (value demand): the person rings for the planned follow-up."
    )
    assert said_of(at_desk) == "Contact 1: the person comes to the desk."
    assert said_of(opened(0, 0, "before_the_run", "new")) == "Contact 1: the person booked before the run began."


def test_one_word_of_the_log_for_two_things_is_told_apart() -> None:
    came = said_of(opened(400, 0, "desk", "new"), opened(480, 1, "desk", "rang_while_closed"))
    assert came.endswith("the person came while the practice was closed and comes to the desk again.")
    cut_off = (1110.0, 0, log.MISSED, "", "closing", 4.0)
    again = said_of(opened(1105, 0, "phone", "new"), cut_off, opened(2000, 1, "phone", "abandoned"))
    assert again.endswith("the person was cut off at closing time and rings again.")


@pytest.mark.parametrize(
    ("time", "event", "code", "amount", "said"),
    [
        (400, log.MISSED, "closed", 0, "hangs up during the closed message"),
        (500, log.MISSED, "queue", 0.5, "hangs up after waiting 30 seconds"),
        (500, log.MISSED, "queue", 0, "hangs up at once"),
        (600, log.BOOKED, "ahead", 315, "has an appointment with the GP today at 15:15"),
        (600, log.BOOKED, "ahead", DAY - 40, "has an appointment with the GP tomorrow at 09:20"),
        (600, log.BOOKED, "ahead", 10 * DAY - 40, "has an appointment with the GP on Thursday 9 April at 09:20"),
        (
            603.123,
            log.BOOKED,
            "ahead",
            10 * DAY - 43.123,
            "has an appointment with the GP on Thursday 9 April at 09:20",
        ),
        (600, log.DECIDED, "booked_ahead", 2, "is offered an appointment"),
        (600, log.DESK_SEEN, "", 0, "is seen at the desk at once"),
        (600, log.DESK_SEEN, "", 2, "is seen at the desk after 2 minutes"),
        (600, log.FATE, "desk", 75, "will walk in, 75 minutes from now"),
        (600, log.FATE, "desk", DAY - 60, "will walk in tomorrow at about 09:00"),
        (600, log.FATE, "redial", 17, "will ring again in 17 minutes"),
        (600, log.FATE, "another_day", 7 * DAY, "will try another day, on Monday 6 April at about 10:00"),
    ],
)
def test_what_an_event_says(time: float, event: str, code: str, amount: float, said: str) -> None:
    who = "gp" if event == log.BOOKED else ""
    assert said_of((time, 0, event, who, code, amount)) == f"The person {said}."


def test_a_need_that_outlives_the_run_is_said_to_be_open() -> None:
    rings = opened(500, 0, "phone", "new")
    assert told_of(rings)[-1] == "The run ends here; the need is open."
    ended = told_of(rings, (510, 0, log.NEED_CLOSED, "", "recovered", 0))
    assert ended[-1].endswith("The need has gone by itself.")


def test_a_bank_holiday_is_named_in_the_heading() -> None:
    headings = told_of(opened(500, 0, "phone", "new"), opened(4 * DAY + 500, 1, "phone", "put_off"))
    assert headings[0] == "Monday 30 March (week 0, day 0)"
    assert headings[2] == "Friday 3 April, bank holiday (week 0, day 4)"


def test_every_need_can_be_told(run: Run) -> None:
    for need in run.tables["practice"].needs.index[:300]:
        told = tell(run, int(need))
        assert told.count("A need arises") == 1
        assert told.count("Contact ") >= 1


def test_every_event_about_a_person_has_words() -> None:
    spoken = (set(_SAID) - {"called_in"}) | {"need_arose", "need_closed", "contact_opened", "fate", "booked"}
    world = {"roster", "slots_released", "slots_unused", "belief", "decided"}
    assert set(CATALOGUE) - spoken - world == set()
    assert set(_ENDINGS) == set(NEED_ENDINGS)
    assert "redial" in _FATES


def test_an_unknown_need_names_the_nearest(run: Run) -> None:
    known = int(run.tables["practice"].needs.index.min())
    with pytest.raises(BadInput, match=f"no such need in this run; did you mean {known}"):
        story(run.log, known + 1, "practice", run.scenario.calendar.working())


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0.5, "30 seconds"), (0.999, "1 minute"), (1, "1 minute"), (89, "89 minutes"), (180, "3 hours"), (2880, "2 days")],
)
def test_amounts_of_time(amount: float, said: str) -> None:
    assert minutes(amount) == said
