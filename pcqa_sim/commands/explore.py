"""`pcqa explore`: a finished sweep as one page with sliders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

PAGE = "explore.html"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(explore)


def explore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="folder of a sweep that has ended", show_default=False)],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="where the page goes; explore.html in the folder")
    ] = None,
) -> None:
    """Write a sweep as one page that explores it: sliders over computed points, answers with intervals. No network.

    Nothing is interpolated: where no point was computed, the nearest that was is shown, and named.

    Example: pcqa explore lines
    """
    from pcqa_sim.report.explorer.page import explorer_html
    from pcqa_sim.report.explorer.points import explored
    from pcqa_sim.study.record import read_record
    from pcqa_sim.values.wholefile import put_text

    record = read_record(folder)
    if record.kind != "sweep":
        raise BadInput(
            Fault(str(folder), "must be the folder of `pcqa sweep`: other studies have a report", record.kind)
        )
    found = explored(record.path.parent)
    keys = ", ".join(one.key for one in found.varied)
    where = out or record.path.parent / PAGE
    put_text(where, explorer_html(f"What changes with {shown(keys, 120)}?", found))
    print(f"{len(found.points):,} points, {len(found.measures)} measures. Written: {shown(where)}")
