"""What to try first, in words: for the terminal, for a page to keep, and as a table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from pcqa_sim.report.changetable import change, fitting
from pcqa_sim.report.console import Section
from pcqa_sim.report.names import many, words
from pcqa_sim.report.settling import sentences as settled
from pcqa_sim.report.sizing import amount, within
from pcqa_sim.report.staffcost import PRACTICE
from pcqa_sim.report.webpage.parts import in_words
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.themes import entry_of
from pcqa_sim.study.methods.advise import HELPS, LITTLE, NOTHING, UNCLEAR, WORSE, Advice, Effect, Harm, gain
from pcqa_sim.study.methods.settling import settling
from pcqa_sim.study.statistics.criterion import Yardstick
from pcqa_sim.study.statistics.intervals import ConfidenceInterval
from pcqa_sim.values.outside import markdown

NAME_WIDE, CHANGE_WIDE = 38, 30
MOST_NUMBERS, MOST_HARMS = 3, 3
HEADINGS = {
    HELPS: "What helps",
    LITTLE: "Clear of luck, but too little to matter",
    WORSE: "What makes it worse",
    UNCLEAR: "Not told apart from nothing, all judged together",
}


class Number(Protocol):
    """A number that an intervention rests on."""

    @property
    def name(self) -> str:
        """Return what it is called."""

    @property
    def value(self) -> object:
        """Return the value."""

    @property
    def unit(self) -> str:
        """Return the unit."""

    @property
    def source(self) -> str:
        """Return where it comes from."""


@dataclass(frozen=True)
class Told:
    """What a study of options found, and what is known of the options beside it.

    `costs` are pounds a year of staff by who pays, more than now; `left_out` says which options were not tried, and
    why; `drawn` is how many assumptions were drawn, from `spread` per cent around their values.
    """

    advice: Advice
    costs: Mapping[str, Mapping[str, float]]
    numbers: Mapping[str, Sequence[Number]]
    left_out: Mapping[str, str]
    drawn: int
    spread: float

    @property
    def goal(self) -> Yardstick:
        """Return the goal that options are ranked by."""
        return self.advice.goals[0]


def told(found: Told) -> list[Section]:
    """Return what a terminal says."""
    sections = [Section(question(found), list(first(found)), _table(found))]
    sections += [Section(HEADINGS[verdict], [line]) for verdict, line in _others(found)]
    if pairs := list(_pairs(found)):
        sections.append(Section("Two together", pairs))
    if left := _left_out(found):
        sections.append(Section("Not tried", left))
    return sections


def question(found: Told) -> str:
    """Return what was asked."""
    return f"What should we try first? ({goal_words(found.goal)}; {METRICS[found.goal.metric].better} is better)"


def first(found: Told) -> Iterator[str]:
    """Yield the sentences that matter: what to try first, its harm, its price, how soon it shows, how sure that is."""
    advice = found.advice
    now = f"Now: {within(advice.values[0], found.goal)}."
    if not advice.helping:
        tried = many(len(advice.options), "option")
        yield f"Nothing helps for certain. Of {tried} none improves it by {_least(found)} or more, clear of luck. {now}"
    else:
        best = advice.helping[0]
        yield f"Try first: {words(best.name)}. {_from_to(found, best)}."
        yield _harm(best.harms)
        yield f"{_costs(found, best)} {_weeks(best)}"
        yield from _further_goals(found, best)
        if best.harms and (safe := next((one for one in advice.helping if not one.harms), None)):
            yield f"The best that does no harm found here: {words(safe.name)}, {_change(found.goal, safe.changes[0])}."
        yield f"It rests on {rests(found.numbers[best.name])}."
        yield from _stays(found, best)
    yield from (one for one in settled(settling(advice.base), advice.base) if one.startswith("WARNING"))


def rests(numbers: Sequence[Number]) -> str:
    """Return the numbers that an intervention rests on, each with its source."""
    if not numbers:
        return "no number of its own"
    told = [f"{words(one.name.replace('.', ' '))} {one.value} ({one.unit}; {one.source})" for one in numbers]
    rest = numbers[MOST_NUMBERS:]
    assumed = sum(one.source.startswith("assumption") for one in rest)
    how_many = "all" if assumed == len(rest) > 1 else str(assumed)
    which = ", assumed" if assumed == len(rest) == 1 else f", {how_many} of them assumed" if assumed else ""
    more = f"; and {many(len(rest), 'number')} more{which}" if rest else ""
    return f"{'; '.join(told[:MOST_NUMBERS])}{more}"


def goal_words(goal: Yardstick) -> str:
    """Return what a goal is called in a practice's words, with its group."""
    return entry_of(goal.metric, goal.group).words or entry_of(goal.metric).words or goal.words


