"""The weekly temperature test: five measures a practice chooses, week by week, and whether anything really changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pcqa_sim.report.webpage import drawing
from pcqa_sim.report.webpage.building import Answered, Chapter, Page
from pcqa_sim.report.webpage.parts import Picture, Question, Table
from pcqa_sim.study.statistics.xmr import LEAST, NEAR, ONE_SIDE, OUTSIDE, TREND, Signal, Stretch, chart
from pcqa_sim.values.outside import shown

_RULES = {
    OUTSIDE: "outside the limits",
    ONE_SIDE: "seven or more on one side of the mean",
    TREND: "seven or more rising",
    NEAR: "two of three near a limit",
}
HOW = (
    "XmR charts by NHS England's Making Data Count: limits are the mean and 2.66 mean moving ranges either side. "
    "Inside them, without a signal, one week differs from the next by chance alone: leave it be."
)


@dataclass(frozen=True)
class Weekly:
    """A measure by week: `values` are NaN where one is missing; from the weeks `changed` limits begin anew."""

    name: str
    weeks: tuple[str, ...]
    values: tuple[float, ...]
    changed: tuple[int, ...] = ()
    share: bool = False

    @property
    def stretches(self) -> list[Stretch]:
        """Return the stretches between declared changes, with limits and signals."""
        return chart(self.values, self.changed)


def said(measure: Weekly) -> list[str]:
    """Return what a measure's chart shows, in sentences."""
    found = []
    for one in measure.stretches:
        span = f"{measure.weeks[one.first]} to {measure.weeks[one.last]}"
        if one.limits is None:
            found.append(f"{span}: fewer than {LEAST} weeks, so no limits.")
            continue
        own = one.limits
        inside = f"mean {_as(own.mean, measure)}, limits {_as(own.low, measure)} to {_as(own.high, measure)}"
        signals = "; ".join(_signal(signal, measure) for signal in one.signals)
        found.append(f"{span}: {inside}. " + (f"Signals: {signals}." if signals else "No signal: chance alone."))
    if missing := sum(map(math.isnan, measure.values)):
        found.append(f"Weeks without a value, left out: {missing}.")
    return found


def _signal(one: Signal, measure: Weekly) -> str:
    rule = _RULES[one.rule].replace("rising", "rising" if one.above else "falling")
    side = "" if one.rule == TREND else ", high" if one.above else ", low"
    first, last = measure.weeks[one.first], measure.weeks[one.last]
    return f"{rule}{side} ({first if first == last else f'{first} to {last}'})"


def _as(value: float, measure: Weekly) -> str:
    return "-" if math.isnan(value) else f"{100 * value:.1f} %" if measure.share else f"{value:,.4g}"


def weekly_text(measures: Sequence[Weekly]) -> list[str]:
    """Return the charts in sentences, for a terminal."""
    lines = [HOW]
    for one in measures:
        lines += ["", one.name, *(f"  {sentence}" for sentence in said(one))]
    return lines


def page_of_weeks(title: str, measures: Sequence[Weekly], command: str) -> Page:
    """Return the page: a chart a measure."""
    odd = [one.name for one in measures if any(part.signals for part in one.stretches)]
    first = [f"{len(odd)} of {len(measures)} measures show more than chance" + (f": {', '.join(odd)}." if odd else ".")]
    asked = tuple(_asked(number, one) for number, one in enumerate(measures))
    chapter = Chapter(shown(title), tuple(first), (HOW,), asked)
    return Page(f"{shown(title)}: the weekly temperature test", "", (chapter,), (), (("What was asked", command),), "")


def _asked(number: int, measure: Weekly) -> Answered:
    sentences = said(measure)
    alt = f"XmR chart of {measure.name} over {len(measure.values)} weeks. {' '.join(sentences)}"
    svg = drawing.control(
        measure.values, measure.stretches, measure.weeks, lambda value: _as(value, measure), alt, f"week-{number}"
    )
    rows = tuple((week, _as(value, measure)) for week, value in zip(measure.weeks, measure.values, strict=True))
    picture = Picture(
        "By week; large squares belong to a signal, dashes are the limits", alt, svg, Table(("", "value"), rows)
    )
    question = Question(measure.name, " ".join(sentences), ("", ""), (picture,))
    return Answered(f"w{number}", question, "", (), "", ())
