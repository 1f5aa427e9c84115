"""An experiment: a question, settings put beside each other, what is measured, and how its answer is read off.

A file of the folder `experiments` has one, as `EXPERIMENT`; what it begins from is the settings file of its name in
`configs/experiment`. All its arms are run with the same people and the same luck (`study.methods.pair`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pcqa_sim.results.metrics import METRICS
from pcqa_sim.study.methods.pair import LEAST_PAIRS, Comparison
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval, within_reach

if TYPE_CHECKING:
    import pandas as pd

    from pcqa_sim.scenario import Scenario

Arms = Mapping[str, Sequence[str]]
"""Settings on top of the base, by what they are called."""
AS_IT_IS: Final = "as it is"
WHOLE: Final = "all"
NOTHING: Final = "nothing to measure"


@dataclass(frozen=True)
class Measure:
    """What is looked at: a metric and group, what it is called, and how it is said.

    `per_cent` is for shares, and `of` says of what: "a day's calls".
    """

    words: str
    metric: str
    group: str = ""
    per_cent: bool = False
    digits: int = 1
    of: str = ""

    @property
    def times(self) -> float:
        """Return what a value is multiplied by before it is said."""
        return 100.0 if self.per_cent else 1.0

    @property
    def unit(self) -> str:
        """Return what stands behind a number, "" for nothing: "%", "% of a day's calls"."""
        return f"% of {self.of}" if self.per_cent and self.of else "%" if self.per_cent else ""

    def number(self, value: float) -> str:
        """Return a value as it is said, without its unit: "3.1"; none is said as -0."""
        return f"{round(value * self.times, self.digits) + 0.0:,.{self.digits}f}"

    def said(self, found: ConfidenceInterval) -> str:
        """Return "3.1 % (2.8 to 3.4)", or without an interval where there is none."""
        if math.isnan(found.mean):
            return NOTHING
        unit = f" {self.unit}" if self.unit else ""
        bounds = "" if math.isnan(found.low) else f" ({self.number(found.low)} to {self.number(found.high)})"
        return f"{self.number(found.mean)}{unit}{bounds}"


@dataclass(frozen=True)
class Results:
    """The arms of an experiment as they were run, the base first; of a network, all its practices together."""

    comparison: Comparison
    base: str = AS_IT_IS

    @cached_property
    def practice(self) -> str:
        """Return the key of the practice that is read, or of the network."""
        return self.comparison.base.scenario.answered_for[0]

    @cached_property
    def studies(self) -> dict[str, Study]:
        """Return the replications of each arm."""
        return {self.base: self.comparison.base, **self.comparison.others}

    @property
    def arms(self) -> list[str]:
        """Return the names of the arms, the base first."""
        return list(self.studies)

    @property
    def others(self) -> list[str]:
        """Return the names of the arms but the base."""
        return list(self.comparison.others)

    @property
    def scenario(self) -> Scenario:
        """Return the scenario of the base."""
        return self.comparison.base.scenario

    @property
    def replications(self) -> int:
        """Return how often each arm was run."""
        return len(self.comparison.base.units)

    @cached_property
    def _known(self) -> dict[str, dict[tuple[str, str, str], list[float]]]:
        return {name: self._values_of(study) for name, study in self.studies.items()}

    def _values_of(self, study: Study) -> dict[tuple[str, str, str], list[float]]:
        """Return a study's values by period, metric and group, one a replication, NaN where there was none."""
        found: dict[tuple[str, str, str], list[float]] = {}
        for number, unit in enumerate(study.units):
            mine = unit.metrics[unit.metrics["practice"] == self.practice]
            columns = (mine[name].tolist() for name in ("period", "metric", "group", "value"))
            for period, metric, group, value in zip(*columns, strict=True):
                blank = [math.nan] * len(study.units)
                found.setdefault((period, metric, group), blank)[number] = float(value)
        return found

    def values(self, arm: str, measure: Measure, period: str = WHOLE) -> list[float]:
        """Return a measure in each replication of an arm; NaN where there was nothing to measure."""
        key = period, measure.metric, measure.group
        return self._known[arm].get(key, [math.nan] * self.replications)

    def weeks(self, arm: str, measure: Measure) -> dict[int, ConfidenceInterval]:
        """Return a measure by week of the run, counted from 0, in those weeks that have it in every replication."""
        wanted = measure.metric, measure.group
        periods = sorted(period for period, *what in self._known[arm] if tuple(what) == wanted and period[0] == "w")
        found = {int(period[1:]): self.values(arm, measure, period) for period in periods}
        return {week: interval(values) for week, values in found.items() if not any(map(math.isnan, values))}

    def level(self, arm: str, measure: Measure) -> ConfidenceInterval:
        """Return a measure's mean in an arm with its interval, cut where no value can be."""
        return within_reach(interval(self.values(arm, measure)), METRICS[measure.metric].unit)

    def change(self, arm: str, measure: Measure) -> ConfidenceInterval:
        """Return by how much an arm differs from the base, replication by replication."""
        return _apart(self.values(self.base, measure), self.values(arm, measure))

    def ratio(self, arm: str, measure: Measure) -> ConfidenceInterval:
        """Return how many times the base's value an arm's is, replication by replication."""
        pairs = zip(self.values(self.base, measure), self.values(arm, measure), strict=True)
        return interval([other / base if base else math.nan for base, other in pairs])

    def clear(self, arm: str, measure: Measure) -> bool:
        """Tell whether a change is clear of chance, by the interval of enough pairs."""
        return _clear(self.change(arm, measure))

    def said(self, arm: str, measure: Measure) -> str:
        """Return a measure in an arm with its words: "told to call another day 3.1 % (2.8 to 3.4)"."""
        return f"{measure.words} {measure.said(self.level(arm, measure))}"

    def went(self, arm: str, measure: Measure) -> str:
        """Return what became of a measure: "calls missed from 9.1 % to 12.0 %, 2.9 more (2.1 to 3.7)"."""
        return became(measure, self.values(self.base, measure), self.values(arm, measure))

    def all_went(self, arm: str, measures: Iterable[Measure]) -> str:
        """Return what became of several measures, one after the other."""
        return "; ".join(self.went(arm, measure) for measure in measures)

    def table(self, measures: Sequence[Measure]) -> pd.DataFrame:
        """Return a row for each arm and measure: mean with interval, and the paired change from the base."""
        import pandas as pd

        return pd.DataFrame([self._row(arm, measure) for measure in measures for arm in self.arms])

    def _row(self, arm: str, measure: Measure) -> dict[str, object]:
        here, apart = self.level(arm, measure), self.change(arm, measure)
        numbers = {"mean": here.mean, "low": here.low, "high": here.high, "change": apart.mean}
        numbers |= {"change_low": apart.low, "change_high": apart.high}
        told = {"measure": measure.words, "arm": arm, "unit": measure.unit}
        return {**told, **{name: value * measure.times for name, value in numbers.items()}}

    @cached_property
    def unsettled(self) -> list[str]:
        """Return the arms that went on changing to the end of the run."""
        sides = {self.base: self.comparison.base_settling, **self.comparison.settlings}
        return [name for name, side in sides.items() if side.settled(self.practice) is False]


