"""Planned care: whom the practice invites in a week, by programme and cycle.

A person is on a programme or not, and due in weeks of their own: luck of the person and the programme, so that a change
of one programme touches no other, and nobody else.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.population.people import People
from pcqa_sim.scenario.groups import Planned, Programme
from pcqa_sim.values.clock import weeks_gone
from pcqa_sim.values.luck import Keys, activity, join_array, uniforms
from pcqa_sim.values.needs import need_numbers

_IS_ON_IT: Final = activity("planned_is_on_it")
_PHASE: Final = activity("planned_phase")
_TAKES_UP: Final = activity("planned_takes_up")
_WHEN: Final = activity("planned_when")

_WEEKS_A_YEAR: Final = 365.25 / 7

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Invitations:
    """The invitations of one week, in order of time; arrays of equal length.

    `moment` is the share of the working week gone by, `programme` an index into the programmes.
    """

    moment: Floats
    person: NDArray[np.int64]
    programme: NDArray[np.int64]
    number: NDArray[np.int64]
    key: Keys


class Recall:
    """The recall system of a practice: who is on which programme, and when each is due.

    Each person's cycles begin at a phase of their own, and nobody is due twice in a week.
    """

    def __init__(
        self, people: People, planned: Planned, first_number: int, start: dt.date = dt.date(2026, 1, 5)
    ) -> None:
        """Prepare for the people of a practice from a Monday on, week 0.

        `first_number` is the kind number of the first programme's needs.
        """
        self._start, self._by_month = start, planned.by_month
        self._first = first_number
        self.programmes = list(planned.programmes.items())
        self._key = [join_array(join_array(people.key, "planned"), name) for name, _ in self.programmes]
        self._members = [
            _members(people, programme, key) for (_, programme), key in zip(self.programmes, self._key, strict=True)
        ]
        self._phase = [uniforms(key[members], _PHASE) for key, members in zip(self._key, self._members, strict=True)]
        self._level = planned.level

    def due(self, week: int) -> Invitations:
        """Return who is invited in a week and takes it up."""
        parts = [self._of_programme(index, week) for index in range(len(self.programmes))]
        if not parts:
            none = np.array([], dtype=np.int64)
            return Invitations(np.array([]), none, none, none, none.astype(np.uint64))
        moment, person, programme, number, key = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((number, moment))
        return Invitations(moment[order], person[order], programme[order], number[order], key[order])

    def members(self, index: int) -> NDArray[np.int64]:
        """Return the people on a programme."""
        return self._members[index]

    def a_week(self, index: int) -> float:
        """Return how many invitations a week a person on a programme takes up on average."""
        _, programme = self.programmes[index]
        return programme.per_year * self._level * programme.uptake_share / _WEEKS_A_YEAR

    def _of_programme(
        self, index: int, week: int
    ) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Keys]:
        _, programme = self.programmes[index]
        a_week = programme.per_year * self._level / _WEEKS_A_YEAR
        gone = (weeks_gone(self._start, at, self._by_month) for at in (week, week + 1))
        before, after = (np.floor(self._phase[index] + at * a_week) for at in gone)
        here = after > before
        person = self._members[index][here]
        cycle = after[here].astype(np.int64)
        key = join_array(self._key[index][person], cycle)
        takes = uniforms(key, _TAKES_UP) < programme.uptake_share
        person, key = person[takes], key[takes]
        number = need_numbers(person, self._first + index, week, 0, np.zeros(len(person), dtype=np.int64))
        return uniforms(key, _WHEN), person, np.full(len(person), index, dtype=np.int64), number, key


def _members(people: People, programme: Programme, key: Keys) -> NDArray[np.int64]:
    """Return the people on a programme: those an age band or a segment puts on it, whichever is likelier."""
    by_age = np.array([programme.by_age.get(name, 0.0) for name in people.ages])[people.age]
    by_segment = np.array([programme.by_segment.get(name, 0.0) for name in people.segments])[people.segment]
    share = np.maximum(by_age, by_segment)
    if programme.female_only:
        share = np.where(people.female, share, 0.0)
    return np.flatnonzero(uniforms(key, _IS_ON_IT) < share)
