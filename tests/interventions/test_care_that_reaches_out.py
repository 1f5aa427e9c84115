"""Care that reaches out: what each intervention changes on its way, in the rota, the diary and the log."""

from __future__ import annotations

import numpy as np
import pytest
from shortruns import composed, paired, run_of

from pcqa_sim import simulate
from pcqa_sim.clinic.diary import Diary
from pcqa_sim.clinic.staff import clinicians_of, team_mates
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import with_settings
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import Slot, SlotRequest

SHORT = ("practice=small", "practice.list_size=2000", "run.warm_up_weeks=0", "run.measured_weeks=6")


def ran(name: str, *more: str) -> Run:
    return run_of(*SHORT, *more, f"intervention=[{name}]")


def booked_for(run: Run, programme: str) -> int:
    needs = run.needs
    return int((needs["kind"] == programme).sum())


@pytest.mark.slow
@pytest.mark.parametrize(("name", "segments"), [
    ("anticipatory_care", {"frail_or_complex", "mental_and_physical", "care_home"}),
    ("outreach_young", {"young_people_in_distress"}),
])  # fmt: skip
def test_people_are_invited_who_are_meant_and_minutes_are_spent_on_them(name: str, segments: set[str]) -> None:
    run = ran(name)
    needs = run.needs[run.needs["kind"] == name]
    assert len(needs) > 5
    people = run.happened.people["practice"]
    assert {people.segments[people.segment[person]] for person in needs["person"]} <= segments
    rows = run.events
    seen = rows[(rows["event"].astype(str) == "consult_ended") & rows["need"].isin(needs.index)]
    assert len(seen) > 2
    assert seen["amount"].mean() > 8


def test_by_default_a_plan_moves_nobody_and_where_it_settles_it_does() -> None:
    """The same people are seen; only what a plan does to them differs."""
    plain, strong = (
        ran("anticipatory_care", *more)
        for more in (
            (),
            ("people.state.responds.plan.unsettles=0.125", "people.state.responds.plan.settles=8"),
        )
    )

    def unsettled(run: Run) -> int:
        rows = run.events
        rows = rows[rows["event"].astype(str) == "state"]
        return int(np.where(rows["code"].astype(str) == "unsettled", 1, -1).sum())

    assert booked_for(plain, "anticipatory_care") == booked_for(strong, "anticipatory_care")
    assert unsettled(strong) < unsettled(plain)


def test_outreach_lets_young_people_ask_more_often() -> None:
    before, after = composed(*SHORT), composed(*SHORT, "intervention=[outreach_young]")
    old, new = (one.practices["practice"].demand.seeking.never_factor_by_segment for one in (before, after))
    assert new["young_people_in_distress"] == pytest.approx(old.get("young_people_in_distress", 1.0) * 0.85)
    assert {name: factor for name, factor in new.items() if name != "young_people_in_distress"} == {
        name: factor for name, factor in old.items() if name != "young_people_in_distress"
    }


def test_teams_are_of_the_size_asked_for_and_nobody_is_left_alone() -> None:
    practice = composed("practice=average").practices["practice"]
    names = clinicians_of(practice, "gp")
    assert team_mates(practice) == {}
    for size in (2, 3):
        mates = team_mates(with_settings(practice, {"appointments.continuity.team_size": size}))
        assert set(mates) == set(names)
        assert {len(team) for team in mates.values()} <= {size - 1, size}
        assert all(name in mates[mate] for name, team in mates.items() for mate in team)


def test_who_asks_for_their_own_takes_any_of_the_team_sooner() -> None:
    diary = Diary()
    slots = [
        Slot(day * DAY + 600.0, 10.0, "gp", who, "face_to_face", "routine", -DAY)
        for who, day in (("gp.3", 1), ("gp.2", 3), ("gp.1", 5))
    ]
    diary.open(slots)
    slot_request = SlotRequest("gp", 1, 20, usual="gp.1", tolerance=10)
    found = diary.earliest(slot_request, 0.0)
    assert found is not None
    assert found.clinician == "gp.1"
    diary.mates = {"gp.1": ("gp.2",), "gp.2": ("gp.1",)}
    found = diary.earliest(slot_request, 0.0)
    assert found is not None
    assert found.clinician == "gp.2"


# What a GP expects of each, over replications with the same people and luck: intervals of 95 %.
PAIRS = (*SHORT[:1], "practice.list_size=1500", "run.warm_up_weeks=1", "run.measured_weeks=6")
KNOWN_MATTERS = "outcome.continuity.resolve_factor_without=0.5"
EXPECTED = [
    ("anticipatory_care", "", "patient_min_per_working_day", "role=gp", 1),  # time is spent now
    ("outreach_young", "never_times=0.1", "never_asked_share", "segment=young_people_in_distress", -1),
    ("personal_lists", "", "usual_gp_share", "", 1),
    ("micro_teams", "", "failure_contacts_per_working_day", "cause=no_continuity", -1),
    ("named_gp_for_frequent", "consultations=1", "usual_gp_share", "", 1),
]


def changed(run: tuple[str, ...], name: str, more: str, metric: str, group: str, pairs: int) -> ConfidenceInterval:
    strong = (f"intervention.{name}.{more}",) if more else ()
    base = (*run, KNOWN_MATTERS)
    return paired(composed(*base), composed(*base, f"intervention=[{name}]", *strong), metric, group, pairs)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "more", "metric", "group", "way"), EXPECTED)
def test_each_does_what_a_gp_expects(name: str, more: str, metric: str, group: str, way: int) -> None:
    found = changed(PAIRS, name, more, metric, group, 4)
    assert min(way * found.low, way * found.high) > 0


@pytest.mark.soak
@pytest.mark.parametrize(("name", "more", "metric", "group", "way"), EXPECTED)
def test_each_does_so_at_the_strength_that_is_shipped(name: str, more: str, metric: str, group: str, way: int) -> None:
    big = ("practice=average", "practice.list_size=6000", "run.warm_up_weeks=4", "run.measured_weeks=26")
    found = changed(big, name, "", metric, group, 5)
    assert min(way * found.low, way * found.high) > 0


@pytest.mark.slow
def test_peer_review_brings_clinicians_nearer_to_each_other_and_takes_its_time() -> None:
    wide = ("role.gp.differences.follow_up_cv=0.8", "role.gp.differences.referral_cv=0.8")
    before = composed(*PAIRS, *wide)
    after = composed(*PAIRS, *wide, "intervention=[peer_review]", "intervention.peer_review.narrows=1")

    def spread(run: Run) -> float:
        rows = run.metrics()
        rows = rows[(rows["metric"] == "work_made_share") & rows["group"].str.startswith("clinician=gp.")]
        return float(rows["value"].std())

    runs = [[simulate(one, number) for one in (before, after)] for number in range(4)]
    assert interval([spread(new) - spread(old) for old, new in runs]).high < 0
    plain, reviewed = runs[0]
    made = reviewed.value("paperwork_made_min_per_working_day", "item=peer_review")
    assert made == pytest.approx(30 * plain.scenario.practices["practice"].fte("gp") / 5, rel=1e-4)
