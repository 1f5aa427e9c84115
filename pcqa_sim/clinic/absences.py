"""Leave and sickness of clinicians, and the locums who stand in for them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from pcqa_sim.clinic.staff import LOCUM
from pcqa_sim.scenario.groups import Role
from pcqa_sim.values.clock import weeks_gone
from pcqa_sim.values.luck import Luck, activity, join, join_array, uniforms

_LEAVE: Final = activity("leave")
_FALLS_ILL: Final = activity("falls_ill")
_ILL_FOR: Final = activity("ill_for")
_LOCUM_FOR_LEAVE: Final = activity("locum_for_leave")
_LOCUM_FOR_SICKNESS: Final = activity("locum_for_sickness")


class Absences:
    """Who is on leave in which week and off sick on which day: luck of the clinician, the same in every scenario."""

    def __init__(self, world: int, days: int, start: dt.date = dt.date(2026, 1, 5)) -> None:
        self._world = join(world, "clinician")
        self._start = start
        self._days = days
        self._leave_begins: dict[str, float] = {}
        self._sick: dict[tuple[str, float, float], set[int]] = {}

    def on_leave(self, clinician: str, share: float, week: int) -> bool:
        """Tell whether a clinician is on leave in a week: spread over the year, colleagues taking turns."""
        return self._on_leave(clinician, share * week, share * (week + 1))

    def on_leave_by_month(self, clinician: str, share: float, week: int, by_month: Mapping[str, float]) -> bool:
        """Tell whether a clinician is on leave in a week, where more is taken in some months than in others."""
        before, after = (weeks_gone(self._start, at, by_month) for at in (week, week + 1))
        return self._on_leave(clinician, share * before, share * after)

    def _on_leave(self, clinician: str, before: float, after: float) -> bool:
        """Tell whether the weeks of leave due before and after a week pass a whole number of the clinician's."""
        role, _, number = clinician.rpartition(".")
        if role not in self._leave_begins:
            self._leave_begins[role] = Luck(join(self._world, role)).u(_LEAVE)
        # The golden ratio spreads colleagues however many they are.
        start = self._leave_begins[role] + int(number) * 0.6180339887
        return math.floor(after + start) > math.floor(before + start)

    def locum_for_leave(self, clinician: str, share: float, week: int) -> str:
        """Return the locum who works a clinician's sessions in a week of leave, "" where there is none."""
        return self._locum(clinician, share, week, _LOCUM_FOR_LEAVE)

    def locum_for_sickness(self, clinician: str, share: float, day: int) -> str:
        """Return the locum who works a clinician's sessions on a day off sick, "" where there is none."""
        return self._locum(clinician, share, day, _LOCUM_FOR_SICKNESS)

    def _locum(self, clinician: str, share: float, when: int, activity_key: int) -> str:
        """Return a locum's key, which says for whom: luck of the clinician and the week or day."""
        if not share or Luck(join(self._world, clinician, when)).u(activity_key) >= share:
            return ""
        role, _, number = clinician.partition(".")
        return f"{role}.{LOCUM}{number}"

    def sick(self, clinician: str, share: float, mean_days: float, day: int) -> bool:
        """Tell whether a clinician is off sick on a day; spells have the mean length in days, weekends counted."""
        if share == 0:
            return False
        spells = self._sick.get((clinician, share, mean_days))
        if spells is None:
            spells = self._sick[clinician, share, mean_days] = self._spells(clinician, share, mean_days)
        return day in spells

    def _spells(self, clinician: str, share: float, mean_days: float) -> set[int]:
        """Return the days on which a clinician is ill; a spell may have begun in the weeks before the run."""
        before = 60
        start = np.full(self._days + before, join(self._world, clinician), dtype=np.uint64)
        keys = join_array(start, np.arange(self._days + before, dtype=np.int64))
        falls_ill = -math.expm1(math.log1p(-share) / mean_days)  # so that the stated share of days is lost
        begins = np.flatnonzero(uniforms(keys, _FALLS_ILL) < falls_ill)
        u = uniforms(keys[begins], _ILL_FOR)
        lasts = np.ceil(np.log1p(-u) / math.log1p(-1 / mean_days)) if mean_days > 1 else np.ones(len(begins))
        return {int(day) - before + n for day, length in zip(begins, lasts, strict=True) for n in range(int(length))}


def is_away(absences: Absences, clinician: str, role: Role, week: int) -> bool:
    """Tell whether a clinician is on leave in a week."""
    share, by_month = role.absence.leave_share, role.absence.leave_by_month
    if by_month:
        return absences.on_leave_by_month(clinician, share, week, by_month)
    return absences.on_leave(clinician, share, week)
