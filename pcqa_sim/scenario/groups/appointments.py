"""How appointments are released, booked, cancelled, missed, and run late."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from pcqa_sim.scenario.fields import AtLeastOne, ClockTime, Count, Key, NotNegative, Positive, Settings, Share, Weight
from pcqa_sim.scenario.groups.role import Mode
from pcqa_sim.values.needs import MODES

ON_THE_DAY = "on_the_day"
MOST_DAYS_AHEAD = 180


class Release(Settings):
    """From when a slot can be booked, and by whom."""

    days_before: Count | None = Field(
        default=None, le=MOST_DAYS_AHEAD, description="days before its own from which it can be booked, 0 is the day"
    )
    at: ClockTime = Field(default=0, description='"HH:MM"; from this time of that day on')
    hours_before: NotNegative | None = Field(
        default=None, le=24 * MOST_DAYS_AHEAD, description="hours; embargoed until so many hours before it starts"
    )
    urgent_only: bool = Field(default=False, description="true where only those who want help today get it")
    flagged_only: bool = Field(default=False, description="true where kept for needs flagged as urgent")
    online_bookable: bool = Field(default=False, description="true where people can book it themselves in the app")
    opens_to_all_before_min: NotNegative | None = Field(
        default=None,
        le=1440 * MOST_DAYS_AHEAD,
        description="minutes before it starts from which whoever fits may have what is left; null: kept to the end",
    )

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.days_before is None) == (self.hours_before is None):
            raise ValueError("a release rule has days_before or hours_before, one of the two")
        return self


class Continuity(Settings):
    """Who would rather see their usual clinician, and how long they wait for it."""

    prefers_usual_share: Share = Field(description="share of people with a preference")
    tolerance_days: Count = Field(le=60, description="days longer they wait for their usual clinician")
    all_kinds: bool = Field(default=False, description="true where they mind with any need, not a relational one alone")
    beyond_latest: bool = Field(
        default=False, description="true where they wait for it past the last day that would do with anybody else"
    )
    today_waits_share: Share = Field(
        default=0.0, description="share of them who wait so although they want help today, if beyond_latest"
    )
    team_size: AtLeastOne = Field(
        default=1, le=6, description="GPs who share a list and know its people; 1: everybody has their own"
    )
    named_from: AtLeastOne | None = Field(
        default=None,
        le=100,
        description="consultations in 13 weeks from which a person asks for their usual clinician; null: none",
    )


LEAD_DAYS = (0, 1, 7, 14, 21, 28)  # the last day of each band but the open one


class LeadTimeRates(Settings):
    """Share of appointments not attended, by days between booking and appointment, before the other factors."""

    same_day: Share
    days_1: Share
    days_2_7: Share
    days_8_14: Share
    days_15_21: Share
    days_22_28: Share
    days_over_28: Share

    @cached_property
    def _rates(self) -> tuple[float, ...]:
        return tuple(float(getattr(self, name)) for name in type(self).model_fields)

    def of_lead(self, days: int) -> float:
        """Return the rate for a lead time in calendar days."""
        return self._rates[bisect_left(LEAD_DAYS, days)]

    @property
    def greatest(self) -> float:
        """Return the greatest of the rates."""
        return max(self._rates)


def _every_mode(factors: dict[Mode, float]) -> dict[Mode, float]:
    if set(factors) != set(MODES):
        raise ValueError(f"must name each of {', '.join(MODES)}")
    return factors


class NotAttending(Settings):
    """How likely a booked person does not come: lead-time rate x mode x age x deprivation."""

    lead: LeadTimeRates
    mode_factor: Annotated[dict[Mode, Weight], AfterValidator(_every_mode)] = Field(description="times; by mode")
    age_factor: dict[Key, Weight] = Field(default={}, description="times; by age band, 1 where not named")
    deprivation_factor: dict[Key, Weight] = Field(default={}, description="times; by fifth, 1 where not named")

    @property
    def greatest(self) -> float:
        """Return the greatest probability that the factors can make."""
        others = (self.mode_factor, self.age_factor, self.deprivation_factor)
        highest = [max([1.0, *factors.values()]) for factors in others[1:]]
        return self.lead.greatest * max(self.mode_factor.values()) * highest[0] * highest[1]

    @model_validator(mode="after")
    def _a_probability(self) -> Self:
        if self.greatest > 1:
            raise ValueError(f"lead x mode x age x deprivation reaches {self.greatest:.3g}, but a share is at most 1")
        return self


class Cancelling(Settings):
    """Patients who cancel before the day: the slot returns to the diary."""

    share: Share = Field(description="share of appointments booked ahead that the patient cancels")
    rebook_share: Share = Field(description="share of those who ask for another time; the others need it no more")


class Squeeze(Settings):
    """What a clinician does who runs late: shorter consultations, which resolve less."""

    late_from_min: NotNegative = Field(le=480, description="minutes late from which consultations are shortened")
    minutes_factor: Share = Field(gt=0, description="times; minutes of a shortened consultation")
    resolve_factor: Share = Field(description="times; share resolved by a shortened consultation")


class ComplexNeeds(Settings):
    """For whom longer appointments are kept, and what becomes of the time."""

    segments: tuple[Key, ...] = Field(min_length=1, description="people of these, with a need that is relational")
    minutes_factor: Positive = Field(le=10, description="times; minutes of a consultation there")
    resolves_more_share: Share = Field(
        description="share of what would be left unresolved that the longer time resolves"
    )


class DoubleBooking(Settings):
    """Two people are booked for one time where it is known how many do not come: by lead time and mode alone."""

    most_per_session: Count = Field(le=20, description="times of one session that are booked twice, at the most")
    from_expected: Positive = Field(
        le=20, description="people expected not to come of those still booked in a session, for each time booked twice"
    )


class WaitingList(Settings):
    """People who would come sooner are offered, by text, what has come free or stays free near its time."""

    told_share: Share = Field(description="share of people told to call another day who want to be told of a free slot")
    booked_share: Share = Field(description="share of people booked far ahead who would come sooner")
    from_days: AtLeastOne = Field(le=MOST_DAYS_AHEAD, description="days ahead from which a booking is far ahead")
    notice_min: NotNegative = Field(le=1440, description="minutes that people need from the offer to the slot at least")
    answers_share: Share = Field(description="share of those offered a slot who answer in time and come")
    answer_min: Positive = Field(le=1440, description="minutes after which it is offered to the next")


class HomeVisits(Settings):
    """How visits at home are made: when, how long the way is, and whether anybody is in."""

    opens: ClockTime = Field(description='"HH:MM"; after morning surgery: no visit is due before')
    travel_min: NotNegative = Field(le=240, description="minutes; the way there and back, mean")
    travel_cv: NotNegative = Field(default=0.0, le=3, description="coefficient of variation of the way")
    on_a_round_factor: Share = Field(
        default=1.0, description="times; the way to people of a programme, several of whom are seen on one round"
    )
    not_in_share: Share = Field(description="share of visits at which nobody is in, whoever it is and however booked")


class BookedBy111(Settings):
    """Slots kept for NHS 111, which books people into them; what it leaves is opened to all before its time."""

    role: Key = Field(description="whose slots of the day are kept")
    slots_per_10000_day: NotNegative = Field(le=200, description="slots kept a working day per 10,000 patients")
    bookings_per_10000_day: NotNegative = Field(le=200, description="people it would book a working day per 10,000")
    released_before_min: NotNegative = Field(
        le=1440, description="minutes before its time at which a slot kept for it is open to all"
    )


class Appointments(Settings):
    """The rules of the diary."""

    releases: dict[Key, Release] = Field(min_length=1, max_length=30, description="release rules by name")
    horizon_days: Count = Field(le=MOST_DAYS_AHEAD, description="days; how far ahead the diary is open")
    booked_at_start_days: Count = Field(
        le=MOST_DAYS_AHEAD, description="days ahead whose slots are filled at the start"
    )
    booked_at_start_share: Share = Field(description="share of the first day's slots that are booked at the start")
    booked_at_start_mean_days: Positive = Field(
        le=100_000,
        description="days over which that share falls to about a third, and mean days since they were booked",
    )
    convert_before_min: NotNegative | None = Field(
        default=None,
        le=1440,
        description="minutes before a free slot starts from which it is given in another mode too; null: never",
    )
    convert_overrun_min: NotNegative = Field(
        default=0.0, le=60, description="minutes by which the mean consultation in another mode may exceed the slot"
    )
    double_booking: DoubleBooking | None = Field(default=None, description="null where no time is booked twice")
    nhs_111: BookedBy111 | None = Field(default=None, description="slots kept for NHS 111; null where it books none")
    rooms: AtLeastOne | None = Field(
        default=None, le=1000, description="sessions with people in the room at one time; null: rooms enough"
    )
    waiting_list: WaitingList | None = Field(default=None, description="null where free slots are offered to nobody")
    empty_slots_logged: bool = Field(
        default=False, description="true where the log has each slot that stays empty and what each refusal asked for"
    )
    extra_on_the_day_slots: Count = Field(le=10_000, description="slots a working day on top, kept for the day")
    extra_role: Key = Field(description="the role that works the extra slots")
    continuity: Continuity
    not_attending: NotAttending
    cancelling: Cancelling
    squeeze: Squeeze
    complex_needs: ComplexNeeds | None = Field(default=None, description="null where no appointments are kept for them")
    travel_min: NotNegative = Field(
        default=0.0,
        le=240,
        description="minutes people need to come: none but those at the desk is seen face to face sooner",
    )
    home_visits: HomeVisits | None = Field(
        default=None, description="null: visits are slots like any other, without a way to go"
    )

    @model_validator(mode="after")
    def _rules(self) -> Self:
        if ON_THE_DAY not in self.releases:
            raise ValueError(f"releases: must have a rule named {ON_THE_DAY}")
        for name, rule in self.releases.items():
            if (rule.days_before or 0) > self.horizon_days:
                raise ValueError(
                    f"releases.{name}.days_before: {rule.days_before} is at most horizon_days, {self.horizon_days}"
                )
        return self
