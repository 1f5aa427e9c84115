"""The page of a trial: which chart would show the change and when, each chart as a practice would draw it."""

from __future__ import annotations

import math

from pcqa_sim.report.promises import TITLE, promised
from pcqa_sim.report.sizing import amount
from pcqa_sim.report.trial import (
    HEAD,
    HOW,
    changes_of,
    chart_sentence,
    first,
    many_of,
    named,
    promise_sentence,
    rows_of,
)
from pcqa_sim.report.trust import trust_card
from pcqa_sim.report.webpage import drawing
from pcqa_sim.report.webpage.building import Chapter, Made, Page, in_plain, page_of, plain_question
from pcqa_sim.report.webpage.parts import Picture, Question, Table
from pcqa_sim.study.methods.trial import Charted, Trial
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, summarise
from pcqa_sim.study.statistics.xmr import Stretch, limits, signals_of
from pcqa_sim.values.outside import shown

SIDES = ("with the change", "left alone")


def page_of_trial(trial: Trial, practice: str, name: str, made: Made) -> Page:
    """Return the page."""
    scenario = trial.base
    changes = tuple(f"Changed: {line}" for line in changes_of(trial)[:8])
    asked = [_overall(trial, name, changes), *(_chart(trial, number) for number in range(len(trial.charts)))]
    promises = [
        Question(f"{TITLE} {promised(one[0])}", promise_sentence(*one, trial.after), ("", "")) for one in trial.promised
    ]
    questions = tuple(plain_question(f"t{number}", one, made) for number, one in enumerate([*asked, *promises]))
    chapter = Chapter(shown(scenario.called(practice)), tuple(first(trial)), (), questions)
    metrics = trial.metrics
    own = summarise(metrics[metrics["scenario"] == scenario.hash()])
    return page_of(
        scenario, f"When would a chart show it, {in_plain(name)}?", [chapter],
        [trust_card(made.record, made.shown, own, practice)], made,
    )  # fmt: skip


def _overall(trial: Trial, name: str, changes: tuple[str, ...]) -> Question:
    """Return which charts signal, with the change and without."""
    drawn: list[drawing.Row] = []
    for one in trial.charts:
        shares = [many_of(side) / len(side) for side in (one.shown, one.false)]
        found = [ConfidenceInterval(value, math.nan, math.nan, 1) for value in shares]
        drawn.append((one.yardstick.words, found, [f"{100 * value:.0f} %" for value in shares]))
    caption = f"Practices whose chart signals to the side of the change within {trial.after} weeks"
    alt = f"Bars: {caption}. " + "; ".join(f"{words} {' / '.join(said)}" for words, _, said in drawn) + "."
    table = Table(HEAD, tuple(rows_of(one, trial.after) for one in trial.charts))
    picture = Picture(caption, alt, drawing.bars(drawn, SIDES, alt, "trial-all"), table)
    sentence = (
        f"{trial.practices} practices had the change after {trial.before} weeks and {trial.practices} others, by "
        f"other luck, had none; each was watched for {trial.after} weeks more."
    )
    return Question(f"Which chart shows it, {in_plain(name)}?", sentence, ("", ""), (picture,), (), (*changes, HOW))


def _chart(trial: Trial, number: int) -> Question:
    """Return one measure's chart on the practice in the middle: half of the others signal no later."""
    one = trial.charts[number]
    values = one.changed[one.middle]
    names = [f"{week - trial.before:+d}" if week != trial.before else "0" for week in range(len(values))]
    sentence = chart_sentence(one, trial.after)
    alt = f"XmR chart of {one.yardstick.words}, {len(values)} weeks, the change in week 0. {sentence}"
    caption = "The chart of the practice in the middle; week 0 has the change, dashes are limits, squares a signal"
    rows = tuple((name, _said(value, one)) for name, value in zip(names, values, strict=True))
    stretches = _stretches(values, trial.before)
    svg = drawing.control(
        values, stretches, names, lambda value: _said(value, one), alt, f"trial-{number}", trial.before
    )
    picture = Picture(caption, alt, svg, Table(("week", "value"), rows))
    return Question(f"The chart of {named(one)}", sentence, ("", ""), (picture,))


def _stretches(values: tuple[float, ...], before: int) -> list[Stretch]:
    """Return the chart with the limits of the weeks before the change, and the signals that end after it."""
    own = limits(values[:before])
    found = () if own is None else tuple(one for one in signals_of(values, own) if one.last >= before)
    return [Stretch(0, len(values) - 1, own, found)]


def _said(value: float, one: Charted) -> str:
    return "-" if math.isnan(value) else amount(value, one.yardstick)
