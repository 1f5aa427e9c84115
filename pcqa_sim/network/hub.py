"""A network's hub: a diary of its own that all practices' receptions book from, and evenings and Saturdays.

A slot stands in one diary at a time. Who books it has it moved from the hub's diary into their practice's, so it cannot
be booked twice; cancelled, it goes back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pcqa_sim.clinic.diary import Diary
from pcqa_sim.clinic.rota import take_rooms, visit
from pcqa_sim.clinic.session import Clinic
from pcqa_sim.network.rounds import THE_HUB, Rounds
from pcqa_sim.scenario import Scenario
from pcqa_sim.scenario.groups import EnhancedAccess, Hub
from pcqa_sim.scenario.sharing import minutes_open
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import FACE_TO_FACE, HUB_RULE, Slot

_EVENING = "evening"


class HubDiary:
    """The hub's appointments; `clinics_on` has the sessions of each day that is open for booking."""

    def __init__(self, scenario: Scenario, hub: Hub, rounds: Rounds) -> None:
        self.diary = Diary()
        self.clinics_on: dict[int, list[Clinic]] = {}
        self.keeps_free: Callable[[int, list[Clinic]], None] | None = None  # for meetings
        self._scenario, self._hub, self._rounds = scenario, hub, rounds
        self._calendar = scenario.calendar.working()
        self._first = next(iter(scenario.practices))
        people = sum(practice.list_size for practice in scenario.practices.values())
        access = hub.enhanced_access
        self._evenings = None if access is None else _Evenings(access, people)
        self._open_to = -1

    def turn_to(self, scenario: Scenario) -> None:
        """Follow another scenario from now on, in which all that could be seen until now is the same."""
        self._scenario = scenario

    def open_to(self, day: int) -> None:
        """Put the slots of all days up to one in the diary."""
        for next_day in range(self._open_to + 1, day + 1):
            self._open_day(next_day)
        self._open_to = max(self._open_to, day)

    def _open_day(self, day: int) -> None:
        settings, lists = self._scenario.in_force(self._first, day // 7), list[Clinic]()
        if self._calendar.hours_of(day) is not None:
            lists += [visit(settings, stay, day) for stay in self._rounds.at(THE_HUB, day)]
        if self._evenings is not None and not self._calendar.is_bank_holiday(day):
            lists += self._evenings.of_day(day)
        take_rooms(lists, settings, self._hub.rooms)
        if self.keeps_free is not None:
            self.keeps_free(day, lists)
        for clinic in lists:
            for slot in clinic.slots:
                slot.site, slot.rule = THE_HUB, HUB_RULE
                slot.online = False
        self.clinics_on[day] = lists
        self.diary.open(slot for clinic in lists for slot in clinic.slots)

    def off_sick(self, day: int) -> list[Clinic]:
        """Take the sessions of those who are off sick out of a day, and return them; their free slots are withdrawn."""
        settings = self._scenario.in_force(self._first, day // 7)
        sick = [c for c in self.clinics_on[day] if self._rounds.is_sick(c.shared_by, settings.role[c.role], day)]
        self.clinics_on[day] = [clinic for clinic in self.clinics_on[day] if clinic not in sick]
        for clinic in sick:
            self.diary.withdraw([slot for slot in clinic.slots if slot.loan is None])
        return sick

    def clear(self, clinic: Clinic, slots: list[Slot]) -> None:
        """Take slots of a session still to come out of the diary; who has booked one is given another by their own."""
        clinic.slots = [slot for slot in clinic.slots if slot not in slots]
        self.diary.withdraw([slot for slot in slots if slot.loan is None])
        for slot in slots:
            if slot.loan is not None and slot.contact is not None:
                slot.loan.call_off(slot)

    def has_all_of(self, role: str) -> bool:
        """Tell whether practices have nobody of their own of a role."""
        return role in self._rounds.instead_of_own

    def let_go(self, slot: Slot) -> None:
        """Take a free slot out of the diary, so that it can stand in a practice's."""
        self.diary.withdraw([slot])
        slot.withdrawn = False

    def take_in(self, slots: Sequence[Slot]) -> None:
        """Take back slots that practices had."""
        self.diary.open(slots)

    def unused(self, day: int) -> list[Slot]:
        """Let what nobody booked on a day lapse; return it in order of time."""
        left = sorted(self.diary.free_on(day), key=lambda slot: (slot.start, slot.clinician))
        self.diary.lapse(day)
        self.clinics_on.pop(day, None)
        return left


class _Evenings:
    """Sessions of evenings and Saturdays: as many minutes a week as said, what is left over carried on."""

    def __init__(self, access: EnhancedAccess, people: int) -> None:
        self._access = access
        self._a_minute = access.min_per_1000_week * people / 1000 / minutes_open(access)
        self._owed = 0.0
        self._had = dict.fromkeys(access.roles, 0.0)

    def of_day(self, day: int) -> list[Clinic]:
        """Return the sessions of a day; they are asked for day by day."""
        found = list[Clinic]()
        for starts, ends in self._access.windows(day % 7):
            self._owed += self._a_minute * (ends - starts)
            many = max(0, round(self._owed / (ends - starts)))
            self._owed -= many * (ends - starts)
            found += [self._session(day, starts, ends, number + 1) for number in range(many)]
        return found

    def _session(self, day: int, starts: int, ends: int, number: int) -> Clinic:
        shares, given = self._access.roles, sum(self._had.values()) + ends - starts
        role = max(shares, key=lambda name: (shares[name] * given - self._had[name], name))
        self._had[role] += ends - starts
        at, slots = float(day * DAY + starts), list[Slot]()
        opens = float((day - self._access.bookable_days) * DAY)
        who, minutes = f"{role}.{_EVENING}_{number}", self._access.slot_min
        while at + minutes <= day * DAY + ends + 1e-9:
            slot = Slot(at, minutes, role, who, FACE_TO_FACE, HUB_RULE, opens)
            slots.append(slot)
            at += minutes
        clinic = Clinic(role, who, float(day * DAY + starts), float(day * DAY + ends), slots)
        clinic.shared_by = f"{_EVENING}_{role}.{number}"
        return clinic
