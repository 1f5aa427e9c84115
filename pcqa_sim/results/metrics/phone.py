"""Metrics of the telephone: how many call, when, and how the calls end.

Shares are of all calls 00:00-24:00 as the published statistics count them: engaged attempts are left out, so that a
share can look better because fewer calls get a line. Beside them stand shares of all attempts to call. A call is
counted among those that ended so on the day on which it ends. How many call, and when in the day, is counted on the
working days of weeks without a bank holiday, as in the published profile.
"""

from __future__ import annotations

import numpy as np

from pcqa_sim.results.columns import Columns
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.results.tables import CALL_ENDINGS
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import CLOSED
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK


@metric("calls a working day", "calls per working day of an ordinary week")
def calls_per_working_day(c: Counted) -> Ratio:
    """Count calls on working days."""
    return Ratio(c.by_day(c.calls["opened"]) * c.ordinary_days, c.ordinary_days)


@metric("calls a working day per 1,000 patients", "calls per 1,000 patients per working day of an ordinary week")
def calls_per_1000_working_day(c: Counted) -> Ratio:
    """Count calls on working days, per 1,000 patients."""
    return Ratio(c.by_day(c.calls["opened"]) * c.ordinary_days, c.ordinary_days * c.patients_in_1000())


@metric("calls by weekday", "calls per day")
def calls_by_weekday(c: Counted) -> dict[str, Ratio]:
    """Count calls for each weekday on which the practice works."""
    calls = c.by_day(c.calls["opened"]) * c.ordinary_days
    groups = {}
    for weekday, name in enumerate(("mon", "tue", "wed", "thu", "fri")):
        here = np.where(np.arange(c.days) % 7 == weekday, c.ordinary_days, 0.0)
        groups[f"weekday={name}"] = Ratio(calls * here, here)
    return groups


def _ended(c: Counted, ending: str, of_attempts: bool = False) -> Ratio:
    over = (c.tables.call_columns if of_attempts else c.calls).known("ended")
    return Ratio(c.by_day(over["ended"][over.words("ending") == ending]), c.by_day(over["ended"]))


@metric("answered", "share of calls", "more")
def answered_share(c: Counted) -> Ratio:
    """Share of calls answered."""
    return _ended(c, log.ANSWERED)


@metric("ended in the menu", "share of calls")
def menu_share(c: Counted) -> Ratio:
    """Share of calls that ended in the recorded menu, the closed message included."""
    return _ended(c, log.MENU_ENDED)


@metric("asked to be called back", "share of calls")
def callback_share(c: Counted) -> Ratio:
    """Share of calls that ended with a callback asked for."""
    return _ended(c, log.CALLBACK_REQUESTED)


@metric("missed", "share of calls", "less")
def missed_share(c: Counted) -> Ratio:
    """Share of calls that were missed: the caller gave up."""
    return _ended(c, log.MISSED)


@metric("engaged", "share of attempts", "less")
def engaged_share(c: Counted) -> Ratio:
    """Share of all attempts that heard the engaged tone (the published statistics never see these)."""
    return _ended(c, log.ENGAGED, of_attempts=True)


@metric("attempts to call that are answered", "share of attempts", "more")
def attempts_answered_share(c: Counted) -> Ratio:
    """Share of all attempts to call, engaged ones too, that were answered."""
    return _ended(c, log.ANSWERED, of_attempts=True)


@metric("how attempts to call end", "share of attempts")
def attempt_endings_share(c: Counted) -> dict[str, Ratio]:
    """Share of all attempts to call that end in each way, engaged ones too."""
    over = c.tables.call_columns.known("ended")
    every, of = c.by_day(over["ended"]), c.by_word(over.words("ending"), CALL_ENDINGS, over["ended"])
    return {f"ending={ending}": Ratio(daily, every) for ending, daily in of.items()}


@metric("answered within 2 minutes", "share of answered calls", "more")
def answered_within_2_min_share(c: Counted) -> Ratio:
    """Share of answered calls that waited at most two minutes.

    Left out, as in the published share, are calls not answered: missed, engaged, in the menu, to be called back.
    """
    answered = _answered(c)
    return Ratio(c.by_day(answered["ended"][answered["waited"] <= 2]), c.by_day(answered["ended"]))


@metric("attempts to call that are answered within 2 minutes", "share of attempts", "more")
def attempts_within_2_min_share(c: Counted) -> Ratio:
    """Share of all attempts to call, however they end, that were answered after at most two minutes in the queue."""
    answered, ended = _answered(c), c.tables.call_columns.known("ended")["ended"]
    return Ratio(c.by_day(answered["ended"][answered["waited"] <= 2]), c.by_day(ended))


