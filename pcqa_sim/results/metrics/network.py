"""Metrics of a network as a whole, from its practices': counts are added, and shares are of all counts together.

A share of the network is so the share among all its calls, needs or appointments, and not a mean of its practices'
shares. What is counted for each day of the calendar ("people per working day") adds up over the practices, and the
days do not. What ranks or follows persons (the tenth who come most, the time to the next consultation) is reckoned
inside each practice and put together afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pcqa_sim.results.metrics.base import Metric
from pcqa_sim.results.metrics.counted import Ratio

Measures = Mapping[tuple[str, str], tuple[Metric, Ratio]]
"""A practice's measures by metric and group."""

_BY_DAYS = re.compile(r"^(?!share of )(?!.* per 1,000 ).* per (working )?(day|week)\b")


def adds_up(unit: str) -> bool:
    """Tell whether a unit is a count for each day or week of the calendar, so that practices' values add up."""
    return _BY_DAYS.match(unit) is not None


def together(practices: Sequence[Measures]) -> dict[tuple[str, str], tuple[Metric, Ratio]]:
    """Return the measures of all practices as one; a group that a practice does not have counts nothing there."""
    found: dict[tuple[str, str], tuple[Metric, Ratio]] = {}
    for measures in practices:
        for cell, (metric, ratio) in measures.items():
            before = found.get(cell)
            found[cell] = (metric, ratio if before is None else _sum(before[1], ratio, adds_up(metric.unit)))
    return found


def _sum(one: Ratio, other: Ratio, by_days: bool) -> Ratio:
    below = one.denominator if by_days else one.denominator + other.denominator
    return replace(one, numerator=one.numerator + other.numerator, denominator=below)
