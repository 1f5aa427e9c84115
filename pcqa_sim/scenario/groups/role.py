"""A role: how many work in it, when, with which appointments, on what, and at what cost."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

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
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.needs import MODES

if TYPE_CHECKING:
    Mode = str
else:
    Mode = Literal[MODES]  # the words of values.words.Mode, as text: the log and the settings have no enums


class Session(Settings):
    """A half day of one clinician."""

    starts: ClockTime
    ends: ClockTime

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends <= self.starts:
            raise ValueError("the end comes after the start: starts < ends")
        return self


def _apart(sessions: list[Session]) -> list[Session]:
    ordered = sorted(sessions, key=lambda session: session.starts)
    if any(b.starts < a.ends for a, b in itertools.pairwise(ordered)):
        raise ValueError("sessions must not overlap")
    return ordered


class SlotBlock(Settings):
    """Some slots in a row of one session, alike in length, mode and release rule."""

    slots: AtLeastOne = Field(le=200, description="appointments in a row")
    minutes: Positive = Field(le=240, description="minutes; length of each")
    mode: Mode = Field(description="how patient and clinician meet")
    release: Key = Field(description="a rule of appointments.releases")
    complex: bool = Field(default=False, description="true where kept for those of appointments.complex_needs")


class Absence(Settings):
    """Leave, known before the diary opens, and sickness, known on the day."""

    leave_share: Share = Field(lt=1, description="share of weeks on leave")
    sickness_share: Share = Field(lt=1, description="share of working days off sick")
    sickness_mean_days: Positive = Field(le=200, description="days; mean length of a spell of sickness")


class Judgement(Settings):
    """Which of their own appointments clinicians of a role say needed one of them: each draws the line elsewhere.

    A consultation needed them, in their eyes, where another role here would have done less well than their line says,
    as a share of what they do themselves. Lines lie evenly between the two; each case looks a little different.
    """

    line_from: NotNegative = Field(le=3, description="share; the line of whoever keeps fewest for themselves")
    line_to: NotNegative = Field(le=3, description="share; the line of whoever keeps most")
    case_sd: Positive = Field(le=3, description="standard deviation of how one case looks beside others of its kind")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.line_to < self.line_from:
            raise ValueError("line_to: the lines lie between the two: line_from <= line_to")
        return self


class Differences(Settings):
    """How clinicians of one role differ from each other."""

    pace_cv: NotNegative = Field(le=1, description="coefficient of variation of consultation length between clinicians")
    skill_sd: NotNegative = Field(
        le=0.5, description="standard deviation of the share resolved, as a share of the mean"
    )
    follow_up_cv: NotNegative = Field(le=2, description="coefficient of variation of the propensity to follow up")
    judgement: Judgement | None = Field(default=None, description="what they say needed one of them; none: not asked")


class Overtime(Settings):
    """How long clinicians stay on: for paperwork, and for patients already booked."""

    may_wait_days: NotNegative = Field(le=60, description="working days of the list's own paperwork that may wait")
    most_min: NotNegative = Field(le=480, description="minutes after a session that a clinician stays for paperwork")
    protected_min: NotNegative = Field(
        default=0.0,
        le=480,
        description="minutes of each session that go to paperwork, as long as there is any, however long the list ran",
    )
    list_stops_after_min: NotNegative | None = Field(
        default=None,
        le=480,
        description="minutes after a session from which nobody more is called in; null: all are seen",
    )


class Role(Settings):
    """One role with sessions: clinicians, or administrators, who have no appointments and whose work is paperwork."""

    title: Word = Field(description="what it is called in results")
    fte_per_10000: NotNegative = Field(le=1000, description="full-time equivalents per 10,000 patients")
    sessions_per_fte: Positive = Field(le=14, description="half days a week of one full-time equivalent")
    sessions_per_clinician: Positive = Field(le=14, description="half days a week of one person")
    sessions: Annotated[list[Session], AfterValidator(_apart)] = Field(
        min_length=1, max_length=6, description="half days of a day"
    )
    weekday_factor: dict[str, Weight] = Field(description="times; sessions of a weekday against the others")
    template: list[SlotBlock] = Field(
        max_length=40, description="the slots of one session, in order; empty: nobody is seen, all of it is paperwork"
    )
    absence: Absence
    consultation_min: dict[Mode, Annotated[Positive, Field(le=480)]] = Field(
        description="minutes by mode; mean of a consultation"
    )
    consultation_cv: NotNegative = Field(le=5, description="coefficient of variation of a consultation's minutes")
    differences: Differences
    notes_min: NotNegative = Field(le=240, description="minutes of writing up and small paperwork after a consultation")
    makes: dict[Key, Annotated[NotNegative, Field(le=100)]] = Field(
        default={}, description="items of backoffice.items that one consultation makes on average, by name"
    )
    supervision_min: NotNegative = Field(
        default=0.0,
        le=60,
        description="minutes that somebody else spends on looking after one consultation of this role",
    )
    supervised_by: Key = Field(default="gp", description="the role that looks after them")
    list_work: dict[Key, Annotated[NotNegative, Field(le=100_000)]] = Field(
        default={},
        max_length=30,
        description="minutes a working day per 1,000 patients of work on lists, by name, done where nothing else waits",
    )
    overtime: Overtime
    scope: dict[Key, Share] = Field(
        description="share of consultations that resolve a need, by kind; none: out of scope", json_schema_extra=BY_KIND
    )
    cost_per_hour_gbp: NotNegative = Field(le=10_000, description="pounds an hour worked, whatever it is spent on")
    cost_per_contact_hour_gbp: NotNegative | None = Field(
        default=None,
        le=10_000,
        description="pounds an hour with patients, which carries the hours without; null: as an hour worked",
    )
    paid_by: Literal["practice", "network"] = Field(default="practice", description="who pays for it")

    @property
    def contact_hour_gbp(self) -> float:
        """Return what an hour with patients costs, in pounds."""
        own = self.cost_per_contact_hour_gbp
        return self.cost_per_hour_gbp if own is None else own

    @property
    def sees_patients(self) -> bool:
        """Tell whether the role has appointments at all."""
        return bool(self.template)

    @property
    def slots_per_session(self) -> int:
        """Return how many appointments a session has."""
        return sum(block.slots for block in self.template)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if set(self.weekday_factor) != set(WEEKDAYS):
            raise ValueError(f"weekday_factor: must name each of {', '.join(WEEKDAYS)}")
        if self.fte_per_10000 > 0 and not any(self.weekday_factor.values()):
            raise ValueError("weekday_factor: someone who works at all works on at least one weekday")
        if not self.sees_patients:
            if self.scope:
                raise ValueError("scope: a role without appointments (its template is empty) resolves nothing")
            return self
        if self.fte_per_10000 > 0 and not any(self.scope.values()):
            raise ValueError("scope: a role must be able to resolve at least one kind of need")
        longest = sum(block.slots * block.minutes for block in self.template)
        shortest = min(session.ends - session.starts for session in self.sessions)
        if longest > shortest + 1e-9:
            raise ValueError(f"template: slots of {longest:g} minutes do not fit a session of {shortest} minutes")
        missing = {block.mode for block in self.template} - set(self.consultation_min)
        if missing:
            raise ValueError(f"consultation_min: must name the minutes of {', '.join(sorted(missing))}")
        return self
