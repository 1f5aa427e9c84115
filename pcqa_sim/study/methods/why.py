"""Why two scenarios differ: which needs went differently with the same luck, and where their stories first part.

A need has the same number and the same luck in both logs. Its story is its rows in order of time: what happened, with
whom, to what end; at which minute, and after how long a wait in which queue, does not count. Two stories part at the
first row in which they differ. Contacts are counted over the measured weeks, so that the kinds of parting add up to
the whole difference between the two runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pcqa_sim.scenario import Scenario
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import WEEK
from pcqa_sim.values.needs import FAILURE_CAUSES

Step = tuple[str, str, str]
"""What happened at one row: event, who, code."""
_WAITS = (log.QUEUED,)
NOTHING: Step = ("", "", "")
"""Stands where one of two stories has ended, or never began."""


@dataclass(frozen=True)
class Parting:
    """One need whose two stories part.

    `last` is the step both share, `base` and `other` what happened next in each, `base_row` and `other_row` at which of
    the need's rows (counted from 0; -1 where nothing more happened). `contacts` and `failures` are contacts and failure
    contacts of the measured weeks, other less base.
    """

    need: int
    base_row: int
    other_row: int
    last: Step
    base: Step
    other: Step
    contacts: int
    failures: int

    @property
    def kind(self) -> tuple[Step, Step]:
        """Return what tells one kind of parting from another: what happened next in each."""
        return (self.base, self.other)


@dataclass(frozen=True)
class Kind:
    """All needs that part in the same way: how many, what they add to the difference, and the most telling of them."""

    base: Step
    other: Step
    needs: int
    contacts: int
    failures: int
    examples: tuple[Parting, ...]


@dataclass(frozen=True)
class Why:
    """What went differently in one practice, needs of both logs counted.

    `same` needs went the same way at the same times, `shifted` the same way at other times; the rest are `partings`.
    `contacts` and `failures` are other less base over the measured weeks, in all.
    """

    needs: int
    same: int
    shifted: int
    partings: tuple[Parting, ...]
    contacts: int
    failures: int

    def kinds(self, examples: int = 3) -> list[Kind]:
        """Return the kinds of parting, those that move failure contacts most first, then by number of needs."""
        by_kind: dict[tuple[Step, Step], list[Parting]] = {}
        for parting in self.partings:
            by_kind.setdefault(parting.kind, []).append(parting)
        kinds = [_kind(mine, examples) for mine in by_kind.values()]
        return sorted(kinds, key=lambda kind: (-abs(kind.failures), -kind.needs, kind.base, kind.other))


def _kind(partings: list[Parting], examples: int) -> Kind:
    first = partings[0]
    telling = sorted(partings, key=lambda one: (-abs(one.failures), -abs(one.contacts), one.need))
    return Kind(
        first.base,
        first.other,
        len(partings),
        sum(one.contacts for one in partings),
        sum(one.failures for one in partings),
        tuple(telling[:examples]),
    )


def why(base: pa.Table, other: pa.Table, scenario: Scenario, practice: str) -> Why:
    """Return what went differently between two event logs of one replication, for one practice."""
    ours, theirs = _Stories(base, scenario, practice), _Stories(other, scenario, practice)
    needs = sorted(ours.bounds.keys() | theirs.bounds.keys())
    partings, shifted = [], 0
    for need in needs:
        parting = _parting(need, ours, theirs)
        if parting is not None:
            partings.append(parting)
        elif ours.times_differ(theirs, need):
            shifted += 1
    return Why(
        len(needs),
        len(needs) - shifted - len(partings),
        shifted,
        tuple(partings),
        sum(theirs.contacts.values()) - sum(ours.contacts.values()),
        sum(theirs.failures.values()) - sum(ours.failures.values()),
    )


class _Stories:
    """The rows of one practice's needs, need by need, as numbers that mean the same in every log."""

    def __init__(self, table: pa.Table, scenario: Scenario, practice: str) -> None:
        mine = pc.and_(pc.equal(table["practice"].cast(pa.string()), practice), pc.greater_equal(table["need"], 0))
        table = table.filter(mine)
        need = table["need"].to_numpy()
        order = np.argsort(need, kind="stable")
        need = need[order]
        self.time: NDArray[np.float64] = table["time_min"].to_numpy()[order]
        event, who, code = (_words(table, name)[order] for name in ("event", "who", "code"))
        self._steps: NDArray[np.object_] = event + "\t" + who + "\t" + code
        self._tells = ~np.isin(event, _WAITS)
        first = np.append(True, need[1:] != need[:-1])[: len(need)]
        starts = np.flatnonzero(first)
        ends = np.append(starts[1:], len(need))[: len(starts)]
        self.bounds = {int(need[at]): (int(at), int(to)) for at, to in zip(starts, ends, strict=True)}
        counted = (event == log.CONTACT_OPENED) & _measured(self.time, scenario)
        self.contacts = _count(need[counted])
        self.failures = _count(need[counted & np.isin(code, list(FAILURE_CAUSES))])

    def of(self, need: int) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
        """Return the steps of a need with the rows they stand in, waits left out; none where it is not in this log."""
        start, end = self.bounds.get(need, (0, 0))
        rows = np.flatnonzero(self._tells[start:end])
        return self._steps[start:end][rows], rows

    def times_differ(self, other: _Stories, need: int) -> bool:
        """Tell whether the same story happened at other times, or with other waits."""
        (start, end), (begin, finish) = self.bounds[need], other.bounds[need]
        return not np.array_equal(self.time[start:end], other.time[begin:finish])


def _words(table: pa.Table, name: str) -> NDArray[np.object_]:
    column = table[name].cast(pa.string()).to_pandas()
    return np.asarray(column, dtype=object)


def _measured(time: NDArray[np.float64], scenario: Scenario) -> NDArray[np.bool_]:
    return np.asarray(time >= scenario.run.warm_up_weeks * WEEK)


def _count(needs: NDArray[np.int64]) -> dict[int, int]:
    numbers, counts = np.unique(needs, return_counts=True)
    return dict(zip(numbers.tolist(), counts.tolist(), strict=True))


def _parting(need: int, ours: _Stories, theirs: _Stories) -> Parting | None:
    """Return where the two stories of a need part, or None where they are the same."""
    (one, at), (two, there) = ours.of(need), theirs.of(need)
    many = min(len(one), len(two))
    unlike = np.flatnonzero(one[:many] != two[:many])
    if not len(unlike) and len(one) == len(two):
        return None
    row = int(unlike[0]) if len(unlike) else many
    return Parting(
        need,
        int(at[row]) if row < len(one) else -1,
        int(there[row]) if row < len(two) else -1,
        _step(one, row - 1),
        _step(one, row),
        _step(two, row),
        theirs.contacts.get(need, 0) - ours.contacts.get(need, 0),
        theirs.failures.get(need, 0) - ours.failures.get(need, 0),
    )


def _step(steps: NDArray[np.object_], row: int) -> Step:
    if not 0 <= row < len(steps):
        return NOTHING
    event, who, code = str(steps[row]).split("\t")
    return (event, who, code)


def table_of(found: Why) -> pd.DataFrame:
    """Return one row a need whose stories part, for whoever wants to look at all of them."""
    return pd.DataFrame(list(_rows(found)), columns=["need", "last", "base", "other", "contacts", "failures"])


def _rows(found: Why) -> Iterator[tuple[int, str, str, str, int, int]]:
    for one in found.partings:
        last, base, other = (" ".join(word for word in step if word) for step in (one.last, one.base, one.other))
        yield one.need, last, base, other, one.contacts, one.failures
