"""What a column may mean: the allow-list, in `meanings.yaml`. Whatever means none of these is left out as it is read.

`person` (a patient) and `clinician` are replaced by keyed hashes as they are read, and the key is forgotten afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SORTS = ("moment", "clock", "seconds", "number", "word", "yes", "code", "person")


@dataclass(frozen=True)
class Meaning:
    """One meaning: how its cells are read, in words, and headings by which it is suggested."""

    sort: str
    words: str
    heads: tuple[str, ...] = ()


def _all() -> dict[str, Meaning]:
    text = (Path(__file__).parent / "meanings.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return {name: Meaning(one["sort"], one["words"], tuple(one.get("heads", ()))) for name, one in found.items()}


MEANINGS = _all()
