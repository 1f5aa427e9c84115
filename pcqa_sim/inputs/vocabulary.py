"""Columns of words by what the words are called here; and columns that are not what they are taken for."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcqa_sim.inputs import cellreaders as cells
from pcqa_sim.inputs.known_layouts import KNOWN, Layout
from pcqa_sim.inputs.meanings import MEANINGS
from pcqa_sim.values.faults import Fault, nearest
from pcqa_sim.values.outside import shown

CLOSED = ("ending", "status", "mode", "direction", "request")
"""Meanings whose words are few: where none of a column's is known, it is another column. Roles have any name."""
IN_ORDER = (("booked", "begins"), ("booked", "day"), ("started", "answered"), ("answered", "ended"))
"""Moments of which the first comes before the second."""
UNKNOWN = "unknown"
_DAY = 86_400
_MOST = 0.5


def words_of(reader: cells.Words, understood: object) -> object:
    """Return words as categories, each by what it is called here, and "unknown" for one that is not known."""
    codes: NDArray[np.int64] = reader.done().astype(np.int64)
    names = [_understood(one, understood) for one in reader.words] if isinstance(understood, dict) else reader.words
    order = list(dict.fromkeys(names))
    turn: NDArray[np.int64] = np.array([order.index(one) for one in names], dtype=np.int64)
    return pd.Categorical.from_codes(turn[codes] if len(codes) else codes, categories=pd.Index(order))


def _understood(word: str, understood: dict[str, str]) -> str:
    plain = word.lower().strip()
    if plain in understood:
        return understood[plain]
    if plain in set(understood.values()):
        return plain
    return "" if plain in cells.NOTHING else UNKNOWN


def not_its_words(meaning: str, reader: cells.Words, understood: object) -> str:
    """Return why a column cannot be what it is taken for: it has words, and none that is known; "" where it can."""
    if meaning not in CLOSED or not isinstance(understood, dict):
        return ""
    named = [one for one in reader.words if _understood(one, understood)]
    if not named or any(_understood(one, understood) != UNKNOWN or one.lower() == UNKNOWN for one in named):
        return ""
    rule = f"none of its words is known as {MEANINGS[meaning].words}; is it another column? "
    return rule + "Else say what they mean under `words` in a file for --columns"


def words_not_known(own: Layout, where: str) -> list[Fault]:
    """Return the words of a mapping of one's own that stand for nothing here."""
    faults = []
    for meaning in (one for one in CLOSED if one in own.words):
        known = sorted({word for layout in KNOWN for word in layout.words.get(meaning, {}).values()})
        rule = f"{MEANINGS[meaning].words}: must be one of: {', '.join(known)}"
        strange = dict.fromkeys(word for word in own.words[meaning].values() if word not in known)
        faults += [Fault(f"{where} words {meaning}", rule, shown(one, 60), nearest(one, known)) for one in strange]
    return faults


def out_of_order(frame: pd.DataFrame) -> tuple[str, str] | None:
    """Return two meanings of which most rows have the first after the second, by days; None where none has."""
    for first, second in IN_ORDER:
        if {first, second} <= set(frame):
            known = frame[(frame[first] != cells.MISSING) & (frame[second] != cells.MISSING)]
            after = known[first] // _DAY > known[second] // _DAY
            if len(after) and float(after.mean()) > _MOST:
                return first, second
    return None
