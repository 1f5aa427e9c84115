"""What is enough, in sentences: the smallest value that meets a target, and what two settings cost and give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from pcqa_sim.report.console import Section
from pcqa_sim.report.contract import TOLD, any_point
from pcqa_sim.study.criterion import Target, Yardstick
from pcqa_sim.study.files import Finding
from pcqa_sim.study.frontier import Combination, Frontier
from pcqa_sim.study.intervals import ConfidenceInterval
from pcqa_sim.study.size import MEETS, MISSES, Sized, Tried
from pcqa_sim.study.sizing import Price, Sizing

if TYPE_CHECKING:
    from pcqa_sim.configuration.ranges import Range

MOST_NAMED = 6
_SAID = {MEETS: "meets the target", MISSES: "misses it", None: "tried for its direction only"}


def told(sizing: Sizing, target: Target, ranges: Sequence[Range], price: Price) -> list[Section]:
    """Return what was found in sentences, with a small table of what was tried."""
    found, runs = sizing.found, sizing.trials.runs
    metrics = sizing.trials.metrics
    contract = any_point(metrics.loc[(metrics["metric"] == TOLD) & (metrics["group"] == ""), "value"])
    label = [Section("", [contract])] if contract else []
    if isinstance(found, Sized):
        heading = f"How much {short(ranges[0].key)} is enough? ({target.text})"
        said = sized_sentences(found, target, ranges[0], runs)
        tried = Section("What was tried", (), tried_lines(found.tried, target.yardstick))
        return [Section(heading, said), tried, *label]
    said = frontier_sentences(found, target, ranges, _cost(price, ranges), runs)
    table = frontier_lines(found, target, ranges)
    return [
        Section(f"What do {' and '.join(short(one.key) for one in ranges)} cost, and what do they give?", said),
        Section("For each cost, the best that can be had for it", (), table),
        *label,
    ]


def finding(sizing: Sizing, target: Target, ranges: Sequence[Range]) -> Finding:
    """Return the figure, the table and the metrics of a sizing, to be written."""
    from pcqa_sim.results.figures import frontier_figure, size_figure

    found, trials = sizing.found, sizing.trials
    yardstick = target.yardstick
    labels = {"y": _axis(yardstick), "title": f"How much is enough for {target.text}?"}
    if isinstance(found, Sized):
        table = tried_table(found.tried)
        labels["x"] = f"{ranges[0].key} ({ranges[0].words})" if ranges[0].words else ranges[0].key
        pictures = {"size": size_figure(table, labels, target.bound, found.answer)}
        return Finding(pictures, {"size": table}, trials.metrics, list(trials.scenarios.values()))
    table = frontier_table(found, ranges)
    names = [" and ".join(f"{value:,.6g}" for value in one.point) for one in found.combinations]
    labels |= {"x": f"cost (at the points: {' and '.join(short(one.key) for one in ranges)})"}
    pictures = {"frontier": frontier_figure(table.assign(name=names), labels, target.bound)}
    return Finding(pictures, {"frontier": table}, trials.metrics, list(trials.scenarios.values()))


def _axis(yardstick: Yardstick) -> str:
    return f"{yardstick.unit}: {yardstick.words}"


def _cost(price: Price, ranges: Sequence[Range]) -> str:
    if price.metric is not None:
        return f"{price.metric.words}, in {price.metric.unit}"
    terms = [
        f"{amount:,.6g} for each unit of {short(one.key)}" for amount, one in zip(price.prices, ranges, strict=True)
    ]
    said = f"{' and '.join(terms)} above its lowest"
    return said if price.stated else f"{said}, as no prices were given (--cost KEY=PRICE)"


def amount(value: float, yardstick: Yardstick) -> str:
    """Return a metric's value as it is read: shares in per cent, others to three digits."""
    if yardstick.is_share:
        return f"{100 * value:.1f} %"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def within(found: ConfidenceInterval, yardstick: Yardstick) -> str:
    """Return a mean with its interval: "4.1 % (3.9 to 4.3)"."""
    low, high = (amount(end, yardstick).removesuffix(" %") for end in (found.low, found.high))
    return f"{amount(found.mean, yardstick)} ({low} to {high})"


