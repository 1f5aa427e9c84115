"""What comes of consultations, missed appointments, waits, tests and paperwork."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pcqa_sim.scenario.fields import Key, NotNegative, Positive, Settings, Share, Shares


class ContinuityEffect(Settings):
    """What seeing the usual clinician changes."""

    resolve_factor_without: Share = Field(description="times; share resolved of relational needs seen by somebody else")
    interval_rise: NotNegative = Field(
        le=2, description="share; time to the next need is longer after the usual clinician"
    )
    reference_share: Share = Field(
        description="share of consultations with the usual clinician at which the average need rate is the profile's"
    )


class AskingAgain(Settings):
    """People who have an appointment, wait too long for it and ask again."""

    after_days: NotNegative = Field(le=365, description="days beyond the day wanted that people put up with")
    share: Share = Field(description="share who ask again when they wait longer")


class Outcome(Settings):
    """What happens after a consultation, or instead of one."""

    return_mean_days: Positive = Field(le=365, description="days; mean until an unresolved need asks again")
    follow_up_interval_cv: NotNegative = Field(le=3, description="coefficient of variation of follow-up intervals")
    dna_rebook_share: Share = Field(description="share of missed appointments that people ask for again")
    dna_rebook_mean_days: Positive = Field(le=365, description="days; mean until they do")
    continuity: ContinuityEffect
    waiting: AskingAgain


class Paper(Settings):
    """What a request leaves to do that reception settles in the conversation: somebody issues it, the person waits."""

    item: Literal["prescription", "fit_note", "letter", "referral", "result"] = Field(description="what it is")
    minutes: Positive = Field(le=120, description="minutes of work")
    by: Shares = Field(description="share that each role does")
    expected_days: Positive = Field(le=365, description="days after which people expect to hear")


class BackOffice(Settings):
    """Results, letters and prescriptions: what is late makes people ring to chase it."""

    result_mean_days: Positive = Field(le=365, description="days; mean until a test's result is back")
    result_cv: NotNegative = Field(le=3, description="coefficient of variation of the days until it is back")
    expected_days: Positive = Field(le=365, description="days after a test at which people expect to hear")
    chase_share: Share = Field(description="share who ring when they have heard nothing by then")
    chase_again_days: Positive = Field(le=365, description="days until they look again")
    requests: dict[Key, Paper] = Field(
        default={}, description="by kind of need: what reception's settling it leaves to do; none where nothing"
    )
    backlog_at_start_days: NotNegative = Field(le=60, description="working days of paperwork waiting at the start")
