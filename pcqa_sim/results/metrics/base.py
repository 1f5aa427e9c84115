"""What a metric is: a function that returns a ratio of two daily counts, with a unit and the direction that is better.

Any period is then a sum over its days, so one pass over a run's tables serves days, weeks and the whole.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Literal, get_args, get_type_hints

from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.values.doors import Door
from pcqa_sim.values.faults import Fault, nearest
from pcqa_sim.values.renamed import is_now, new_metric

Better = Literal["less", "more", "neither"]
Measured = Ratio | dict[str, Ratio]
Measure = Callable[[Counted], Measured]


@dataclass(frozen=True)
class Metric:
    """A named metric: what it says in words, its unit, and which direction is better."""

    name: str
    words: str
    unit: str
    better: Better
    measure: Measure


def is_share_of_a_whole(unit: str) -> bool:
    """Tell whether a unit cannot exceed 100 %: shares of calls or needs cannot, shares of working time can."""
    return unit.startswith("share of ") and not unit.endswith(" time")


def metric(words: str, unit: str, better: Better = "neither") -> Callable[[Measure], Measure]:
    """Make a function the metric of its name; it returns a Ratio, or Ratios by group."""

    def mark(measure: Measure) -> Measure:
        _MARKED[measure] = Metric(measure.__name__, words, unit, better, measure)
        return measure

    return mark


_MARKED: dict[Measure, Metric] = {}


def _inside(module: ModuleType) -> Iterator[tuple[str, Metric]]:
    """Yield the metrics of a module, in the order in which they stand there."""
    for measure in list(vars(module).values()):
        if isinstance(measure, FunctionType) and measure.__module__ == module.__name__ and measure in _MARKED:
            yield measure.__name__, _MARKED[measure]


def _flaws(one: Metric) -> Iterator[str]:
    """Yield in words what keeps a function from being a metric."""
    for name, text in (("words", one.words), ("unit", one.unit)):
        if not isinstance(text, str) or not text.strip():
            yield f"{name}: must say in plain text what it is"
    if one.better not in get_args(Better):
        yield f"better: must be one of: {', '.join(get_args(Better))}"
    if len(inspect.signature(one.measure).parameters) != 1:
        yield "takes one thing, Counted, and returns a Ratio or Ratios by group"
    if _hint(one.measure) not in (None, Ratio, dict[str, Ratio], Measured):
        yield "returns a Ratio, or a dict of Ratios by group"


def _hint(measure: Measure) -> object:
    """Return what a function says that it returns, None where it says nothing that can be looked up."""
    try:
        return get_type_hints(measure).get("return")
    except NameError:
        return None


METRICS: Door[Metric] = Door("metric", "metric", _inside, _flaws)


def ratios(counted: Counted) -> Iterator[tuple[Metric, str, Ratio]]:
    """Yield every metric with its groups ("" for the practice as a whole)."""
    for metric in METRICS.values():
        measured = metric.measure(counted)
        if isinstance(measured, Ratio):
            yield metric, "", measured
        else:
            for group, ratio in measured.items():
                yield metric, group, ratio


def unknown_metric(where: str, name: str) -> Fault:
    """Return the fault of a metric that there is not, with its new name, or the nearest of all."""
    if now := new_metric(name):
        return Fault(where, is_now(now), name)
    rule = "is not a metric; all of them are in the summary.csv that `pcqa run` writes"
    return Fault(where, rule, name, nearest(name, METRICS) or _sharing_a_word(name))


def _sharing_a_word(name: str) -> str:
    """Return the first metric that shares a word with a name, "" for none."""
    words = set(name.lower().split("_")) - {"share", "per", "a", "of"}
    return next((known for known in METRICS if words & set(known.split("_"))), "")
