"""Who is registered."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from pcqa_sim.scenario.fields import Key, NotNegative, Positive, Settings, Share, Shares, sums_to_one


class Segment(Settings):
    """One segment of the registered people."""

    share: Share = Field(description="share of the list")
    needs_factor: Positive = Field(le=50, description="times; rate of needs against the mean person, scaled together")


class State(Settings):
    """The slow process of two states: settled most of the time, unsettled now and then."""

    unsettled_share: Share = Field(description="share of time a person is unsettled, in the long run")
    unsettled_mean_weeks: Positive = Field(le=520, description="weeks; mean length of being unsettled")
    needs_factor: Positive = Field(le=50, description="times; rate of needs while unsettled against settled")


class People(Settings):
    """Who is registered."""

    trait_shape: Positive = Field(le=100, description="Gamma shape of the propensity to need care")
    rate_factor: dict[Annotated[int, Field(ge=0)], NotNegative] = Field(
        default={}, description="times; multiplies the need rate of single people, by person number"
    )
    segments: dict[Key, Segment] = Field(min_length=1, max_length=30, description="who the people are")
    deprivation_share: Shares = Field(description="share of the list by fifth of deprivation, most deprived first")
    state: State

    @model_validator(mode="after")
    def _shares(self) -> Self:
        try:
            sums_to_one(segment.share for segment in self.segments.values())
        except ValueError as fault:
            raise ValueError(f"segments: {fault}") from None
        return self
