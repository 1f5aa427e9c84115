"""A page of HTML read back: its tags with their attributes, its text, its tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

EMPTY = ("meta", "br", "line", "rect", "polyline", "polygon")


@dataclass
class Element:
    """A tag, what it has, and where it stands."""

    tag: str
    has: dict[str, str]
    inside: tuple[str, ...]
    text: str = ""


@dataclass
class Reader(HTMLParser):
    """Reads a page, and fails where tags are not closed in the order in which they were opened."""

    elements: list[Element] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, tuple(one.tag for one in self._open))
        self.elements.append(made)
        if tag not in EMPTY:
            self._open.append(made)
        if tag == "tr":
            self.rows.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag in EMPTY:
            return
        closed = self._open.pop()
        assert closed.tag == tag, f"{closed.tag} closed by {tag}"
        if tag in ("td", "th"):
            self.rows[-1].append(" ".join(closed.text.split()))

    def handle_data(self, data: str) -> None:
        for one in self._open:
            one.text += data

    def all(self, tag: str) -> list[Element]:
        return [one for one in self.elements if one.tag == tag]


def read(page: str) -> Reader:
    """The parts of a page, all of whose tags are closed."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert not reader._open
    return reader
