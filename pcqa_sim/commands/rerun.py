"""`pcqa rerun`: a study done again from its run.json, and held against the results it had."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from pcqa_sim.commands import calibrate, compare, run, sensitivity, size, sweep
from pcqa_sim.commands.studying import Again, begin
from pcqa_sim.commands.studyoptions import Options, study_command
from pcqa_sim.values.outside import shown

EXIT_FAILED = 1
AGAIN: dict[str, Again] = {one.KIND: one.again for one in (run, compare, size, sensitivity, calibrate, sweep)}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(study_command(rerun))


def rerun(
    options: Options,
    record: Annotated[Path, typer.Argument(metavar="RUN.JSON", help="the record of a study", show_default=False)],
) -> None:
    """Do a study again from its run.json and say whether its results are the same to the last byte.

    The scenarios are those in the folder scenarios beside it, else composed again from the overrides it names. Exits
    with 1 where a result differs. One that was stopped goes on with --out DIR --resume.

    Example: pcqa rerun pcqa_runs/20261125-090000-0123456789ab-1/run.json
    """
    from pcqa_sim.study.origin import origin
    from pcqa_sim.study.record import read_record, unlike

    read = read_record(record)
    asked = AGAIN[read.kind](read, None)
    folder = begin(asked, options)
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
