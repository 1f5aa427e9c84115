"""What reception does with what is asked, in sentences and by kind of need, where its rows say it and leave no rest."""

from __future__ import annotations

from pcqa_sim.report.names import words
from pcqa_sim.report.numbers import Answer, Numbers
from pcqa_sim.scenario import Practice
from pcqa_sim.values.needs import (
    ANOTHER_DAY,
    ELSEWHERE,
    NETWORK_HUB,
    NO_NEXT_STEP,
    PAPERWORK,
    RECEPTION,
    TOLD_OR_DONE,
)
from pcqa_sim.values.words import Place

QUESTION = "What does reception do with what is asked?"
_DOES = "reception_does_share"
_KINDS_SHOWN = 3  # those most often told to call another day; summary.csv has them all
_HOME = Place.SELF_CARE.value
_APPOINTMENT = ("next_step_appointment", "need=any")
_AT_ONCE = ("next_step_known_there_and_then", "when=there_and_then")
_SEEN = ("clinical_needs_seen_share", "need=clinical")
_COLUMNS = (
    ("booked", ("appointment",)),
    ("another day", (ANOTHER_DAY,)),
    ("written", (PAPERWORK,)),
    ("told, done", (TOLD_OR_DONE, RECEPTION, "not_back")),
    ("advice", (_HOME,)),
    ("elsewhere", (*(place for place in ELSEWHERE if place != _HOME), NETWORK_HUB)),
    ("no step", (NO_NEXT_STEP,)),
)


def reception(n: Numbers, practice: Practice) -> list[Answer]:
    """Return what reception does, where it is said by rows without a remainder; nothing is said where it is not."""
    if n.mean(_DOES, f"did={RECEPTION}") > 0 or not n.has(_DOES, "did=appointment"):
        return []
    lost, appointment = n.percent("contact_failed_no_next_step", "need=any"), n.percent(*_APPOINTMENT)
    said = (
        f"Of the requests that somebody hears, {lost} end without a next step. Of those with one, {appointment} have "
        f"an appointment, and {n.percent(*_AT_ONCE)} know it there and then. A clinician sees {n.percent(*_SEEN)} of "
        "needs with a clinical question that are asked about."
    )
    heard = [kind for kind in (*practice.demand.kinds, *practice.planned.programmes) if _heard(n, kind)]
    kinds = sorted(heard, key=lambda kind: -n.mean(_DOES, f"did={kind}:{ANOTHER_DAY}"))[:_KINDS_SHOWN]
    head = f"{'':<28}" + "".join(f"{title:>12}" for title, _ in _COLUMNS)
    return [Answer(QUESTION, (said,), (head, *(_line(n, kind) for kind in ("", *kinds))))]


def _heard(n: Numbers, kind: str) -> bool:
    return any(n.mean(_DOES, f"did={kind}:{word}") > 0 for _, did in _COLUMNS for word in did)


def _line(n: Numbers, kind: str) -> str:
    """Return one kind's row: the share of its requests with which each thing was done, in per cent."""
    prefix = f"did={kind}:" if kind else "did="
    shares = (sum(n.mean(_DOES, prefix + word) for word in did) for _, did in _COLUMNS)
    return f"{words(kind) if kind else 'all requests':<28}" + "".join(f"{share * 100:>10.1f} %" for share in shares)
