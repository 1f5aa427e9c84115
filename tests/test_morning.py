from __future__ import annotations

import numpy as np
from shortruns import run_of

from pcqa_sim.figures import morning_figure
from pcqa_sim.morning import FROM, TO, Morning, morning


def test_the_morning_counts_people_minute_by_minute() -> None:
    run = run_of("run.measured_weeks=4")
    counted = run.counted["practice"]
    seen = morning(counted)
    days = [d for d in range(28, 56) if counted.working_days[d]]
    assert seen.waiting.shape == (len(days), TO - FROM)
    calls = run.contacts.query("channel == 'phone' and waited > 0 and why != 'closed'")
    for row, minute in ((0, 485), (3, 500), (5, 610), (10, 490)):
        at = days[row] * 1440 + minute
        ended = calls.merge(
            run.events.query("event in ['answered', 'missed']")[["need", "contact", "time_min"]], on=["need", "contact"]
        )
        here = ((ended["time_min"] - ended["waited"] <= at) & (ended["time_min"] > at)).sum()
        assert seen.waiting[row, minute - FROM] == here
    assert (seen.waiting >= 0).all()
    assert (seen.given_up[:, : 480 - FROM] == 0).all()
    assert (np.diff(seen.given_up, axis=1) >= 0).all()
    assert set(np.unique(seen.rostered)) <= {0, 1, 2, 3}
    assert (seen.busy[:, : 480 - FROM] == 0).all()
    assert seen.busy.max() <= 4


def test_several_replications_are_shown_together_and_drawn() -> None:
    run = run_of("practice=small", "run=quick")
    one = morning(run.counted["practice"])
    both = Morning.together([one, one])
    assert len(both.waiting) == 2 * len(one.waiting)
    picture = morning_figure(both, "A practice")
    assert picture.startswith(b"\x89PNG")
    assert picture == morning_figure(both, "A practice")
