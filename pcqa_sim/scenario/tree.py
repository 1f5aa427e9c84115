"""The scenario: everything a run needs to know, frozen and checked before anything starts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final, Self
from weakref import WeakValueDictionary

from pydantic import Field, PrivateAttr, SerializerFunctionWrapHandler, model_serializer, model_validator

from pcqa_sim.scenario.checks import judge_practice
from pcqa_sim.scenario.fields import MOST_WEEKS, AtLeastOne, Key, Label, Settings
from pcqa_sim.scenario.groups import Calendar, Mdt, Network, PracticeProfile, Role, RunSettings
from pcqa_sim.scenario.meetings import judge_mdts
from pcqa_sim.scenario.practice import PracticeGroups
from pcqa_sim.scenario.reach import judge_reach
from pcqa_sim.scenario.sharing import judge_shared, with_its_shares
from pcqa_sim.scenario.team import halves_by_day
from pcqa_sim.values.clock import DAY, WEEK, WEEKDAYS, clock_time
from pcqa_sim.values.doors import own_code
from pcqa_sim.values.faults import BadInput

NETWORK: Final = "network"
"""What all practices of a scenario are called together, so that none of several is."""
THE_NETWORK: Final = "The network of"


class Practice(PracticeGroups):
    """One practice with all its groups of settings, judged together."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if _JUDGED.get(id(self)) is not self:  # pydantic asks again each time a practice is put into a scenario
            judge_practice(self)
            _JUDGED[id(self)] = self
        return self


_JUDGED: WeakValueDictionary[int, Practice] = WeakValueDictionary()


class Phase(Settings):
    """Settings that hold from a week on; practices not named keep theirs."""

    from_week: AtLeastOne = Field(le=MOST_WEEKS, description="week of the run, counted from 0")
    practices: dict[Key, Practice]


