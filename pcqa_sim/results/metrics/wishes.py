"""Whether needs are dealt with in the mode that people asked for: face to face, by telephone, in writing.

What a person wishes for is luck of the need and changes nothing in a run, so it is read off the need's key.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Words
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.results.rows import places
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

_WISH: Final = activity("wishes_for_a_mode")
_AS_GOOD: Final = {VIDEO: TELEPHONE, HOME_VISIT: FACE_TO_FACE}  # what does as well as what was asked for


@metric("needs dealt with in the mode asked for", "share of needs seen that people asked about", "more")
def mode_asked_for_share(c: Counted) -> dict[str, Ratio]:
    """Share of needs that people asked about whose first consultation was in the mode they would like.

    Clinician triage counts where it dealt with the need. In all, by the persons' groups, and by the mode wished for.
    There is none where nobody is asked (`channels.mode_wishes`).
    """
    wishes = c.practice.channels.mode_wishes
    if wishes is None:
        return {}
    booked, ended = c.tables.rows(log.BOOKED), c.tables.rows(log.CONSULT_ENDED)
    ended = ended.where(ended.code != BROUGHT_IN)
    _, first = np.unique(ended.need, return_index=True)  # rows are in order of time
    seen = ended.where(np.sort(first))
    asked = c.tables.need_columns.where(c.is_asked_about)["need"]
    strip = parts_of_numbers(seen.need)[3]
    seen = seen.where(np.isin(seen.need, asked) & (strip != STRIP_BEFORE_THE_RUN))
    mode = booked.code[places(seen.key, booked.key)].mapped(_mode_of)
    wished = _wished(c, seen.need, wishes)
    as_wished = mode.same_as(wished)
    groups = c.share_by_group(seen.time, seen.person, as_wished)
    for name in wishes:
        mine = wished == name
        groups[f"wished={name}"] = Ratio(c.by_day(seen.time[mine & as_wished]), c.by_day(seen.time[mine]))
    return groups


def _mode_of(code: str) -> str:
    """Return the mode of an appointment by its code in the log, as people wish for it."""
    mode = code.split(".")[1]
    return _AS_GOOD.get(mode, mode)


def _wished(c: Counted, needs: NDArray[np.int64], wishes: dict[str, float]) -> Words:
    """Return the mode that a person wished for, for each of some needs."""
    person, kind, week, strip, index = parts_of_numbers(needs)
    keys = np.array(c.people.key)[person]
    for number, name in enumerate(c.practice.demand.kinds):
        of_kind = kind == number
        keys[of_kind] = join_array(keys[of_kind], name)
    for part in (week, strip, index):
        keys = join_array(keys, part)
    edges = np.array(list(accumulate(wishes.values())))
    which = np.minimum(np.searchsorted(edges, uniforms(keys, _WISH), side="right"), len(edges) - 1)
    return Words(which.astype(np.int16), tuple(wishes))
