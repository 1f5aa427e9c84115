"""What practices share as interventions: as many people as before, in another way, and all from the start."""

from __future__ import annotations

import pytest
from network_of_three import BASE, LISTS
from shortruns import NO_USER_SETTINGS, OF_NETWORKS, composed

from pcqa_sim import simulate
from pcqa_sim.configuration import options
from pcqa_sim.configuration.building import resolve
from pcqa_sim.interventions import describe
from pcqa_sim.interventions.share import Share
from pcqa_sim.scenario.groups import HandOff
from pcqa_sim.scenario.team import weekly_sessions

POOLED = "pharmacist"
FILES = [name for name in options(NO_USER_SETTINGS)["intervention"] if name != "adjust"]


def test_as_many_people_work_for_all_as_practices_had_together() -> None:
    before = composed(*BASE)
    after = Share(pools=(POOLED,), travel_min=10).apply(before)
    had = sum(weekly_sessions(one, POOLED) for one in before.practices.values())
    assert after.network.shared_roles[POOLED].sessions_a_week == pytest.approx(had)
    assert sum(weekly_sessions(one, POOLED) for one in after.practices.values()) == pytest.approx(had)
    half = Share(pools=(POOLED,), staff_times=0.5).apply(before)
    assert half.network.shared_roles[POOLED].sessions_a_week == pytest.approx(had / 2)


def test_scale_is_quicker_and_cheaper_by_the_unit_where_that_is_claimed() -> None:
    before = composed(*BASE)
    after = Share(pools=(POOLED,), unit_min_times=0.9, pay_times=0.8, works="hub", rooms=3).apply(before)
    for key in LISTS:
        was, now = before.practices[key].role[POOLED], after.practices[key].role[POOLED]
        assert now.consultation_min["telephone"] == pytest.approx(0.9 * was.consultation_min["telephone"])
        assert now.cost_per_hour_gbp == pytest.approx(0.8 * was.cost_per_hour_gbp)
    assert after.network.hub is not None
    assert after.network.hub.rooms == 3


def test_several_ways_of_sharing_go_together() -> None:
    first = Share(name="a", reception_talk_factor=1.1).apply(composed(*BASE))
    both = Share(name="b", pools=(POOLED,), hand_off=HandOff(lost_share=0.1), same_day_overflow=True).apply(first)
    assert both.network.shared_reception is not None
    assert both.network.same_day_overflow
    assert both.network.hand_off.lost_share == 0.1
    assert both.interventions[0].startswith("a(")
    assert both.interventions[1].startswith("b(")


def test_working_at_scale_has_an_mdt_of_the_whole_network_unless_it_is_taken_out() -> None:
    """Laid from its own file; one of the same name that is there stays, and numbers of it can be set."""
    under = "intervention.working_at_scale.mdt"
    way = (*BASE, "intervention=[working_at_scale]")
    there = composed(*way)
    assert there.mdt == composed(*BASE, "mdt=frail").mdt
    assert "mdt=['frail']" in there.interventions[0]
    assert "mdt.frail: none -> frailty MDT" in describe(composed(*BASE), there)
    assert composed(*way, f"{under}.frail=null").mdt == {}
    assert composed(*way, f"{under}.frail.meetings_per_week=2").mdt["frail"].meetings_per_week == 2
    assert composed(*way, "mdt=frail", "mdt.frail.meetings_per_week=3").mdt["frail"].meetings_per_week == 3


def test_what_is_shared_is_shared_from_the_start_by_all() -> None:
    for only in ({"from_week": 2}, {"weeks": 1}, {"only": ("north",)}):
        with pytest.raises(ValueError, match="leave from_week, weeks and only out"):
            Share(pools=(POOLED,), **only).apply(composed(*BASE))


@pytest.mark.parametrize("name", sorted(OF_NETWORKS))
def test_each_way_of_sharing_says_what_it_changes_and_loses_nothing(name: str) -> None:
    """In a network; one practice alone stays as it is."""
    before = composed(*BASE, "run.measured_weeks=1")
    after = composed(*BASE, "run.measured_weeks=1", f"intervention=[{name}]")
    lines = describe(before, after)
    assert any(line.startswith("network ") for line in lines)
    assert simulate(after).log.num_rows > 1000  # raises where anything is lost
    alone = composed("practice=small", f"intervention=[{name}]")
    assert describe(composed("practice=small"), alone) == []


def test_the_names_of_ways_of_sharing_are_all_there_are() -> None:
    every = resolve(["practice=small", f"intervention=[{','.join(FILES)}]"], NO_USER_SETTINGS).interventions
    assert {one.name for one in every if isinstance(one, Share)} == OF_NETWORKS
