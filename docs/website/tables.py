"""Markdown as pages made from the code write it: headings, tables, text that stays text."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence

from pcqa_sim.values.outside import markdown


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table; nothing where it has no rows. Cells are Markdown already."""
    body = [f"| {' | '.join(row)} |" for row in rows]
    rule = f"|{'---|' * len(head)}"
    return [f"| {' | '.join(head)} |", rule, *body, ""] if body else []


def code(text: object) -> str:
    """Return text as code, also in a cell of a table: what would divide the cell stands outside."""
    return "".join(f"`{part}`" if part else "" for part in str(text).replace("|", "\0|\0").split("\0")).replace(
        "`|`", "\\|"
    )


def plain(text: object) -> str:
    """Return text that Markdown shows as it is."""
    return markdown(text)


def doc(thing: object) -> str:
    """Return a docstring as Markdown: its paragraphs, code in backticks as it stands."""
    return (inspect.getdoc(thing) or "").strip()


def first_sentence(thing: object) -> str:
    """Return the first line of a docstring, as one cell."""
    return doc(thing).partition("\n")[0].replace("|", "\\|")
