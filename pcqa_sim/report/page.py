"""A page to keep: answers of a run or a comparison as Markdown, and the twenty numbers most asked for as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from pcqa_sim.report.answers import answers
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.values.outside import markdown, shown

if TYPE_CHECKING:
    from pcqa_sim.report.console import Section
    from pcqa_sim.study.methods.pair import Comparison

KEY = (
    ("calls_per_working_day", ""),
    ("share_0800_1000", ""),
    ("missed_share", ""),
    ("answered_wait_min", ""),
    ("answered_within_2_min_share", ""),
    ("contacts_per_1000_working_day", "channel=online"),
    ("failure_share", ""),
    ("told_another_day_per_working_day", ""),
    ("urgent_told_another_day_share", ""),
    ("needs_met_share", ""),
    ("emergency_per_1000_week", ""),
    ("days_waited_for_clinician", ""),
    ("appointments_per_1000_working_day", ""),
    ("same_day_share", ""),
    ("over_two_weeks_share", ""),
    ("dna_share", ""),
    ("usual_gp_share", ""),
    ("slots_unused_per_working_day", ""),
    ("overtime_min_per_working_day", "role=gp"),
    ("cost_gbp_per_working_day", ""),
)
"""What a practice is asked about, in the order of a needs' way."""


def answers_page(study: Study) -> str:
    """Return the answers of a run as Markdown."""
    lines: list[str] = []
    for key in study.scenario.answered_for:
        lines += _heading(study.scenario, key, len(study.units))
        for answer in answers(study, key):
            lines += [
                f"## {markdown(answer.question)}",
                "",
                *_paragraph(answer.sentences),
                *_as_it_stands(answer.table),
            ]
    return "\n".join(lines)


def comparison_page(comparison: Comparison) -> str:
    """Return what each change of a comparison did as Markdown."""
    from pcqa_sim.report.comparison import compared

    lines: list[str] = []
    for key in comparison.base.scenario.answered_for:
        lines += _heading(comparison.base.scenario, key, len(comparison.base.units))
        for name in comparison.others:
            found = compared(comparison, name, key)
            table = [line for block in found.blocks for line in (block.heading, *block.lines)]
            lines += [f"## With {markdown(name)}", "", *(f"- changed: {markdown(x)}" for x in found.changes), ""]
            lines += _paragraph(found.short)
            lines += _as_it_stands([found.table_heading, *table] if table else ())
            lines += _paragraph(found.notes)
    return "\n".join(lines)


def sections_page(title: str, about: str, sections: Iterable[Section]) -> str:
    """Return sentences and small tables under headings as Markdown."""
    lines = [f"# {markdown(title)}", "", markdown(about), ""]
    for section in sections:
        lines += [*([f"## {markdown(section.heading)}", ""] if section.heading else []), *_paragraph(section.sentences)]
        lines += _as_it_stands(section.table)
    return "\n".join(lines)


def _heading(scenario: Scenario, key: str, replications: int) -> list[str]:
    run, people = scenario.run, scenario.people_of(key)
    weeks = f"{run.measured_weeks} weeks measured after {run.warm_up_weeks} to settle, {replications} replications"
    changes = [f"With {markdown(label)}." for label in scenario.interventions]
    about = "In brackets: the 95 % confidence interval, which is about luck, not whether the model is right."
    return [f"# {markdown(scenario.called(key))}", "", f"{people:,} patients; {weeks}. {about}", *changes, ""]


def _paragraph(sentences: Iterable[str]) -> list[str]:
    text = [markdown(sentence) for sentence in sentences if sentence.strip()]
    return [*text, ""] if text else []


def _as_it_stands(lines: Sequence[str]) -> list[str]:
    return ["```", *(shown_line.rstrip().replace("`", "'") for shown_line in lines), "```", ""] if lines else []


def key_numbers(study: Study) -> pd.DataFrame:
    """Return the key numbers of a run, a row each: practice, what it is, unit, mean, low and high."""
    summary = study.summary
    found = _key_rows(summary[summary["period"] == "all"])
    return found[["practice", "what", "unit", "mean", "low", "high", "metric", "group"]]


def key_differences(comparison: Comparison) -> pd.DataFrame:
    """Return the key numbers of a comparison, a row each, with what each change did to them."""
    found = _key_rows(comparison.differences)
    first = [name for name in ("practice", "what", "unit") if name in found]
    return found[[*first, *(name for name in found.columns if name not in (*first, "order"))]]


def _key_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the key numbers, in their order, with their words."""
    order = {name: number for number, name in enumerate(KEY)}
    places = [order.get((metric, group), -1) for metric, group in zip(frame["metric"], frame["group"], strict=True)]
    found = frame.assign(order=places)
    found = found[found["order"] >= 0].sort_values("order", kind="stable")
    words = [_words(metric, group) for metric, group in zip(found["metric"], found["group"], strict=True)]
    return found.assign(what=words)


def _words(metric: str, group: str) -> str:
    return METRICS[metric].words + (f" ({shown(group).partition('=')[2]})" if group else "")
