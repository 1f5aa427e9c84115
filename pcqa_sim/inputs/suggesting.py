"""A mapping of columns suggested for a file of an unknown heading, by the names of its columns; never used unasked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pcqa_sim.inputs.identifiers import head_shown, identifier, identifying_head
from pcqa_sim.inputs.known_layouts import Layout, known
from pcqa_sim.inputs.layouts import plain_name
from pcqa_sim.inputs.meanings import MEANINGS
from pcqa_sim.inputs.tablefile import tables
from pcqa_sim.values.faults import BadInput, Fault

_NEEDED = {"calls": ("started",), "book": ("begins",), "requests": ("submitted",)}
_OF_KIND = {
    "calls": ("started", "answered", "ended", "wait", "talk", "ending", "direction"),
    "book": ("begins", "booked", "status", "role", "mode", "slot_type", "minutes", "referral", "test", "clinician"),
    "requests": ("submitted", "settled", "request", "result"),
}


def suggested(path: Path) -> str:
    """Return a mapping as YAML, to be looked over and given with --columns; raise BadInput where there is no table."""
    (table, *_) = tables(path, _looks_like_a_heading)
    best: dict[str, str] = {}
    kind = ""
    for name, meanings in _OF_KIND.items():
        found = _columns(table.head, meanings)
        if all(one in found for one in _NEEDED[name]) and len(found) > len(best):
            best, kind = found, name
    if not best:
        rule = "its columns' names say too little; write which means what, and give the file with --columns"
        raise BadInput(Fault(table.file, rule))
    person = next((head for head in table.head if identifying_head(head) in ("NHS number", "telephone number")), "")
    lines = [f"# Columns of {table.file}, as their names suggest: look each over.", f"kind: {kind}", "columns:"]
    lines += [f"  {meaning}: {_quoted(head)}  # {MEANINGS[meaning].words}" for meaning, head in best.items()]
    lines += [f"  person: {_quoted(person)}  # {MEANINGS['person'].words}"] if person else []
    lines += ["# dates: day_first   # where 01/02/2026 is 1 February"]
    return "\n".join(lines) + "\n"


def _quoted(head: str) -> str:
    return '"' + head.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _looks_like_a_heading(row: Sequence[str]) -> bool:
    """Tell whether a row is of at least three short different texts, none of them a number or somebody's."""
    texts = [cell.strip() for cell in row if cell.strip()]
    plain = [one for one in texts if len(one) <= 40 and not one.replace(".", "").isdigit() and not identifier(one)]
    return len(texts) >= 3 and len(plain) == len(texts) == len(set(texts))


def _columns(head: Sequence[str], meanings: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for meaning in meanings:
        names = (meaning, *MEANINGS[meaning].heads)
        wanted = [plain_name(one) for one in names]
        for column in head:
            if plain_name(column) in wanted and column not in found.values() and head_shown(column, 0) == column[:60]:
                found[meaning] = column
                break
    return found


def completed(own: Layout) -> Layout:
    """Return a mapping of a user's own with the words that are understood in files of its kind, where it says none."""
    general = {"calls": known()["calls_general"], "book": known()["book_general"]}.get(own.kind)
    words = dict(general.words if general else {}) | dict(own.words)
    return Layout(
        own.name,
        own.columns,
        "pcqa look",
        own.kind,
        own.reads,
        words,
        own.day_first,
        own.source or "a mapping of one's own",
    )
