"""How much is asked for, by which way and when: counted over simulated, twice.

Calls repeat, rush at eight and come back, so that no count is a setting itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from pcqa_sim.calibration.adjustments import Tree, at, minute_of
from pcqa_sim.calibration.statistics import (
    ANSWERED,
    CLINICAL_FORMS,
    EARLY,
    EARLY_UNTIL,
    FORMS,
    HALF_HOUR,
    TIMES,
    WEEKDAY,
    Direct,
    Model,
    Named,
    direct,
    together,
)

MOST_MOVED = 2.5
RESPONSES = {WEEKDAY: 0.5, EARLY: 0.6}
"""By which power calls follow needs asked for on a day, and before ten: others ask late, again, or when it opens.

Assumption, from the model: 30 % more needs of a weekday give it 6 to 17 % more calls, 25 % more before ten 14 %."""
BETWEEN_LISTS = 4.0
"""Variance of people's calls by the mean squared, as for a demand level from telephony; assumption, from the model."""
_SHORT = {"monday": "mon", "tuesday": "tue", "wednesday": "wed", "thursday": "thu", "friday": "fri"}


def level(tree: Tree, by: Named, model: Model) -> Iterator[Direct]:
    """Yield how much is asked for: calls answered and forms, which nobody who is heard repeats, against the model's."""
    if ANSWERED not in by:
        return
    counts, simulated = [by[ANSWERED]], model.answered
    if FORMS in by:
        counts, simulated = [*counts, by[FORMS]], simulated + model.forms
    counted = sum(one.value for one in counts)
    luck = math.hypot(*(one.sd * one.value / counted for one in counts)) * math.hypot(1.0, model.luck)
    lists = math.sqrt(BETWEEN_LISTS / model.people * 1.5)
    value = at(tree, "practice.demand_level") * counted / simulated
    yield from direct("practice.demand_level", value, math.hypot(luck, lists), together(*counts))


def online(tree: Tree, by: Named, model: Model) -> Iterator[Direct]:
    """Yield shares of needs first asked about by form, from forms against answered calls; the phone has the rest."""
    if ANSWERED not in by or FORMS not in by:
        return
    of, simulated = [by[FORMS], by[ANSWERED]], model.value("online_clinical_share")
    times = by[FORMS].value / model.forms / (by[ANSWERED].value / model.answered)
    split = {"clinical": times, "administrative": times}
    if CLINICAL_FORMS in by and simulated < 1:
        share, of = by[CLINICAL_FORMS].value, [*of, by[CLINICAL_FORMS]]
        split = {"clinical": times * share / simulated, "administrative": times * (1 - share) / (1 - simulated)}
    for which, part in split.items():
        row = at(tree, f"channels.first.{which}")
        both = row["online"] + row["phone"]
        odds = row["online"] / row["phone"] * part
        sd = model.sd(*of) * (1 - odds / (1 + odds))
        for found in direct(f"channels.first.{which}.online", both * odds / (1 + odds), sd, together(*of)):
            yield found
            rest, low, high = (round(max(both - one, 0.0), 6) for one in (found.value, found.high, found.low))
            yield Direct(f"channels.first.{which}.phone", rest, low, high, "what the form leaves", shown=False)


def weekdays(tree: Tree, by: Named, model: Model) -> Iterator[Direct]:
    """Yield the shares of Monday to Friday among needs; the weekend keeps its own."""
    mine = {day: by[WEEKDAY + day] for day in _SHORT if WEEKDAY + day in by}
    if len(mine) < len(_SHORT):
        return
    calls = {day: model.value("calls_by_weekday", f"weekday={_SHORT[day]}") for day in mine}
    every = sum(calls.values())
    times = {day: _moved(one.value / calls[day] * every, model.sd(one), WEEKDAY) for day, one in mine.items()}
    yield from _shares("demand.weekday_share", tree["demand"]["weekday_share"], times, mine["monday"].source)


def half_hours(tree: Tree, by: Named, model: Model) -> Iterator[Direct]:
    """Yield when in the day needs are asked about: what comes before ten as one, and each half hour after it."""
    for days, short in (("monday", "mon"), ("tuesday_friday", "tue-fri")):
        profile, times, source = at(tree, f"demand.asking_profile.{days}"), {}, ""
        for time in profile:
            early, step = minute_of(time) < EARLY_UNTIL, _step_of(time)
            one = by.get(f"{HALF_HOUR}{days}:{EARLY if early else step}")
            if one is not None:
                simulated = model.early(short) if early else model.value("call_half_hour_share", f"from={short}:{step}")
                times[time], source = _moved(one.value / simulated, model.sd(one), EARLY if early else ""), one.source
        yield from _shares(f"demand.asking_profile.{days}", profile, times, source)


def _moved(ratio: float, sd: float, sort: str) -> tuple[float, float]:
    """Return by how much needs are to be multiplied so that calls are by a ratio, and how sure that is."""
    power = RESPONSES.get(sort, 1.0)
    return min(max(ratio ** (1 / power), 1 / MOST_MOVED), MOST_MOVED), sd / power


def _step_of(time: str) -> str:
    minute = minute_of(time)
    return [name for name, edge in TIMES if edge <= minute][-1]


def _shares(
    key: str, shares: Mapping[str, float], times: Mapping[str, tuple[float, float]], source: str
) -> Iterator[Direct]:
    """Yield shares multiplied each by its own, what is not moved kept; all of them still sum to 1."""
    good = {name: one for name, one in times.items() if next(direct(name, *one, source), None) is not None}
    moved = {name: shares[name] * times for name, (times, _) in good.items()}
    left = sum(shares[name] for name in moved)
    if not moved or not left:
        return
    scale = left / sum(moved.values())
    for name, share in shares.items():
        if name in moved:
            yield from direct(f"{key}.{name}", moved[name] * scale, good[name][1], source)
        else:
            yield Direct(f"{key}.{name}", share, share, share, "kept as it was", shown=False)
