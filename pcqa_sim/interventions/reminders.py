"""Remind people of their appointments."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.fields import Share
from pcqa_sim.scenario.groups import LeadTimeRates


class Reminders(Intervention):
    """Fewer appointments are missed, whatever their lead time."""

    kind: Literal["reminders"] = "reminders"
    fewer_share: Share = Field(description="share of missed appointments that are attended with a reminder")

    def change(self, practice: Practice) -> Practice:
        """Return the practice that sends reminders."""
        missing = practice.appointments.not_attending
        rates = {name: rate * (1 - self.fewer_share) for name, rate in missing.lead.model_dump().items()}
        reminded = missing.model_copy(update={"lead": LeadTimeRates(**rates)})
        appointments = practice.appointments.model_copy(update={"not_attending": reminded})
        return practice.model_copy(update={"appointments": appointments})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that reminds nobody."""
        return cls(fewer_share=0)
