"""The diary: which appointments are free, from when they may be booked, and the one to offer.

A plain data structure: no clock of its own and no luck. Free slots are kept by role, for triage or not, kept for
the day or not, and day, in order of time. Every slot is in one of six states, and the counts by role and release rule
add up: opened = booked for a day to come + free + called in + unused + withdrawn.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pcqa_sim.values.clock import DAY, day_of
from pcqa_sim.values.needs import FACE_TO_FACE, Contact, Slot, SlotRequest

Counts = dict[tuple[str, str], int]
_FreeDays = dict[int, list[Slot]]
_Kept = tuple[str, bool, bool]  # role, for clinician triage, for complex needs


def _counts() -> Counts:
    return defaultdict(int)


def _by_time(slot: Slot) -> tuple[float, str]:
    return slot.start, slot.clinician


@dataclass
class Diary:
    """The appointments of one practice.

    `opened`, `taken`, `returned` (cancelled by the patient), `called` (the clinician turned to the person booked),
    `done` (they came out, or never came), `unused` and `withdrawn` count slots by (role, release rule). `gives_up`
    tells whether what is held for some, or for one mode, is given to others when its time comes near; `mates` has by
    clinician those who share their list.
    """

    opened: Counts = field(default_factory=_counts)
    taken: Counts = field(default_factory=_counts)
    returned: Counts = field(default_factory=_counts)
    called: Counts = field(default_factory=_counts)
    done: Counts = field(default_factory=_counts)
    unused: Counts = field(default_factory=_counts)
    withdrawn: Counts = field(default_factory=_counts)
    gives_up: bool = False
    mates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _kept: dict[_Kept, _FreeDays] = field(default_factory=dict)
    _ahead: dict[_Kept, _FreeDays] = field(default_factory=dict)

    def open(self, slots: Iterable[Slot]) -> None:
        """Add free slots."""
        touched: dict[int, list[Slot]] = {}
        for slot in slots:
            day = self._days(slot).setdefault(day_of(slot.start), [])
            day.append(slot)
            touched[id(day)] = day
            self.opened[slot.role, slot.rule] += 1
        for day in touched.values():
            day.sort(key=_by_time)

    def _days(self, slot: Slot) -> _FreeDays:
        """Return the free slots alike: of the role, for triage, for complex needs, kept for the day, or not."""
        kept = slot.opens // DAY >= slot.start // DAY
        return (self._kept if kept else self._ahead).setdefault((slot.role, slot.triage, slot.complex), {})

    def earliest(self, slot_request: SlotRequest, now: float) -> Slot | None:
        """Return the slot to offer now, or None.

        It is the earliest that can be booked and is wanted; the usual clinician's instead, if that comes at most
        `slot_request.tolerance` days later. Of one day, slots kept for the day come first or last, as it says.
        """
        soonest = self._first(slot_request, now, slot_request.first, slot_request.last, "")
        if not slot_request.usual or (soonest is not None and self._is_with(soonest, slot_request.usual)):
            return soonest
        if soonest is None and not slot_request.beyond_last:
            return None
        day = slot_request.first if soonest is None else day_of(soonest.start)
        longest = day + slot_request.tolerance
        last = longest if slot_request.beyond_last else min(slot_request.last, longest)
        own = self._first(slot_request, now, day, last, slot_request.usual)
        for mate in self.mates.get(slot_request.usual, ()):
            other = self._first(slot_request, now, day, last, mate)
            if other is not None and (own is None or other.start < own.start):
                own = other
        return soonest if own is None else own

    def _is_with(self, slot: Slot, usual: str) -> bool:
        """Tell whether a slot is with a clinician, or with somebody who shares their list."""
        return slot.clinician == usual or slot.clinician in self.mates.get(usual, ())

    def _first(self, slot_request: SlotRequest, now: float, first: int, last: int, clinician: str) -> Slot | None:
        kept_for = slot_request.role, slot_request.triage, slot_request.complex
        kept, ahead = self._kept.get(kept_for, {}), self._ahead.get(kept_for, {})
        today = day_of(now)
        order = (kept, ahead) if slot_request.today_first else (ahead, kept)
        if first <= today:  # only today's slots kept for the day can be bookable already
            for days in order:
                free = days.get(today)
                if free:
                    slot = _fitting(free, slot_request, now, clinician)
                    if slot is not None:
                        return slot
            if self.gives_up:
                slot = self._given_up(slot_request, now, clinician)
                if slot is not None:
                    return slot
            first = today + 1
        for day in range(first, last + 1):
            free = ahead.get(day)
            if free:
                slot = _fitting(free, slot_request, now, clinician)
                if slot is not None:
                    return slot
        return None

    def _given_up(self, slot_request: SlotRequest, now: float, clinician: str) -> Slot | None:
        """Return today's earliest slot held for others, or for another mode, that would do and has been given up."""
        role, today = slot_request.role, day_of(now)
        found = None
        for complex_needs in (False, True):
            for lists in (self._kept, self._ahead):
                for slot in lists.get((role, slot_request.triage, complex_needs), {}).get(today, ()):
                    if found is not None and slot.start >= found.start:
                        break
                    if slot.start <= now or slot.opens > now:
                        continue
                    if _is_given_up(slot, slot_request, now) and (not clinician or slot.clinician == clinician):
                        found = slot
                        break
        return found

    def suits(self, slot: Slot, slot_request: SlotRequest, now: float) -> bool:
        """Tell whether a slot is free and would do for a request, whatever its day."""
        return self.is_free(slot) and slot.triage == slot_request.triage and _is_given_up(slot, slot_request, now)

    def is_free(self, slot: Slot) -> bool:
        """Tell whether a slot can still be booked: nobody has it, or had it and is with the clinician."""
        return slot in self._days(slot).get(day_of(slot.start), ())

    def free_between(self, since: float, until: float) -> list[Slot]:
        """Return the free slots, none for triage, that begin after one minute and by another of the same day."""
        free = (slot for slot in self.free_on(day_of(until)) if since < slot.start <= until and not slot.triage)
        return sorted(free, key=_by_time)

    def kept_for_flagged(self, slot_request: SlotRequest, now: float) -> Slot | None:
        """Return the earliest of the first day's slots that are kept for needs flagged as urgent, or None."""
        kept_for = slot_request.role, slot_request.triage, False
        for lists in (self._kept, self._ahead):
            days = lists.get(kept_for)
            free = None if days is None else days.get(slot_request.first)
            if free:
                slot = _fitting([slot for slot in free if slot.flagged], slot_request, now, "")
                if slot is not None:
                    return slot
        return None

    def online(self, slot_request: SlotRequest, now: float) -> Slot | None:
        """Return the earliest slot bookable in the app now that suits the slot request, or None.

        With `beyond_last`, it is the usual clinician's if that comes at most `slot_request.tolerance` days later.
        """
        soonest = self._first_online(slot_request, now, slot_request.first, slot_request.last, "")
        if not slot_request.beyond_last or (soonest is not None and self._is_with(soonest, slot_request.usual)):
            return soonest
        day = slot_request.first if soonest is None else day_of(soonest.start)
        own = self._first_online(slot_request, now, day, day + slot_request.tolerance, slot_request.usual)
        return soonest if own is None else own

    def _first_online(
        self, slot_request: SlotRequest, now: float, first: int, last: int, clinician: str
    ) -> Slot | None:
        kept_for = slot_request.role, slot_request.triage, False
        both = [self._ahead.get(kept_for, {}), self._kept.get(kept_for, {})]
        for day in range(first, last + 1):
            earliest = None
            for days in both:
                free = days.get(day)
                slot = _fitting(free, slot_request, now, clinician, online=True) if free else None
                if slot is not None and (earliest is None or _by_time(slot) < _by_time(earliest)):
                    earliest = slot
            if earliest is not None:
                return earliest
        return None

    def take(self, slot: Slot, contact: Contact) -> None:
        """Book a free slot for a contact; raise ValueError if it is not free."""
        try:
            self._days(slot).get(day_of(slot.start), []).remove(slot)
        except ValueError:
            raise ValueError(f"the slot at minute {slot.start} is not free") from None
        slot.contact = contact
        self.taken[slot.role, slot.rule] += 1

    def give_back(self, slot: Slot) -> None:
        """Free a booked slot again; raise ValueError if nobody has booked it."""
        if slot.contact is None or slot.withdrawn:
            raise ValueError(f"nobody has booked the slot at minute {slot.start}")
        slot.contact = None
        insort(self._days(slot).setdefault(day_of(slot.start), []), slot, key=_by_time)
        self.returned[slot.role, slot.rule] += 1

    def withdraw(self, slots: Iterable[Slot]) -> list[Contact]:
        """Take slots out of the diary, free or booked; return who had booked them, in order of time."""
        moved = []
        for slot in slots:
            slot.withdrawn = True
            self.withdrawn[slot.role, slot.rule] += 1
            if slot.contact is None:
                self._days(slot)[day_of(slot.start)].remove(slot)
            else:
                moved.append(slot.contact)
                slot.contact = None
                self.returned[slot.role, slot.rule] += 1
        return moved

    def call(self, slot: Slot) -> Contact | None:
        """Turn to a slot whose time has come; return who has booked it, or None: then it stays free until it lapses."""
        contact, slot.contact = slot.contact, None
        if contact is not None:
            self.called[slot.role, slot.rule] += 1
        return contact

    def finish(self, slot: Slot) -> None:
        """Be done with a slot that was called in: the patient has come out, or has not come."""
        self.done[slot.role, slot.rule] += 1

    def lapse(self, day: int) -> Counts:
        """Drop what was left free on a day that is over; return how many by role and rule."""
        left = _counts()
        for slot in self.free_on(day):
            left[slot.role, slot.rule] += 1
        for days in (*self._kept.values(), *self._ahead.values()):
            days.pop(day, None)
        for name, slots in left.items():
            self.unused[name] += slots
        return left

    def free_on(self, day: int) -> Iterator[Slot]:
        """Yield the free slots of a day, of every sort."""
        for days in (*self._kept.values(), *self._ahead.values()):
            yield from days.get(day, ())

    def free_of(self, days: Iterable[int]) -> list[Slot]:
        """Return the free slots that are not kept for anything or anybody, on some days, in order of time."""
        ahead = [free for (_, triage, complex_needs), free in self._ahead.items() if not triage and not complex_needs]
        slots = [slot for day in days for free in ahead for slot in free.get(day, ()) if not slot.flagged]
        return sorted(slots, key=lambda slot: (slot.start, slot.role, slot.clinician))

    def all_free(self) -> Counts:
        """Return how many slots are free on all days, by role and release rule."""
        counts = _counts()
        for days in (*self._kept.values(), *self._ahead.values()):
            for free in days.values():
                for slot in free:
                    counts[slot.role, slot.rule] += 1
        return counts


