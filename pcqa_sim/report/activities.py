"""The event log as other programs read it: what happened to each need, as activities of a case with a time.

`activities` is for process mining: a row is (case, activity, time, resource, detail). `steps` is the log of the package
vidigi (version 2), which animates queues: every entity arrives once, waits in queues, uses resources and departs.
A need is the case, or the entity. Both are computed from the log alone.
"""

from __future__ import annotations

import heapq
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from pcqa_sim.values import eventlog as log
from pcqa_sim.values.outside import cell

if TYPE_CHECKING:
    import pandas as pd

ACTIVITIES = {
    log.NEED_AROSE: "need arises",
    log.CONTACT_OPENED: "contact by {who}",
    log.ENGAGED: "line engaged",
    log.MENU_ENDED: "menu: {code}",
    log.QUEUED: "waits on the phone",
    log.CALLBACK_REQUESTED: "asks to be called back",
    log.MISSED: "call missed",
    log.ANSWERED: "call answered",
    log.CALLED_BACK: "called back",
    log.CALLBACK_LAPSED: "callback not made",
    log.TALK_ENDED: "call ends",
    log.FORM_REFUSED: "form refused",
    log.FRONT_SEEN: "dealt with at desk or inbox",
    log.FLAGGED: "taken for urgent",
    log.DECIDED: "decided: {code}",
    log.BOOKED: "appointment booked",
    log.NOTHING_FREE: "nothing free",
    log.CANCELLED: "appointment cancelled by {code}",
    log.CONSULT_ENDED: "consultation ends",
    log.DID_NOT_ATTEND: "appointment missed",
    log.RESULT_BACK: "result or paper is back",
    log.INVITED: "invited",
    log.NEXT_ACTION: "next: {code}",
    log.ALSO_WENT: "also turns to {code}",
    log.DETERIORATED: "gets worse",
    log.CARE_HOME_CALLED: "the home's staff call {code}",
    log.PLACE_SENT: "comes to a place in the community: {who}",
    log.PLACE_BEGAN: "begins at {who}",
    log.PLACE_SESSION: "session ends at {who}",
    log.PLACE_ENDED: "ends at {who}: {code}",
    log.NEED_CLOSED: "need ends: {code}",
}
"""What an event is called as an activity. Events that say nothing of a person's way are left out."""
BEGINS = "consultation begins"
_STAFF = (log.ANSWERED, log.CALLED_BACK, log.TALK_ENDED, log.FRONT_SEEN, log.DECIDED, log.FLAGGED, log.CONSULT_ENDED)
"""Events whose `who` is somebody of the staff; of appointments it is a clinician, too."""
_CLINICIANS = (log.BOOKED, log.CANCELLED, log.DID_NOT_ATTEND)

ARRIVES, QUEUES, USES, LEAVES_OFF = "arrival_departure", "queue", "resource_use", "resource_use_end"
_WAITS = {
    log.CONTACT_OPENED: "asks by {who}",
    log.QUEUED: "waits on the phone",
    log.CALLBACK_REQUESTED: "waits to be called back",
    log.ENGAGED: "got nowhere",
    log.MISSED: "got nowhere",
    log.CALLBACK_LAPSED: "got nowhere",
    log.NEXT_ACTION: "got nowhere",
    log.BOOKED: "waits for the appointment",
    log.DID_NOT_ATTEND: "at home after a missed appointment",
    log.CANCELLED: "at home after a cancelled appointment",
}
_TALKS = (log.ANSWERED, log.CALLED_BACK)


def activities(events: pd.DataFrame, practice: str, first_day: date) -> pd.DataFrame:
    """Return a practice's log as activities of needs, in order of time: case, activity, time, resource, detail.

    `time` is a local date and time; `first_day` is day 0 of the run.
    """
    import pandas as pd

    mine = _with_beginnings(_of_needs(events, practice))
    staffed = mine["event"].isin([*_STAFF, *_CLINICIANS, BEGINS])
    moment = pd.Timestamp(first_day) + pd.to_timedelta((mine["time_min"] * 60).round(), unit="s")
    return pd.DataFrame(
        {
            "case": mine["need"],
            "activity": _worded(mine, ACTIVITIES | {BEGINS: BEGINS}),
            "time": moment.dt.strftime("%Y-%m-%dT%H:%M:%S"),
            "resource": _safe(mine["who"].where(staffed, "")),
            "detail": _safe(mine["code"]),
        }
    ).reset_index(drop=True)


