"""Stories read aloud: golden texts of needs of different kinds and paths, and what each event says.

After a deliberate change of the model: python tests/report/renew_stories.py, then read what changed.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from shortruns import run_of

from pcqa_sim import simulate
from pcqa_sim.report.attending import _CAME_OF_IT
from pcqa_sim.report.mdtstory import SAID_AT_MDTS
from pcqa_sim.report.names import KINDS, Names, minutes
from pcqa_sim.report.story import SAID, read, story
from pcqa_sim.report.tale import CALLED_IN, NOT_TOLD, lines_of
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, Hours, WorkingCalendar
from pcqa_sim.values.eventlog import CATALOGUE, EventLog
from pcqa_sim.values.needs import FAILURE_CAUSES, NEED_ENDINGS
from pcqa_sim.values.words import Cause, NeedEnding, NextAction


def _storybook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("storybook", Path(__file__).parent / "storybook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["storybook"] = module
    spec.loader.exec_module(module)
    return module


book = _storybook()
TOLD = sorted(path.stem for path in book.STORIES.glob("*.txt"))


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate(book.scenario())


@pytest.fixture(scope="module")
def chosen(run: Run) -> dict[str, int]:
    return book.chosen(run)


@pytest.mark.parametrize("name", TOLD)
def test_a_need_reads_as_it_did(run: Run, chosen: dict[str, int], name: str) -> None:
    assert book.told(run, chosen[name]) == (book.STORIES / f"{name}.txt").read_text()


def test_the_stories_are_many_and_of_different_needs(run: Run, chosen: dict[str, int]) -> None:
    needs = [chosen[name] for name in TOLD]
    assert len(TOLD) >= 20
    assert len(set(needs)) == len(needs)
    assert run.tables["practice"].needs["kind"].loc[needs].nunique() >= 10


def test_every_need_can_be_told(run: Run) -> None:
    for need in run.tables["practice"].needs.index[:300]:
        text = "\n".join(story(run, int(need), "practice"))
        assert "None" not in text
        assert "_" not in text
        assert "{" not in text
        assert ".." not in text


CALENDAR = WorkingCalendar(dt.date(2026, 3, 30), (*[Hours(480, 1110)] * 5, None, None))
"""Friday 3 April 2026, day 4, is a bank holiday."""

NAMES = Names(
    {"gp": "GP", "practice_nurse": "practice nurse", "other": "other practice staff"},
    {"smear": "cervical screening"},
    "gp.3",
)

Event = tuple[float, int, str, str, str, float]


def told_of(*rows: Event) -> list[str]:
    """The story of need 7, from rows of minute, contact, event, who, code, amount."""
    happened = EventLog(["practice"])
    for time, contact, *rest in rows:
        happened.add((time, 0, 1, 7, contact, *rest))
    return read(lines_of(happened.table(), 7, "practice"), CALENDAR, NAMES)


def opened(time: float, contact: int, who: str, code: str) -> Event:
    return (time, contact, log.CONTACT_OPENED, who, code, contact - 1)


def booked(time: float, mode: str, who: str = "gp.3", amount: float = 60.0) -> Event:
    return (time, 0, log.BOOKED, who, f"routine.{mode}", amount)


def said_of(*rows: Event) -> str:
    """The last sentence of a story, without its clock time and without the note that the need is open."""
    told = [line for line in told_of(*rows) if line.startswith("  ")]
    return told[-1].strip().partition("  ")[2]


@pytest.mark.parametrize("cause", [*FAILURE_CAUSES, "planned_follow_up", "rearranged"])
def test_every_cause_reads_as_a_sentence(cause: str) -> None:
    said = said_of(opened(500, 0, "phone", "new"), opened(600, 1, "desk", cause))
    demand = "failure demand" if cause in FAILURE_CAUSES else "value demand"
    assert said.startswith(f"Contact 2, because of contact 1 ({demand}): the person ")
    assert "comes to the desk" in said
    assert said.endswith(".")


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause.by_practice])
def test_what_the_practice_does_itself_is_not_said_of_the_person(cause: Cause) -> None:
    said = said_of(opened(500, 0, "practice", "new"), opened(600, 1, "practice", cause.value))
    assert said.endswith(f"{cause.by_practice}.")
    assert "calls" not in said


def test_who_takes_an_earlier_appointment_gives_the_later_one_back() -> None:
    offered = opened(600, 1, "practice", "rearranged")
    later = (600, 0, log.CANCELLED, "gp.5", "patient", 3 * DAY)
    said = "The later appointment, with GP 5 on Thursday 2 April at 10:00, is given back."
    assert said_of(booked(500, "telephone"), offered, later) == said
    assert said_of(booked(500, "telephone"), later).startswith("The person cancels the appointment")


def test_whoever_hears_of_nobody_waiting_is_first() -> None:
    assert said_of((500, 0, log.QUEUED, "", "", 0)) == "The person joins the queue, with nobody before them."
    assert said_of((500, 0, log.QUEUED, "", "", 1)) == "The person joins the queue, 1 caller waiting already."


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("phone", "Contact 1: the person calls the practice."),
        ("online", "Contact 1: the person sends the practice an online form."),
        ("desk", "Contact 1: the person comes to the desk."),
        ("app", "Contact 1: the person looks for an appointment in the NHS App."),
        ("before_the_run", "Contact 1: the person booked before the run began."),
        ("practice", "Contact 1: the practice looks for an appointment for the person and finds nothing free."),
    ],
)
def test_every_channel_has_words(who: str, said: str) -> None:
    assert said_of(opened(500, 0, who, "new")) == said


def test_a_delay_in_asking_is_told() -> None:
    arose = (500.0, -1, log.NEED_AROSE, "patient", "social", 0.0)
    assert said_of(arose) == "A need arises: trouble with life."
    late = said_of(arose, opened(500 + 3 * DAY, 0, "phone", "new"))
    assert late == "Contact 1: the person, after a delay of 3 days, calls the practice."


def test_planned_care_reads_as_planned() -> None:
    due = (500.0, -1, log.NEED_AROSE, "practice", "smear", 0.0)
    assert said_of(due) == "Due on the practice's recall list: cervical screening."
    lapsed = said_of(due, opened(500, 0, "practice", "new"), (600, 0, log.NEED_CLOSED, "", "gave_up", 0))
    assert lapsed == "The invitation lapses: it is not taken up again."


@pytest.mark.parametrize(
    ("mode", "books", "begins", "ends"),
    [
        (
            "face_to_face",
            "has an appointment with GP 3, their usual GP, today at 09:20",
            "is called in by GP 3",
            "comes",
        ),
        ("telephone", "will be called by GP 3, their usual GP, today at 09:20", "GP 3 calls", "call ends"),
        ("video", "will meet GP 3, their usual GP, by video today at 09:20", "meets GP 3 by video", "video ends"),
        (
            "online_message",
            "will have a written answer from GP 3, their usual GP, today at 09:20",
            "GP 3 turns to the person's message",
            "The answer is written after 10 minutes",
        ),
        ("home_visit", "will be visited at home by GP 3, their usual GP, today at 09:20", "GP 3 visits", "visit ends"),
    ],
)
def test_every_mode_has_words(mode: str, books: str, begins: str, ends: str) -> None:
    seen = (opened(500, 0, "phone", "new"), booked(500, mode), (570.0, 0, log.CONSULT_ENDED, "gp.3", "resolved", 10.0))
    told = told_of(*seen)
    assert books in told[2]
    assert begins in told[3]
    assert ends in told[4]


def test_the_usual_gp_is_told_from_others() -> None:
    call = opened(500, 0, "phone", "new")
    assert "GP 5, not their usual GP," in said_of(call, booked(500, "telephone", "gp.5"))
    assert "with practice nurse 1 today" in said_of(call, booked(500, "face_to_face", "practice_nurse.1"))
    assert "extra GP 2" in said_of(call, booked(500, "face_to_face", "gp.extra2"))


def test_a_late_clinician_has_to_be_quick() -> None:
    squeezed = (585.0, 0, log.SQUEEZED, "gp.3", "", 25.0)
    ended = (592.0, 0, log.CONSULT_ENDED, "gp.3", "unresolved", 7.0)
    told = told_of(opened(500, 0, "phone", "new"), booked(500, "face_to_face"), squeezed, ended)
    assert told[3].endswith("The person is called in by GP 3, 25 minutes late, and has to be quick.")
    assert told[4].endswith("The person comes out after 7 minutes, with the need not resolved.")


@pytest.mark.parametrize(
    ("event", "who", "code", "amount", "said"),
    [
        (log.MISSED, "", "closed", 0, "The person hangs up during the message that the practice is closed."),
        (log.MISSED, "", "queue", 0.5, "The person hangs up after waiting 30 seconds."),
        (log.MISSED, "", "queue", 0, "The person hangs up at once."),
        (log.DECIDED, "call_handler", "booked_ahead", 2, "The person is offered an appointment."),
        (log.DECIDED, "call_handler", "settled_by_reception", 2, "The receptionist settles it."),
        (
            log.DECIDED,
            "call_handler",
            "appointment_stands",
            2,
            "The person is told that nothing sooner is free: the appointment stands.",
        ),
        (log.DECIDED, "call_handler", "result_not_back", 2, "The person is told that it is not there yet."),
        (log.CANCELLED, "gp.5", "patient", 60, "The person cancels the appointment with GP 5 today at 11:00."),
        (
            log.CANCELLED,
            "gp.5",
            "practice",
            60,
            "GP 5 is not there: the practice has to cancel the appointment today at 11:00.",
        ),
        (log.RESULT_BACK, "", "", 4 * DAY, "The person hears of the result, 4 days after the test."),
        (log.NEXT_ACTION, "", "desk", 75, "The person will walk in, 75 minutes from now."),
        (log.NEXT_ACTION, "", "desk", DAY - 60, "The person will walk in tomorrow at about 09:00."),
        (log.NEXT_ACTION, "", "redial", 17, "The person will call again in 17 minutes."),
        (
            log.NEXT_ACTION,
            "",
            "another_day",
            7 * DAY,
            "The person will try another day, on Monday 6 April at about 10:00.",
        ),
        (log.NEXT_ACTION, "", "phone", 1, "The person finds nothing to book and will call in 1 minute."),
        (log.NEXT_ACTION, "", "keeps_waiting", 0, "The person leaves it at that and keeps waiting."),
    ],
)
def test_what_an_event_says(event: str, who: str, code: str, amount: float, said: str) -> None:
    assert said_of((600.0, 0, event, who, code, amount)) == said


def test_one_word_of_the_log_for_two_things_is_told_apart() -> None:
    came = said_of(opened(400, 0, "desk", "new"), opened(480, 1, "desk", "called_while_closed"))
    assert came.endswith("the person came while the practice was closed and comes to the desk again.")
    cut_off = (1110.0, 0, log.MISSED, "", "closing", 4.0)
    again = said_of(opened(1105, 0, "phone", "new"), cut_off, opened(2000, 1, "phone", "reneged"))
    assert again.endswith("the person was cut off at closing time and calls again.")


def test_a_need_that_outlives_the_run_is_said_to_be_open() -> None:
    call = opened(500, 0, "phone", "new")
    assert told_of(call)[-1] == "The run ends here; the need is open."
    ended = told_of(call, (510, 0, log.NEED_CLOSED, "", "recovered", 0))
    assert ended[-1].endswith("The need has gone by itself.")


def test_a_bank_holiday_is_named_in_the_heading() -> None:
    headings = told_of(opened(500, 0, "phone", "new"), opened(4 * DAY + 500, 1, "phone", "balked"))
    assert headings[0] == "Monday 30 March (week 0, day 0)"
    assert headings[2] == "Friday 3 April, bank holiday (week 0, day 4)"


def test_everything_the_log_can_say_has_words() -> None:
    world = {event for event in CATALOGUE if event in _WORLD}
    assert set(CATALOGUE) - world - set(NOT_TOLD) - set(SAID_AT_MDTS) == set(SAID) - {CALLED_IN}
    assert set(NeedEnding) == set(NEED_ENDINGS)
    assert all(ending.phrase for ending in NeedEnding)
    assert all(cause.phrase for cause in Cause if cause != Cause.NEW)
    outcomes = {
        "resolved",
        "unresolved",
        "wrong_clinician",
        "no_continuity",
        "awaiting_test",
        "referred",
        "planned_follow_up",
        "brought_in",
    }
    assert set(_CAME_OF_IT) == outcomes


_WORLD = (
    log.ROSTER,
    log.ABSENT,
    log.SESSION_ENDED,
    log.SLOTS_OPENED,
    log.SLOTS_UNUSED,
    log.SLOTS_WITHDRAWN,
    log.PAPERWORK,
    log.PAPERWORK_MADE,
    log.PAPERWORK_PASSED_ON,
    log.LIST_WORK_DONE,
    log.SLOT_EMPTY,
    log.STATE,
    log.PLACE_CAPACITY,
    log.CARE_HOME_HOSPITAL,
    log.CARE_HOME_ROUND,
    log.CARE_HOME_ROUND_MISSED,
    log.NEEDS_KEPT_AWAY,
    log.MDT_MEETING,
    log.MDT_TIME,
    log.BELIEF,
)


def test_every_kind_and_next_action_of_the_shipped_settings_has_words() -> None:
    practice = run_of("practice=small", "run=quick").scenario.practices["practice"]
    assert set(KINDS) == set(practice.demand.kinds)
    assert set(practice.channels.next_actions) <= {action for action in NextAction if action.counted}


def test_an_unknown_need_names_the_nearest(run: Run) -> None:
    known = int(run.tables["practice"].needs.index.min())
    with pytest.raises(ValueError, match=f"no such need in this run; did you mean {known}"):
        story(run, known + 1, "practice")


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0.5, "30 seconds"), (0.999, "1 minute"), (1, "1 minute"), (89, "89 minutes"), (180, "3 hours"), (2880, "2 days")],
)
def test_amounts_of_time(amount: float, said: str) -> None:
    assert minutes(amount) == said
