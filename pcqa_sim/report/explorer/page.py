"""The page itself: one file, which asks for nothing."""

from __future__ import annotations

import json
from pathlib import Path

from markupsafe import Markup

from pcqa_sim.report.explorer.points import Explored
from pcqa_sim.report.onepage import templates_in


def explorer_html(title: str, found: Explored) -> str:
    """Return the page of a sweep."""
    made = templates_in(Path(__file__).parent)
    told = {
        "varied": [{"key": one.key, "values": one.values} for one in found.varied],
        "points": found.points,
        "measures": found.measures,
        "practices": found.practices,
    }
    plain = json.dumps(told, separators=(",", ":"), allow_nan=False)
    for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        plain = plain.replace(sign, code)
    many = len(found.points)
    about = f"{many:,} points, {found.replications} replications of each, seed {found.seed}"
    return made.get_template("explorer.html.j2").render(title=title, about=about, found=found, data=Markup(plain))
