"""The model's own month, as published, comes back: its demand level is 1, within the interval that is told."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from inputs.exporting import published
from shortruns import composed

from pcqa_sim.inputs.demand_level import level_interval
from pcqa_sim.inputs.imports import import_telephony
from pcqa_sim.results.run import Run, simulate

PRACTICE, LIST = "A11111", 1000
SETTLE, WEEKS = 4, 5
FIRST = dt.date(2026, 6, 8) - dt.timedelta(weeks=SETTLE)  # ordinary weeks from the 8th of June on


def run_of(level: float, luck: int, weeks: int, list_size: int, holidays: str) -> Run:
    scenario = composed(
        f"practice.list_size={list_size}",
        f"practice.demand_level={level}",
        f"run.warm_up_weeks={SETTLE}",
        f"run.measured_weeks={weeks}",
        f"calendar.start_date={FIRST}",
        f"calendar.bank_holidays={holidays}",
    )
    return simulate(scenario, luck, 0)


@cache
def weekdays(level: float, list_size: int, weeks: int) -> tuple[float, ...]:
    """Mean calls on each Monday to Friday, of luck that no export has."""
    means = []
    for luck in (901, 902):
        (counted,) = run_of(level, luck, weeks, list_size, "none").counted.values()
        calls = counted.by_day(counted.calls["opened"])[7 * SETTLE : 7 * (SETTLE + weeks)]
        means.append(np.asarray(calls).reshape(-1, 7)[:, :5].mean(axis=0))
    return tuple(float(one) for one in np.mean(means, axis=0))


def simulated(list_size: int, weeks: int) -> Callable[[int, dt.date], Callable[[float], Sequence[float]]]:
    """Calls by weekday at any level, between two that were run: logarithms are straight over so short a stretch."""
    low, high = 0.85, 1.18

    def week(level: float) -> list[float]:
        share = (np.log(level) - np.log(low)) / (np.log(high) - np.log(low))
        ends = (np.log(weekdays(low, list_size, weeks)), np.log(weekdays(high, list_size, weeks)))
        return [float(one) for one in np.exp(ends[0] * (1 - share) + ends[1] * share)]

    return lambda size, around: week


def returned(folder: Path, luck: int, list_size: int, weeks: int, holidays: str) -> tuple[bool, float]:
    """Export a month, import it; return whether the interval holds 1, and its half-width in per cent."""
    conf = folder / f"conf{luck}{holidays}"
    (conf / "practice").mkdir(parents=True)
    own = f"list_size: {list_size}\nname: X\ndemand_level: 1.0\nstart_belief: 0.2\n"
    (conf / "practice" / f"{PRACTICE.lower()}.yaml").write_text(own)
    run = run_of(1.0, luck, WEEKS, list_size, holidays)
    path = published(run, PRACTICE, 7 * SETTLE, folder / "month.csv")
    lines = import_telephony(path, PRACTICE, conf, simulated(list_size, weeks)).lines
    (line,) = [one for one in lines if one.startswith("95 % interval of the level")]
    low, high, half = map(float, re.findall(r"level: (\S+) to (\S+) \(half-width (\S+) %\)", line)[0])
    return low <= 1 <= high, half


@pytest.mark.slow
def test_three_months_come_back(tmp_path: Path) -> None:
    found = [returned(tmp_path, luck, 600, 8, "none") for luck in (1, 2, 3)]
    print("half-widths, %:", [half for _, half in found])
    assert all(inside for inside, _ in found)
    assert max(half for _, half in found) < 60


@pytest.mark.soak
@pytest.mark.parametrize("holidays", ["none", "England"])
def test_nineteen_of_twenty_months_come_back(tmp_path: Path, holidays: str) -> None:
    found = [returned(tmp_path, luck, LIST, 20, holidays) for luck in range(1, 21)]
    print("half-widths, %:", sorted(half for _, half in found))
    assert sum(inside for inside, _ in found) >= 19


def test_an_interval_needs_three_weeks_and_narrows_with_likeness() -> None:
    monday = dt.date(2026, 6, 8)
    shares = (1.295, 1.005, 0.933, 0.8875, 0.88)

    def month(weeks: Sequence[float]) -> dict[dt.date, float]:
        return {
            monday + dt.timedelta(days=7 * week + day): 100 * shares[day] * level
            for week, level in enumerate(weeks)
            for day in range(5)
        }

    assert level_interval(1.0, month([1, 1]), 10**9) is None
    low, high = level_interval(2.0, month([1, 1, 1, 1]), 10**9) or (0.0, 0.0)
    assert (low, high) == (pytest.approx(2.0, rel=1e-3), pytest.approx(2.0, rel=1e-3))
    low, high = level_interval(1.0, month([1, 1, 1, 1]), 600) or (0.0, 0.0)
    assert (high - low) / 2 == pytest.approx(1.96 * (4 / 600 * 1.5) ** 0.5, rel=1e-3)
    low, high = level_interval(1.0, month([0.9, 1.1, 0.9, 1.1]), 10**9) or (0.0, 0.0)
    assert (high - low) / 2 == pytest.approx(3.182 * 0.11547 * (1 / 4 + 1 / 20) ** 0.5, rel=1e-3)
