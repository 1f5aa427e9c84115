"""Somebody answers the telephone in hours in which nobody, or too few, did."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Count
from pcqa_sim.scenario.groups import Duty, OpeningHours
from pcqa_sim.values.clock import WEEKDAYS

_ROSTERS = ("monday", "tuesday_friday", *WEEKDAYS[1:5], "after_closure")


class CoverPhones(Intervention):
    """At least so many people are on the telephone in these hours of every weekday on which anybody is at all."""

    kind: Literal["cover_phones"] = "cover_phones"
    aims = ("missed_share", "queue_wait_min", "attempts_answered_share")
    hours: OpeningHours = Field(description="on working days")
    people: Count = Field(le=1000, description="people on the telephone in these hours, at the least")

    def change(self, practice: Practice) -> Practice:
        """Return the practice with that cover; where as many are there already, the practice as it is."""
        scale = practice.rota.scale(practice.list_size) * practice.rota.phone_level
        rosters = _rosters(practice.rota.phone)
        covered = {f"rota.phone.{name}": self._covered(own, scale) for name, own in rosters.items()}
        return with_settings(practice, covered)

    def _covered(self, roster: Mapping[int, float], scale: float) -> dict[int, float]:
        """Return a roster with at least so many people in the hours, on a day on which anybody is rostered."""
        if not any(roster.values()):
            return dict(roster)
        found: dict[int, float] = {}
        here = before = 0.0
        for minute in sorted({*roster, self.hours.opens, self.hours.closes}):
            here = roster.get(minute, here)
            now = self._at_least(here, scale) if self.hours.opens <= minute < self.hours.closes else here
            if minute in roster or now != before:
                found[minute] = before = now
        return found

    def _at_least(self, rostered: float, scale: float) -> float:
        """Return who is rostered, or as many as come to the people wanted when the roster is scaled to the list."""
        there = max(1, math.floor(rostered * scale + 1e-9)) if rostered else 0
        return rostered if there >= self.people else float(math.ceil(self.people / scale - 1e-9))

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that asks for nobody."""
        return cls(hours=OpeningHours.model_validate({"opens": "13:00", "closes": "18:30"}), people=0)


def _rosters(duty: Duty) -> dict[str, dict[int, float]]:
    return {name: roster for name in _ROSTERS if (roster := getattr(duty, name)) is not None}
