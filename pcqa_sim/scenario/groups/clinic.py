"""Who works when, the appointments that brings, and what comes of them."""

from __future__ import annotations

import itertools
from typing import Self

from pydantic import Field, model_validator

from pcqa_sim.clock import WEEKDAYS
from pcqa_sim.scenario.fields import AtLeastOne, ClockTime, Count, NotNegative, Positive, Roster, Settings, Share


class Rota(Settings):
    """People actually free for calls, by half hour."""

    written_for_list_size: AtLeastOne = Field(description="people; the roster is scaled from this list size")
    monday: Roster = Field(description="call handlers from each time on, Monday")
    tuesday_friday: Roster = Field(description="call handlers from each time on, Tuesday to Friday")
    weekend: Roster = Field(description="call handlers from each time on, Saturday and Sunday")
    extra_call_handlers: Count = Field(le=1000, description="people more, whenever anyone is rostered")

    def of_weekday(self, weekday: int) -> dict[int, float]:
        """Return the roster of a weekday (0 is Monday)."""
        return self.monday if weekday == 0 else self.tuesday_friday if weekday < 5 else self.weekend


class Session(Settings):
    """When a clinician's session runs."""

    starts: ClockTime
    ends: ClockTime

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends <= self.starts:
            raise ValueError("the end comes after the start: starts < ends")
        return self


class LeadTimeRates(Settings):
    """Share of appointments not attended, by days between booking and appointment."""

    same_day: Share
    days_1: Share
    days_2_7: Share
    days_8_14: Share
    days_15_21: Share
    days_22_28: Share
    days_over_28: Share

    def of_lead(self, days: int) -> float:
        """Return the rate for a lead time in calendar days."""
        bands = ((0, self.same_day), (1, self.days_1), (7, self.days_2_7), (14, self.days_8_14))
        later = ((21, self.days_15_21), (28, self.days_22_28))
        return next((rate for most, rate in (*bands, *later) if days <= most), self.days_over_28)


class Consultation(Settings):
    """Minutes of one consultation: log-normal."""

    mean_min: Positive = Field(le=240, description="minutes; mean")
    cv: NotNegative = Field(le=5, description="coefficient of variation")


class Appointments(Settings):
    """One pool of general practitioners with slots released at a set time on the day, and ahead."""

    written_for_list_size: AtLeastOne = Field(description="people; sessions are scaled from this list size")
    sessions: list[Session] = Field(min_length=1, max_length=24, description="the sessions of a day")
    sessions_per_day: Positive = Field(le=10_000, description="clinician sessions per working day, mean")
    slots_per_session: AtLeastOne = Field(le=200, description="appointments in one session")
    weekday_factor: dict[str, NotNegative] = Field(description="times; sessions of a weekday against the mean")
    on_the_day_share: Share = Field(description="share of slots kept for the day itself")
    released_at: ClockTime = Field(description='"HH:MM"; the day\'s slots open for booking')
    horizon_days: Count = Field(le=120, description="days; how far ahead the other slots can be booked")
    booked_at_start_days: Count = Field(le=120, description="days whose slots ahead are booked when the run begins")
    extra_on_the_day_slots: Count = Field(le=10_000, description="slots a working day on top, kept for the day")
    consultation: Consultation
    dna_share: LeadTimeRates

    @model_validator(mode="after")
    def _sessions(self) -> Self:
        ordered = sorted(self.sessions, key=lambda session: session.starts)
        if any(b.starts < a.ends for a, b in itertools.pairwise(ordered)):
            raise ValueError("sessions: sessions must not overlap")
        if set(self.weekday_factor) != set(WEEKDAYS):
            raise ValueError(f"weekday_factor: must name each of {', '.join(WEEKDAYS)}")
        return self


class Outcome(Settings):
    """What happens after a consultation."""

    return_mean_days: Positive = Field(le=365, description="days; mean until an unresolved need asks again")
    follow_up_mean_days: Positive = Field(le=365, description="days; mean until a planned follow-up is asked for")
    dna_rebook_share: Share = Field(description="share of missed appointments that people ask for again")
    dna_rebook_mean_days: Positive = Field(le=365, description="days; mean until they do")
