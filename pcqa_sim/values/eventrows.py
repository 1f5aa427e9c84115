"""The latest rows of a log, before they are moved into columns: tuples in a list, where Python itself reads them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

Row = tuple[float, int, int, int, int, str, str, str, float]
Words = dict[str, dict[str, int]]
Columns = dict[str, np.ndarray]

ORDER: Final = ("time_min", "practice", "person", "need", "contact", "event", "who", "code", "amount")
TYPES: Final[dict[str, Any]] = {
    "time_min": np.float64,
    "practice": np.int16,
    "person": np.int32,
    "need": np.int64,
    "contact": np.int16,
    "event": np.int16,
    "who": np.int16,
    "code": np.int16,
    "amount": np.float32,
}
"""What each column is made of; words are numbers."""


class Rows:
    """Rows as they are written, in the order of `ORDER`.

    `words` (by column) numbers the words that were met; new ones are added, in any order, and an owner who numbers
    them anew does so in the same dictionaries, when no row is here.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self._rows: list[Row] = []

    def __len__(self) -> int:
        return len(self._rows)

    def write(
        self,
        time_min: float,
        practice: int,
        person: int,
        need: int,
        contact: int,
        event: str,
        who: str,
        code: str,
        amount: float,
    ) -> None:
        """Write one row; `practice` is an index, as are `person`, `need` and `contact`."""
        self._rows.append((time_min, practice, person, need, contact, event, who, code, amount))

    def take(self) -> Columns:
        """Return what was written, by column, and forget it; there must be a row."""
        values = dict(zip(ORDER, zip(*self._rows, strict=True), strict=True))
        columns: Columns = {}
        for name, dtype in TYPES.items():
            column: Any = values[name]
            if name in self._words:
                words = self._words[name]
                for word in set(column) - words.keys():
                    words[word] = len(words)
                column = map(words.__getitem__, column)
            columns[name] = np.fromiter(column, dtype, len(self._rows))
        self._rows.clear()
        return columns
