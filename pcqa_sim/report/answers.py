"""The short answer: a run's results in sentences, each number with its 95 % interval over replications."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from pcqa_sim.inputs import share_within
from pcqa_sim.metrics.bands import LENGTH_EDGES, WAIT_EDGES, band_names
from pcqa_sim.needs import FAILURE_CAUSES
from pcqa_sim.scenario import ObservedBand, Practice
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
    """One question and its sentences; `table` holds lines to be printed after them as they stand."""

    question: str
    sentences: tuple[str, ...]
    table: tuple[str, ...] = ()


class Numbers:
    """Looks a metric's mean and interval up and says it in words."""

    def __init__(self, summary: pd.DataFrame, practice: str) -> None:
        mine = summary[(summary["practice"] == practice) & (summary["period"] == "all")]
        columns = (mine[name].tolist() for name in ("metric", "group", "mean", "low", "high", "replications", "unit"))
        self._known, self._unit = {}, {}
        for metric, group, mean, low, high, replications, unit in zip(*columns, strict=True):
            self._known[metric, group] = Interval(mean, low, high, replications)
            self._unit[metric] = unit

    def has(self, metric: str, group: str = "") -> bool:
        """Tell whether there was anything to measure: calls to be answered, needs that ended."""
        return (metric, group) in self._known

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
        top = 1.0 if is_share_of_a_whole(self._unit[metric]) else math.inf
        low, high = max(0.0, found.low) * times, min(top, found.high) * times
        return f"{mean} ({low:,.{digits}f} to {high:,.{digits}f})"


def is_share_of_a_whole(unit: str) -> bool:
    """Tell whether a unit cannot exceed 100 %: shares of calls or needs cannot, shares of working time can."""
    return unit.startswith("share of ") and not unit.endswith(" time")


def answers(study: Study, key: str) -> list[Answer]:
    """Return the questions a practice asks of a run, answered."""
    numbers = Numbers(study.summary, key)
    practice = study.scenario.practices[key]
    found = [_demand(numbers), _failure(numbers), _phone(numbers), _turned_away(numbers), _appointments(numbers)]
    if practice.observed is not None:
        found.append(_observed(numbers, practice))
    return found


def _demand(n: Numbers) -> Answer:
    question = "How much demand is there?"
    if not n.has("contacts_per_need"):
        return Answer(question, ("Nobody rang." if not n.has("answered_share") else _rang(n), "No need arose."))
    needs = (
        f"{n.number('needs_per_working_day')} needs a working day: "
        f"one need makes {n.number('contacts_per_need', digits=2)} contacts."
    )
    if not n.has("answered_share"):
        return Answer(question, ("Nobody rang.", f"There are {needs}"))
    return Answer(question, (_rang(n), f"They come from {needs.replace(' a working day:', ':')}"))


def _rang(n: Numbers) -> str:
    return (
        f"{n.number('calls_per_working_day')} calls a working day, "
        f"{n.number('calls_per_1000_working_day', digits=1)} per 1,000 patients; "
        f"Mondays {n.number('calls_by_weekday', 'weekday=mon')}."
    )


def _failure(n: Numbers) -> Answer:
    causes = [
        f"{FAILURE_CAUSES[group.removeprefix('cause=')]} {n.number('failure_contacts_per_working_day', group, 1)}"
        for group in n.groups("failure_contacts_per_working_day")[:MOST_CAUSES]
        if n.mean("failure_contacts_per_working_day", group) > 0
    ]
    if not n.has("failure_share"):
        return Answer("How much of it is failure demand?", ("Nobody asked the practice for anything.",))
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
    question = "What happens on the phone, and at 8am?"
    if not n.has("answered_share"):
        return Answer(question, ("Nobody rang.",))
    engaged = f" {n.percent('engaged_share')} of attempts heard the engaged tone." if n.mean("engaged_share") else ""
    waits = (
        f"Of those answered, {n.percent('answered_within_2_min_share')} waited at most two minutes; "
        f"the mean wait is {n.number('answered_wait_min', digits=1)} minutes."
    )
    return Answer(
        question,
        (
            f"Answered {n.percent('answered_share')}, ended in the menu {n.percent('menu_share')}, "
            f"callback asked for {n.percent('callback_share')}, missed {n.percent('missed_share')}.{engaged}",
            waits if n.has("answered_within_2_min_share") else "Nobody was answered.",
            f"{n.percent('share_0800_0830')} of a working day's calls come from 08:00 to 08:30, "
            f"{n.percent('share_0800_1000')} from 08:00 to 10:00.",
        ),
    )


