"""What a study says on the screen unless all of it is wanted: the page's first sentences, and what is to be minded."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from pcqa_sim.report.comparison import PAIRED, compared
from pcqa_sim.report.console import Section, told_text, wrapped
from pcqa_sim.report.contract import TOLD, contract, contract_of_network
from pcqa_sim.report.first import first_sentences, how_sure, of_mdts
from pcqa_sim.report.names import many
from pcqa_sim.report.network import compared_text, furthest_apart, numbers_of, tables_text
from pcqa_sim.report.numbers import Numbers
from pcqa_sim.report.settling import QUESTION, TOO_SHORT, sentences, stopped
from pcqa_sim.scenario import NETWORK, Scenario
from pcqa_sim.study.methods.pair import Comparison
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.study.methods.settling import settling
from pcqa_sim.study.methods.stopping import Stop
from pcqa_sim.values.outside import shown

MOST_CHANGES, MOST_SENTENCES, MOST_ROWS = 4, 3, 8
HAD_SETTLED = f"{QUESTION} {TOO_SHORT}"
ABOVE = " above"
NOTHING = "Nobody asked the practice for anything."


def run_screen(study: Study, stop: Stop | None = None, only: str = "") -> str:
    """Return what matters most of a run, how sure that is, and what is to be minded; of one practice alone if named."""
    scenario, summary = study.scenario, study.summary
    drifts = sentences(settling(study), study)
    if len(scenario.practices) > 1 and not only:
        return _network_screen(study, drifts, stop)
    settled = [one.replace(TOO_SHORT, HAD_SETTLED) for one in drifts if one.startswith("WARNING") or one == TOO_SHORT]
    blocks = []
    for key in [only] if only else scenario.practices:
        numbers = Numbers(summary, key)
        said = [*(list(first_sentences(numbers)) or [NOTHING]), *of_mdts(numbers)]
        mind = [how_sure(numbers), *settled, contract(scenario, key, numbers.mean(TOLD))]
        mind += [f"Were there enough replications? {stopped(stop)}"] if stop is not None else []
        lines = [*_heading(scenario, key, len(study.units)), "", *_numbered(said), ""]
        blocks.append("\n".join([*lines, *wrapped(one for one in mind if one)]))
    return "\n\n".join(blocks)


def _network_screen(study: Study, drifts: Sequence[str], stop: Stop | None) -> str:
    """Return what matters most of a network, and a line for each practice; `--practice` tells of one alone."""
    scenario = study.scenario
    numbers = numbers_of(scenario, study.summary)
    mine = numbers[NETWORK]
    told = contract_of_network(scenario, {key: numbers[key].mean(TOLD) for key in scenario.practices})
    apart = furthest_apart(scenario, numbers)
    said = [*(list(first_sentences(mine)) or [NOTHING]), *of_mdts(mine), *([apart] if apart else [])]
    settled = [one.replace(TOO_SHORT, HAD_SETTLED) for one in drifts if one.startswith("WARNING") or one == TOO_SHORT]
    mind = [how_sure(mine), *settled, told]
    mind += [f"Were there enough replications? {stopped(stop)}"] if stop is not None else []
    lines = [
        *_heading(scenario, NETWORK, len(study.units)),
        "",
        *_numbered(said),
        *(f"  {one}".rstrip() for one in tables_text(scenario, numbers)),
        "",
    ]
    return "\n".join([*lines, *wrapped(one for one in mind if one)])


def comparison_screen(comparison: Comparison, only: str = "") -> str:
    """Return what each --with changed and the answer, harms first; of a network as a whole, unless one is named."""
    scenario = comparison.base.scenario
    blocks = []
    for key in [only] if only else scenario.answered_for[:1]:
        lines = _heading(scenario, key, len(comparison.base.units), " of each")
        for name in comparison.others:
            found = compared(comparison, name, key)
            more = len(found.changes) - MOST_CHANGES
            changes = [f"changed: {one}" for one in found.changes[:MOST_CHANGES]]
            changes += [f"changed: and {many(more, 'setting')} more"] if more > 0 else []
            notes = [one.replace(ABOVE, "") for one in found.notes if one and not one.startswith(PAIRED)]
            lines += ["", f"With {shown(name)}", *wrapped(changes), "", *wrapped(found.short)]
            lines += [f"  {one}".rstrip() for one in compared_text(comparison, name)] if key == NETWORK else []
            lines += ["", *wrapped(notes)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def sizing_screen(scenario: Scenario, practice: str, told: Sequence[Section]) -> str:
    """Return the answer of a search, what was tried where that is short, and what is to be minded."""
    first, *rest = told
    answer = Section(first.heading, first.sentences[:MOST_SENTENCES])
    tables = [one for one in rest if one.table and len(one.table) <= MOST_ROWS + 1]
    mind = [one.sentences[0].replace(TOO_SHORT, HAD_SETTLED) for one in rest if one.sentences and not one.table]
    return told_text(scenario, practice, [answer, *tables[:1], *([Section("", mind)] if mind else [])])


def read_on(folder: Path, kind: str) -> str:
    """Return where all of it is read, and by which command it is told again in full."""
    again = shlex.join(["pcqa", kind, "--resume", "--out", str(folder), "--full"])
    return (
        f"\nTo read, print or send on: {shown(folder / 'report.html')}\nEvery number with its interval: {shown(again)}"
    )


def _numbered(said: Sequence[str]) -> list[str]:
    lines = []
    for number, one in enumerate(said, 1):
        first, *more = wrapped([one], "     ")[0].split("\n")
        lines += [f"  {number}. {first.strip()}", *more]
    return lines


def _heading(scenario: Scenario, key: str, replications: int, of_what: str = "") -> list[str]:
    run, people = scenario.run, scenario.people_of(key)
    runs = f"{replications} replications" if replications > 1 else "one replication"
    about = f"{people:,} patients, {run.measured_weeks} weeks measured after {run.warm_up_weeks} to settle, {runs}"
    labels = [f"With {label}." for label in scenario.interventions]
    return wrapped([f"{scenario.called(key)}: {about}{of_what}.", *labels], "")
