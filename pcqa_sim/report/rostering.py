"""Which half hour needs whom, in sentences and a table a sort of day: who answers calls now, and who is needed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pcqa_sim.report.console import Section
from pcqa_sim.report.sizing import within
from pcqa_sim.scenario import Practice
from pcqa_sim.study.files import Finding
from pcqa_sim.study.methods.rostering import Needed, Place, Roster, Seen
from pcqa_sim.study.statistics.criterion import Target
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval
from pcqa_sim.values.clock import clock_time
from pcqa_sim.values.saidtimes import rota_words

WEEK = 5
SORTS = {"monday": "Mondays", "tuesday_friday": "Tuesdays to Fridays"}
NEVER = "-"


@dataclass(frozen=True)
class Told:
    """What a search found, of whom and for what; `before` and `after` are the metric over whole days, by replication.

    `sorts` has the weekdays (0 is Monday) of each sort of day.
    """

    found: Needed
    practice: Practice
    target: Target
    sorts: Mapping[str, tuple[int, ...]]
    before: Sequence[float]
    after: Sequence[float]

    def named(self, sort: str) -> str:
        """Return what a sort of day is called: "Mondays"."""
        rest = len(self.sorts[sort]) < WEEK - 1 and sort == "tuesday_friday"
        return "Other days" if rest else SORTS.get(sort, f"{sort[0].upper()}{sort[1:]}s")

    def open(self, sort: str) -> list[int]:
        """Return the half hours of a sort of day in which anybody answers."""
        return [step for step, people in enumerate(self.found.now[sort]) if people]

    def hours(self, roster: Mapping[str, Roster]) -> float:
        """Return the hours of call handlers in a week of such rosters."""
        return sum(sum(people) / 2 * len(self.sorts[sort]) for sort, people in roster.items())

    def result(self, seen: Seen, place: Place) -> ConfidenceInterval:
        """Return the metric in a half hour: over all its calls, with the interval of its replications."""
        one = interval(seen.values(place))
        return ConfidenceInterval(seen.value(place), one.low, one.high, one.replications)


def sections(told: Told) -> list[Section]:
    """Return the answer in sentences, with a table for each sort of day."""
    heading = f"Which half hour needs whom? ({told.target.text}, in each half hour)"
    first = Section(heading, [*_rotas(told), *_sums(told), *_limits(told)])
    tables = [Section(told.named(sort), (), _lines(told, sort)) for sort in told.found.now]
    return [first, *tables, Section("How this was found", list(_how(told)))]


def _rotas(told: Told) -> Iterable[str]:
    """Yield the roster of each sort of day as it is said."""
    for sort, roster in told.found.needed.items():
        same = " (as it is)" if roster == told.found.now[sort] else ""
        yield f"{told.named(sort)}: {_said(roster)}{same}."


def _said(roster: Roster) -> str:
    return rota_words({at * 30: people for at, people in enumerate(roster) if not at or people != roster[at - 1]})


def _sums(told: Told) -> Iterable[str]:
    """Yield hours and pounds a week, and the metric over whole days."""
    now, then = told.hours(told.found.now), told.hours(told.found.needed)
    pounds = (then - now) * told.practice.rota.cost_per_hour_gbp
    more = f"{abs(then - now):g} {'more' if then > now else 'fewer'}, £{abs(pounds):,.0f} a week" if then != now else ""
    yield f"That is {then:g} hours of call handlers a week; now there are {now:g}{f' ({more})' if more else ''}."
    yardstick = told.target.yardstick
    before, after = (within(interval(values), yardstick) for values in (told.before, told.after))
    words = f"{yardstick.words[0].upper()}{yardstick.words[1:]} ({yardstick.unit})"
    yield f"{words}, over all the week: {before} now, then {after}."


def _limits(told: Told) -> Iterable[str]:
    """Yield where the target is out of reach, and where it is near."""
    found, lines = told.found, told.practice.phones.lines
    if found.short:
        yield (
            f"Not reached with as many people as there are lines ({lines}): {_places(told, found.short)}. "
            "Other ways are a callback from the queue, fewer calls at once (`stagger_release`), or a form that is open."
        )
    if found.doubtful:
        yield f"Too near the target to be sure of, in runs with other luck: {_places(told, found.doubtful)}."


def _places(told: Told, places: Iterable[Place]) -> str:
    """Return half hours in words: "Mondays 08:00, 08:30; Tuesdays to Fridays 08:00"."""
    by_sort: dict[str, list[str]] = {}
    for sort, step in sorted(places):
        by_sort.setdefault(told.named(sort), []).append(clock_time(step * 30))
    return "; ".join(f"{name} {', '.join(times)}" for name, times in by_sort.items())


def _how(told: Told) -> Iterable[str]:
    """Yield how it was found, and what it leans on."""
    yield (
        f"{told.found.rounds} rosters were tried, all with the same luck: people were added in half hours that missed "
        "the target, and taken away where it is clear that it holds without them. Everybody stays for an hour at "
        "least, so that a half hour may have somebody for the sake of the next."
    )
    yield (
        f"The tables are of {len(told.after)} runs of each with other luck than chose it. A call counts in the half "
        "hour in which it joins the queue. Sickness is simulated: somebody on the rota may be off."
    )


def _lines(told: Told, sort: str) -> list[str]:
    """Return a table of a sort of day: calls, who is there and what comes of it, as it is and as it is needed."""
    lines = [f"{'from':<7}{'calls':>6}   {'now':>4}  {'result':<24}   {'needs':>5}  {'result (95 % interval)'}"]
    found, yardstick = told.found, told.target.yardstick
    for step in told.open(sort):
        place = (sort, step)
        before, after = told.result(found.seen_now, place), told.result(found.seen, place)
        said = [NEVER if math.isnan(one.mean) else within(one, yardstick) for one in (before, after)]
        calls = float(found.seen.calls[sort][:, step].mean())
        people = f"{found.now[sort][step]:>4}  {said[0]:<24}   {found.needed[sort][step]:>5}  {said[1]}"
        lines.append(f"{clock_time(step * 30):<7}{calls:>6.1f}   {people}{_mark(told, place)}")
    return lines


def _mark(told: Told, place: Place) -> str:
    return "   missed" if place in told.found.short else "   near" if place in told.found.doubtful else ""


def table(told: Told) -> pd.DataFrame:
    """Return one row a half hour of each sort of day: calls, people and result, now and as needed."""
    rows = []
    for sort in told.found.now:
        for step in told.open(sort):
            place = (sort, step)
            before, after = told.result(told.found.seen_now, place), told.result(told.found.seen, place)
            calls = float(told.found.seen.calls[sort][:, step].mean())
            sides = {"now": told.found.now[sort][step], "now_result": before.mean}
            then = {"needs": told.found.needed[sort][step], "result": after.mean, "low": after.low, "high": after.high}
            rows.append({"days": sort, "from": clock_time(step * 30), "calls": calls} | sides | then)
    return pd.DataFrame(rows)


def finding(told: Told, metrics: pd.DataFrame) -> Finding:
    """Return the figure, the table and the metrics of a search, to be written."""
    from pcqa_sim.results.figures import roster_figure

    made = table(told)
    titles = {sort: told.named(sort) for sort in told.found.now}
    title = f"Which half hour needs whom, for {told.target.text} in each?"
    return Finding({"half-hours": roster_figure(made, titles, title)}, {"half-hours": made}, metrics)
