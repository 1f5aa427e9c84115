"""Who is registered."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from pcqa_sim.scenario.fields import Key, NotNegative, Positive, Settings, Share, Shares, Weight, sums_to_one


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


class State(Settings):
    """The slow process of two states: settled most of the time, unsettled now and then."""

    unsettled_share: Share = Field(description="share of time a person is unsettled, in the long run")
    unsettled_mean_weeks: Positive = Field(le=520, description="weeks; mean length of being unsettled")
    needs_factor: Positive = Field(le=50, description="times; rate of needs while unsettled against settled")


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
