"""Promises in words: on how many days and in how many half hours each is kept, and how sure that is."""

from __future__ import annotations

from pcqa_sim.report.first import capital
from pcqa_sim.report.sizing import amount, within
from pcqa_sim.report.webpage.parts import Question
from pcqa_sim.study.statistics.criterion import Yardstick
from pcqa_sim.study.statistics.intervals import ConfidenceInterval
from pcqa_sim.study.statistics.promise import Kept

_SHARE = Yardstick("failure_share", "")
TITLE = "Is the promise kept?"


def promise_line(one: Kept) -> str:
    """Return whether a promise is kept, in a sentence."""
    return f"{promised(one)}: kept on {kept_sentence(one)}."


def promise_question(one: Kept) -> Question:
    """Return the same as a question of the page."""
    return Question(f"{TITLE} {promised(one)}", f"Kept on {kept_sentence(one)}.", ("", ""))


def kept_sentence(one: Kept) -> str:
    """Return how often a promise was kept: "62.0 % (58.1 to 66.0) of days and 81.0 % of half hours"."""
    days = "no day, as there was nothing to measure" if one.days is None else f"{_share(one.days)} of days"
    half = "" if one.half_hours is None else f" and in {_share(one.half_hours)} of half hours"
    return days + half


def promised(one: Kept) -> str:
    """Return a promise in words: "Answered within 2 minutes: at least 90.0 %"."""
    target = one.promise
    bound = amount(target.bound, target.yardstick)
    return f"{capital(target.yardstick.words)}: {'at most' if target.at_most else 'at least'} {bound}"


def _share(found: ConfidenceInterval) -> str:
    return within(found, _SHARE)
