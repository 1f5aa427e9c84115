"""What practices of a network share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from pcqa_sim.scenario.fields import (
    AtLeastOne,
    ClockTime,
    Count,
    Key,
    NotNegative,
    Positive,
    Settings,
    Share,
    Shares,
)

EQUAL, LIST, WEIGHTED_LIST, ABSENCE = "equal", "list", "weighted_list", "absence"
VISITS, HUB = "visits", "hub"


class SharedReception(Settings):
    """One team of call handlers that answers the calls of all practices: whoever calls first is answered first."""

    talk_factor: Positive = Field(
        le=5, description="times; minutes of a talk, against one with the caller's own reception who knows the practice"
    )


class SharedRole(Settings):
    """People of one role who work for all practices of a network: they visit in turn, or sit in a hub.

    Where a role is shared, its sessions are all that practices have of it, unless they add to the practices' own.
    """

    role: Key = Field(description="which role; every practice has its appointments and its scope in its own settings")
    posts: NotNegative = Field(le=1000, description="posts in the whole network")
    vacancy_share: Share = Field(default=0.0, lt=1, description="share of the posts with nobody in them")
    sessions_each: Positive = Field(le=21, description="half days a week of one post")
    works: Literal["visits", "hub"] = Field(default="visits", description="visits practices in turn, or sits in a hub")
    shared_by: Literal["equal", "list", "weighted_list", "absence"] = Field(
        default="weighted_list",
        description="what decides how much each practice gets: the same for all, its list, its list by its needs, or "
        "who of its own is on leave (else its list by its needs)",
    )
    stays_all_day: bool = Field(default=True, description="a day is spent at one practice; false: a half day")
    travel_min: NotNegative = Field(
        default=0.0, le=480, description="minutes between two practices on one day, taken off the later session"
    )
    supervision_min: NotNegative = Field(
        default=0.0, le=240, description="minutes of a GP of the practice visited for each session there"
    )
    adds_to_own: bool = Field(default=False, description="comes on top of the practices' own people of the role")

    @model_validator(mode="after")
    def _covers_somebody(self) -> Self:
        if self.shared_by == ABSENCE and (self.works == HUB or not self.adds_to_own):
            rule = "who stands in for practices' own people comes on top of them: works: visits, adds_to_own: true"
            raise ValueError(f"shared_by: {rule}")
        return self

    @property
    def sessions_a_week(self) -> float:
        """Return the half days a week that the filled posts work, leave not taken off."""
        return self.posts * (1 - self.vacancy_share) * self.sessions_each


class HandOff(Settings):
    """What it costs to be seen away from one's own practice: at another of the network, or in the hub."""

    declines_share: Share = Field(default=0.0, description="share of people who would not go")
    travel_min: NotNegative = Field(default=0.0, le=480, description="minutes longer that people need to come")
    delay_days: Count = Field(
        default=0, le=60, description="days before what is not for the same day can be seen to elsewhere"
    )
    resolves_factor: Share = Field(
        default=1.0, description="times; share resolved by somebody without the person's context, story told again"
    )
    retold_min: NotNegative = Field(default=0.0, le=60, description="minutes longer that a consultation takes for it")
    record_min: NotNegative = Field(
        default=0.0, le=60, description="minutes of a GP of the own practice for each, where records do not meet"
    )
    lost_share: Share = Field(default=0.0, description="share of what is handed over for a later day that is lost")
    noticed_mean_days: Positive = Field(default=7.0, le=365, description="days; mean until people notice and ask")


class EnhancedAccess(Settings):
    """Appointments in the hub in evenings and on Saturdays, for all of the network's people."""

    min_per_1000_week: Positive = Field(le=1000, description="minutes of appointments per 1,000 people a week")
    roles: Shares = Field(description="share of these minutes by role")
    slot_min: Positive = Field(le=120, description="minutes of an appointment")
    bookable_days: Count = Field(le=60, description="days before, from which on they can be booked")
    evening: ClockTime = Field(description='"HH:MM"; beginning of an evening, Monday to Friday')
    evening_ends: ClockTime = Field(description='"HH:MM"; its end')
    saturday: ClockTime = Field(description='"HH:MM"; beginning of Saturday')
    saturday_ends: ClockTime = Field(description='"HH:MM"; its end')

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.evening_ends <= self.evening or self.saturday_ends <= self.saturday:
            raise ValueError("evening_ends, saturday_ends: the end comes after the beginning")
        return self

    def windows(self, weekday: int) -> list[tuple[int, int]]:
        """Return from when to when it is open on a weekday (0 is Monday); Saturday is two sessions."""
        if weekday < 5:
            return [(self.evening, self.evening_ends)]
        middle = (self.saturday + self.saturday_ends) // 2
        return [(self.saturday, middle), (middle, self.saturday_ends)] if weekday == 5 else []


class Hub(Settings):
    """A place of a network with its own rooms, whose appointments all practices' receptions can book."""

    rooms: AtLeastOne = Field(le=1000, description="rooms; without one nobody is seen face to face")
    enhanced_access: EnhancedAccess | None = Field(default=None, description="evenings and Saturdays; null: none")


_LATER = ("shared_roles", "hub", "hand_off", "same_day_overflow")
"""What a network is written without where there is none of it, so that scenarios keep the names they had."""


class Network(Settings):
    """What the practices of a network share; nothing by default."""

    shared_reception: SharedReception | None = Field(
        default=None, description="the call handlers of all practices as one team; null: each has its own"
    )
    shared_roles: dict[Key, SharedRole] = Field(
        default={}, max_length=40, description="people who work for all practices, by name"
    )

    hub: Hub | None = Field(default=None, description="a place of the network's own; null: none")
    same_day_overflow: bool = Field(
        default=False, description="who finds nothing today is offered what another practice has free today"
    )
    hand_off: HandOff = HandOff()

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        found: dict[str, Any] = plain(self)
        fields = type(self).model_fields
        said = (name for name in _LATER if getattr(self, name) != fields[name].default)
        return {name: value for name, value in found.items() if name not in _LATER} | {n: found[n] for n in said}

    @property
    def sees_elsewhere(self) -> bool:
        """Tell whether people may be seen away from their own practice."""
        return self.hub is not None or self.same_day_overflow

    def roles_shared(self) -> Mapping[str, tuple[SharedRole, ...]]:
        """Return by role those that share its work."""
        found: dict[str, tuple[SharedRole, ...]] = {}
        for shared in self.shared_roles.values():
            found[shared.role] = (*found.get(shared.role, ()), shared)
        return found
