"""The page of a search for what is enough: the answer, and how near to the target each came that was tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pcqa_sim.report.sizing import amount, frontier_table, short, tried_table
from pcqa_sim.report.trust import trust_card
from pcqa_sim.report.webpage import drawing
from pcqa_sim.report.webpage.building import Chapter, Made, Page, page_of, plain_question
from pcqa_sim.report.webpage.parts import Picture, Question, Table
from pcqa_sim.report.webpage.wording import likely, mean
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.size import Sized
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, summarise
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.configuration.ranges import Range
    from pcqa_sim.report.console import Section
    from pcqa_sim.study.methods.sizing import Sizing
    from pcqa_sim.study.statistics.criterion import Target

MOST_FIRST = 3
_VERDICTS = {"": "tried for direction only", "not told apart": "not told apart from the target"}


def page_of_sizing(
    scenario: Scenario, sizing: Sizing, target: Target, ranges: Sequence[Range], told: Sequence[Section], made: Made
) -> Page:
    """Return the page; `told` is what the terminal says."""
    key = target.yardstick.practice
    first, *rest = told
    later = [*first.sentences[MOST_FIRST:], *(text for section in rest for text in section.sentences)]
    sure = (
        f"Each was run until it was told apart from the target, or as often as was allowed ({sizing.trials.runs} runs)."
    )
    question = Question(
        first.heading,
        f"Wanted: {target.yardstick.words} {'at most' if target.at_most else 'at least'} "
        f"{amount(target.bound, target.yardstick)}.",
        (target.yardstick.metric, target.yardstick.group),
        (_tried(sizing, target, ranges),),
        notes=(sure,),
    )
    chapter = Chapter(
        shown(scenario.called(key)),
        tuple(first.sentences[:MOST_FIRST]),
        tuple(later),
        (plain_question(f"{key}0", question, made),),
    )
    metrics = sizing.trials.metrics
    own = summarise(metrics[(metrics["scenario"] == made.record.get("scenario", scenario.hash()))])
    return page_of(scenario, "How much is enough", [chapter], [trust_card(made.record, made.shown, own, key)], made)


def _tried(sizing: Sizing, target: Target, ranges: Sequence[Range]) -> Picture:
    """Return what was tried as bars, each with its likely range and its verdict."""
    yardstick = target.yardstick
    if isinstance(sizing.found, Sized):
        rows = [
            (_label(row, ranges, "value"), row) for row in _records(tried_table(sizing.found.tried, yardstick.unit))
        ]
    else:
        rows = [(_label(row, ranges), row) for row in _records(frontier_table(sizing.found, ranges, yardstick.unit))]
    drawn: list[drawing.Row] = []
    body = []
    for label, row in rows:
        found = ConfidenceInterval(row["mean"], row["low"], row["high"], int(row["replications"]))
        drawn.append((label, [found], [mean(found, yardstick.is_share, 2)]))
        cost = [f"{row['cost']:,.6g}"] if "cost" in row else []
        texts = (mean(found, yardstick.is_share, 2), likely(found, yardstick.is_share, 2), str(found.replications))
        body.append((label, *cost, *texts, _VERDICTS.get(row["verdict"], row["verdict"])))
    caption = f"{yardstick.words} at what was tried; wanted {target.text}"
    caption = caption[0].upper() + caption[1:]
    alt = f"Bars: {caption}. " + "; ".join(f"{label} {said[0]}" for label, _, said in drawn) + "."
    heads = ("", *(["cost"] if body and len(body[0]) > 5 else []), "mean", "likely range", "runs", "verdict")
    return Picture(caption, alt, drawing.bars(drawn, [""], alt, "size-0"), Table(heads, tuple(body)))


def _label(row: dict[Any, Any], ranges: Sequence[Range], column: str = "") -> str:
    return ", ".join(f"{short(one.key)} = {row[column or one.key]:,.10g}" for one in ranges)


def _records(table: Any) -> list[dict[Any, Any]]:
    records: list[dict[Any, Any]] = table.to_dict("records")
    return records
