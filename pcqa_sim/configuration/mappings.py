"""A mapping written in an override, `{gp: 1, other: 0.8}`, as text: Hydra keeps the last of a key given twice."""

from __future__ import annotations

from collections.abc import Iterator


def given_twice(value: str) -> str:
    """Return the first key that one mapping in a value gives twice; "" for none.

    Quoted text is left alone: what it holds is read by itself, if it is read.
    """
    within: list[set[str] | None] = []
    word, is_key = "", False
    for mark in _marks(value):
        if mark in ("{", "[", "("):
            within.append(set() if mark == "{" else None)
        elif mark in ("}", "]", ")"):
            within[-1:] = []
        elif mark == ":" and is_key and within and (keys := within[-1]) is not None:
            if word.strip() in keys:
                return word.strip()
            keys.add(word.strip())
            is_key = False
        if mark in ("{", ","):
            word, is_key = "", True
        else:
            word += mark[-1:]
    return ""


def _marks(value: str) -> Iterator[str]:
    """Yield the characters of a value: one with its backslash as two, and quoted text as a space."""
    at, quote = 0, ""
    while at < len(value):
        mark = value[at : at + (2 if value[at] == "\\" else 1)]
        at += len(mark)
        if quote:
            quote = "" if mark == quote else quote
        elif mark in ("'", '"'):
            quote = mark
            yield " "
        else:
            yield mark
