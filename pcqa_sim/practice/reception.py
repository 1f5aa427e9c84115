"""Reception: call handlers and telephone, desk and inbox, the rosters of both, and people lent to the phones."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import Any, Final

from pcqa_sim.clinic.absences import Absences
from pcqa_sim.clinic.need_rules import KindRules
from pcqa_sim.clinic.reception_rota import call_handlers, call_handlers_absent, front_desk, with_extended
from pcqa_sim.frontdoor.cross_training import CrossTrained
from pcqa_sim.frontdoor.phone import Phone, PhoneRules
from pcqa_sim.kernel.environment import Environment, Event
from pcqa_sim.kernel.pool import Pool
from pcqa_sim.practice.recorder import Recorder
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.groups import ExtendedHours
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WEEKDAYS, WorkingCalendar, day_of
from pcqa_sim.values.distributions import LogNormal
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import DESK, Contact, Need
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK

_ADMIN_LINE: Final = activity("keeps_to_admin_line")
_FRONT_MIN: Final = activity("minutes_at_desk_or_inbox", often=True)

DESK_FIRST: Final = 0  # whom the people at the desk and inbox see to first
INBOX_NEXT: Final = 1
MOVING_LAST: Final = 2


@mypyc_attr(allow_interpreted_subclasses=True)
class Reception:
    """One practice's reception: `handlers` answer the phone, `front` are the people at desk and inbox.

    Practices that share a reception have their call handlers in one pool, to which each brings its own.
    """

    def __init__(
        self,
        env: Environment,
        recorder: Recorder,
        calendar: WorkingCalendar,
        settings: Practice,
        handlers: Pool | None = None,
    ) -> None:
        self._env = env
        self._recorder = recorder
        self._calendar = calendar
        self._extended: dict[int, tuple[int, int]] = {}
        self.handlers = Pool(env) if handlers is None else handlers
        self._own_handlers = 0
        self.front = Pool(env)
        self.phone = Phone(env, self.handlers, recorder, PhoneRules.of(settings.phones), self.lines_open)
        self._cross_trained = CrossTrained(self.handlers, self.front, self._note_moved)

    def use(self, settings: Practice, kinds: Mapping[str, KindRules]) -> None:
        """Let settings take effect; calls under way go on."""
        self._admin_line = settings.phones.admin_line
        extended = settings.phones.extended_hours
        self._extended = {WEEKDAYS.index(day): (one.opens, one.closes) for day, one in extended.items() if one}
        self._kinds = kinds
        self._channels = channels = settings.channels
        self._desk = LogNormal.from_mean(channels.desk_min, channels.desk_cv) if channels.desk_cv else None
        self._inbox = LogNormal.from_mean(channels.inbox_min, channels.inbox_cv) if channels.inbox_cv else None
        clinical = [] if settings.phones.menu.informs_clinical else _clinical(kinds)
        self.phone.rules = replace(PhoneRules.of(settings.phones), never_informed=frozenset(clinical))
        self._cross_trained.follow(settings.rota.helps_phone_from)

    def lines_open(self, minute: float) -> bool:
        """Tell whether calls are answered at a minute: in opening hours, and in the extended hours of the lines."""
        return self._calendar.is_open(minute) or self._in_extended_hours(minute)

    def _in_extended_hours(self, minute: float) -> bool:
        day = day_of(minute)
        opens, closes = self._extended.get(day % 7, (0, 0))
        return opens <= minute % DAY < closes and not self._calendar.is_bank_holiday(day)

    def close_lines(self) -> None:
        """Close the lines at the end of opening hours, unless calls are answered beyond them."""
        if not self._in_extended_hours(self._env.now):
            self.phone.close()

    def close_extended_lines(self) -> None:
        """Close the lines where extended hours end and opening hours have not begun."""
        if not self.lines_open(self._env.now):
            self.phone.close()

    def keeps_to_admin_line(self, need: Need) -> bool:
        """Tell whether a person would call the line for administrative requests, and not the main one."""
        line = self._admin_line
        if line is None or not self._kinds[need.kind].administrative:
            return False
        return need.luck.first(_ADMIN_LINE) < line.used_share

    def minutes_at(self, place: str, need: Need) -> float:
        """Return the minutes a contact takes at the desk, or in the inbox: all alike, unless they vary."""
        desk = place == DESK
        varies = self._desk if desk else self._inbox
        if varies is not None:
            return varies.quantile(need.luck.u(_FRONT_MIN))
        return self._channels.desk_min if desk else self._channels.inbox_min

    def serve(self, contact: Contact, priority: float, minutes: float) -> Generator[Event, Any, None]:
        """Wait for somebody at the desk and inbox, and take their minutes."""
        request = self.front.ask(priority)
        yield from self.front.wait(request)
        self._recorder.note(contact, log.FRONT_SEEN, FRONT_DESK, amount=minutes)
        yield self._env.timeout(minutes)
        self.front.release(request)

    def roster(self, handlers: int) -> None:
        """Change how many people answer calls."""
        self._cross_trained.end()
        self.handlers.resize(self.handlers.capacity + handlers - self._own_handlers)
        self._own_handlers = handlers
        self._recorder.note_world(log.ROSTER, CALL_HANDLER, amount=handlers)

    def roster_front(self, people: int) -> None:
        """Change how many people are at the desk and the inbox."""
        self._cross_trained.end()
        self.front.resize(people)
        self._recorder.note_world(log.ROSTER, FRONT_DESK, amount=people)

    def _note_moved(self, handlers: int, front: int) -> None:
        """Write that people of reception changed places."""
        self._recorder.note_world(log.ROSTER, CALL_HANDLER, amount=handlers)
        self._recorder.note_world(log.ROSTER, FRONT_DESK, amount=front)


def _clinical(kinds: Mapping[str, KindRules]) -> list[str]:
    return [name for name, rules in kinds.items() if not rules.administrative]


def phone_roster(settings: Practice, absences: Absences, calendar: WorkingCalendar, day: int) -> dict[int, int]:
    """Return who answers calls on a day, less those off sick: minute of the day -> people from then on."""
    people: dict[int, int] = {}
    if calendar.hours_of(day) is not None:
        first = calendar.first_after_closure(day)
        absent = call_handlers_absent(settings, absences, day % 7, day, first)
        people = call_handlers(settings, day % 7, absent, first)
    hours = extended_hours(settings, calendar, day)
    return people if hours is None else with_extended(people, hours)


def extended_hours(settings: Practice, calendar: WorkingCalendar, day: int) -> ExtendedHours | None:
    """Return the hours of a day in which calls are answered beside the opening hours, None where there are none."""
    return None if calendar.is_bank_holiday(day) else settings.phones.extended_hours.get(WEEKDAYS[day % 7])


def front_roster(settings: Practice, day: int) -> dict[int, int]:
    """Return who is at the desk and inbox on a working day: minute of the day -> people from then on."""
    return front_desk(settings, day % 7)
