"""Who is registered."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from pcqa_sim.scenario.fields import (
    MOST_WEEKS,
    Key,
    NotNegative,
    Positive,
    Settings,
    Share,
    Shares,
    Weight,
    sums_to_one,
)
from pcqa_sim.values.words import Happening


class Age(Settings):
    """One age band of the registered people."""

    share: Share = Field(description="share of the list")
    female_share: Share = Field(description="share of the band who are women or girls")
    female_factor: NotNegative = Field(le=50, description="times; rate of needs of women, all scaled together")
    male_factor: NotNegative = Field(le=50, description="times; rate of needs of men, all scaled together")
    digital_share: Share = Field(description="share who would use a form or the app")
    segments: Shares = Field(description="share of the band in each segment")


class Segment(Settings):
    """One segment of the registered people."""

    needs_factor: Positive = Field(le=50, description="times; rate of needs against the mean person, scaled together")


MOST_TIMES = 8.0
"""What happens multiplies a hazard by this at the most, and divides it by no more; so do all things together."""
Times = Annotated[float, Field(ge=1 / MOST_TIMES, le=MOST_TIMES)]


class Response(Settings):
    """How one thing that happens moves a person's hazards: at once, and wearing off; 1 and 1 for not at all."""

    unsettles: Times = Field(default=1.0, description="times; hazard of becoming unsettled, just after it")
    settles: Times = Field(default=1.0, description="times; hazard of settling again, just after it")
    half_life_weeks: Positive = Field(default=13.0, le=520, description="weeks; until half the effect has worn off")

    @property
    def moves(self) -> bool:
        """Tell whether it does anything."""
        return self.unsettles != 1 or self.settles != 1


class State(Settings):
    """The slow process of two states: settled most of the time, unsettled now and then."""

    unsettled_share: Share = Field(description="share of time a person is unsettled, in the long run")
    unsettled_mean_weeks: Positive = Field(le=520, description="weeks; mean length of being unsettled")
    needs_factor: Positive = Field(le=50, description="times; rate of needs while unsettled against settled")
    responds: dict[Happening, Response] = Field(
        default={}, description="what moves the hazards of becoming unsettled and of settling again"
    )

    @model_validator(mode="after")
    def _slow(self) -> Self:
        share, weeks = self.unsettled_share, self.unsettled_mean_weeks
        if 0 < share < 1 and min(weeks, weeks * (1 - share) / share) < 1 / 7:
            raise ValueError("unsettled_mean_weeks: people are unsettled, and settled, for a day on average or longer")
        return self


class FrequentProgramme(Settings):
    """A programme for frequent attenders: who is picked, how many of them are given it, and what it truly does."""

    from_week: int = Field(
        ge=1, le=MOST_WEEKS, description="week of the run, counted from 0, in which people are picked"
    )
    looks_back_weeks: int = Field(ge=1, le=MOST_WEEKS, description="weeks of contacts by which they are picked")
    share: Share = Field(description="share of the list that is picked: those with most contacts in these weeks")
    given_share: Share = Field(description="share of those picked who are given it, by lot")
    needs_times: Weight = Field(
        description="times; what it multiplies the rate of needs of those given it by: its true effect"
    )

    @model_validator(mode="after")
    def _in_the_run(self) -> Self:
        if self.looks_back_weeks > self.from_week:
            raise ValueError(
                f"looks_back_weeks: at most from_week ({self.from_week}), or there is nothing to look back on"
            )
        return self


class People(Settings):
    """Who is registered."""

    trait_shape: Positive = Field(le=100, description="Gamma shape of the propensity to need care")
    rate_factor: dict[Annotated[int, Field(ge=0, lt=1_000_000)], Weight] = Field(
        default={}, description="times; multiplies the need rate of single people, by person number"
    )
    ages: dict[Key, Age] = Field(min_length=1, max_length=30, description="who the people are, by age band")
    segments: dict[Key, Segment] = Field(min_length=1, max_length=30, description="what the segments are")
    deprivation_share: Shares = Field(description="share of the list by fifth of deprivation, most deprived first")
    deprivation_factor: dict[Key, Weight] = Field(description="times; rate of needs by fifth, scaled together")
    state: State
    frequent_programme: FrequentProgramme | None = Field(
        default=None, description="a programme for frequent attenders, to see regression to the mean; none where null"
    )

    @model_validator(mode="after")
    def _shares(self) -> Self:
        try:
            sums_to_one(age.share for age in self.ages.values())
        except ValueError as fault:
            raise ValueError(f"ages: {fault}") from None
        for name, age in self.ages.items():
            for segment in age.segments:
                if segment not in self.segments:
                    raise ValueError(
                        f"ages.{name}.segments: {segment} is no segment; known: {', '.join(self.segments)}"
                    )
        if set(self.deprivation_factor) != set(self.deprivation_share):
            raise ValueError(f"deprivation_factor: must name each of {', '.join(self.deprivation_share)}")
        return self
