"""Planned care: what the practice itself invites people to, by programme and cycle."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from pcqa_sim.scenario.fields import (
    AtLeastOne,
    ByMonth,
    Count,
    Key,
    NotNegative,
    Positive,
    Settings,
    Share,
    Word,
    sums_to_one,
)
from pcqa_sim.scenario.groups.role import Mode
from pcqa_sim.values.needs import HOME_VISIT
from pcqa_sim.values.words import Happening


class Programme(Settings):
    """One programme: who is invited, how often, to whom, and how far ahead."""

    title: Word = Field(description="what it is called")
    role: Key = Field(description="the role that does it")
    by_age: dict[Key, Share] = Field(default={}, description="share of an age band that is on it; none not named")
    by_segment: dict[Key, Share] = Field(default={}, description="share of a segment that is on it; none not named")
    female_only: bool = Field(default=False, description="true where only women are invited")
    per_year: Positive = Field(le=52, description="times a year that each of them is invited")
    uptake_share: Share = Field(description="share of invitations taken up")
    first_days: Count = Field(
        le=150, description="days; the soonest anybody's appointment is wanted after the invitation"
    )
    last_days: Count = Field(le=150, description="days; the latest it is wanted; most people are nearer the soonest")
    within_days: Count = Field(le=120, description="days after the day wanted that are acceptable")
    minutes_factor: Positive = Field(le=10, description="times; minutes against the role's mean consultation")
    test_share: Share = Field(description="share after which a result is awaited")
    asks_share: Share | None = Field(
        default=None, description="share who are invited to ask for an appointment; null: as planned.asks_share"
    )
    refers: bool = Field(
        default=True, description="false where nobody is referred on from it, such as an injection or a smear"
    )
    home_visit: bool = Field(default=False, description="true where it is done at the person's home")
    gives: Happening | None = Field(
        default=None, description="what it is to the person, as in people.state.responds; null: nothing"
    )
    modes: dict[Mode, Share] = Field(
        default={}, description="share by mode in which it is done; none named: in any mode but at home"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_days < self.first_days:
            raise ValueError("first_days is at most last_days")
        if not self.by_age and not self.by_segment:
            raise ValueError("by_age: a programme must say who is on it, by_age or by_segment")
        self._judge_modes()
        return self

    def _judge_modes(self) -> None:
        """Refuse modes of what is done at home, home as one of several modes, and shares that are not all of it."""
        if not self.modes:
            return
        if self.home_visit or HOME_VISIT in self.modes:
            raise ValueError("modes: what is done at home (home_visit: true) has no other mode")
        try:
            sums_to_one(self.modes.values())
        except ValueError as fault:
            raise ValueError(f"modes: {fault}") from None


class Planned(Settings):
    """All programmes of a practice."""

    level: NotNegative = Field(le=10, description="times; invitations against what the programmes say")
    by_month: ByMonth = Field(
        default={}, description="times; invitations in a week by its month, 1 where not named; the year's stay as many"
    )
    days_level: NotNegative = Field(le=3, description="times; the programmes' first and last days")
    programmes: dict[Key, Programme] = Field(max_length=40, description="by name")
    invite_again_weeks: AtLeastOne = Field(le=52, description="weeks; until it tries again when nothing is free")
    asks_share: Share = Field(
        default=0.0, description="share who are invited to ask for an appointment; the practice books the others itself"
    )
    asks_mean_days: Positive = Field(default=7.0, le=365, description="days; mean until they ask")
    remind_after_days: Positive = Field(
        default=14.0, le=365, description="days; who has not asked by then is reminded, or the invitation lapses"
    )
    most_reminders: Count = Field(default=2, le=20, description="reminders before an invitation lapses")
    most_tries: AtLeastOne = Field(le=20, description="tries before the practice gives the invitation up")