def became(measure: Measure, before: Sequence[float], after: Sequence[float]) -> str:
    """Return what became of a measure, by its values in each replication: "calls missed 9.1 %, no clear change"."""
    was, now = (within_reach(interval(list(one)), METRICS[measure.metric].unit) for one in (before, after))
    found = _apart(before, after)
    if math.isnan(found.mean):
        return f"{measure.words} {NOTHING}"
    unit = f" {measure.unit}" if measure.unit else ""
    if found.low == found.high == 0:
        return f"{measure.words} {measure.number(was.mean)}{unit}, exactly the same"
    if not _clear(found):
        bounds = "" if math.isnan(found.low) else f" ({measure.number(found.low)} to {measure.number(found.high)})"
        verdict = "no clear change" if found.low <= 0 <= found.high else "too few runs to call a change"
        return f"{measure.words} {measure.number(was.mean)}{unit}, {verdict}{bounds}"
    least, most = sorted((abs(found.low), abs(found.high)))
    amount = f"{measure.number(abs(found.mean))} {'more' if found.mean > 0 else 'less'}"
    bounds = f"({measure.number(least)} to {measure.number(most)})"
    return f"{measure.words} from {measure.number(was.mean)} to {measure.number(now.mean)}{unit}, {amount} {bounds}"


def _apart(before: Sequence[float], after: Sequence[float]) -> ConfidenceInterval:
    return interval([other - base for base, other in zip(before, after, strict=True)])


def _clear(found: ConfidenceInterval) -> bool:
    return found.replications >= LEAST_PAIRS and (found.low > 0 or found.high < 0)


