"""The slot book: which appointments are free, when they may be booked, and the one to offer.

A plain data structure: no clock of its own and no luck. Slots are kept by release rule and day, in order of time.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field

from pcqa_sim.clock import DAY, day_of
from pcqa_sim.needs import AHEAD, ON_THE_DAY, Contact, Slot


@dataclass
class SlotBook:
    """Free slots by release rule and day.

    On-the-day slots can be booked only on their day, from `released_at` (minute of the day) on; slots ahead from
    `horizon_days` before theirs. `opened` and `taken` count slots by release rule, so that the book can be checked:
    opened = taken + free + lapsed.
    """

    released_at: int
    horizon_days: int
    _free: dict[str, dict[int, list[Slot]]] = field(default_factory=lambda: {ON_THE_DAY: {}, AHEAD: {}})
    _booked: dict[Slot, Contact] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=lambda: {ON_THE_DAY: 0, AHEAD: 0})
    taken: dict[str, int] = field(default_factory=lambda: {ON_THE_DAY: 0, AHEAD: 0})
    lapsed: dict[str, int] = field(default_factory=lambda: {ON_THE_DAY: 0, AHEAD: 0})

    def open(self, slots: Iterable[Slot]) -> None:
        """Add slots to the book."""
        for slot in slots:
            insort(self._free[slot.release].setdefault(day_of(slot.start), []), slot)
            self.opened[slot.release] += 1

    def free(self, release: str, day: int) -> int:
        """Return how many slots of a release rule are free on a day, whether or not they are bookable yet."""
        return len(self._free[release].get(day, ()))

    def ahead(self, days: int) -> list[Slot]:
        """Return the free slots ahead of the first days of a run, in order of time."""
        return [slot for day in range(days) for slot in self._free[AHEAD].get(day, ())]

    def all_free(self) -> dict[str, int]:
        """Return how many slots are free on all days, by release rule."""
        return {release: sum(map(len, days.values())) for release, days in self._free.items()}

    def earliest(self, release: str, now: float, latest_days: int) -> Slot | None:
        """Return the earliest slot bookable now that starts after `now`, at most `latest_days` ahead, or None."""
        today = day_of(now)
        if release == ON_THE_DAY:
            days = range(today, today + (1 if now % DAY >= self.released_at else 0))
        else:
            days = range(today, today + min(latest_days, self.horizon_days) + 1)
        for day in days:
            for slot in self._free[release].get(day, ()):
                if slot.start > now:
                    return slot
        return None

    def take(self, slot: Slot, contact: Contact | None = None) -> None:
        """Book a free slot for a contact; raise ValueError if it is not free."""
        slots = self._free[slot.release].get(day_of(slot.start), [])
        if slot not in slots:
            raise ValueError(f"the slot at minute {slot.start} is not free")
        slots.remove(slot)
        self.taken[slot.release] += 1
        if contact is not None:
            self._booked[slot] = contact

    def booked(self, slot: Slot) -> Contact | None:
        """Return who has booked a slot, or None."""
        return self._booked.get(slot)

    def call(self, slot: Slot) -> Contact | None:
        """Call in who has booked a slot, or None; the booking is then used."""
        return self._booked.pop(slot, None)

    def lapse(self, day: int) -> dict[str, int]:
        """Drop what was left free on a past day; return how many by release rule."""
        left = {release: len(self._free[release].pop(day, [])) for release in (ON_THE_DAY, AHEAD)}
        for release, slots in left.items():
            self.lapsed[release] += slots
        return left