def _least(found: Told) -> str:
    points = 100 * found.advice.least
    if found.goal.is_share:
        return f"{points:g} point" if points == 1 else f"{points:g} points"
    return f"{found.advice.least:.3g}"


def _change(goal: Yardstick, found: ConfidenceInterval) -> str:
    """Return a change with its interval: "-4.3 points (-4.7 to -3.9)"."""
    row = {"difference": found.mean, "low": found.low, "high": found.high, "unit": goal.unit}
    return change(row)


def _from_to(found: Told, one: Effect) -> str:
    after = one.value
    before = after - one.changes[0].mean
    return f"{amount(before, found.goal)} -> {amount(after, found.goal)}, {_change(found.goal, one.changes[0])}"


def _harm(harms: Sequence[Harm]) -> str:
    if not harms:
        return "Harm: no measure of safety is clearly worse."
    listed = "; ".join(_one_harm(harm) for harm in harms[:MOST_HARMS])
    more = f"; and {many(len(harms) - MOST_HARMS, 'other')}" if len(harms) > MOST_HARMS else ""
    return f"HARM: clearly worse are {listed}{more}."


def _one_harm(harm: Harm) -> str:
    return f"{harm.entry.words} {_change(Yardstick(harm.entry.metric, '', harm.entry.group), harm.change)}"


def _costs(found: Told, one: Effect) -> str:
    costs = found.costs.get(one.name, {})
    network = sum(pounds for payer, pounds in costs.items() if payer != PRACTICE)
    more = f" and {pounds_a_year(network)} paid by the network" if abs(network) >= 1 else ""
    return f"Cost: {pounds_a_year(costs.get(PRACTICE, 0.0))} in staff paid by the practice{more}."


def pounds_a_year(pounds: float) -> str:
    """Return an amount to two digits, as people say it: "about £34,000 a year more", "nothing more"."""
    if abs(pounds) < 1:
        return "nothing more"
    digits = 1 - math.floor(math.log10(abs(pounds)))
    return f"about £{abs(round(pounds, digits)):,.0f} a year {'more' if pounds > 0 else 'less'}"


def pounds_in_column(pounds: float) -> str:
    """Return an amount as it stands in a table: "+66,400", "0"."""
    return f"{round(pounds, -2):+,.0f}" if abs(pounds) >= 50 else "0"


def _weeks(one: Effect) -> str:
    if one.weeks is None:
        return "Weeks vary so much that the practice's own chart would not show it within two years."
    return f"The practice's own weekly chart shows it after about {many(one.weeks, 'week')}."


def _further_goals(found: Told, one: Effect) -> Iterator[str]:
    for goal, apart in zip(found.advice.goals[1:], one.changes[1:], strict=True):
        yield f"Besides, {goal_words(goal)}: {_change(goal, apart)}."


def _stays(found: Told, best: Effect) -> Iterator[str]:
    advice = found.advice
    if not advice.draws:
        return
    others = [f"{words(name)} in {count}" for name, count in _by_count(advice.stays) if name != best.name and count]
    beside = f", {in_words(others)}" if others else ""
    yield (
        f"With {found.drawn} assumptions drawn from {found.spread:g} % around their values, all at once, it comes "
        f"first in {advice.stays.get(best.name, 0)} of {many(advice.draws, 'draw')}{beside}."
    )


