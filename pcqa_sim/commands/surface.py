"""`pcqa surface`: a smooth function through the points of a study, that predicts a metric where nothing was run."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.commands.options import Out, command_line, told_if_not_written
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.study.design.points import Points
    from pcqa_sim.study.methods.surface import Kind as SurfaceKind


class Kind(StrEnum):
    """Which surface is fitted."""

    best = "best"
    quadratic = "quadratic"
    gaussian = "gaussian"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(surface)


def surface(
    folder: Annotated[Path, typer.Argument(help="folder of any study of several scenarios", show_default=False)],
    metric: Annotated[str, typer.Option(help="what should be predicted, such as missed_share")],
    kind: Annotated[Kind, typer.Option(help="which surface; best: whichever predicts better")] = Kind.best,
    at: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="predict at a value; settings not named: mid-range")
    ] = None,
    practice: Annotated[str, typer.Option(help="key of the practice, in a network")] = "",
    out: Out = None,
) -> None:
    """Fit a response surface to a study's results and say how well it predicts points left out of it.

    With --out, a table and a figure of the predictions are written.

    Example: pcqa surface results --metric missed_share --at phones.lines=7
    """
    from pcqa_sim.report import sensitivity as influence
    from pcqa_sim.study.claiming import claimed, refuse_used
    from pcqa_sim.study.design.points import read_points
    from pcqa_sim.study.files import Filling
    from pcqa_sim.study.methods.surface import fit_surface
    from pcqa_sim.study.statistics.criterion import read_yardstick

    yardstick = read_yardstick(metric, practice)
    points = read_points(folder, yardstick)
    place = place_of(at or [], points)
    kinds: dict[Kind, SurfaceKind | None] = {Kind.best: None, Kind.quadratic: "quadratic", Kind.gaussian: "gaussian"}
    if out is not None:
        refuse_used(out)
    fitted = fit_surface(points.places, points.values, kinds[kind])
    told = "\n".join(influence.surface_lines(fitted, points, yardstick, place if at else None))
    if out is not None:
        with told_if_not_written(lambda: print(told)), claimed(out, "", command_line()) as target:
            filled = Filling(target)
            filled.put_bytes("figures/surface.png", influence.surface_picture(fitted, points, yardstick))
            filled.put_csv("surface.csv", influence.surface_table(fitted, points))
    print(told)
    if out is not None:
        print(f"\nFiles in {shown(out)}:\n  figures/surface.png\n  surface.csv")


def place_of(texts: Sequence[str], points: Points) -> list[float]:
    """Return the place in the unit cube that KEY=VALUE texts name, the middle for keys not named."""
    place = [0.5] * len(points.keys)
    for text in texts:
        key, _, value = text.partition("=")
        if key not in points.keys:
            rule = f"is not one of the settings that differ: {', '.join(points.keys)}"
            raise BadInput(Fault("--at", rule, key, nearest(key, points.keys)))
        at = points.keys.index(key)
        low, high = float(points.low[at]), float(points.high[at])
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            raise BadInput(Fault("--at", f"{key} is a number from {low:g} to {high:g} there", text))
        place[at] = (number - low) / (high - low)
    return place
