"""Mutants that nobody can notice, each with its reason."""

from __future__ import annotations

from pathlib import Path

import yaml

FILE = Path(__file__).with_name("equivalent.yaml")


def equivalents() -> dict[tuple[str, str, str, str], str]:
    """Return the reason by the name of each mutant."""
    listed = yaml.safe_load(FILE.read_text(encoding="utf-8")) or {}
    return {
        (module, one.get("in", ""), one["was"], one["now"]): one["why"]
        for module, entries in listed.items()
        for one in entries
    }
