"""Metrics of what reception does with what is asked: whether people leave with a next step, which, and when they know.

Counted are the contacts that people made and somebody decided on. Nothing here is said of people who were never heard:
`requests_heard_share` counts them. Groups are by sort of need: any, with a clinical question, administrative, and
planned care that people ask for.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Columns, Words
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import (
    ANOTHER_DAY,
    APPOINTMENT_STANDS,
    BOOKED_AHEAD,
    BOOKED_TODAY,
    CALL_ANOTHER_DAY,
    DESK,
    DISPOSITION_OF,
    NETWORK_HUB,
    NO_NEXT_STEP,
    RESULT_NOT_BACK,
    RESULT_TOLD,
    SENT_ON,
    TOLD_OR_DONE,
)

_APPOINTMENT = "appointment"
_DOES = {
    BOOKED_TODAY: _APPOINTMENT,
    BOOKED_AHEAD: _APPOINTMENT,
    APPOINTMENT_STANDS: _APPOINTMENT,
    CALL_ANOTHER_DAY: ANOTHER_DAY,
    RESULT_NOT_BACK: "not_back",
    RESULT_TOLD: TOLD_OR_DONE,
} | {decided: place for place, decided in DISPOSITION_OF.items()}
"""What reception does, in a word, by disposition."""
DONE = (*dict.fromkeys(_DOES.values()), NETWORK_HUB)
_NO_STEP = (ANOTHER_DAY, NO_NEXT_STEP)
_KNOWN = ("there_and_then", "later_that_day", "next_day", "later")


@metric("left without a next step", "share of requests decided", "less")
def contact_failed_no_next_step(c: Counted) -> dict[str, Ratio]:
    """Share of decided requests after which the person did not know what would happen next."""
    did = _decided(c)
    return _by_need(c, did, did.words("did") == NO_NEXT_STEP)


@metric("an appointment as the next step", "share of requests with a next step")
def next_step_appointment(c: Counted) -> dict[str, Ratio]:
    """Share of requests with a next step that have an appointment: one that was booked, or stands already.

    Without a next step are people told to call another day, and those told nothing. (In the survey people may name
    several next steps; here each request has one.)
    """
    known = _with_next_step(c)
    return _by_need(c, known, known.words("did") == _APPOINTMENT)


@metric("how soon the next step is known", "share of requests with a next step")
def next_step_known_there_and_then(c: Counted) -> dict[str, Ratio]:
    """Share of requests with a next step by when the person knew it: there and then, that day, the next day, or later.

    There and then is on the phone (unless called back), at the desk, and when an appointment is booked in the app.
    Whoever wrote, or asked to be called back, knows when it is read or they are called.
    """
    known = _with_next_step(c)
    at_once = np.isnan(known["called_back_after"]) & ~known["written"]
    days = known["decided"] // DAY - known["opened"] // DAY
    when = Words(np.where(at_once, 0, 1 + np.minimum(days, 2)).astype(np.int16), _KNOWN)
    every = c.by_day(known["decided"])
    return {f"when={w}": Ratio(count, every) for w, count in c.by_word(when, _KNOWN, known["decided"]).items()}


@metric("what reception does", "share of requests decided")
def reception_does_share(c: Counted) -> dict[str, Ratio]:
    """Share of decided requests with which each thing was done, in all and, of the measured weeks, by kind of need."""
    did = _decided(c)
    found = _done(c, did, "")
    for kind in (*c.practice.demand.kinds, *c.practice.planned.programmes):
        found |= _done(c, did.where(did.words("kind") == kind), f"{kind}:")
    return found


def _done(c: Counted, did: Columns, kind: str) -> dict[str, Ratio]:
    every = c.by_day(did["decided"])
    counts = c.by_word(did.words("did"), DONE, did["decided"])
    return {f"did={kind}{word}": Ratio(count, every, whole=bool(kind)) for word, count in counts.items()}


@metric("clinical needs asked about that a clinician sees", "share of needs that end")
def clinical_needs_seen_share(c: Counted) -> dict[str, Ratio]:
    """Share of needs with a clinical question that were asked about and end for which a clinician has seen the person.

    By the day they end, in all and by kind of need.
    """
    needs = c.asked_about
    needs = needs.where(~needs.words("kind").isin(c.administrative) & ~np.isnan(needs["closed"]))
    seen = needs.where(~np.isnan(needs["seen"]))
    groups = {"need=clinical": Ratio(c.by_day(seen["closed"]), c.by_day(needs["closed"]))}
    kinds = [name for name in c.practice.demand.kinds if name not in c.administrative]
    above, below = (c.by_word(part.words("kind"), kinds, part["closed"]) for part in (seen, needs))
    return groups | {f"kind={kind}": Ratio(above[kind], below[kind]) for kind in kinds}


def _decided(c: Counted) -> Columns:
    """Return the contacts that people made and somebody decided on: when, and what was done."""
    at = c.tables.contacts_of(log.DECIDED)
    decided = np.full(len(c.contacts), np.nan)
    decided[at] = c.tables.rows(log.DECIDED).time
    contacts = c.contacts.joined_by(decided=decided, written=~np.isnan(c.contacts["front_min"]) & ~_at_desk(c))
    made = contacts.where(c.is_made & ~np.isnan(decided))
    return made.joined_by(did=made.words("disposition").mapped(_does))


def _does(disposition: str) -> str:
    return _DOES.get(disposition) or disposition.removeprefix(SENT_ON)


def _at_desk(c: Counted) -> NDArray[np.bool_]:
    at_desk: NDArray[np.bool_] = c.contacts.words("channel") == DESK
    return at_desk


def _with_next_step(c: Counted) -> Columns:
    did = _decided(c)
    return did.where(~did.words("did").isin(_NO_STEP))


def _by_need(c: Counted, did: Columns, which: NDArray[np.bool_]) -> dict[str, Ratio]:
    """Return the share of requests for which `which` holds, by sort of need."""
    planned = did.words("kind").isin(c.practice.planned.programmes)
    administrative = did.words("kind").isin(c.administrative)
    sorts: Mapping[str, NDArray[np.bool_]] = {
        "any": np.ones(len(did), dtype=bool),
        "clinical": ~planned & ~administrative,
        "administrative": administrative,
        "planned": planned,
    }
    at = did["decided"]
    return {f"need={name}": Ratio(c.by_day(at[mine & which]), c.by_day(at[mine])) for name, mine in sorts.items()}
