"""What comes of consultations, missed appointments and waits."""

from __future__ import annotations

from pydantic import Field

from pcqa_sim.scenario.fields import NotNegative, Positive, Settings, Share


class ContinuityEffect(Settings):
    """What seeing the usual clinician changes."""

    resolve_factor_without: Share = Field(description="times; share resolved of relational needs seen by somebody else")
    interval_rise: NotNegative = Field(
        le=2, description="share; time to the next need is longer after the usual clinician"
    )
    whole_interval: bool = Field(
        default=False,
        description="true where it lengthens all that leads to the next consultation, and from the next day: new needs,"
        " follow-ups and returns; false: new needs alone, from the next week",
    )
    reference_share: Share = Field(
        description="share of consultations with the usual clinician at which the average need rate is the profile's"
    )


class AskingAgain(Settings):
    """People who have an appointment, wait too long for it and ask again."""

    after_days: NotNegative = Field(le=365, description="days beyond the day wanted that people put up with")
    share: Share = Field(description="share who ask again when they wait longer")


class HandOffs(Settings):
    """Referrals, as many as `role.*.makes` says: what becomes of those that are lost, late or sent back."""

    lost_share: Share = Field(description="share of referrals that are lost, late or rejected, and nobody says so")
    noticed_mean_days: Positive = Field(le=365, description="days; mean until people notice and ask")


class Outcome(Settings):
    """What happens after a consultation, or instead of one."""

    return_mean_days: Positive = Field(le=365, description="days; mean until an unresolved need asks again")
    follow_up_interval_cv: NotNegative = Field(le=3, description="coefficient of variation of follow-up intervals")
    dna_rebook_share: Share = Field(description="share of missed appointments that people ask for again")
    dna_rebook_mean_days: Positive = Field(le=365, description="days; mean until they do")
    continuity: ContinuityEffect
    waiting: AskingAgain
    hand_offs: HandOffs | None = Field(default=None, description="null: no referral is lost")
