"""The groups of settings, one class each, named as the folders of `configs/`.

The class says what a number means, its unit and its range; the YAML file says its value and its source.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from pcqa_sim.clock import WEEKDAYS, Hours, WorkingCalendar
from pcqa_sim.needs import ANOTHER_DAY, DESK, GAVE_UP, SELF_TREATED, WENT_ELSEWHERE
from pcqa_sim.scenario.fields import (
    AtLeastOne,
    ClockTime,
    Count,
    DayProfile,
    Key,
    NotNegative,
    Positive,
    Roster,
    Settings,
    Share,
    Shares,
    Word,
    sums_to_one,
)


class OpeningHours(Settings):
    """When the practice is open on one weekday."""

    opens: ClockTime = Field(description='"HH:MM"; the doors and the phone lines open')
    closes: ClockTime = Field(description='"HH:MM"; after `opens`')

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError("the end comes after the start: opens < closes")
        return self


class Calendar(Settings):
    """Start date, opening hours and bank holidays."""

    start_date: dt.date = Field(description="date; a Monday, week 0 of the run")
    opening_hours: dict[str, OpeningHours | None] = Field(description="by weekday; null where shut all day")
    bank_holidays: Literal["England", "none"] = Field(description="which bank holidays nobody works on")

    @field_validator("start_date", mode="before")
    @classmethod
    def _no_number(cls, value: object) -> object:
        if isinstance(value, int | float):  # pydantic would count seconds from 1970
            raise ValueError("must be a date, written YYYY-MM-DD")
        return value

    @field_validator("start_date")
    @classmethod
    def _a_monday(cls, value: dt.date) -> dt.date:
        if value.weekday() != 0:
            raise ValueError(f"the start date is a Monday; {value} is a {value:%A}")
        return value

    @model_validator(mode="after")
    def _whole_week(self) -> Self:
        if set(self.opening_hours) != set(WEEKDAYS):
            raise ValueError(f"opening_hours: must name each of {', '.join(WEEKDAYS)}")
        if not any(self.opening_hours.values()):
            raise ValueError("the practice opens on at least one day of the week")
        return self

    def working(self) -> WorkingCalendar:
        """Return the working calendar these settings describe."""
        hours = [self.opening_hours[day] for day in WEEKDAYS]
        week = tuple(None if h is None else Hours(h.opens, h.closes) for h in hours)
        return WorkingCalendar(self.start_date, week, "England" if self.bank_holidays == "England" else "")


class RunSettings(Settings):
    """How long and how often."""

    warm_up_weeks: Count = Field(le=260, description="weeks; simulated before anything is counted")
    measured_weeks: AtLeastOne = Field(le=1040, description="weeks; what the results describe")
    replications: AtLeastOne = Field(le=100_000, description="independent repeats of the whole run")
    seed: Count = Field(lt=2**63, description="number; the same seed gives the same people and the same luck")


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
    rate_factor: dict[int, NotNegative] = Field(
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


class Menu(Settings):
    """The recorded menu a caller hears first."""

    minutes: NotNegative = Field(le=30, description="minutes in the menu")
    informed_share: Share = Field(description="share whose need the message answers")
    put_off_share: Share = Field(description="share who hang up in the menu, their need unanswered")

    @model_validator(mode="after")
    def _shares(self) -> Self:
        if self.informed_share + self.put_off_share > 1:
            raise ValueError("informed_share + put_off_share is at most 1")
        return self


class ClosedMessage(Settings):
    """What a caller hears when the practice is shut."""

    minutes: NotNegative = Field(le=30, description="minutes of message")
    ends_call_share: Share = Field(description="share ended by the message; the rest are missed")
    ring_at_opening_share: Share = Field(description="share who then ring when the practice opens")


class Patience(Settings):
    """How long callers wait: an early share hangs up while the message plays, the rest are exponential."""

    early_share: Share = Field(description="share who hang up early")
    early_within_min: Positive = Field(le=60, description="minutes; the early ones hang up evenly within this")
    mean_min: Positive = Field(le=10_000, description="minutes; mean patience of the rest")


class Talk(Settings):
    """A conversation with a call handler: log-normal."""

    median_min: Positive = Field(le=120, description="minutes; median talk")
    sigma: NotNegative = Field(le=3, description="standard deviation of log talk time")
    wrap_up_min: NotNegative = Field(le=60, description="minutes; the handler's work after the call")


class Callback(Settings):
    """The offer to be rung back and keep one's place in the queue."""

    offered_from_waiting: Count = Field(le=10_000, description="callers waiting before callback is offered")
    accepted_share: Share = Field(description="share who accept; 0 switches callback off")


class Phones(Settings):
    """The telephone system."""

    lines: AtLeastOne = Field(le=10_000, description="lines; a caller finding all in use hears the engaged tone")
    menu: Menu
    closed_message: ClosedMessage
    patience: Patience
    talk: Talk
    callback: Callback


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


class Channels(Settings):
    """How people turn to the practice, and what they do when they do not get through."""

    redial: Redial
    fates: Shares = Field(description="shares of those who do not redial, or were told to ring another day")
    another_day_at_opening_share: Share = Field(description="share of those trying another day who ring at opening")
    desk_delay_mean_min: Positive = Field(le=1440, description="minutes; mean until they stand at the desk")
    desk_min: Positive = Field(le=120, description="minutes; a conversation at the desk")

    @field_validator("fates")
    @classmethod
    def _known(cls, value: dict[str, float]) -> dict[str, float]:
        if set(value) != set(FATES):
            raise ValueError(f"must name each of {', '.join(FATES)}")
        return value


class Triage(Settings):
    """The access model."""

    kind: Literal["reception_led"] = Field(description="which triage model decides")


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


class ObservedBand(Settings):
    """A published count of calls in a band of seconds; `to_s` null where the band is open."""

    from_s: NotNegative
    to_s: NotNegative | None
    calls: NotNegative


class Observed(Settings):
    """A practice's own telephone figures for one day, printed beside the simulated; never used as an input."""

    source: Word
    date: dt.date
    list_size_date: dt.date | None = None
    inbound: NotNegative
    answered: NotNegative
    menu: NotNegative
    callback: NotNegative
    missed: NotNegative
    answered_waits: list[ObservedBand]
    missed_waits: list[ObservedBand]
    lengths: list[ObservedBand]


class PracticeProfile(Settings):
    """What is the practice's own, apart from the groups."""

    name: Word = Field(description="what it is called in results")
    list_size: AtLeastOne = Field(le=1_000_000, description="registered patients")
    demand_level: Positive = Field(le=20, description="times; needs against the demand group's rate")
    start_belief: Share = Field(description="belief in scarcity at the start of the run")
    observed: Observed | None = None
