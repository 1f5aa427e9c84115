"""The page of a search for who is needed when: the answer, and people by half hour, as it is and as it is needed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from pcqa_sim.report.rostering import Told
from pcqa_sim.report.sizing import amount
from pcqa_sim.report.trust import trust_card
from pcqa_sim.report.webpage import drawing
from pcqa_sim.report.webpage.building import Chapter, Made, Page, page_of, plain_question
from pcqa_sim.report.webpage.parts import Picture, Question, Table
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.rostering import Seen, spans
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, summarise
from pcqa_sim.values.clock import clock_time
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.report.console import Section

SIDES = ("people now", "people needed")


def page_of_rosters(
    scenario: Scenario, told: Told, sections: Sequence[Section], metrics: pd.DataFrame, made: Made
) -> Page:
    """Return the page; `sections` are what the terminal says."""
    key, target = told.target.yardstick.practice, told.target
    first, *rest = sections
    pictures = tuple(_picture(told, sort) for sort in told.found.now)
    question = Question(
        first.heading,
        f"Wanted in each half hour: {target.yardstick.words} {'at most' if target.at_most else 'at least'} "
        f"{amount(target.bound, target.yardstick)}.",
        (target.yardstick.metric, ""),
        pictures,
        notes=tuple(rest[-1].sentences),
    )
    chapter = Chapter(
        shown(scenario.called(key)),
        tuple(first.sentences[: len(told.found.now) + 2]),
        tuple(first.sentences[len(told.found.now) + 2 :]),
        (plain_question(f"{key}0", question, made),),
    )
    own = summarise(metrics[metrics["scenario"] == metrics["scenario"].iloc[0]])
    return page_of(
        scenario, "Which half hour needs whom", [chapter], [trust_card(made.record, made.shown, own, key)], made
    )


def _picture(told: Told, sort: str) -> Picture:
    """Return people by half hour of one sort of day as bars, alike half hours together, over a table of all of them."""
    found = told.found
    drawn: list[drawing.Row] = []
    for start, end in spans(found.now[sort], found.needed[sort]):
        people = (found.now[sort][start], found.needed[sort][start])
        if any(people):
            bars = [ConfidenceInterval(float(one), math.nan, math.nan, 1) for one in people]
            label = f"{clock_time(start * 30)} to {clock_time(end * 30)}"
            drawn.append((label, bars, [str(one) for one in people]))
    caption = f"{told.named(sort)}: who answers calls, as it is and as it is needed"
    alt = f"Bars: {caption}. " + "; ".join(f"{label} {' and '.join(said)}" for label, _, said in drawn) + "."
    heads = ("from", "calls", "people now", "result now", "people needed", "result then")
    return Picture(
        caption, alt, drawing.bars(drawn, SIDES, alt, f"roster-{sort}"), Table(heads, tuple(_body(told, sort)))
    )


def _body(told: Told, sort: str) -> list[tuple[str, ...]]:
    found = told.found
    rows: list[tuple[str, ...]] = []
    for step in told.open(sort):
        calls = float(found.seen.calls[sort][:, step].mean())
        now, then = (_result(told, seen, sort, step) for seen in (found.seen_now, found.seen))
        people = (str(found.now[sort][step]), now, str(found.needed[sort][step]), then)
        rows.append((clock_time(step * 30), f"{calls:.1f}", *people))
    return rows


def _result(told: Told, seen: Seen, sort: str, step: int) -> str:
    value = told.result(seen, (sort, step)).mean
    return "" if math.isnan(value) else amount(value, told.target.yardstick)
