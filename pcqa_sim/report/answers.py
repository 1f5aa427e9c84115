"""The short answer: a run's results in sentences, each number with its 95 % interval over replications."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from pcqa_sim.needs import FAILURE_CAUSES
from pcqa_sim.scenario import Practice
from pcqa_sim.study.intervals import Interval
from pcqa_sim.study.replicate import Study

MOST_CAUSES = 5
_LOST = {
    "gave_up": "gave up",
    "self_treated": "treated themselves",
    "pharmacy": "pharmacy",
    "nhs_111": "NHS 111",
    "urgent_treatment_centre": "urgent treatment centre",
    "emergency_department": "A&E",
}


@dataclass(frozen=True)
class Answer:
    """One question and its sentences."""

    question: str
    sentences: tuple[str, ...]


class Numbers:
    """Looks a metric's mean and interval up and says it in words."""

    def __init__(self, summary: pd.DataFrame, practice: str) -> None:
        mine = summary[(summary["practice"] == practice) & (summary["period"] == "all")]
        columns = (mine[name].tolist() for name in ("metric", "group", "mean", "low", "high", "replications"))
        self._known = {(metric, group): Interval(*rest) for metric, group, *rest in zip(*columns, strict=True)}

    def mean(self, metric: str, group: str = "") -> float:
        """Return a metric's mean (0 where it never occurred)."""
        found = self._known.get((metric, group))
        return found.mean if found else 0.0

    def number(self, metric: str, group: str = "", digits: int = 0) -> str:
        """Return "273 (270 to 276)"."""
        return self._say(metric, group, 1.0, digits, "")

    def percent(self, metric: str, group: str = "", digits: int = 1) -> str:
        """Return "54.9 % (53.8 to 56.0)"."""
        return self._say(metric, group, 100.0, digits, " %")

    def groups(self, metric: str) -> list[str]:
        """Return a metric's groups, the largest first."""
        mine = {group: known.mean for (name, group), known in self._known.items() if name == metric and group}
        return sorted(mine, key=lambda group: -mine[group])

    def _say(self, metric: str, group: str, times: float, digits: int, unit: str) -> str:
        found = self._known.get((metric, group))
        if found is None:
            return f"0{unit}"
        mean = f"{found.mean * times:,.{digits}f}{unit}"
        if found.replications < 2:
            return mean
        low, high = self._within(found, times, unit)
        return f"{mean} ({low:,.{digits}f} to {high:,.{digits}f})"

    def _within(self, found: Interval, times: float, unit: str) -> tuple[float, float]:
        """Return the interval's ends, cut where a count or a share cannot go."""
        top = 100.0 if unit == " %" else math.inf
        return max(0.0, found.low * times), min(top, found.high * times)


def answers(study: Study, key: str) -> list[Answer]:
    """Return the questions a practice asks of a run, answered."""
    numbers = Numbers(study.summary, key)
    practice = study.scenario.practices[key]
    found = [_demand(numbers), _failure(numbers), _phone(numbers), _turned_away(numbers), _appointments(numbers)]
    if practice.observed is not None:
        found.append(_observed(numbers, practice))
    return found


def _demand(n: Numbers) -> Answer:
    return Answer(
        "How much demand is there?",
        (
            f"{n.number('calls_per_working_day')} calls a working day, "
            f"{n.number('calls_per_1000_working_day', digits=1)} per 1,000 patients; "
            f"Mondays {n.number('calls_by_weekday', 'weekday=mon')}.",
            f"They come from {n.number('needs_per_working_day')} needs: "
            f"one need makes {n.number('contacts_per_need', digits=2)} contacts.",
        ),
    )


def _failure(n: Numbers) -> Answer:
    causes = [
        f"{FAILURE_CAUSES[group.removeprefix('cause=')]} {n.number('failure_contacts_per_working_day', group, 1)}"
        for group in n.groups("failure_contacts_per_working_day")[:MOST_CAUSES]
        if n.mean("failure_contacts_per_working_day", group) > 0
    ]
    if not causes:
        return Answer("How much of it is failure demand?", ("None: every contact was a first one or a planned one.",))
    return Answer(
        "How much of it is failure demand?",
        (
            f"{n.percent('failure_share')} of contacts, {n.percent('failure_share_of_calls')} of calls: "
            f"{n.number('failure_contacts_per_working_day')} contacts a working day that need not have been made.",
            "Most often because the person, per working day, " + "; ".join(causes) + ".",
        ),
    )


