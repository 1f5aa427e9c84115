"""Build a run, run it once, and hand over what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pyarrow as pa
from simpy import Environment

from pcqa_sim.clock import DAY, WEEK
from pcqa_sim.demand import book_before, people_ask
from pcqa_sim.eventlog import EventLog
from pcqa_sim.journey import Journey
from pcqa_sim.needs import Slot
from pcqa_sim.people import People
from pcqa_sim.practice import OpenPractice
from pcqa_sim.rota import call_handlers, clinic_days
from pcqa_sim.scenario import Scenario
from pcqa_sim.strand import follow, seldom_collecting
from pcqa_sim.workforce import work_day


@dataclass(frozen=True)
class EndState:
    """What was going on in one practice when the run ended; the conservation checks compare it with the log.

    `on_the_phone` counts callers in menu, queue or talk; `callbacks_due` promised callbacks not yet made;
    slot counts are by release rule; `needs_open` counts needs that arose and have not ended.
    """

    on_the_phone: int
    callbacks_due: int
    slots_opened: dict[str, int]
    slots_taken: dict[str, int]
    slots_lapsed: dict[str, int]
    slots_free: dict[str, int]
    needs_open: int


@dataclass(frozen=True)
class Happened:
    """One run's event log, and by practice key the state it ended in and its people."""

    scenario: Scenario
    seed: int
    replication: int
    log: pa.Table
    end: dict[str, EndState]
    people: dict[str, People]


def happen(
    scenario: Scenario,
    seed: int,
    replication: int,
    environment: Callable[[], Environment] = Environment,
    each_week: Callable[[int], None] | None = None,
) -> Happened:
    """Run a scenario once and return what happened; the same arguments give the same log to the last bit.

    `environment` makes the SimPy environment; `each_week` is called with the number of weeks done.
    """
    env = environment()
    event_log = EventLog(tuple(scenario.practices))
    practices = {key: OpenPractice(env, scenario, key, event_log, seed, replication) for key in scenario.practices}
    journeys = {key: Journey(practice) for key, practice in practices.items()}
    for key, practice in practices.items():
        _schedule_acts(env, scenario, key, practice, journeys[key])
    for key, practice in practices.items():
        follow(people_ask(practice, journeys[key], scenario.end))
    with seldom_collecting():
        for week in range(scenario.weeks):
            env.run(until=(week + 1) * WEEK)
            event_log.tidy()
            if each_week is not None:
                each_week(week + 1)
    end = {key: _end_state(practice) for key, practice in practices.items()}
    people = {key: practice.people for key, practice in practices.items()}
    return Happened(scenario, seed, replication, event_log.table(), end, people)


def _end_state(practice: OpenPractice) -> EndState:
    book = practice.book
    return EndState(
        practice.phone.lines_in_use,
        practice.phone.callbacks_due,
        book.opened,
        book.taken,
        book.lapsed,
        book.all_free(),
        practice.needs_open,
    )


def _schedule_acts(env: Environment, scenario: Scenario, key: str, practice: OpenPractice, journey: Journey) -> None:
    """Schedule every fixed act of the run before anything else, so that it comes first within its minute."""
    for day in range(scenario.weeks * 7):
        _at(env, day * DAY, practice.begin_day)
        if day == 0:
            _at(env, 0, partial(book_before, practice, journey))
        hours = practice.calendar.hours_of(day)
        if hours is None:
            continue
        settings = scenario.in_force(key, day // 7)
        for minute, people in call_handlers(settings.rota, settings.list_size, day % 7).items():
            _at(env, day * DAY + minute, partial(practice.roster, people))
        clinicians = clinic_days(settings, day)
        if clinicians:
            start = min(slots[0].start for slots in clinicians)
            _at(env, start, partial(_open_clinic, practice, journey, clinicians))
        _at(env, day * DAY + settings.appointments.released_at, practice.release_slots)
        _at(env, day * DAY + hours.closes, practice.end_day)


def _open_clinic(practice: OpenPractice, journey: Journey, clinicians: list[list[Slot]]) -> None:
    """Start every clinician's day."""
    practice.clinic(len(clinicians))
    for slots in clinicians:
        follow(work_day(practice, journey, slots))


def _at(env: Environment, minute: float, act: Callable[[], None]) -> None:
    """Do something at a minute of the run."""
    env.timeout(minute - env.now).callbacks.append(lambda _: act())
