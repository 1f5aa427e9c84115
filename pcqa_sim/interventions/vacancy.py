"""A post that stays empty: a pressure, and nothing that a team would try."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import OfRole
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Share
from pcqa_sim.values.words import GP


class Vacancy(OfRole):
    """A share of a role's posts is empty for some weeks."""

    kind: Literal["vacancy"] = "vacancy"
    pressure: ClassVar[bool] = True
    aims = ("told_another_day_per_working_day", "lead_time_days", "paper_wait_days")
    empty_share: Share = Field(description="share of the role's posts that is empty")

    def change(self, practice: Practice) -> Practice:
        """Return the practice without them; raise ValueError where nobody of the role works here anyway."""
        if self.empty_share == 0:
            return practice
        if not practice.works(self.role):
            raise ValueError(f"role: nobody works as {self.role} here")
        left = practice.fte_level.get(self.role, 1.0) * (1 - self.empty_share)
        return with_settings(practice, {f"fte_level.{self.role}": left})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that leaves no post empty."""
        return cls(role=GP, empty_share=0.0)
