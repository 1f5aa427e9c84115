"""What a place does to a person's later needs and state: nothing at once, more until its onset is over, then gone."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.scenario.groups.community import LEAST_TIMES, MOST_TIMES, Effect
from pcqa_sim.values.clock import WEEK
from pcqa_sim.values.form import mypyc_attr

Floats = NDArray[np.float64]
_LEAST, _MOST = math.log(LEAST_TIMES), math.log(MOST_TIMES)
ALL: Final = ""


class Begun:
    """An effect that has begun on a person: since when, and as logarithms what it comes to."""

    __slots__ = ("effect", "person", "place", "rate", "settles", "since", "unsettles")

    def __init__(self, person: int, place: str, since: float, effect: Effect) -> None:
        self.person, self.place, self.since, self.effect = person, place, since, effect
        self.rate = math.log(effect.rate_times)
        self.unsettles, self.settles = math.log(effect.unsettles), math.log(effect.settles)

    def is_over(self, at: float) -> bool:
        """Tell whether it is gone at a minute."""
        return at >= self.since + self.effect.lasts_weeks * WEEK

    def there(self, at: float) -> float:
        """Return which share of it is there at a minute, of one that is not gone."""
        weeks = (at - self.since) / WEEK
        return min(1.0, weeks / self.effect.onset_weeks) if self.effect.onset_weeks else 1.0


@mypyc_attr(allow_interpreted_subclasses=True)
class Effects:
    """The effects on one practice's people, looked at once a week.

    Of several places on one person the logarithms add up; together they multiply or divide by 8 at the most.
    """

    def __init__(self, people: int) -> None:
        self._people = people
        self._begun: dict[tuple[int, str], Begun] = {}
        self._moves_state = False

    def begin(self, person: int, place: str, now: float, effect: Effect) -> None:
        """Let an effect begin; at the same place again, it begins anew when the one before is over."""
        before = self._begun.get((person, place))
        if not effect.does_something or (before is not None and not before.is_over(now)):
            return
        self._begun[person, place] = Begun(person, place, now, effect)
        self._moves_state = self._moves_state or effect.moves_state

    def times(self, at: float) -> Floats | None:
        """Return what each person's rate of needs is multiplied by at a minute; None where there is nothing."""
        self._forget(at)
        if not self._begun:
            return None
        logs = np.zeros(self._people)
        for one in self._begun.values():
            logs[one.person] += one.rate * one.there(at)
        return np.exp(np.clip(logs, _LEAST, _MOST))

    def hazards(self, at: float) -> tuple[Floats, Floats] | None:
        """Return the logarithms by which each person's hazards of becoming unsettled and of settling are multiplied.

        None where no effect has ever moved anybody's state.
        """
        if not self._moves_state:
            return None
        self._forget(at)
        unsettles, settles = np.zeros(self._people), np.zeros(self._people)
        for one in self._begun.values():
            there = one.there(at)
            unsettles[one.person] += one.unsettles * there
            settles[one.person] += one.settles * there
        return unsettles, settles

    def kept_away(self, at: float, rates: Floats) -> dict[str, tuple[float, float]]:
        """Return which share of needs does not arise at a minute: of everybody's, and of theirs who have been there.

        By place, and of all places together (ALL). `rates` (people) are everybody's rates of needs without it; less
        than 0 where it brings needs on.
        """
        logs: dict[str, Floats] = {}
        there: dict[str, set[int]] = {}
        for one in self._begun.values():
            if one.rate and not one.is_over(at):
                for name in (ALL, one.place):
                    logs.setdefault(name, np.zeros(self._people))[one.person] += one.rate * one.there(at)
                    there.setdefault(name, set()).add(one.person)
        found = {}
        for name, own in logs.items():
            gone = rates * (1 - np.exp(np.clip(own, _LEAST, _MOST)))
            of_theirs = float(rates[sorted(there[name])].sum())
            if of_theirs > 0:
                found[name] = float(gone.sum() / rates.sum()), float(gone.sum()) / of_theirs
        return found

    def _forget(self, at: float) -> None:
        """Forget what is over."""
        for key in [key for key, one in self._begun.items() if one.is_over(at)]:
            del self._begun[key]
