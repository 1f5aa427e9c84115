"""Who comes on an MDT's list: people found by what is known of them, how severe they are, and who waits.

A person is found at moments of their own (keyed by person and week), so that one more of them changes nobody else's.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.population.people import People
from pcqa_sim.scenario.groups import Mdt
from pcqa_sim.scenario.groups.mdt import LOOKS_BACK_WEEKS, Severe
from pcqa_sim.values.clock import WEEK, week_of
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import Keys, activity, join_array, uniforms
from pcqa_sim.values.needs import Need

_AT_RISK: Final = activity("at_risk_for_an_mdt")
_FOUND: Final = activity("found_for_an_mdt")
_WHEN: Final = activity("when_found_for_an_mdt")
_NOMINATED: Final = activity("nominated_for_an_mdt")
_LEAVES: Final = activity("leaves_an_mdt")
_WEEKS_A_YEAR: Final = 365.25 / 7


@mypyc_attr(allow_interpreted_subclasses=True)
class Lately:
    """How many contacts each person has made in the last weeks, this one included; as far back as the run goes."""

    def __init__(self, people: int) -> None:
        self._counts = np.zeros((LOOKS_BACK_WEEKS, people), dtype=np.int32)
        self._week = 0

    def asked(self, person: int, now: float) -> None:
        """Count a contact that a person makes."""
        self._pass_to(week_of(now))
        self._counts[self._week % LOOKS_BACK_WEEKS, person] += 1

    def of(self, person: int, now: float) -> int:
        """Return how many contacts a person has made."""
        self._pass_to(week_of(now))
        return int(self._counts[:, person].sum())

    def _pass_to(self, week: int) -> None:
        while self._week < week:
            self._week += 1
            self._counts[self._week % LOOKS_BACK_WEEKS] = 0


class Found:
    """People found in one week, in order of time: the share of the working week gone by, and who."""

    __slots__ = ("moment", "person")

    def __init__(self, moment: list[float], person: list[int]) -> None:
        self.moment = moment
        self.person = person


@mypyc_attr(allow_interpreted_subclasses=True)
class Selecting:
    """How one MDT finds people of one practice."""

    def __init__(self, name: str, rules: Mdt, people: People) -> None:
        self._rules = rules
        selects = rules.selects
        self._keys: Keys = join_array(join_array(people.key, "mdt"), name)
        names = np.array(people.segments)
        of_segment = np.isin(names, selects.segments) if selects.segments else np.ones(len(names), dtype=bool)
        self._of_segment: list[bool] = of_segment[people.segment].tolist()
        at_risk = of_segment[people.segment] & (uniforms(self._keys, _AT_RISK) < selects.share)
        self._at_risk: NDArray[np.int64] = np.flatnonzero(at_risk)
        self._a_week = -math.expm1(-selects.per_year / _WEEKS_A_YEAR)
        severity = rules.severity
        self._points = _sum(people, severity.ages, severity.segments, severity.deprivation)

    def week(self, week: int) -> Found:
        """Return who at high enough risk is found in a week, whatever their state then is."""
        keys = join_array(self._keys[self._at_risk], week)
        found = np.flatnonzero(uniforms(keys, _FOUND) < self._a_week)
        moment = uniforms(keys[found], _WHEN)
        order = np.argsort(moment, kind="stable")
        return Found(moment[order].tolist(), self._at_risk[found][order].tolist())

    def fits(self, unsettled: bool, contacts: int) -> bool:
        """Tell whether somebody found comes on the list, by their state and how often they have asked."""
        selects = self._rules.selects
        return (unsettled or not selects.unsettled_only) and contacts >= selects.contacts_from

    def nominates(self, need: Need) -> bool:
        """Decide whether a clinician names a person whom they have just seen about a need."""
        share = self._rules.selects.nominated.get(need.kind, 0.0)
        return share > 0 and self._of_segment[need.person] and need.luck.u(_NOMINATED) < share

    def level(self, person: int, unsettled: bool, contacts: int) -> Severe:
        """Return how severe a person's trouble is: low, middle or high."""
        severity = self._rules.severity
        points = float(self._points[person])
        points += severity.unsettled if unsettled else 0.0
        points += severity.contacts if contacts >= severity.contacts_from else 0.0
        return self._rules.level_of(points)

    def stays_min(self, person: int, number: int) -> float:
        """Return the minutes after which somebody has left who waits for the meeting that long."""
        weeks = self._rules.leaves_weeks
        if weeks is None:
            return math.inf
        u = float(uniforms(join_array(self._keys[person : person + 1], number), _LEAVES)[0])
        return -math.log(u) * weeks * WEEK


class Case:
    """One person on an MDT's list or with its plan: since when, which of their times at MDTs, and what is agreed.

    `since` is when they came on the list, `due` when the next review is (their coming on the list, at first), `reviews`
    how many there have been, and `level` how severe their trouble was found to be; `over` once it has ended.
    """

    __slots__ = ("due", "level", "number", "over", "person", "practice", "reviews", "since", "waits")

    def __init__(self, practice: int, person: int, number: int, since: float, level: Severe) -> None:
        self.practice = practice
        self.person = person
        self.number = number
        self.since = self.due = since
        self.level = level
        self.reviews = 0
        self.waits = True
        self.over = False


@mypyc_attr(allow_interpreted_subclasses=True)
class Agenda:
    """Who waits to be discussed by one MDT: in turn, or the most severe first."""

    def __init__(self, rules: Mdt) -> None:
        self._rules = rules
        self._waiting: list[Case] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, case: Case) -> None:
        """Put somebody at the end of the list."""
        case.waits = True
        self._waiting.append(case)

    def leave(self, case: Case) -> None:
        """Take somebody off the list."""
        case.waits = False
        self._waiting.remove(case)

    def take(self) -> tuple[list[Case], float]:
        """Return whom a meeting has time for, who wait no more, and the minutes it takes."""
        rules = self._rules
        order = list(self._waiting)
        if rules.severe_first:
            order.sort(key=lambda case: -rules.levels[case.level].from_points)
        taken: list[Case] = []
        minutes = 0.0
        for case in order:
            needs = rules.minutes_per_case * rules.levels[case.level].minutes_times
            if len(taken) >= rules.cases_per_meeting or minutes + needs > rules.meeting_min + 1e-9:
                break
            taken.append(case)
            minutes += needs
        for case in taken:
            self.leave(case)
        return taken, minutes


def _sum(
    people: People, ages: dict[str, float], segments: dict[str, float], fifths: dict[str, float]
) -> NDArray[np.float64]:
    """Return for each person the sum of points by age, segment and deprivation."""
    points = np.zeros(len(people))
    for index, names, given in (
        (people.age, people.ages, ages),
        (people.segment, people.segments, segments),
        (people.deprivation - 1, people.fifths, fifths),
    ):
        if given:
            points = points + np.array([given.get(name, 0.0) for name in names])[index]
    return points
