"""The needs people bring, when they ask, and how scarcity makes them rush."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from pcqa_sim.clock import WEEKDAYS
from pcqa_sim.scenario.fields import ClockTime, Count, DayProfile, Key, Positive, Settings, Share, Shares, sums_to_one


class Rush(Settings):
    """How scarcity teaches people to ring at opening: s = least + (most - least) b / (b + half_belief)."""

    least_share: Share = Field(description="share who ring at opening when nobody expects to be refused")
    most_share: Share = Field(description="share who would ring at opening at the very most")
    half_belief: Positive = Field(le=10, description="belief at which half of the rise is reached")
    half_life_days: Positive = Field(le=1000, description="working days until half of an old belief is gone")
    after_opening_mean_min: Positive = Field(le=120, description="minutes after opening, mean, of a rushed call")
    late_from: ClockTime = Field(description='"HH:MM"; same-day requests after this teach the belief')

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.most_share < self.least_share:
            raise ValueError("least_share is at most most_share")
        return self


class Kind(Settings):
    """One kind of need."""

    share: Share = Field(description="share of all needs asked by phone")
    same_day: bool = Field(description="true where the person wants help the same day")
    latest_days: Count = Field(le=60, description="days; the latest acceptable appointment, 0 is today")
    rushes: bool = Field(
        description="true where the appointments wanted run out in the day, so that a person may ring at opening"
    )
    settled_by_reception_share: Share = Field(description="share the call itself settles")
    talk_factor: Positive = Field(le=10, description="times; talk time against the mean call")
    recovery_mean_days: Positive = Field(le=3650, description="days; mean until the need goes by itself")
    resolved_share: Share = Field(description="share of consultations that resolve the need")
    follow_up_share: Share = Field(description="share of resolving consultations with a planned follow-up")

    @model_validator(mode="after")
    def _ends(self) -> Self:
        again = (1 - self.resolved_share) + self.resolved_share * self.follow_up_share
        if again >= 1:
            raise ValueError("every consultation would bring another; some must resolve the need for good")
        return self


class AskingProfile(Settings):
    """When in the day people ask: share of the day's needs in each step, from its time to the next."""

    monday: DayProfile
    tuesday_friday: DayProfile
    weekend: DayProfile

    def of_weekday(self, weekday: int) -> dict[int, float]:
        """Return the profile of a weekday (0 is Monday)."""
        return self.monday if weekday == 0 else self.tuesday_friday if weekday < 5 else self.weekend


class Demand(Settings):
    """The needs that people bring to the phone."""

    needs_per_1000_week: Positive = Field(le=10_000, description="needs asked by phone per 1,000 people per week")
    weekday_share: Shares = Field(description="share of a week's needs by weekday")
    bank_holiday_asking_share: Share = Field(description="share who ask on a bank holiday and do not wait for work")
    after_bank_holiday_share: Positive = Field(
        le=1, description="share of those still waiting who ask, each working day"
    )
    asking_profile: AskingProfile
    rush: Rush
    kinds: dict[Key, Kind] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _shares(self) -> Self:
        if set(self.weekday_share) != set(WEEKDAYS):
            raise ValueError(f"weekday_share: must name each of {', '.join(WEEKDAYS)}")
        try:
            sums_to_one(kind.share for kind in self.kinds.values())
        except ValueError as fault:
            raise ValueError(f"kinds: {fault}") from None
        return self
