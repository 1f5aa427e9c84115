"""Build a run, run it once, and hand over what happened."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from pcqa_sim.clinic.diary import Counts
from pcqa_sim.clinic.session import Clinic
from pcqa_sim.journey.arrivals import people_ask, practice_invites
from pcqa_sim.journey.diary_at_start import book_before
from pcqa_sim.journey.hub_day import HubDay, member_of
from pcqa_sim.journey.journey import Journey
from pcqa_sim.journey.mdt import MdtMeetings, meetings_of
from pcqa_sim.journey.nhs_111 import nhs_111_books
from pcqa_sim.journey.sessions import work_day
from pcqa_sim.kernel.environment import Environment
from pcqa_sim.kernel.pool import Pool
from pcqa_sim.kernel.process import follow, seldom_collecting
from pcqa_sim.network.elsewhere import Elsewhere
from pcqa_sim.network.hub import HubDiary
from pcqa_sim.network.rounds import Rounds
from pcqa_sim.population.people import People
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.practice.reception import extended_hours, front_roster, phone_roster
from pcqa_sim.scenario import Scenario
from pcqa_sim.scenario.groups.network import WEIGHTED_LIST
from pcqa_sim.scenario.sharing import shares_by
from pcqa_sim.values.clock import DAY, HOUR, day_of
from pcqa_sim.values.eventlog import EventLog
from pcqa_sim.values.faults import GivenUp

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class EndState:
    """What was going on in one practice when the run ended; the conservation checks compare it with the log.

    `on_the_phone` counts callers in menu, queue or talk; `callbacks_due` promised callbacks not yet made; `at_front`
    people and messages waiting for, or with, somebody at the desk and inbox; `needs_open` needs that arose and have
    not ended. Slots are counted by (role, release rule); `referrals_open` are people at, or waiting for,
    places in the community, by place; `mdt_open` people on the list of an MDT, or with its plan, by MDT.
    """

    on_the_phone: int
    callbacks_due: int
    at_front: int
    needs_open: int
    slots_opened: Counts
    slots_taken: Counts
    slots_returned: Counts
    slots_called: Counts
    slots_done: Counts
    slots_unused: Counts
    slots_withdrawn: Counts
    slots_free: Counts
    referrals_open: Mapping[str, int] = field(default_factory=dict)
    mdt_open: Mapping[str, int] = field(default_factory=dict)


class Bounds:
    """What one run may write and how long it may take; looked at once a simulated day, which costs a run nothing."""

    def __init__(self, scenario: Scenario, event_log: EventLog) -> None:
        self._run, self._log = scenario.run, event_log
        self._begun = time.monotonic()

    def waited(self, seconds: float) -> None:
        """Take time off in which the run stood still."""
        self._begun += seconds

    def check(self, day: int) -> None:
        """Raise GivenUp where a bound is passed after so many days of the run."""
        run, rows = self._run, len(self._log)
        if rows > run.most_rows:
            raise GivenUp(f"the log had {rows:,} rows on day {day}; run.most_rows allows {run.most_rows:,}")
        minutes = (time.monotonic() - self._begun) / 60
        if run.most_minutes is not None and minutes > run.most_minutes:
            said = f"it had taken {minutes:,.3g} minutes on day {day}"
            raise GivenUp(f"{said}; run.most_minutes allows {run.most_minutes:g}")


@dataclass(frozen=True)
class Happened:
    """One run's event log, and by practice key the state it ended in and its people."""

    scenario: Scenario
    seed: int
    replication: int
    log: pa.Table
    end: dict[str, EndState]
    people: dict[str, People]


