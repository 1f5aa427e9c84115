"""Where the people of shared roles are: one rota for all practices, dealt so that each gets its share.

A person has one week: each of their half days is spent at one practice, or in the hub, so nobody is in two places. Who
is furthest behind what its share says gets the next day. A practice's number of sessions is thus never a whole one
away from its share for long, however few there are. People who stand in for others go where most of those are on leave.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pcqa_sim.clinic.absences import Absences, is_away
from pcqa_sim.clinic.rota import missed
from pcqa_sim.clinic.staff import HalfDay, dealt_week
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.scenario.groups import Role, SharedRole
from pcqa_sim.scenario.groups.network import ABSENCE, HUB
from pcqa_sim.scenario.sharing import shares
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.luck import world_key

THE_HUB = "hub"
_LITTLE = 1e-9


@dataclass(frozen=True)
class Stay:
    """One half day of one person of a shared role at one practice: who, which half day, and what it takes of it.

    `arrives` are the minutes after its beginning at which they are there, `supervision_min` what a GP there spends on
    it, `number` which of the role's people it is.
    """

    role: str
    half: HalfDay
    number: str
    arrives: float = 0.0
    supervision_min: float = 0.0


class Rounds:
    """The rota of a network's shared roles; the same people and the same luck whatever they are asked to do."""

    def __init__(self, scenario: Scenario, seed: int, rep: int) -> None:
        self._scenario = scenario
        calendar = scenario.calendar.working()
        self.world = world_key(seed, rep, "network")
        days = scenario.weeks * 7
        self.absences = Absences(self.world, days, calendar.start)
        self._own = {key: Absences(world_key(seed, rep, key), days, calendar.start) for key in scenario.practices}
        self._dealers = [
            _Dealer(name, shared, shares(shared, scenario.practices), self._missed)
            for name, shared in scenario.network.shared_roles.items()
        ]
        own = scenario.network.roles_shared().items()
        self.instead_of_own = frozenset(role for role, sharing in own if not sharing[0].adds_to_own)

    def turn_to(self, scenario: Scenario) -> None:
        """Follow another scenario from now on, in which all that could be seen until now is the same."""
        self._scenario = scenario

    def at(self, key: str, day: int) -> list[Stay]:
        """Return who is at a practice, or in the hub, on a day of the run."""
        return [stay for dealer in self._dealers for stay in self._week(dealer, day // 7).get((key, day % 7), ())]

    def is_sick(self, stay_number: str, role: Role, day: int) -> bool:
        """Tell whether one of these people is off sick on a day, wherever they were to be."""
        absence = role.absence
        return self.absences.sick(stay_number, absence.sickness_share, absence.sickness_mean_days, day)

    def _missed(self, role: str, day: int) -> dict[str, int]:
        """Return of each practice how many half days of a role nobody of its own works on a day, for leave."""
        settings = self._scenario.in_force
        return {key: missed(settings(key, day // 7), role, day, own) for key, own in self._own.items()}

    def _week(self, dealer: _Dealer, week: int) -> Mapping[tuple[str, int], list[Stay]]:
        while len(dealer.weeks) <= week:
            settings = self._scenario.in_force(next(iter(self._scenario.practices)), len(dealer.weeks))
            dealer.deal(settings, self.absences)
        return dealer.weeks[week]


class _Dealer:
    """Deals the weeks of one shared role; what each practice has had decides who is next."""

    def __init__(
        self, name: str, shared: SharedRole, of: dict[str, float], missed_on: Callable[[str, int], dict[str, int]]
    ) -> None:
        self.weeks: list[dict[tuple[str, int], list[Stay]]] = []
        self._name, self._shared, self._of, self._missed_on = name, shared, of, missed_on
        self._missing: dict[str, int] = {}
        self._had = dict.fromkeys(of, 0)

    def deal(self, practice: Practice, absences: Absences) -> None:
        """Deal the next week: whole days or half days of those who are not on leave."""
        shared, role, week = self._shared, practice.role[self._shared.role], len(self.weeks)
        days: dict[tuple[int, str], list[HalfDay]] = {}
        for half in self._sessions(role, week):
            if not is_away(absences, half.clinician, role, week):
                days.setdefault((half.weekday, half.clinician), []).append(half)
        found: dict[tuple[str, int], list[Stay]] = {}
        today = -1
        for weekday, who in sorted(days):
            if weekday != today and shared.shared_by == ABSENCE:
                self._missing, today = self._missed_on(shared.role, week * 7 + weekday), weekday
            for key, stay in self._of_day(days[weekday, who], role):
                found.setdefault((key, weekday), []).append(stay)
        assert shared.role in practice.role
        self.weeks.append(found)

    def _sessions(self, role: Role, week: int) -> tuple[HalfDay, ...]:
        """Return the half days of a week: whole ones, what is left over carried to the next."""
        a_week = self._shared.sessions_a_week
        many = math.floor((week + 1) * a_week + _LITTLE) - math.floor(week * a_week + _LITTLE)
        if not many:
            return ()
        factors = tuple(role.weekday_factor[day] for day in WEEKDAYS)
        each = self._shared.sessions_each
        return dealt_week(float(many), factors, len(role.sessions), each, self._name)

    def _of_day(self, halves: list[HalfDay], role: Role) -> list[tuple[str, Stay]]:
        """Return where somebody spends the half days of one day."""
        shared, found = self._shared, list[tuple[str, Stay]]()
        if shared.works == HUB:
            return [(THE_HUB, self._stay(half)) for half in halves]
        here, ended = "", -math.inf
        for half in sorted(halves, key=lambda half: half.half):
            times, before = role.sessions[half.half], here
            if not here or not shared.stays_all_day:
                here = self._next(len(halves) if shared.stays_all_day else 1)
            late = ended + shared.travel_min - times.starts if before not in ("", here) else 0.0
            found.append((here, self._stay(half, max(0.0, late))))
            ended = float(times.ends)
        return found

    def _stay(self, half: HalfDay, arrives: float = 0.0) -> Stay:
        """Return a half day under the key by which the person is known in diaries and in the log."""
        role, number = self._shared.role, half.clinician.rpartition(".")[2]
        there = HalfDay(half.weekday, half.half, f"{role}.{self._name}_{number}")
        return Stay(role, there, half.clinician, arrives, self._shared.supervision_min)

    def _next(self, sessions: int) -> str:
        """Return the practice where most are missing, else the furthest behind, and let it have so many sessions."""
        most = max(self._missing.values(), default=0)
        if most <= 0:
            return nearest_share(self._of, self._had, sessions)
        worst = {key: of for key, of in self._of.items() if self._missing[key] == most}
        key = nearest_share(worst, self._had, sessions)
        self._missing[key] -= sessions
        return key


def nearest_share(of: Mapping[str, float], had: dict[str, int], many: int = 1) -> str:
    """Return who is furthest behind their share of all that was given, and let them have so many more."""
    given = sum(had.values()) + many
    key = max(of, key=lambda key: (of[key] * given - had[key], of[key], key))
    had[key] += many
    return key
