"""How needs flow: bars of one scale, what becomes of what stands above in each, with an arrow between.

Each part of a bar has a number, told again in the list below it, so that neither colour nor room for a label matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pcqa_sim.report.webpage.drawing import COLOURS, INK, QUIET, WIDE, picture, px, text

_BAR, _ROW, _GAP = 24, 17, 16
_PALE = "#dfe6ea"


@dataclass(frozen=True)
class Part:
    """A part of a bar: what it is, how many a day, and whether it need not have been (drawn hatched)."""

    words: str
    many: float
    wasted: bool = False


@dataclass(frozen=True)
class Stage:
    """A bar with its heading."""

    words: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> float:
        """Return how many all parts are."""
        return sum(part.many for part in self.parts)


def flow(stages: Sequence[Stage], alt: str, key: str) -> Markup:
    """Return the stages from top to bottom."""
    scale = (WIDE - 4) / (max(stage.total for stage in stages) or 1.0)
    parts: list[Markup] = []
    y, number = 0.0, 0
    for place, stage in enumerate(stages):
        parts += [text(2, y + 13, f"{stage.words}: {stage.total:,.0f}")]
        parts += _bar(stage, y + 20, scale, number, key)
        below = y + 20 + _BAR
        parts += _list(stage, below + 4, number)
        end = below + 4 + _ROW * len(stage.parts)
        number += len(stage.parts)
        if place + 1 < len(stages):
            parts.append(_arrow(end + 2))
        y = end + _GAP
    return picture(parts, y, alt, key)


def _bar(stage: Stage, y: float, scale: float, number: int, key: str) -> list[Markup]:
    box = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="#ffffff" stroke-width="1.5"/>')
    found, left = [], 2.0
    for place, part in enumerate(stage.parts):
        wide = part.many * scale
        fill = f"url(#{key}-p{1 + place % (len(COLOURS) - 1)})" if part.wasted else COLOURS[0] if not place else _PALE
        found.append(box.format(px(left), px(y), px(max(wide, 0.8)), _BAR, fill))
        if wide > 14:
            found += _number(left + wide / 2, y, number + place + 1, part.wasted, place)
        left += wide
    return found


def _number(x: float, y: float, number: int, wasted: bool, place: int) -> list[Markup]:
    """Return a part's number, on a white ground where it is hatched."""
    ground = Markup('<rect x="{}" y="{}" width="16" height="16" fill="#ffffff"/>').format(px(x - 8), px(y + 4))
    dark = not wasted and not place
    return [*([ground] if wasted else []), text(x, y + 17, str(number), "middle", 13, "#ffffff" if dark else INK)]


def _list(stage: Stage, y: float, number: int) -> list[Markup]:
    found = []
    for place, part in enumerate(stage.parts):
        line = y + _ROW * place + 13
        share = f"{part.many:,.1f}"
        found += [text(2, line, f"{number + place + 1}  {part.words}", size=13.5)]
        found += [text(WIDE - 2, line, share, "end", 13.5, QUIET)]
    return found


def _arrow(y: float) -> Markup:
    """Return a small arrow downwards: what stands above becomes what stands below."""
    middle = WIDE / 2
    return Markup('<polygon points="{},{} {},{} {},{}" fill="{}"/>').format(
        px(middle - 9), px(y), px(middle + 9), px(y), px(middle), px(y + 9), QUIET
    )
