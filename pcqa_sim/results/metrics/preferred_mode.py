"""Whether needs are dealt with in the mode that people asked for: face to face, by telephone, in writing.

What a person prefers is luck of the need and changes nothing in a run, so it is read off the need's key.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Words
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.results.rows import known, places
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.luck import activity, join_array, uniforms
from pcqa_sim.values.needs import (
    BROUGHT_IN,
    FACE_TO_FACE,
    HOME_VISIT,
    STRIP_BEFORE_THE_RUN,
    TELEPHONE,
    VIDEO,
    parts_of_numbers,
)

_PREFERS: Final = activity("prefers_a_mode")
_AS_GOOD: Final = {VIDEO: TELEPHONE, HOME_VISIT: FACE_TO_FACE}  # what does as well as what was asked for


@metric("needs dealt with in the mode asked for", "share of needs seen that people asked about", "more")
def mode_asked_for_share(c: Counted) -> dict[str, Ratio]:
    """Share of needs that people asked about whose first consultation was in the mode they would like.

    Clinician triage counts where it dealt with the need. In all, by the persons' groups, and by the mode preferred.
    There is none where nobody is asked (`channels.preferred_modes`).
    """
    shares = c.practice.channels.preferred_modes
    if shares is None:
        return {}
    booked, ended = c.tables.rows(log.BOOKED), c.tables.rows(log.CONSULT_ENDED)
    ended = ended.where(ended.code != BROUGHT_IN)
    _, first = np.unique(ended.need, return_index=True)  # rows are in order of time
    seen = ended.where(np.sort(first))
    asked = c.tables.need_columns.where(c.is_asked_about)["need"]
    strip = parts_of_numbers(seen.need)[3]
    seen = seen.where(np.isin(seen.need, asked) & (strip != STRIP_BEFORE_THE_RUN))
    mode = booked.code[known(places(seen.key, booked.key))].mapped(_mode_of)
    preferred = _preferred(c, seen.need, shares)
    as_preferred = mode.same_as(preferred)
    groups = c.share_by_group(seen.time, seen.person, as_preferred)
    for name in shares:
        mine = preferred == name
        groups[f"preferred={name}"] = Ratio(c.by_day(seen.time[mine & as_preferred]), c.by_day(seen.time[mine]))
    return groups


def _mode_of(code: str) -> str:
    """Return the mode of an appointment by its code in the log, as people prefer it."""
    mode = code.partition(".")[2].partition(".")[0]
    return _AS_GOOD.get(mode, mode)


def _preferred(c: Counted, needs: NDArray[np.int64], shares: dict[str, float]) -> Words:
    """Return the mode that a person prefers, for each of some needs."""
    person, kind, week, strip, index = parts_of_numbers(needs)
    keys = np.array(c.people.key)[person]
    for number, name in enumerate(c.practice.demand.kinds):
        of_kind = kind == number
        keys[of_kind] = join_array(keys[of_kind], name)
    for part in (week, strip, index):
        keys = join_array(keys, part)
    edges = np.array(list(accumulate(shares.values())))
    which = np.minimum(np.searchsorted(edges, uniforms(keys, _PREFERS), side="right"), len(edges) - 1)
    return Words(which.astype(np.int16), tuple(shares))
