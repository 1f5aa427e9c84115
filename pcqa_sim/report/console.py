"""Results as text for a terminal, wrapped to its width; commands print it."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pcqa_sim.report.answers import answers
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.study.methods.pair import Comparison


def answers_text(study: Study, only: str = "") -> str:
    """Return the answers, wrapped to the terminal: a network's first, or those of one practice alone."""
    scenario = study.scenario
    lines: list[str] = []
    for key in [only] if only else scenario.answered_for:
        lines += _heading(scenario, key, len(study.units))
        lines += [f"With {shown(label)}." for label in scenario.interventions]
        for answer in answers(study, key):
            lines += ["", answer.question, *wrapped(answer.sentences), *(f"  {line}" for line in answer.table)]
    return "\n".join(lines)


def comparison_text(comparison: Comparison, only: str = "") -> str:
    """Return what each --with changed and what differs for it, wrapped to the terminal; of one practice if named."""
    from pcqa_sim.report.comparison import compared

    scenario = comparison.base.scenario
    lines: list[str] = []
    for number, key in enumerate([only] if only else scenario.answered_for):
        lines += [""] if number else []
        lines += _heading(scenario, key, len(comparison.base.units), " of each")
        for name in comparison.others:
            found = compared(comparison, name, key)
            table = [line for block in found.blocks for line in (block.heading, *block.lines)]
            lines += ["", f"With {shown(name)}", *wrapped(f"changed: {change}" for change in found.changes), ""]
            lines += wrapped(found.short)
            lines += ["", f"  {found.table_heading}", *(f"  {line}" for line in table)] if found.blocks else []
            lines += ["", *wrapped(found.notes)]
    return "\n".join(lines)


@dataclass(frozen=True)
class Section:
    """Sentences, then a small table, under a heading ("" for none)."""

    heading: str
    sentences: Sequence[str]
    table: Sequence[str] = ()


def told_text(scenario: Scenario, practice: str, sections: Iterable[Section]) -> str:
    """Return what a study of many scenarios found, wrapped to the terminal."""
    mine = scenario.practices[practice]
    measured = f"{scenario.run.measured_weeks} weeks measured after"
    lines = [f"{scenario.called(practice)}: {mine.list_size:,} patients, {measured}"]
    lines.append(f"{scenario.run.warm_up_weeks} to settle. In brackets: the 95 % confidence interval.")
    return "\n".join([*lines, *(line for section in sections for line in section_lines(section))])


def section_lines(section: Section) -> list[str]:
    """Return a section as it is printed, an empty line before it."""
    lines = ["", *([section.heading] if section.heading else []), *wrapped(section.sentences)]
    return lines + (["", *(f"  {line.rstrip()}" for line in section.table)] if section.table else [])


def why_text(comparison: Comparison, overrides: Sequence[str], seed: int | None) -> str:
    """Return which needs went differently in replication 0, and where their stories part, for each --with."""
    from pcqa_sim.report.why import commands, explain

    lines: list[str] = []
    for key in comparison.base.scenario.practices:
        for name in comparison.others:
            found = explain(comparison, name, key)[1]
            called = comparison.base.scenario.called(key)
            lines += ["", f"Why, at {called} with {shown(name)} (replication 0 of each)", *wrapped(found.sums)]
            for kind in found.kinds:
                numbers = f"needs {', '.join(map(str, kind.needs))}"
                lines += ["", *wrapped([kind.sentence]), *wrapped([*kind.example, numbers], "    ")]
            lines += ["", *wrapped([found.rest])] if found.rest else []
            if found.kinds:
                lines += ["", "  Read the first of them aloud, as it was and as it would be:"]
                lines += [f"    {shown(line)}" for line in commands(overrides, name, found.kinds[0].needs[0], seed)]
    return "\n".join(lines)


def _heading(scenario: Scenario, key: str, replications: int, of_what: str = "") -> list[str]:
    run = scenario.run
    what = f"{scenario.called(key)}: {scenario.people_of(key):,} patients, {run.measured_weeks} weeks measured after"
    what += f" {run.warm_up_weeks} to settle,"
    if replications == 1:
        return wrapped([what, f"one replication{of_what}: no interval."], "")
    luck = "In brackets: the 95 % confidence interval, which is about luck, not whether the model is right."
    return wrapped([what, f"{replications} replications{of_what}. {luck}"], "")


def wrapped(sentences: Iterable[str], indent: str = "  ") -> list[str]:
    """Return sentences wrapped to the terminal; "5.8 % -> 2.8 %" stays on one line."""
    width = min(100, shutil.get_terminal_size((100, 24)).columns)
    found = []
    for sentence in sentences:
        bound = shown(sentence).replace(" %", "\xa0%").replace(" -> ", "\xa0->\xa0")
        lines = textwrap.fill(bound, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
        found.append(lines.replace("\xa0", " "))
    return found


def files_text(folder: Path, first: Sequence[Path]) -> str:
    """Return where the files are, those of most interest by name."""
    cards = [name for name in ("trust-card.md", "stress-des.md") if (folder / name).is_file()]
    names = [*(shown(path.relative_to(folder)) for path in first), *cards]
    rest = "  and the units, the resolved scenarios and run.json, which says how the results were made"
    return "\n".join([f"\nFiles in {shown(folder)}:", *(f"  {name}" for name in names), rest])
