"""Cap the patients of a session: safe working."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import OfRole
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import AtLeastOne


class CapContactsPerSession(OfRole):
    """A session of one role holds at most so many appointments; the access model says what becomes of the others."""

    kind: Literal["cap_contacts_per_session"] = "cap_contacts_per_session"
    most: AtLeastOne | None = Field(default=None, le=200, description="appointments a session; none: no cap")

    def change(self, practice: Practice) -> Practice:
        """Return the practice whose sessions end with the last appointment allowed."""
        own = practice.role[self.role]
        if self.most is None:
            return practice
        left, kept = self.most, []
        for block in own.template:
            slots = min(block.slots, left)
            left -= slots
            if slots:
                kept.append(with_settings(block, {"slots": slots}))
        return with_settings(practice, {f"role.{self.role}.template": kept})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention without a cap."""
        return cls(role="gp")