def wanted(target: Target) -> str:
    """Return a target in words: "at most 5.0 % (missed, share of calls)"."""
    yardstick = target.yardstick
    bound = amount(target.bound, yardstick)
    return f"{'at most' if target.at_most else 'at least'} {bound} ({yardstick.words}, {yardstick.unit})"


def short(key: str) -> str:
    """Return the last two parts of a key, which is how people know it."""
    return ".".join(key.split(".")[-2:])


def sized_sentences(sized: Sized, target: Target, one: Range, runs: int) -> list[str]:
    """Return the answer of a search, what lies next to it, and how sure it is."""
    tried = {found.value: found for found in sized.tried}
    said = [_answer(sized, target, one, tried), *_beside(sized, target, one, tried), *_bound(sized, one)]
    how = {
        "bisection": "the result goes one way over the range, so half of what was left was ruled out at a time",
        "ranking and selection": "the result does not clearly go one way over the range, so every value competed",
    }[sized.way]
    sure = f"{100 * sized.confidence:g} %"
    said.append(f"How: {how}. {runs} runs, the same people with the same luck at every value.")
    said.append(f"{sure} is the chance that no verdict of this search is wrong, if the model is right.")
    return said


def _answer(sized: Sized, target: Target, one: Range, tried: Mapping[float, Tried]) -> str:
    sure = f"with {100 * sized.confidence:g} % confidence"
    if sized.answer is None:
        best = min(sized.tried, key=lambda found: target.shortfall(found.found.mean))
        nearest = f"The nearest is {best.value:,.10g}, which gives {within(best.found, target.yardstick)}"
        said = f"No value from {one.low:,.10g} to {one.high:,.10g} is shown to be enough, {sure}."
        return f"{said} {nearest}; the target is {wanted(target)}."
    gives = f"It gives {within(tried[sized.answer].found, target.yardstick)}; the target is {wanted(target)}."
    return f"{sized.answer:,.10g} is enough, {sure}. {gives}"


def _beside(sized: Sized, target: Target, one: Range, tried: Mapping[float, Tried]) -> list[str]:
    """Return what is known of smaller values, and of the largest that still meets the target."""
    said = []
    if sized.doubtful:
        shown = sized.doubtful[-MOST_NAMED:]
        named = "; ".join(f"{value:,.10g} gives {within(tried[value].found, target.yardstick)}" for value in shown)
        more = "" if len(shown) == len(sized.doubtful) else " and others"
        said.append(
            f"Less may be enough, too close to the target to tell in {_most(shown, tried)} runs: {named}{more}."
        )
    elif sized.answer is not None and sized.binds != "low":
        less = max(value for value in tried if value < sized.answer)
        misses = within(tried[less].found, target.yardstick)
        said.append(f"Less is not: {less:,.10g} gives {misses}.")
    if sized.largest is not None and sized.largest != sized.answer:
        said.append(f"More makes it worse: the target is met up to {sized.largest:,.10g}.")
    return said


def _most(values: Iterable[float], tried: Mapping[float, Tried]) -> int:
    return max(tried[value].found.replications for value in values)


def _bound(sized: Sized, one: Range) -> list[str]:
    if sized.binds is None:
        return []
    end = one.low if sized.binds == "low" else one.high
    name = "lowest" if sized.binds == "low" else "highest"
    if sized.answer is not None:
        beyond = "even less may be enough" if sized.binds == "low" else "nothing beyond it was looked at"
        return [f"The answer is the {name} value you allowed, {end:g}: {beyond}."]
    if sized.binds == "low":
        return [f"More makes it worse; less than {end:g}, your lower bound, was not looked at."]
    if sized.level_from < end:
        return [
            f"From {sized.level_from:,.10g} on, more makes no clear difference: it will take something else as well."
        ]
    return [f"Your upper bound, {end:g}, stands in the way: up to there more is better, and more was not looked at."]


def tried_table(tried: Sequence[Tried]) -> pd.DataFrame:
    """Return one row a value tried: value, mean, low, high, replications, verdict ("" for none)."""
    rows = [
        (one.value, one.found.mean, one.found.low, one.found.high, one.found.replications, one.verdict or "")
        for one in tried
    ]
    return pd.DataFrame(rows, columns=["value", "mean", "low", "high", "replications", "verdict"])


