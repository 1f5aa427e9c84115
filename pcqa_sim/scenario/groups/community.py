"""Places in the community that meet need: how many they can see, when, whom, for how long, and what comes of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from pcqa_sim.scenario.fields import (
    BY_KIND,
    AtLeastOne,
    ClockTime,
    Key,
    NotNegative,
    Positive,
    Settings,
    Share,
    Weight,
    Word,
)

LEAST_TIMES, MOST_TIMES = 0.125, 8.0
"""What a person's state can divide or multiply their rate of needs by, at the most."""
COMMUNITY, NHS, LOCAL_GOVERNMENT, THIRD_SECTOR = "community", "nhs", "local_government", "third_sector"
RESOURCES = (COMMUNITY, NHS, LOCAL_GOVERNMENT, THIRD_SECTOR)
"""Whose the minutes and pounds of a place are: volunteers', the NHS's, the council's, a charity's."""
INTERMEDIARY, COLLABORATION, SERVICE = "intermediary", "collaboration", "service"

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ByKind = Annotated[dict[Key, Share], Field(default={}, json_schema_extra=BY_KIND)]


class PlaceHours(Settings):
    """When a place is open: the same hours on each of its days."""

    opens: ClockTime = Field(description='"HH:MM"')
    closes: ClockTime = Field(description='"HH:MM"; after `opens`')
    days: tuple[Weekday, ...] = Field(min_length=1, description="weekdays on which it is open")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError("the end comes after the start: opens < closes")
        return self


class Effect(Settings):
    """What having been at a place does to a person's later needs and state; 1 is nothing, as in the trials."""

    rate_times: Positive = Field(
        default=1.0, ge=LEAST_TIMES, le=MOST_TIMES, description="times; needs in the end, against before"
    )
    unsettles: Positive = Field(
        default=1.0,
        ge=LEAST_TIMES,
        le=MOST_TIMES,
        description="times; hazard of becoming unsettled in the end, against before",
    )
    settles: Positive = Field(
        default=1.0,
        ge=LEAST_TIMES,
        le=MOST_TIMES,
        description="times; hazard of settling again in the end, against before",
    )
    onset_weeks: NotNegative = Field(le=260, description="weeks until it is fully there, growing evenly")
    lasts_weeks: Positive = Field(le=1040, description="weeks from the first session until it is gone")
    after_sessions: AtLeastOne = Field(default=1, le=100, description="sessions after which it begins")

    @property
    def moves_state(self) -> bool:
        """Tell whether it makes people unsettled, or settled again, more often or less."""
        return self.unsettles != 1 or self.settles != 1

    @property
    def does_something(self) -> bool:
        """Tell whether it changes anything at all."""
        return self.rate_times != 1 or self.moves_state

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.lasts_weeks < self.onset_weeks:
            raise ValueError("lasts_weeks: must not be less than onset_weeks")
        return self


class Champions(Settings):
    """Volunteers whose number grows with the people they have helped, up to what the community can give."""

    at_start_per_1000: NotNegative = Field(le=1000, description="volunteers per 1,000 people when the run begins")
    most_per_1000: NotNegative = Field(le=1000, description="volunteers per 1,000 people that there can be")
    growth_per_week: NotNegative = Field(le=1, description="share a week by which few of them grow, all being busy")
    people_each: Positive = Field(le=1000, description="people whom one of them looks after at once")
    by_chance: bool = Field(default=True, description="one by one, by chance; false: evenly, in parts of a person")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_start_per_1000 > self.most_per_1000:
            raise ValueError("at_start_per_1000: must not be more than most_per_1000")
        return self


