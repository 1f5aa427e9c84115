"""What is published of England's calls, and what it makes of one practice's day.

Source of every number: Cloud Based Telephony Data in General Practice, NHS England (official statistics in
development), October 2025 to August 2026, rebuilt from the published CSV files; the names in the comments are
rows of the evidence table. Open Government Licence v3.0.
"""

from __future__ import annotations

import datetime as dt

import holidays

from pcqa_sim.clock import WEEKDAYS
from pcqa_sim.faults import BadInput, Fault
from pcqa_sim.inputs.cells import long_date

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
    """Return why a date is no ordinary working day ("a Saturday", "a bank holiday (...)"), or ""."""
    if date.weekday() >= len(CALL_SHARE_OF_WEEKDAY):
        return f"a {WEEKDAYS[date.weekday()].capitalize()}"
    holiday = holidays.country_holidays("GB", subdiv="ENG").get(date)
    return f"a bank holiday ({holiday})" if holiday else ""


def refuse_unless_ordinary(date: dt.date, file: str) -> None:
    """Raise BadInput unless a date is a Monday to Friday that is no bank holiday."""
    why = why_not_ordinary(date)
    if why:
        rule = "demand is worked out from an ordinary Monday to Friday"
        raise BadInput(Fault(file, f"{long_date(date)} is {why}; {rule}"))
