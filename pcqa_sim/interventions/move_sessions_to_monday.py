"""Move sessions to Monday, when most people ask."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import OfRole
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Share
from pcqa_sim.values.words import GP

_OTHERS = ("tuesday", "wednesday", "thursday", "friday")


class MoveSessionsToMonday(OfRole):
    """A share of every other weekday's sessions of one role is worked on Monday instead."""

    kind: Literal["move_sessions_to_monday"] = "move_sessions_to_monday"
    moved_share: Share = Field(description="share of the sessions from Tuesday to Friday")

    def change(self, practice: Practice) -> Practice:
        """Return the practice with more sessions on Monday and as many in the week."""
        own = practice.role[self.role]
        moved = {day: own.weekday_factor[day] * self.moved_share for day in _OTHERS}
        factor = {day: value - moved.get(day, 0.0) for day, value in own.weekday_factor.items()}
        factor["monday"] += sum(moved.values())
        return with_settings(practice, {f"role.{self.role}.weekday_factor": factor})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that moves none."""
        return cls(role=GP, moved_share=0)
