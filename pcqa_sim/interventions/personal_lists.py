"""Personal lists: everybody belongs to one GP, and sees that GP or waits."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Count, Share


class PersonalLists(Intervention):
    """A share of people ask for their own GP with any need, and wait for them, past the last day that would do."""

    kind: Literal["personal_lists"] = "personal_lists"
    aims = ("usual_gp_share", "failure_contacts_per_working_day[cause=no_continuity]", "lead_time_days[role=gp]")
    share: Share = Field(description="share of those without a preference who are put on their GP's own list")
    extra_days: Count = Field(le=60, description="days they wait longer than before")

    def change(self, practice: Practice) -> Practice:
        """Return the practice whose GPs have lists of their own."""
        if self.share == 0 and self.extra_days == 0:
            return practice
        now = practice.appointments.continuity
        return with_settings(
            practice,
            {
                "appointments.continuity.prefers_usual_share": now.prefers_usual_share
                + (1 - now.prefers_usual_share) * self.share,
                "appointments.continuity.tolerance_days": now.tolerance_days + self.extra_days,
                "appointments.continuity.all_kinds": True,
                "appointments.continuity.beyond_latest": True,
            },
        )

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that puts nobody on a list."""
        return cls(share=0, extra_days=0)
