"""Small counts kept back, so that no row of a table is about a few people: they, and what would give them away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LEAST = 5
"""Counts from 1 to below this are kept back; the setting `--least` of `pcqa look`."""


def kept_back(counts: Sequence[Sequence[float]], least: int = LEAST) -> NDArray[np.bool_]:
    """Return which cells of a table of counts are kept back, with its rows' and columns' totals known.

    Counts from 1 to below `least`; then, where a row or a column has one alone, the smallest other count of it, since
    the total would give the first away; until no row and no column has one alone.
    """
    table = np.asarray(counts, dtype=float)
    hidden = (table > 0) & (table < least)
    for _ in range(table.size):
        changed = False
        for lines, secret in ((table, hidden), (table.T, hidden.T)):
            if lines.shape[1] < 2:
                continue
            for row in range(len(lines)):
                if secret[row].sum() == 1:
                    open_ = np.flatnonzero(~secret[row] & (lines[row] > 0))
                    others = open_ if len(open_) else np.flatnonzero(~secret[row])
                    secret[row, others[np.argmin(lines[row][others])]] = True
                    changed = True
        if not changed:
            break
    return hidden


def as_texts(counts: Sequence[float], least: int = LEAST) -> list[str]:
    """Return a row of counts as texts, those kept back as "few"."""
    hidden = kept_back([counts], least)[0] if len(counts) else []
    return ["few" if secret else f"{count:,.0f}" for count, secret in zip(counts, hidden, strict=True)]


def share(part: float, whole: float, least: int = LEAST) -> float:
    """Return a share, NaN where either side of it is a small count."""
    rest = whole - part
    return part / whole if whole >= least and (part == 0 or part >= least) and (rest == 0 or rest >= least) else np.nan
