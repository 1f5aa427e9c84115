"""The table that `pcqa verify` prints: queueing cases against theory, then the promises of the practice model."""

from __future__ import annotations

import math
import time

from pcqa_sim.verification.cases import CASES, QUICK, QUICK_CASES, Finding, check
from pcqa_sim.verification.promises import PROMISES

_CASE = max(len(case.name) for case in CASES)
_QUANTITY = max(len(name) for case in CASES for name in case.expected)
_PROMISE = max(len(words) for words in PROMISES)


def print_table(quick: bool = False) -> bool:
    """Print every check as it is made, and one line in the end; return whether all hold.

    `quick` looks at the phone alone and for a shorter time.
    """
    begun = time.monotonic()
    results = [*_print_cases(quick), *_print_promises()]
    failed = results.count(False)
    verdict = "all hold" if not failed else f"{failed} FAIL"
    print(f"\n{len(results)} checks, {verdict}, {time.monotonic() - begun:.0f} seconds", flush=True)
    return not failed


def _print_cases(quick: bool) -> list[bool]:
    """Print the queueing cases; return what holds."""
    print("Queues with a known answer: mean over replications +- standard error, z = standard errors from theory")
    print(f"{'case':{_CASE}}  {'quantity':{_QUANTITY}} {'theory':>8} {'measured':>9} {'+-':>8} {'z':>5}")
    holds = []
    for case in QUICK_CASES if quick else CASES:
        for found in check(case, QUICK if quick else 1.0):
            print(_line(found), flush=True)
            holds.append(found.holds)
    return holds


def _line(found: Finding) -> str:
    z = "exact" if math.isnan(found.apart) else f"{found.apart:+.1f}"
    numbers = f"{found.theory:8.4f} {found.measured:9.4f} {found.error:8.5f} {z:>5}"
    return f"{found.case:{_CASE}}  {found.quantity:{_QUANTITY}} {numbers}  {_word(found.holds)}"


def _print_promises() -> list[bool]:
    """Print the promises; return what holds."""
    print("\nPromises of the practice model")
    holds = []
    for words, promise in PROMISES.items():
        held, detail = promise()
        print(f"{words:{_PROMISE}}  {_word(held):4}  {detail}", flush=True)
        holds.append(held)
    return holds


def _word(holds: bool) -> str:
    return "ok" if holds else "FAIL"
