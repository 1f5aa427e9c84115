"""What may not be contract-compliant about a scenario's results, in a sentence for every output.

The GMS contract of 2023/24 asks that nobody be told to call another day, and from October 2025 that the online form be
open in core hours: both from memory, to be checked before they are quoted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import pandas as pd

from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.values.clock import WEEKDAYS

TOLD = "told_another_day_share"
"""The metric that says whether anybody is told to call another day."""


def contract(scenario: Scenario, practice: str, told_share: float, already_said: bool = False) -> str:
    """Return the sentence about one practice, "" where nothing speaks against it.

    `told_share` is the share of requests told to call another day (NaN where none was heard); `already_said` leaves
    that reason out where it is the only one and the sentence before has named it.
    """
    settings = (scenario.in_force(practice, week) for week in {0, *(phase.from_week for phase in scenario.phases)})
    why = []
    if not math.isnan(told_share) and told_share > 0:
        why.append("people are told to call another day")
    if any(_form_closes_early(scenario, each_settings) for each_settings in settings):
        why.append("the online form is closed, or closes when full, in opening hours")
    if len(why) == 1 and already_said and told_share > 0:
        return "This may not be contract-compliant."
    return f"This may not be contract-compliant: {' and '.join(why)}." if why else ""


def contract_of_network(scenario: Scenario, told_shares: Mapping[str, float]) -> str:
    """Return the sentence about a network: of how many practices something speaks against it, "" for none."""
    said = [one for key in scenario.practices if (one := contract(scenario, key, told_shares[key]))]
    return f"Of {len(said)} of {len(scenario.practices)} practices: {said[0][:1].lower()}{said[0][1:]}" if said else ""


def told_share(summary: pd.DataFrame, practice: str) -> float:
    """Return the share of requests told to call another day over the measured weeks, NaN where none was heard.

    `summary` has metric, group, period, practice and mean.
    """
    of_practice = summary[(summary["metric"] == TOLD) & (summary["practice"] == practice)]
    of_practice = of_practice[(of_practice["period"] == "all") & (of_practice["group"] == "")]
    return float(of_practice["mean"].iloc[0]) if len(of_practice) else math.nan


def any_point(told_shares: Iterable[float]) -> str:
    """Return the sentence about many scenarios, of which each has its share told to call another day."""
    if any(share > 0 for share in told_shares):
        return "Where people are told to call another day, this may not be contract-compliant."
    return ""


def _form_closes_early(scenario: Scenario, practice: Practice) -> bool:
    form = practice.channels.form
    if form.hours is None:
        return False
    opening = [hours for day in WEEKDAYS if (hours := scenario.calendar.opening_hours[day]) is not None]
    shorter = any(form.hours.opens > day.opens or form.hours.closes < day.closes for day in opening)
    return shorter or form.most_per_1000_day is not None
