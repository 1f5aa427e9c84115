"""Care homes of one practice during a run: who lives in which, what waits for the round, who goes to hospital."""

from __future__ import annotations

import math
from typing import Final

from pcqa_sim.population.people import People
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.reach import CARE_HOME
from pcqa_sim.values.clock import WEEK, WEEKDAYS
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import activity, join
from pcqa_sim.values.native_luck import luck_of
from pcqa_sim.values.needs import Need

_HOME: Final = activity("which_care_home")
_HOW_MANY: Final = activity("care_home_attendances")
_WHEN: Final = activity("when_care_home_attendance")
_HAPPENS: Final = activity("care_home_attendance_happens")
_ADMITTED: Final = activity("care_home_admitted")
_KEPT: Final = activity("kept_for_the_round")
ATTENDANCE: Final = "attendance"
ADMISSION: Final = "admission"
CLOSED: Final = "closed"
NOBODY_IN: Final = "nobody_in"
_WEEKS_A_YEAR: Final = 365.25 / 7
_MOST_A_WEEK: Final = 20


class Trip:
    """A resident's way to A&E: when, who, from which home, and whether they are admitted."""

    __slots__ = ("admitted", "at", "home", "person")

    def __init__(self, at: float, person: int, home: int, admitted: bool) -> None:
        self.at, self.person, self.home, self.admitted = at, person, home, admitted


@mypyc_attr(allow_interpreted_subclasses=True)
class Homes:
    """The care homes of one practice; `many` of them, `residents` by person."""

    def __init__(self, people: People, world: int) -> None:
        code = people.segments.index(CARE_HOME) if CARE_HOME in people.segments else -1
        self.residents: list[int] = [who for who, one in enumerate(people.segment.tolist()) if one == code]
        self._u = {who: luck_of(int(people.key[who])).u(_HOME) for who in self.residents}
        self._world = world
        self.many = 0

    def use(self, settings: Practice) -> None:
        """Let settings take effect."""
        self.rules = settings.care_homes
        self.many = 0 if self.rules is None else self.rules.homes(len(self.residents), settings.list_size)

    def home_of(self, person: int) -> int:
        """Return the number of a resident's home."""
        return int(self._u[person] * self.many)

    def trips(self, week: int) -> list[Trip]:
        """Return who goes to A&E in a week, in order of time, by luck of their own."""
        rules = self.rules
        if rules is None or rules.attendances_per_resident_year == 0 or rules.attendances_times == 0:
            return []
        mean = rules.attendances_per_resident_year / _WEEKS_A_YEAR
        admitted = rules.admissions_per_resident_year * rules.admissions_times
        admitted /= rules.attendances_per_resident_year * rules.attendances_times
        found: list[Trip] = []
        for person in self.residents:
            luck = luck_of(join(self._world, "care_home", person, week))
            for _ in range(_poisson(luck.u(_HOW_MANY), mean)):
                at, happens, stays = week * WEEK + luck.u(_WHEN) * WEEK, luck.u(_HAPPENS), luck.u(_ADMITTED)
                if happens < rules.attendances_times:
                    found.append(Trip(at, person, self.home_of(person), stays < admitted))
        return sorted(found, key=lambda trip: (trip.at, trip.person))

    def lives_in_one(self, person: int) -> bool:
        """Tell whether a person lives in one of these homes."""
        return self.rules is not None and person in self._u

    def waits_for_round(self, need: Need) -> bool:
        """Tell whether staff would keep a need for the weekly round, if it can wait."""
        rules = None if self.rules is None else self.rules.round
        if rules is None or need.person not in self._u or not rules.resolves.get(need.kind):
            return False
        return need.luck.first(_KEPT) < rules.waits_share

    def round_day(self) -> int:
        """Return the weekday of the round, Monday being 0; -1 for none."""
        rules = None if self.rules is None else self.rules.round
        return -1 if rules is None else WEEKDAYS.index(rules.weekday)


def _poisson(u: float, mean: float) -> int:
    """Return the Poisson quantile."""
    probability = below = math.exp(-mean)
    count = 0
    while u > below and count < _MOST_A_WEEK:
        count += 1
        probability *= mean / count
        below += probability
    return count
