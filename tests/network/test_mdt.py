"""MDTs in whole runs: meetings that are kept, moved and lost, everybody accounted for, and what is told."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace

import numpy as np
import pytest
from shortruns import composed, run_of

from pcqa_sim import simulate
from pcqa_sim.report.life import life
from pcqa_sim.report.sizing import cadence_sentences
from pcqa_sim.results.mdt import check_mdts, mdt_columns
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import with_settings
from pcqa_sim.study.statistics.criterion import read_target
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.faults import BadInput

SMALL = ("practice=small", "practice.list_size=2500", "run.warm_up_weeks=1", "run.measured_weeks=9")
FRAIL = (*SMALL, "mdt=frail", "mdt.frail.selects.per_year=12", "mdt.frail.members.pharmacist.needed=false")


# Whole runs.


@pytest.fixture(scope="module")
def frail() -> Run:
    return run_of(*FRAIL)


def rows(run: Run, event: str, code: str = "") -> list[dict[str, object]]:
    return [row for row in run.log.to_pylist() if row["event"] == event and row["code"].startswith(code)]


def test_everybody_found_is_waiting_reviewed_planned_gone_or_open(frail: Run) -> None:
    """Conservation is checked in every run; here is that something was there to check, and what it says if not."""
    cases = mdt_columns(frail.tables["practice"])
    assert len(cases) > 30
    assert (~np.isnan(cases["planned"])).sum() > 20
    assert (cases.words("ending") == "completed").any() or (cases.words("ending") == "open").any()
    with pytest.raises(ValueError, match="people are open by the log, 0 at the MDT"):
        check_mdts(frail.tables["practice"], {"frail": 0})


def test_members_see_nobody_while_they_meet(frail: Run) -> None:
    met = defaultdict(list)
    for row in rows(frail, log.MDT_TIME, "frail.meeting"):
        met[row["who"]].append((row["time_min"] - row["amount"], row["time_min"]))  # type: ignore[operator]
    assert {who.partition(".")[0] for who in met} >= {"gp", "practice_nurse", "community_nurse"}  # type: ignore[attr-defined]
    seen = frail.appointments[frail.appointments["status"] == "attended"]
    clashes = []
    for who, times in met.items():
        mine = seen[seen["clinician"] == who]
        for starts, ends in times:
            clashes += [at for at in mine["start"] if starts <= at < ends]
    assert clashes == []


def test_minutes_in_meetings_leave_the_rota_and_no_others_do(frail: Run) -> None:
    ended = frail.events[(frail.events["event"] == log.SESSION_ENDED) & (frail.events["code"] == log.IN_MEETINGS)]
    by_rota = float(ended["amount"].sum())
    told = sum(row["amount"] for row in rows(frail, log.MDT_TIME, "frail.meeting") if "." in str(row["who"]))  # type: ignore[misc]
    assert by_rota > 200
    assert by_rota == pytest.approx(told)


def test_the_slots_of_members_are_gone() -> None:
    """Early in a session, where appointments are: one GP, one nurse and one pharmacist have fewer."""
    early = run_of(*FRAIL, "mdt.frail.time='09:00'")
    base = run_of(*SMALL)
    slots = [sum(row["amount"] for row in rows(run, log.SLOTS_OPENED) if row["who"] == "gp") for run in (early, base)]  # type: ignore[misc]
    meetings = early.scenario.weeks + early.scenario.practices["practice"].appointments.horizon_days / 7
    assert 6 * meetings < slots[1] - slots[0] < 13 * meetings


def test_an_mdt_that_does_not_meet_changes_nothing() -> None:
    """It begins after the end of the run: not a bit of the log is other."""
    assert run_of(*FRAIL, "mdt.frail.from_week=100").log.equals(run_of(*SMALL).log)


def test_reviews_move_nobody_by_default_and_settle_people_where_that_is_put_in(frail: Run) -> None:
    """The same people have the same needs with an MDT as without, unless a review is said to do something."""
    all_of_them = ("mdt.frail.selects.segments=[]", "mdt.frail.minutes_per_case=1", "mdt.frail.cases_per_meeting=60")
    settles = run_of(
        *FRAIL, *all_of_them, "people.state.responds.review={unsettles: 0.125, settles: 8.0, half_life_weeks: 26}"
    )
    states = [len(rows(run, log.STATE)) for run in (frail, run_of(*SMALL), settles)]
    assert states[0] == states[1]
    assert states[2] != states[1]


def test_a_meeting_without_somebody_needed_is_moved_or_lost() -> None:
    often_missing = "mdt.frail.members.community_nurse.there_share=0.4"
    moved = run_of(*FRAIL, often_missing)
    lost = run_of(*FRAIL, often_missing, "mdt.frail.moves_within_days=0")
    without = run_of(*FRAIL, often_missing, "mdt.frail.members.community_nurse.needed=false")
    assert len(rows(moved, log.MDT_MEETING, "moved.missing")) > 2
    assert len(rows(lost, log.MDT_MEETING, "lost.missing")) > 2
    assert not rows(without, log.MDT_MEETING, "lost.missing")
    assert len(rows(without, log.MDT_MEETING, "held")) > len(rows(moved, log.MDT_MEETING, "held"))
    held = [row["time_min"] for row in rows(moved, log.MDT_MEETING, "held")]
    assert {int(at // DAY) % 7 for at in held} > {1}  # type: ignore[operator]


def test_two_mdts_do_not_share_anybody_at_the_same_time() -> None:
    settings = composed(*FRAIL).mdt["frail"]
    both = with_settings(composed(*FRAIL), {"mdt": {"frail": settings, "other": settings}})
    run = simulate(both)
    at = defaultdict(set)
    for row in rows(run, log.MDT_TIME):
        if str(row["code"]).endswith(".meeting") and "." in str(row["who"]):
            at[row["time_min"], row["who"]].add(str(row["code"]))
    assert all(len(codes) == 1 for codes in at.values())
    assert {code for codes in at.values() for code in codes} == {"frail.meeting", "other.meeting"}


# Bad input, in a line.


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        (["mdt.frail.time='13:00'"], "mdt.frail.time: its members are never on duty together: on"),
        (["mdt.frail.weekday=saturday", "mdt.frail.moves_within_days=0"], "time: the practice is closed on saturday"),
        (["mdt.frail.selects.per_year=0"], "mdt.frail.selects: must say who comes on the list"),
        (["mdt.frail.minutes_per_case=80"], "minutes_per_case: 120 minutes for one person do not fit"),
        (["mdt.frail.members.pharmacst={}"], "mdt.frail.members.pharmacst: is no role of the practice"),
        (["mdt.frail.members.pharmacst={}"], "did you mean pharmacist?"),
        (["mdt.frail.levels.high.lead=geepee"], "mdt.frail.levels.high.lead: geepee: must be a member, or a role"),
        (["mdt.frail.selects.segments=[frail]"], "did you mean frail_or_complex?"),
        (["mdt.frail.practices=[north]"], "mdt.frail.practices: north: must name practices: practice"),
        (["mdt=frial"], "did you mean frail?"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(overrides: list[str], says: str) -> None:
    with pytest.raises(BadInput) as refused:
        composed(*(("practice=small",) if overrides == ["mdt=frial"] else ("practice=small", "mdt=frail")), *overrides)
    text = str(refused.value)
    assert says in text
    assert len(text.splitlines()) == 1


# What is told, and the four that are shipped.

FOUR = "mdt=[frail,mental_and_physical,young_people,trouble_with_life]"
MORE = tuple(f"mdt.{name}.selects.per_year=20" for name in ("mental_and_physical", "young_people", "trouble_with_life"))


@pytest.fixture(scope="module")
def four() -> Run:
    return run_of(*SMALL, FOUR, *MORE, "mdt.frail.team=own_panel", "mdt.frail.selects.per_year=12")


def test_four_groups_each_have_their_people_members_and_leads(four: Run) -> None:
    cases = mdt_columns(four.tables["practice"])
    segment = np.array(four.happened.people["practice"].segments)[four.happened.people["practice"].segment]
    for name, rules in four.scenario.mdt.items():
        mine = cases.where(cases.words("mdt") == name)
        assert len(mine) >= 3, name
        assert {str(segment[person]) for person in mine["person"]} <= set(rules.selects.segments)
        leads = {level.lead for level in rules.levels.values()}
        assert set(mine.words("lead").distinct()) <= {*leads, ""}


def test_trouble_with_life_is_put_in_touch_with_places_in_the_community(four: Run) -> None:
    places = {level.place for level in four.scenario.mdt["trouble_with_life"].levels.values()}
    planned = {row["person"] for row in rows(four, log.MDT_PLANNED) if row["who"] == "trouble_with_life"}
    sent = [row for row in rows(four, log.PLACE_SENT) if row["person"] in planned and row["who"] in places]
    assert sent


def test_hours_add_up_and_pounds_are_hours_at_their_price(four: Run) -> None:
    found = four.metrics().set_index(["metric", "group"])["value"]
    hours = found["mdt_hours_per_week"]
    assert hours[""] == pytest.approx(sum(hours[f"mdt={name}"] for name in four.scenario.mdt))
    assert hours[""] == pytest.approx(
        sum(hours[f"what={what}"] for what in ("meeting", "prepare", "actions", "contact"))
    )
    assert hours[""] == pytest.approx(sum(v for g, v in hours.items() if g.startswith("profession=")))
    pounds = found["mdt_gbp_per_week"]
    assert pounds[""] == pytest.approx(sum(v for g, v in pounds.items() if g.startswith("payer=")))
    assert 40 < pounds[""] / hours[""] < 150
    payers = found["cost_gbp_per_working_day"]
    assert payers["payer=local_government"] > 0


def test_a_life_tells_of_mdts(four: Run) -> None:
    person = int(rows(four, log.MDT_PLANNED)[-1]["person"])  # type: ignore[call-overload]
    text = " ".join(life(four, person, "practice"))
    assert "discusses" in text
    assert "There is a plan: the " in text
    assert "_" not in text


def test_size_says_when_cadence_alone_forbids_the_target() -> None:
    scenarios = {(many,): composed(*FRAIL, f"mdt.frail.meetings_per_week={many}") for many in (0.25, 1.0)}
    found = SimpleNamespace(trials=SimpleNamespace(scenarios=scenarios))
    said = cadence_sentences(found, read_target("mdt_reviewed_within_14_days>=0.9", "practice"))  # type: ignore[arg-type]
    assert said == [
        "At 0.25 cadence alone forbids it: with a meeting every 28 days at most 50 in 100 can be discussed within "
        "14 days, however short the list."
    ]
    assert cadence_sentences(found, read_target("mdt_wait_days<=9", "practice")) == []  # type: ignore[arg-type]