def _fitting(
    free: list[Slot], slot_request: SlotRequest, now: float, clinician: str, online: bool = False
) -> Slot | None:
    """Return the first of some free slots that can be booked now, in the app if so asked, and suits the request."""
    come_by, modes = now + slot_request.comes_in, slot_request.modes
    urgent, flagged = slot_request.urgent, slot_request.flagged
    for slot in free:
        if (
            slot.opens <= now < slot.start
            and (not online or slot.online)
            and slot.mode in modes
            and (urgent or not slot.urgent or slot.to_all_from <= now)
            and (flagged or not slot.flagged or slot.to_all_from <= now)
            and (not clinician or slot.clinician == clinician)
            and (slot.start > come_by or slot.mode != FACE_TO_FACE)
        ):
            return slot
    return None


def _is_given_up(slot: Slot, slot_request: SlotRequest, now: float) -> bool:
    """Tell whether a slot would do that is held for others or for another mode, now that its time is near."""
    if slot.start <= now or slot.opens > now:
        return False
    to_all = slot.to_all_from <= now
    if not to_all and (
        (slot.urgent and not slot_request.urgent)
        or (slot.complex and not slot_request.complex)
        or (slot.flagged and not slot_request.flagged)
    ):
        return False
    modes = slot_request.modes
    if slot.start <= now + slot_request.comes_in:
        modes -= {FACE_TO_FACE}  # they could not be there in time
    return slot.mode in modes or (slot.converts_from <= now and any(mode in modes for mode in slot.holds))
