"""Which half hour needs whom: the fewest people, half hour by half hour, with whom a target holds in each of them.

One run tells of every half hour, so that no half hour is tried alone: where the target is missed somebody is added,
then people are taken away again in half hours that do not touch, and whoever is missed comes back. Queues run on from
one half hour to the next; what is missed is laid to the nearest half hour up to it with fewer than were ever enough
(as in Feldman, Mandelbaum, Massey and Whitt 2008, where staffing and simulation take turns, but in whole people who
stay for an hour at least). Whoever is there stays where it is not clear that fewer are enough. All rosters are tried
with the same luck; the answer is then judged with other luck than chose it, which would flatter it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.study.methods.size import one_sided

Roster = tuple[int, ...]
"""People in each half hour of a day, from midnight on."""
Rosters = Mapping[str, Roster]
"""A roster for each sort of day that has its own: "monday", "tuesday_friday"."""
Place = tuple[str, int]
"""A sort of day and a half hour of it."""
Simulator = Callable[[Rosters, Sequence[int]], "Seen"]
"""Runs rosters with the luck of some replications."""
MOST_ROUNDS = 30
DOUBT = 0.1
"""The chance with which fewer people are taken for enough where they are not, at one look at one half hour."""


@dataclass(frozen=True)
class Seen:
    """What rosters gave: by sort of day (replications, half hours) of both parts of a ratio, and of calls a day."""

    above: Mapping[str, NDArray[np.float64]]
    below: Mapping[str, NDArray[np.float64]]
    calls: Mapping[str, NDArray[np.float64]]

    def value(self, place: Place) -> float:
        """Return the metric in a half hour over all replications; NaN where nobody called."""
        sort, step = place
        below = float(self.below[sort][:, step].sum())
        return float(self.above[sort][:, step].sum()) / below if below else float("nan")

    def values(self, place: Place) -> list[float]:
        """Return the metric in a half hour in each replication in which anybody called."""
        sort, step = place
        pairs = zip(self.above[sort][:, step], self.below[sort][:, step], strict=True)
        return [float(above / below) for above, below in pairs if below]


@dataclass(frozen=True)
class Needed:
    """What a search found: rosters as they are and as they are needed, and how each does with luck of its own.

    `short` are half hours in which the target is missed with as many people as may be, `doubtful` those in which it is
    missed with the other luck.
    """

    now: Rosters
    needed: Rosters
    seen_now: Seen
    seen: Seen
    short: frozenset[Place]
    doubtful: frozenset[Place]
    rounds: int


@dataclass
class Search:
    """A search from the rosters there are. `shortfall` turns the metric into how far it misses the target.

    `most` people are there in a half hour at the most; `replications` is how many runs a roster gets.
    """

    simulate: Simulator
    now: Rosters
    shortfall: Callable[[float], float]
    most: int
    replications: int
    rounds: int = 0
    _need: dict[str, list[int]] = field(default_factory=dict)
    _least: dict[Place, int] = field(default_factory=dict)
    _proved: dict[Place, int] = field(default_factory=dict)
    _seen: dict[tuple[Roster, ...], Seen] = field(default_factory=dict)
    _last: Seen = field(init=False)

    def run(self) -> Needed:
        """Return who is needed when."""
        self._need = {sort: list(roster) for sort, roster in self.now.items()}
        self._least = dict.fromkeys(self._open(), 1)
        short = self._raise()
        whole = self._whole()
        self._proved = {(sort, step): whole[sort][step] for sort, step in self._open()}
        while self.rounds < MOST_ROUNDS and (tried := self._fewer()):
            self._without(tried, short)
        short = self._raise()
        needed = self._whole()
        luck = range(self.replications, 2 * self.replications)
        seen_now, seen = (self.simulate(rosters, luck) for rosters in (self.now, needed))
        doubtful = frozenset(place for place in self._open() if self._misses(seen, place)) - short
        return Needed(self.now, needed, seen_now, seen, frozenset(short), doubtful, self.rounds)

    def _open(self) -> Iterator[Place]:
        """Yield the half hours in which anybody answers."""
        for sort, roster in self.now.items():
            yield from ((sort, step) for step, people in enumerate(roster) if people)

    def _whole(self, need: Mapping[str, Sequence[int]] | None = None) -> dict[str, Roster]:
        """Return the rosters of what is needed, in which everybody stays for an hour."""
        return {sort: in_hours(people) for sort, people in (need or self._need).items()}

    def _look(self, rosters: Rosters) -> Seen:
        """Return what rosters give, run once."""
        key = tuple(rosters.values())
        if key not in self._seen:
            self.rounds += 1
            self._seen[key] = self.simulate(rosters, range(self.replications))
        self._last = self._seen[key]
        for sort, step in self._open():
            if (sort, step) in self._proved and self._clearly_meets(self._last, (sort, step)):
                self._proved[sort, step] = min(self._proved[sort, step], rosters[sort][step])
        return self._last

    def _misses(self, seen: Seen, place: Place) -> bool:
        return self.shortfall(seen.value(place)) > 0

    def _clearly_meets(self, seen: Seen, place: Place) -> bool:
        """Tell whether the target holds in a half hour beyond doubt; where nobody calls it does."""
        short = np.array([self.shortfall(value) for value in seen.values(place)])
        return not len(short) or one_sided(short)[0] <= DOUBT

    def _raise(self) -> set[Place]:
        """Add people where the target is missed, until it is not; return where more than may be would be needed."""
        while True:
            rosters = self._whole()
            seen = self._look(rosters)
            missed = {place for place in self._open() if self._misses(seen, place)}
            short = {(sort, step) for sort, step in missed if rosters[sort][step] >= self.most}
            if missed == short or self.rounds >= 2 * MOST_ROUNDS:
                return short
            for sort, step in missed - short:
                self._need[sort][step] = rosters[sort][step] + 1
                if (sort, step - 1) not in missed:  # nothing was left over from before: it is this half hour's own
                    self._least[sort, step] = max(self._least[sort, step], rosters[sort][step] + 1)

    def _fewer(self) -> list[Place]:
        """Return half hours to take somebody from, none beside another: those with most room first."""
        free = [place for place in self._open() if self._need[place[0]][place[1]] > self._least[place]]
        free.sort(key=lambda place: (_room(self.shortfall(self._last.value(place))), place))
        chosen: dict[Place, None] = {}
        for sort, step in free:
            if (sort, step - 1) not in chosen and (sort, step + 1) not in chosen:
                chosen[sort, step] = None
        return list(chosen)

    def _without(self, tried: Iterable[Place], short: set[Place]) -> None:
        """Take somebody from half hours, and give back whoever is missed."""
        for sort, step in tried:
            self._need[sort][step] -= 1
        after = self._whole()
        fewer = {(sort, step) for sort, step in self._open() if after[sort][step] < self._proved[sort, step]}
        seen = self._look(after)
        doubted = {place for place in fewer if not self._clearly_meets(seen, place)}
        for place in (one for one in self._open() if (one in doubted or self._misses(seen, one)) and one not in short):
            sort, step = guilty = _guilty(place, fewer)
            self._least[guilty] = max(self._least[guilty], after[sort][step] + 1)
            self._need[sort][step] = max(self._need[sort][step], self._least[guilty])


def _guilty(missed: Place, fewer: Iterable[Place]) -> Place:
    """Return to which half hour it is laid that one misses the target: the nearest up to it with too few to be sure."""
    before = [place for place in fewer if place[0] == missed[0] and place[1] <= missed[1]]
    return max(before, default=missed)


def _room(shortfall: float) -> float:
    """Return a shortfall to sort by; where nobody called there is most room."""
    return shortfall if shortfall == shortfall else -float("inf")


def in_hours(people: Sequence[int]) -> Roster:
    """Return a roster with at least so many people in each half hour, of whom each stays for an hour or more.

    Whoever would come for half an hour comes half an hour earlier or stays longer, where that takes fewer people more;
    where it takes as many, they stay longer. Nobody comes when the practice is shut.
    """
    roster = list(people)
    for level in range(1, max(roster, default=0) + 1):
        for step in range(len(roster)):
            if roster[step] >= level and not _with(roster, step, level):
                beside = [at for at in (step + 1, step - 1) if 0 <= at < len(people) and people[at]]
                if beside:
                    roster[max(beside, key=lambda at: roster[at])] = level
    return tuple(roster)


def _with(roster: Sequence[int], step: int, level: int) -> bool:
    """Tell whether the half hour before or after has so many people too."""
    return any(0 <= at < len(roster) and roster[at] >= level for at in (step - 1, step + 1))


def spans(*rosters: Sequence[int]) -> list[tuple[int, int]]:
    """Return the stretches of half hours, (first, one after the last), through which none of some rosters changes."""
    rows = list(zip(*rosters, strict=True))
    starts = [at for at in range(len(rows)) if not at or rows[at] != rows[at - 1]]
    return list(zip(starts, [*starts[1:], len(rows)], strict=True))
