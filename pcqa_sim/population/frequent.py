"""Who is picked as a frequent attender, as a practice picks them, and who of those is given a programme."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.scenario.groups import FrequentProgramme
from pcqa_sim.values.clock import WEEK
from pcqa_sim.values.luck import Keys, activity, uniforms

_GIVEN: Final = activity("given_a_programme_for_frequent_attenders")

Mask = NDArray[np.bool_]


def most(counts: NDArray[np.int64], share: float) -> Mask:
    """Return of everybody whether they are in the share of people with most, the first of those with as many."""
    chosen = np.zeros(len(counts), dtype=bool)
    chosen[np.argsort(-counts, kind="stable")[: int(len(counts) * share)]] = True
    return chosen


def given(keys: Keys, picked: Mask, share: float) -> Mask:
    """Return who of those picked is given the programme: a share of them, by each person's own luck."""
    found: Mask = picked & (uniforms(keys, _GIVEN) < share)
    return found


class FrequentAttenders:
    """Counts the contacts people make, picks those with most in time, and changes the needs of some of them."""

    def __init__(self, rules: FrequentProgramme, keys: Keys) -> None:
        self._rules, self._keys = rules, keys
        self._counts = [0] * len(keys)
        self._first = (rules.from_week - rules.looks_back_weeks) * WEEK
        self._times: NDArray[np.float64] | None = None

    def asked(self, person: int, now: float) -> None:
        """Count a contact that a person makes."""
        if self._first <= now < self._rules.from_week * WEEK:
            self._counts[person] += 1

    def needs_times(self, week: int) -> NDArray[np.float64] | None:
        """Return what each person's rate of needs is multiplied by in a week, None before anybody is picked."""
        if week < self._rules.from_week:
            return None
        if self._times is None:
            picked = most(np.array(self._counts, dtype=np.int64), self._rules.share)
            those = given(self._keys, picked, self._rules.given_share)
            self._times = np.where(those, self._rules.needs_times, 1.0)
        return self._times
