"""Columns of dates and times of day, read cell by cell into seconds.

A date is never guessed: its form tells day and month apart, or what is known of the file does, or what the column
itself shows; else it is asked for.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.inputs.cellreaders import BAD, MISSING, NOTHING, Cells, Column

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[ \-]?([A-Za-z]{3,9})[ \-,]*(\d{4}|\d{2})", re.ASCII)
_MONTH_ONLY = re.compile(r"([A-Za-z]{3,9})[ \-](\d{4}|\d{2})", re.ASCII)
_SLASHES = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?: ?([AaPp])\.?[Mm]\.?)?", re.ASCII)

_CENTURY = 50  # years of two digits from here on are of the last century: somebody's birth
_BORN = re.compile(r"(?<!\d)19\d\d(?!\d)|[/.\- ][5-9]\d(?![\d:])", re.ASCII)


def of_last_century(text: str) -> bool:
    """Tell whether a text that is no date of this century has a year of the last one, as birth dates have."""
    return _BORN.search(text) is not None


class Clocks(Cells):
    """Times of day, in seconds after midnight; MISSING for nothing."""

    def add(self, texts: Sequence[str]) -> list[int]:
        """Read cells, and return the places of those that are no time of day."""
        found = np.array([MISSING if one.strip().lower() in NOTHING else clock_seconds(one.strip()) for one in texts])
        self._parts.append(found.astype(np.int64))
        return self._fails(texts, np.flatnonzero(found == BAD).tolist())


def clock_seconds(text: str) -> int:
    """Return a time of day in seconds after midnight, BAD for anything else."""
    matched = _CLOCK.fullmatch(text)
    if not matched:
        return BAD
    hour, minute, second = int(matched[1]), int(matched[2]), int(matched[3] or 0)
    if matched[4]:
        if not 1 <= hour <= 12:
            return BAD
        hour = hour % 12 + (12 if matched[4].lower() == "p" else 0)
    return hour * 3600 + minute * 60 + second if hour < 24 and minute < 60 and second < 60 else BAD


class Moments(Cells):
    """Dates with or without a time, in seconds after the first of January 1970; MISSING for nothing.

    Days and months written by numbers with slashes are put aside until the whole column is known: `ambiguous` says that
    nothing in it tells which comes first.
    """

    def __init__(self, day_first: bool = False) -> None:
        super().__init__()
        self._dates: dict[str, int] = {}
        self._tokens: list[tuple[int, int, int] | int] = []
        self._clocks: dict[str, int] = {}
        self._seconds: list[NDArray[np.int32]] = []
        self._declared = day_first
        self.proved = {"day": False, "month": False}

    def add(self, texts: Sequence[str]) -> list[int]:
        """Read cells, and return the places of those that are no dates."""
        dates, clocks, failed = self._dates, self._clocks, []
        days = np.empty(len(texts), dtype=np.int32)
        seconds = np.zeros(len(texts), dtype=np.int32)
        for at, text in enumerate(texts):
            head, _, tail = text.partition(" ") if text[10:11] != "T" else text.partition("T")
            day = dates.get(head)
            if day is None or (tail and ":" not in tail):
                head, tail = _parted(text)
                day = dates.get(head)
                if day is None:
                    day = self._new(head)
            if tail:
                second = clocks.get(tail)
                if second is None:
                    second = clock_seconds(tail.strip().removesuffix("Z"))
                    if len(clocks) < 200_000:
                        clocks[tail] = second
                if second == BAD:
                    day = BAD
                seconds[at] = second
            if day == BAD:
                failed.append(at)
            days[at] = day
        self._parts.append(days)
        self._seconds.append(seconds)
        return self._fails(texts, failed)

    def _new(self, head: str) -> int:
        token = _date(head)
        if token is None:
            code = BAD
        elif token == MISSING:
            code = MISSING
        else:
            if isinstance(token, tuple):
                self.proved["day"] |= token[0] > 12
                self.proved["month"] |= token[1] > 12
            code = len(self._tokens)
            self._tokens.append(token)
        if len(self._dates) < 200_000:
            self._dates[head] = code
        return code

    @property
    def ambiguous(self) -> bool:
        """Tell whether day and month cannot be told apart: neither is known nor shown, or both are shown first."""
        slashed = any(isinstance(one, tuple) for one in self._tokens)
        return slashed and not self._declared and self.proved["day"] == self.proved["month"]

    def resolved(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return seconds after 1970, MISSING where there is nothing, and which rows contradict the column's order."""
        day_first = self._declared or not self.proved["month"]
        ordinals = np.array([*(_ordinal(one, day_first) for one in self._tokens), 0], dtype=np.int64)
        codes = self._codes()
        seconds = np.concatenate(self._seconds) if self._seconds else np.empty(0, dtype=np.int32)
        real = codes >= 0
        days = ordinals[np.where(real, codes, len(ordinals) - 1)]
        wrong = real & (days == BAD)
        return np.where(real & ~wrong, days * 86_400 + seconds, MISSING), wrong

    def _codes(self) -> NDArray[np.int32]:
        parts = [np.asarray(one, dtype=np.int32) for one in self._parts]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)

    def done(self) -> Column:
        """Return the seconds after 1970."""
        return self.resolved()[0]


def _parted(text: str) -> tuple[str, str]:
    """Return the date and the time of a text."""
    plain = " ".join(text.split())
    if len(plain) > 40:
        return plain, ""
    at = plain.find(":")
    if at < 0:
        return plain, ""
    cut = plain.rfind(" ", 0, at) if " " in plain[:at] else plain.rfind("T", 0, at)
    return (plain[:cut].strip().rstrip(","), plain[cut + 1 :]) if cut > 0 else (plain, "")


def _date(text: str) -> int | tuple[int, int, int] | None:
    """Return days after 1970, or two numbers and a year whose order is not known, or None for what is no date."""
    plain = text.strip()
    if plain.lower() in NOTHING:
        return MISSING
    if matched := _SLASHES.fullmatch(plain):
        one, two, year = int(matched[1]), int(matched[2]), _year(matched[3])
        good = 1 <= one <= 31 and 1 <= two <= 31 and (one <= 12 or two <= 12) and 2000 <= year <= 2099
        return (one, two, year) if good else None
    if matched := _ISO.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _days(int(matched[1]), int(matched[2]), int(matched[3] or 1))
    if matched := _NAMED.fullmatch(plain):
        return _days(_year(matched[3]), _month(matched[2]), int(matched[1]))
    if matched := _MONTH_ONLY.fullmatch(plain):
        return _days(_year(matched[2]), _month(matched[1]), 1)
    return None


def _year(text: str) -> int:
    """Return a year; of two digits, one of this century up to 2049, or of the last, in which nothing here is."""
    year = int(text)
    return year + (2000 if year < _CENTURY else 1900) if len(text) == 2 else year


def _month(text: str) -> int:
    short = text[:3].lower()
    full = (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
    )
    known = short in _MONTHS and (len(text) == 3 or text.lower() in (*full, "december", "sept"))
    return _MONTHS.index(short) + 1 if known else 0


def _days(year: int, month: int, day: int) -> int | None:
    try:
        found = dt.date(year, month, day)
    except ValueError:
        return None
    return (found - dt.date(1970, 1, 1)).days if 2000 <= year <= 2099 else None


def _ordinal(token: tuple[int, int, int] | int, day_first: bool) -> int:
    if isinstance(token, int):
        return token
    one, two, year = token
    found = _days(year, two, one) if day_first else _days(year, one, two)
    return BAD if found is None else found
