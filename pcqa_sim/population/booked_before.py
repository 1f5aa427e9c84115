"""The diary as it stands when a run begins: who had booked ahead by then, and which slots were booked.

Luck stays with people and with slots. Which slots are booked, where there are people enough, is luck of each slot
(whose it is and when it starts). Who wants one is a Poisson measure of each person's own: as many as their needs make
appointments that are booked ahead, over the time that a diary looks ahead. They take turns in an order of luck, and
each takes the free slot of the role that they like best, which is luck of the two. So one person more takes slots that
others would have had, those take others, and nobody's luck changes; and a diary holds no more than people need.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.population.need_generation import Appetite, poisson_quantiles
from pcqa_sim.population.recalls import Recall
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.checks import contacts_after_one, most_missed, roles_in
from pcqa_sim.scenario.groups import Appointments
from pcqa_sim.values.clock import day_of
from pcqa_sim.values.luck import Keys, activity, join, join_array, mix_array, uniforms
from pcqa_sim.values.needs import STRIP_BEFORE_THE_RUN, Slot, need_numbers

_IS_BOOKED: Final = activity("is_booked_before")
_HOW_MANY: Final = activity("how_many_booked_before")
_WHICH_ROLE: Final = activity("which_role_before")
_TURN: Final = activity("turn_before")

_TICKS_A_MINUTE: Final = 1000  # a slot is known by its clinician and its start, in whole numbers

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Wanting:
    """Appointments that would have been booked before a run, in the order of their turns; arrays of equal length.

    `kind` is the number of a kind of need or a programme, `role` an index into the practice's roles.
    """

    person: Numbers
    kind: Numbers
    role: Numbers
    number: Numbers
    key: Keys


def wanting(practice: Practice, appetite: Appetite, recall: Recall) -> Wanting:
    """Return the appointments that people's needs and the practice's programmes would have had booked ahead."""
    weeks = weeks_ahead(practice.appointments)
    parts = [_of_kind(appetite, index, practice, weeks) for index in range(len(practice.demand.kinds))]
    parts += [_of_programme(appetite, recall, index, practice, weeks) for index in range(len(recall.programmes))]
    person, kind, role, number, key, turn = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((number, turn))
    return Wanting(person[order], kind[order], role[order], number[order], key[order])


def weeks_ahead(appointments: Appointments) -> float:
    """Return over how many weeks of needs a diary looks ahead: of those of each day to come, the share known by now."""
    days = np.arange(appointments.booked_at_start_days)
    return float(np.exp(-days / appointments.booked_at_start_mean_days).sum() / 7)


_Part = tuple[Numbers, Numbers, Numbers, Numbers, Keys, Floats]


def _of_kind(appetite: Appetite, index: int, practice: Practice, weeks: float) -> _Part:
    """Return what is wanted for a kind of need: by people who do not want help the same day and ask for it at all."""
    name, kind = list(practice.demand.kinds.items())[index]
    sent = roles_in(practice.triage.places[name])
    each = {role: 1 / (1 - contacts_after_one(practice, kind, practice.role[role], name)) for role in sent}
    people = appetite.people
    ahead = practice.demand_level * kind.level * (1 - kind.today_share)
    a_week = appetite.base[index] * people.rate_factor * (1 - appetite.never[index]) * ahead
    keys = join_array(join_array(people.key, "booked before"), name)
    return _drawn(np.arange(len(people)), index, keys, a_week * weeks, practice, sent, each)


def _of_programme(appetite: Appetite, recall: Recall, index: int, practice: Practice, weeks: float) -> _Part:
    """Return what is wanted for a programme, by those who are on it."""
    name, programme = list(practice.planned.programmes.items())[index]
    members = recall.members(index)
    each = {programme.role: 1 / (1 - most_missed(practice) * practice.outcome.dna_rebook_share)}
    needs = np.full(len(members), recall.a_week(index) * weeks)
    keys = join_array(join_array(appetite.people.key[members], "booked before"), name)
    return _drawn(members, len(appetite.kinds) + index, keys, needs, practice, {programme.role: 1.0}, each)


def _drawn(
    people: Numbers,
    kind: int,
    keys: Keys,
    needs: Floats,
    practice: Practice,
    sent: Mapping[str, float],
    each: Mapping[str, float],
) -> _Part:
    """Draw how many appointments each person wants with which role, and in which turn.

    `sent` is the share of the needs that goes to a role and `each` how many appointments one makes there at the most.
    The first of each have their turns between 0 and 1, those that come of it after them.
    """
    names = list(practice.role)
    weights = np.array([sent[role] * each[role] for role in sent])
    counts = poisson_quantiles(uniforms(keys, _HOW_MANY), needs * weights.sum())
    person = np.repeat(people, counts)
    index: Numbers = np.arange(len(person), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    key = join_array(np.repeat(keys, counts), index)
    which = np.searchsorted(np.cumsum(weights), uniforms(key, _WHICH_ROLE) * weights.sum(), side="right")
    role = np.array([names.index(role) for role in sent], dtype=np.int64)[which]
    turn = uniforms(key, _TURN) * np.array([each[role] for role in sent])[which]
    number = need_numbers(person, kind, 0, STRIP_BEFORE_THE_RUN, index)
    return person, np.full(len(person), kind, dtype=np.int64), role, number, key, turn


class BookedSlots:
    """The slots of one role that are booked when a run begins, as long as nobody has taken them."""

    def __init__(self, slots: Sequence[Slot], keys: Keys) -> None:
        self._slots, self._keys = slots, keys
        self._free = np.ones(len(slots), dtype=np.bool_)
        self._suits: dict[frozenset[str], NDArray[np.bool_]] = {}

    def take(self, modes: frozenset[str], key: int) -> Slot | None:
        """Return the free slot in one of some modes that the person of this key likes best, or None."""
        suits = self._suits.get(modes)
        if suits is None:
            suits = self._suits[modes] = np.array([slot.mode in modes for slot in self._slots], dtype=np.bool_)
        places = np.flatnonzero(self._free & suits)
        if not len(places):
            return None
        best = int(places[np.argmin(mix_array(self._keys[places] ^ np.uint64(key)))])
        self._free[best] = False
        return self._slots[best]


def booked_slots(world: int, slots: Sequence[Slot], appointments: Appointments) -> dict[str, BookedSlots]:
    """Return by role which of the free slots are booked when a run begins, where people enough want them.

    The share of them falls exponentially over the days ahead, as it does in a diary that has been open for long.
    """
    keys = _keys(world, slots)
    days = np.array([day_of(slot.start) for slot in slots])
    share = appointments.booked_at_start_share * np.exp(-days / appointments.booked_at_start_mean_days)
    chosen: Numbers = np.flatnonzero(uniforms(keys, _IS_BOOKED) < share)
    return {
        role: BookedSlots(*_those(slots, keys, chosen, role))
        for role in {slots[place].role for place in chosen.tolist()}
    }


def _keys(world: int, slots: Sequence[Slot]) -> Keys:
    """Return the luck of slots: that of whose they are and when they start, whatever else is in the diary."""
    of_clinician = {name: join(world, "booked before", name) for name in {slot.clinician for slot in slots}}
    keys = np.array([of_clinician[slot.clinician] for slot in slots], dtype=np.uint64)
    ticks = np.array([round(slot.start * _TICKS_A_MINUTE) for slot in slots], dtype=np.int64)
    return join_array(keys, ticks)


def _those(slots: Sequence[Slot], keys: Keys, chosen: Numbers, role: str) -> tuple[list[Slot], Keys]:
    of_role = [place for place in chosen.tolist() if slots[place].role == role]
    return [slots[place] for place in of_role], keys[of_role]
