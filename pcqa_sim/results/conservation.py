"""What must hold in every run: nothing is lost and nothing appears from nowhere.

The log is checked against itself and against the state the run ended in. A breach names the event.
"""

from __future__ import annotations

import numpy as np

from pcqa_sim.results.breaches import ConservationError as ConservationError
from pcqa_sim.results.conserved_people import (
    check_calls,
    check_contacts,
    check_deteriorated,
    check_flagged,
    check_front,
    check_needs,
)
from pcqa_sim.results.conserved_time import check_paperwork, check_sessions, check_slots
from pcqa_sim.results.mdt import check_mdts
from pcqa_sim.results.referrals import check_referrals
from pcqa_sim.results.tables import Tables
from pcqa_sim.simulation import Happened
from pcqa_sim.values.arrow import plain


def check(happened: Happened) -> dict[str, Tables]:
    """Check every practice of a run; return their tables, or raise ConservationError naming the event."""
    if (np.diff(plain(happened.log.column("time_min"))) < 0).any():
        raise ConservationError("the log does not run forward in time")
    checked = {}
    for key, end in happened.end.items():
        try:
            checked[key] = tables = Tables(happened.log, key)
            check_contacts(tables)
            check_calls(tables, end)
            check_needs(tables, end)
            check_flagged(tables)
            check_deteriorated(tables)
            check_front(tables, end)
            check_slots(tables, end)
            check_sessions(tables)
            check_paperwork(tables)
            check_referrals(tables, end.referrals_open)
            check_mdts(tables, end.mdt_open)
        except (ConservationError, ValueError) as fault:
            raise ConservationError(f"practice {key}: {fault}") from fault
    return checked
