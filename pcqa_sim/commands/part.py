"""`pcqa part`: one job of a job array does its share of a planned study's units."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pcqa_sim.commands.options import command_line
from pcqa_sim.commands.watching import note
from pcqa_sim.values.faults import BadInput, Fault


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(part)


def part(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="folder of a planned study", show_default=False)],
    part: Annotated[int, typer.Option(min=0, help="which share, counted from 0", show_default=False)],
    of: Annotated[int, typer.Option(min=1, help="how many shares there are", show_default=False)],
    limit: Annotated[float, typer.Option(min=0.01, metavar="MINUTES", help="longest time for one unit")] = 60.0,
) -> None:
    """Do one share of the units that `--engine array` wrote down; units that are there are left alone.

    Example: pcqa part lines --part 3 --of 100
    """
    from pcqa_sim.study.array_part import do_part
    from pcqa_sim.study.engines.local import Local
    from pcqa_sim.study.execute import Watcher
    from pcqa_sim.study.folderlock import locked
    from pcqa_sim.study.record import read_record

    if part >= of:
        raise BadInput(Fault("--part", f"below {of}: shares are counted from 0", str(part)))
    read_record(folder)
    with locked(folder, command_line(), shared=True):
        done = do_part(folder, part, of, Local(1, limit_s=limit * 60), Watcher(note=note))
    print(f"part {part} of {of}: {done.found:,} units were there, {len(done.done):,} done, {len(done.failed):,} failed")
    if done.failed:
        raise typer.Exit(1)
