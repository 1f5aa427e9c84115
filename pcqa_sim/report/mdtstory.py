"""What a life tells of MDTs: found or named, discussed, a plan with a lead, contacts, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa

from pcqa_sim.results.mdt import FIRST_REVIEW
from pcqa_sim.results.run import Run
from pcqa_sim.scenario.groups import Mdt
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import WEEK
from pcqa_sim.values.words import GP, MdtEnding

_A_SMALL_WORD = 1.5
Say = Callable[[Mdt, str, float], str]


def at_mdts(run: Run, mine: pa.Table) -> Iterator[tuple[float, str]]:
    """Yield when something happened to somebody at MDTs after the warm-up, with the sentence that says it."""
    first = run.scenario.run.warm_up_weeks * WEEK
    columns = [mine["time_min"].to_pylist(), *(mine[name].to_pylist() for name in ("event", "who", "code", "amount"))]
    for time, event, who, code, amount in zip(*columns, strict=True):
        if event in SAID_AT_MDTS and time >= first and who in run.scenario.mdt:
            yield time, SAID_AT_MDTS[event](run.scenario.mdt[who], code, amount)


def _selected(mdt: Mdt, code: str, amount: float) -> str:
    ahead = f", {amount:,.0f} people waiting before" if amount >= _A_SMALL_WORD else ""
    if code == "nominated":
        return f"A clinician names the person for the {mdt.title}{ahead}."
    return f"The person is found for the {mdt.title}{ahead}."


def _reviewed(mdt: Mdt, code: str, amount: float) -> str:
    taken = f"the trouble is taken for {_SEVERE[code.partition('.')[0]]}"
    if code.endswith(FIRST_REVIEW):
        return f"The {mdt.title} discusses the person, {_days(amount)} after coming on its list: {taken}."
    return f"The {mdt.title} looks at the person's plan again: {taken} now."


def _planned(mdt: Mdt, code: str, amount: float) -> str:
    weeks = f"{amount / 7:,.0f} weeks"
    return f"There is a plan: the {_profession(code)} leads, and it is to be looked at again in {weeks}."


def _contact(mdt: Mdt, code: str, amount: float) -> str:
    return f"As was planned, the {_profession(code)} sees the person for {amount:,.0f} minutes."


def _profession(name: str) -> str:
    return "GP" if name == GP else name.replace("_", " ")


def _ended(mdt: Mdt, code: str, amount: float) -> str:
    return f"The {mdt.title} has done with it: the person {MdtEnding.of(code).phrase}."


def _days(days: float) -> str:
    return "a day" if round(days) == 1 else f"{days:,.0f} days"


_SEVERE = {"low": "mild", "middle": "middling", "high": "severe"}
SAID_AT_MDTS: dict[str, Say] = {
    log.MDT_SELECTED: _selected,
    log.MDT_REVIEWED: _reviewed,
    log.MDT_PLANNED: _planned,
    log.MDT_CONTACT: _contact,
    log.MDT_ENDED: _ended,
}
