"""When MDTs meet, and who of the practices is there: planned week by week, as leave and holidays allow.

Who is on leave and when the practice is closed is known ahead, so that a meeting is moved in time and its minutes are
kept free in the sessions of its members before anybody can book them. Nobody is planned for two meetings at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from pcqa_sim.clinic.absences import Absences
from pcqa_sim.clinic.rota import working
from pcqa_sim.clinic.session import Clinic, MeetingTime
from pcqa_sim.clinic.staff import is_locum
from pcqa_sim.network.rounds import THE_HUB, Rounds, Stay
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.groups import Mdt
from pcqa_sim.scenario.meetings import served, weekdays_of
from pcqa_sim.values.clock import DAY, WorkingCalendar, day_of
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.needs import Slot

HOLIDAY: Final = "holiday"
AWAY: Final = "away"
MISSING: Final = "missing"
NEVER: Final = -1
"""The day of a meeting that is not held."""


class Seat:
    """Somebody of a practice, or of the network's hub, who is planned to be at a meeting."""

    __slots__ = ("clinician", "practice", "role")

    def __init__(self, practice: str, role: str, clinician: str) -> None:
        self.practice = practice
        self.role = role
        self.clinician = clinician


class Meeting:
    """One meeting: its MDT and number, the day it was due, the day it is held (NEVER for none), and who is there.

    `host` is the practice whose turn it is; `why` says what kept it from its day, "" where nothing did.
    """

    __slots__ = ("day", "due", "host", "mdt", "minute", "number", "seats", "why")

    def __init__(self, mdt: str, number: int, due: int, minute: int, host: str) -> None:
        self.mdt = mdt
        self.number = number
        self.due = due
        self.day = due
        self.minute = minute
        self.host = host
        self.why = ""
        self.seats: list[Seat] = []

    @property
    def starts(self) -> float:
        """Return the minute of the run at which it begins, or was to begin if it is not held."""
        return float((self.due if self.day == NEVER else self.day) * DAY + self.minute)


