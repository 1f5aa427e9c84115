from __future__ import annotations

import numpy as np
from shortruns import run_of

from pcqa_sim.clinic.reception_rota import call_handlers
from pcqa_sim.results.figures import morning_figure
from pcqa_sim.results.intraday import FROM, TO, Morning, morning
from pcqa_sim.values.clock import WEEKDAYS


def test_the_morning_counts_people_minute_by_minute() -> None:
    run = run_of("run.measured_weeks=4")
    counted = run.counted["practice"]
    seen = morning(counted)
    days = [d for d in range(56, 84) if counted.working_days[d]]
    assert seen.waiting.shape == (len(days), TO - FROM)
    calls = run.contacts.query("channel == 'phone' and waited > 0 and why != 'closed'")
    for row, minute in ((0, 485), (3, 500), (5, 610), (10, 490)):
        at = days[row] * 1440 + minute
        ended = calls.merge(
            run.events.query("event in ['answered', 'missed']")[["need", "contact", "time_min"]], on=["need", "contact"]
        )
        here = ((ended["time_min"] - ended["waited"] <= at) & (ended["time_min"] > at)).sum()
        assert seen.waiting[row, minute - FROM] == here
    talked = run.events[run.events["event"] == "talk_ended"]
    over = talked["time_min"] + run.scenario.practices["practice"].phones.talk.wrap_up_min
    for row, minute in ((0, 481), (0, 485), (3, 500), (5, 610), (10, 490)):
        at = days[row] * 1440 + minute
        held = (talked["time_min"] - talked["amount"] <= at) & (over > at)
        assert seen.busy[row, minute - FROM] == held.sum()
    assert (seen.waiting >= 0).all()
    assert (seen.given_up[:, : 480 - FROM] == 0).all()
    assert (np.diff(seen.given_up, axis=1) >= 0).all()
    most = max(max(call_handlers(counted.practice, weekday).values()) for weekday in range(5))
    assert seen.rostered.min() == 0
    assert seen.rostered.max() == most
    assert (seen.rostered == np.round(seen.rostered)).all()
    extended = counted.practice.phones.extended_hours
    shut = [row for row, day in enumerate(days) if WEEKDAYS[day % 7] not in extended]
    assert 0 < len(shut) < len(days)
    assert (seen.busy[shut, : 480 - FROM] == 0).all()
    assert 0 < seen.busy.max() <= most + 1  # whoever goes home finishes the call


def test_several_replications_are_shown_together_and_drawn() -> None:
    run = run_of("practice=small", "run=quick")
    one = morning(run.counted["practice"])
    both = Morning.together([one, one])
    assert len(both.waiting) == 2 * len(one.waiting)
    picture = morning_figure(both, "A practice")
    assert picture.startswith(b"\x89PNG")
    assert picture == morning_figure(both, "A practice")
