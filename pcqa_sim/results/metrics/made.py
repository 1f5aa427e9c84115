"""Metrics of the work that a practice makes for itself: follow-ups, tests and referrals, by who makes them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Words
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.results.tables import role_of
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import AWAITING_TEST, PLANNED_FOLLOW_UP, REFERRED

MADE = (PLANNED_FOLLOW_UP, AWAITING_TEST, REFERRED)


@metric("work made by consultations", "share of consultations")
def work_made_share(c: Counted) -> dict[str, Ratio]:
    """Share of consultations that make more work: a follow-up, a test, a referral; in all, by which, role, clinician.

    It is the work a practice makes for itself, needed or not: how clinicians of one role differ in it is what peer
    review looks at.
    """
    seen = c.tables.rows(log.CONSULT_ENDED)
    made, all_seen = seen.code.isin(MADE), c.by_day(seen.time)
    found = {"": Ratio(c.by_day(seen.time[made]), all_seen)}
    for what in MADE:
        found[f"made={what}"] = Ratio(c.by_day(seen.time[seen.code == what]), all_seen)
    for word, who in (("role", role_of(seen.who)), ("clinician", seen.who)):
        found |= _by(c, word, who, seen.time, made)
    return found


def _by(c: Counted, word: str, who: Words, time: NDArray[np.float64], made: NDArray[np.bool_]) -> dict[str, Ratio]:
    """Return the share that makes more work, by a word of whoever had the consultation."""
    names = tuple(sorted(who.distinct()))
    below = c.by_word(who, names, time)
    above = c.by_word(who[made], names, time[made])
    return {f"{word}={name}": Ratio(above[name], below[name]) for name in names}
