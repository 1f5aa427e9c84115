"""What is enough, in sentences: the smallest value that meets a target, and what two settings cost and give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from pcqa_sim.report.console import Section
from pcqa_sim.report.contract import TOLD, any_point
from pcqa_sim.report.settling import QUESTION as SETTLED
from pcqa_sim.report.settling import TOO_SHORT, verdict
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.team import weekly_sessions
from pcqa_sim.study.files import Finding
from pcqa_sim.study.methods.frontier import Combination, Frontier
from pcqa_sim.study.methods.size import MEETS, MISSES, Sized, Tried
from pcqa_sim.study.methods.sizing import Price, Sizing
from pcqa_sim.study.methods.trials import Point
from pcqa_sim.study.statistics.criterion import Target, Yardstick
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, within_reach

if TYPE_CHECKING:
    from pcqa_sim.configuration.ranges import Range

MOST_NAMED = 6
UNSETTLED = "not clear: it does not settle"
_SAID = {MEETS: "meets the target", MISSES: "misses it", None: "tried for its direction only"}


def told(sizing: Sizing, target: Target, ranges: Sequence[Range], price: Price) -> list[Section]:
    """Return what was found in sentences, with a small table of what was tried."""
    found, runs = sizing.found, sizing.trials.runs
    metrics = sizing.trials.metrics
    contract = any_point(metrics.loc[(metrics["metric"] == TOLD) & (metrics["group"] == ""), "value"])
    label = [Section("", [contract])] if contract else []
    piles = unsettled(sizing, target.yardstick.practice)
    if isinstance(found, Sized):
        heading = f"How much {short(ranges[0].key)} is enough? ({target.text})"
        at = {point[0]: text for point, text in piles.items()}
        said = [*_not_clear(found, at), *sized_sentences(found, target, ranges[0], runs)]
        said += cadence_sentences(sizing, target)
        tried = Section("What was tried", (), tried_lines(found.tried, target.yardstick, at))
        return [Section(heading, said), tried, settled_section(sizing, target, piles), *label]
    said = [
        *frontier_sentences(found, target, ranges, _cost(price, ranges), runs), *cadence_sentences(sizing, target),
    ]  # fmt: skip
    table = frontier_lines(found, target, ranges, piles)
    return [
        Section(f"What do {' and '.join(short(one.key) for one in ranges)} cost, and what do they give?", said),
        Section("For each cost, the best that can be had for it", (), table),
        settled_section(sizing, target, piles),
        *label,
    ]


def cadence_sentences(sizing: Sizing, target: Target) -> list[str]:
    """Say which values tried are forbidden by cadence alone: whoever comes on the list waits for the next meeting.

    With a meeting every T days and no list at all, a share 14 / T of people is discussed within 14 days.
    """
    yardstick = target.yardstick
    if yardstick.metric != "mdt_reviewed_within_14_days" or target.at_most:
        return []
    said: dict[float, str] = {}
    for point, scenario in sizing.trials.scenarios.items():
        for name, mdt in scenario.mdt.items():
            if yardstick.group not in ("", f"mdt={name}"):
                continue
            most = min(1.0, 14 * mdt.meetings_per_week / 7)
            if most < target.bound and (len(scenario.mdt) == 1 or yardstick.group):
                every, there = 7 / mdt.meetings_per_week, round(100 * most)
                said[most] = (
                    f"At {_at(point)} cadence alone forbids it: with a meeting every {every:,.3g} days at most {there} "
                    "in 100 can be discussed within 14 days, however short the list."
                )
    return [said[most] for most in sorted(said, reverse=True)][:MOST_NAMED]


def headroom(sizing: Sizing, practice: Practice, role: str) -> Section:
    """Return how many half days and hours a week of a role are not needed to hold the target."""
    found, own = sizing.found, practice.role[role]
    here = weekly_sessions(practice, role)
    heading = f"Headroom of {own.title}"
    answer = found.answer if isinstance(found, Sized) else None
    if answer is None:
        return Section(heading, [f"None: even all {here:g} half days a week are not shown to hold the target."])
    hours = sum(session.ends - session.starts for session in own.sessions) / len(own.sessions) / 60
    spare = here - answer
    if not spare:
        return Section(heading, [f"None: all {here:g} half days a week are needed to hold the target."])
    said = (
        f"{spare:g} of {here:g} half days a week are not needed to hold the target: {spare * hours:.1f} hours a week."
    )
    return Section(heading, [said])


def unsettled(sizing: Sizing, practice: str) -> dict[Point, str]:
    """Return of each point tried that had not settled what went on changing there."""
    trials = sizing.trials
    found = {point: (trials.settling(point), scenario) for point, scenario in trials.scenarios.items()}
    return {
        point: verdict(how, scenario, practice).removeprefix("NO: ")
        for point, (how, scenario) in sorted(found.items(), key=lambda one: one[0])
        if how.settled(practice) is False
    }


def settled_section(sizing: Sizing, target: Target, piles: Mapping[Point, str]) -> Section:
    """Return whether the practice had settled at what was tried."""
    practice, points = target.yardstick.practice, list(sizing.trials.scenarios)
    short = [point for point in points if sizing.trials.settling(point).settled(practice) is None]
    if len(short) == len(points):
        return Section(SETTLED, [TOO_SHORT])
    said = [f"At {_at(point)} NO: {text}." for point, text in piles.items()]
    rest = len(points) - len(piles) - len(short)
    told = [f"At {'the others' if said else 'all'} that were tried ({rest}): yes."] if rest else []
    return Section(
        SETTLED, [*said[:MOST_NAMED], *told, *([f"Too short a run to tell at {len(short)}."] if short else [])]
    )


def _at(point: Point) -> str:
    return " and ".join(f"{value:,.10g}" for value in point)


def _not_clear(sized: Sized, piles: Mapping[float, str]) -> list[str]:
    """Return a warning where the answer, or what it is told apart from, depends on how long the run is."""
    judged = [one.value for one in sized.tried if one.verdict is not None and one.value in piles]
    if sized.answer in piles:
        return [f"NOT CLEAR: at {sized.answer:,.10g} the practice does not settle, so a longer run may say otherwise."]
    if judged:
        named = ", ".join(f"{value:,.10g}" for value in judged[:MOST_NAMED])
        return [f"Not clear at {named}: the practice does not settle there, and a longer run would say worse."]
    return []


def finding(sizing: Sizing, target: Target, ranges: Sequence[Range]) -> Finding:
    """Return the figure, the table and the metrics of a sizing, to be written."""
    from pcqa_sim.results.figures import frontier_figure, size_figure

    found, trials = sizing.found, sizing.trials
    yardstick = target.yardstick
    labels = {"y": _axis(yardstick), "title": f"How much is enough for {target.text}?"}
    if isinstance(found, Sized):
        table = tried_table(found.tried, yardstick.unit)
        labels["x"] = f"{ranges[0].key} ({ranges[0].words})" if ranges[0].words else ranges[0].key
        pictures = {"size": size_figure(table, labels, target.bound, found.answer)}
        return Finding(pictures, {"size": table}, trials.metrics)
    table = frontier_table(found, ranges, yardstick.unit)
    names = [" and ".join(f"{value:,.6g}" for value in one.point) for one in found.combinations]
    labels |= {"x": f"cost (at the points: {' and '.join(short(one.key) for one in ranges)})"}
    pictures = {"frontier": frontier_figure(table.assign(name=names), labels, target.bound)}
    return Finding(pictures, {"frontier": table}, trials.metrics)


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
    """Return a mean and, from two replications on, its interval: "4.1 % (3.9 to 4.3)"."""
    if found.replications < 2:
        return amount(found.mean, yardstick)
    cut = within_reach(found, yardstick.unit)
    low, high = (amount(end, yardstick).removesuffix(" %") for end in (cut.low, cut.high))
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


def tried_table(tried: Sequence[Tried], unit: str = "") -> pd.DataFrame:
    """Return one row a value tried: value, mean, low, high, replications, verdict ("" for none)."""
    cut = [(one, within_reach(one.found, unit)) for one in tried]
    rows = [(one.value, it.mean, it.low, it.high, it.replications, one.verdict or "") for one, it in cut]
    return pd.DataFrame(rows, columns=["value", "mean", "low", "high", "replications", "verdict"])


def tried_lines(tried: Sequence[Tried], yardstick: Yardstick, piles: Mapping[float, str] = {}) -> list[str]:
    """Return a small table of the values tried; where one of `piles` goes on changing, no verdict is clear."""
    lines = [f"{'value':>10}   {'result (95 % interval)':<26}{'runs':>6}   verdict"]
    for one in tried:
        said = UNSETTLED if one.value in piles else _SAID.get(one.verdict, "too close to the target to tell")
        lines.append(f"{one.value:>10,.10g}   {within(one.found, yardstick):<26}{one.found.replications:>6}   {said}")
    return lines


def _priced(cost: float) -> str:
    """Return a cost as people read it: two decimals at the most."""
    return f"{cost:,.2f}".rstrip("0").rstrip(".")


def frontier_sentences(found: Frontier, target: Target, ranges: Sequence[Range], cost: str, runs: int) -> list[str]:
    """Return the cheapest combination that meets a target, what nothing beats, and how sure that is."""
    sure = f"with {100 * found.confidence:g} % confidence"
    best = found.cheapest or min(found.combinations, key=lambda one: target.shortfall(one.found.mean))
    gives = f"gives {within(best.found, target.yardstick)}; the target is {wanted(target)}"
    if found.cheapest is None:
        said = [f"No combination is shown to be enough, {sure}. The nearest, {_named(best, ranges)}, {gives}."]
    else:
        said = [
            f"The cheapest that is enough, {sure}: {_named(best, ranges)}. It costs {_priced(best.cost)} and {gives}."
        ]
        said += _edges(best, ranges)
    said += _doubtful(found, ranges)
    if found.thinned:
        said.append(
            "Not every value was tried, only some spread evenly over each range; narrow the ranges to see more."
        )
    said.append(f"Cost is {cost}. {runs} runs, the same people with the same luck in every combination.")
    return said


def _doubtful(found: Frontier, ranges: Sequence[Range]) -> list[str]:
    """Say which are too close to the target: of those cheaper than the answer or, where there is none, of all."""
    if not found.doubtful:
        return []
    cheapest = min(found.doubtful, key=lambda one: one.cost)
    if len(found.doubtful) == 1:
        cheaper = found.cheapest is not None
        begins = "Cheaper, and too close to the target to tell" if cheaper else "Too close to the target to tell"
        return [f"{begins}: {_named(cheapest, ranges)}."]
    are = f"{len(found.doubtful)} {'combinations' if found.cheapest is None else 'cheaper ones'} are"
    return [f"{are} too close to the target to tell; the cheapest of them: {_named(cheapest, ranges)}."]


def _edges(one: Combination, ranges: Sequence[Range]) -> list[str]:
    at = [r for r, value in zip(ranges, one.point, strict=True) if value in (r.low, r.high)]
    if not at:
        return []
    keys = " and ".join(short(r.key) for r in at)
    return [f"It stands at a bound of your range for {keys}: beyond it nothing was looked at."]


def _named(one: Combination, ranges: Sequence[Range]) -> str:
    return ", ".join(f"{short(r.key)} = {value:,.10g}" for r, value in zip(ranges, one.point, strict=True))


def frontier_lines(
    found: Frontier, target: Target, ranges: Sequence[Range], piles: Mapping[Point, str] = {}
) -> list[str]:
    """Return a small table of the frontier: for each cost, the best that can be had for it; `piles` as above."""
    heads = [short(r.key) for r in ranges]
    widths = [max(len(head), 8) for head in heads]
    head = "   ".join(text.rjust(width) for text, width in zip(heads, widths, strict=True))
    lines = [f"{'cost':>10}   {head}   {'result (95 % interval)':<26}   verdict"]
    for one in found.combinations:
        if not (one.on_frontier or one == found.cheapest):
            continue
        values = "   ".join(f"{value:,.6g}".rjust(width) for value, width in zip(one.point, widths, strict=True))
        said = UNSETTLED if one.point in piles else _SAID.get(one.verdict, "too close to the target to tell")
        lines.append(f"{_priced(one.cost):>10}   {values}   {within(one.found, target.yardstick):<26}   {said}")
    return lines


def frontier_table(found: Frontier, ranges: Sequence[Range], unit: str = "") -> pd.DataFrame:
    """Return one row a combination: the values by key, cost, mean, low, high, replications, verdict, on_frontier."""
    rows = []
    for one in found.combinations:
        values = {r.key: value for r, value in zip(ranges, one.point, strict=True)}
        cut = within_reach(one.found, unit)
        mean = {"mean": cut.mean, "low": cut.low, "high": cut.high}
        more = {"replications": one.found.replications, "verdict": one.verdict, "on_frontier": one.on_frontier}
        rows.append(values | {"cost": one.cost} | mean | more)
    return pd.DataFrame(rows)