def tried_lines(tried: Sequence[Tried], yardstick: Yardstick) -> list[str]:
    """Return a small table of the values tried."""
    lines = [f"{'value':>10}   {'result (95 % interval)':<26}{'runs':>6}   verdict"]
    for one in tried:
        said = _SAID.get(one.verdict, "too close to the target to tell")
        lines.append(f"{one.value:>10,.10g}   {within(one.found, yardstick):<26}{one.found.replications:>6}   {said}")
    return lines


def frontier_sentences(found: Frontier, target: Target, ranges: Sequence[Range], cost: str, runs: int) -> list[str]:
    """Return the cheapest combination that meets a target, what nothing beats, and how sure that is."""
    sure = f"with {100 * found.confidence:g} % confidence"
    best = found.cheapest or min(found.combinations, key=lambda one: target.shortfall(one.found.mean))
    gives = f"gives {within(best.found, target.yardstick)}; the target is {wanted(target)}"
    if found.cheapest is None:
        said = [f"No combination is shown to be enough, {sure}. The nearest, {_named(best, ranges)}, {gives}."]
    else:
        said = [f"The cheapest that is enough, {sure}: {_named(best, ranges)}. It costs {best.cost:,.6g} and {gives}."]
        said += _edges(best, ranges)
    said += _doubtful(found, ranges)
    if found.thinned:
        said.append(
            "Not every value was tried, only some spread evenly over each range; narrow the ranges to see more."
        )
    said.append(f"Cost is {cost}. {runs} runs, the same people with the same luck in every combination.")
    return said


def _doubtful(found: Frontier, ranges: Sequence[Range]) -> list[str]:
    if not found.doubtful:
        return []
    cheapest = min(found.doubtful, key=lambda one: one.cost)
    if len(found.doubtful) == 1:
        return [f"Cheaper, and too close to the target to tell: {_named(cheapest, ranges)}."]
    many = len(found.doubtful)
    return [
        f"{many} cheaper ones are too close to the target to tell; the cheapest of them: {_named(cheapest, ranges)}."
    ]


def _edges(one: Combination, ranges: Sequence[Range]) -> list[str]:
    at = [r for r, value in zip(ranges, one.point, strict=True) if value in (r.low, r.high)]
    if not at:
        return []
    keys = " and ".join(short(r.key) for r in at)
    return [f"It stands at a bound of your range for {keys}: beyond it nothing was looked at."]


def _named(one: Combination, ranges: Sequence[Range]) -> str:
    return ", ".join(f"{short(r.key)} = {value:,.10g}" for r, value in zip(ranges, one.point, strict=True))


def frontier_lines(found: Frontier, target: Target, ranges: Sequence[Range]) -> list[str]:
    """Return a small table of the frontier: for each cost, the best that can be had for it."""
    heads = [short(r.key) for r in ranges]
    widths = [max(len(head), 8) for head in heads]
    head = "   ".join(text.rjust(width) for text, width in zip(heads, widths, strict=True))
    lines = [f"{'cost':>10}   {head}   {'result (95 % interval)':<26}   verdict"]
    for one in found.combinations:
        if not (one.on_frontier or one == found.cheapest):
            continue
        values = "   ".join(f"{value:,.6g}".rjust(width) for value, width in zip(one.point, widths, strict=True))
        said = _SAID.get(one.verdict, "too close to the target to tell")
        lines.append(f"{one.cost:>10,.6g}   {values}   {within(one.found, target.yardstick):<26}   {said}")
    return lines


def frontier_table(found: Frontier, ranges: Sequence[Range]) -> pd.DataFrame:
    """Return one row a combination: the values by key, cost, mean, low, high, replications, verdict, on_frontier."""
    rows = []
    for one in found.combinations:
        values = {r.key: value for r, value in zip(ranges, one.point, strict=True)}
        mean = {"mean": one.found.mean, "low": one.found.low, "high": one.found.high}
        more = {"replications": one.found.replications, "verdict": one.verdict, "on_frontier": one.on_frontier}
        rows.append(values | {"cost": one.cost} | mean | more)
    return pd.DataFrame(rows)
