"""Change the access model."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.groups import Triage


class SwitchTriage(Intervention):
    """Another triage model from a week on, with all its settings."""

    kind: Literal["switch_triage"] = "switch_triage"
    to: Triage | None = Field(default=None, description="the access model, as in configs/triage")

    def change(self, practice: Practice) -> Practice:
        """Return the practice with the other access model."""
        return practice if self.to is None else practice.model_copy(update={"triage": self.to})

    def _strength(self) -> dict[str, Any]:
        return super()._strength() | {"to": "none" if self.to is None else self.to.kind}

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that keeps the access model."""
        return cls(to=None)
