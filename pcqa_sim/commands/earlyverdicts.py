"""What `pcqa compare` says while its replications come: which differences are clear already, and that it is early.

Pairs count once both sides are in the store. A difference is looked at anew with every pair, so that what looks clear
is asked for more than at the end: an interval of 99.9 %, shared out over the measures and scenarios looked at, and of
five pairs at least. It is exploratory all the same; the verdict is the whole comparison's.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pcqa_sim.commands.firstanswers import MOST_READ, told_of
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.store import Store
    from pcqa_sim.study.unit import Unit

WORDS = {
    "failure_share": "failure demand",
    "missed_share": "calls missed",
    "told_another_day_share": "told to call another day",
}
"""The measures of the first answers of a run, in a few words."""
LEVEL = 0.999
LEAST_PAIRS = 5
MOST_TOLD = 5
_LONGEST = 60
_Key = tuple[str, str]
_log = logging.getLogger(__name__)


class EarlyVerdicts:
    """What pairs of replications in the store say so far of each scenario that is compared, a line each."""

    def __init__(self, base: Scenario, others: Mapping[str, Scenario], of: int) -> None:
        self._names = {key: base.called(key) for key in base.practices}
        self._base, self._of = base.hash(), of
        self._others = {name: other.hash() for name, other in others.items()}
        self._values: dict[tuple[str, int], dict[_Key, float]] = {}

    def take(self, store: Store, unit: Unit) -> list[str]:
        """Count a replication that was put into the store; return the lines that tell what is clear now."""
        at = (unit.scenario, unit.replication)
        if at not in self._values and len(self._values) < MOST_READ * (1 + len(self._others)):
            self._values[at] = {(practice, metric): value for practice, metric, value, _ in told_of(store, unit)}
            for line in self.lines():
                _log.info("%s", line)
        return self.lines()

    @staticmethod
    def logged() -> bool:
        """Tell whether they are to be logged."""
        return _log.isEnabledFor(logging.INFO)

    def lines(self) -> list[str]:
        """Return a line for each scenario that is compared, of the first few."""
        lines = [self._line(name, other) for name, other in list(self._others.items())[:MOST_TOLD]]
        left = len(self._others) - len(lines)
        return [*lines, *([f"and {left:,} more scenarios"] if left else [])]

    def _line(self, name: str, other: str) -> str:
        pairs = [r for scenario, r in self._values if scenario == other and (self._base, r) in self._values]
        short = name if len(name) <= _LONGEST else name[:_LONGEST] + "..."
        head = f"so far, {len(pairs):,} of {self._of:,} pairs, with {short}: "
        if len(pairs) < LEAST_PAIRS:
            return shown(head + f"nothing is told of fewer than {LEAST_PAIRS}", 400)
        clear = self._clear(other, pairs)
        told = "; ".join(clear) + " (early and exploratory)" if clear else "nothing is clear yet"
        return shown(head + told, 400)

    def _clear(self, other: str, pairs: list[int]) -> list[str]:
        """Return which measures are clearly higher or lower than in the base."""
        from pcqa_sim.study.statistics.intervals import interval

        ahead = list(dict.fromkeys(at for number in pairs for at in self._values[other, number]))
        level = 1 - (1 - LEVEL) / (max(1, len(ahead)) * len(self._others))
        said = []
        for practice, metric in ahead:
            apart = [self._apart(other, number, (practice, metric)) for number in pairs]
            found = interval([one for one in apart if one is not None], level)
            if found.replications >= LEAST_PAIRS and (found.low > 0 or found.high < 0):
                where = f" in {self._names[practice]}" if len(self._names) > 1 else ""
                said.append(f"{WORDS[metric]}{where} {'higher' if found.low > 0 else 'lower'}")
        return said

    def _apart(self, other: str, number: int, at: _Key) -> float | None:
        before, after = self._values[self._base, number].get(at), self._values[other, number].get(at)
        return None if before is None or after is None else after - before
