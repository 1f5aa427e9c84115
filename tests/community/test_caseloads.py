"""Caseloads of the practice's own staff: a link worker's and a care coordinator's, by one setting, in their rota."""

from __future__ import annotations

import pytest
from shortruns import composed, run_of

from pcqa_sim.clinic.paperwork import QUESTIONS
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log

SHORT = ("practice=small", "practice.list_size=1500", "run.warm_up_weeks=0", "run.measured_weeks=8",
         "community.social_prescribing.referred.social=0.6")  # fmt: skip
TEAM = "role=[gp,practice_nurse,hca,pharmacist,other,administrator,link_worker,care_coordinator]"
POSTS = ("role.link_worker.fte_per_10000=3", "role.care_coordinator.fte_per_10000=3")
BEGINS = ("intervention=[care_coordination]", "intervention.care_coordination.ongoing_share=0.8")
WORKED_BY = {"social_prescribing": "link_worker", "care_coordination": "care_coordinator"}


@pytest.fixture(scope="module")
def runs() -> dict[str, Run]:
    """With these roles in the team and with nobody of them; coordinators begin in both."""
    return {"in the team": run_of(*SHORT, *BEGINS, TEAM, *POSTS), "in the network": run_of(*SHORT, *BEGINS)}


def test_by_default_nobody_is_referred_to_a_care_coordinator() -> None:
    place = composed("practice=small").practices["practice"].community["care_coordination"]
    assert not any((*place.referred.values(), *place.offered.values(), *place.joins.values()))


@pytest.mark.parametrize("place", list(WORKED_BY))
def test_sessions_are_in_the_rota_of_whoever_is_in_the_team_and_in_nobodys_else(
    runs: dict[str, Run], place: str
) -> None:
    for where, role in (("in the team", WORKED_BY[place]), ("in the network", "")):
        events = runs[where].events
        sessions = events[(events["event"] == log.PLACE_SESSION) & (events["who"] == place)]
        assert len(sessions) > 3
        assert set(sessions["code"]) == {role}


@pytest.mark.parametrize("place", list(WORKED_BY))
def test_their_minutes_are_work_of_the_role_and_cost_nothing_twice(runs: dict[str, Run], place: str) -> None:
    run, role = runs["in the team"], WORKED_BY[place]
    events = run.events
    sessions = events[(events["event"] == log.PLACE_SESSION) & (events["who"] == place)]["amount"].sum()
    made = events[(events["event"] == log.PAPERWORK_MADE) & (events["who"] == role) & (events["code"] == QUESTIONS)]
    assert made["amount"].sum() == pytest.approx(
        sessions, rel=0.15
    )  # what is asked after the last closing is not yet in
    assert run.value("community_gbp_per_working_day", f"place={place}") == 0
    assert runs["in the network"].value("community_gbp_per_working_day", f"place={place}") > 0


@pytest.mark.parametrize("place", list(WORKED_BY))
def test_a_post_looks_after_so_many_people_at_once(runs: dict[str, Run], place: str) -> None:
    run = runs["in the team"]
    practice = run.scenario.practices["practice"]
    capacity = run.events[(run.events["event"] == log.PLACE_CAPACITY) & (run.events["who"] == place)]["amount"]
    each = practice.community[place].places_per_fte
    assert each is not None
    assert capacity.tolist() == [max(1, round(practice.fte(WORKED_BY[place]) * each))]


def test_a_care_coordinator_sees_the_frail_and_those_with_illness_of_body_and_mind(runs: dict[str, Run]) -> None:
    run = runs["in the network"]
    people = next(iter(run.happened.people.values()))
    sent = run.events[(run.events["event"] == log.PLACE_SENT) & (run.events["who"] == "care_coordination")]
    whom = {people.segments[int(people.segment[person])] for person in sent["person"]}
    assert whom <= {"frail_or_complex", "mental_and_physical", "care_home"}
    assert len(sent) > 5
