"""A day as one page that asks for nothing: a picture that moves, a pause, a speed, and the same as a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from pcqa_sim.report.dayfilm.moves import FIRST, LAST, PASSING, STAGES, Moves, table
from pcqa_sim.report.onepage import templates_in


def day_html(title: str, about: str, sides: Sequence[Moves]) -> str:
    """Return the page."""
    made = templates_in(Path(__file__).parent)
    told = {
        "stages": STAGES,
        "passing": PASSING,
        "first": FIRST,
        "last": LAST,
        "sides": [{"name": side.name, "needs": side.needs} for side in sides],
    }
    plain = json.dumps(told, separators=(",", ":")).replace("<", "\\u003c").replace(">", "\\u003e")
    film = Markup(plain.replace("&", "\\u0026"))
    return made.get_template("day.html.j2").render(
        title=title, about=about, film=film, tables=table(sides), stages=STAGES, first=FIRST, last=LAST
    )
