"""Remind people of their appointments."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Share


class Reminders(Intervention):
    """Fewer appointments are missed, whatever their lead time."""

    kind: Literal["reminders"] = "reminders"
    fewer_share: Share = Field(description="share of missed appointments that are attended with a reminder")

    def change(self, practice: Practice) -> Practice:
        """Return the practice that sends reminders."""
        lead = practice.appointments.not_attending.lead.model_dump()
        rates = {name: rate * (1 - self.fewer_share) for name, rate in lead.items()}
        return with_settings(practice, {"appointments.not_attending.lead": rates})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that reminds nobody."""
        return cls(fewer_share=0)
