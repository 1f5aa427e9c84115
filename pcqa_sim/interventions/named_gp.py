"""A named GP for people who are seen often."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import AtLeastOne


class NamedGp(Intervention):
    """Who had so many consultations in the last 13 weeks asks for their own GP from then on, for as long as that is so.

    Whether it makes people need less is not known: continuity was not associated with frequent attendance going on
    (continuity_vs_fa_persistence).
    """

    kind: Literal["named_gp"] = "named_gp"
    aims = ("usual_gp_share", "failure_contacts_per_working_day[cause=no_continuity]", "earlier_top_tenth_share")
    consultations: AtLeastOne | None = Field(
        le=100, description="consultations in 13 weeks from which a person has a named GP; null: nobody has"
    )

    def change(self, practice: Practice) -> Practice:
        """Return the practice that names a GP for them."""
        if self.consultations is None:
            return practice
        return with_settings(practice, {"appointments.continuity.named_from": self.consultations})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that names nobody."""
        return cls(consultations=None)
