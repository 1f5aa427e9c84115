"""Rows written straight into columns of bytes, as the compiled model does: no tuple, no number made into an object.

Only the compiled form takes these; they need librt, which comes with the compiler.
"""

from __future__ import annotations

import numpy as np
from librt.strings import BytesWriter, write_f32_le, write_f64_le, write_i16_le, write_i32_le, write_i64_le

from pcqa_sim.values.eventrows import TYPES, Columns, Rows, Words


class NativeRows(Rows):
    """What `Rows` are, a buffer a column."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self._events, self._whos, self._codes = words["event"], words["who"], words["code"]
        self._count = 0
        self._empty()

    def _empty(self) -> None:
        self._count = 0
        self._time_min, self._practice, self._person = BytesWriter(), BytesWriter(), BytesWriter()
        self._need, self._contact, self._event = BytesWriter(), BytesWriter(), BytesWriter()
        self._who, self._code, self._amount = BytesWriter(), BytesWriter(), BytesWriter()

    def __len__(self) -> int:
        return self._count

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
        """Write one row."""
        write_f64_le(self._time_min, time_min)
        write_i16_le(self._practice, practice)
        write_i32_le(self._person, person)
        write_i64_le(self._need, need)
        write_i16_le(self._contact, contact)
        write_i16_le(self._event, _number(self._events, event))
        write_i16_le(self._who, _number(self._whos, who))
        write_i16_le(self._code, _number(self._codes, code))
        write_f32_le(self._amount, amount)
        self._count += 1

    def take(self) -> Columns:
        """Return what was written, by column, and forget it."""
        written = {
            "time_min": self._time_min,
            "practice": self._practice,
            "person": self._person,
            "need": self._need,
            "contact": self._contact,
            "event": self._event,
            "who": self._who,
            "code": self._code,
            "amount": self._amount,
        }
        columns: Columns = {}
        for name, dtype in TYPES.items():
            columns[name] = np.frombuffer(written[name].getvalue(), np.dtype(dtype).newbyteorder("<"))
        self._empty()
        return columns


def _number(words: dict[str, int], word: str) -> int:
    """Return the number of a word, a new one if it is new."""
    number = words.get(word)
    if number is None:
        number = words[word] = len(words)
    return number
