"""An MDT of a whole network: members of practices, one who visits them and one who sits in the hub; nobody twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from network_of_three import BASE, LISTS
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.clinic.staff import is_shared
from pcqa_sim.results.mdt import mdt_columns
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import Scenario
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.faults import BadInput

VISITS = "physio:{role:fcp,posts:1,sessions_each:9}"
SITS = "pool:{role:pharmacist,posts:1,sessions_each:9,works:hub}"
MEMBERS = "mdt.frail.members.{}={{prepare_min:3}}"
FRAIL = ("mdt=frail", MEMBERS.format("fcp"), MEMBERS.format("pharmacist"), "mdt.frail.selects.per_year=12")
Spells = dict[str, list[tuple[float, float, str]]]


def of_network(*more: str, physio: str = VISITS, pool: str = SITS) -> Scenario:
    """Three practices, a physiotherapist who visits, pharmacists in a hub, and an MDT with both."""
    return composed(*BASE, "network.hub={rooms:2}", f"network.shared_roles={{{physio},{pool}}}", *FRAIL, *more)


@pytest.fixture(scope="module")
def run() -> Run:
    """Whoever comes from outside comes to every other meeting: the others are moved, or lost."""
    return simulate(of_network("run.measured_weeks=8", "mdt.frail.members.community_nurse.there_share=0.5"))


def spells(run: Run) -> Spells:
    """When each clinician was with a patient or in a meeting; of a shared role wherever that was."""
    found: Spells = defaultdict(list)
    events = run.events
    for what in (log.CONSULT_ENDED, log.MDT_TIME):
        rows = events[events["event"] == what]
        columns = (rows[name] for name in ("practice", "who", "code", "time_min", "amount"))
        for key, who, code, at, minutes in zip(*columns, strict=True):
            if "." in who and (what == log.CONSULT_ENDED or code.endswith(".meeting")):
                found[who if is_shared(who) else f"{key}: {who}"].append((at - minutes, at, what))
    return found


@pytest.mark.slow
def test_members_of_practices_of_the_hub_and_who_visits_meet_and_hosts_take_turns(run: Run) -> None:
    events = run.events
    held = events[(events["event"] == log.MDT_MEETING) & (events["code"] == "held")]
    assert set(held["practice"]) == set(LISTS)
    met = events[(events["event"] == log.MDT_TIME) & events["code"].astype(str).str.endswith(".meeting")]
    roles = Counter(str(who).partition(".")[0] for who in met["who"])
    assert {"gp", "practice_nurse", "fcp", "pharmacist", "community_nurse"} <= set(roles)
    assert {who for who in met["who"] if is_shared(str(who))} == {"fcp.physio_1", "pharmacist.pool_1"}
    moved = events[(events["event"] == log.MDT_MEETING) & (events["code"] == "moved.missing")]
    assert len(moved) >= 2
    assert any(int(at // DAY) % 7 > 1 for at in held["time_min"])


@pytest.mark.slow
def test_nobody_is_in_two_places_or_meetings_at_once(run: Run) -> None:
    """Patients, meetings and the way: of whoever works for all practices across all of their logs."""
    found = spells(run)
    both = [who for who, mine in found.items() if {what for *_, what in mine} == {log.CONSULT_ENDED, log.MDT_TIME}]
    assert any(who.startswith("pharmacist.pool") for who in both)
    assert len(both) > 3
    for who, mine in found.items():
        for before, after in pairwise(sorted(mine)):
            assert after[0] >= before[1] - 1e-2, (who, before, after)


@pytest.mark.slow
def test_minutes_in_meetings_leave_the_rota_of_the_host_and_everybody_is_accounted_for(run: Run) -> None:
    """The hub's people's are their host's, practice by practice; each person on the list is somewhere at the end."""
    events = run.events
    ended = events[(events["event"] == log.SESSION_ENDED) & (events["code"] == log.IN_MEETINGS)]
    told = events[(events["event"] == log.MDT_TIME) & events["code"].astype(str).str.endswith(".meeting")]
    told = told[told["who"].astype(str).str.contains(".", regex=False)]
    of_hub = ended["who"].astype(str) == "pharmacist.pool_1"
    assert set(ended[of_hub]["practice"]) == set(LISTS)
    for key in LISTS:
        by_rota = float(ended[ended["practice"] == key]["amount"].sum())
        assert by_rota == pytest.approx(float(told[told["practice"] == key]["amount"].sum())), key
        cases = mdt_columns(run.tables[key])
        assert len(cases) > 3, key
        assert run.happened.end[key].mdt_open["frail"] == int((cases.words("ending") == "open").sum()), key


@pytest.mark.slow
def test_an_mdt_of_a_network_that_does_not_meet_changes_nothing() -> None:
    """It begins after the end of the run."""
    short = "run.measured_weeks=1"
    without = composed(*BASE, "network.hub={rooms:2}", f"network.shared_roles={{{VISITS},{SITS}}}", short)
    assert simulate(of_network(short, "mdt.frail.from_week=100")).log.equals(simulate(without).log)


@pytest.mark.parametrize(
    ("physio", "pool", "more", "said"),
    [
        (VISITS, SITS, ("mdt.frail.time='13:00'",), "mdt.frail.time: its members are never on duty together: on"),
        (VISITS.replace("9", "12"), SITS, (), "a week holds 10 sessions of fcp (5 days of 2), not 12"),
        (VISITS.replace("9", "1"), SITS, ("mdt.frail.weekday=monday", "mdt.frail.moves_within_days=0"), "of fcp; role"),
    ],
)
def test_what_cannot_meet_is_refused_in_a_line(physio: str, pool: str, more: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadInput) as refused:
        of_network(*more, physio=physio, pool=pool)
    assert said in str(refused.value)
    assert len(refused.value.faults) == 1


def test_who_visits_few_days_is_looked_for_in_the_whole_network() -> None:
    """Two half days a week are less than one at each practice, and yet on two days somebody is there."""
    assert of_network(physio=VISITS.replace("9", "4")).mdt["frail"].members["fcp"].needed


def test_a_practice_cannot_be_called_as_the_hub_is() -> None:
    with pytest.raises(BadInput, match=r"network.members.hub: is what the network's hub is called"):
        composed("network.members={north:['practice=small'],hub:['practice=small']}", "network.hub={rooms:1}")
