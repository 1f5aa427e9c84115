"""Train reception to offer somebody other than a GP."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Share, share_of_all
from pcqa_sim.values.words import GP


class CareNavigationTraining(Intervention):
    """Reception sends a share of those who would go to a GP to the other roles with scope for their need."""

    kind: Literal["care_navigation_training"] = "care_navigation_training"
    moved_share: Share = Field(description="share of each kind of need's GP appointments that others take")

    def change(self, practice: Practice) -> Practice:
        """Return the practice whose reception sends fewer people to a GP."""
        places = {kind: self._row(practice, kind, row) for kind, row in practice.triage.places.items()}
        return with_settings(practice, {"triage.places": places})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that moves nobody."""
        return cls(moved_share=0)

    def _row(self, practice: Practice, kind: str, row: dict[str, float]) -> dict[str, float]:
        """Return where a kind of need goes: what is taken from the GPs is shared as the others share it already."""
        others = {place: share for place, share in row.items() if place in practice.role and place != GP and share > 0}
        moved = row.get(GP, 0.0) * self.moved_share
        if not others or not moved:
            return row
        more = {place: moved * share / sum(others.values()) for place, share in others.items()}
        more[GP] = -moved
        return {place: share_of_all(share + more.get(place, 0.0)) for place, share in row.items()}