def _turned_away(n: Numbers) -> Answer:
    told = (
        f"{n.number('told_another_day_per_working_day', digits=1)} people a working day are told to ring "
        f"another day, {n.percent('told_another_day_share')} of the requests that were heard; "
        f"on {n.percent('nobody_turned_away_share')} of working days nobody is."
    )
    return Answer(
        "Who is turned away, and what becomes of them?",
        (
            told if n.has("told_another_day_share") else "Nobody is turned away: no request was heard.",
            _endings(n) if n.has("need_endings_share", "ending=resolved") else "No need ended.",
        ),
    )


def _endings(n: Numbers) -> str:
    elsewhere = [
        f"{words} {n.percent('need_endings_share', f'ending={ending}')}"
        for ending, words in _LOST.items()
        if n.mean("need_endings_share", f"ending={ending}") > 0
    ]
    return (
        f"{n.percent('need_endings_share', 'ending=resolved')} of needs are resolved by the practice, "
        f"{n.percent('need_endings_share', 'ending=informed')} answered by the menu's message, "
        f"{n.percent('need_endings_share', 'ending=recovered')} go by themselves"
    ) + (". The rest end elsewhere or nowhere: " + "; ".join(elsewhere) + "." if elsewhere else ".")


def _appointments(n: Numbers) -> Answer:
    seen = (
        f"{n.number('appointments_per_1000_working_day', digits=1)} GP appointments per 1,000 patients a "
        f"working day; {n.percent('same_day_share')} on the day they are asked for, the mean lead time is "
        f"{n.number('lead_time_days', digits=1)} days; {n.percent('dna_share')} are missed by the patient."
    )
    busy = f"GPs spend {n.percent('gp_consulting_share')} of their session time with patients (above 100 % is overtime)"
    return Answer(
        "Who is seen, and when?",
        (
            seen if n.has("same_day_share") else "Nobody had an appointment.",
            (busy if n.has("gp_consulting_share") else "No GP had a session")
            + f"; {n.number('slots_unused_per_working_day', digits=1)} slots a working day stay empty.",
        ),
    )


def _observed(n: Numbers, practice: Practice) -> Answer:
    seen = practice.observed
    assert seen is not None
    question = f"How does it compare with the practice's own {seen.date:%A} {seen.date.day} {seen.date:%B %Y}?"
    if not seen.inbound:
        return Answer(question, ("No calls were observed on that day.",))
    calls = f"{seen.inbound:,.0f} calls observed"
    if not n.has("answered_share"):
        return Answer(question, (f"{calls}; in the simulation nobody rang.",))
    weekday = f"weekday={seen.date:%a}".lower()
    if n.has("calls_by_weekday", weekday):
        calls += f"; a simulated {seen.date:%A} has {n.number('calls_by_weekday', weekday)}"
    rows = (
        f"{name} {_percent(count / seen.inbound)} against {n.percent(metric)} simulated"
        for name, count, metric in (
            ("answered", seen.answered, "answered_share"),
            ("ended in the menu", seen.menu, "menu_share"),
            ("callback asked for", seen.callback, "callback_share"),
            ("missed", seen.missed, "missed_share"),
        )
    )
    return Answer(
        question,
        (
            f"One day, rough: {calls}.",
            f"All observed figures are of this one {seen.date:%A}, the simulated shares of all days.",
            "Observed " + "; ".join(rows) + ".",
        ),
        (
            *_beside(n, "waits of answered calls", seen.answered_waits, "answered_wait_share", WAIT_EDGES),
            *_beside(n, "waits of missed calls", seen.missed_waits, "missed_wait_share", WAIT_EDGES),
            *_beside(n, "lengths of answered calls", seen.lengths, "call_length_share", LENGTH_EDGES),
        ),
    )


def _beside(
    n: Numbers, title: str, bands: Sequence[ObservedBand], metric: str, edges: tuple[int, ...]
) -> tuple[str, ...]:
    """Return a small table: the observed share of calls in each band beside the simulated."""
    names = (f"up to {edges[0]} s", *(f"{a + 1} to {b} s" for a, b in pairwise(edges)), f"over {edges[-1]} s")
    lines = [f"{title:<25}{'observed':>11}{'simulated':>12}"]
    for name, group, share in zip(names, band_names(edges), _observed_shares(bands, edges), strict=True):
        mean, bracket, rest = n.percent(metric, group).partition(" (") if n.has(metric, group) else ("-", "", "")
        lines.append(f"  {name:<23}{'-' if math.isnan(share) else _percent(share):>11}{mean:>12}{bracket}{rest}")
    return tuple(lines)


def _observed_shares(bands: Sequence[ObservedBand], edges: Sequence[int]) -> list[float]:
    """Return the share of observed calls between the edges and above the last; NaN where the bands do not tell."""
    below = [0.0, *(_share_within(bands, edge) for edge in edges), 1.0]
    return [high - low for low, high in pairwise(below)]


def _share_within(bands: Sequence[ObservedBand], seconds: float) -> float:
    try:
        return share_within(bands, seconds)
    except ValueError:
        return math.nan


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"
