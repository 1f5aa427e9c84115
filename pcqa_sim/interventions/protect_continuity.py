"""Keep people with their usual clinician."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Count, Share


class ProtectContinuity(Intervention):
    """More people ask for their usual clinician, and they wait longer for it."""

    kind: Literal["protect_continuity"] = "protect_continuity"
    aims = ("usual_gp_share", "usual_gp_share[prefers=yes]", "failure_contacts_per_working_day[cause=no_continuity]")
    prefer_share: Share = Field(description="share of those without a preference who get one")
    extra_days: Count = Field(le=60, description="days they wait longer than before")

    def change(self, practice: Practice) -> Practice:
        """Return the practice that offers the usual clinician to more people, for longer."""
        now = practice.appointments.continuity
        share = now.prefers_usual_share + (1 - now.prefers_usual_share) * self.prefer_share
        return with_settings(
            practice,
            {
                "appointments.continuity.prefers_usual_share": share,
                "appointments.continuity.tolerance_days": now.tolerance_days + self.extra_days,
            },
        )

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that leaves preferences as they are."""
        return cls(prefer_share=0, extra_days=0)
