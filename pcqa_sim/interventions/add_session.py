"""Add sessions of a role."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import OfRole
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import NotNegative
from pcqa_sim.values.words import GP


class AddSession(OfRole):
    """More half days a week of one role, worked as the others are."""

    kind: Literal["add_session"] = "add_session"
    sessions: NotNegative = Field(le=1000, description="half days a week on top of the practice's own")

    def change(self, practice: Practice) -> Practice:
        """Return the practice with so many sessions a week more."""
        own = practice.role[self.role]
        per_level = own.weekly_sessions(practice.list_size)
        if self.sessions == 0:
            return practice
        if per_level == 0:
            raise ValueError(f"{self.role} has no full-time equivalents to add to")
        level = practice.fte_level.get(self.role, 1.0) + self.sessions / per_level
        return with_settings(practice, {f"fte_level.{self.role}": level})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that adds none."""
        return cls(role=GP, sessions=0)
