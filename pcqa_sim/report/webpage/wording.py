"""Numbers as a page says them: a mean in the sentence, its likely range in a column, how sure it is in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pcqa_sim.report.changetable import value
from pcqa_sim.study.methods.pair import BETTER, CHANGED, TOO_FEW, UNSETTLED, WORSE
from pcqa_sim.study.statistics.intervals import ConfidenceInterval

WELL, ROUGHLY = 0.05, 0.15
"""Half an interval as a share of its mean, up to which a number is called well or roughly known."""
_VERDICTS = {
    BETTER: "better, clear of luck",
    WORSE: "worse, clear of luck",
    CHANGED: "changed, clear of luck",
    TOO_FEW: "too few runs to judge",
    UNSETTLED: "not judged: a side had not settled",
}
_SHORT = {BETTER: "better", WORSE: "worse", CHANGED: "changed", TOO_FEW: "too few runs", UNSETTLED: "not settled"}
NOT_CLEAR = "not told apart from luck"


def in_hundred(share: float, none: str = "no") -> str:
    """Return a share as people count, before what is counted: "26 in 100", "no"; `none` where nothing follows."""
    if share == 0:
        return none
    many = round(100 * share)
    return f"{many} in 100" if many else "fewer than 1 in 100"


def mean(found: ConfidenceInterval | None, share: bool, digits: int = 1) -> str:
    """Return a mean as it stands in a table."""
    if found is None or math.isnan(found.mean):
        return "-"
    return f"{100 * found.mean:.1f} %" if share else f"{found.mean:,.{digits}f}"


def likely(found: ConfidenceInterval | None, share: bool, digits: int = 1) -> str:
    """Return the interval of a mean as it stands in a table: "22.9 to 29.1"."""
    if found is None or math.isnan(found.low):
        return "-"
    times, places = (100, 1) if share else (1, digits)
    return f"{times * found.low:,.{places}f} to {times * found.high:,.{places}f}"


def sure(found: ConfidenceInterval | None) -> str:
    """Return in words how far other luck would move a mean."""
    if found is None:
        return ""
    if math.isnan(found.low):
        return "One run alone: how far luck reaches is not known. Run more replications."
    relative = _relative(found)
    if relative <= WELL:
        return "Well known: other luck would move this by less than a twentieth."
    if relative <= ROUGHLY:
        return "Roughly known: other luck could move this by about a tenth."
    return "Poorly known: other luck could move this a good deal. More replications would narrow it."


def least_sure(found: Mapping[str, ConfidenceInterval]) -> str:
    """Return how far other luck would move numbers, of which that least known is named; "" for none."""
    if not found:
        return ""
    if any(math.isnan(one.low) for one in found.values()):
        return "One run alone: how far luck reaches is not known. Run more replications (--reps)."
    name, worst = max(found.items(), key=lambda one: _relative(one[1]))
    if _relative(worst) <= WELL:
        return "Well known: other luck would move these numbers by less than a twentieth."
    more = "by about a tenth" if _relative(worst) <= ROUGHLY else "a good deal: more replications would narrow it"
    return f"Least known: {name}. Other luck could move it {more}."


def _relative(found: ConfidenceInterval) -> float:
    half = (found.high - found.low) / 2
    return half / abs(found.mean) if found.mean else (math.inf if half else 0.0)


def verdict(row: Mapping[Any, Any]) -> str:
    """Return whether a difference is better or worse, clear of luck: in a column."""
    return "none" if row["low"] == row["high"] == 0 else _SHORT.get(row["verdict"], "not clear")


def changed(row: Mapping[Any, Any]) -> str:
    """Return what a change does to a measure: "26.0 % before, 24.9 % after: better, clear of luck"."""
    said = f"{value(row, 'base')} before, {value(row, 'other_mean')} after"
    if row["low"] == row["high"] == 0:
        return f"{said}: no difference at all"
    return f"{said}: {_VERDICTS.get(row['verdict'], NOT_CLEAR)}"