def _by_count(stays: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(stays.items(), key=lambda one: -one[1])


def _table(found: Told) -> list[str]:
    """Return a line for each option that helps."""
    helping = found.advice.helping
    if not helping:
        return []
    head = f"{'':<{NAME_WIDE}}{'change':<{CHANGE_WIDE}}{'£ a year':>9}{'weeks':>7}{'harms':>7}{'runs':>6}"
    return [head, *(_row(found, one) for one in helping)]


def _row(found: Told, one: Effect) -> str:
    cost = found.costs.get(one.name, {}).get(PRACTICE, 0.0)
    name = fitting(words(one.name), NAME_WIDE - 2)
    weeks = "-" if one.weeks is None else str(one.weeks)
    apart = f"{name:<{NAME_WIDE}}{_change(found.goal, one.changes[0]):<{CHANGE_WIDE}}"
    return f"{apart}{pounds_in_column(cost):>9}{weeks:>7}{len(one.harms):>7}{one.runs:>6}"


def _others(found: Told) -> Iterator[tuple[str, str]]:
    """Yield what did not help, by why: worse first."""
    for verdict in (WORSE, LITTLE, UNCLEAR):
        mine = [one for one in found.advice.options if one.verdict == verdict]
        if not mine:
            continue
        listed = [f"{words(one.name)} {_change(found.goal, one.changes[0])}" for one in mine]
        yield verdict, "; ".join(listed) + "."


def _pairs(found: Told) -> Iterator[str]:
    """Yield what a second option adds to the better one."""
    for one in found.advice.pairs:
        assert one.added is not None
        other = next(name for name in one.members if name != one.better_half)
        apart = _change(found.goal, one.added)
        said = {HELPS: "", LITTLE: ": too little to matter", UNCLEAR: ": not told apart from nothing", WORSE: ": worse"}
        harm = f" {_harm(one.harms)}" if one.verdict == HELPS and one.harms else ""
        both = f"{words(other)} beside {words(one.better_half)}"
        yield f"{both[0].upper()}{both[1:]} adds {apart}{said[one.verdict]}.{harm}"
    for name, why in found.advice.skipped.items():
        yield f"{words(name)}: {why}."


def _left_out(found: Told) -> list[str]:
    """Return what was not tried, by why."""
    by_why: dict[str, list[str]] = {}
    for name, why in found.left_out.items():
        by_why.setdefault(why, []).append(words(name))
    return [f"{in_words(names)}: {why}." for why, names in by_why.items()]


def table(found: Told) -> pd.DataFrame:
    """Return every option and pair, a row each."""
    advice = found.advice
    rows = []
    for one in (*advice.options, *advice.pairs):
        apart = one.changes[0]
        costs = found.costs.get(one.name, {})
        added = one.added
        rows.append(
            {
                "option": one.name,
                "verdict": one.verdict,
                "metric": found.goal.name,
                "unit": found.goal.unit,
                "value": one.value,
                "change": apart.mean,
                "low": apart.low,
                "high": apart.high,
                "runs": one.runs,
                "cost_gbp_a_year": costs.get(PRACTICE, 0.0),
                "cost_gbp_a_year_others": sum(pounds for payer, pounds in costs.items() if payer != PRACTICE),
                "weeks_until_it_shows": one.weeks,
                "harms": "; ".join(_one_harm(harm) for harm in one.harms),
                "first_in_draws": advice.stays.get(one.name),
                "draws": advice.draws,
                "adds_to": one.better_half,
                "added": None if added is None else added.mean,
                "added_low": None if added is None else added.low,
                "added_high": None if added is None else added.high,
                "rests_on": "" if added is not None else rests(found.numbers[one.name]),
            }
        )
    return pd.DataFrame(rows)


def page(found: Told) -> str:
    """Return the whole answer as Markdown."""
    scenario, key = found.advice.base.scenario, found.goal.practice
    run, mine = scenario.run, scenario.practices[key]
    lines = [
        f"# {markdown(scenario.called(key))}: what to try first",
        "",
        f"{mine.list_size:,} patients; {run.measured_weeks} weeks measured after {run.warm_up_weeks} to settle. "
        "In brackets: the 95 % confidence interval, which is about luck, not whether the model is right.",
        "",
    ]
    for section in told(found):
        lines += [f"## {markdown(section.heading)}", ""]
        lines += [line for text in section.sentences for line in (markdown(text), "")]
        if section.table:
            lines += ["```", *(line.rstrip().replace("`", "'") for line in section.table), "```", ""]
    lines += ["## What each rests on", ""]
    lines += [
        f"- {markdown(words(one.name))}: {markdown(rests(found.numbers[one.name]))}" for one in found.advice.options
    ]
    return "\n".join(lines) + "\n"


__all__ = ["NOTHING", "Told", "first", "gain", "page", "question", "rests", "table", "told"]
