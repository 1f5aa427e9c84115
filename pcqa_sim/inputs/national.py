"""What is published of England's calls, and what it makes of one practice's day.

Source of every number: Cloud Based Telephony Data in General Practice, NHS England (official statistics in
development), October 2025 to August 2026, rebuilt from the published CSV files; the names in the comments are
rows of the evidence table. Open Government Licence v3.0.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

import holidays

from pcqa_sim.inputs.cells import long_date
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.faults import BadInput, Fault

CALL_SHARE_OF_WEEKDAY = (
    25.9,  # % of Monday-Friday calls; call_share_of_mon_fri_week_monday
    20.1,  # % of Monday-Friday calls; call_share_of_mon_fri_week_tuesday
    18.66,  # % of Monday-Friday calls; call_share_of_mon_fri_week_wednesday
    17.75,  # % of Monday-Friday calls; call_share_of_mon_fri_week_thursday
    17.6,  # % of Monday-Friday calls; call_share_of_mon_fri_week_friday
)
MEAN_SHARE = 20.0  # % of Monday-Friday calls; a fifth
CALLS_PER_1000_WEEKDAY = 27.4  # calls per 1,000 people; calls_per_1000_patients_per_working_weekday
ANSWERED_SHARE = 0.577  # share of inbound; calls_answered_share
MENU_SHARE = 0.253  # share of inbound; calls_ended_in_ivr_share
MISSED_SHARE = 0.104  # share of inbound; calls_missed_share
CALLBACK_SHARE = 0.066  # share of inbound; calls_callback_requested_share
ANSWERED_WITHIN_2_MIN = 0.604  # share of answered; answered_within_2_min_all_day
TALK_MEDIAN_S = 102.0  # seconds; call_talk_time_lognormal_median
TALK_SIGMA = 0.745  # log standard deviation; call_talk_time_lognormal_median

_A_DAY = dt.timedelta(days=1)
_CHRISTMAS_EVE = 12, 24
_ORDINALS = ("first", "second", "third", "fourth")


def weekday_ratio(weekday: int) -> float:
    """Return the calls of a weekday (0 is Monday) against the mean weekday: Monday 1.295.

    Raises BadInput for a Saturday or Sunday.
    """
    if not 0 <= weekday < len(CALL_SHARE_OF_WEEKDAY):
        name = WEEKDAYS[weekday].capitalize() if 0 <= weekday < len(WEEKDAYS) else str(weekday)
        raise BadInput(Fault("weekday", "a mean weekday is worked out from a Monday to Friday", name))
    return CALL_SHARE_OF_WEEKDAY[weekday] / MEAN_SHARE


def mean_weekday_calls(calls: float, weekday: int) -> float:
    """Return the calls on a mean weekday of a practice that has `calls` on this weekday (0 is Monday).

    Raises BadInput for a Saturday or Sunday.
    """
    return calls / weekday_ratio(weekday)


def why_not_ordinary(date: dt.date) -> str:
    """Return why a date is no ordinary working day, "" where it is one.

    Ordinary is a Monday to Friday in a week without a bank holiday, with the next four working days after one gone
    by: needs put off come back over days, half of those left each day. The simulated week is of such days alone.
    """
    if date.weekday() >= len(CALL_SHARE_OF_WEEKDAY):
        return f"a {WEEKDAYS[date.weekday()].capitalize()}"
    if holiday := _bank_holiday(date):
        return f"a bank holiday ({holiday})"
    if (date.month, date.day) == _CHRISTMAS_EVE:
        return "Christmas Eve"
    return _after_a_closure(date) or _before_a_closure(date)


def _after_a_closure(date: dt.date) -> str:
    """Return which working day after a bank holiday a working day is, "" for the fifth and later."""
    passed, before = 0, date - _A_DAY
    while passed < len(_ORDINALS):
        if holiday := _bank_holiday(before):
            return f"the {_ORDINALS[passed]} working day after a bank holiday ({holiday})"
        passed += before.weekday() < len(CALL_SHARE_OF_WEEKDAY)
        before -= _A_DAY
    return ""


def _before_a_closure(date: dt.date) -> str:
    """Return the bank holiday that a working day's week still has to come, "" for none."""
    to_come = (date + n * _A_DAY for n in range(1, len(CALL_SHARE_OF_WEEKDAY) - date.weekday()))
    holiday = next(filter(None, map(_bank_holiday, to_come)), "")
    return f"in the week of a bank holiday ({holiday})" if holiday else ""


def _bank_holiday(date: dt.date) -> str:
    """Return the name of the bank holiday that takes a Monday to Friday away, "" where none does."""
    holiday = _english_holidays().get(date) if date.weekday() < len(CALL_SHARE_OF_WEEKDAY) else None
    return str(holiday or "")


@cache
def _english_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv="ENG")


def is_of_its_kind(date: dt.date) -> bool:
    """Tell whether a date is a working day out of the ordinary that the model has: in a week of a closure, or after."""
    return date.weekday() < len(CALL_SHARE_OF_WEEKDAY) and not _bank_holiday(date) and bool(why_not_ordinary(date))


def refuse_unless_ordinary(date: dt.date, file: str) -> None:
    """Raise BadInput unless a date is a Monday to Friday that is no bank holiday."""
    why = why_not_ordinary(date)
    if why:
        rule = "demand is worked out from an ordinary Monday to Friday; use another day's file, or a whole month's"
        raise BadInput(Fault(file, f"{long_date(date)} is {why}; {rule}"))
