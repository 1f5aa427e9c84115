"""Columns read cell by cell into numbers: durations, counts, words by number, people by a keyed hash."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.generic]
BAD = -(2**31)
MISSING = BAD + 1
NOTHING = frozenset(("", "na", "n/a", "nan", "null", "none", "-", "nil", "unassigned", "not recorded", "unmapped"))
SUPPRESSED = re.compile(
    r"(\*|:|\[c\]|\[x\]|[<≤] ?\d{1,2}|(0|[1-9]\d?) ?(-|to) ?[1-9]\d?|suppressed|low)", re.IGNORECASE
)
_MOST_WORDS = 5_000
_UNITS = re.compile(
    r"(?:(\d+) ?h(?:ours?|rs?)?)? ?(?:(\d+) ?m(?:in(?:ute)?s?)?)? ?(?:(\d+) ?s(?:ec(?:ond)?s?)?)?", re.I
)


class Salt:
    """The key of one command's hashes: whoever is the same in two files stays so, and nobody can be looked up after."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def of(self, text: str) -> int:
        """Return a whole number of 63 bits for a text, whatever its case and spaces; +44 and 0 are the same."""
        plain = "".join(text.split()).casefold()
        plain = "0" + plain[3:] if plain.startswith("+44") else plain
        digest = hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=8, key=self._key).digest()
        return int.from_bytes(digest, "big") >> 1


class Cells:
    """A column as it is read: `add` takes cells and says which cannot be read; `done` returns its numbers."""

    words: list[str]

    def __init__(self) -> None:
        self._parts: list[Column] = []
        self.words = []
        self.unread: set[str] = set()

    def add(self, texts: Sequence[str]) -> list[int]:
        """Read cells, and return the places of those that cannot be."""
        raise NotImplementedError

    def done(self) -> Column:
        """Return the whole column."""
        return np.concatenate(self._parts) if self._parts else np.empty(0, dtype=np.int64)

    def _fails(self, texts: Sequence[str], places: list[int]) -> list[int]:
        if len(self.unread) < _MOST_WORDS:
            self.unread.update(texts[at] for at in places[:200])
        return places


class Numbers(Cells):
    """Numbers of at least 0; nothing, or suppressed, is NaN. `seconds` reads 00:01:23 and 1m 23s, `percent` 12 %."""

    def __init__(self, seconds: bool = False, most: float = 1e9, percent: bool = False) -> None:
        super().__init__()
        self._known: dict[str, float] = {}
        self._seconds, self._most, self._percent = seconds, most, percent
        self.suppressed = 0

    def add(self, texts: Sequence[str]) -> list[int]:
        """Read cells, and return the places of those that are no numbers."""
        known, failed = self._known, []
        found = np.empty(len(texts))
        for at, text in enumerate(texts):
            value = known.get(text)
            if value is None:
                value = self._read(text)
                if len(known) < 100_000:
                    known[text] = value
            if value < 0:
                failed.append(at)
            found[at] = value
        self._parts.append(found)
        return self._fails(texts, failed)

    def _read(self, text: str) -> float:
        plain = text.strip()
        if self._percent:
            plain = plain.rstrip("%").strip()
        if plain.lower() in NOTHING:
            return np.nan
        if len(plain) > 1 and plain[0] == "0" and plain.isdigit():
            return -1.0  # a code or a telephone number
        try:
            value = float(plain.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain) else plain)
        except ValueError:
            return self._other(plain)
        return value if 0 <= value <= self._most and "_" not in plain else -1.0

    def _other(self, plain: str) -> float:
        if self._seconds:
            parts = plain.split(":")
            if 2 <= len(parts) <= 3 and all(re.fullmatch(r"\d{1,3}", one) for one in parts):
                whole = [int(one) for one in parts]
                return float(whole[-1] + 60 * whole[-2] + (3600 * whole[0] if len(whole) == 3 else 0))
            matched = _UNITS.fullmatch(plain)
            if matched and any(matched.groups()):
                hours, minutes, seconds = (int(one or 0) for one in matched.groups())
                return float(3600 * hours + 60 * minutes + seconds)
        elif SUPPRESSED.fullmatch(plain):
            self.suppressed += 1
            return np.nan
        return -1.0


class Words(Cells):
    """Words of a small vocabulary, by number; white space is one space. `too_many` says that they are none."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, int] = {}
        self._plain: dict[str, int] = {}

    def add(self, texts: Sequence[str]) -> list[int]:
        """Read cells; any word will do."""
        known = self._known
        found = np.empty(len(texts), dtype=np.int32)
        for at, text in enumerate(texts):
            code = known.get(text)
            found[at] = self._new(text) if code is None else code
        self._parts.append(found)
        return []

    def _new(self, text: str) -> int:
        plain = " ".join(text.split())
        code = self._plain.setdefault(plain, len(self._plain))
        if code == len(self.words):
            self.words.append(plain)
        if len(self._known) < 10 * _MOST_WORDS:
            self._known[text] = code
        return code

    @property
    def too_many(self) -> bool:
        """Tell whether there are more different words than any vocabulary has."""
        return len(self.words) > _MOST_WORDS


class People(Cells):
    """People by a keyed hash; MISSING where nobody is named. Their texts are let go of with the object."""

    def __init__(self, salt: Salt) -> None:
        super().__init__()
        self._salt = salt
        self._known: dict[str, int] = {}

    def add(self, texts: Sequence[str]) -> list[int]:
        """Read cells; any text is somebody."""
        known, salt = self._known, self._salt
        found = np.empty(len(texts), dtype=np.int64)
        for at, text in enumerate(texts):
            code = known.get(text)
            if code is None:
                code = MISSING if text.strip().lower() in NOTHING or text.strip() in _WITHHELD else salt.of(text)
                known[text] = code
            found[at] = code
        self._parts.append(found)
        return []


_WITHHELD = frozenset(("anonymous", "Anonymous", "withheld", "Withheld", "unknown", "Unknown", "private", "Private"))


class Yes(Cells):
    """Yes or no: 1 or 0, and NaN for nothing."""

    _YES, _NO = frozenset(("yes", "y", "true", "1", "dna", "x")), frozenset(("no", "n", "false", "0"))

    def add(self, texts: Sequence[str]) -> list[int]:
        """Read cells, and return the places of those that are neither."""
        failed, found = [], np.full(len(texts), np.nan)
        for at, text in enumerate(texts):
            plain = text.strip().lower()
            if plain in self._YES:
                found[at] = 1.0
            elif plain in self._NO:
                found[at] = 0.0
            elif plain not in NOTHING:
                failed.append(at)
        self._parts.append(found)
        return self._fails(texts, failed)
