"""A grid of shares, such as by hour and urgency: each cell has its number, and is the darker the higher it is."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from pcqa_sim.report.webpage.drawing import INK, LINE, QUIET, WIDE, picture, px, text

_CELL, _HEAD, _BLUE = 27, 20, (0, 94, 184)
_DARK = 0.55


def grid(rows: Sequence[tuple[str, Sequence[float | None]]], columns: Sequence[str], alt: str, key: str) -> Markup:
    """Return rows of cells under their labels; values are shares, None where there was nothing."""
    top = max([value for _, values in rows for value in values if value is not None], default=0.0) or 1.0
    wide = (WIDE - 4) / max(1, len(columns))
    parts: list[Markup] = []
    y = 0.0
    for label, values in rows:
        parts.append(text(2, y + 14, label))
        for place, value in enumerate(values):
            parts += _cell(2 + place * wide, y + _HEAD, wide, value, top)
        y += _HEAD + _CELL + 6
    parts += [text(2 + (place + 0.5) * wide, y + 10, name, "middle", 12, QUIET) for place, name in enumerate(columns)]
    return picture(parts, y + 16, alt, key)


def _cell(x: float, y: float, wide: float, value: float | None, top: float) -> list[Markup]:
    strength = 0.0 if value is None else value / top
    red, green, blue = (round(255 - strength * (255 - full)) for full in _BLUE)
    box = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="rgb({},{},{})" stroke="{}" stroke-width="0.8"/>')
    said = "-" if value is None else f"{100 * value:.0f}"
    fill = "#ffffff" if strength > _DARK else INK
    return [
        box.format(px(x), px(y), px(wide - 1.5), _CELL, red, green, blue, LINE),
        text(x + (wide - 1.5) / 2, y + 18, said, "middle", 13, fill),
    ]
