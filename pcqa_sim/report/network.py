"""A network's answer: what matters most of all its practices together, then a table with a line for each.

What is good or bad for the network as a whole may be so for one practice at another's cost, so each practice's harms
stand in lines of their own.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcqa_sim.report.changetable import Row, is_clear, line
from pcqa_sim.report.numbers import Numbers
from pcqa_sim.scenario import NETWORK, Scenario
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    import pandas as pd

    from pcqa_sim.study.methods.pair import Comparison

NAME_WIDE, CELL_WIDE, WIDE = 18, 12, 96
PER_1000 = ", per 1,000"
_TOLD = "told_another_day_per_working_day"


@dataclass(frozen=True)
class Column:
    """One measure of every practice: its head, in full and short; `per_1000` divides by thousands of patients."""

    words: str
    short: str
    metric: str
    group: str = ""
    share: bool = True
    per_1000: bool = False

    def written(self, numbers: Numbers, people: int) -> str:
        """Return a practice's mean as it stands in a table, "-" where there was nothing to measure."""
        if not numbers.has(self.metric, self.group):
            return "-"
        mean = numbers.mean(self.metric, self.group)
        if self.share:
            return f"{mean * 100:.1f} %"
        return f"{mean / (people / 1000 if self.per_1000 else 1):,.1f}"


SERVICE = (
    Column("contacts that need not have been made", "failure", "failure_share"),
    Column("calls answered", "answered", "attempts_answered_share"),
    Column("needs that end met", "met", "needs_met_share"),
    Column("days from asking to a clinician", "days", "days_waited_for_clinician", share=False),
    Column("GP consultations that needed a GP", "needed GP", "needed_gp_share"),
    Column("minutes of GP overtime a session", "overtime", "overtime_min_per_session", "role=gp", share=False),
)
HARMS = (
    Column(f"people a day told to call another day{PER_1000}", "told/1,000", _TOLD, share=False, per_1000=True),
    Column("same-day needs told to call another day", "urgent told", "urgent_told_another_day_share"),
    Column("needs that cannot wait seen late", "seen late", "seen_later_than_safe_share"),
    Column("needs that cannot wait that got worse", "got worse", "deteriorated_share"),
    Column("needs given up unmet", "gave up", "gave_up_share"),
    Column("needs that end in A&E, per 1,000 a week", "A&E/1,000", "emergency_per_1000_week", share=False),
)
SHARED = (
    Column(
        "minutes a week with people whom practices share, per 1,000 of the list weighted by its needs",
        "received",
        "shared_min_per_1000_weighted_week",
        share=False,
    ),
    Column("minutes lent to others' patients, likewise", "lent", "lent_min_per_1000_weighted_week", share=False),
    Column("appointments of the hub that are used", "hub used", "hub_used_share"),
)
TABLES = (("The practices side by side", SERVICE), ("Harms, practice by practice", HARMS))
THE_SHARED = "What is shared, and how fairly"


def numbers_of(scenario: Scenario, summary: pd.DataFrame) -> dict[str, Numbers]:
    """Return the numbers of the network and of each of its practices, the network's first."""
    return {key: Numbers(summary, key) for key in scenario.answered_for}


def tables_text(scenario: Scenario, numbers: Mapping[str, Numbers]) -> list[str]:
    """Return the two tables as lines of text: service, then harms, a line for each practice and one for all."""
    lines: list[str] = []
    shared = tuple(one for one in SHARED if numbers[NETWORK].has(one.metric))
    tables = (*TABLES, (THE_SHARED, shared)) if shared else TABLES
    for title, columns in tables:
        lines += [
            "",
            title,
            f"{'':<{NAME_WIDE}}{'patients':>8}" + "".join(f"{one.short:>{CELL_WIDE}}" for one in columns),
        ]
        lines += [_line(scenario, key, mine, columns) for key, mine in _members_first(numbers)]
    return [
        *lines,
        "",
        *textwrap.wrap("; ".join(f"{one.short}: {one.words}" for one in (*SERVICE, *HARMS, *shared)) + ".", WIDE),
    ]


def _line(scenario: Scenario, key: str, numbers: Numbers, columns: Sequence[Column]) -> str:
    people = scenario.people_of(key)
    cells = "".join(f"{one.written(numbers, people):>{CELL_WIDE}}" for one in columns)
    return f"{short_name(key):<{NAME_WIDE}}{people:>8,}{cells}"


def _members_first(numbers: Mapping[str, Numbers]) -> list[tuple[str, Numbers]]:
    """Return the practices, and the network below them as a table's last line."""
    return [*((key, mine) for key, mine in numbers.items() if key != NETWORK), (NETWORK, numbers[NETWORK])]


def compared_text(comparison: Comparison, other: str) -> list[str]:
    """Return what a change does to each practice, a line for each measure of harm or service that moved clearly."""
    lines: list[str] = []
    for title, columns in TABLES:
        rows: list[str] = []
        for column in columns:
            mine = [line(short_name(key), row, "    ") for key, row in _of(comparison, other, column) if is_clear(row)]
            rows += [f"  {column.words.removesuffix(PER_1000)}", *mine] if mine else []
        lines += ["", title, *(rows or ["  nothing is clearly different at any"])]
    return lines


def _of(comparison: Comparison, other: str, column: Column) -> Iterator[tuple[str, Row]]:
    """Yield the difference of a measure in each practice that has it."""
    for key in comparison.base.scenario.practices:
        found = comparison.of(other, key)
        mine = found[(found["metric"] == column.metric) & (found["group"] == column.group)]
        yield from ((key, row) for row in mine.to_dict("records"))


def short_name(key: str) -> str:
    """Return the name that a practice's key is: Grove House of grove_house."""
    return "all together" if key == NETWORK else shown(key.replace("_", " ").title(), NAME_WIDE - 1)


def fairness(scenario: Scenario, numbers: Mapping[str, Numbers]) -> str:
    """Return who gets most and least of what is shared, held against their needs; "" where nothing is."""
    metric = SHARED[0].metric
    mine = {key: numbers[key].mean(metric) for key in scenario.practices if numbers[key].has(metric)}
    if len(mine) < 2 or max(mine.values()) == 0:
        return ""
    most, least = max(mine, key=mine.__getitem__), min(mine, key=mine.__getitem__)
    return (
        f"For every 1,000 people, counted by their needs, {short_name(most)} gets {mine[most]:.0f} minutes a week with "
        f"people whom the practices share, and {short_name(least)} {mine[least]:.0f}."
    )


def furthest_apart(scenario: Scenario, numbers: Mapping[str, Numbers]) -> str:
    """Return where the practices differ most in being told to call another day, "" where they cannot be compared."""
    column = HARMS[0]
    rate = {
        key: numbers[key].mean(column.metric) / scenario.people_of(key) * 1000
        for key in scenario.practices
        if numbers[key].has(column.metric)
    }
    if len(rate) < 2 or max(rate.values()) == 0:
        return ""
    most, least = max(rate, key=rate.__getitem__), min(rate, key=rate.__getitem__)
    return (
        f"Of every 1,000 patients, {rate[most]:.1f} a working day are told to call another day at {short_name(most)} "
        f"and {rate[least]:.1f} at {short_name(least)}."
    )
