"""Keeping so many sessions of a role: fewer half days, the others as they were; and what is not needed of them."""

from __future__ import annotations

import pytest
from shortruns import composed

from pcqa_sim.commands.size import of_role
from pcqa_sim.interventions.keep_sessions import KeepSessions
from pcqa_sim.report.sizing import headroom
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.team import named_week, weekly_sessions
from pcqa_sim.values.faults import BadInput


@pytest.fixture(scope="module")
def practice() -> Practice:
    return composed().practices["practice"]


@pytest.mark.parametrize("most", [1, 7, 20, 40])
def test_so_many_sessions_stay_of_a_team_by_name(practice: Practice, most: int) -> None:
    people = [{"name": f"Dr {n}", "sessions": ["mon", "tue", "wed", "thu_am"]} for n in range(5)]
    named = with_settings(practice, {"role.gp.people": people})
    kept = KeepSessions(role="gp", most=most).change(named)
    assert weekly_sessions(kept, "gp") == min(most, 35)
    assert set(named_week(kept, "gp")) <= set(named_week(named, "gp"))
    assert weekly_sessions(kept, "hca") == weekly_sessions(named, "hca")


def test_so_many_sessions_stay_of_a_number(practice: Practice) -> None:
    assert weekly_sessions(KeepSessions(role="gp", most=30).change(practice), "gp") == pytest.approx(30)
    assert KeepSessions(role="gp", most=1000).change(practice) is practice
    assert KeepSessions.zero().change(practice) is practice


def test_headroom_asks_for_the_sessions_of_a_role_up_to_what_there_is() -> None:
    scenario = composed("role.hca.sessions_a_week=9")
    more, (vary,) = of_role("hca", scenario, "practice")
    assert more == ["+intervention=keep_sessions", "intervention.keep_sessions.role=hca"]
    assert vary == "intervention.keep_sessions.most=1..9:1"
    with pytest.raises(BadInput, match=r"--headroom: nurse: must be one of: gp, practice_nurse"):
        of_role("nurse", scenario, "practice")


def test_headroom_is_told_in_half_days_and_hours() -> None:
    from pcqa_sim.study.methods.size import Sized

    mine = composed("role.hca.sessions_a_week=9").practices["practice"]

    class Found:
        def __init__(self, answer: float | None) -> None:
            self.found = Sized.__new__(Sized)
            object.__setattr__(self.found, "answer", answer)

    told = [headroom(Found(answer), mine, "hca").sentences[0] for answer in (6.0, 9.0, None)]  # type: ignore[arg-type]
    assert told[0] == "3 of 9 half days a week are not needed to hold the target: 12.5 hours a week."
    assert told[1].startswith("None: all 9")
    assert told[2].startswith("None: even all 9")
