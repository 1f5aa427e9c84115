"""Offer more appointments for the day itself."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Count


class MoreOnTheDaySlots(Intervention):
    """More slots on every working day, released on the day; clinicians come with them."""

    kind: Literal["more_on_the_day_slots"] = "more_on_the_day_slots"
    extra: Count = Field(le=10_000, description="slots a working day on top of the practice's own")

    def change(self, practice: Practice) -> Practice:
        """Return the practice with `extra` on-the-day slots more."""
        more = practice.appointments.extra_on_the_day_slots + self.extra
        return with_settings(practice, {"appointments.extra_on_the_day_slots": more})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention with no slot more."""
        return cls(extra=0)
