"""People at MDTs, a row each time somebody comes on a list, and what must hold of them and of the meetings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Columns, Words
from pcqa_sim.results.rows import MOST_CONTACTS, Rows, places
from pcqa_sim.results.tables import Tables, role_of
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, clock_time
from pcqa_sim.values.words import MdtEnding, MdtMeeting

OPEN = "open"
CONTACT = "contact"
_A_LITTLE = 1e-3  # minutes; amounts are kept in 32 bits
FIRST_REVIEW = ".first"
MEETING = ".meeting"


def mdt_columns(tables: Tables) -> Columns:
    """Cases: person, mdt, how, selected, ahead, reviewed, planned, lead, ended, ending.

    `selected`, `reviewed` (first discussed), `planned` and `ended` are minutes of the run, NaN while not; `lead` is
    the profession of the first plan, "" for none; `ending` is "open" while it has not ended.
    """
    selected, planned, ended = map(tables.rows, (log.MDT_SELECTED, log.MDT_PLANNED, log.MDT_ENDED))
    reviewed = first_reviews(tables)
    at = {name: places(case_key(selected), case_key(rows)) for name, rows in
          (("reviewed", reviewed), ("planned", planned), ("ended", ended))}  # fmt: skip
    return Columns(
        {
            "person": selected.person,
            "mdt": selected.who,
            "how": selected.code,
            "selected": selected.time,
            "ahead": selected.amount,
            "reviewed": _times(at["reviewed"], reviewed),
            "planned": _times(at["planned"], planned),
            "lead": _words(at["planned"], planned.code, ""),
            "ended": _times(at["ended"], ended),
            "ending": _words(at["ended"], ended.code, OPEN),
        }
    )


def mdt_spent(tables: Tables) -> Columns:
    """Work of members and leads: time, mdt, profession, what (meeting, prepare, actions or contact), minutes."""
    around, contacts = tables.rows(log.MDT_TIME), tables.rows(log.MDT_CONTACT)
    return Columns(
        {
            "time": np.concatenate([around.time, contacts.time]),
            "mdt": Words.joined(around.code.mapped(lambda word: word.partition(".")[0]), contacts.who),
            "profession": Words.joined(role_of(around.who), contacts.code),
            "what": Words.joined(
                around.code.mapped(lambda word: word.partition(".")[2]), Words.same(CONTACT, len(contacts))
            ),
            "minutes": np.concatenate([around.amount, contacts.amount]),
        }
    )


def first_reviews(tables: Tables) -> Rows:
    """Return the rows of people who are discussed for the first time."""
    rows = tables.rows(log.MDT_REVIEWED)
    return rows.where(rows.code.where(lambda word: word.endswith(FIRST_REVIEW)))


def case_key(rows: Rows) -> NDArray[np.int64]:
    """Return a number for each row's person and which of their times at MDTs it is about."""
    key: NDArray[np.int64] = rows.person.astype(np.int64) * MOST_CONTACTS + rows.contact
    return key


def check_mdts(tables: Tables, open_at_end: Mapping[str, int]) -> None:
    """A person on a list = waiting | left | reviewed; reviewed = no plan | planned; planned = completed | open.

    Each is one of these and no two; nobody is discussed before being on the list, or after the end; nobody is on
    the list of an MDT twice at once, or in two meetings at once. Raises ValueError naming the first breach.
    """
    selected = tables.rows(log.MDT_SELECTED)
    mine = case_key(selected)
    for event in (log.MDT_SELECTED, log.MDT_ENDED):
        rows = tables.rows(event)
        _refuse_where(rows, _again(case_key(rows)), f"has {event} twice")
    _refuse_where(first := first_reviews(tables), _again(case_key(first)), "is discussed twice for the first time")
    for event in (log.MDT_REVIEWED, log.MDT_PLANNED, log.MDT_CONTACT, log.MDT_ENDED):
        rows = tables.rows(event)
        _refuse_where(rows, places(case_key(rows), mine) < 0, f"has {event} and is on no list")
    cases = mdt_columns(tables)
    _judge(cases)
    for name in {*cases.words("mdt").distinct(), *open_at_end}:
        by_log = int(((cases.words("ending") == OPEN) & (cases.words("mdt") == name)).sum())
        if by_log != open_at_end.get(name, 0):
            raise ValueError(f"MDT {name}: {by_log} people are open by the log, {open_at_end.get(name, 0)} at the MDT")
    _check_lists(cases)
    check_meetings(tables)