@dataclass(frozen=True)
class Beside:
    """A published figure and what is ours to put beside it.

    `ours` is a multiple, as `Results.ratio` gives it, or an amount; `unit` says which. `standing` says whether ours is
    a prediction, or came of that figure.
    """

    words: str
    published: tuple[float, float | None, float | None]
    ours: Callable[[Results], ConfidenceInterval]
    source: str
    unit: str = "times"
    digits: int = 2
    standing: str = "predicted"

    def row(self, results: Results) -> dict[str, object]:
        """Return a row: what, published with its interval, ours with its, where it is from."""
        ours, (mean, low, high) = self.ours(results), self.published
        numbers = {"published": mean, "published_low": low, "published_high": high}
        numbers |= {"ours": ours.mean, "ours_low": ours.low, "ours_high": ours.high}
        return {"figure": self.words, "unit": self.unit, **numbers, "standing": self.standing, "source": self.source}

    def said(self, results: Results) -> str:
        """Return the sentence that puts both beside each other."""
        ours = self.ours(results)
        if math.isnan(ours.mean):
            return f"{self.words}: published {self._number(*self.published)}, here {NOTHING}."
        here = self._number(ours.mean, ours.low, ours.high)
        return f"{self.words}: published {self._number(*self.published)}, here {here} {self.unit} ({self.standing})."

    def _number(self, mean: float, low: float | None, high: float | None) -> str:
        """Return "1.33 (1.30 to 1.36)"."""
        if low is None or high is None or math.isnan(low):
            return f"{mean:.{self.digits}f}"
        return f"{mean:.{self.digits}f} ({low:.{self.digits}f} to {high:.{self.digits}f})"


Draw = Callable[[Results], bytes]


@dataclass(frozen=True)
class Experiment:
    """A question and how it is answered.

    `arms` are put beside the base, which is called `base`; where they depend on it they are a function of its
    scenario. `read` returns the answer in sentences. `across` says, for arms that differ by an amount, what is counted
    and the amount of each arm, the base's too: then lines are drawn, and dots otherwise, unless `draw` draws.
    """

    question: str
    arms: Arms | Callable[[Scenario], Arms]
    measures: Sequence[Measure]
    read: Callable[[Results], Sequence[str]]
    base: str = AS_IT_IS
    across: tuple[str, Callable[[str], float]] | None = None
    draw: Draw | None = None
    notes: Sequence[str] = ()
    beside: Sequence[Beside] = ()

    def arms_of(self, base: Scenario) -> Arms:
        """Return the arms beside a base."""
        return self.arms(base) if callable(self.arms) else self.arms

    def answer(self, results: Results) -> list[str]:
        """Return the answer in sentences, and what it leans on."""
        return [*self.read(results), *(one.said(results) for one in self.beside), *self.notes, *_how_sure(results)]

    def published(self, results: Results) -> pd.DataFrame:
        """Return the published figures beside ours, a row each; empty where the experiment has none."""
        import pandas as pd

        return pd.DataFrame([one.row(results) for one in self.beside])

    def figure(self, results: Results) -> bytes:
        """Return the picture, a PNG."""
        from pcqa_sim.results.figures import dots_figure, lines_figure  # slow to import, as all that draw

        if self.draw is not None:
            return self.draw(results)
        table = results.table(self.measures)
        if self.across is None:
            return dots_figure(table, self.question)
        label, amount = self.across
        return lines_figure(table.assign(amount=table["arm"].map(amount)), label, self.question)


def _how_sure(results: Results) -> list[str]:
    """Return how many runs an answer rests on, and what limits it."""
    run, many = results.scenario.run, results.replications
    size = results.scenario.people_of(results.practice)
    title = f"{results.scenario.called(results.practice)}, {size:,} patients"
    weeks = f"{run.measured_weeks} weeks after {run.warm_up_weeks}"
    runs = f"{many} replications of each" if many > 1 else "one replication of each: no interval"
    said = [f"{title}, {weeks}, {runs}, the same people with the same luck; intervals are 95 %, of luck alone."]
    if 1 < many < LEAST_PAIRS:
        said.append(f"So few tell nothing apart: ask for {LEAST_PAIRS} or more with --reps.")
    if results.unsettled:
        arms = "; ".join(results.unsettled)
        said.append(f"Still changing at the end of the run, so that longer runs give other numbers: {arms}.")
    return said


def crossing(amounts: Sequence[float], values: Sequence[float], bound: float) -> float:
    """Return the amount at which values first pass a bound from below, between those tried; NaN where they do not."""
    steps = list(zip(amounts, values, strict=True))
    for (before, low), (after, high) in pairwise(steps):
        if low <= bound < high:
            return before + (bound - low) / (high - low) * (after - before)
    return math.nan
