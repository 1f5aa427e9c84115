"""Keep so many sessions of a role, and take the others away."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import OfRole
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import NotNegative
from pcqa_sim.scenario.team import weekly_sessions
from pcqa_sim.values.words import GP


class KeepSessions(OfRole):
    """A role works at most so many half days a week; of people by name they are taken evenly from the week."""

    kind: Literal["keep_sessions"] = "keep_sessions"
    most: NotNegative | None = Field(default=None, le=10_000, description="half days a week at most; none: all of them")

    def change(self, practice: Practice) -> Practice:
        """Return the practice with at most so many sessions of the role."""
        here = weekly_sessions(practice, self.role)
        if self.most is None or self.most >= here:
            return practice
        level = practice.fte_level.get(self.role, 1.0) * self.most / here
        return with_settings(practice, {f"fte_level.{self.role}": level})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that keeps all."""
        return cls(role=GP)
