"""Pictures as SVG, drawn for a narrow column: labels stand above what they name, and pattern tells what colour does."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from pcqa_sim.study.statistics.intervals import ConfidenceInterval
from pcqa_sim.study.statistics.xmr import Stretch
from pcqa_sim.values.outside import shown

WIDE = 380
COLOURS = ("#005eb8", "#ae2573", "#00703c", "#7c2855")
INK, QUIET, LINE = "#212b32", "#4c6272", "#aeb7bd"
_BAR, _LABEL, _GAP, _LONGEST, _WRAP = 13, 18, 9, 56, 54
_LEGEND_WRAP = 46  # characters
_DASHES = ("", "7 3", "2 3", "8 3 2 3")
_Scale = Callable[[float], float]
Row = tuple[str, Sequence[ConfidenceInterval | None], Sequence[str]]
"""A label, a mean with its interval on every side, and each as it is written."""


def text(x: float, y: float, words: str, anchor: str = "start", size: float = 14, fill: str = INK) -> Markup:
    """Return words at a place."""
    made = Markup('<text x="{}" y="{}" text-anchor="{}" font-size="{}" fill="{}">{}</text>')
    return made.format(px(x), px(y), anchor, size, fill, shown(words, _LONGEST))


def picture(parts: Iterable[Markup], high: float, alt: str, key: str) -> Markup:
    """Return a whole picture; `key` is an identity that no other picture of the page has."""
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-labelledby="{}" '
        'font-family="Arial, Helvetica, sans-serif"><title id="{}">{}</title>{}'
    ).format(WIDE, px(high), key, key, shown(alt), _patterns(key))
    return head + Markup("").join(parts) + Markup("</svg>")


def bars(rows: Sequence[Row], sides: Sequence[str], alt: str, key: str) -> Markup:
    """Return bars, a line for each row and a bar for each side, with whiskers for the likely range."""
    high = max([end for _, found, _ in rows for one in found if one for end in _ends(one)], default=0.0) or 1.0
    parts, y = _legend(sides, key)

    def x(value: float) -> float:
        return value / high * (WIDE - 4) + 2

    for label, found, written in rows:
        named, y = _named(label, " / ".join(written), y)
        parts += named
        for number, one in enumerate(found):
            parts += _bar(one, x, y, number, key)
            y += _BAR
        y += _GAP
    return picture(parts, y, alt, key)


def differences(rows: Sequence[Row], alt: str, key: str) -> Markup:
    """Return bars left and right of nought: a row's first interval is of what is clear, its second of what is not."""
    ends = [end for _, found, _ in rows for one in found if one for end in _ends(one)]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    wide = (high - low) or 1.0
    parts, y = _legend(("clear of luck", "not told apart from luck"), key)

    def x(value: float) -> float:
        return (value - low) / wide * (WIDE - 4) + 2

    nought = Markup('<line x1="{0}" x2="{0}" y1="{1}" y2="{2}" stroke="{3}" stroke-width="1.2"/>')
    for label, found, written in rows:
        named, y = _named(label, " / ".join(written), y)
        parts += named
        for number, one in enumerate(found):
            parts += _bar(one, x, y, number, key)
        parts.append(nought.format(px(x(0)), px(y - 2), px(y + _BAR), INK))
        y += _BAR + _GAP
    return picture(parts, y, alt, key)


def _named(label: str, written: str, y: float) -> tuple[list[Markup], float]:
    """Return a row's label in as many lines as it takes, with what is written at its right, and where that ends."""
    lines = textwrap.wrap(shown(label), max(12, _WRAP - len(written))) or [""]
    parts = [text(2, y + 13 + 15 * number, line) for number, line in enumerate(lines)]
    parts.append(text(WIDE - 2, y + 13 + 15 * (len(lines) - 1), written, "end", fill=QUIET))
    return parts, y + _LABEL + 15 * (len(lines) - 1)


