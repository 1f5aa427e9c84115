"""Where people are through one day, from the event log: each need moves from stage to stage until it leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import NO_NEXT_STEP, TOLD_OR_DONE

if TYPE_CHECKING:
    import pandas as pd

STAGES = (
    "calling: the recorded menu",
    "in the phone queue",
    "waiting to be called back",
    "at the desk, or in the online inbox",
    "talking with reception",
    "a clinician is to decide",
    "waiting for an appointment today",
    "with a clinician",
    "sent elsewhere: community, self-care, other services",
    "got nowhere today",
    "booked for another day",
    "done for today",
)
(CALLING, QUEUE, CALLBACK, FRONT, TALKING, TRIAGE, WAITING, SEEN, COMMUNITY, NOWHERE, BOOKED, DONE) = range(len(STAGES))
PASSING = (NOWHERE, BOOKED, DONE)
"""Stages in which people are counted from then on: they have left."""
FIRST, LAST = 7 * 60 + 30, 19 * 60
"""Minutes of the day between which it is shown."""
_AT = {
    log.ENGAGED: NOWHERE,
    log.QUEUED: QUEUE,
    log.CALLBACK_REQUESTED: CALLBACK,
    log.MISSED: NOWHERE,
    log.CALLBACK_LAPSED: NOWHERE,
    log.FORM_REFUSED: NOWHERE,
    log.ANSWERED: TALKING,
    log.CALLED_BACK: TALKING,
    log.TALK_ENDED: TRIAGE,
    log.FRONT_SEEN: TRIAGE,
    log.CONSULT_ENDED: DONE,
    log.DID_NOT_ATTEND: NOWHERE,
    log.NEXT_ACTION: NOWHERE,
    log.PLACE_SENT: COMMUNITY,
    log.NEED_CLOSED: DONE,
}
_FRONT = ("desk", "online", "app")
_DECIDED = {
    "call_another_day": NOWHERE,
    NO_NEXT_STEP: NOWHERE,
    "signposted_to": COMMUNITY,
    "sent_on_to": COMMUNITY,
    TOLD_OR_DONE: DONE,
    "result": DONE,
    "appointment_stands": DONE,
    "paperwork": DONE,
}
_MENU = {"informed": DONE, "balked": NOWHERE, "closed": NOWHERE}


@dataclass(frozen=True)
class Moves:
    """One side's day: for each need the minutes of the day and the stages it moves to, in order of time."""

    name: str
    needs: tuple[tuple[tuple[float, int], ...], ...]

    def counts(self, minute: float) -> list[int]:
        """Return how many are in each stage at a minute."""
        found = [0] * len(STAGES)
        for moves in self.needs:
            stage = next((one for at, one in reversed(moves) if at <= minute), None)
            if stage is not None:
                found[stage] += 1
        return found


def moves_of(events: pd.DataFrame, practice: str, day: int, name: str) -> Moves:
    """Return where everybody is on a day of the run (0 is its first), of those who move on it at all."""
    start = day * DAY
    mine = events[(events["practice"] == practice) & (events["need"] >= 0)]
    mine = mine[(mine["time_min"] >= start) & (mine["time_min"] < start + DAY)]
    began = mine[mine["event"] == log.CONSULT_ENDED]
    rows = [
        (float(at - length) - start, int(need), SEEN)
        for at, need, length in zip(began["time_min"], began["need"], began["amount"], strict=True)
    ]
    columns = (mine[one] for one in ("time_min", "need", "event", "who", "code", "amount"))
    for at, need, event, who, code, amount in zip(*columns, strict=True):
        stage = _stage(str(event), str(who), str(code), float(amount), float(at) - start)
        if stage is not None:
            rows.append((float(at) - start, int(need), stage))
    return Moves(name, tuple(_by_need(rows)))


def _stage(event: str, who: str, code: str, amount: float, minute: float) -> int | None:
    """Return the stage that an event moves somebody to, None where it moves nobody."""
    if event == log.CONTACT_OPENED:
        return CALLING if who == "phone" else FRONT if who in _FRONT else None
    if event == log.MENU_ENDED:
        return _MENU.get(code)
    if event == log.DECIDED:
        return next((stage for begins, stage in _DECIDED.items() if code.startswith(begins)), None)
    if event == log.BOOKED:
        return WAITING if minute + amount < DAY else BOOKED
    return _AT.get(event)


def _by_need(rows: Sequence[tuple[float, int, int]]) -> Iterator[tuple[tuple[float, int], ...]]:
    """Yield each need's moves, without those that change nothing; a stage at the same minute replaces the last."""
    each: dict[int, list[tuple[float, int]]] = {}
    for at, need, stage in sorted(rows, key=lambda row: row[0]):
        mine = each.setdefault(need, [])
        if mine and mine[-1][1] == stage:
            continue
        if mine and stage == DONE and mine[-1][1] in (NOWHERE, BOOKED, COMMUNITY):
            continue  # that a need ends says nothing of where the person went
        if mine and stage == NOWHERE and mine[-1][1] in (BOOKED, WAITING, COMMUNITY):
            continue
        mine.append((round(at, 2), stage))
    for mine in each.values():
        if any(stage != DONE for _, stage in mine):
            yield tuple(mine)


def table(sides: Sequence[Moves], every: int = 30) -> Mapping[str, list[tuple[str, list[int]]]]:
    """Return how many are in each stage every half hour, by side: the same day without a picture."""
    times = range(FIRST, LAST + 1, every)
    return {
        side.name: [(f"{minute // 60:02}:{minute % 60:02}", side.counts(minute)) for minute in times] for side in sides
    }