def steps(events: pd.DataFrame, practice: str, replication: int) -> pd.DataFrame:
    """Return a practice's log as vidigi reads it: entity_id, event_type, event, time, resource_id, run_number, pathway.

    `time` is minutes since the run began. A call handler has no number in the log: who is free with the lowest number
    is taken to have answered. `pathway` is the kind of need.
    """
    import pandas as pd

    mine = _with_beginnings(_of_needs(events, practice))
    parts = [
        _named(mine[mine["event"] == log.NEED_AROSE], ARRIVES, "arrival"),
        _queues(mine[mine["event"].isin(list(_WAITS))]),
        *_consultations(mine),
        *_talks(mine),
        _named(mine[mine["event"] == log.NEED_CLOSED], ARRIVES, "depart"),
    ]
    rows = pd.concat([part for part in parts if len(part)]).sort_values(["time_min", "at"], kind="stable")
    kinds = mine[mine["event"] == log.NEED_AROSE].set_index("need")["code"]
    rows = rows[rows["need"].isin(kinds.index)]
    return pd.DataFrame(
        {
            "entity_id": rows["need"],
            "event_type": rows["type"],
            "event": _safe(rows["step"]),
            "time": rows["time_min"].round(4),
            "resource_id": rows["resource"].astype("Int64"),
            "run_number": replication,
            "pathway": _safe(rows["need"].map(kinds)),
        }
    ).reset_index(drop=True)


def _of_needs(events: pd.DataFrame, practice: str) -> pd.DataFrame:
    """Return the rows of a practice that are about a need, their words as text, numbered as they came."""
    known = events["event"].isin(list(ACTIVITIES))
    mine = events[(events["practice"] == practice) & (events["need"] >= 0) & known]
    texts = {name: mine[name].astype(str) for name in ("event", "who", "code")}
    return mine.assign(**texts, at=np.arange(len(mine), dtype=float))


def _with_beginnings(mine: pd.DataFrame) -> pd.DataFrame:
    """Return rows in order of time, with one where each consultation begins."""
    import pandas as pd

    ended = mine[mine["event"] == log.CONSULT_ENDED]
    began = ended.assign(event=BEGINS, code="", time_min=ended["time_min"] - ended["amount"], at=ended["at"] - 0.5)
    return pd.concat([mine, began]).sort_values(["time_min", "at"], kind="stable")


def _worded(rows: pd.DataFrame, phrases: dict[str, str]) -> pd.Series:
    """Return each row's phrase, with its who and code in it."""
    words = rows[["event", "who", "code"]]
    each = words.drop_duplicates()
    told = [cell(phrases[e].format(who=w, code=c or "nothing said")) for e, w, c in each.itertuples(index=False)]
    found = dict(zip(each.itertuples(index=False, name=None), told, strict=True))
    return words.apply(tuple, axis=1).map(found)


def _safe(words: pd.Series) -> pd.Series:
    """Return words as cells that no spreadsheet takes for formulas."""
    return words.map({word: cell(word) for word in words.unique()})


def _named(rows: pd.DataFrame, kind: str, step: str) -> pd.DataFrame:
    return rows.assign(type=kind, step=step, resource=None)


def _queues(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(type=QUEUES, step=_worded(rows, _WAITS), resource=None)


def _consultations(mine: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return where consultations begin and end; "gp.3" is number 3 of those who are seen by gp."""

    def part(event: str, kind: str, step: str) -> pd.DataFrame:
        rows = mine[mine["event"] == event]
        who = rows["who"].str.rpartition(".")
        number = who[2].where(who[2].str.isdigit(), "0").astype(int)
        return rows.assign(type=kind, step=step + who[0].where(who[0] != "", rows["who"]), resource=number)

    return part(BEGINS, USES, "seen by "), part(log.CONSULT_ENDED, LEAVES_OFF, "has been seen by ")


def _talks(mine: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return where calls are answered and end, each with a number that nobody else has who talks meanwhile."""
    ends = mine[mine["event"] == log.TALK_ENDED].sort_values(["need", "contact"])
    begins = mine[mine["event"].isin(_TALKS)].sort_values(["need", "contact"])
    both = begins.merge(ends[["need", "contact", "time_min", "at"]], on=["need", "contact"], suffixes=("", "_end"))
    both = both.sort_values(["time_min", "at"]).reset_index(drop=True)
    both = both.assign(resource=_numbers(both["time_min"].tolist(), both["time_min_end"].tolist()))
    began = both.assign(type=USES, step="speaks to " + both["who"])
    ended = both.assign(time_min=both["time_min_end"], at=both["at_end"], type=LEAVES_OFF, step="has spoken")
    return began, ended


def _numbers(begins: list[float], ends: list[float]) -> list[int]:
    """Return the lowest number from 1 that is free for each stretch of time, in the order of their beginnings."""
    free: list[int] = []
    busy: list[tuple[float, int]] = []
    found = []
    for begin, end in zip(begins, ends, strict=True):
        while busy and busy[0][0] <= begin:
            heapq.heappush(free, heapq.heappop(busy)[1])
        number = heapq.heappop(free) if free else len(busy) + 1
        heapq.heappush(busy, (end, number))
        found.append(number)
    return found
