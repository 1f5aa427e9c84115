"""Move prescription work from the GPs to the pharmacists."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.interventions.move_paperwork import work_moved
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Share, share_of_all
from pcqa_sim.values.words import GP

_MEDICATION, _PHARMACIST, _PRESCRIPTION = "medication", "pharmacist", "prescription"


class PharmacistPrescriptions(Intervention):
    """Pharmacists take a share of the GPs' medication appointments, and of the prescriptions they issue."""

    kind: Literal["pharmacist_prescriptions"] = "pharmacist_prescriptions"
    aims = ("back_office_share[role=gp]", "paper_wait_days")
    moved_share: Share = Field(description="share of medication requests seen by a GP that a pharmacist takes")
    paperwork_share: Share = Field(description="share of the prescriptions to issue that pharmacists take from GPs")

    def change(self, practice: Practice) -> Practice:
        """Return the practice whose pharmacists do more; the minutes are the same in other hands."""
        row = practice.triage.places[_MEDICATION]
        moved = row.get(GP, 0.0) * self.moved_share
        taken = row | {GP: row.get(GP, 0.0) - moved, _PHARMACIST: share_of_all(row.get(_PHARMACIST, 0.0) + moved)}
        seen = {f"triage.places.{_MEDICATION}": taken if moved else row}
        written = work_moved(practice, _PRESCRIPTION, GP, _PHARMACIST, self.paperwork_share)
        return with_settings(practice, seen | written)

    def roles(self) -> tuple[str, ...]:
        """Return the two roles between which work moves."""
        return (GP, _PHARMACIST)

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that moves nothing."""
        return cls(moved_share=0, paperwork_share=0)
