"""A role: how many work in it, when, with which appointments, on what, and at what cost."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from pcqa_sim.scenario.fields import (
    BY_KIND,
    AtLeastOne,
    ByMonth,
    ClockTime,
    Key,
    NotNegative,
    Positive,
    Settings,
    Share,
    Weight,
    Word,
)
from pcqa_sim.values.clock import DAY, HOUR, WEEKDAYS, clock_time
from pcqa_sim.values.faults import nearest
from pcqa_sim.values.needs import MODES
from pcqa_sim.values.words import GP

HALVES = {"am": (0, 13 * HOUR), "pm": (13 * HOUR, 18 * HOUR), "eve": (18 * HOUR, DAY)}
"""Minutes of the day between which the middle of a session lies that is called morning, afternoon or evening."""
STAFF = ("people", "heads", "fte", "sessions_a_week", "fte_per_10000")
"""The ways of saying how many work in a role, one of which is used."""
_DAYS = tuple(day[:3] for day in WEEKDAYS)
_HALF_DAY = f"a day, or a half of one as mon_am; days: {', '.join(_DAYS)}; halves: {', '.join(HALVES)}"


def _half_days(words: object) -> object:
    """Read half days as people write them: "mon" is morning and afternoon."""
    if not isinstance(words, list | tuple):
        return words
    found = list[str]()
    for word in words:
        day, _, half = str(word).strip().lower().partition("_")
        if day not in _DAYS or (half and half not in HALVES):
            near = nearest(str(word), _DAYS) or nearest(str(word), [f"{x}_{half}" for x in _DAYS for half in HALVES])
            raise ValueError(f"{word} is not {_HALF_DAY}{f'; did you mean {near}?' if near else ''}")
        found += [f"{day}_{half}"] if half else [f"{day}_am", f"{day}_pm"]
    if twice := next((word for word in found if found.count(word) > 1), ""):
        raise ValueError(f"{twice} is named twice")
    return tuple(found)


HalfDays = Annotated[tuple[str, ...], BeforeValidator(_half_days)]

if TYPE_CHECKING:
    Mode = str
else:
    Mode = Literal[MODES]  # the words of values.words.Mode, as text: the log and the settings have no enums


class SlotBlock(Settings):
    """Some slots in a row of one session, alike in length, mode and release rule."""

    slots: AtLeastOne = Field(le=200, description="appointments in a row")
    minutes: Positive = Field(le=240, description="minutes; length of each")
    mode: Mode = Field(description="how patient and clinician meet")
    release: Key = Field(description="a rule of appointments.releases")
    complex: bool = Field(default=False, description="true where kept for those of appointments.complex_needs")


class Session(Settings):
    """A half day of one clinician."""

    starts: ClockTime
    ends: ClockTime
    template: list[SlotBlock] | None = Field(
        default=None, min_length=1, max_length=40, description="slots of this half day, in order; null: the role's"
    )

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


class Person(Settings):
    """One person of the practice's own staff, and which half days of a week they work."""

    name: Word = Field(description="what they are called in answers")
    sessions: HalfDays = Field(max_length=21, description="half days they work, as mon_am; mon is both")


