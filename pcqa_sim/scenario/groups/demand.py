"""The needs people bring, when they ask, and how scarcity makes them rush."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from pcqa_sim.scenario.fields import (
    BY_KIND,
    ByMonth,
    ClockTime,
    Count,
    DayProfile,
    Key,
    NotNegative,
    Positive,
    Settings,
    Share,
    Shares,
    Weight,
    sums_to_one,
)
from pcqa_sim.scenario.groups.channels import WhereElse
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.faults import meant
from pcqa_sim.values.needs import LEVELS


class Rush(Settings):
    """How scarcity teaches people to call at opening: s = least + (most - least) b / (b + half_belief)."""

    least_share: Share = Field(description="share who call at opening when nobody expects to be refused")
    most_share: Share = Field(description="share who would call at opening at the very most")
    half_belief: Positive = Field(le=10, description="belief at which half of the rise is reached")
    half_life_days: Positive = Field(le=1000, description="working days until half of an old belief is gone")
    after_opening_mean_min: Positive = Field(le=120, description="minutes after opening, mean, of a rushed call")
    ahead_too: bool = Field(
        default=False, description="true where those who could wait rush as well: appointments ahead are gone too"
    )
    late_from: ClockTime = Field(description='"HH:MM"; same-day requests after this teach the belief')

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.most_share < self.least_share:
            raise ValueError("least_share is at most most_share")
        return self


class Seeking(Settings):
    """Whether a need is asked about at once, late or never: each kind has its shares, people their factors."""

    late_mean_days: Positive = Field(le=365, description="days; mean delay of those who ask late")
    never_rise_with_belief: NotNegative = Field(
        default=0.0,
        le=100,
        description="times; how much likelier never asking is for each unit of belief in refusal above the reference",
    )
    reference_belief: Share = Field(
        default=0.0, description="belief in refusal at which never asking is as the kinds' shares have it"
    )
    never_factor_let_down: Weight = Field(
        default=1.0, description="times; never asking of those whom a channel let down when they last used it"
    )
    never_factor_by_age: dict[Key, Weight] = Field(default={}, description="times; 1 where not named")
    never_factor_by_segment: dict[Key, Weight] = Field(default={}, description="times; 1 where not named")
    never_factor_by_deprivation: dict[Key, Weight] = Field(default={}, description="times; 1 where not named")


class Kind(Settings):
    """One kind of need."""

    share: Share = Field(description="share of all needs")
    origin: Literal["patient", "hospital", "social_care"] = Field(default="patient", description="where it comes from")
    level: NotNegative = Field(default=1.0, le=20, description="times; scales how many arise, and moves none")
    administrative: bool = Field(default=False, description="true where no clinical question is asked")
    relational: bool = Field(description="true where it matters to know the person")
    today_share: Share = Field(description="share who want help the same day")
    accepts_later_share: Share = Field(
        default=0.0, description="share of them who take a later day, up to latest_days, when nothing is left today"
    )
    wanted_mean_days: NotNegative = Field(le=90, description="days; mean of the earliest day wanted by the others")
    latest_days: Count = Field(le=150, description="days after the day wanted that are acceptable, 0 for none")
    clinically_within_days: NotNegative = Field(
        le=365, description="days within which help is clinically needed where the need is routine"
    )
    urgency: dict[Key, Share] = Field(
        default={}, description="share of each clinical urgency, which is not what people want; none: all are routine"
    )
    face_to_face_share: Share = Field(description="share who have to be seen face to face")
    home_visit_share: Share = Field(
        default=0.0, description="share, of the frail and of care-home residents, seen at home"
    )
    minutes_factor: Positive = Field(le=10, description="times; consultation minutes against the role's mean")
    rushes: bool = Field(description="true where people who want help the same day may call at opening")
    talk_factor: Positive = Field(le=10, description="times; talk time against the mean call")
    recovery_mean_days: Positive = Field(le=3650, description="days; mean until the need goes by itself")
    follow_up_share: Share = Field(description="share of resolving consultations with a planned follow-up")
    follow_up_days: Positive = Field(le=150, description="days; mean interval of a planned follow-up")
    follow_up_booked_share: Share = Field(description="share of follow-ups booked before the person leaves")
    test_share: Share = Field(description="share of resolving consultations after which a result is awaited")
    never_asked_share: Share = Field(description="share nobody ever asks about, before the factors of people")
    asked_late_share: Share = Field(description="share asked about late")
    elsewhere: WhereElse = Field(
        default={},
        description="where those go with it who got nowhere, or do nothing; none: where most go. With nothing but "
        "NHS 111, urgent treatment centre and A&E it is a crisis: nobody waits for another day",
    )
    winter_rise: Share = Field(
        default=0.0, description="share more in mid-winter, and less in mid-summer, than the mean"
    )
    for_ages: dict[Key, Weight] = Field(default={}, description="times; by age band, 1 where not named")
    for_segments: dict[Key, Weight] = Field(default={}, description="times; by segment, 1 where not named")

    @field_validator("urgency")
    @classmethod
    def _known(cls, value: dict[str, float]) -> dict[str, float]:
        for name in value:
            if name not in LEVELS:
                raise ValueError(f"{name} is no urgency; there are {', '.join(LEVELS)}{meant(name, LEVELS)}")
        if value:
            sums_to_one(value.values())
        return value

    @model_validator(mode="after")
    def _asked(self) -> Self:
        if self.never_asked_share + self.asked_late_share > 1:
            raise ValueError("never_asked_share + asked_late_share is at most 1")
        return self


class AskingProfile(Settings):
    """When in the day people ask: share of the day's needs in each step, from its time to the next."""

    monday: DayProfile
    tuesday_friday: DayProfile
    weekend: DayProfile

    def of_weekday(self, weekday: int) -> dict[int, float]:
        """Return the profile of a weekday (0 is Monday)."""
        return self.monday if weekday == 0 else self.tuesday_friday if weekday < 5 else self.weekend