class Scenario(Settings):
    """A whole scenario: calendar, run length, practices by key, later phases, and the interventions applied."""

    calendar: Calendar
    run: RunSettings
    practices: dict[Key, Practice] = Field(min_length=1, max_length=1000)
    network: Network = Network()
    mdt: dict[Key, Mdt] = Field(default={}, max_length=40)
    phases: tuple[Phase, ...] = ()
    interventions: tuple[Label, ...] = ()
    _written_as: str = PrivateAttr(default="")

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave MDTs out where there are none, so that a scenario is written as ever."""
        found: dict[str, Any] = plain(self)
        return found if self.mdt else {name: value for name, value in found.items() if name != "mdt"}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if NETWORK in self.practices:
            raise ValueError(f"{NETWORK} is what all practices are called together: give this one another key")
        weeks = [phase.from_week for phase in self.phases]
        if weeks != sorted(set(weeks)):
            raise ValueError("phases: from_week ascends and no two phases start in the same week")
        for phase in self.phases:
            for key, later in phase.practices.items():
                if key not in self.practices:
                    raise ValueError(f"phases: unknown practice {key!r}; known: {', '.join(self.practices)}")
                if later.list_size != self.practices[key].list_size or later.people != self.practices[key].people:
                    raise ValueError("phases: the list and its people stay the same through a run")
        self._judge_sharing()
        self._share_out()
        judge_mdts(self.mdt, {key: self.settings_of(key) for key in self.practices}, self.calendar, self.network)
        hours = self.calendar.working().hours
        for key in self.practices:
            for practice in self.settings_of(key):
                _check_hours(self.calendar, practice)
                judge_reach(practice, hours)
        return self

    def _judge_sharing(self) -> None:
        """Refuse what cannot be shared."""
        if self.network.shared_reception is None:
            return
        if len(self.practices) == 1:
            raise ValueError("network.shared_reception: one practice has nobody to share it with; see network.members")
        for key in self.practices:
            if any(practice.rota.helps_phone_from is not None for practice in self.settings_of(key)):
                rule = "people of the desk help the call handlers of their own practice alone, and here there are none"
                raise ValueError(f"network.shared_reception: {key}: rota.helps_phone_from: {rule}")

    def _share_out(self) -> None:
        """Give each practice its part of what the network shares, in place: what was said is then what there is."""
        network = self.network
        if network.shared_roles or network.sees_elsewhere:
            judge_shared(network, {key: self.settings_of(key) for key in self.practices})
        if not network.shared_roles:
            return
        at_first = dict(self.practices)
        self.__dict__["practices"] = {k: with_its_shares(network, at_first, k, one) for k, one in at_first.items()}
        self.__dict__["phases"] = tuple(
            Phase(
                from_week=phase.from_week,
                practices={k: with_its_shares(network, at_first, k, one) for k, one in phase.practices.items()},
            )
            for phase in self.phases
        )

    @property
    def weeks(self) -> int:
        """Return the weeks simulated, warm-up included."""
        return self.run.warm_up_weeks + self.run.measured_weeks

    @property
    def end(self) -> float:
        """Return the minute at which the run ends."""
        return float(self.weeks * WEEK)

    def in_force(self, key: str, week: int) -> Practice:
        """Return a practice's settings in a week of the run."""
        practice = self.practices[key]
        for phase in self.phases:
            if phase.from_week <= week:
                practice = phase.practices.get(key, practice)
        return practice

    @property
    def answered_for(self) -> tuple[str, ...]:
        """Return whom answers are given for: the network first where there is one, then each practice by its key."""
        return (NETWORK, *self.practices) if len(self.practices) > 1 else tuple(self.practices)

    def people_of(self, key: str) -> int:
        """Return how many people are registered with a practice, or with all of a network's."""
        if key == NETWORK:
            return sum(practice.list_size for practice in self.practices.values())
        return self.practices[key].list_size

    def worded_by(self, key: str) -> Practice:
        """Return the settings that name what a practice has; for a network those of its first practice."""
        return self.practices[next(iter(self.practices)) if key == NETWORK else key]

    def called(self, key: str) -> str:
        """Return what a practice is called: in a network its key too, as several may have one name."""
        if key == NETWORK:
            return f"{THE_NETWORK} {len(self.practices)} practices"
        name = self.practices[key].name
        return name if len(self.practices) == 1 or name == key else f"{key} ({name})"

    def settings_of(self, key: str) -> tuple[Practice, ...]:
        """Return every version of a practice's settings, in order of time."""
        later = (phase.practices[key] for phase in self.phases if key in phase.practices)
        return (self.practices[key], *later)

    def changed(
        self,
        change: Callable[[Practice], Practice],
        from_week: int = 0,
        only: Iterable[str] = (),
        until_week: int | None = None,
        **parts: object,
    ) -> Scenario:
        """Return this scenario with practices changed from a week on: the seam every intervention uses.

        Applies to all practices, or to those in `only`; phases that start later are changed too, up to the week before
        `until_week` where there is one, from which on everything is as it was. What stays the
        same from one to the next is changed once. Other `parts` are replaced in the same step. Raises BadInput naming
        practice and week where `change` does.
        """
        keys = tuple(only) or tuple(self.practices)
        for key in keys:
            if key not in self.practices:
                raise ValueError(f"only: unknown practice {key!r}; known: {', '.join(self.practices)}")
        changed = _Changed(change, named=len(self.practices) > 1)
        weeks = sorted(
            {phase.from_week for phase in self.phases} | {week for week in (from_week, until_week or 0) if week}
        )
        phases = []
        for week in weeks:
            practices = {k: self.in_force(k, week) for k in self.practices}
            if from_week <= week and (until_week is None or week < until_week):
                practices |= {k: changed(practices[k], k, week) for k in keys}
            phases.append(Phase(from_week=week, practices=practices))
        start = dict(self.practices)
        if from_week == 0:
            start |= {k: changed(start[k], k, 0) for k in keys}
        return self.replaced(practices=start, phases=tuple(phases), **parts)

    def replaced(self, **parts: object) -> Scenario:
        """Return a copy with parts replaced, checked as a whole again."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return Scenario.model_validate(fields | parts)

    def known_as(self, name: str) -> Scenario:
        """Return this scenario under the name that it was written down with, when settings had another schema."""
        if self.digits() == name:
            return self
        named = self.replaced()
        named._written_as = name
        return named

    def hash(self) -> str:
        """Return the name of the scenario: that which it was written down with, else the digits of its settings."""
        return self._written_as or self.digits()

    def digits(self) -> str:
        """Return twelve hexadecimal digits of the resolved settings and the ordered interventions, by today's schema.

        Seed and number of replications are left out: they are named beside the hash. So are the bounds at which a run
        is given up: a run that ends is the same with any. Own code that it is run with is settings too.
        """
        left_out = {"seed", "replications", "most_rows", "most_minutes"}
        settings = self.model_dump(mode="json", exclude={"run": left_out})
        if own := code_used(self):
            settings["own_code"] = own
        text = json.dumps(settings, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def code_used(scenario: Scenario) -> dict[str, str]:
    """Return the own code that a scenario is run or was made with, by whose it is, with checksums; {} where none is."""
    each = (practice for key in scenario.practices for practice in scenario.settings_of(key))
    models = {("triage", practice.triage.kind) for practice in each}
    changes = {("intervention", label.partition("(")[0]) for label in scenario.interventions}
    return own_code(sorted(models | changes))


class _Changed:
    """A change of practices that makes each once, and says of a refusal whose settings it is about and from when."""

    def __init__(self, change: Callable[[Practice], Practice], named: bool) -> None:
        self._change = change
        self._named = named
        self._made: dict[int, tuple[Practice, Practice]] = {}  # with what it was made from, so that no id is used again

    def __call__(self, practice: Practice, key: str, week: int) -> Practice:
        if id(practice) not in self._made:
            try:
                self._made[id(practice)] = (practice, self._change(practice))
            except BadInput as refused:
                place = (f"{key}: " if self._named else "") + (f"from week {week}: " if week else "")
                raise BadInput(
                    replace(fault, where=place + _written_key(fault.where)) for fault in refused.faults
                ) from None
        return self._made[id(practice)][1]


def _written_key(key: str) -> str:
    """Return a practice's key as it stands in the settings files, where what is the practice's own has a group."""
    return f"practice.{key}" if key.partition(".")[0] in PracticeProfile.model_fields else key


def _check_hours(calendar: Calendar, practice: Practice) -> None:
    """Refuse sessions that run on a day's closed hours."""
    for name, role in practice.role.items():
        worked = halves_by_day(practice, name)
        for number, weekday in enumerate(WEEKDAYS):
            hours = calendar.opening_hours[weekday]
            if hours is None:
                _refuse_closed(name, role, weekday)
                continue
            named = role.people is not None
            halves = worked[number] if named else range(len(role.sessions) if role.weekday_factor[weekday] else 0)
            for session in (role.sessions[half] for half in halves):
                if session.starts < hours.opens or session.ends > hours.closes:
                    raise ValueError(
                        f"role.{name}.sessions: a session must lie inside opening hours; {weekday} is open "
                        f"{clock_time(hours.opens)}-{_until(hours.closes)}"
                    )


def _refuse_closed(name: str, role: Role, weekday: str) -> None:
    """Refuse people who work on a weekday on which the practice is closed."""
    for number, person in enumerate(role.people or ()):
        if word := next((word for word in person.sessions if word.startswith(weekday[:3])), ""):
            rule = f"{word}: the practice is closed on {weekday}; see calendar.opening_hours"
            raise ValueError(f"role.{name}.people.{number}.sessions: {rule}")


def _until(minute: int) -> str:
    return "24:00" if minute == DAY else clock_time(minute)
