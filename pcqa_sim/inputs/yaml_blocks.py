"""A settings file as blocks of text, one a key: an import replaces its own and keeps all others as written.

A YAML library would drop the comments, and with them the source of each number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import yaml

from pcqa_sim.values.outside import shown

_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*:(\s|$)")


@dataclass(frozen=True)
class Block:
    """One top-level key: the comment lines above it, and the lines from the key on, newlines included."""

    lead: str
    body: str

    @property
    def comment(self) -> str:
        """Return the comment at the end of the key's own line, or ""."""
        return self.body.split("\n", 1)[0].partition("  # ")[2].strip()


@dataclass(frozen=True)
class Blocks:
    """The blocks of a settings file by key, in order, and what follows the last."""

    by_key: dict[str, Block]
    tail: str = ""

    @classmethod
    def from_text(cls, text: str) -> Blocks:
        """Return the blocks of a text.

        Raises ValueError unless it is a YAML mapping written one key after another, each once.
        """
        lines = text.splitlines()
        try:
            values = yaml.safe_load(text) or {}
        except (yaml.YAMLError, RecursionError) as error:
            raise ValueError(f"not YAML ({shown(error)})") from None
        keys = [matched[1] for matched in map(_KEY.match, lines) if matched]
        if not isinstance(values, dict) or list(values) != keys:
            raise ValueError("not written one key after another, each once and at the start of its line")
        blocks, tail = _split(lines)
        return cls(blocks, tail)

    @property
    def text(self) -> str:
        """Return the whole text."""
        return "".join(block.lead + block.body for block in self.by_key.values()) + self.tail

    @property
    def values(self) -> dict[str, object]:
        """Return the settings the text holds."""
        return dict(yaml.safe_load(self.text) or {})

    def with_first(self, key: str, body: str) -> Blocks:
        """Return the blocks with a key before all others, or where it stands already; comments above stay above."""
        if key in self.by_key or not self.by_key:
            return self.with_bodies({key: body})
        first = next(iter(self.by_key))
        rest = self.by_key | {first: Block("", self.by_key[first].body)}
        return replace(self, by_key={key: Block(self.by_key[first].lead, body), **rest})

    def with_bodies(self, bodies: dict[str, str]) -> Blocks:
        """Return the blocks with these bodies replaced, or put at the end; comments above a key stay."""
        empty = Block("", "")
        changed = {key: replace(self.by_key.get(key, empty), body=body) for key, body in bodies.items()}
        return replace(self, by_key={**self.by_key, **changed})


def _split(lines: Iterable[str]) -> tuple[dict[str, Block], str]:
    """Return the blocks of lines, and the comments after the last."""
    blocks: dict[str, Block] = {}
    key, waiting = "", ""
    for line in lines:
        matched = _KEY.match(line)
        if matched:
            key, blocks[matched[1]], waiting = matched[1], Block(waiting, f"{line}\n"), ""
        elif not line.strip() or line.startswith("#") or not key:
            waiting += f"{line}\n"
        else:
            blocks[key] = replace(blocks[key], body=f"{blocks[key].body}{waiting}{line}\n")
            waiting = ""
    return blocks, waiting
