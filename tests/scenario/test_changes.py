from __future__ import annotations

import pytest
from shortruns import composed

from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.groups import Role
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.faults import BadInput


@pytest.fixture(scope="module")
def practice() -> Practice:
    return composed("practice=small").practices["practice"]


def refused(practice: Practice, changes: dict[str, object]) -> str:
    with pytest.raises(BadInput) as fault:
        with_settings(practice, changes)
    return str(fault.value)


def test_all_keys_of_one_call_are_in_place_and_nothing_else(practice: Practice) -> None:
    changed = with_settings(practice, {"phones.lines": 62, "role.gp.template.0.slots": 1, "list_size": 1900})
    assert (changed.phones.lines, changed.role["gp"].template[0].slots, changed.list_size) == (62, 1, 1900)
    back = {
        "phones.lines": practice.phones.lines,
        "role.gp.template.0.slots": practice.role["gp"].template[0].slots,
        "list_size": practice.list_size,
    }
    assert with_settings(changed, back) == practice
    assert changed.demand is practice.demand


def test_a_value_may_be_a_whole_group_or_a_mapping_and_a_later_key_reaches_into_it(practice: Practice) -> None:
    role: Role = practice.role["gp"]
    changed = with_settings(
        practice,
        {
            "role.locum": role,
            "role.locum.title": "locum",
            "phones.menu": {"minutes": 0.5, "informed_share": 0.0, "balking_share": 0.0},
            "phones.menu.balking_share": 0.25,
        },
    )
    assert changed.role["locum"] == with_settings(role, {"title": "locum"})
    assert changed.role["gp"] is role
    assert (changed.phones.menu.minutes, changed.phones.menu.balking_share) == (0.5, 0.25)


def test_settings_left_at_their_default_can_be_changed_inside(practice: Practice) -> None:
    plain = with_settings(practice, {"channels.first.form_by_hour": {}})
    changed = with_settings(plain, {"channels.first.form_by_hour.clinical.08:00": 3.0})
    assert changed.channels.first.form_by_hour.clinical == {0: 1.0, 480: 3.0}
    assert changed.channels.first.form_by_hour.administrative == {0: 1.0}


def test_times_of_day_stay_as_they_were_written(practice: Practice) -> None:
    changed = with_settings(practice, {"role.gp.sessions.0.ends": "12:00"})
    first = changed.role["gp"].sessions[0]
    assert (first.starts, first.ends) == (practice.role["gp"].sessions[0].starts, 720)
    assert changed.model_dump()["rota"] == practice.model_dump()["rota"]
    assert with_settings(changed, {"rota.desk.monday.08:00": 2.0}).rota.desk.monday[480] == 2.0


def test_a_scenario_is_changed_the_same_way() -> None:
    scenario = composed("practice=small")
    changed = with_settings(scenario, {"run.seed": 7, "practices.practice.phones.lines": 5})
    assert (changed.run.seed, changed.practices["practice"].phones.lines) == (7, 5)
    closed = {f"calendar.opening_hours.{day}": {"opens": "10:00", "closes": "12:00"} for day in WEEKDAYS}
    with pytest.raises(BadInput, match=r"^role\.gp\.sessions: a session must lie inside opening hours"):
        with_settings(scenario, closed)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("phones.lines", -5, "phones.lines: -5: must be a whole number from 1 to 10,000"),
        ("phones.lines", 2.5, "phones.lines: 2.5: must be a whole number from 1 to 10,000"),
        ("phones.lnes", 4, "phones.lnes: 4: is not a setting; did you mean phones.lines?"),
        ("lines", 4, "lines: 4: is not a setting; did you mean phones.lines?"),
        ("phnes.menu.minutes", 4.0, "phnes.menu.minutes: 4: is not a setting; did you mean phones.menu.minutes?"),
        ("role.gpp.title", "GP", "role.gpp.title: GP: is not a setting; did you mean role.gp.title?"),
        ("phones.menu", {}, "phones.menu.minutes: needs a value (minutes in the menu)"),
        ("phones.lines.most", 4, "phones.lines.most: 4: phones.lines is one value, 60, and no group"),
        ("phones.admin_line.used_share", 1.0, "phones.admin_line is null: set it as a whole"),
        ("triage.kind", "gp_phone_first", "triage.clinician_triage: gp_phone_first must have it"),
        ("triage.places.social.gpp", 0.0, "triage.places.social: gpp is no role; did you mean gp?"),
        ("appointments.horizon_days", 7, "is at most horizon_days, 7"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line_with_the_nearest(
    practice: Practice, key: str, value: object, said: str
) -> None:
    assert said in refused(practice, {key: value}).splitlines()[0]


def test_a_place_behind_the_end_of_a_list_is_refused(practice: Practice) -> None:
    end = len(practice.role["gp"].template)
    assert f"role.gp.template.{end}.slots: 1: is not a setting" in refused(
        practice, {f"role.gp.template.{end}.slots": 1}
    )


def test_every_fault_is_told_at_once(practice: Practice) -> None:
    said = refused(practice, {"phones.lines": 0, "rota.phone_level": 0.0})
    assert [line.split(":")[0] for line in said.splitlines()] == ["phones.lines", "rota.phone_level"]
    said = refused(practice, {"phones.lnes": 1, "rota.phone_levl": 1.0})
    assert [line.split(":")[0] for line in said.splitlines()] == ["phones.lnes", "rota.phone_levl"]


def test_settings_that_only_fit_together_are_judged_when_all_are_in_place(practice: Practice) -> None:
    """Alone each would be refused: a line's limit below its start, shares that do not sum to one."""
    moved = with_settings(practice, {"triage.places.social": {"gp": 0.5, "reception": 0.5}})
    swapped = with_settings(moved, {"triage.places.social.gp": 0.1, "triage.places.social.reception": 0.9})
    assert swapped.triage.places["social"] == {"gp": 0.1, "reception": 0.9}
    assert "the shares sum to 0.6" in refused(moved, {"triage.places.social.gp": 0.1})