class Absence(Settings):
    """Leave, known before the diary opens, and sickness, known on the day."""

    leave_share: Share = Field(lt=1, description="share of weeks on leave")
    leave_by_month: ByMonth = Field(
        default={}, description="times; leave in a week by its month, 1 where not named; the year's stays leave_share"
    )
    sickness_share: Share = Field(lt=1, description="share of working days off sick")
    sickness_mean_days: Positive = Field(le=200, description="days; mean length of a spell of sickness")
    leave_locum_share: Share = Field(default=0.0, description="share of somebody's weeks on leave that a locum works")
    sickness_locum_share: Share = Field(default=0.0, description="share of somebody's days off sick that a locum works")


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
    referral_cv: NotNegative = Field(
        default=0.0, le=2, description="coefficient of variation of how readily they refer and order tests"
    )
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

    model_config = ConfigDict(json_schema_extra={"one_of": list(STAFF)})

    title: Word = Field(description="what it is called in results")
    fte_per_10000: NotNegative | None = Field(
        default=None, le=1000, description="full-time equivalents per 10,000 patients"
    )
    fte: NotNegative | None = Field(default=None, le=10_000, description="full-time equivalents of this practice")
    heads: NotNegative | None = Field(
        default=None, le=10_000, description="people of this practice, each with sessions_per_clinician"
    )
    sessions_a_week: NotNegative | None = Field(
        default=None, le=100_000, description="half days a week of this practice"
    )
    people: list[Person] | None = Field(
        default=None, max_length=200, description="people of this practice by name, with the half days they work"
    )
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
    supervised_by: Key = Field(default=GP, description="the role that looks after them")
    peer_review_min_per_week: NotNegative = Field(
        default=0.0,
        le=600,
        description="minutes a week of each full-time clinician for going through others' work",
    )
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

    def weekly_sessions(self, list_size: int) -> float:
        """Return the half days a week that the role has in a practice with so many patients."""
        if self.people is not None:
            return float(sum(len(person.sessions) for person in self.people))
        if self.sessions_a_week is not None:
            return self.sessions_a_week
        if self.heads is not None:
            return self.heads * self.sessions_per_clinician
        if self.fte is not None:
            return self.fte * self.sessions_per_fte
        return (self.fte_per_10000 or 0.0) / 10_000 * list_size * self.sessions_per_fte

    def blocks(self, half: int) -> list[SlotBlock]:
        """Return the slots of one of the role's half days, in order."""
        own = self.sessions[half].template
        return self.template if own is None else own

    @property
    def templates(self) -> dict[str, list[SlotBlock]]:
        """Return every list of slots that the role has, by the key where it stands."""
        own = {f"sessions.{n}.template": session.template for n, session in enumerate(self.sessions)}
        return {"template": self.template} | {key: blocks for key, blocks in own.items() if blocks is not None}

    def half_of(self, word: str) -> int | None:
        """Return which of the role's half days "mon_am" means; None where it has none then."""
        first, last = HALVES[word.partition("_")[2]]
        middles = [(session.starts + session.ends) / 2 for session in self.sessions]
        return next((n for n, middle in enumerate(middles) if first <= middle < last), None)

    @property
    def sees_patients(self) -> bool:
        """Tell whether the role has appointments at all."""
        return bool(self.template)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if set(self.weekday_factor) != set(WEEKDAYS):
            raise ValueError(f"weekday_factor: must name each of {', '.join(WEEKDAYS)}")
        self._staff_said_once()
        if self._anybody and not any(self.weekday_factor.values()):
            raise ValueError("weekday_factor: someone who works at all works on at least one weekday")
        if not self.sees_patients:
            if self.scope:
                raise ValueError("scope: a role without appointments (its template is empty) resolves nothing")
            if len(self.templates) > 1:
                raise ValueError("template: give the role slots, too, of which those of a half day differ")
            return self
        if self._anybody and not any(self.scope.values()):
            raise ValueError("scope: a role must be able to resolve at least one kind of need")
        self._slots_fit()
        return self

    @property
    def _anybody(self) -> bool:
        return self.weekly_sessions(1) > 0

    def _staff_said_once(self) -> None:
        said = [name for name in STAFF if getattr(self, name) is not None]
        if len(said) != 1:
            told = f"{' and '.join(said)} each say" if said else "nothing says"
            raise ValueError(f"{said[0] if said else STAFF[-1]}: {told} how many work; write one of {', '.join(STAFF)}")
        names = [person.name for person in self.people or ()]
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise ValueError(f"people: {twice} is named twice; write all their sessions together")
        for number, person in enumerate(self.people or ()):
            for word in person.sessions:
                if self.half_of(word) is None:
                    when = ", ".join(f"{clock_time(s.starts)}-{clock_time(s.ends)}" for s in self.sessions)
                    raise ValueError(f"people.{number}.sessions: {word}: no half day of `sessions` is then ({when})")

    def _slots_fit(self) -> None:
        for half, session in enumerate(self.sessions):
            longest = sum(block.slots * block.minutes for block in self.blocks(half))
            there = session.ends - session.starts
            if longest > there + 1e-9:
                where = "template" if session.template is None else f"sessions.{half}.template"
                raise ValueError(f"{where}: slots of {longest:g} minutes do not fit a session of {there} minutes")
        modes = {block.mode for blocks in self.templates.values() for block in blocks}
        if missing := modes - set(self.consultation_min):
            raise ValueError(f"consultation_min: must name the minutes of {', '.join(sorted(missing))}")
