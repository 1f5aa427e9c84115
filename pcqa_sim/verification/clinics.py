"""Clinicians' lists for the diary's bench: which slots there are on which day, and what each person asks of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from pcqa_sim.clinic.session import released_slot
from pcqa_sim.scenario.groups import Release
from pcqa_sim.values.clock import DAY, day_of
from pcqa_sim.values.distributions import Choice
from pcqa_sim.values.faults import nearest
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import FACE_TO_FACE, Contact, Slot, SlotRequest
from pcqa_sim.verification import arguments
from pcqa_sim.verification.arguments import refuse

_TODAY = activity("bench_wants_today")
_CLINIC = activity("bench_clinic")

POOL = "any"


@dataclass(frozen=True)
class Clinic:
    """One clinician's list: blocks of (slots, name of their release rule), from a minute of each of its days on.

    `weekdays` are the days it is held on, 0 is Monday; `minutes` is the length of a slot.
    """

    slots: Sequence[tuple[int, str]]
    starts: float = 540.0
    minutes: float = 10.0
    weekdays: Sequence[int] = (0, 1, 2, 3, 4)


class Lists:
    """Every clinic's slots, made day by day by their release rules."""

    def __init__(
        self, clinics: Mapping[str, Clinic], releases: Mapping[str, Release], horizon: int, pooled: bool
    ) -> None:
        if not clinics:
            raise refuse("clinics", "none", "one clinic at least")
        for name, clinic in clinics.items():
            _check(name, clinic, releases)
        self.clinics, self.horizon, self.pooled = clinics, horizon, pooled
        self._releases = releases
        self._made: dict[tuple[str, int], list[Slot]] = {}

    def of(self, name: str, day: int) -> list[Slot]:
        """Return the slots of one clinic on a day, the same ones however often it is asked."""
        if (name, day) not in self._made:
            self._made[name, day] = self._make(name, day)
        return self._made[name, day]

    def forget(self, day: int) -> None:
        """Drop the slots of a day that is over."""
        for name in self.clinics:
            self._made.pop((name, day), None)

    def role(self, name: str) -> str:
        """Return what the diary knows a clinic's slots by: one role for all of a pool."""
        return POOL if self.pooled else name

    def _make(self, name: str, day: int) -> list[Slot]:
        clinic = self.clinics[name]
        if day % 7 not in clinic.weekdays:
            return []
        rules = chain.from_iterable([rule] * count for count, rule in clinic.slots)
        first = day * DAY + clinic.starts
        length, role = clinic.minutes, self.role(name)
        return [
            released_slot(self._releases[rule], first + n * length, length, role, name, FACE_TO_FACE, rule)
            for n, rule in enumerate(rules)
        ]


def _check(name: str, clinic: Clinic, releases: Mapping[str, Release]) -> None:
    """Refuse a clinic that cannot be held."""
    at = f"clinics.{name}"
    length = arguments.above_zero(f"{at}.minutes", clinic.minutes)
    ends = arguments.minutes(f"{at}.starts", clinic.starts)
    for count, rule in clinic.slots:
        ends += length * arguments.whole(f"{at}.slots", count, "(slots, release rule), a whole number of slots")
        if rule not in releases:
            known = nearest(rule, releases) or ", ".join(releases)
            raise refuse(f"{at}.slots", rule, f"a release rule there is: {known}")
    if ends > DAY:
        raise refuse(at, f"ends at minute {ends:g}", "over by midnight")
    if not set(clinic.weekdays) <= set(range(7)):
        raise refuse(f"{at}.weekdays", clinic.weekdays, "days from 0 (Monday) to 6")


class Whose:
    """What each person asks of the diary."""

    def __init__(self, lists: Lists, shares: Mapping[str, float] | None, today_share: float, latest_days: int) -> None:
        self._lists = lists
        self._today_share = arguments.share("today_share", today_share)
        self._latest = min(arguments.whole("latest_days", latest_days), lists.horizon)
        if shares is not None and lists.pooled:
            raise refuse("shares", dict(shares), "given with pooled=False alone")
        if shares is not None and set(shares) != set(lists.clinics):
            raise refuse("shares", dict(shares), f"one share for each clinic: {', '.join(lists.clinics)}")
        weights = [1.0 if shares is None else arguments.share("shares", shares[name]) for name in lists.clinics]
        if not sum(weights) > 0:
            raise refuse("shares", dict(shares or {}), "above 0 for one clinic at least")
        self._choice = Choice(tuple(lists.clinics), tuple(weights))

    def slot_request(self, contact: Contact, now: float) -> SlotRequest:
        """Return what a person asks for, now."""
        luck, today = contact.need.luck, day_of(now)
        role = self._lists.role(self._choice.pick(luck.first(_CLINIC)))
        urgent = self._today_share > 0 and luck.first(_TODAY) < self._today_share
        last = today if urgent else today + self._latest
        return SlotRequest(role, today, last, urgent=urgent, today_first=urgent)
