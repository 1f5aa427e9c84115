"""`pcqa compare`: a base and what it is compared with, by the same people with the same luck."""

from __future__ import annotations

import shlex
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.commands.options import (
    Out,
    Overrides,
    Seed,
    Workers,
    command_line,
    processes_here,
    progress,
    resolved_of,
    scenario_of,
    told_if_not_written,
    with_seed,
)
from pcqa_sim.commands.trust import write_cards
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_REPLICATIONS

if TYPE_CHECKING:
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.pair import Comparison
    from pcqa_sim.study.provenance import Request

LONGEST_WITH = 60


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(compare)


def compare(
    with_: Annotated[
        list[str],
        typer.Option("--with", metavar="OVERRIDES", help="settings on top of the base; give it again for another"),
    ],
    overrides: Overrides = None,
    reps: Annotated[
        int, typer.Option(min=2, max=MOST_REPLICATIONS, help="replications of each, whatever run.replications says")
    ] = 10,
    seed: Seed = None,
    out: Out = None,
    workers: Workers = None,
    why: Annotated[
        bool, typer.Option("--why", help="show which needs went differently, and where their stories first part")
    ] = False,
) -> None:
    """Compare settings with the same settings and more: the same people, the same luck, paired differences in words.

    Where the base has interventions already, intervention=[b] takes their place and +intervention=b joins them.

    Example: pcqa compare practice=small --with "intervention=[more_call_handlers]" --with "phones.lines=4" --why
    """
    made = resolved_of(overrides)
    base = with_seed(made.scenario, seed)
    from pcqa_sim.report import console
    from pcqa_sim.study import files, pair
    from pcqa_sim.study.claiming import claimed, label_of

    def tell() -> None:
        console.print_comparison(comparison)
        if why:
            console.print_why(comparison, overrides or [], seed)

    others = others_of(base, overrides or [], with_, seed)
    with claimed(out, label_of(base), command_line()) as folder:
        runs = pair.runs_needed(base, others, reps)
        begun = time.monotonic()
        with progress(f"{base.weeks} weeks, {runs} runs", runs) as done:
            comparison = pair.compare(base, others, reps, workers=processes_here(workers), done=done, why=why)
        seconds = time.monotonic() - begun
        request = _request(comparison, overrides or [], reps)
        with told_if_not_written(tell):
            written = files.write_comparison(comparison, folder, request, seconds)
            write_cards(folder, made)
    tell()
    console.print_files(folder, written[: len(base.practices) + 2])


def _request(comparison: Comparison, overrides: list[str], reps: int) -> Request:
    """Return what was asked, so that it can be done again."""
    from pcqa_sim.study.provenance import Request

    base, others = comparison.base.scenario, comparison.others
    scenarios = {study.scenario.hash(): [*overrides, *shlex.split(name)] for name, study in others.items()}
    parameters = {"replications": reps, "with": list(others)}
    return Request("compare", command_line(), parameters, {base.hash(): overrides} | scenarios)


def others_of(base: Scenario, overrides: list[str], texts: list[str], seed: int | None) -> dict[str, Scenario]:
    """Return the scenario of each --with by its text; raise BadInput with every fault of every one."""
    found: dict[str, Scenario] = {}
    faults: list[Fault] = []
    for text in texts:
        where = f'--with "{text if len(text) <= LONGEST_WITH else text[:LONGEST_WITH] + "..."}"'
        try:
            if text in found:
                raise BadInput(Fault("", "is given twice"))
            found[text] = _with(base, overrides, text, seed)
        except BadInput as bad:
            faults += [replace(fault, where=f"{where}: {fault.where}".removesuffix(": ")) for fault in bad.faults]
    if faults:
        raise BadInput(faults)
    return found


def _with(base: Scenario, overrides: list[str], text: str, seed: int | None) -> Scenario:
    """Return the scenario of the base's overrides and those of one --with, split as a shell does."""
    from pcqa_sim.study.pair import unlike

    try:
        more = shlex.split(text)
    except ValueError:
        raise BadInput(Fault("", "a quotation mark is opened and not closed")) from None
    if not more:
        raise BadInput(Fault("", "needs settings, such as phones.lines=4"))
    scenario = scenario_of([overrides, more], seed)
    if fault := unlike(base, scenario):
        raise BadInput(fault)
    return scenario
