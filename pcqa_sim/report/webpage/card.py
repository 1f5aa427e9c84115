"""The trust card as parts of a page: its Markdown is our own, of headings, paragraphs and lists alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ESCAPED = re.compile(r"\\([^\w\s])")


@dataclass(frozen=True)
class Part:
    """A heading, a paragraph or a list, as plain text."""

    kind: str
    texts: tuple[str, ...]


def parts_of(card: str) -> list[Part]:
    """Return a card's parts; what was escaped for Markdown is plain again, and lines are joined."""
    found = []
    for block in re.split(r"\n{2,}", card.strip()):
        if block.startswith("#"):
            found.append(Part("title" if block.startswith("# ") else "heading", (_plain(block.lstrip("# ")),)))
            continue
        before, *items = re.split(r"(?m)^- ", block)
        found += [Part("text", (_plain(before),))] if before.strip() else []
        found += [Part("list", tuple(map(_plain, items)))] if items else []
    return found


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", " ".join(text.split())).replace("`", "")
