"""Metrics of what follows, person by person: after getting nowhere (a survey's question), after seeing one's own GP.

An episode begins when a person first gets nowhere with a need, and lasts a week: what they do in it are the answers
they would give, several if they did several things.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Words
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.results.rows import Rows
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import WEEK
from pcqa_sim.values.needs import (
    AFTER_BALKING,
    AFTER_ENGAGED,
    AFTER_RENEGING,
    ASKED_THROUGH,
    BALKED,
    CALL_ANOTHER_DAY,
    CALLED_WHILE_CLOSED,
    CLOSED,
    DESK,
    FORM_REFUSED,
    NO_NEXT_STEP,
    NO_SLOT_ONLINE,
    NOT_CALLED_BACK,
    ONLINE,
    PHONE,
    SELF_TREATED,
    TOLD_ANOTHER_DAY,
    WENT_ELSEWHERE,
)
from pcqa_sim.values.words import GP

_AGAIN = (
    AFTER_ENGAGED,
    AFTER_BALKING,
    AFTER_RENEGING,
    CALLED_WHILE_CLOSED,
    FORM_REFUSED,
    NOT_CALLED_BACK,
    NO_NEXT_STEP,
    NO_SLOT_ONLINE,
    TOLD_ANOTHER_DAY,
)
_CHANNELS = {PHONE: "called_again", ONLINE: "went_online", DESK: "came_to_desk"}

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@metric("what people did who got nowhere", "share of those who got nowhere")
def after_failure_share(c: Counted) -> dict[str, Ratio]:
    """Share of people who got nowhere who did each thing within a week, several of them a person: a survey's question.

    Who gets nowhere does not get through, is put off by the menu, is not called back, finds the form closed or full, is
    told to call another day or left without a next step (published: after_failed_contact_*). A call while the practice
    is closed begins nothing. Only episodes whose week lies inside the run are counted, by the day on which they begin.
    Nothing is what those did who were not heard of again.
    """
    need, since = _episodes(c)
    within = since < c.scenario.end - WEEK
    every = c.by_day(since[within])
    shares, did = {}, np.zeros(len(since), dtype=bool)
    for answer, marked in _answers(c, need, since).items():
        did |= marked
        shares[f"answer={answer}"] = Ratio(c.by_day(since[marked & within]), every)
    shares["answer=nothing"] = Ratio(c.by_day(since[~did & within]), every)
    return shares


def _episodes(c: Counted) -> tuple[Numbers, Floats]:
    """Return of each episode the need and the minute at which it begins, in order of both."""
    failed = [c.tables.rows(event) for event in (log.ENGAGED, log.FORM_REFUSED, log.CALLBACK_LAPSED)]
    missed, menu, decided = (c.tables.rows(event) for event in (log.MISSED, log.MENU_ENDED, log.DECIDED))
    by_people = c.is_made[c.tables.contacts_of(log.DECIDED)]
    failed += [
        missed.where(missed.code != CLOSED),
        menu.where(menu.code == BALKED),
        decided.where(decided.code.isin((CALL_ANOTHER_DAY, NO_NEXT_STEP)) & by_people),
    ]
    need = np.concatenate([rows.need for rows in failed])
    time = np.concatenate([rows.time for rows in failed])
    order = np.lexsort((time, need))
    need, time = need[order], time[order]
    first = np.zeros(len(need), dtype=bool)
    whose, until = -1, 0.0
    for place, (one, at) in enumerate(zip(need.tolist(), time.tolist(), strict=True)):
        if one != whose or at >= until:
            first[place], whose, until = True, one, at + WEEK
    return need[first], time[first]


def _answers(c: Counted, need: Numbers, since: Floats) -> dict[str, NDArray[np.bool_]]:
    """Return for each answer in which episodes it was given."""
    opened = c.tables.rows(log.CONTACT_OPENED)
    again = opened.where(opened.code.isin(_AGAIN) & opened.who.isin(ASKED_THROUGH))
    found = {"tried_again": _marked(need, since, again)}
    for channel, answer in _CHANNELS.items():
        found[answer] = _marked(need, since, again.where(again.who == channel))
    went = Rows.together([c.tables.rows(log.NEXT_ACTION), c.tables.rows(log.ALSO_WENT)])
    for place in (*WENT_ELSEWHERE, SELF_TREATED):
        found[place] = _marked(need, since, went.where(went.code == place))
    return found


def _marked(need: Numbers, since: Floats, rows: Rows) -> NDArray[np.bool_]:
    """Tell of each episode whether any of some rows about its need lies within its week."""
    marked = np.zeros(len(need), dtype=bool)
    if not len(need) or not len(rows):
        return marked
    whose = np.searchsorted(need, rows.need, side="left")  # episodes of one need stand together, in order of time
    for later in range(int(np.bincount(np.unique(need, return_inverse=True)[1]).max())):
        at = np.minimum(whose + later, len(need) - 1)
        wait = rows.time - since[at]
        marked[at[(need[at] == rows.need) & (wait >= 0) & (wait < WEEK)]] = True
    return marked


@metric("time to the next GP consultation after one's own GP", "times that after another GP", "more")
def usual_gp_interval_ratio(c: Counted) -> Ratio:
    """Time to the next GP consultation after a relational one with one's usual GP, against one with another GP.

    Within persons: the ratio of two rates of next consultations a day, each person a stratum (Mantel and Haenszel), so
    that who needs more, and a run that ends before the next one, tip it neither way (published:
    continuity_revisit_interval). It has no value for a week or a day.
    """
    person, start, own, relational = _gp_consultations(c)
    later = np.append(np.where(person[1:] == person[:-1], start[1:], np.inf), np.inf)[: len(person)]
    seen = relational & (start < c.scenario.end)
    person, start, own, later = person[seen], start[seen], own[seen], later[seen]
    again, days = later < np.inf, np.minimum(later, c.scenario.end) - start
    many = len(c.people)
    with_own, with_other = (np.bincount(person[part], days[part], many) for part in (own, ~own))
    both = np.maximum(with_own + with_other, 1e-9)
    after_other, after_own = again & ~own, again & own
    above = c.by_day(later[after_other], (with_own / both)[person[after_other]])
    below = c.by_day(later[after_own], (with_other / both)[person[after_own]])
    return Ratio(above, below, whole=True)


def _gp_consultations(c: Counted) -> tuple[Numbers, Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return who had a GP consultation and when, in order of both, whether with their own GP, and if relational."""
    seen = c.tables.appointment_columns
    seen = seen.where((seen.words("status") == "attended") & (seen.words("role") == GP))
    seen = seen.where(np.lexsort((seen["start"], seen["person"])))
    own = seen.words("clinician").same_as(Words.of(c.usual)[seen["person"]])
    kind = c.tables.need_columns.words("kind")[c.tables.need_places(seen["need"])]
    relational = kind.isin([name for name, one in c.practice.demand.kinds.items() if one.relational])
    return seen["person"].astype(np.int64), seen["start"], own, relational
