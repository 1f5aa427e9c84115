"""Rent more telephone lines."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Count


class MorePhoneLines(Intervention):
    """More lines: fewer engaged tones, and longer queues if nobody more answers."""

    kind: Literal["more_phone_lines"] = "more_phone_lines"
    extra: Count = Field(le=1000, description="lines on top of the practice's own")

    def change(self, practice: Practice) -> Practice:
        """Return the practice with `extra` lines more."""
        return with_settings(practice, {"phones.lines": practice.phones.lines + self.extra})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention with no line more."""
        return cls(extra=0)
