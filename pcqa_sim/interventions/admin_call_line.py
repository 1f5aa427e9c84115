"""Give administrative requests a telephone line of their own, away from the morning."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Share
from pcqa_sim.scenario.groups import AdminLine, OpeningHours


class AdminCallLine(Intervention):
    """A line for calls about paperwork, with its own hours; the same people answer it, after the main line."""

    kind: Literal["admin_call_line"] = "admin_call_line"
    hours: OpeningHours = Field(description="on working days")
    used_share: Share = Field(description="share of those calling with an administrative need who keep to it")

    def change(self, practice: Practice) -> Practice:
        """Return the practice with the line; where nobody keeps to it, the practice as it is."""
        if self.used_share == 0:
            return practice
        line = AdminLine(hours=self.hours, used_share=self.used_share)
        return with_settings(practice, {"phones.admin_line": line})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention with a line that nobody keeps to."""
        return cls(hours=OpeningHours.model_validate({"opens": "10:00", "closes": "16:00"}), used_share=0)
