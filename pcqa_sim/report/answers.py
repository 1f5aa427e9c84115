"""The short answer: a run's results in sentences, each number with its 95 % confidence interval over replications.

Beside a number that leaves some people out stands, as a mean, what it is with them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from pcqa_sim.inputs.bands import share_within
from pcqa_sim.report.contract import TOLD, contract, contract_of_network
from pcqa_sim.report.network import fairness, furthest_apart, numbers_of, tables_text
from pcqa_sim.report.numbers import Answer, Numbers
from pcqa_sim.report.often import often
from pcqa_sim.report.questions import demand, failure, phone, resolved, seen, tipping, turned_away, work
from pcqa_sim.results.metrics.bands import LENGTH_EDGES, WAIT_EDGES, band_names
from pcqa_sim.scenario import NETWORK, ObservedBand, Practice
from pcqa_sim.study.methods.replicate import Study


def answers(study: Study, key: str) -> list[Answer]:
    """Return the questions a practice asks of a run, answered."""
    numbers = Numbers(study.summary, key)
    if key == NETWORK:
        return _of_network(study, numbers)
    practice = study.scenario.practices[key]
    answered = [
        demand(numbers),
        failure(numbers),
        phone(numbers),
        turned_away(numbers, contract(study.scenario, key, numbers.mean(TOLD), already_said=True)),
        seen(numbers, practice),
        work(numbers),
        resolved(numbers),
        often(numbers),
        tipping(numbers),
    ]
    if practice.observed is not None:
        answered.append(_observed(numbers, practice))
    return answered


def _of_network(study: Study, n: Numbers) -> list[Answer]:
    """Return the questions asked of a network, with a table of its practices."""
    scenario = study.scenario
    every = numbers_of(scenario, study.summary)
    told = contract_of_network(scenario, {key: every[key].mean(TOLD) for key in scenario.practices})
    side_by_side = Answer(
        "How do the practices compare?",
        tuple(filter(None, (furthest_apart(scenario, every), fairness(scenario, every)))),
        tuple(tables_text(scenario, every)),
    )
    return [side_by_side, demand(n), failure(n), phone(n), turned_away(n, told), work(n), resolved(n)]


def _observed(n: Numbers, practice: Practice) -> Answer:
    seen = practice.observed
    assert seen is not None
    question = f"How does it compare with the practice's own {seen.date:%A} {seen.date.day} {seen.date:%B %Y}?"
    if not seen.inbound:
        return Answer(question, ("No calls were observed on that day.",))
    calls = f"{seen.inbound:,.0f} calls observed"
    if not n.has("answered_share"):
        return Answer(question, (f"{calls}; in the simulation nobody called, or nobody got a line.",))
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
