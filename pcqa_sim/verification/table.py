"""The table of `pcqa verify`: queueing cases against theory, then the promises of the practice model."""

from __future__ import annotations

import math
import time
from collections.abc import Generator

from pcqa_sim.verification.cases import CASES, QUICK, QUICK_CASES, Finding, check
from pcqa_sim.verification.promises import PROMISES

_CASE = max(len(case.name) for case in CASES)
_QUANTITY = max(len(name) for case in CASES for name in case.expected)
_PROMISE = max(len(words) for words in PROMISES)


Lines = Generator[str, None, list[bool]]
"""Lines as they are found; in the end, which checks hold."""


def table_lines(quick: bool = False) -> Lines:
    """Yield every check as it is made, and one line in the end; return which of them hold.

    `quick` looks at the phone alone and for a shorter time.
    """
    begun = time.monotonic()
    results = [*(yield from _cases(quick)), *(yield from _promises())]
    failed = results.count(False)
    verdict = "all hold" if not failed else f"{failed} FAIL"
    yield f"\n{len(results)} checks, {verdict}, {time.monotonic() - begun:.0f} seconds"
    return results


def _cases(quick: bool) -> Lines:
    """Yield the queueing cases; return what holds."""
    yield "Queues with a known answer: mean over replications +- standard error, z = standard errors from theory"
    yield f"{'case':{_CASE}}  {'quantity':{_QUANTITY}} {'theory':>8} {'measured':>9} {'+-':>8} {'z':>5}"
    holds = []
    for case in QUICK_CASES if quick else CASES:
        for found in check(case, QUICK if quick else 1.0):
            yield _line(found)
            holds.append(found.holds)
    return holds


def _line(found: Finding) -> str:
    z = "exact" if math.isnan(found.apart) else f"{found.apart:+.1f}"
    numbers = f"{found.theory:8.4f} {found.measured:9.4f} {found.error:8.5f} {z:>5}"
    return f"{found.case:{_CASE}}  {found.quantity:{_QUANTITY}} {numbers}  {_word(found.holds)}"


def _promises() -> Lines:
    """Yield the promises; return what holds."""
    yield "\nPromises of the practice model"
    holds = []
    for words, promise in PROMISES.items():
        held, detail = promise()
        yield f"{words:{_PROMISE}}  {_word(held):4}  {detail}"
        holds.append(held)
    return holds


def _word(holds: bool) -> str:
    return "ok" if holds else "FAIL"
