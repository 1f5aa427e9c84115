"""What matters most, in sentences and a ranked table; and how well a surface through the points predicts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcqa_sim.report.console import Section
from pcqa_sim.report.sizing import amount, short
from pcqa_sim.study.design.points import Points
from pcqa_sim.study.files import Finding
from pcqa_sim.study.methods.sensitivity import Index, Influence, Sensitivity
from pcqa_sim.study.methods.surface import Surface, least_points
from pcqa_sim.study.statistics.criterion import Yardstick

if TYPE_CHECKING:
    from pcqa_sim.configuration.ranges import Range

CURVED = 0.5
_NAME_WIDTH = 44


def told(found: Sensitivity, yardstick: Yardstick, ranges: Sequence[Range], surface: Surface | None) -> list[Section]:
    """Return what matters most in sentences, with a ranked table."""
    heading = f"What matters most for {yardstick.name} ({yardstick.words}, {yardstick.unit})?"
    say = _morris if found.method == "morris" else _sobol
    said = [say(one, ranges[one.at], yardstick) for one in found.influences]
    about = [_how(found, yardstick), *_surface_found(surface, found, yardstick)]
    return [Section(heading, said), Section("Ranked", (), table_lines(found, yardstick, ranges)), Section("", about)]


def _span(one: Range) -> str:
    return f"{short(one.key)} from {one.low:,.10g} to {one.high:,.10g}"


def _morris(one: Influence, where: Range, yardstick: Yardstick) -> str:
    if one.main.high == 0:
        return f"Moving {_span(where)} changes nothing."
    size = _size(one.main, yardstick)
    if one.main.low == 0:
        return f"Moving {_span(where)} has no clear effect: {size}."
    way = "up" if one.signed > 0 else "down"
    always = abs(one.signed) > 0.95 * one.main.value
    said = f"Moving {_span(where)} changes it by {size}, {'always' if always else 'on average'} {way}"
    return said + (", by how much depends on the rest." if one.spread > CURVED * one.main.value else ".")


def change(value: float, yardstick: Yardstick) -> str:
    """Return a change of a metric as it is read: shares in points."""
    if yardstick.is_share:
        return f"{100 * value:.1f} points"
    return amount(value, yardstick)


def _size(index: Index, yardstick: Yardstick) -> str:
    low, high = (change(end, yardstick).removesuffix(" points") for end in (index.low, index.high))
    return f"{change(index.value, yardstick)} ({low} to {high})"


def _sobol(one: Influence, where: Range, yardstick: Yardstick) -> str:
    assert one.alone is not None
    if one.main.high == 0:
        return f"{_span(where)} explains nothing of the differences."
    by_itself = f"{_share(one.alone)} of the differences by itself"
    return f"{_span(where)} explains {by_itself}, {_share(one.main)} with what it does together with others."


def _share(index: Index) -> str:
    value, low, high = (100 * min(1.0, part) for part in (index.value, index.low, index.high))
    return f"{value:.0f} % ({low:.0f} to {high:.0f})"


def _how(found: Sensitivity, yardstick: Yardstick) -> str:
    replications = found.values.shape[1]
    middle, low, high = (float(f(found.values.mean(axis=1))) for f in (np.mean, np.min, np.max))
    spans = f"{amount(low, yardstick)} to {amount(high, yardstick)}, on average {amount(middle, yardstick)}"
    design = "Morris screening" if found.method == "morris" else "Sobol indices"
    luck = "1 replication" if replications == 1 else f"{replications} replications"
    one = " With one replication the intervals hold the design's chance alone, not that of luck."
    return (
        f"{design} over {len(found.used)} points with {luck} of each, {found.trials.runs} runs, the same people with "
        f"the same luck at every point. Over these points {yardstick.name} went from {spans}."
    ) + (one if replications == 1 else "")


def _surface_found(surface: Surface | None, found: Sensitivity, yardstick: Yardstick) -> list[str]:
    if surface is None:
        least = least_points(found.used.shape[1], "gaussian")
        return [f"Too few points for a response surface, which needs at least {least} different ones."]
    return [surface_sentence(surface, yardstick)]


def surface_sentence(surface: Surface, yardstick: Yardstick) -> str:
    """Return how well a surface predicts points it was not fitted to."""
    name = {"quadratic": "quadratic surface", "gaussian": "Gaussian process"}[surface.kind]
    good = f"explaining {100 * max(0.0, surface.explained):.0f} % of their differences"
    said = f"A {name} through these points predicts points left out of it with a typical error of"
    warn = "" if surface.explained >= 0.8 else " That is not good enough to stand in for runs."
    return f"{said} {change(surface.error, yardstick)}, {good} (cross-validated).{warn}"


def table(found: Sensitivity, ranges: Sequence[Range]) -> pd.DataFrame:
    """Return the ranked table: rank, key, words, lowest, highest, then the indices with their intervals."""
    rows = []
    for rank, one in enumerate(found.influences, 1):
        where = ranges[one.at]
        row = {"rank": rank, "key": where.key, "words": where.words, "lowest": where.low, "highest": where.high}
        if found.method == "morris":
            row |= _columns("mu_star", one.main) | {"mu": one.signed, "sigma": one.spread}
        elif one.alone is not None:
            row |= _columns("ST", one.main) | _columns("S1", one.alone)
        rows.append(row)
    return pd.DataFrame(rows)


def _columns(name: str, index: Index) -> dict[str, float]:
    return {name: index.value, f"{name}_low": index.low, f"{name}_high": index.high}


def table_lines(found: Sensitivity, yardstick: Yardstick, ranges: Sequence[Range]) -> list[str]:
    """Return the ranked table as text."""
    width = min(_NAME_WIDTH, max(len(where.key) for where in ranges))
    if found.method == "morris":
        lines = [f"{'':>3} {'setting':<{width}}   {'size of effect (95 % interval)':<32}   mean effect"]
    else:
        lines = [f"{'':>3} {'setting':<{width}}   {'by itself':<18}   with others"]
    for rank, one in enumerate(found.influences, 1):
        key = ranges[one.at].key[-width:]
        if found.method == "morris":
            size = _size(one.main, yardstick)
            sign = "+" if one.signed > 0 else "-" if one.signed < 0 else ""
            lines.append(f"{rank:>2}. {key:<{width}}   {size:<32}   {sign}{change(abs(one.signed), yardstick)}")
        elif one.alone is not None:
            lines.append(f"{rank:>2}. {key:<{width}}   {_share(one.alone):<18}   {_share(one.main)}")
    return lines


def finding(
    found: Sensitivity, yardstick: Yardstick, ranges: Sequence[Range], surface: Surface | None, points: Points
) -> Finding:
    """Return the figures, tables and metrics of a sensitivity study, to be written."""
    from pcqa_sim.results.figures import influence_figure

    ranked = table(found, ranges)
    names = [_span(ranges[one.at]) for one in found.influences]
    labels = {"title": f"What matters most for {yardstick.name}?"}
    if found.method == "morris":
        unit = (
            f"share: how far {yardstick.words} moves" if yardstick.is_share else f"how far it moves, {yardstick.unit}"
        )
        labels |= {"x": f"{unit}, when one setting moves over its range", "series": "mu_star", "legends": "mu*"}
    else:
        labels |= {"x": "share of the differences explained", "series": "S1|ST",
                   "legends": "by itself (S1)|with others (ST)"}  # fmt: skip
    pictures = {"sensitivity": influence_figure(ranked.assign(name=names), labels)}
    tables = {"sensitivity": ranked}
    if surface is not None:
        tables["surface"] = surface_table(surface, points)
        pictures["surface"] = surface_picture(surface, points, yardstick)
    trials = found.trials
    return Finding(pictures, tables, trials.metrics)


def surface_table(surface: Surface, points: Points) -> pd.DataFrame:
    """Return the points: settings by key, simulated, and predicted (and how surely) with the point left out."""
    settings = points.low + points.places * (points.high - points.low)
    frame = pd.DataFrame(settings, columns=list(points.keys))
    return frame.assign(simulated=points.values, predicted=surface.left_out.mean, predicted_sd=surface.left_out.sd)


def surface_picture(surface: Surface, points: Points, yardstick: Yardstick) -> bytes:
    """Return the figure of predictions against what was simulated."""
    from pcqa_sim.results.figures import surface_figure

    kind = {"quadratic": "quadratic surface", "gaussian": "Gaussian process"}[surface.kind]
    unit = "share" if yardstick.is_share else yardstick.unit
    labels = {
        "title": f"How well does a {kind} predict {yardstick.name}?",
        "x": f"simulated {yardstick.words} ({yardstick.unit})",
        "y": f"{unit}: predicted, with the point left out",
    }
    return surface_figure(surface_table(surface, points), labels)


def surface_lines(surface: Surface, points: Points, yardstick: Yardstick, place: Sequence[float] | None) -> list[str]:
    """Return what a surface was fitted to and how well it predicts, and its prediction at a place of the unit cube."""
    spans = [
        f"  {key} from {low:,.6g} to {high:,.6g}"
        for key, low, high in zip(points.keys, points.low, points.high, strict=True)
    ]
    lines = [f"{yardstick.name} ({yardstick.words}, {yardstick.unit}) at {len(points.values)} points:", *spans, ""]
    lines.append(surface_sentence(surface, yardstick))
    if place is not None:
        settings = points.low + np.array(place) * (points.high - points.low)
        named = ", ".join(f"{key} = {value:,.6g}" for key, value in zip(points.keys, settings, strict=True))
        found = surface.predict(np.array([place]))
        predicted, sd = float(found.mean[0]), float(found.sd[0])
        sure = f", with a standard deviation of {change(sd, yardstick)}" if math.isfinite(sd) else ""
        lines.append(f"At {named} it predicts {amount(predicted, yardstick)}{sure}.")
    return lines
