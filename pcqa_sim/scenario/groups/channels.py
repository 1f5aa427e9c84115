"""How people turn to the practice, and what they do when they get nowhere."""

from __future__ import annotations

from pydantic import Field, field_validator

from pcqa_sim.needs import ANOTHER_DAY, ASKED_THROUGH, DESK, GAVE_UP, SELF_TREATED, WENT_ELSEWHERE
from pcqa_sim.scenario.fields import AtLeastOne, Positive, Settings, Share, Shares


class Redial(Settings):
    """Whether a person rings again the same day, for the first and for later tries."""

    after_engaged_first: Share = Field(description="share who redial after their first engaged tone")
    after_engaged_later: Share = Field(description="share after a later one")
    after_put_off_first: Share = Field(description="share who redial after the menu put them off")
    after_put_off_later: Share = Field(description="share after a later time")
    after_missed_first: Share = Field(description="share who redial after giving up in the queue")
    after_missed_later: Share = Field(description="share after a later time")
    delay_mean_min: Positive = Field(le=1440, description="minutes; mean until they ring again")
    most_tries: AtLeastOne = Field(le=100, description="calls a person makes in a day at the most")


FATES = (ANOTHER_DAY, DESK, *WENT_ELSEWHERE, SELF_TREATED, GAVE_UP)


class FirstChannel(Settings):
    """Through which channel people ask first: shares of needs that are asked about."""

    clinical: Shares = Field(description="of needs with a clinical question")
    administrative: Shares = Field(description="of administrative needs")

    @field_validator("clinical", "administrative")
    @classmethod
    def _known(cls, value: dict[str, float]) -> dict[str, float]:
        if set(value) != set(ASKED_THROUGH):
            raise ValueError(f"must name each of {', '.join(ASKED_THROUGH)}")
        return value


class Channels(Settings):
    """How people turn to the practice, and what they do when they do not get through."""

    first: FirstChannel
    redial: Redial
    fates: Shares = Field(description="shares of those who do not redial, or were told to ring another day")
    another_day_at_opening_share: Share = Field(description="share of those trying another day who ring at opening")
    desk_delay_mean_min: Positive = Field(le=1440, description="minutes; mean until they stand at the desk")
    desk_min: Positive = Field(le=120, description="minutes; a conversation at the desk")
    inbox_min: Positive = Field(le=120, description="minutes; reading and answering a form or message")

    @field_validator("fates")
    @classmethod
    def _known(cls, value: dict[str, float]) -> dict[str, float]:
        if set(value) != set(FATES):
            raise ValueError(f"must name each of {', '.join(FATES)}")
        return value
