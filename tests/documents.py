"""The project's documents as tests read them: their blocks of code, what they say those print, and their links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$\n(?:```text\n(.*?)^```$)?", re.M | re.S)


@dataclass(frozen=True)
class Sample:
    """A block of one language, and what the document says that it prints (None where it does not say)."""

    language: str
    code: str
    prints: str | None


def samples(path: Path) -> list[Sample]:
    """Return the blocks of a document, in order; a block of `text` behind one is what it prints."""
    found = _BLOCK.findall(path.read_text(encoding="utf-8"))
    return [Sample(language, code, prints or None) for language, code, prints in found if language != "text"]


def documents() -> list[Path]:
    """Return every document of the project."""
    return sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md")])
