"""Results printed to the terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pcqa_sim.report.answers import answers
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.replicate import Study
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.study.pair import Comparison


def print_answers(study: Study) -> None:
    """Print the answers, wrapped to the terminal."""
    scenario = study.scenario
    for key in scenario.practices:
        _print_heading(scenario, key, len(study.units))
        for label in scenario.interventions:
            print(f"With {shown(label)}.")
        for answer in answers(study, key):
            print(f"\n{answer.question}")
            print_wrapped(answer.sentences)
            for line in answer.table:
                print(f"  {line}")


def print_comparison(comparison: Comparison) -> None:
    """Print what each --with changed and what differs for it, wrapped to the terminal."""
    from pcqa_sim.report.comparison import compared

    scenario = comparison.base.scenario
    for number, key in enumerate(scenario.practices):
        print("\n" if number else "", end="")
        _print_heading(scenario, key, len(comparison.base.units), " of each")
        for name in comparison.others:
            found = compared(comparison, name, key)
            print(f"\nWith {shown(name)}")
            print_wrapped(f"changed: {change}" for change in found.changes)
            print()
            print_wrapped((*found.sentences, found.judged, found.pairing, *filter(None, [found.contract])))


@dataclass(frozen=True)
class Section:
    """Sentences, then a small table, under a heading ("" for none)."""

    heading: str
    sentences: Sequence[str]
    table: Sequence[str] = ()


def print_told(scenario: Scenario, practice: str, sections: Iterable[Section]) -> None:
    """Print what a study of many scenarios found, wrapped to the terminal."""
    mine = scenario.practices[practice]
    print(f"{mine.name}: {mine.list_size:,} patients, {scenario.run.measured_weeks} weeks measured after")
    print(f"{scenario.run.warm_up_weeks} to settle. In brackets: the 95 % confidence interval.")
    for section in sections:
        print(f"\n{section.heading}" if section.heading else "")
        print_wrapped(section.sentences)
        if section.table:
            print()
        for line in section.table:
            print(f"  {line.rstrip()}")


def print_why(comparison: Comparison, overrides: Sequence[str], seed: int | None) -> None:
    """Print which needs went differently in replication 0, and where their stories part, for each --with."""
    from pcqa_sim.report.why import commands, explain

    for key, practice in comparison.base.scenario.practices.items():
        for name in comparison.others:
            found = explain(comparison, name, key)[1]
            print(f"\nWhy, at {practice.name} with {shown(name)} (replication 0 of each)")
            print_wrapped(found.sums)
            for kind in found.kinds:
                print()
                print_wrapped([kind.sentence])
                print_wrapped(kind.example, "    ")
                print_wrapped([f"needs {', '.join(map(str, kind.needs))}"], "    ")
            if found.rest:
                print()
                print_wrapped([found.rest])
            if found.kinds:
                print("\n  Read the first of them aloud, as it was and as it would be:")
                for line in commands(overrides, name, found.kinds[0].needs[0], seed):
                    print(f"    {shown(line)}")


def _print_heading(scenario: Scenario, key: str, replications: int, of_what: str = "") -> None:
    practice, run = scenario.practices[key], scenario.run
    what = f"{practice.name}: {practice.list_size:,} patients, {run.measured_weeks} weeks measured after"
    what += f" {run.warm_up_weeks} to settle,"
    if replications == 1:
        print_wrapped([what, f"one replication{of_what}: no interval."], "")
    else:
        luck = "In brackets: the 95 % confidence interval, which is about luck, not whether the model is right."
        print_wrapped([what, f"{replications} replications{of_what}. {luck}"], "")


def print_wrapped(sentences: Iterable[str], indent: str = "  ") -> None:
    """Print sentences wrapped to the terminal; "5.8 % -> 2.8 %" stays on one line."""
    width = min(100, shutil.get_terminal_size((100, 24)).columns)
    for sentence in sentences:
        bound = shown(sentence).replace(" %", "\xa0%").replace(" -> ", "\xa0->\xa0")
        lines = textwrap.fill(bound, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
        print(lines.replace("\xa0", " "))


def print_files(folder: Path, first: list[Path]) -> None:
    """Print where the files are, those of most interest by name."""
    print(f"\nFiles in {shown(folder)}:")
    for path in first:
        print(f"  {shown(path.relative_to(folder))}")
    for name in ("trust-card.md", "stress-des.md"):
        if (folder / name).is_file():
            print(f"  {name}")
    print("  and the units, the resolved scenarios and run.json, which says how the results were made")