class CommunityPlace(Settings):
    """One place, or one kind of places together, that a practice's people can go to."""

    title: Word = Field(description="what it is called in results")
    way: Literal["service", "intermediary", "collaboration"] = Field(
        default="service", description="how it works: a service, somebody between, or people themselves"
    )
    run_by: Literal["community", "nhs", "local_government", "third_sector"] = Field(description="whose it is")
    hours: PlaceHours
    places_per_10000: NotNegative | None = Field(
        default=None, le=10_000, description="people it looks after at once per 10,000; null: no limit"
    )
    worked_by: Key | None = Field(
        default=None, description="role of the practice whose caseload it is, in whose rota the minutes are; null: none"
    )
    places_per_fte: NotNegative | None = Field(
        default=None, le=1000, description="people looked after at once by one full-time post of that role"
    )
    sessions_per_10000_day: NotNegative | None = Field(
        default=None, le=10_000, description="sessions a day open per 10,000; null: no limit"
    )
    minutes_per_10000_day: NotNegative | None = Field(
        default=None, le=100_000, description="minutes of sessions a day open per 10,000; null: no limit"
    )
    session_min: Positive = Field(le=480, description="minutes of a session")
    sessions: AtLeastOne = Field(default=1, le=200, description="sessions of somebody who stays to the end")
    between_days: NotNegative = Field(default=0.0, le=365, description="days from one session to the next")
    irregular: bool = Field(default=False, description="those days differ by chance, exponentially; false: never")
    stays_share: Share = Field(default=1.0, description="share who come again after each session; the others drop out")
    stays_for_segments: dict[Key, Weight] = Field(
        default={}, description="times; of those who come again, by segment; at most all of them come"
    )
    keeps_list: bool = Field(default=True, description="whether people can wait; false: full means turned away")
    patience_weeks: Positive | None = Field(
        default=None, le=520, description="weeks; mean until somebody leaves the list; null: nobody does"
    )
    lost_share: Share = Field(default=0.0, description="share of referrals that get lost on the way")
    uptake_share: Share = Field(description="share of those sent there who go; the others decline")
    uptake_for_segments: dict[Key, Weight] = Field(default={}, description="times; uptake, by segment")
    resolves: ByKind = Field(description="by kind: share met there, of those who stay; none: not accepted")
    offered: ByKind = Field(description="by kind: share of requests to which the practice offers it first")
    referred: ByKind = Field(description="by kind: share of consultations that meet it after which somebody is sent on")
    joins: ByKind = Field(description="by kind: share of needs the practice is never asked about that come there")
    for_segments: tuple[Key, ...] = Field(default=(), description="segments it is for; none: everybody")
    returns_share: Share = Field(
        default=1.0, description="share of those sent by the practice and not helped who ask it again"
    )
    return_days: Positive = Field(default=3.0, le=365, description="days; mean until they do")
    as_advised_share: Share = Field(
        default=0.0, description="share of those who come back who were told rightly to come back if it got no better"
    )
    effect: Effect | None = Field(default=None, description="what it does to later needs; null: nothing")
    champions: Champions | None = Field(default=None, description="volunteers who make it; null: none")
    gbp_per_session: NotNegative = Field(default=0.0, le=100_000, description="pounds a session")

    @model_serializer(mode="wrap")
    def _without_what_is_not_said(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out how segments stay where nothing is said of it, so that a scenario is written as ever."""
        found: dict[str, Any] = plain(self)
        return {name: value for name, value in found.items() if name != "stays_for_segments" or value}

    @property
    def is_made_by_people(self) -> bool:
        """Tell whether people themselves make it, so that each community has its own."""
        return self.way == "collaboration" and self.worked_by is None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.worked_by is None) != (self.places_per_fte is None):
            raise ValueError("places_per_fte: goes with worked_by: a caseload is somebody's")
        if self.champions is not None and self.places_per_10000 is not None:
            raise ValueError("places_per_10000: must be null where there are champions, who make the places")
        if self.session_min > self.hours.closes - self.hours.opens:
            raise ValueError("session_min: must fit into its hours")
        for name in ("offered", "referred", "joins"):
            for kind, share in getattr(self, name).items():
                if share and not self.resolves.get(kind):
                    takes = ", ".join(sorted(one for one, met in self.resolves.items() if met)) or "nothing"
                    raise ValueError(f"{name}.{kind}: the place does not accept it; by resolves it takes {takes}")
        return self
