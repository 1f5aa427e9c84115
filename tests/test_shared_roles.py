"""People who work for all practices of a network: one week each, dealt fairly, and nobody in two places."""

from __future__ import annotations

import pytest
from network_of_three import BASE, LISTS, sharing
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.clinic.absences import Absences
from pcqa_sim.clinic.paperwork import SUPERVISION
from pcqa_sim.clinic.rota import missed
from pcqa_sim.network.rounds import Rounds, Stay
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import Scenario
from pcqa_sim.scenario.team import weekly_sessions
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.luck import world_key

WEEKS = 60


def _stays(scenario: Scenario, weeks: int = WEEKS, seed: int = 1) -> dict[str, list[tuple[int, Stay]]]:
    """Every half day by practice, with its day."""
    rounds = Rounds(scenario, seed, 0)
    days = [day for day in range(weeks * 7) if day % 7 < 5]
    return {key: [(day, stay) for day in days for stay in rounds.at(key, day)] for key in scenario.practices}


def _sessions(run: Run, code: str = log.ROSTERED) -> dict[str, float]:
    """Minutes of the physiotherapist's sessions by practice."""
    rows = run.events[(run.events["event"] == log.SESSION_ENDED) & (run.events["code"] == code)]
    mine = rows[rows["who"].astype(str).str.startswith("fcp.")]
    return {key: float(mine[mine["practice"] == key]["amount"].sum()) for key in run.tables}


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [("equal", (1 / 3, 1 / 3, 1 / 3)), ("list", (1 / 2, 1 / 3, 1 / 6)), ("weighted_list", (1 / 2, 1 / 3, 1 / 6))],
)
@pytest.mark.parametrize("all_day", [True, False])
def test_each_practice_gets_its_share_however_few_the_sessions(
    rule: str, wanted: tuple[float, ...], all_day: bool
) -> None:
    scenario = sharing(shared_by=rule, stays_all_day=all_day, sessions_each=4)
    found = {key: len(stays) for key, stays in _stays(scenario, 26).items()}
    total = sum(found.values())
    assert total > 60
    for key, share in zip(LISTS, wanted, strict=True):
        assert abs(found[key] - share * total) <= 2, key
        assert scenario.practices[key].role["fcp"].sessions_a_week == pytest.approx(4 * share)


def test_a_list_is_weighted_by_its_needs() -> None:
    """As many people with half as many needs get half as much."""
    members = "{north:['practice=small'],south:['practice=small','practice.demand_level=0.5']}"
    scenario = composed(
        f"network.members={members}", *BASE[1:], "network.shared_roles={p:{role:fcp,posts:1,sessions_each:6}}"
    )
    assert scenario.practices["north"].role["fcp"].sessions_a_week == pytest.approx(4)
    assert scenario.practices["south"].role["fcp"].sessions_a_week == pytest.approx(2)


@pytest.mark.parametrize("all_day", [True, False])
def test_nobody_is_in_two_places(all_day: bool) -> None:
    stays = _stays(sharing(posts=3, sessions_each=7, stays_all_day=all_day))
    taken = [(day, stay.half.half, stay.half.clinician) for mine in stays.values() for day, stay in mine]
    assert len(taken) > 500
    assert len(taken) == len(set(taken))
    days = {(day, stay.half.clinician, key) for key, mine in stays.items() for day, stay in mine}
    both = len(days) > len({(day, who) for day, who, _ in days})
    assert both is not all_day


def test_a_part_of_a_session_a_week_is_carried_to_the_next() -> None:
    stays = _stays(sharing(posts=1, vacancy_share=0.25, sessions_each=3))
    worked = sum(len(mine) for mine in stays.values())
    leave = sharing().practices["north"].role["fcp"].absence.leave_share
    assert worked == pytest.approx(2.25 * WEEKS * (1 - leave), rel=0.08)


COVER = {"role": "practice_nurse", "shared_by": "absence", "adds_to_own": True, "sessions_each": 5}


def test_who_stands_in_goes_where_the_own_people_are_on_leave() -> None:
    """Wherever a nurse is away on a day, the pool is there and nowhere else; else it goes round by list."""
    scenario = sharing(**COVER)
    stays = _stays(scenario, 40)
    own = {key: Absences(world_key(1, 0, key), 280, scenario.calendar.working().start) for key in LISTS}
    right = wrong = 0
    for key, mine in stays.items():
        for day, _ in mine:
            away = {k: missed(scenario.practices[k], "practice_nurse", day, own[k]) for k in LISTS}
            if max(away.values()) > 0:
                right, wrong = right + (away[key] > 0), wrong + (away[key] == 0)
    assert right > 30
    assert wrong == 0
    given = {key: len(mine) for key, mine in stays.items()}
    assert given["north"] > given["west"] > 0


