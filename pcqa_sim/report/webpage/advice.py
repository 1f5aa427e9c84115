"""The page of what to try first: the answer, what each option does to the goal, and what each rests on."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pcqa_sim.report.advice import HEADINGS, Told, first, goal_words, pounds_in_column, question, rests, told
from pcqa_sim.report.advice import table as rows_of
from pcqa_sim.report.changetable import change
from pcqa_sim.report.names import words
from pcqa_sim.report.trust import trust_card
from pcqa_sim.report.webpage import drawing
from pcqa_sim.report.webpage.building import Chapter, Made, Page, page_of, plain_question
from pcqa_sim.report.webpage.parts import Picture, Question, Table
from pcqa_sim.study.methods.advise import HELPS, UNCLEAR
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, summarise
from pcqa_sim.values.outside import shown

WARNING = "WARNING"


def page_of_advice(found: Told, made: Made) -> Page:
    """Return the page."""
    advice, goal = found.advice, found.goal
    scenario, key = advice.base.scenario, goal.practice
    sentences = list(first(found))
    rest = [text for section in told(found)[1:] for text in _headed(section.heading, section.sentences)]
    chapter = Chapter(
        shown(scenario.called(key)),
        tuple(text for text in sentences if not text.startswith(WARNING)),
        (*(text for text in sentences if text.startswith(WARNING)), *rest),
        tuple(
            plain_question(f"{key}{number}", one, made) for number, one in enumerate((effects(found), _grounds(found)))
        ),
    )
    own = summarise(advice.metrics[advice.metrics["scenario"] == scenario.hash()])
    return page_of(scenario, "What to try first", [chapter], [trust_card(made.record, made.shown, own, key)], made)


def _headed(heading: str, sentences: Any) -> list[str]:
    return [f"{heading}: {text}" if number == 0 else text for number, text in enumerate(sentences)]


def effects(found: Told) -> Question:
    """Return what each option and pair does to the goal: as bars left and right of nought, and in a table."""
    goal, times = found.goal, 100 if found.goal.is_share else 1
    drawn: list[drawing.Row] = []
    body, notes = [], []
    harms = {one.name: len(one.harms) for one in (*found.advice.options, *found.advice.pairs)}
    for row in rows_of(found).to_dict("records"):
        mean, low, high = (times * row[end] for end in ("change", "low", "high"))
        ends = ConfidenceInterval(mean, low, high, int(row["runs"]))
        said = change({"difference": row["change"], "low": row["low"], "high": row["high"], "unit": goal.unit})
        label = words(str(row["option"]))
        drawn.append((label, [None, ends] if row["verdict"] == UNCLEAR else [ends, None], [said]))
        body.append((label, said, *_beside(row, harms[str(row["option"])])))
        if row["harms"]:
            notes.append(f"Clearly worse with {label}: {row['harms']}.")
    unit = "points" if goal.is_share else goal.unit
    caption = f"What each does to {goal_words(goal)}, in {unit}; those that help most first"
    alt = f"Bars to the left and right of nought: {caption}. " + "; ".join(f"{w} {s[0]}" for w, _, s in drawn) + "."
    head = (
        "",
        "change (likely range)",
        "verdict",
        "£ a year",
        "weeks until it shows",
        "measures clearly worse",
        "runs",
    )
    picture = Picture(caption, alt, drawing.differences(drawn, alt, "advice-0"), Table(head, tuple(body)))
    sentence = (
        "Each was run with the same people and the same luck as the practice as it is. What another was clearly ahead "
        "of was run no further, so its range is wider. Of pairs the verdict is on what the second adds to the first."
    )
    return Question(question(found), sentence, (goal.metric, goal.group), (picture,), (), tuple(notes))


def _beside(row: dict[Any, Any], harms: int) -> tuple[str, ...]:
    shows = row["weeks_until_it_shows"]
    weeks = "-" if pd.isna(shows) else f"{shows:.0f}"
    verdict = HEADINGS[HELPS].lower().removeprefix("what ") if row["verdict"] == HELPS else str(row["verdict"])
    return verdict, pounds_in_column(row["cost_gbp_a_year"]), weeks, str(harms or "none"), str(row["runs"])


def _grounds(found: Told) -> Question:
    """Return the numbers that each option rests on."""
    notes = tuple(f"{words(one.name)}: {rests(found.numbers[one.name])}." for one in found.advice.options)
    sentence = "Numbers of the options themselves, each with its source. Those of the practice are on the card below."
    return Question("What does each rest on?", sentence, ("", ""), (), (), notes)
