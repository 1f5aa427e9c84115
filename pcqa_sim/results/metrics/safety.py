"""Metrics of safety: what is urgent, who takes it for urgent, what becomes of it, and what is seen later than is safe.

How urgent a need is clinically is an input (`demand.kinds.NAME.urgency`); harm itself is too rare to be seen in one
practice's year. What is judged is the first decision about a need that somebody heard of from the person.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Columns, Words
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import (
    AN_EMERGENCY,
    BOOKED_AHEAD,
    BOOKED_TODAY,
    CALL_ANOTHER_DAY,
    DISPOSITION_OF,
    EMERGENCY_DEPARTMENT,
    LEVELS,
    NETWORK_HUB,
    RECOVERED,
    SENT_ON,
    SENT_ON_TO,
    URGENT,
    URGENT_TREATMENT_CENTRE,
)
from pcqa_sim.values.words import Service

SAFE_ENDINGS = (EMERGENCY_DEPARTMENT, URGENT_TREATMENT_CENTRE, NETWORK_HUB, Service.NHS_111.value, RECOVERED)
"""How needs end that were in time without a clinician of the practice: somebody sees to them, or they go."""
_BOOKED = (BOOKED_TODAY, BOOKED_AHEAD)
_DECIDED = {*_BOOKED, CALL_ANOTHER_DAY, *DISPOSITION_OF.values(), *(f"{SENT_ON}{to}" for to in SENT_ON_TO)}


@metric("needs seen later than is safe", "share of needs that cannot wait", "less")
def seen_later_than_safe_share(c: Counted) -> dict[str, Ratio]:
    """Share of needs asked about, routine ones left out, that no clinician had seen by when it was safe.

    In all, by the persons' groups, by kind and by urgency (routine ones too). It is known on the day on which that time
    is over. In time are those, too, who went to A&E, an urgent treatment centre, NHS 111 or the hub by then, or
    recovered, and of what is not urgent those whose need was met without a clinician.
    """
    needs = _asked_needs(c)
    pressing = needs.where(needs["urgency"] > 0)
    found = c.share_by_group(pressing["safe_by"], pressing["person"], pressing["late"])
    found |= _by_kind(c, pressing.words("kind"), pressing["safe_by"], pressing["late"])
    for number, level in enumerate(LEVELS):
        of_level = needs.where(needs["urgency"] == number)
        late, every = (c.by_day(part["safe_by"]) for part in (of_level.where(of_level["late"]), of_level))
        found[f"urgency={level}"] = Ratio(late, every)
    return found


@metric("needs that got worse", "share of needs that cannot wait", "less")
def deteriorated_share(c: Counted) -> dict[str, Ratio]:
    """Needs that got worse before anybody saw to them, by needs asked about that could not wait: by groups and kind.

    Each is counted on the day on which it got worse, beside needs on the day when it was over by when they were safe to
    be seen: so a week does not change when a run goes on.
    """
    needs = _asked_needs(c)
    pressing = needs.where(needs["urgency"] > 0)
    rows = c.tables.rows(log.DETERIORATED)
    rows = rows.where(np.isin(rows.need, pressing["need"]))
    rows = rows.where(np.unique(rows.need, return_index=True)[1])  # a need counts once
    found = c.by_group(rows.time, rows.person, pressing["safe_by"], pressing["person"])
    order, kind = np.argsort(pressing["need"]), pressing.words("kind")
    of_rows = kind[order[np.searchsorted(pressing["need"], rows.need, sorter=order)]]
    kinds = tuple(c.practice.demand.kinds)
    above, below = c.by_word(of_rows, kinds, rows.time), c.by_word(kind, kinds, pressing["safe_by"])
    return found | {f"kind={name}": Ratio(above[name], below[name]) for name in kinds}


@metric("requests taken for urgent", "share of requests first decided")
def flagged_share(c: Counted) -> dict[str, Ratio]:
    """Share of first decisions about needs in which they were flagged as urgent, rightly or not: in all and by kind.

    Without a value where nobody is asked to recognise what is urgent.
    """
    first = _first_decisions(c)
    first = first if _recognises(c) else first.where(np.zeros(len(first), dtype=bool))
    found = c.share_by_group(first["time"], first["person"], first["flagged"] > 0)
    return found | _by_kind(c, first.words("kind"), first["time"], first["flagged"] > 0)


@metric("urgent needs not taken for urgent", "share of urgent needs first decided", "less")
def urgent_missed_share(c: Counted) -> dict[str, Ratio]:
    """Share of urgent needs that were not flagged when somebody first decided: in all, by groups of people and kind."""
    urgent = _urgent(c)
    missed = urgent["flagged"] == 0
    found = c.share_by_group(urgent["time"], urgent["person"], missed)
    return found | _by_kind(c, urgent.words("kind"), urgent["time"], missed)


@metric("under-triage", "share of urgent needs first decided", "less")
def under_triage_share(c: Counted) -> dict[str, Ratio]:
    """Share of urgent needs taken for less urgent than they are, emergencies for what can wait until later today."""
    urgent = _urgent(c)
    under = urgent["flagged"] < urgent["urgency"]
    found = c.share_by_group(urgent["time"], urgent["person"], under)
    return found | _by_kind(c, urgent.words("kind"), urgent["time"], under)


@metric("over-triage", "share of requests flagged as urgent", "less")
def over_triage_share(c: Counted) -> dict[str, Ratio]:
    """Share of flagged needs, at the first decision, that are less urgent than they were taken for."""
    first = _first_decisions(c)
    flagged = first.where(first["flagged"] > 0)
    over = flagged["flagged"] > flagged["urgency"]
    found = c.share_by_group(flagged["time"], flagged["person"], over)
    return found | _by_kind(c, flagged.words("kind"), flagged["time"], over)


@metric("flagged needs sent on", "share of decisions about needs flagged as urgent", "less")
def sent_on_share(c: Counted) -> dict[str, Ratio]:
    """Share of decisions about flagged needs in which nobody here could see them today: by groups, kind and place.

    Emergencies that belong in A&E whatever there is are left out above the line.
    """
    flagged = _flagged_decisions(c)
    where = flagged.words("disposition").mapped(lambda word: word.removeprefix(SENT_ON))
    full = (flagged["flagged"] < AN_EMERGENCY) & where.isin(SENT_ON_TO)
    found = c.share_by_group(flagged["time"], flagged["person"], full)
    found |= _by_kind(c, flagged.words("kind"), flagged["time"], full)
    every = c.by_day(flagged["time"])
    of_place = c.by_word(where[full], SENT_ON_TO, flagged["time"][full])
    return found | {f"place={place}": Ratio(daily, every) for place, daily in of_place.items()}


@metric("what is decided about urgent needs that were flagged", "share of them")
def flagged_disposition_share(c: Counted) -> dict[str, Ratio]:
    """Share of first decisions about urgent needs that were flagged, by what was decided."""
    urgent = _urgent(c)
    return _by_disposition(c, urgent.where(urgent["flagged"] > 0))


@metric("what is decided about urgent needs that were missed", "share of them")
def missed_disposition_share(c: Counted) -> dict[str, Ratio]:
    """Share of first decisions about urgent needs that were not flagged, by what was decided."""
    urgent = _urgent(c)
    return _by_disposition(c, urgent.where(urgent["flagged"] == 0))


@metric("told to call another day, by kind of need", "share of requests decided", "less")
def refused_share(c: Counted) -> dict[str, Ratio]:
    """Share of decided requests that were told to call another day: by kind of need, by urgency, and if flagged."""
    every = c.decisions
    told = every.words("disposition") == CALL_ANOTHER_DAY
    found = _by_kind(c, every.words("kind"), every["time"], told)
    parts = {f"urgency={level}": every["urgency"] == number for number, level in enumerate(LEVELS)}
    parts["flagged=yes"] = every["flagged"] > 0
    for group, here in parts.items():
        found[group] = Ratio(c.by_day(every["time"][here & told]), c.by_day(every["time"][here]))
    return found


def _by_kind(c: Counted, kind: Words, time: NDArray[np.float64], which: NDArray[np.bool_]) -> dict[str, Ratio]:
    """Return the share for which something holds, by kind of need."""
    kinds = tuple(c.practice.demand.kinds)
    above, below = c.by_word(kind[which], kinds, time[which]), c.by_word(kind, kinds, time)
    return {f"kind={name}": Ratio(above[name], below[name]) for name in kinds}


def _by_disposition(c: Counted, decided: Columns) -> dict[str, Ratio]:
    every, words = c.by_day(decided["time"]), decided.words("disposition")
    known = tuple(sorted(_DECIDED.union(words.distinct())))  # the same in a run that goes on
    return {f"disposition={word}": Ratio(n, every) for word, n in c.by_word(words, known, decided["time"]).items()}


def _recognises(c: Counted) -> bool:
    return any(settings.triage.recognition for settings in c.scenario.settings_of(c.key))


def _first_decisions(c: Counted) -> Columns:
    """Return the first decision about each need."""
    every = c.decisions
    _, first = np.unique(every["need"], return_index=True)
    return every.where(np.sort(first))


def _urgent(c: Counted) -> Columns:
    first = _first_decisions(c)
    return first.where(first["urgency"] >= URGENT)


def _flagged_decisions(c: Counted) -> Columns:
    every = c.decisions
    return every.where(every["flagged"] > 0)


def _asked_needs(c: Counted) -> Columns:
    """Return needs with a clinical question that people asked about, by when each was safe, and whether it was late."""
    needs = c.tables.need_columns
    clinical = ~needs.words("kind").isin(c.administrative) | (c.urgency > 0)
    needs = needs.joined_by(urgency=c.urgency, seen=c.first_seen).where(c.is_asked_about & clinical)
    safe_by = _safe_by(c, needs)
    by_then = needs["closed"] <= safe_by
    safe = (needs["seen"] <= safe_by) | (by_then & needs.words("ending").isin(SAFE_ENDINGS))
    safe |= by_then & needs["met"] & (needs["urgency"] < URGENT)  # what is urgent takes a clinician
    known = safe_by <= c.scenario.end
    return needs.joined_by(safe_by=safe_by, late=~safe).where(known)


def _safe_by(c: Counted, needs: Columns) -> NDArray[np.float64]:
    """Return by which minute each need was safe to be seen to: the end of a day, but for emergencies."""
    within, kinds = c.practice.demand.safe_within, c.practice.demand.kinds
    routine = needs.words("kind").worth(
        lambda kind: float(kinds[kind].clinically_within_days) if kind in kinds else 0.0
    )
    days = np.choose(needs["urgency"], [routine, float(within.days), float(within.today_days), 0.0])
    midnight = (needs["asked"] // DAY + np.floor(days) + 1) * DAY
    urgent: NDArray[np.float64] = np.where(
        needs["urgency"] == AN_EMERGENCY, needs["asked"] + within.emergency_min, midnight
    )
    return urgent