def _bar(one: ConfidenceInterval | None, x: _Scale, y: float, number: int, key: str) -> list[Markup]:
    if one is None or math.isnan(one.mean):
        return []
    left, right = sorted((x(0.0), x(one.mean)))
    fill = COLOURS[number % len(COLOURS)]
    box = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="1"/>')
    inside = fill if not number else f"url(#{key}-p{number % len(COLOURS)})"
    parts = [box.format(px(left), px(y), px(max(right - left, 0.8)), _BAR - 3, inside, fill)]
    if not math.isnan(one.low):
        middle = y + (_BAR - 3) / 2
        for width, colour in ((3.6, "#ffffff"), (1.6, INK)):
            line = '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="{}"/>'
            parts.append(Markup(line).format(px(x(one.low)), px(x(one.high)), px(middle), px(middle), colour, width))
    return parts


def curves(
    minutes: Sequence[float],
    panels: Sequence[tuple[str, Sequence[Sequence[float]], Sequence[tuple[Sequence[float], Sequence[float]]]]],
    sides: Sequence[str],
    alt: str,
    key: str,
) -> Markup:
    """Return panels of curves over a day: a title, a line for each side, and a band (low, high) for each."""
    parts, y = _legend(sides, key)
    tall, left = 92, 34
    first, last = minutes[0], minutes[-1]

    def x(minute: float) -> float:
        return left + (minute - first) / (last - first) * (WIDE - left - 4)

    for title, lines, bands in panels:
        top = max(1.0, *(max(line) for line in lines), *(max(high) for _, high in bands))
        parts.append(text(2, y + 12, title))
        y += 20
        bottom = y + tall

        def height(value: float, bottom: float = bottom, top: float = top) -> float:
            return bottom - value / top * tall

        parts += _grid(x, height, top, left, minutes, bottom)
        for number, (low, high) in enumerate(bands):
            across = [*zip(minutes, high, strict=True), *reversed([*zip(minutes, low, strict=True)])]
            points = " ".join(f"{px(x(a))},{px(height(b))}" for a, b in across)
            band = '<polygon points="{}" fill="{}" fill-opacity="0.16"/>'
            parts.append(Markup(band).format(points, COLOURS[number % len(COLOURS)]))
        for number, line in enumerate(lines):
            points = " ".join(f"{px(x(a))},{px(height(b))}" for a, b in _thin(minutes, line))
            stroke = '<polyline points="{}" fill="none" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>'
            colour = COLOURS[number % len(COLOURS)]
            parts.append(Markup(stroke).format(points, colour, _DASHES[number % len(_DASHES)]))
        y = bottom + 24
    return picture(parts, y, alt, key)