class Ongoing:
    """A run under way: built from a scenario, taken on day by day, ended once.

    `alike` are scenarios that this one's run may `turn_to` later: until then nothing in them differs that any part
    could see. They share their calendar, the length of the run, and the settings objects of what is alike.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        replication: int,
        environment: Callable[[], Environment] = Environment,
        alike: Sequence[Scenario] = (),
    ) -> None:
        self._scenarios = (scenario, *alike)
        self._followed = self.day = 0
        self._luck = seed, replication
        together = any(map(_shares, self._scenarios))
        self._envs = [environment() for _ in range(1 if together else len(scenario.practices))]
        envs = dict(zip(scenario.practices, self._envs * (len(scenario.practices) if together else 1), strict=True))
        self._log = EventLog(tuple(scenario.practices), in_turns=len(scenario.practices) > 1)
        self.bounds = Bounds(scenario, self._log)
        network = scenario.network
        self._hub: HubDiary | None = None
        self._elsewhere: Elsewhere | None = None
        shares = network.shared_roles or network.hub is not None
        self._rounds = Rounds(scenario, seed, replication) if shares else None
        if network.sees_elsewhere:
            self._open_elsewhere(scenario)
        handlers = None if scenario.network.shared_reception is None else Pool(self._envs[0])
        self._practices = {
            key: OpenPractice(
                envs[key], scenario, key, self._log, seed, replication, handlers, self._rounds, self._elsewhere
            )
            for key in scenario.practices
        }
        journeys = {key: Journey(practice) for key, practice in self._practices.items()}
        if self._elsewhere is not None:
            self._join(self._elsewhere, journeys)
        self._mdts = meetings_of(scenario, self._practices, journeys, self._rounds, self._hub, seed, replication)
        for key, practice in self._practices.items():
            self._schedule_acts(key, practice, journeys[key])
        for key, practice in self._practices.items():
            follow(people_ask(practice, journeys[key], scenario.end))
            if any(settings.care_homes is not None for settings in scenario.settings_of(key)):
                journeys[key].homes.begin(scenario.weeks)
            follow(practice_invites(practice, journeys[key], scenario.weeks))
            for mdt in self._mdts:
                if key in mdt.stories:
                    follow(mdt.finds(key, scenario.weeks))
            if any(settings.appointments.nhs_111 is not None for settings in scenario.settings_of(key)):
                follow(nhs_111_books(practice, journeys[key], scenario.weeks * 7))

        for mdt in self._mdts:
            follow(mdt.meets(scenario.weeks * 7))

    def _open_elsewhere(self, scenario: Scenario) -> None:
        """Let practices see each other's diaries, and a hub's if there is one."""
        network = scenario.network
        if network.hub is not None and self._rounds is not None:
            self._hub = HubDiary(scenario, network.hub, self._rounds)
        self._elsewhere = Elsewhere(self._hub, network.hand_off, network.same_day_overflow)

    def _join(self, elsewhere: Elsewhere, journeys: Mapping[str, Journey]) -> None:
        """Let each practice be among those whose people are seen elsewhere; the hub's days come before theirs."""
        for key, practice in self._practices.items():
            elsewhere.join(key, member_of(practice, journeys[key]))
        if self._hub is not None:
            both = {key: (practice, journeys[key]) for key, practice in self._practices.items()}
            days = HubDay(self._hub, both, shares_by(WEIGHTED_LIST, self.scenario.practices))
            for day in range(self.scenario.weeks * 7):
                _at(self._envs[0], day * DAY, days.begin_day)

    @property
    def scenario(self) -> Scenario:
        """Return the scenario that is followed."""
        return self._scenarios[self._followed]

    def turn_to(self, number: int) -> None:
        """Follow another scenario from now on: 0 is the one it began with, then come those that are alike."""
        self._followed = number
        if self._rounds is not None:
            self._rounds.turn_to(self.scenario)
        if self._hub is not None:
            self._hub.turn_to(self.scenario)
        for practice in self._practices.values():
            practice.turn_to(self.scenario)

    def go_on(self, day: int, each_week: Callable[[int], None] | None = None) -> None:
        """Let everything happen up to the beginning of a day of the run."""
        while self.day < day:
            self._let_a_day_happen()
            self.day += 1
            self.bounds.check(self.day)
            if self.day % 7 == 0:
                self._log.tidy()
                if each_week is not None:
                    each_week(self.day // 7)

    def _let_a_day_happen(self) -> None:
        """Let a day happen: hour by hour, or practice by practice where none has to do with another.

        A practice that has a day to itself finds its memory where the processor keeps it.
        """
        if len(self._envs) > 1:
            for env in self._envs:
                env.run(until=(self.day + 1) * DAY)
            self._log.move()
            return
        for hour in range(1, 25):
            self._envs[0].run(until=self.day * DAY + hour * HOUR)
            self._log.move()

    def end(self) -> Happened:
        """Return what happened."""
        end = {key: _end_state(practice, self._mdts) for key, practice in self._practices.items()}
        people = {key: practice.people for key, practice in self._practices.items()}
        return Happened(self.scenario, *self._luck, self._log.table(), end, people)

    def _schedule_acts(self, key: str, practice: OpenPractice, journey: Journey) -> None:
        """Schedule every fixed act of the run before anything else, so that it comes first within its minute."""
        env = practice.env
        for day in range(self.scenario.weeks * 7):
            _at(env, day * DAY, practice.begin_day)
            if day == 0:
                _at(env, 0, partial(book_before, practice, journey.initiated))
            settings = [scenario.in_force(key, day // 7) for scenario in self._scenarios]
            hours = practice.calendar.hours_of(day)
            if hours is not None:
                _at(env, day * DAY + hours.opens, partial(_open_clinics, practice, journey))
            phone = [phone_roster(each, practice.absences, practice.calendar, day) for each in settings]
            self._schedule_roster(env, day, phone, practice.reception.roster)
            lines = [extended_hours(each, practice.calendar, day) for each in settings]
            for closes in sorted({extended.closes for extended in lines if extended is not None}):
                _at(env, day * DAY + closes, practice.reception.close_extended_lines)
            if hours is None:
                continue
            front = [front_roster(each, day) for each in settings]
            self._schedule_roster(env, day, front, practice.reception.roster_front)
            if any(each.appointments.waiting_list is not None for each in settings):
                for minute in range(hours.opens, hours.closes, HOUR):
                    _at(env, day * DAY + minute, journey.initiated.offer_soon_free)
            _at(env, day * DAY + hours.closes, practice.end_day)

    def _schedule_roster(
        self, env: Environment, day: int, rosters: Sequence[Mapping[int, int]], act: Callable[[int], None]
    ) -> None:
        """Schedule one roster of a day as it is in each scenario; at its minute that of the one followed holds."""
        for minute in sorted({minute for roster in rosters for minute in roster}):
            people = [roster.get(minute) for roster in rosters]
            _at(env, day * DAY + minute, partial(self._change_roster, people, act))

    def _change_roster(self, people: Sequence[int | None], act: Callable[[int], None]) -> None:
        mine = people[self._followed]
        if mine is not None:
            act(mine)


def happen(
    scenario: Scenario,
    seed: int,
    replication: int,
    environment: Callable[[], Environment] = Environment,
    each_week: Callable[[int], None] | None = None,
) -> Happened:
    """Run a scenario once and return what happened; the same arguments give the same log to the last bit.

    `environment` makes the SimPy environment; `each_week` is called with the number of weeks done. Raises GivenUp
    where the run passes the bounds in its settings.
    """
    people = sum(practice.list_size for practice in scenario.practices.values())
    with seldom_collecting(people):
        ongoing = Ongoing(scenario, seed, replication, environment)
        ongoing.go_on(scenario.weeks * 7, each_week)
        return ongoing.end()


def _shares(scenario: Scenario) -> bool:
    """Tell whether practices of a scenario share people, places or telephones, so that one's minute is another's."""
    network = scenario.network
    of_roles = bool(network.shared_roles) or network.hub is not None or network.shared_reception is not None
    return of_roles or network.sees_elsewhere or bool(scenario.mdt)


def _end_state(practice: OpenPractice, mdts: Sequence[MdtMeetings]) -> EndState:
    diary = practice.book.diary
    return EndState(
        on_the_phone=practice.reception.phone.lines_in_use,
        callbacks_due=practice.reception.phone.callbacks_due,
        at_front=practice.reception.front.waiting + practice.reception.front.busy,
        needs_open=practice.recorder.needs_open,
        slots_opened=dict(diary.opened),
        slots_taken=dict(diary.taken),
        slots_returned=dict(diary.returned),
        slots_called=dict(diary.called),
        slots_done=dict(diary.done),
        slots_unused=dict(diary.unused),
        slots_withdrawn=dict(diary.withdrawn),
        slots_free=dict(diary.all_free()),
        referrals_open={
            name: sum(place.open for place in places) for name, places in practice.community.by_name().items()
        },
        mdt_open={mdt.name: mdt.open_in(practice.key) for mdt in mdts if practice.key in mdt.stories},
    )


def _open_clinics(practice: OpenPractice, journey: Journey) -> None:
    """Begin the clinicians' day: who is sick has their appointments moved, the others work session by session."""
    for contact in practice.book.call_in_sick():
        follow(journey.initiated.move(contact))
    days: dict[str, list[Clinic]] = {}
    for clinic in practice.book.clinics_on.get(day_of(practice.env.now), ()):
        days.setdefault(clinic.clinician, []).append(clinic)
    for mine in days.values():
        follow(work_day(practice, journey, sorted(mine, key=lambda clinic: clinic.starts)))


def _at(env: Environment, minute: float, act: Callable[[], None]) -> None:
    """Do something at a minute of the run."""
    env.timeout(minute - env.now).callbacks.append(lambda _: act())