def _answered(c: Counted) -> Columns:
    return c.calls.where(c.calls.words("ending") == log.ANSWERED)


@metric("mean wait of answered calls", "minutes", "less")
def answered_wait_min(c: Counted) -> Ratio:
    """Mean minutes in the queue of answered calls; callers who gave up or were cut off in the queue are left out."""
    answered = _answered(c)
    return Ratio(c.by_day(answered["ended"], answered["waited"]), c.by_day(answered["ended"]))


@metric("mean wait in the phone queue, answered or not", "minutes", "less")
def queue_wait_min(c: Counted) -> Ratio:
    """Mean minutes in the queue of all who were in it: answered, gave up, or cut off at closing."""
    in_queue = c.calls.words("ending").isin((log.ANSWERED, log.MISSED))
    queued = c.calls.where(in_queue & (c.calls.words("why") != CLOSED))
    return Ratio(c.by_day(queued["ended"], queued["waited"]), c.by_day(queued["ended"]))


def _between(c: Counted, start: int, end: int) -> Ratio:
    opened = c.calls["opened"]
    minute = opened % DAY
    within = opened[(minute >= start) & (minute < end)]
    return Ratio(c.by_day(within) * c.ordinary_days, c.by_day(opened) * c.ordinary_days)


@metric("calls between 08:00 and 08:30", "calls per working day", "less")
def calls_0800_0830_per_working_day(c: Counted) -> Ratio:
    """Calls that come in the first half hour, per working day of an ordinary week."""
    return Ratio(_between(c, 480, 510).numerator, c.ordinary_days)


@metric("calls between 08:00 and 08:30", "share of a working day's calls")
def share_0800_0830(c: Counted) -> Ratio:
    """Share of a working day's calls that come in the first half hour."""
    return _between(c, 480, 510)


@metric("calls between 08:00 and 10:00", "share of a working day's calls", "less")
def share_0800_1000(c: Counted) -> dict[str, Ratio]:
    """Share of a working day's calls that come in the first two hours, in all, on Mondays and on other working days."""
    every = _between(c, 480, 600)
    monday = np.arange(c.days) % 7 == 0
    return {
        "": every,
        "weekday=mon": Ratio(every.numerator * monday, every.denominator * monday),
        "weekday=tue-fri": Ratio(every.numerator * ~monday, every.denominator * ~monday),
    }


@metric("Monday's calls against the mean of the other working days", "times")
def monday_calls_ratio(c: Counted) -> Ratio:
    """Calls of a Monday divided by the mean of Tuesday to Friday, in ordinary weeks; defined for whole weeks."""
    calls = c.by_day(c.calls["opened"]) * c.ordinary_days
    monday = np.arange(c.days) % 7 == 0
    return Ratio(calls * monday * 4, calls * ~monday)


BAND_EDGES = (0, 360, 480, 600, 720, 840, 960, 1080, 1110, 1440)
BANDS = (
    "0000_0559",
    "0600_0759",
    "0800_0959",
    "1000_1159",
    "1200_1359",
    "1400_1559",
    "1600_1759",
    "1800_1829",
    "1830_2359",
)


@metric("calls by band of the day", "share of a working day's calls")
def call_band_share(c: Counted) -> dict[str, Ratio]:
    """Share of calls in each published band of the day, on Mondays and on other working days of ordinary weeks."""
    opened = c.calls["opened"]
    band = np.searchsorted(np.array(BAND_EDGES), opened % DAY, side="right") - 1
    monday = np.arange(c.days) % 7 == 0
    groups = {}
    for words, days in (("mon", monday), ("tue-fri", ~monday)):
        ordinary = c.ordinary_days * days
        every = c.by_day(opened) * ordinary
        for number, name in enumerate(BANDS):
            groups[f"band={words}:{name}"] = Ratio(c.by_day(opened[band == number]) * ordinary, every)
    return groups


@metric("call handlers busy talking", "share of their rostered time")
def call_handler_talk_share(c: Counted) -> Ratio:
    """Minutes of talk by minutes rostered for calls."""
    return _busy(c, CALL_HANDLER, log.TALK_ENDED)


@metric("utilisation of desk and inbox", "share of their rostered time")
def front_desk_utilisation(c: Counted) -> Ratio:
    """Minutes spent on people at the desk and on forms and messages, by minutes rostered for them."""
    return _busy(c, FRONT_DESK, log.FRONT_SEEN)


def _busy(c: Counted, duty: str, event: str) -> Ratio:
    work = c.tables.rows(event)
    return Ratio(c.by_day(work.time, work.amount), c.rostered_min(duty))
