"""`pcqa compare`: a base and what it is compared with, by the same people with the same luck."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pcqa_sim.commands.earlyverdicts import EarlyVerdicts
from pcqa_sim.commands.options import (
    OnePractice,
    Overrides,
    Seed,
    composed_again,
    practice_of,
    resolved_of,
    scenario_of,
    with_seed,
)
from pcqa_sim.commands.run import grown
from pcqa_sim.commands.studying import Asked, conduct
from pcqa_sim.commands.studyoptions import Full, Options, study_command
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_REPLICATIONS

if TYPE_CHECKING:
    from pcqa_sim.configuration import Resolved
    from pcqa_sim.report.webpage.building import Made, Page
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.execute import Execution
    from pcqa_sim.study.files import Filling
    from pcqa_sim.study.methods.pair import Comparison
    from pcqa_sim.study.record import Record

KIND, REPLICATIONS = "compare", 10
LONGEST_WITH = 60


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(study_command(compare))


def compare(
    options: Options,
    with_: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="OVERRIDES", help="settings on top of the base; give it again for another"),
    ] = None,
    overrides: Overrides = None,
    reps: Annotated[
        int | None,
        typer.Option(
            min=2,
            max=MOST_REPLICATIONS,
            help=f"replications of each, {REPLICATIONS} by default, whatever run.replications says",
            show_default=False,
        ),
    ] = None,
    seed: Seed = None,
    why: Annotated[
        bool, typer.Option("--why", help="show which needs went differently, and where their stories first part")
    ] = False,
    practice: OnePractice = "",
    full: Full = False,
) -> None:
    """Compare settings with the same settings and more: the same people, the same luck, paired differences in words.

    Where the base has interventions already, intervention=[b] takes their place and +intervention=b joins them.

    Example: pcqa compare practice=small --with "intervention=[more_call_handlers]" --with "phones.lines=4" --why
    """
    named = bool(overrides or with_)
    if not with_ and (named or not options.resume):
        raise BadInput(Fault("--with", 'is needed: settings on top of the base, such as --with "phones.lines=4"'))

    def ask() -> Asked:
        made = resolved_of(overrides)
        base = with_seed(made.scenario, seed)
        others = others_of(base, overrides or [], with_ or [], seed)
        parameters = {"replications": reps or REPLICATIONS, "with": list(others), **({"why": True} if why else {})}
        return asked_of(base, others, list(overrides or []), parameters, made, seed, practice)

    conduct(KIND, partial(again, practice=practice), ask, replace(options, full=full), named, reps)


def again(record: Record, replications: int | None = None, practice: str = "") -> Asked:
    """Return what a record of a comparison asked, with more replications where they are given."""
    base = record.scenario(record.first, composed_again)
    named: Mapping[str, str] = record.plain["others"]
    others = {name: record.scenario(other, composed_again) for name, other in named.items()}
    parameters = dict(record.parameters) | grown(record, replications)
    return asked_of(base, others, record.overrides(record.first), parameters, None, record.seed, practice)


def asked_of(
    base: Scenario,
    others: Mapping[str, Scenario],
    overrides: list[str],
    parameters: Mapping[str, Any],
    made: Resolved | None,
    seed: int | None,
    practice: str = "",
) -> Asked:
    """Return the comparison of a base with others; without `made`, its settings are resolved when they are needed.

    `practice` is the one that is told of, "" for all.
    """
    if practice:
        practice_of(base, practice)
    scenarios = {scenario.hash(): scenario for scenario in (base, *others.values())}
    more = {other.hash(): [*overrides, *shlex.split(name)] for name, other in others.items()}
    runs = len(scenarios) * int(parameters["replications"])
    return Asked(
        kind=KIND,
        scenarios=scenarios,
        overrides={base.hash(): overrides} | more,
        parameters=parameters,
        method=partial(_found, base, dict(others), dict(parameters), overrides, seed, practice),
        words=f"{base.weeks} weeks, {runs} runs",
        most=runs,
        replications=parameters["replications"],
        first_answers=lambda: EarlyVerdicts(base, others, int(parameters["replications"])),
        names={"base": base.hash(), "others": {name: other.hash() for name, other in others.items()}},
        made=lambda: made or resolved_of([[one] for one in overrides]),
    )


@dataclass(frozen=True)
class Compared:
    """A comparison, and what it takes to read a need's story in the base."""

    comparison: Comparison
    why: bool
    overrides: list[str]
    seed: int | None
    only: str = ""

    def fill(self, files: Filling) -> Mapping[str, Any]:
        """Write figures, tables and metrics."""
        from pcqa_sim.report.page import comparison_page, key_differences
        from pcqa_sim.study.files import facts_of_comparison, fill_comparison

        fill_comparison(files, self.comparison)
        files.put_bytes("answers.md", comparison_page(self.comparison).encode())
        files.put_csv("key.csv", key_differences(self.comparison))
        return facts_of_comparison(self.comparison)

    def tell(self) -> None:
        """Print what differs, and why."""
        from pcqa_sim.report import console

        print(console.comparison_text(self.comparison, self.only))
        if self.why:
            print(console.why_text(self.comparison, self.overrides, self.seed))

    def tell_first(self) -> None:
        """Print the answer, harms first, and why where that was asked."""
        from pcqa_sim.report.console import why_text
        from pcqa_sim.report.screen import comparison_screen

        print(comparison_screen(self.comparison, self.only))
        if self.why:
            print(why_text(self.comparison, self.overrides, self.seed))

    def page(self, made: Made) -> Page:
        """Return the page for people."""
        from pcqa_sim.report.webpage.building import page_of_comparison

        return page_of_comparison(self.comparison, made)

    def afterwards(self, folder: Path, written: Sequence[Path]) -> None:
        """Name the files."""
        from pcqa_sim.report.console import files_text

        print(files_text(folder, written[: len(self.comparison.base.scenario.practices) + 5]))


def _found(
    base: Scenario,
    others: Mapping[str, Scenario],
    parameters: Mapping[str, Any],
    overrides: list[str],
    seed: int | None,
    practice: str,
    do: Execution,
) -> Compared:
    from pcqa_sim.study.methods import pair
    from pcqa_sim.study.result import MORNINGS

    why = bool(parameters.get("why"))
    comparison = pair.comparison(do, base, others, parameters["replications"], why=why, keeps=(MORNINGS,))
    told = {name: _rests(overrides, shlex.split(name)) for name in others}
    return Compared(replace(comparison, rests=told), why, overrides, seed, practice)


def _rests(overrides: Sequence[str], more: Sequence[str]) -> list[str]:
    """Return a sentence for each intervention that joins: its own numbers, with their sources or as assumptions."""
    from pcqa_sim.configuration.trying import numbers_of
    from pcqa_sim.report.advice import rests
    from pcqa_sim.report.names import words

    try:
        found = numbers_of([*overrides, *more], overrides)
    except BadInput:  # files of the settings have gone since the study was begun
        return []
    return [f"What it rests on ({words(name)}): {rests(numbers)}." for name, numbers in found.items() if numbers]


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
    from pcqa_sim.study.methods.pair import unlike

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
