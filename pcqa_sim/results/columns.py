"""Tables as columns of NumPy: numbers as they are, words as a number a row and the few words they stand for.

A word is found once in its list and then compared as a number; a part of a table reads only the columns that are asked
for. Nobody needs pandas to count: a data frame is made for people, where they ask for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Which = NDArray[np.bool_] | NDArray[np.int64]  # of every row whether it is meant, or the places of those that are
Numbers = NDArray[Any]


class Words:
    """A column of words: `codes` has each row's place in `words`, the same word at one place alone."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, codes: NDArray[np.integer[Any]], words: Sequence[str]) -> None:
        self.codes, self.words = codes, words

    @classmethod
    def of(cls, texts: Iterable[str]) -> Words:
        """Return a column of some texts, in their order."""
        known: dict[str, int] = {}
        codes = [known.setdefault(text, len(known)) for text in texts]
        return cls(np.array(codes, dtype=np.int16), tuple(known))

    @classmethod
    def same(cls, word: str, rows: int) -> Words:
        """Return a column of one word."""
        return cls(np.zeros(rows, dtype=np.int16), (word,))

    @classmethod
    def joined(cls, *parts: Words) -> Words:
        """Return columns one after the other, whatever words they have."""
        words = tuple(dict.fromkeys(word for part in parts for word in part.words))
        place = {word: number for number, word in enumerate(words)}
        here = [np.array([place[word] for word in part.words], dtype=np.int16)[part.codes] for part in parts]
        return cls(np.concatenate(here), words)

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, which: Which | slice) -> Words:
        return Words(self.codes[which], self.words)

    def __iter__(self) -> Iterator[str]:
        return iter(self.tolist())

    def __eq__(self, word: object) -> NDArray[np.bool_]:  # type: ignore[override]
        try:
            found: NDArray[np.bool_] = self.codes == self.words.index(str(word))
        except ValueError:
            return np.zeros(len(self), dtype=bool)
        return found

    def __ne__(self, word: object) -> NDArray[np.bool_]:  # type: ignore[override]
        return ~(self == word)

    def same_as(self, other: Words) -> NDArray[np.bool_]:
        """Tell of each row whether another column has the same word there."""
        place = {word: number for number, word in enumerate(other.words)}
        there = np.array([*(place.get(word, -1) for word in self.words), -1])
        found: NDArray[np.bool_] = there[self.codes] == other.codes
        return found

    def isin(self, words: Iterable[str]) -> NDArray[np.bool_]:
        """Tell of each row whether its word is one of some."""
        return self.where(frozenset(words).__contains__)

    def where(self, holds: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Tell of each row whether something holds of its word; asked once a word."""
        return np.array([*map(holds, self.words)], dtype=bool)[self.codes] if len(self) else np.zeros(0, dtype=bool)

    def worth(self, value: Callable[[str], float]) -> NDArray[np.float64]:
        """Return a number for each row by its word; only words that stand in a row are asked for theirs."""
        worth = np.zeros(len(self.words))
        for code in self._used:
            worth[code] = value(self.words[code])
        found: NDArray[np.float64] = worth[self.codes] if len(self) else np.zeros(0)
        return found

    def mapped(self, change: Callable[[str], str]) -> Words:
        """Return the column with another word for each word; several may become one."""
        new = {word: change(word) for word in self.words}
        words = tuple(dict.fromkeys(new.values()))
        place = {word: number for number, word in enumerate(words)}
        codes = np.array([place[new[word]] for word in self.words], dtype=np.int16)
        return Words(codes[self.codes], words)

    def over(self, words: Sequence[str]) -> Words:
        """Return the column with the words of a list, whose first stands for all that are not in it."""
        place = {word: number for number, word in enumerate(words)}
        codes = np.array([*(place.get(word, 0) for word in self.words), 0], dtype=np.int16)
        return Words(codes[self.codes], words)

    def distinct(self) -> list[str]:
        """Return the words that stand in a row, each once, as they come."""
        return [self.words[code] for code in self._used]

    @cached_property
    def _used(self) -> list[int]:
        """Return the numbers of the words that stand in a row, in order of their first row."""
        if not len(self):
            return []
        codes, first = np.unique(self.codes, return_index=True)
        return [int(code) for code in codes[np.argsort(first)]]

    def text(self) -> NDArray[np.object_]:
        """Return every row's word."""
        texts: NDArray[np.object_] = np.array([*self.words, ""], dtype=object)[self.codes]
        return texts

    def tolist(self) -> list[str]:
        """Return every row's word, as a list."""
        words: list[str] = self.text().tolist()
        return words

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[np.object_]:
        return self.text()


class Columns:
    """A table: columns of one length by name, numbers by `table["opened"]` and words by `table.words("cause")`.

    `where` gives a part of it, whose columns are taken out of the whole when they are first asked for.
    """

    def __init__(self, columns: Mapping[str, Numbers | Words], rows: int | None = None) -> None:
        self._columns: dict[str, Numbers | Words] = dict(columns)
        self._rows = len(next(iter(columns.values()))) if rows is None else rows

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return tuple(self._columns)

    def __len__(self) -> int:
        return self._rows

    def column(self, name: str) -> Numbers | Words:
        """Return a column of either sort."""
        return self._columns[name]

    def __getitem__(self, name: str) -> Numbers:
        column = self.column(name)
        if isinstance(column, Words):
            raise TypeError(f"{name} is a column of words")
        return column

    def words(self, name: str) -> Words:
        """Return a column of words."""
        column = self.column(name)
        if not isinstance(column, Words):
            raise TypeError(f"{name} is a column of numbers")
        return column

    def where(self, which: Which) -> Columns:
        """Return the rows for which `which` holds, or those at some places, in this order."""
        return _Part(self, np.flatnonzero(which) if which.dtype == np.bool_ else which)

    def joined_by(self, **columns: Numbers | Words) -> Columns:
        """Return the table with more columns, each with a value for every row."""
        return Columns({name: self.column(name) for name in self.names} | columns)

    def known(self, name: str) -> Columns:
        """Return the rows that have a number in a column."""
        return self.where(~np.isnan(self[name]))

    def frame(self, index: str | None = None) -> pd.DataFrame:
        """Return the table as a data frame; `index` is the column that names its rows."""
        import pandas as pd

        columns = {name: self.column(name) for name in self.names if name != index}
        texts = {name: column.text() if isinstance(column, Words) else column for name, column in columns.items()}
        return pd.DataFrame(texts, index=None if index is None else pd.Index(self[index], name=index))


class _Part(Columns):
    """Some rows of a table."""

    def __init__(self, whole: Columns, at: NDArray[Any]) -> None:
        super().__init__({}, len(at))
        self._whole, self._at = whole, at

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return self._whole.names

    def column(self, name: str) -> Numbers | Words:
        """Return a column of either sort."""
        if name not in self._columns:
            self._columns[name] = self._whole.column(name)[self._at]
        return self._columns[name]