def test_a_pool_of_nobody_changes_nothing() -> None:
    """Not a bit of the log is other, and nobody is taken out of the practices for it."""
    short = "run.measured_weeks=1"
    assert simulate(sharing(short, **COVER, posts=0)).log.equals(simulate(composed(*BASE, short)).log)


def test_cover_is_the_practices_own_people_in_another_way() -> None:
    """As many nurses as before in all: what is pooled comes out of each practice's own."""
    before, after = (composed(*BASE, *more) for more in ((), ("intervention=[cover_across_sites]",)))
    had, stay = (
        sum(weekly_sessions(one, "practice_nurse") for one in scenario.practices.values())
        for scenario in (before, after)
    )
    pool = after.network.shared_roles["practice_nurse"]
    assert pool.adds_to_own
    assert pool.sessions_a_week > 1
    assert stay + pool.sessions_a_week == pytest.approx(had)


def test_a_network_of_one_has_all_of_it() -> None:
    alone = f"network.members={{north:['practice=small','practice.list_size={LISTS['north']}']}}"
    scenario = composed(alone, *BASE[1:], "network.shared_roles={physio:{role:fcp,posts:1,sessions_each:6}}")
    assert len(_stays(scenario, 20)["north"]) == sum(len(mine) for mine in _stays(sharing(), 20).values())


def test_what_is_shared_is_worked_where_the_rota_says_and_the_way_comes_off_it() -> None:
    """Minutes at all practices are those of the rota; a way of two hours leaves 40 minutes too few in an afternoon."""
    scenario = sharing(stays_all_day=False, travel_min=120)
    run = simulate(scenario)
    rostered, on_the_way = _sessions(run), _sessions(run, log.TRAVELLING)
    stays = _stays(scenario, 3, scenario.run.seed)
    sick = sum(rostered.values()) / 250 - sum(len(mine) for mine in stays.values())
    assert -4 <= sick <= 0
    assert sum(on_the_way.values()) > 0
    late = sum(stay.arrives for mine in stays.values() for _, stay in mine)
    assert sum(on_the_way.values()) == pytest.approx(late, abs=160)
    assert {stay.arrives for mine in stays.values() for _, stay in mine} == {0.0, 40.0}


def test_names_and_order_change_nothing() -> None:
    turned = ",".join(
        f"{key}:['practice=small','practice.list_size={LISTS[key]}','practice.name=Another']" for key in reversed(LISTS)
    )
    other = composed(
        f"network.members={{{turned}}}", *BASE[1:], "network.shared_roles={physio:{role:fcp,posts:1,sessions_each:6}}"
    )
    mine, theirs = _stays(sharing()), _stays(other)
    assert all(mine[key] == theirs[key] for key in LISTS)


def test_gps_of_the_practice_visited_spend_minutes_on_supervision() -> None:
    nobody_else = [f"role.{role}.supervision_min=0" for role in ("practice_nurse", "pharmacist", "other")]
    run = simulate(sharing("run.measured_weeks=2", *nobody_else, supervision_min=30))
    made = run.events[(run.events["event"] == log.PAPERWORK_MADE) & (run.events["code"] == SUPERVISION)]
    assert set(made["who"]) == {"gp"}
    for practice, minutes in _sessions(run).items():
        asked = float(made[made["practice"] == practice]["amount"].sum())
        assert asked == pytest.approx(30 * minutes / 250), practice
        assert asked > 0, practice


@pytest.mark.parametrize(
    ("physio", "more", "said"),
    [
        ({"sessions_each": 12}, (), "a week holds 10 sessions of fcp (5 days of 2), not 12"),
        ({"role": "fpc"}, (), "north has no role 'fpc'; did you mean fcp?"),
        ({"role": "administrator", "works": "hub"}, ("network.hub={rooms:1}",), "administrator has no appointments"),
        ({"stays_all_day": False, "travel_min": 340}, (), "arrives at 18:20, after the session that ends at 18:10"),
        ({"vacancy_share": 1}, (), "network.shared_roles.physio.vacancy_share"),
        ({"shared_by": "needs"}, (), "network.shared_roles.physio.shared_by"),
        ({"shared_by": "absence"}, (), "who stands in for practices' own people comes on top of them"),
    ],
)
def test_what_cannot_be_shared_is_refused_in_a_line(
    physio: dict[str, object], more: tuple[str, ...], said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        sharing(*more, **physio)
    assert said in str(refused.value)
    assert len(refused.value.faults) == 1


def test_without_sharing_nothing_is_written_of_it() -> None:
    assert "shared_roles" not in composed(*BASE).network.model_dump(mode="json")
