"""Peer review: clinicians of a role go through each other's follow-ups, tests and referrals."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import OfRole
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import NotNegative, Share
from pcqa_sim.values.words import GP


class PeerReview(OfRole):
    """Clinicians come nearer to each other in how readily they follow up, test and refer; it takes time each week.

    Whoever asks many people back comes down and whoever asks few goes up: the mean stays. Nothing published says by
    how much.
    """

    kind: Literal["peer_review"] = "peer_review"
    aims = ("work_made_share", "work_made_share[made=planned_follow_up]", "patient_min_per_working_day[role=gp]")
    narrows: Share = Field(description="share by which the differences between clinicians become smaller")
    min_per_week: NotNegative = Field(le=600, description="minutes a week of each full-time clinician that it takes")

    def change(self, practice: Practice) -> Practice:
        """Return the practice whose clinicians differ less."""
        differences, own = practice.role[self.role].differences, f"role.{self.role}"
        return with_settings(
            practice,
            {
                f"{own}.differences.follow_up_cv": differences.follow_up_cv * (1 - self.narrows),
                f"{own}.differences.referral_cv": differences.referral_cv * (1 - self.narrows),
                f"{own}.peer_review_min_per_week": practice.role[self.role].peer_review_min_per_week
                + self.min_per_week,
            },
        )

    @classmethod
    def zero(cls) -> Self:
        """Return the review that changes nobody and takes no time."""
        return cls(role=GP, narrows=0, min_per_week=0)