class Rota:
    """What the planner asks of one practice: its settings in a week, who is away, and who of shared roles is there."""

    __slots__ = ("_absences", "_key", "_rounds", "settings_in")

    def __init__(
        self, key: str, settings_in: Callable[[int], Practice], absences: Absences, rounds: Rounds | None = None
    ) -> None:
        self.settings_in = settings_in
        self._key, self._absences, self._rounds = key, absences, rounds

    def on_duty(self, role: str, starts: float, ends: float) -> list[str]:
        """Return who of a role is in a session from one minute of the run to another, by number."""
        day, found = day_of(starts), []
        settings, rounds = self.settings_in(day // 7), self._rounds
        others = rounds.at(self._key, day) if rounds is not None else []
        instead = rounds.instead_of_own if rounds is not None else frozenset[str]()
        for name, half, stay in working(settings, day, self._absences, others, instead):
            if name == role and not is_locum(half.clinician):
                times, late = settings.role[name].sessions[half.half], 0.0 if stay is None else stay.arrives
                if day * DAY + times.starts + late <= starts and ends <= day * DAY + times.ends:
                    found.append(half.clinician)
        return sorted(found, key=_number)


class HubRota:
    """What the planner asks of a network's hub: who of shared roles sits there on a day that is open."""

    __slots__ = ("_calendar", "_rounds", "_settings_in")

    def __init__(self, settings_in: Callable[[int], Practice], rounds: Rounds, calendar: WorkingCalendar) -> None:
        self._settings_in, self._rounds, self._calendar = settings_in, rounds, calendar

    def on_duty(self, role: str, starts: float, ends: float) -> list[str]:
        """Return who of a role is in a session of the hub from one minute of the run to another, by number."""
        day = day_of(starts)
        if self._calendar.hours_of(day) is None:
            return []
        stays = (stay for stay in self._rounds.at(THE_HUB, day) if stay.role == role)
        return sorted((stay.half.clinician for stay in stays if self._is_in(stay, day, starts, ends)), key=_number)

    def _is_in(self, stay: Stay, day: int, starts: float, ends: float) -> bool:
        times = self._settings_in(day // 7).role[stay.role].sessions[stay.half.half]
        return day * DAY + times.starts <= starts and ends <= day * DAY + times.ends


@mypyc_attr(allow_interpreted_subclasses=True)
class Planner:
    """The meetings of all MDTs of a run, planned once each, in order of weeks and of MDTs; `hub` is the hub's rota."""

    def __init__(
        self,
        mdts: Mapping[str, Mdt],
        rotas: Mapping[str, Rota],
        calendar: WorkingCalendar,
        hub: HubRota | None = None,
    ) -> None:
        self._mdts, self._rotas, self._calendar, self._hub = mdts, rotas, calendar, hub
        self._planned = 0  # weeks
        self._numbers = dict.fromkeys(mdts, 0)
        self._on: dict[int, list[Meeting]] = {}
        self._due: dict[int, list[Meeting]] = {}
        self._busy: dict[tuple[str, str, int], list[tuple[float, float]]] = {}

    def on(self, day: int) -> list[Meeting]:
        """Return the meetings held on a day, as planned so far."""
        self._plan_to(day // 7)
        return self._on.get(day, [])

    def kept_from(self, day: int) -> list[Meeting]:
        """Return the meetings that were due on a day and are moved or lost, as is known ahead."""
        self._plan_to(day // 7)
        return [meeting for meeting in self._due.get(day, ()) if meeting.why]

    def keep_free(self, practice: str, day: int, sessions: Sequence[Clinic]) -> None:
        """Take the appointments out of sessions of a day that is put in the diary, where their clinician meets."""
        for meeting in self.on(day):
            ends = meeting.starts + self._mdts[meeting.mdt].meeting_min
            for seat in meeting.seats:
                clinic = session_of(sessions, seat.clinician, meeting.starts, ends)
                if seat.practice == practice and clinic is not None:
                    taken = slots_between(clinic, meeting.starts, ends)
                    clinic.slots = [slot for slot in clinic.slots if slot not in taken]
                    keep_time(clinic, meeting.starts, ends)

    def move(self, meeting: Meeting) -> bool:
        """Find another day for a meeting that lacks somebody on its day; tell whether there is one."""
        rules, today = self._mdts[meeting.mdt], meeting.day
        self._on[today].remove(meeting)
        for day in range(today + 1, meeting.due + rules.moves_within_days + 1):
            if self._could_be(meeting, rules, day) == "":
                self._on.setdefault(day, []).append(meeting)
                return True
        meeting.day = NEVER
        return False

    def _plan_to(self, week: int) -> None:
        while self._planned <= week:
            for name, rules in self._mdts.items():
                for meeting in self._of_week(name, rules, self._planned):
                    self._place(meeting, rules)
            self._planned += 1

    def _of_week(self, name: str, rules: Mdt, week: int) -> Iterator[Meeting]:
        """Yield the meetings due in a week, not placed yet."""
        gone = week - rules.from_week
        if gone < 0:
            return
        many = _times(rules.meetings_per_week, gone)
        hosts, today = served(rules, self._rotas), dict[int, int]()
        for weekday in weekdays_of(rules, many) if many else ():
            later = today.get(weekday, 0)
            today[weekday] = later + 1
            number = self._numbers[name]
            self._numbers[name] += 1
            minute = rules.time + int(later * rules.meeting_min)
            yield Meeting(name, number, week * 7 + weekday, minute, hosts[number % len(hosts)])

    def _place(self, meeting: Meeting, rules: Mdt) -> None:
        """Give a meeting the first day on which it can be held, or none."""
        self._due.setdefault(meeting.due, []).append(meeting)
        for day in range(meeting.due, meeting.due + rules.moves_within_days + 1):
            why = self._could_be(meeting, rules, day)
            if not why:
                self._on.setdefault(day, []).append(meeting)
                return
            meeting.why = meeting.why or why
        meeting.day = NEVER

    def _could_be(self, meeting: Meeting, rules: Mdt, day: int) -> str:
        """Plan a meeting for a day and who is there; return what keeps it from being held then, "" for nothing."""
        hours = self._calendar.hours_of(day)
        if hours is None or meeting.minute < hours.opens or meeting.minute + rules.meeting_min > hours.closes:
            return HOLIDAY
        seats: list[Seat] = []
        starts = float(day * DAY + meeting.minute)
        for role in rules.at_the_table:
            seat = self._seat(meeting, rules, role, starts)
            if seat is not None:
                seats.append(seat)
            elif rules.members[role].needed:
                return AWAY
        for seat in seats:
            busy = self._busy.setdefault((seat.practice, seat.clinician, day), [])
            busy.append((starts, starts + rules.meeting_min))
        meeting.day, meeting.seats = day, seats
        return ""

    def _seat(self, meeting: Meeting, rules: Mdt, role: str, starts: float) -> Seat | None:
        """Return who of a role comes: of the host, of another practice where it has nobody there, or of the hub."""
        keys = [meeting.host, *(key for key in served(rules, self._rotas) if key != meeting.host)]
        if self._hub is not None:
            keys.append(THE_HUB)
        ends = starts + rules.meeting_min
        for key in keys:
            for clinician in self._free(key, role, starts, ends):
                return Seat(key, role, clinician)
        return None

    def _free(self, key: str, role: str, starts: float, ends: float) -> list[str]:
        """Return who of a role is on duty from one minute to another and in no other meeting, by number."""
        day, found = day_of(starts), []
        there: Rota | HubRota = self._rotas[key] if self._hub is None or key != THE_HUB else self._hub
        for clinician in there.on_duty(role, starts, ends):
            busy = self._busy.get((key, clinician, day), ())
            if all(until <= starts or ends <= since for since, until in busy):
                found.append(clinician)
        return found


def session_of(sessions: Sequence[Clinic], clinician: str, starts: float, ends: float) -> Clinic | None:
    """Return the session of a clinician that holds the time from one minute to another, None where there is none."""
    for clinic in sessions:
        if clinic.clinician == clinician and clinic.starts <= starts and ends <= clinic.ends:
            return clinic
    return None


def slots_between(clinic: Clinic, starts: float, ends: float) -> list[Slot]:
    """Return the slots of a session that lie in some time, if only in part."""
    return [slot for slot in clinic.slots if slot.start < ends and starts < slot.start + slot.length]


def keep_time(clinic: Clinic, starts: float, ends: float) -> None:
    """Keep some time of a session for a meeting; no triage is done in it."""
    clinic.triage_blocks = [(a, b) for a, b in clinic.triage_blocks if b <= starts or ends <= a]
    if clinic.meetings is None:
        clinic.meetings = []
    clinic.meetings.append(MeetingTime(starts, ends))
    clinic.meetings.sort(key=lambda one: one.starts)


def _times(a_week: float, week: int) -> int:
    """Return how many meetings there are in a week, counted from 0: whole ones, what is left over being carried on."""
    return math.floor((week + 1) * a_week + 1e-9) - math.floor(week * a_week + 1e-9)


def _number(clinician: str) -> tuple[int, str]:
    digits = clinician.rpartition(".")[2]
    return (int(digits) if digits.isdecimal() else 10_000, clinician)
