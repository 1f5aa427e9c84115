"""Hypotheses that practices hold: what each says, what is put beside what to judge it, and the verdict.

A file of `experiments/hypotheses` has one, as `HYPOTHESIS`; its settings are `configs/experiment/hypothesis_NAME.yaml`.
A new one is such a pair of files; nothing else names it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from itertools import pairwise
from pathlib import Path
from typing import Final

from pcqa_sim.report.experiments import Arms, Results
from pcqa_sim.report.shipped import experiments_folder
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.pair import LEAST_PAIRS
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval

HOLDS: Final = "holds"
DOES_NOT: Final = "does not hold"
UNCLEAR: Final = "cannot be told apart"
PREFIX: Final = "hypothesis_"
_FOLDER, _MODULES = "hypotheses", "pcqa_hypotheses"


@dataclass(frozen=True)
class Turning:
    """A setting on which a hypothesis may turn: what it is called, its amounts, and the settings of each."""

    words: str
    amounts: Sequence[float]
    settings: Callable[[float], Sequence[str]]


@dataclass(frozen=True)
class Hypothesis:
    """What practices say, and how it is judged.

    It holds where the whole 95 % interval of what is `measured` lies above `bound`, does not where it lies below, and
    cannot be told apart otherwise. `measured` is read off a base and the `arms` beside it, run with the same people and
    the same luck; `what` says in a few words what the number is, `definition` what is compared, by what measure, and
    from where on it counts.
    """

    claim: str
    definition: str
    measured: Callable[[Results], Sequence[float]]
    bound: float
    arms: Arms | Callable[[Scenario], Arms] = field(default_factory=dict)
    digits: int = 1
    turning: Turning | None = None
    note: str = ""
    what: str = ""

    def arms_of(self, base: Scenario) -> Arms:
        """Return the arms beside a base, {} for none."""
        return self.arms(base) if callable(self.arms) else dict(self.arms)

    def judge(self, results: Results) -> Verdict:
        """Return the verdict on it."""
        found = interval(list(self.measured(results)))
        return Verdict(self.claim, verdict(found, self.bound), found, self.bound, self.digits, self.what)


@dataclass(frozen=True)
class Verdict:
    """What became of a hypothesis: the verdict, and the measured share with its 95 % interval beside the bound."""

    claim: str
    said: str
    found: ConfidenceInterval
    bound: float
    digits: int = 1
    what: str = ""

    def line(self, wide: int = 0) -> str:
        """Return it in a line: "does not hold  We have not enough capacity: 83.0 % (81.2 to 84.9), from 100 % on"."""
        return f"{self.said:<{wide}}  {self.claim}: {self.numbers()}"

    def numbers(self) -> str:
        """Return what was measured with its interval, and from where on the hypothesis would hold."""
        mean, low, high = (self._number(one) for one in (self.found.mean, self.found.low, self.found.high))
        if math.isnan(self.found.mean):
            return "nothing to measure"
        bounds = "" if math.isnan(self.found.low) else f" ({low} to {high})"
        what = f"{self.what} " if self.what else ""
        return f"{what}{mean} %{bounds}; it would hold above {self.bound * 100:g} %"

    def _number(self, value: float) -> str:
        return f"{round(value * 100, self.digits) + 0.0:,.{self.digits}f}"


def verdict(found: ConfidenceInterval, bound: float) -> str:
    """Return what an interval says of a bound that has to be passed; too few runs tell nothing apart."""
    if found.replications < LEAST_PAIRS or math.isnan(found.low):
        return UNCLEAR
    return HOLDS if found.low > bound else DOES_NOT if found.high < bound else UNCLEAR


@cache
def hypotheses() -> Mapping[str, Hypothesis]:
    """Return the hypotheses there are, by name, in the order of their files' names."""
    found = {}
    for path in sorted((experiments_folder() / _FOLDER).glob("*.py")):
        found[path.stem] = _loaded(path)
    return found


def _loaded(path: Path) -> Hypothesis:
    spec = spec_from_file_location(f"{_MODULES}.{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    known: Hypothesis = module.HYPOTHESIS
    return known


def turns_at(amounts: Sequence[float], means: Sequence[float], bound: float) -> float:
    """Return the amount at which means first cross a bound, either way, between those tried; NaN where they do not."""
    pairs = [(amount, mean) for amount, mean in zip(amounts, means, strict=True) if not math.isnan(mean)]
    for (before, low), (after, high) in pairwise(pairs):
        if (low - bound) * (high - bound) <= 0 and low != high:
            return before + (bound - low) / (high - low) * (after - before)
    return math.nan
