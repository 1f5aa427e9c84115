"""Reach out: the practice invites people who are likely to need care, before they ask for it."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import OfRole
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Key, NotNegative, Positive, Share, Word
from pcqa_sim.scenario.groups import Programme
from pcqa_sim.values.words import GP, Happening


class ReachOut(OfRole):
    """People of some segments are invited to a longer conversation now and then, in appointments that others then lack.

    What it is to a person (`gives`) moves their state as `people.state.responds` says: by default not at all, since
    trials of such care found no fewer contacts (case_management_effect_meta, risk_tool_effect_emergency_admissions).
    """

    kind: Literal["reach_out"] = "reach_out"
    aims = ("needs_per_1000_week", "never_asked_share", "emergency_per_1000_week", "patient_min_per_working_day")
    programme: Key = Field(description="what it is called in the settings")
    title: Word = Field(description="what it is called")
    segments: tuple[Key, ...] = Field(description="segments of people who are invited")
    share: Share = Field(description="share of them who are on it")
    per_year: Positive = Field(le=52, description="times a year that each of them is invited")
    uptake_share: Share = Field(description="share of invitations taken up")
    minutes_factor: Positive = Field(le=10, description="times; minutes against the role's mean consultation")
    within_days: int = Field(ge=0, le=120, description="days after the day wanted that are acceptable")
    gives: Happening = Field(description="what it is to a person, as in people.state.responds")
    never_times: NotNegative = Field(default=1.0, le=10, description="times; needs of theirs that nobody asks about")

    def change(self, practice: Practice) -> Practice:
        """Return the practice that has the programme."""
        if self.share == 0:
            return practice
        programme = Programme(
            title=self.title,
            role=self.role,
            by_segment=dict.fromkeys(self.segments, self.share),
            per_year=self.per_year,
            uptake_share=self.uptake_share,
            first_days=0,
            last_days=28,
            within_days=self.within_days,
            minutes_factor=self.minutes_factor,
            test_share=0.0,
            asks_share=0.0,
            gives=self.gives,
        )
        changes: dict[str, object] = {f"planned.programmes.{self.programme}": programme}
        if self.never_times != 1:
            now = practice.demand.seeking.never_factor_by_segment
            changes["demand.seeking.never_factor_by_segment"] = now | {
                name: now.get(name, 1.0) * (1 - self.share + self.share * self.never_times) for name in self.segments
            }
        return with_settings(practice, changes)

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that invites nobody."""
        return cls(
            role=GP, programme="nobody", title="nobody is invited", segments=(), share=0, per_year=1, uptake_share=0,
            minutes_factor=1, within_days=0, gives=Happening.PLAN,
        )  # fmt: skip
