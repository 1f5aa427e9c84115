"""`pcqa rerun`: a study done again from its run.json, and held against the results it had."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.commands import advise, calibrate, compare, experiment, hypotheses, run, sensitivity, size, sweep, trial
from pcqa_sim.commands.studying import Again, begin, go_on, study_there
from pcqa_sim.commands.studyoptions import Options, study_command
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.study.record import Record

EXIT_FAILED = 1
_STUDIES = (run, compare, experiment, hypotheses, size, sensitivity, advise, calibrate, sweep, trial)
AGAIN: dict[str, Again] = {one.KIND: one.again for one in _STUDIES}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(study_command(rerun))


def rerun(
    options: Options,
    record: Annotated[Path, typer.Argument(metavar="RUN.JSON", help="the record of a study", show_default=False)],
) -> None:
    """Do a study again from its run.json and say whether its results are the same to the last byte.

    The scenarios are those in the folder scenarios beside it, else composed again from the overrides it names. Exits
    with 1 where a result differs.

    Example: pcqa rerun pcqa_runs/20261125-090000-0123456789ab-1/run.json
    """
    from pcqa_sim.study.origin import origin
    from pcqa_sim.study.record import read_record, unlike

    read = read_record(record)
    going_on = study_there(read.kind, options, named=True)
    if going_on is None:
        folder = begin(AGAIN[read.kind](read, None), options)
    else:
        folder = _resumed(going_on, options)
    again = None if folder is None else read_record(folder)
    if folder is None or again is None or not again.ended:
        return
    results: Mapping[str, str] = again.plain["results"]
    differing = unlike(read, results)
    print()
    for line in origin().differences(read.origin, every=True):
        print(f"Other version: {line}.")
    for name in sorted({*read.results, *results}):
        print(f"{shown(name)}: {'differs' if name in differing else 'the same to the last byte'}")
    print(f"Files in {shown(folder)}")
    if differing:
        raise typer.Exit(EXIT_FAILED)


def _resumed(there: Record, options: Options) -> Path:
    """Go on with what was begun by an earlier rerun, and return its folder."""
    from pcqa_sim.commands.planning import Wanted
    from pcqa_sim.study.design.plan import Asked

    if there.kind == sweep.KIND:
        sweep.go_on(there, Wanted(Asked(), accept=options.accept), options, [sweep.DEFAULT_METRIC])
    else:
        go_on(there, AGAIN[there.kind](there, None), options)
    return there.path.parent
