"""Nobody is sent where no appointment could ever see them: others do, or the settings are refused."""

from __future__ import annotations

import pytest
from shortruns import composed, run_of

from pcqa_sim import simulate
from pcqa_sim.clinic.covering import Covering
from pcqa_sim.configuration import options
from pcqa_sim.scenario import with_settings
from pcqa_sim.scenario.reach import all_offers, sees, triage_by_day
from pcqa_sim.scenario.triage_time import patient_minutes
from pcqa_sim.values.clock import Hours
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.luck import Luck, join
from pcqa_sim.values.needs import ANY_MODE, AT_HOME_ONLY, SEEN_ONLY, Need

KEY = "practice"
SHORT = ("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=1")
OPEN = composed().calendar.working().hours
ONE_SLOT = "{slots: 1, minutes: 12, mode: MODE, release: RULE}"


def slot(mode: str, rule: str) -> str:
    return f"role.gp.template=[{ONE_SLOT.replace('MODE', mode).replace('RULE', rule)}]"


def need_of(kind: str, number: int, today: bool = True) -> Need:
    return Need(number, number, kind, Luck(join(7, number)), 0.0, today=today)


@pytest.mark.slow
@pytest.mark.parametrize("profile", sorted(options()["practice"]))
@pytest.mark.parametrize("replication", range(2))
def test_perfect_service_has_no_failure_demand_in_any_practice(profile: str, replication: int) -> None:
    scenario = composed(
        f"practice={profile}", "practice.list_size=1000", "experiment=perfect_service",
        "run.warm_up_weeks=0", "run.measured_weeks=1",
    )  # fmt: skip
    contacts = simulate(scenario, replication=replication).contacts
    assert len(contacts) > 50
    assert not contacts["failure"].any()


def test_home_visits_go_at_once_to_who_makes_them() -> None:
    """The default's other staff make no visits: who is sent to them and cannot come is seen by a GP."""
    practice = composed().practices[KEY]
    covering = Covering(practice, OPEN)
    assert not covering.sees("other", AT_HOME_ONLY, True)
    for number in range(50):
        need = need_of("frailty_crisis", number)
        assert covering.instead(need, "other", AT_HOME_ONLY) == "gp"
        assert covering.instead(need, "other", ANY_MODE) == "other"


def test_who_sees_instead_is_by_cover_first_then_by_shares_and_the_wrong_role_last() -> None:
    practice = composed("role.practice_nurse.fte_per_10000=0", "planned.level=0").practices[KEY]
    practice = with_settings(practice, {"triage.cover": {}})
    covering = Covering(practice, OPEN)
    row = practice.triage.places["acute_minor"]
    found = [covering.instead(need_of("acute_minor", n), "practice_nurse", ANY_MODE) for n in range(2000)]
    able = {"gp", "other", "pharmacist"}
    assert set(found) == able
    for role in able:
        assert found.count(role) / 2000 == pytest.approx(row[role] / sum(row[one] for one in able), abs=0.045)
    wrong = need_of("acute_minor", 1)
    wrong.wrong_role = "gp"
    others = {covering.instead(wrong, "practice_nurse", ANY_MODE)}
    assert "gp" not in others
    named = with_settings(practice, {"triage.cover": {"practice_nurse": ["hca", "pharmacist"]}})
    first = Covering(named, OPEN)
    assert {first.instead(need_of("acute_minor", n), "practice_nurse", ANY_MODE) for n in range(20)} == {"pharmacist"}


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (
            (slot("face_to_face", "routine"),),
            "triage.places.frailty_crisis.gp: some need a home visit, and gp has none that can be booked, nor has "
            "anybody else there; add home_visit to role.gp.template",
        ),
        (
            ("role.hca.fte_per_10000=0", "backoffice.items.record.by.hca=0"),
            "planned.programmes.blood_test.role: some need a face-to-face appointment, and hca has no rota",
        ),
        (("demand.kinds.administrative.home_visit_share=0.5", slot("home_visit", "routine")), "face-to-face"),
        (
            ("appointments.releases.on_the_day.urgent_only=true",),
            "some need a home visit and not the same day, and gp has urgent ones alone",
        ),
        (("appointments.releases.on_the_day={days_before: 0, at: '18:30'}",), "home visit"),
        (("triage=nurse_triage", "triage.clinician_triage.role=administrator"), "has 0 minutes of appointments"),
    ],
)
def test_what_nobody_could_ever_see_is_refused_in_a_line(overrides: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadInput) as refused:
        composed("practice=average", *overrides)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_each_thing_that_nobody_could_ever_see_is_refused_in_a_line_of_its_own() -> None:
    with pytest.raises(BadInput) as refused:
        composed("practice=average", "triage=gp_phone_first", "triage.clinician_triage.sessions_share=1")
    told = "some need a {}, and gp has none that can be booked, nor has anybody else there; add {} to role.gp.template"
    triage = "some need a {} appointment, and gp has none that can be booked; add {} to role.gp.template"
    assert str(refused.value).splitlines() == [
        f"triage.places.administrative.gp: {triage.format('face-to-face', 'face_to_face')}",
        f"triage.places.frailty_crisis.gp: {told.format('home visit', 'home_visit')}",
    ]


def test_a_later_phase_is_judged_too() -> None:
    scenario = composed(*SHORT)
    with pytest.raises(ValueError, match="some need a home visit"):
        scenario.changed(
            lambda p: with_settings(p, {"role.gp.template": p.role["gp"].template[:3]}),
            from_week=1,
        )


def test_slots_count_by_who_may_book_them_and_when() -> None:
    practice = composed().practices[KEY]
    assert sees(all_offers(practice, OPEN)["gp"], AT_HOME_ONLY, False)
    assert not sees(all_offers(practice, (None,) * 7)["gp"], ANY_MODE, True)
    late = tuple(None if here is None else Hours(18 * 60 + 9, here.closes) for here in OPEN)
    assert not sees(all_offers(practice, late)["gp"], AT_HOME_ONLY, True)  # released and gone before anybody can call
    extra = composed("role.gp.weekday_factor.sunday=0", "appointments.extra_on_the_day_slots=1").practices[KEY]
    assert sees(all_offers(extra, OPEN)["gp"], SEEN_ONLY, True)


def test_time_for_clinician_triage_is_what_the_requests_expected_take_and_leaves_a_role_some_of_its_week() -> None:
    """Two hours a day of a small practice's GPs; of its nurse, who has one session a day, no more than three fifths."""
    practice = composed("practice=small", "triage=gp_phone_first").practices[KEY]
    by_day = triage_by_day(practice, "gp")
    assert by_day[5:] == (0.0, 0.0)
    assert 60 < by_day[1] < 150
    assert by_day[0] > by_day[4] > 0  # Monday has the weekend's
    half = composed("practice=small", "triage=gp_phone_first", "practice.demand_level=0.5").practices[KEY]
    assert triage_by_day(half, "gp")[1] == pytest.approx(by_day[1] / 2)
    nurse = composed("practice=small", "triage=nurse_triage").practices[KEY]
    assert triage_by_day(nurse, "gp") == (0.0,) * 7
    busy = composed("practice=small", "triage=nurse_triage", "triage.clinician_triage.applies_to=all").practices[KEY]
    session = patient_minutes(nurse, "practice_nurse")
    assert max(triage_by_day(busy, "practice_nurse")) == pytest.approx(0.6 * session)
    run = run_of("practice=small", "triage=nurse_triage", "run.warm_up_weeks=0", "run.measured_weeks=3")
    mine = run.appointments[run.appointments["role"] == "practice_nurse"]
    assert {True, False} == set(mine["release"].str.startswith("triage"))
