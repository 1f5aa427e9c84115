"""Move prescription work from the GPs to the pharmacists."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.rota import GP
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.fields import Share

_MEDICATION, _PHARMACIST, _PRESCRIPTION = "medication", "pharmacist", "prescription"


class PharmacistPrescriptions(Intervention):
    """Pharmacists take a share of the GPs' medication appointments, and of the prescriptions they issue."""

    kind: Literal["pharmacist_prescriptions"] = "pharmacist_prescriptions"
    moved_share: Share = Field(description="share of medication requests seen by a GP that a pharmacist takes")
    paperwork_share: Share = Field(description="share of the prescriptions to issue that pharmacists take from GPs")

    def change(self, practice: Practice) -> Practice:
        """Return the practice whose pharmacists do more; the minutes are the same in other hands."""
        row = practice.triage.places[_MEDICATION]
        moved = row.get(GP, 0.0) * self.moved_share
        taken = row | {GP: row.get(GP, 0.0) - moved, _PHARMACIST: row.get(_PHARMACIST, 0.0) + moved}
        places = practice.triage.places | {_MEDICATION: taken if moved else row}
        triage = practice.triage.model_copy(update={"places": places})
        office = practice.backoffice.with_work_moved(_PRESCRIPTION, GP, _PHARMACIST, self.paperwork_share)
        return practice.model_copy(update={"triage": triage, "backoffice": office})

    def roles(self) -> tuple[str, ...]:
        """Return the two roles between which work moves."""
        return (GP, _PHARMACIST)

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that moves nothing."""
        return cls(moved_share=0, paperwork_share=0)
