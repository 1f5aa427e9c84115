"""The telephone system."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from pcqa_sim.scenario.fields import AtLeastOne, ClockTime, Count, NotNegative, Positive, Settings, Share
from pcqa_sim.scenario.groups.calendar import OpeningHours
from pcqa_sim.values.clock import WEEKDAYS


class LateMessage(Settings):
    """What the menu says at the end of the day: that only what cannot wait is dealt with until closing time."""

    from_time: ClockTime = Field(description='"HH:MM"; from then on')
    balking_share: Share = Field(description="share of needs that can wait whose callers hang up then")


class Menu(Settings):
    """The recorded menu a caller hears first."""

    minutes: NotNegative = Field(le=30, description="minutes in the menu")
    informed_share: Share = Field(description="share whose need the message answers")
    informs_clinical: bool = Field(
        default=True, description="false where the message answers administrative needs alone, and nothing clinical"
    )
    balking_share: Share = Field(description="share who hang up in the menu, their need unanswered")
    balking_per_min: NotNegative = Field(
        default=0.0, le=10, description="a minute; rate at which the others hang up while the message plays"
    )
    balking_per_waiting: NotNegative = Field(
        default=0.0, le=10, description="a caller; how much likelier hanging up is for each who is said to wait already"
    )
    late: LateMessage | None = Field(default=None, description="what is said at the end of the day; null: nothing")

    @model_validator(mode="after")
    def _shares(self) -> Self:
        if self.informed_share + self.balking_share > 1:
            raise ValueError("informed_share + balking_share is at most 1")
        return self


class ClosedMessage(Settings):
    """What a caller hears when the practice is shut."""

    minutes: NotNegative = Field(le=30, description="minutes of message")
    ends_call_share: Share = Field(description="share ended by the message; the rest are missed")
    call_at_opening_share: Share = Field(description="share who then call when the practice opens")


class Patience(Settings):
    """How long callers wait: an early share hangs up while the message plays, the rest are exponential."""

    early_share: Share = Field(description="share who hang up early")
    early_within_min: Positive | None = Field(
        default=None, le=60, description="minutes; the early ones hang up evenly within this; null: early_mean_min"
    )
    early_mean_min: Positive | None = Field(
        default=None,
        le=60,
        description="minutes; mean patience of the early ones, exponential as that of the rest; null: early_within_min",
    )
    mean_min: Positive = Field(le=10_000, description="minutes; mean patience of the rest")
    misdial_share: Share = Field(
        default=0.0, description="share who hang up as it begins to ring, however short the queue"
    )

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if self.early_share and self.early_within_min is None and self.early_mean_min is None:
            raise ValueError("early_share: says early_mean_min or early_within_min, one of the two")
        return self


class Talk(Settings):
    """A conversation with a call handler: log-normal."""

    median_min: Positive = Field(le=120, description="minutes; median talk")
    sigma: NotNegative = Field(le=3, description="standard deviation of log talk time")
    wrap_up_min: NotNegative = Field(le=60, description="minutes; the handler's work after the call")


class Callback(Settings):
    """The offer to be called back and keep one's place in the queue."""

    offered_from_waiting: Count = Field(le=10_000, description="callers waiting before callback is offered")
    accepted_share: Share = Field(description="share who accept; 0 switches callback off")
    lapses_at_closing: bool = Field(
        default=False, description="true where a callback not made that day is not made at all; false: the next day"
    )
    patience_mean_min: Positive | None = Field(
        default=None,
        le=10_000,
        description="minutes; mean until who waits for a callback calls again, log-normal; null: never",
    )


class ExtendedHours(OpeningHours):
    """Hours of one weekday in which calls are answered while the practice is otherwise shut."""

    call_handlers: AtLeastOne = Field(default=1, le=1000, description="people who answer calls then")


class AdminLine(Settings):
    """A line of its own for administrative requests: the same people answer it, after those who call the main line."""

    hours: OpeningHours = Field(description="on working days")
    used_share: Share = Field(description="share of those calling with an administrative need who keep to it")


class Phones(Settings):
    """The telephone system."""

    lines: AtLeastOne = Field(le=10_000, description="lines; a caller finding all in use hears the engaged tone")
    menu: Menu
    closed_message: ClosedMessage
    patience: Patience
    talk: Talk
    callback: Callback
    extended_hours: dict[str, ExtendedHours | None] = Field(
        default={},
        description="by weekday, no bank holiday; answered outside opening hours; null or not named: none",
    )
    care_home_line_share: Share = Field(
        default=0.0, description="share of calls about care-home residents on a line of their own, answered first"
    )
    admin_line: AdminLine | None = Field(default=None, description="null where there is none")

    @model_validator(mode="after")
    def _weekdays(self) -> Self:
        for name in self.extended_hours:
            if name not in WEEKDAYS:
                raise ValueError(f"extended_hours: {name} is no weekday; the weekdays are {', '.join(WEEKDAYS)}")
        return self
