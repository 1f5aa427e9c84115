"""A page as HTML: one file that asks nothing of any network, every text escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from pcqa_sim.report.onepage import templates_in
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from jinja2 import Template

    from pcqa_sim.report.webpage.building import Page
    from pcqa_sim.report.webpage.parts import Picture


def html(page: Page) -> str:
    """Return a page as HTML."""
    return _template("page.html.j2").render(page=page, drawn=lambda picture: picture.svg)


def answers_html(page: Page) -> str:
    """Return the answers of a page alone, for a place that takes HTML without SVG: pictures are images with texts."""
    return _template("answers.html.j2").render(page=page, drawn=_as_image)


def _as_image(picture: Picture) -> Markup:
    import base64

    drawn = base64.b64encode(str(picture.svg).encode()).decode()
    return Markup('<img src="data:image/svg+xml;base64,{}" alt="{}">').format(drawn, read(picture.alt))


def read(text: str) -> str:
    """Return text as a page shows it: an arrow where there are two signs for it, and no number parted from its sign."""
    return shown(text).replace(" -> ", "\u00a0→ ").replace(" %", "\u00a0%").replace(" in 100", "\u00a0in\u00a0100")


@cache
def _template(name: str) -> Template:
    found = templates_in(Path(__file__).parent)
    found.filters["read"] = read
    return found.get_template(name)