def _phone(n: Numbers) -> Answer:
    engaged = f" {n.percent('engaged_share')} of attempts heard the engaged tone." if n.mean("engaged_share") else ""
    return Answer(
        "What happens on the phone, and at 8am?",
        (
            f"Answered {n.percent('answered_share')}, ended in the menu {n.percent('menu_share')}, "
            f"callback asked for {n.percent('callback_share')}, missed {n.percent('missed_share')}.{engaged}",
            f"Of those answered, {n.percent('answered_within_2_min_share')} waited at most two minutes; "
            f"the mean wait is {n.number('answered_wait_min', digits=1)} minutes.",
            f"{n.percent('share_0800_0830')} of a working day's calls come from 08:00 to 08:30, "
            f"{n.percent('share_0800_1000')} from 08:00 to 10:00.",
        ),
    )


def _turned_away(n: Numbers) -> Answer:
    elsewhere = [
        f"{words} {n.percent('need_endings_share', f'ending={ending}')}"
        for ending, words in _LOST.items()
        if n.mean("need_endings_share", f"ending={ending}") > 0
    ]
    return Answer(
        "Who is turned away, and what becomes of them?",
        (
            f"{n.number('told_another_day_per_working_day', digits=1)} people a working day are told to ring "
            f"another day, {n.percent('told_another_day_share')} of the requests that were heard; "
            f"on {n.percent('nobody_turned_away_share')} of working days nobody is.",
            f"{n.percent('need_endings_share', 'ending=resolved')} of needs are resolved by the practice, "
            f"{n.percent('need_endings_share', 'ending=informed')} answered by the menu's message, "
            f"{n.percent('need_endings_share', 'ending=recovered')} go by themselves"
            + (". The rest end elsewhere or nowhere: " + "; ".join(elsewhere) + "." if elsewhere else "."),
        ),
    )


def _appointments(n: Numbers) -> Answer:
    return Answer(
        "Who is seen, and when?",
        (
            f"{n.number('appointments_per_1000_working_day', digits=1)} GP appointments per 1,000 patients a "
            f"working day; {n.percent('same_day_share')} on the day they are asked for, the mean lead time is "
            f"{n.number('lead_time_days', digits=1)} days; {n.percent('dna_share')} are missed by the patient.",
            f"GPs spend {n.percent('gp_consulting_share')} of their session time with patients; "
            f"{n.number('slots_unused_per_working_day', digits=1)} slots a working day stay empty.",
        ),
    )


def _observed(n: Numbers, practice: Practice) -> Answer:
    seen = practice.observed
    assert seen is not None
    day = f"{seen.date:%A} {seen.date.day} {seen.date:%B %Y}"
    weekday = f"weekday={seen.date:%a}".lower()
    rows: Iterator[str] = (
        f"{name} {count / seen.inbound:.1%} against {n.percent(metric)} simulated"
        for name, count, metric in (
            ("answered", seen.answered, "answered_share"),
            ("ended in the menu", seen.menu, "menu_share"),
            ("callback asked for", seen.callback, "callback_share"),
            ("missed", seen.missed, "missed_share"),
        )
    )
    within = sum(band.calls for band in seen.answered_waits if band.to_s is not None and band.to_s <= 120)
    return Answer(
        f"How does it compare with the practice's own {day}?",
        (
            f"One day, rough: {seen.inbound:,.0f} calls observed; a simulated {seen.date:%A} has "
            f"{n.number('calls_by_weekday', weekday)}.",
            "Observed " + "; ".join(rows) + ".",
            f"Answered within two minutes: {within / seen.answered:.1%} observed, "
            f"{n.percent('answered_within_2_min_share')} simulated.",
        ),
    )
