"""How people turn to the practice, and what they do when they get nowhere."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from pcqa_sim.scenario.fields import (
    AtLeastOne,
    ClockMinute,
    Key,
    NotNegative,
    Positive,
    Settings,
    Share,
    Shares,
    Weight,
    WeightByTime,
    sums_to_one,
)
from pcqa_sim.scenario.groups.calendar import OpeningHours
from pcqa_sim.values.faults import meant
from pcqa_sim.values.needs import (
    ANOTHER_DAY,
    ASKED_THROUGH,
    DESK,
    FACE_TO_FACE,
    GAVE_UP,
    ONLINE,
    ONLINE_MESSAGE,
    PHONE,
    SELF_TREATED,
    TELEPHONE,
    WENT_ELSEWHERE,
)


class Redial(Settings):
    """Whether a person calls again the same day, for the first and for later tries."""

    after_engaged_first: Share = Field(description="share who redial after their first engaged tone")
    after_engaged_later: Share = Field(description="share after a later one")
    after_balking_first: Share = Field(description="share who redial after the menu put them off")
    after_balking_later: Share = Field(description="share after a later time")
    after_missed_first: Share = Field(description="share who redial after giving up in the queue")
    after_no_callback: Share = Field(
        default=1.0, description="share who call again after a callback was waited for and not made"
    )
    after_missed_later: Share = Field(description="share after a later time")
    delay_mean_min: Positive = Field(le=1440, description="minutes; mean until they call again")
    most_tries: AtLeastOne = Field(le=100, description="calls a person makes in a day at the most")


PREFERRED = (FACE_TO_FACE, TELEPHONE, ONLINE_MESSAGE)
"""The modes people prefer: who would be called would as well have a video, who comes would as well be visited."""
NEXT_ACTIONS = (ANOTHER_DAY, DESK, *WENT_ELSEWHERE, SELF_TREATED, GAVE_UP)


class FormFactors(Settings):
    """How much likelier than the other channels the online form is at some hours: times, from each time of day on."""

    clinical: WeightByTime = Field(default={ClockMinute(0): 1.0}, description="times; needs with a clinical question")
    administrative: WeightByTime = Field(default={ClockMinute(0): 1.0}, description="times; administrative needs")


class FirstChannel(Settings):
    """Through which channel people ask first: shares of needs that are asked about."""

    clinical: Shares = Field(description="of needs with a clinical question")
    administrative: Shares = Field(description="of administrative needs")
    form_by_hour: FormFactors = Field(default=FormFactors(), description="times; by the hour at which a need is felt")
    online_by_segment: dict[Key, Weight] = Field(
        default={}, description="times; form and app against the other channels, by segment, 1 where not named"
    )
    away_after_failure_share: Share = Field(
        description="share of those who got nowhere last time who begin the next need through another channel"
    )

    @field_validator("clinical", "administrative")
    @classmethod
    def _known(cls, value: dict[str, float]) -> dict[str, float]:
        if set(value) != set(ASKED_THROUGH):
            raise ValueError(f"must name each of {', '.join(ASKED_THROUGH)}")
        return value


class OnlineForm(Settings):
    """When the online form takes requests, and how many a day."""

    hours: OpeningHours | None = Field(default=None, description="on working days; null where it is open at all hours")
    most_per_1000_day: NotNegative | None = Field(
        default=None, le=10_000, description="forms a day per 1,000 patients after which it closes; null for no limit"
    )
    calls_instead_share: Share = Field(
        description="share of those it refuses who turn to the phone; the others try when it opens again"
    )

    @model_validator(mode="after")
    def _opens_again(self) -> Self:
        if self.most_per_1000_day is not None and self.hours is None:
            raise ValueError("most_per_1000_day: a form with a daily limit has hours at which it opens again")
        return self


ELSEWHERE = (*WENT_ELSEWHERE, SELF_TREATED)
_INSTEAD = (*ELSEWHERE, GAVE_UP)


def where_else(shares: dict[str, float]) -> dict[str, float]:
    """Judge what people do in place of trying again: go to places that there are or nothing; shares sum to 1, or none.

    Raises ValueError.
    """
    for name in shares:
        if name not in _INSTEAD:
            there = ", ".join(_INSTEAD)
            raise ValueError(f"{name} is nowhere that people go; there are {there}{meant(name, _INSTEAD)}")
    if shares:
        sums_to_one(shares.values())
    return shares


WhereElse = Annotated[dict[Key, Share], AfterValidator(where_else)]


class AfterFailure(Settings):
    """What people do who get nowhere, decided once for all they do about it in the days after: a survey's question.

    They may do several things. Who tries again does so today (`redial`) or another day, each time they fail.
    """

    tries_again_share: Share = Field(description="share who try the practice again, today or another day")
    only_here_tries_again_share: Share = Field(
        description="the same of needs that nobody but the practice can help with: paperwork, planned care"
    )
    nothing_share: Share = Field(description="share of the others who do nothing more; the rest go elsewhere")
    also_share: Share = Field(description="share of those who try again who also go elsewhere meanwhile")
    elsewhere: Shares = Field(description="where those go who go elsewhere, or treat themselves")
    through: Shares = Field(description="through which channel those who try another day ask then")
    within_days: Positive = Field(le=60, description="days after which who still fails decides anew")

    @model_validator(mode="after")
    def _known(self) -> Self:
        if set(self.elsewhere) != set(ELSEWHERE):
            raise ValueError(f"elsewhere: must name each of {', '.join(ELSEWHERE)}")
        if set(self.through) != {PHONE, ONLINE, DESK}:
            raise ValueError(f"through: must name each of {PHONE}, {ONLINE}, {DESK}")
        return self


class Channels(Settings):
    """How people turn to the practice, and what they do when they do not get through."""

    first: FirstChannel
    form: OnlineForm
    redial: Redial
    preferred_modes: Shares | None = Field(
        default=None, description="shares of people who ask, by the mode they would like; null where nobody is asked"
    )
    next_actions: Shares = Field(description="shares of those who do not redial, or were told to call another day")
    after_failure: AfterFailure | None = Field(
        default=None, description="decided once for several answers; null: next_actions, at each failure anew"
    )
    elsewhere_in_emergency: WhereElse = Field(
        default={},
        description="where emergencies go that go elsewhere; none: where others of their kind go",
    )
    another_day_at_opening_share: Share = Field(description="share of those trying another day who call at opening")
    desk_delay_mean_min: Positive = Field(le=1440, description="minutes; mean until they stand at the desk")
    desk_min: Positive = Field(le=120, description="minutes; a conversation at the desk")
    inbox_min: Positive = Field(le=120, description="minutes; reading and answering a form or message")
    desk_cv: NotNegative = Field(
        default=0.0, le=3, description="coefficient of variation of the minutes at the desk, 0: all alike"
    )
    inbox_cv: NotNegative = Field(
        default=0.0, le=3, description="coefficient of variation of those in the inbox, 0: all alike"
    )

    @field_validator("preferred_modes")
    @classmethod
    def _modes(cls, value: dict[str, float] | None) -> dict[str, float] | None:
        if value is not None and set(value) != set(PREFERRED):
            raise ValueError(f"must name each of {', '.join(PREFERRED)}")
        return value

    @field_validator("next_actions")
    @classmethod
    def _known(cls, value: dict[str, float]) -> dict[str, float]:
        if set(value) != set(NEXT_ACTIONS):
            raise ValueError(f"must name each of {', '.join(NEXT_ACTIONS)}")
        return value
