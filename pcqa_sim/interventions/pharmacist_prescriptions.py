"""Move prescription work from the GPs to the pharmacists."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.rota import GP
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.fields import Share
from pcqa_sim.scenario.groups import BackOffice

_MEDICATION, _PHARMACIST = "medication", "pharmacist"


class PharmacistPrescriptions(Intervention):
    """Pharmacists take a share of the GPs' medication appointments, and of the paperwork the list makes for them."""

    kind: Literal["pharmacist_prescriptions"] = "pharmacist_prescriptions"
    moved_share: Share = Field(description="share of medication requests seen by a GP that a pharmacist takes")
    paperwork_share: Share = Field(description="share of the GPs' paperwork from the list that pharmacists take")

    def change(self, practice: Practice) -> Practice:
        """Return the practice whose pharmacists do more; the minutes are the same in other hands."""
        gp, pharmacist = practice.role[GP], practice.role[_PHARMACIST]
        row = practice.triage.places[_MEDICATION]
        moved = row.get(GP, 0.0) * self.moved_share
        taken = row | {GP: row.get(GP, 0.0) - moved, _PHARMACIST: row.get(_PHARMACIST, 0.0) + moved}
        places = practice.triage.places | {_MEDICATION: taken if moved else row}
        minutes = gp.paperwork_per_1000_day_min * self.paperwork_share
        per_day = "paperwork_per_1000_day_min"
        roles = practice.role | {
            GP: gp.model_copy(update={per_day: gp.paperwork_per_1000_day_min - minutes}),
            _PHARMACIST: pharmacist.model_copy(update={per_day: pharmacist.paperwork_per_1000_day_min + minutes}),
        }
        triage = practice.triage.model_copy(update={"places": places})
        return practice.model_copy(update={"triage": triage, "role": roles, "backoffice": self._office(practice)})

    def _office(self, practice: Practice) -> BackOffice:
        """Return the back office in which pharmacists issue a share of the prescriptions that GPs issued."""
        requests = practice.backoffice.requests
        paper = requests.get(_MEDICATION)
        moved = 0.0 if paper is None else paper.by.get(GP, 0.0) * self.moved_share
        if paper is None or not moved:
            return practice.backoffice
        by = paper.by | {GP: paper.by[GP] - moved, _PHARMACIST: paper.by.get(_PHARMACIST, 0.0) + moved}
        return practice.backoffice.model_copy(
            update={"requests": requests | {_MEDICATION: paper.model_copy(update={"by": by})}}
        )

    def roles(self) -> tuple[str, ...]:
        """Return the two roles between which work moves."""
        return (GP, _PHARMACIST)

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that moves nothing."""
        return cls(moved_share=0, paperwork_share=0)
