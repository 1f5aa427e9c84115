"""Change the access model."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.groups import Triage
from pcqa_sim.values.needs import PLACES


class SwitchTriage(Intervention):
    """Another triage model from a week on, with all its settings.

    Who works here stays: a kind of need that the model would send to a role the practice lacks goes where it went
    before, and those who cover for each other still do where the model's cover names such a role or nobody.
    """

    kind: Literal["switch_triage"] = "switch_triage"
    to: Triage | None = Field(default=None, description="the access model, as in configs/triage")

    def change(self, practice: Practice) -> Practice:
        """Return the practice with the other access model."""
        if self.to is None:
            return practice
        known, own = {*PLACES, *practice.role}, practice.triage
        lacking = {kind for kind, row in self.to.places.items() if not {p for p in row if row[p] > 0} <= known}
        kept = {kind: row for kind, row in own.places.items() if kind in lacking}
        named = {role for name, others in self.to.cover.items() for role in (name, *others)}
        places, cover = self.to.places | kept, self.to.cover if named and named <= known else own.cover
        return with_settings(practice, {"triage": self.to, "triage.places": places, "triage.cover": cover})

    def _strength(self) -> dict[str, Any]:
        return super()._strength() | {"to": "none" if self.to is None else self.to.kind}

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that keeps the access model."""
        return cls(to=None)
