"""The plain-English lines that an import prints."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

from pcqa_sim.inputs import national
from pcqa_sim.inputs.bands import added_up, fitted_lengths, share_within
from pcqa_sim.inputs.cells import MONTHS, long_date
from pcqa_sim.inputs.demand_level import FittedLevel, level_interval
from pcqa_sim.inputs.telephony import TelephonyDay
from pcqa_sim.values.clock import WEEKDAYS

WEEKEND = 5


def percent(share: float) -> str:
    """Return a share as percent with one decimal; "none" where there is nothing to take a share of."""
    return "none" if math.isnan(share) else f"{100 * share:.1f} %"


def weekday_and_date(date: dt.date) -> str:
    """Return a date in words with its weekday."""
    return f"{WEEKDAYS[date.weekday()].capitalize()} {long_date(date)}"


def apart(list_date: dt.date | None, calls_date: dt.date) -> str:
    """Return how far the list and the calls are apart, by calendar months."""
    calls = f"{MONTHS[calls_date.month - 1]} {calls_date.year}"
    if list_date is None:
        return f"The calls are of {calls}; the date of the list is not known."
    listed = f"{MONTHS[list_date.month - 1]} {list_date.year}"
    months = abs((calls_date.year - list_date.year) * 12 + calls_date.month - list_date.month)
    if months == 0:
        return f"The list and the calls are both of {calls}."
    parts = [_counted(months // 12, "year"), _counted(months % 12, "month")]
    return f"The list is of {listed}, the calls are of {calls}: {' '.join(filter(None, parts))} apart."


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}" if number else ""


def calls_line(practice: str, days: Sequence[TelephonyDay], list_size: int) -> str:
    """Return how many calls came, also per 1,000 people."""
    calls = sum(day.inbound for day in days) / len(days)
    rate = f"{calls / list_size * 1000:.1f} per 1,000 of {list_size:,} people"
    if len(days) == 1:
        return f"{practice}, {weekday_and_date(days[0].date)}: {calls:,.0f} calls, {rate} ({days[0].file})."
    span = f"{long_date(days[0].date)} to {long_date(days[-1].date)}"
    return f"{practice}, {len(days)} working days, {span}: {calls:,.1f} calls a day, {rate} ({days[0].file})."


def mean_weekday_line(days: Sequence[TelephonyDay], target: float, list_size: int) -> str:
    """Return the calls of a mean weekday beside England's."""
    how = "each day against its weekday's published share"
    if len(days) == 1:
        weekday = days[0].date.weekday()
        ratio = national.weekday_ratio(weekday)
        how = f"a {WEEKDAYS[weekday].capitalize()} has {ratio:.3f} times the calls of a mean weekday in England"
    rate = f"{target / list_size * 1000:.1f} per 1,000 (England {national.CALLS_PER_1000_WEEKDAY})"
    return f"On a mean weekday: {target:,.1f} calls, {rate}; {how}."


def endings_line(days: Sequence[TelephonyDay]) -> str:
    """Return how the calls ended, in percent of inbound, beside England's shares."""
    inbound = sum(day.inbound for day in days)
    endings = (
        ("answered", sum(day.answered for day in days), national.ANSWERED_SHARE),
        ("ended in the menu", sum(day.menu for day in days), national.MENU_SHARE),
        ("missed", sum(day.missed for day in days), national.MISSED_SHARE),
        ("callback asked for", sum(day.callback for day in days), national.CALLBACK_SHARE),
    )
    shares = [f"{what} {percent(calls / inbound)} (England {percent(share)})" for what, calls, share in endings]
    return f"Endings: {', '.join(shares)}."


def answered_line(days: Sequence[TelephonyDay]) -> str:
    """Return how soon calls were answered and how long they lasted, beside England's."""
    within = share_within(added_up(day.answered_waits for day in days), 120)
    lengths = added_up(day.lengths for day in days)
    distribution = fitted_lengths(lengths)
    sentence = f"Answered within 2 minutes: {percent(within)} (England {percent(national.ANSWERED_WITHIN_2_MIN)})."
    if distribution is None:
        return f"{sentence} Talk time: too few answered calls to fit."
    fit = f"median {distribution.quantile(0.5):.0f} seconds, sigma {distribution.sigma:.2f}"
    england = f"England {national.TALK_MEDIAN_S:.0f} and {national.TALK_SIGMA:g}"
    return f"{sentence} Talk time, log-normal: {fit} ({england}); for information, not written."


def left_out_lines(every: Sequence[TelephonyDay], used: Sequence[TelephonyDay]) -> list[str]:
    """Return which days of the file were no basis, and why; weekends are only counted."""
    left = [day for day in every if day not in used]
    weekends = sum(day.date.weekday() >= WEEKEND for day in left)
    days = [f"{weekday_and_date(day.date)} ({_why(day)})" for day in left if day.date.weekday() < WEEKEND]
    days += [_counted(weekends, "weekend day")] if weekends else []
    return [f"Left out: {', '.join(days)}."] if days else []


def _why(day: TelephonyDay) -> str:
    return national.why_not_ordinary(day.date) or "no calls"


def level_line(fitted: FittedLevel, target: float, days: Sequence[TelephonyDay]) -> str:
    """Return the demand level and what the model gives at it."""
    runs = _counted(fitted.evaluations, "trial")
    weekdays = sorted({day.date.weekday() for day in days})
    like = f"on a {WEEKDAYS[weekdays[0]].capitalize()}" if len(weekdays) == 1 else "a day on the same weekdays"
    if len(days) == 1 and (kind := national.why_not_ordinary(days[0].date)):
        like = f"on that day, {kind}"
    gives = f"the model then gives {fitted.simulated:,.1f} calls {like}"
    sentence = f"Demand level {fitted.level:.4g}: {gives}"
    if fitted.close:
        return f"{sentence}, against {target:,.1f} ({runs})."
    return f"{sentence}, the nearest to {target:,.1f} that {runs} found."


def interval_lines(level: float, days: Sequence[TelephonyDay], list_size: int) -> list[str]:
    """Return the 95 % interval of a demand level, where the file has weeks enough to tell."""
    found = level_interval(level, {day.date: float(day.inbound) for day in days}, list_size)
    if found is None:
        return []
    half = 100 * (found[1] - found[0]) / 2 / level
    between = f"{found[0]:.3g} to {found[1]:.3g} (half-width {half:.0f} %)"
    return [f"95 % interval of the level: {between}, from how weeks differ and who happens to be on a list."]


def caution_line(days: Sequence[TelephonyDay]) -> str:
    """Return how little one day, or one month, can bear; chance is Poisson, two standard deviations."""
    calls = sum(day.inbound for day in days)
    chance = f"chance alone moves {calls:,} calls by about {100 * 2 / math.sqrt(calls):.0f} % either way"
    if len(days) == 1:
        return f"One day, rough: {chance}, and days differ beyond chance; a whole month's file bears more."
    return f"{len(days)} days, rough: {chance}, and seasons differ beyond that."
