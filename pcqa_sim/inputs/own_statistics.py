"""What a practice's own exports say that a setting can be read from, each with how sure it is: sums, no rows.

Weeks are what is independent among calls and forms, days among half hours; who comes to an appointment, and how long a
call or a consultation takes, are independent of each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcqa_sim.calibration.statistics import (
    ANSWERED,
    CLINICAL_FORMS,
    EARLY,
    FORMS,
    HALF_HOUR,
    LEAD,
    LEADS,
    MINUTES,
    TALK,
    TALK_SPREAD,
    TIMES,
    VISITS,
    WEEKDAY,
    Statistic,
    wider,
)
from pcqa_sim.inputs.cellreaders import MISSING
from pcqa_sim.inputs.looking import A_DAY, ordinary, plain_words
from pcqa_sim.inputs.looking_at_appointments import begins_of, status_of
from pcqa_sim.inputs.looking_at_calls import endings_of, inbound
from pcqa_sim.inputs.national import weekday_ratio
from pcqa_sim.inputs.reading_columns import Columns
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.needs import HOME_VISIT

FEWEST_WEEKS, FEWEST_DAYS, FEWEST_ROWS, FEWEST_MISSED = 3, 4, 50, 8
"""Weeks of so many ordinary days each; calls or consultations of one sort; missed appointments of one lead time."""
_EARLY_UNTIL = 10 * 3600
Floats = NDArray[np.float64]


def statistics_of(read: Iterable[Columns]) -> list[Statistic]:
    """Return what call logs, appointment books and online requests say, with the files each comes from."""
    by_kind: dict[str, list[Columns]] = {}
    for one in read:
        by_kind.setdefault(one.layout.kind, []).append(one)
    found: list[Statistic] = []
    for kind, reader in (("calls", _calls), ("requests", _forms), ("book", _book)):
        files = by_kind.get(kind, [])
        if files:
            frame = pd.concat([plain_words(one.frame) for one in files], ignore_index=True)
            source = ", ".join(dict.fromkeys(one.file.partition(":")[0] for one in files))[:120]
            found += reader(frame, source)
    return found


def _calls(frame: pd.DataFrame, source: str) -> Iterator[Statistic]:
    frame = inbound(frame)
    frame = frame[frame["started"] != MISSING].reset_index(drop=True)
    answered = endings_of(frame) == "answered"
    yield from _by_week(ANSWERED, frame["started"][answered], source)
    yield from _weekdays(frame["started"], source)
    yield from _half_hours(frame["started"], source)
    talk = _talks(frame)[answered]
    logs = np.log(talk[talk >= 1] / 60)
    if len(logs) >= FEWEST_ROWS:
        spread = float(logs.std(ddof=1))
        root = math.sqrt(len(logs))
        yield Statistic(TALK, math.exp(float(logs.mean())), spread / root, len(logs), source)
        yield Statistic(TALK_SPREAD, spread, 1 / math.sqrt(2) / root, len(logs), source)


def _talks(frame: pd.DataFrame) -> pd.Series:
    """Return seconds spoken of each call: as logged, or from its answer to its end."""
    if "talk" in frame:
        return frame["talk"]
    if not {"answered", "ended"} <= set(frame):
        return pd.Series(np.nan, index=frame.index)
    known = (frame["answered"] != MISSING) & (frame["ended"] != MISSING)
    return (frame["ended"] - frame["answered"]).where(known).astype(float)


def _days(seconds: pd.Series) -> pd.Series:
    """Return how many there are on each ordinary day; a day from first to last without any has none."""
    days = (seconds // A_DAY).astype(int)
    if not len(days):
        return pd.Series(dtype=float)
    usual = [day for day in range(days.min(), days.max() + 1) if ordinary(day)]
    return days.value_counts().reindex(usual).fillna(0.0).astype(float)


def _weeks(days: pd.Series) -> dict[int, list[int]]:
    """Return the ordinary days of each week that has enough of them."""
    weeks: dict[int, list[int]] = {}
    for day in map(int, days.index):
        weeks.setdefault((day - 4) // 7, []).append(day)
    return {week: mine for week, mine in weeks.items() if len(mine) >= FEWEST_DAYS}


def _by_week(name: str, seconds: pd.Series, source: str) -> Iterator[Statistic]:
    """Yield how many come on a mean weekday, from weeks that differ."""
    days = _days(seconds)
    means = [_mean_day(days[mine]) for mine in _weeks(days).values()]
    if len(means) >= FEWEST_WEEKS and min(means) > 0:
        yield Statistic(name, *_mean(np.array(means), np.ones(len(means))), len(seconds), source)


def _mean_day(week: pd.Series) -> float:
    """Return a week's mean day; where one of the five is missing, each against what its weekday has elsewhere."""
    if len(week) == 5:
        return float(week.mean())
    return float(np.mean([many / weekday_ratio(_weekday(int(str(day)))) for day, many in week.items()]))


def _weekday(day: int) -> int:
    return (day + 3) % 7


def _weekdays(seconds: pd.Series, source: str) -> Iterator[Statistic]:
    """Yield each weekday's share of Monday to Friday's calls, from weeks that have all five."""
    days = _days(seconds)
    weeks = [sorted(mine) for mine in _weeks(days).values() if len(mine) == 5]
    if len(weeks) >= FEWEST_WEEKS:
        totals = np.array([days[mine].sum() for mine in weeks])
        for place, name in enumerate(WEEKDAYS[:5]):
            here = np.array([days[mine[place]] for mine in weeks])
            yield Statistic(WEEKDAY + name, *_mean(here, totals), int(here.sum()), source)


