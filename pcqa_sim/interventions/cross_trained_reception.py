"""Train the people at the desk and the inbox to answer the phone when callers wait."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import AtLeastOne


class CrossTrainedReception(Intervention):
    """Free people at the desk and the inbox help to answer while callers wait; one person stays at the desk."""

    kind: Literal["cross_trained_reception"] = "cross_trained_reception"
    from_waiting: AtLeastOne | None = Field(
        default=None, le=10_000, description="callers waiting before they help; null: never"
    )

    def change(self, practice: Practice) -> Practice:
        """Return the practice whose desk and inbox help to answer."""
        if self.from_waiting is None:
            return practice
        return with_settings(practice, {"rota.helps_phone_from": self.from_waiting})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention in which nobody helps."""
        return cls()
