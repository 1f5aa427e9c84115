"""People at places in the community, a row each time somebody is sent to one, and what must hold of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Columns, Words
from pcqa_sim.results.rows import Rows, known, places
from pcqa_sim.results.tables import Tables
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, clock_time
from pcqa_sim.values.needs import SIGNPOSTED
from pcqa_sim.values.words import PlaceEnding, PlaceRoute

OPEN = "open"
_A_LITTLE = 1e-3  # minutes; amounts are kept in 32 bits


def referral_columns(tables: Tables) -> Columns:
    """Referrals: person, need, contact, place, route, sent, ahead, began, waited_for, sessions, minutes, ended, ending.

    `contact` is -1 for who came by themselves, and for an offer that was declined; `ahead` were on the list before.

    `sent`, `began` and `ended` are minutes of the run (NaN while not); `waited_for` is what somebody waited for before
    the first session; `sessions` and `minutes` are those so far; `ending` is "open" while it has not ended.
    """
    sent, began, ended = map(tables.rows, (log.PLACE_SENT, log.PLACE_BEGAN, log.PLACE_ENDED))
    session = tables.rows(log.PLACE_SESSION)
    many = len(sent)
    begun, over, seen = (known(places(rows.key, sent.key)) for rows in (began, ended, session))
    return Columns(
        {
            "person": sent.person,
            "need": sent.need,
            "contact": sent.contact,
            "place": sent.who,
            "route": sent.code,
            "sent": sent.time,
            "ahead": sent.amount,
            "began": _at(many, begun, began.time),
            "waited_for": _words(many, begun, began.code, ""),
            "sessions": np.bincount(seen, minlength=many).astype(np.int64),
            "minutes": np.bincount(seen, session.amount, minlength=many),
            "ended": _at(many, over, ended.time),
            "ending": _words(many, over, ended.code, OPEN),
        }
    )


def check_referrals(tables: Tables, open_at_end: Mapping[str, int]) -> None:
    """A referral = waiting | engaged | completed | dropped out | declined | left the list | lost | bounced | open.

    Each is one of these and no two; nobody begins before being sent or goes on after the end; no place looks after more
    people than it has places for. Raises ValueError naming the first breach.
    """
    sent = tables.rows(log.PLACE_SENT)
    for event in (log.PLACE_SENT, log.PLACE_BEGAN, log.PLACE_ENDED):
        _once(tables.rows(event), event)
    _where_sent(tables, sent)
    referrals = referral_columns(tables)
    ending, began, ended = referrals.words("ending"), referrals["began"], referrals["ended"]
    _all(referrals, referrals.words("route").isin(PlaceRoute), "was sent in no known way")
    _all(referrals, ending.isin((*PlaceEnding, OPEN)), "ended in no known way")
    _all(referrals, ~(began < referrals["sent"]), "began before it was sent")
    _all(referrals, ~(ended < began), "ended before it began")
    stayed = ending.isin((PlaceEnding.COMPLETED, PlaceEnding.DROPPED_OUT))
    never = ending.isin((PlaceEnding.DECLINED, PlaceEnding.LEFT_THE_LIST, PlaceEnding.LOST))
    _all(referrals, ~stayed | (~np.isnan(began) & (referrals["sessions"] > 0)), "ended as if it had begun")
    _all(referrals, ~never | np.isnan(began), "began and ended as if it had not")
    _all(referrals, (referrals["sessions"] == 0) | ~np.isnan(began), "had a session and never began")
    _count_open(referrals, open_at_end)
    for place in sent.who.distinct():
        _check_caseload(tables, referrals.where(referrals.words("place") == place), place)


def _where_sent(tables: Tables, sent: Rows) -> None:
    """Refuse events at places to which nobody was sent, and people sent by nobody's decision."""
    for event in (log.PLACE_BEGAN, log.PLACE_SESSION, log.PLACE_ENDED):
        rows = tables.rows(event)
        lost = places(rows.key, sent.key) < 0
        if lost.any():
            _refuse(rows, int(np.flatnonzero(lost)[0]), f"has {event} and was sent nowhere")
    decided, ended = tables.rows(log.DECIDED), tables.rows(log.PLACE_ENDED)
    by_practice = decided.where(decided.code.where(lambda word: word.startswith(SIGNPOSTED)))
    declined = ended.where(ended.code == PlaceEnding.DECLINED)
    sent_by_it = sent.code == PlaceRoute.SIGNPOSTED
    sent_by_it |= (sent.code == PlaceRoute.OFFERED) & (places(sent.key, declined.key) < 0)
    unsaid = sent_by_it & (places(sent.key, by_practice.key) < 0)
    if unsaid.any():
        _refuse(sent, int(np.flatnonzero(unsaid)[0]), "was sent to a place by nobody's decision")


def _count_open(referrals: Columns, open_at_end: Mapping[str, int]) -> None:
    place, still = referrals.words("place"), referrals.words("ending") == OPEN
    for name in {*place.distinct(), *open_at_end}:
        by_log, there = int((still & (place == name)).sum()), open_at_end.get(name, 0)
        if by_log != there:
            raise ValueError(f"{name}: {by_log} referrals are open by the log, {there} at the place")


def _check_caseload(tables: Tables, mine: Columns, place: str) -> None:
    """Nobody begins at a place that is full; where it has fewer places than before, those who are there stay."""
    rows = tables.rows(log.PLACE_CAPACITY)
    rows = rows.where(rows.who == place)
    begun = mine.known("began")
    if not len(begun) or not len(rows):
        return
    most = np.maximum.accumulate(np.where(rows.amount < 0, np.inf, rows.amount))
    order = np.argsort(begun["began"], kind="stable")
    began = begun["began"][order]
    ended = np.sort(begun["ended"][~np.isnan(begun["ended"])])
    there = np.arange(1, len(began) + 1) - np.searchsorted(ended, began + _A_LITTLE, side="right")
    places_then = most[np.maximum(np.searchsorted(rows.time, began, side="right") - 1, 0)]
    full = there > places_then
    if full.any():
        at = int(np.flatnonzero(full)[0])
        said = f"looks after {there[at]} people and has {places_then[at]:g} places"
        raise ValueError(f"{place}, day {int(began[at] // DAY)} {clock_time(began[at])}: {said}")


def _at(many: int, at: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    column = np.full(many, np.nan)
    column[at] = values
    return column


def _words(many: int, at: NDArray[np.int64], values: Words, elsewhere: str) -> Words:
    words = values.words if elsewhere in values.words else (*values.words, elsewhere)
    codes = np.full(many, words.index(elsewhere), dtype=np.int16)
    codes[at] = values.codes
    return Words(codes, words)


def _once(rows: Rows, event: str) -> None:
    order = np.argsort(rows.key, kind="stable")
    again = np.flatnonzero(np.diff(rows.key[order]) == 0)
    if len(again):
        _refuse(rows, int(order[again[0] + 1]), f"has {event} twice")


def _all(referrals: Columns, good: NDArray[np.bool_], fault: str) -> None:
    if not good.all():
        at = int(np.flatnonzero(~good)[0])
        where = f"need {referrals['need'][at]}, contact {referrals['contact'][at]}"
        raise ValueError(f"{where}, sent to {referrals.words('place').tolist()[at]}: {fault}")


def _refuse(rows: Rows, at: int, fault: str) -> None:
    when = f"day {int(rows.time[at] // DAY)} {clock_time(rows.time[at])}"
    raise ValueError(f"need {rows.need[at]}, contact {rows.contact[at]}, {when}: {fault}")
