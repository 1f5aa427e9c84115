"""A page as HTML: one file that asks nothing of any network, every text escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from jinja2 import Template

    from pcqa_sim.report.webpage.building import Page


def html(page: Page) -> str:
    """Return a page as HTML."""
    return _template().render(page=page)


def read(text: str) -> str:
    """Return text as a page shows it: an arrow where there are two signs for it, and no number parted from its sign."""
    return shown(text).replace(" -> ", "\u00a0→ ").replace(" %", "\u00a0%").replace(" in 100", "\u00a0in\u00a0100")


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["read"] = read
    return found.get_template("page.html.j2")