class SafeWithin(Settings):
    """By when needs that are not routine are safe to be seen to, from when they are first asked about.

    Routine ones have `clinically_within_days` of their kind.
    """

    emergency_min: Positive = Field(default=60.0, le=1440, description="minutes; an emergency")
    today_days: Count = Field(default=0, le=30, description="days; what cannot wait until tomorrow: 0 is the same day")
    days: Count = Field(default=3, le=90, description="days; what can wait some days")


Hazard = Annotated[float, Field(strict=True, ge=0, le=1_000_000)]


class Deterioration(Settings):
    """How fast needs get worse that nobody has seen to, once it is later than safe (`safe_within`)."""

    per_day: dict[Key, Hazard] = Field(
        description="hazard a day, by urgency: days, today, emergency; none where not named"
    )
    for_kinds: dict[Key, Weight] = Field(default={}, description="times; by kind of need, 1 where not named")
    for_ages: dict[Key, Weight] = Field(default={}, description="times; by age band, 1 where not named")

    @field_validator("per_day")
    @classmethod
    def _known(cls, value: dict[str, float]) -> dict[str, float]:
        for name in value:
            if name not in (worse := LEVELS[1:]):
                there = ", ".join(worse)
                raise ValueError(f"{name} does not get worse here; there are {there}{meant(name, worse)}")
        return value


class DaysDiffer(Settings):
    """How much busier some days are than others, beyond chance with people who fall ill independently."""

    day_cv: NotNegative = Field(default=0.0, le=1, description="coefficient of variation of a day's factor")
    shared_share: Share = Field(default=0.0, description="share of its variance that all practices have in common")
    week_cv: NotNegative = Field(default=0.0, le=1, description="coefficient of variation of a week's factor")
    week_memory: Share = Field(default=0.0, lt=1, description="correlation of a week's factor with the next week's")
    by_month: ByMonth = Field(default={}, description="times; by month, 1 where not named")


class Demand(Settings):
    """The needs that people have and bring to the practice."""

    needs_per_1000_week: Positive = Field(le=10_000, description="needs that arise per 1,000 people per week")
    weekday_share: Shares = Field(description="share of a week's needs by weekday")
    bank_holiday_asking_share: Share = Field(description="share who ask on a bank holiday and do not wait for work")
    after_bank_holiday_share: Positive = Field(
        le=1, description="share of those still waiting who ask, each working day"
    )
    asking_profile: AskingProfile
    rush: Rush
    seeking: Seeking
    follow_up_level: Positive = Field(le=20, description="times; the kinds' intervals of planned follow-ups")
    winter_peak: Share = Field(description="share of the year gone by at the height of winter, 0 is 1 January")
    days_differ: DaysDiffer = DaysDiffer()
    safe_within: SafeWithin = SafeWithin()
    deterioration: Deterioration | None = Field(
        default=None, description="how needs get worse that nobody has seen to; null: they do not"
    )
    kinds: dict[Key, Kind] = Field(min_length=1, max_length=100, json_schema_extra=BY_KIND)

    @model_validator(mode="after")
    def _shares(self) -> Self:
        if set(self.weekday_share) != set(WEEKDAYS):
            raise ValueError(f"weekday_share: must name each of {', '.join(WEEKDAYS)}")
        try:
            sums_to_one(kind.share for kind in self.kinds.values())
        except ValueError as fault:
            raise ValueError(f"kinds: {fault}") from None
        return self