def _judge(cases: Columns) -> None:
    """Refuse a case whose times are out of order, or that ended otherwise than it went."""
    ending, selected, reviewed = cases.words("ending"), cases["selected"], cases["reviewed"]
    planned, ended = cases["planned"], cases["ended"]
    _all(cases, ending.isin((*MdtEnding, OPEN)), "ended in no known way")
    _all(cases, ~(reviewed < selected), "is discussed before being on the list")
    _all(cases, ~(planned < reviewed), "has a plan before being discussed")
    _all(cases, ~(ended < selected) & ~(ended < reviewed), "ended before it began")
    _all(cases, np.isnan(planned) | ~np.isnan(reviewed), "has a plan and was never discussed")
    _all(cases, (ending != MdtEnding.LEFT) | np.isnan(reviewed), "left the list having been discussed")
    _all(cases, (ending != MdtEnding.NO_PLAN) | (~np.isnan(reviewed) & np.isnan(planned)), "ended as if without a plan")
    _all(cases, (ending != MdtEnding.COMPLETED) | ~np.isnan(planned), "ended as if with a plan")


def _check_lists(cases: Columns) -> None:
    """Nobody is with one MDT twice at once."""
    until = np.where(np.isnan(cases["ended"]), np.inf, cases["ended"])
    order = np.lexsort((cases["selected"], cases["person"], cases.words("mdt").codes))
    person, mdt = cases["person"][order], cases.words("mdt").codes[order]
    same = (np.diff(person) == 0) & (np.diff(mdt) == 0)
    twice = np.flatnonzero(same & (cases["selected"][order][1:] < until[order][:-1]))
    if len(twice):
        raise ValueError(f"person {person[twice[0]]} is with one MDT twice at once")


def check_meetings(tables: Tables) -> None:
    """Each meeting is held, moved or lost; nobody sits in two at once."""
    meetings = tables.rows(log.MDT_MEETING)
    wrong = ~meetings.code.isin(MdtMeeting)
    if wrong.any():
        raise ValueError(f"a meeting of {meetings.who.tolist()[int(np.flatnonzero(wrong)[0])]} came to nothing known")
    spent = tables.rows(log.MDT_TIME)
    sat = spent.where(spent.code.where(lambda word: word.endswith(MEETING)))
    for who in sat.who.distinct():
        mine = sat.where(sat.who == who)
        order = np.argsort(mine.time, kind="stable")
        ends, begins = mine.time[order], (mine.time - mine.amount)[order]  # told as they come out
        clash = np.flatnonzero(begins[1:] < ends[:-1] - _A_LITTLE)
        if len(clash) and "." in who:  # a profession from outside may send several people
            at = begins[1:][clash[0]]
            raise ValueError(f"{who}, day {int(at // DAY)} {clock_time(at)}: is in two meetings at once")
    sessions = tables.rows(log.SESSION_ENDED)
    by_rota = sessions.amount[sessions.code == log.IN_MEETINGS].sum()
    told = sat.amount[sat.who.where(lambda word: "." in word)].sum()
    if by_rota > told + _A_LITTLE * max(1, len(sat)):  # a session may still be going on
        raise ValueError(f"clinicians were {by_rota:g} minutes in meetings by their rota, {told:g} by the meetings")


def _times(at: NDArray[np.int64], rows: Rows) -> NDArray[np.float64]:
    found = np.full(len(at), np.nan)
    found[at >= 0] = rows.time[at[at >= 0]]
    return found


def _words(at: NDArray[np.int64], values: Words, elsewhere: str) -> Words:
    words = values.words if elsewhere in values.words else (*values.words, elsewhere)
    codes = np.full(len(at), words.index(elsewhere), dtype=np.int16)
    codes[at >= 0] = values.codes[at[at >= 0]]
    return Words(codes, words)


def _again(key: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which of some numbers has been there before."""
    again = np.ones(len(key), dtype=bool)
    again[np.unique(key, return_index=True)[1]] = False
    return again


def _refuse_where(rows: Rows, wrong: NDArray[np.bool_], fault: str) -> None:
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        when = f"day {int(rows.time[at] // DAY)} {clock_time(rows.time[at])}"
        raise ValueError(f"person {rows.person[at]}, MDT {rows.who.tolist()[at]}, {when}: {fault}")


def _all(cases: Columns, good: NDArray[np.bool_], fault: str) -> None:
    if not good.all():
        at = int(np.flatnonzero(~good)[0])
        raise ValueError(f"person {cases['person'][at]}, MDT {cases.words('mdt').tolist()[at]}: {fault}")