def _half_hours(seconds: pd.Series, source: str) -> Iterator[Statistic]:
    """Yield the share of a day's calls that come before ten, and in each half hour after it."""
    days = _days(seconds)
    day = (seconds // A_DAY).astype(int)
    for name, mondays in (("monday", True), ("tuesday_friday", False)):
        mine = [one for one in map(int, days.index) if (_weekday(one) == 0) is mondays and days[one] > 0]
        if len(mine) < FEWEST_WEEKS:
            continue
        here = seconds[day.isin(mine)]
        step = np.searchsorted(np.array([edge for _, edge in TIMES]) * 60, here % A_DAY, side="right") - 1
        names = np.where(here % A_DAY < _EARLY_UNTIL, EARLY, np.array([time for time, _ in TIMES], dtype=object)[step])
        table = pd.crosstab((here // A_DAY).astype(int), names).reindex(mine).fillna(0)
        totals = table.sum(axis=1).to_numpy(dtype=float)
        for part in table:
            counts = table[part].to_numpy(dtype=float)
            if counts.sum() >= FEWEST_MISSED:
                yield Statistic(f"{HALF_HOUR}{name}:{part}", *_mean(counts, totals), int(counts.sum()), source)


def _mean(parts: Floats, wholes: Floats) -> tuple[float, float]:
    """Return a ratio of sums and its logarithm's standard deviation, from units that are independent.

    Few units are allowed for by Student's t; chance alone (of counts) is the least.
    """
    ratio, many = float(parts.sum() / wholes.sum()), len(parts)
    residual = parts - ratio * wholes
    sd = math.sqrt(float((residual**2).sum()) * many / (many - 1)) / max(float(parts.sum()), 1e-9)
    return ratio, max(sd * wider(many), 1 / math.sqrt(max(float(parts.sum()), 1.0)))


def _forms(frame: pd.DataFrame, source: str) -> Iterator[Statistic]:
    frame = frame[frame["submitted"] != MISSING]
    yield from _by_week(FORMS, frame["submitted"], source)
    if "request" in frame:
        known = frame[frame["request"].isin(("medical", "administrative"))]
        clinical = int((known["request"] == "medical").sum())
        if len(known) >= FEWEST_ROWS and 0 < clinical < len(known):
            share = clinical / len(known)
            yield Statistic(CLINICAL_FORMS, share, math.sqrt((1 - share) / clinical), len(known), source)


def _book(frame: pd.DataFrame, source: str) -> Iterator[Statistic]:
    when = begins_of(frame)
    frame = frame.assign(when=when)[when != MISSING]
    status = status_of(frame)
    held = frame[status.isin(("attended", "not_attended"))]
    gone = status[held.index] == "not_attended"
    if "booked" in held:
        yield from _leads(held, gone, source)
    if "mode" in held:
        yield from _visits(held, source)
    if {"lasted", "role", "mode"} <= set(held):
        yield from _minutes(held[~gone], source)


def _leads(held: pd.DataFrame, gone: pd.Series, source: str) -> Iterator[Statistic]:
    known = held["booked"] != MISSING
    days = (held["when"] // A_DAY - held["booked"] // A_DAY)[known]
    days, missed = days[days >= 0], gone[known][days >= 0]
    band = np.searchsorted(np.array([last for _, last in LEADS]), days.to_numpy(), side="left")
    for place, (name, _) in enumerate(LEADS):
        mine = missed[band == place]
        share = float(mine.mean()) if len(mine) else 0.0
        if mine.sum() >= FEWEST_MISSED and share < 1:
            yield Statistic(LEAD + name, share, math.sqrt((1 - share) / mine.sum()), len(mine), source)


def _visits(held: pd.DataFrame, source: str) -> Iterator[Statistic]:
    """Yield the share of appointments that are at home, of those whose mode is known."""
    known = held["mode"][~held["mode"].isin(("", "unknown"))]
    visits = int((known == HOME_VISIT).sum())
    if visits >= FEWEST_MISSED:
        share = visits / len(known)
        yield Statistic(VISITS, share, math.sqrt((1 - share) / visits), len(known), source)


def _minutes(seen: pd.DataFrame, source: str) -> Iterator[Statistic]:
    """Yield the mean minutes of consultations by role and mode, and of how many clinicians they are."""
    seen = seen[seen["lasted"] > 0]
    for (role, mode), mine in seen.groupby(["role", "mode"]):
        minutes = mine["lasted"].to_numpy(dtype=float)
        if len(minutes) >= FEWEST_ROWS:
            sd = float(minutes.std(ddof=1) / minutes.mean() / math.sqrt(len(minutes)))
            yield Statistic(
                f"{MINUTES}{role}:{mode}", float(minutes.mean()), sd, len(minutes), source, _clinicians(mine)
            )


def _clinicians(mine: pd.DataFrame) -> int:
    """Return how many clinicians have done a fair part of some consultations; 1 where that is not known."""
    if "clinician" not in mine:
        return 1
    counts: Sequence[int] = mine["clinician"][mine["clinician"] != MISSING].value_counts().tolist()
    return max(1, sum(many >= 0.5 * sum(counts) / max(len(counts), 1) for many in counts))