def control(
    values: Sequence[float],
    stretches: Sequence[Stretch],
    names: Sequence[str],
    said: Callable[[float], str],
    alt: str,
    key: str,
    change: int | None = None,
) -> Markup:
    """Return an XmR chart: points joined, mean and limits of each stretch; points of a signal are large squares.

    `said` writes a value; a line stands before the point at which a `change` was made.
    """
    ends = [end for one in stretches if one.limits for end in (one.limits.low, one.limits.high)]
    shown_values = [*ends, *(value for value in values if not math.isnan(value))] or [0.0]
    low, high = min(shown_values), max(shown_values)
    wide, tall, left = (high - low) or 1.0, 150, 52

    def x(at: float) -> float:
        return left + (at + 0.5) / max(1, len(values)) * (WIDE - left - 4)

    def height(value: float) -> float:
        return 12 + (high - value) / wide * tall

    known = [(at, value) for at, value in enumerate(values) if not math.isnan(value)]
    odd = {at for one in stretches for signal in one.signals for at in range(signal.first, signal.last + 1)}
    points = " ".join(f"{px(x(at))},{px(height(value))}" for at, value in known)
    joined = Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="1.4"/>')
    box = Markup('<rect x="{0}" y="{1}" width="{2}" height="{2}" fill="{3}"/>')
    parts = [*_levels(stretches, x, height), joined.format(points, COLOURS[0])]
    for at, value in known:
        half, colour = (4.5, COLOURS[1]) if at in odd else (2.5, COLOURS[0])
        parts.append(box.format(px(x(at) - half), px(height(value) - half), px(2 * half), colour))
    parts += [text(left - 5, height(level) + 4, said(level), "end", 12, QUIET) for level in (low, high)]
    if change is not None:
        line = Markup(
            '<line x1="{0}" x2="{0}" y1="2" y2="{1}" stroke="{2}" stroke-width="1.6" stroke-dasharray="2 3"/>'
        )
        parts += [line.format(px(x(change - 0.5)), tall + 14, INK), text(x(change - 0.5) + 4, 9, "change", size=12)]
    each = range(0, len(values), max(1, len(values) // 5))
    parts += [text(x(at), tall + 30, names[at], "middle", 12, QUIET) for at in each]
    return picture(parts, tall + 36, alt, key)


def _levels(stretches: Sequence[Stretch], x: _Scale, height: _Scale) -> list[Markup]:
    """Return the mean and, in dashes, the limits of each stretch."""
    line = Markup('<line x1="{0}" x2="{1}" y1="{2}" y2="{2}" stroke="{3}" stroke-width="1.2" stroke-dasharray="{4}"/>')
    parts = []
    for one in stretches:
        if one.limits is not None:
            ends = (px(x(one.first - 0.5)), px(x(one.last + 0.5)))
            for level, dash in ((one.limits.low, "5 4"), (one.limits.mean, ""), (one.limits.high, "5 4")):
                parts.append(line.format(*ends, px(height(level)), QUIET, dash))
    return parts


def _grid(x: _Scale, height: _Scale, top: float, left: float, minutes: Sequence[float], bottom: float) -> list[Markup]:
    """Return the axes of a panel: hours below, nought and the top at the left."""
    line = Markup('<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="0.8"/>')
    parts = []
    for amount in (0.0, top):
        parts.append(line.format(left, WIDE - 4, px(height(amount)), px(height(amount)), LINE))
        parts.append(text(left - 5, height(amount) + 4, f"{amount:,.0f}", "end", 12, QUIET))
    hours = [minute for minute in minutes if not minute % 60]
    step = 1 if len(hours) <= 6 else 2
    for minute in hours[::step]:
        parts.append(line.format(px(x(minute)), px(x(minute)), px(bottom), px(bottom + 4), LINE))
        parts.append(text(x(minute), bottom + 16, f"{int(minute // 60):02d}:00", "middle", 12, QUIET))
    return parts


def _thin(minutes: Sequence[float], line: Sequence[float]) -> list[tuple[float, float]]:
    """Return the points of steps, without those that lie on a level between two others."""
    steps = [(minutes[0], line[0])]
    for (_, before), (now, after) in pairwise(zip(minutes, line, strict=True)):
        if after != before:
            steps += [(now, before), (now, after)]
    return [*steps, (minutes[-1], line[-1])]


def _legend(sides: Sequence[str], key: str) -> tuple[list[Markup], float]:
    """Return what names the sides, where there are two or more, and how far down it reaches."""
    if len(sides) < 2:
        return [], 0.0
    parts, y = [], 0.0
    for number, name in enumerate(sides):
        colour = COLOURS[number % len(COLOURS)]
        inside = colour if not number else f"url(#{key}-p{number % len(COLOURS)})"
        box = Markup('<rect x="2" y="{}" width="26" height="10" fill="{}" stroke="{}"/>')
        parts.append(box.format(px(y + 3), inside, colour))
        for line in textwrap.wrap(name, _LEGEND_WRAP) or [name]:
            parts.append(text(36, y + 13, line))
            y += 19
    return parts, y + 8


def _patterns(key: str) -> Markup:
    """Return the hatchings of the second side and those after it."""
    one = Markup(
        '<pattern id="{}-p{}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate({})">'
        '<rect width="6" height="6" fill="#ffffff"/><rect width="3" height="6" fill="{}"/></pattern>'
    )
    made = (one.format(key, number, 45 * number, COLOURS[number]) for number in range(1, len(COLOURS)))
    return Markup("<defs>{}</defs>").format(Markup("").join(made))


def _ends(one: ConfidenceInterval) -> tuple[float, ...]:
    return tuple(value for value in (one.mean, one.low, one.high) if not math.isnan(value))


def px(value: float) -> str:
    """Return a length or place as it is written."""
    return str(escape(f"{value:.1f}".removesuffix(".0")))
