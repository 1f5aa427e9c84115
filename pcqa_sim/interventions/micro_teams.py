"""Micro-teams: two or three GPs share a list and know its people."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import AtLeastOne


class MicroTeams(Intervention):
    """Who asks for their own GP takes any of the team, and need not tell their story again to any of them.

    Seeing a colleague of the team does not lengthen the time to the next visit, as seeing one's own GP does
    (continuity_revisit_interval): no study has shown that it would.
    """

    kind: Literal["micro_teams"] = "micro_teams"
    aims = ("failure_contacts_per_working_day[cause=no_continuity]", "lead_time_days[role=gp]", "usual_gp_share")
    size: AtLeastOne = Field(le=6, description="GPs who share a list")

    def change(self, practice: Practice) -> Practice:
        """Return the practice whose GPs share lists."""
        return with_settings(practice, {"appointments.continuity.team_size": self.size}) if self.size > 1 else practice

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention of a team of one."""
        return cls(size=1)
