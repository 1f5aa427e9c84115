"""The lines of a comparison's table: a measure before and after, the change with its interval, and the verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pcqa_sim.study.methods.pair import BETTER, CHANGED, EXPLORATORY, NO_VERDICT, TOO_FEW, UNSETTLED, WORSE
from pcqa_sim.study.statistics.multiple_testing import LEVEL

Row = Mapping[Any, Any]
WORDS_WIDE, BEFORE_WIDE, CHANGE_WIDE = 40, 8, 27
MOST_DIGITS = 2
_SAID = {BETTER: "better", WORSE: "WORSE", CHANGED: "changed", TOO_FEW: "too few pairs", UNSETTLED: "not settled"}
NOT_CLEAR = "not clear"
"""Said of what would be clear by itself, and is not among all that was looked at."""


def heading() -> str:
    """Return the line above all others."""
    return f"{'':<{WORDS_WIDE + 2}}{'before':>{BEFORE_WIDE}}{'after':>{BEFORE_WIDE}}  change"


def line(words: str, row: Row, indent: str = "  ") -> str:
    """Return one measure's line."""
    before, after = (value(row, name) for name in ("base", "other_mean"))
    label = f"{indent}{fitting(words, WORDS_WIDE - len(indent) + 2)}"
    said = f"{label:<{WORDS_WIDE + 2}}{before:>{BEFORE_WIDE}}{after:>{BEFORE_WIDE}}  {change(row):<{CHANGE_WIDE}}"
    alone = NOT_CLEAR if row["low"] > 0 or row["high"] < 0 else ""
    return f"{said}  {_SAID.get(row['verdict'], alone)}".rstrip()


def fitting(words: str, width: int) -> str:
    """Return words cut to a width, between two words."""
    if len(words) <= width:
        return words
    return f"{words[: width - 3].rpartition(' ')[0]} ..."


def is_share(row: Row) -> bool:
    """Tell whether a measure is read in per cent."""
    return str(row["unit"]).startswith("share")


def digits(row: Row) -> int:
    """Return the decimals of a measure: its interval shows, and no end of one that leaves zero out reads zero."""
    times = 100.0 if is_share(row) else 1.0
    half = times * (row["high"] - row["low"]) / 2
    ends = [times * abs(row[end]) for end in ("low", "high")] if row["low"] > 0 or row["high"] < 0 else []
    smallest = min((size for size in (half / 1.5, *ends) if size > 0), default=1.0)
    return min(1 if is_share(row) else MOST_DIGITS, max(0, math.ceil(-math.log10(smallest) + 0.01)))


def value(row: Row, name: str) -> str:
    """Return the mean of one side, with no more decimals than its column has room for."""
    if is_share(row):
        return f"{100 * row[name]:,.{max(1, digits(row))}f} %"
    places = max(digits(row), 0 if abs(row[name]) >= 10 or float(row[name]).is_integer() else 1)
    texts = (f"{row[name]:,.{fewer}f}" for fewer in range(places, -1, -1))
    return next((text for text in texts if len(text) < BEFORE_WIDE), f"{row[name]:,.0f}")


def change(row: Row) -> str:
    """Return a change with its interval: "+6.1 points (4.0 to 8.2)"."""
    if row["low"] == row["high"] == 0:
        return "none at all"
    times, unit = (100, " points") if is_share(row) else (1, "")
    mean, low, high = (signed(times * row[name], digits(row)) for name in ("difference", "low", "high"))
    ends = (low.removeprefix("+"), high.removeprefix("+")) if row["low"] > 0 else (low, high)
    return f"{mean}{unit} ({ends[0]} to {ends[1]})"


def signed(amount: float, places: int) -> str:
    """Return a number with its sign, zero without one."""
    text = f"{amount:+,.{places}f}"
    return text if float(text.replace(",", "")) else text[1:]


def is_clear(row: Row) -> bool:
    """Tell whether a difference is clear of chance: of those explored, when all of them are judged together."""
    if row["verdict"] in NO_VERDICT:
        return False
    return row["family"] != EXPLORATORY or bool(row["p_holm"] <= LEVEL)


def worst(rows: Sequence[Row]) -> list[Row]:
    """Return rows by how clear they are, the clearest first."""
    return sorted(rows, key=lambda row: (row["p_holm"], row["p"], str(row["metric"]), str(row["group"])))
