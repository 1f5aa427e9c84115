"""A practice's own file holds all that is its own: settings of any group, roles on top, and whose needs they take."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcqa_sim import load_scenario
from pcqa_sim.configuration import said_in, show
from pcqa_sim.scenario import Practice
from pcqa_sim.values.faults import BadInput

HEAD = "defaults: [average@_here_, _self_]\nname: Mine\n"
OWN = (
    HEAD
    + """list_size: 8400  # people; said by the practice
phones: {lines: 8}  # lines; our telephone bill
role:
  gp: {people: [{name: Dr A, sessions: [mon, tue]}]}
  anp: {fte: 1.0, out_of: {other: 0.5, gp: 0.1}}
rota:
  phone:
    monday: {"00:00": 0, "08:00": 4, "18:30": 0}
demand:
  kinds:
    all: {latest_days: 9}
"""
)


def practice_of(tmp_path: Path, text: str, *overrides: str) -> Practice:
    return load_scenario("practice=mine", *overrides, user_folder=folder_with(tmp_path, text)).practices["practice"]


def folder_with(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "conf" / "practice"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    return folder.parent


def test_one_file_holds_settings_of_every_group(tmp_path: Path) -> None:
    mine, default = practice_of(tmp_path, OWN), load_scenario().practices["practice"]
    assert (mine.name, mine.list_size, mine.phones.lines) == ("Mine", 8400, 8)
    assert mine.phones.menu == default.phones.menu
    assert mine.rota.phone.monday == {0: 0, 480: 4, 1110: 0}
    assert mine.rota.phone.tuesday_friday == default.rota.phone.tuesday_friday
    assert {kind.latest_days for kind in mine.demand.kinds.values()} == {9}
    assert mine.role["hca"] == default.role["hca"]


def test_a_role_with_staff_in_the_file_is_there_without_being_chosen(tmp_path: Path) -> None:
    mine, named = practice_of(tmp_path, OWN), load_scenario("experiment=named_roles").practices["practice"]
    assert list(mine.role)[-1] == "anp"
    assert mine.fte("anp") == 1.0
    assert mine.role["anp"].scope == named.role["anp"].scope


def test_a_role_takes_its_share_of_what_goes_to_others_and_no_need_is_lost(tmp_path: Path) -> None:
    mine, default = practice_of(tmp_path, OWN), load_scenario().practices["practice"]
    for kind, before in default.triage.places.items():
        row = mine.triage.places[kind]
        assert sum(row.values()) == pytest.approx(sum(before.values()))
        takes = bool(mine.role["anp"].scope.get(kind))
        if takes:
            assert row["anp"] == pytest.approx(0.5 * before.get("other", 0) + 0.1 * before.get("gp", 0))
        assert row.get("other", 0) == pytest.approx(before.get("other", 0) * (0.5 if takes else 1))


def test_the_rest_goes_to_whoever_says_so(tmp_path: Path) -> None:
    text = HEAD + "role:\n  other: {heads: 0}\n  gp: {out_of: {other: rest}}\n  anp: {fte: 1, out_of: {other: 0.5}}\n"
    mine, default = practice_of(tmp_path, text), load_scenario().practices["practice"]
    assert not any(row.get("other") for row in mine.triage.places.values())
    row, before = mine.triage.places["acute_minor"], default.triage.places["acute_minor"]
    assert row["gp"] == pytest.approx(before["gp"] + before["other"] / 2)


@pytest.mark.parametrize("said", ["triage: total_digital", "triage: {model: total_digital, cover: {gp: [anp]}}"])
def test_a_practice_chooses_its_access_model_and_the_command_line_another(said: str, tmp_path: Path) -> None:
    text = OWN + said + "\n"
    mine, typed = practice_of(tmp_path, text), practice_of(tmp_path, text, "triage=open_access")
    shipped = load_scenario("triage=total_digital").practices["practice"].triage
    assert (mine.triage.kind, typed.triage.kind) == ("total_digital", "open_access")
    assert mine.triage.clinician_triage == shipped.clinician_triage
    assert (typed.triage.cover.get("gp") == ["anp"]) == ("cover" in said)
    assert "triage.model" in said_in(tmp_path / "conf" / "practice" / "mine.yaml")


def test_what_extends_a_practice_and_an_experiment_choose_after_it(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, OWN + "triage: total_digital\n")
    nearer = "defaults: [mine@_here_, _self_]\n"
    (folder / "practice" / "as_it_is.yaml").write_text(nearer, encoding="utf-8")
    (folder / "practice" / "another.yaml").write_text(nearer + "triage: care_navigation\n", encoding="utf-8")
    (folder / "experiment").mkdir()
    chosen = "defaults:\n  - override /triage: open_access\n  - override /practice: mine\n  - _self_\n"
    (folder / "experiment" / "opened.yaml").write_text(chosen, encoding="utf-8")
    for words, kind in (
        ("practice=as_it_is", "total_digital"),
        ("practice=another", "care_navigation"),
        ("experiment=opened", "open_access"),
    ):
        assert load_scenario(words, user_folder=folder).practices["practice"].triage.kind == kind


def test_extended_hours_may_be_taken_away_by_day(tmp_path: Path) -> None:
    mine = practice_of(tmp_path, OWN.replace("lines: 8", "lines: 8, extended_hours: {tuesday: null}"))
    assert mine.phones.extended_hours["tuesday"] is None
    assert mine.phones.extended_hours.get("thursday") is not None


def test_what_is_typed_lies_on_the_file(tmp_path: Path) -> None:
    mine = practice_of(tmp_path, OWN, "phones.lines=12", "role.anp.fte=2", "role.gp.fte_per_10000=5")
    assert (mine.phones.lines, mine.fte("anp"), mine.role["gp"].people) == (12, 2.0, None)


def test_the_source_of_each_number_is_that_of_the_file(tmp_path: Path) -> None:
    shown = show("practice=mine", user_folder=folder_with(tmp_path, OWN))
    (lines,) = [one for one in shown.settings if one.key == "phones.lines"]
    assert (lines.unit, lines.source) == ("lines", "our telephone bill")
    assert "phones.lines" in said_in(tmp_path / "conf" / "practice" / "mine.yaml")


FAULTS = [
    ("lines: 8", "lines: 8.5", "practice/mine.yaml line 4, phones.lines: 8.5: must be a whole number"),
    (
        "lines: 8",
        "linez: 8",
        "practice/mine.yaml line 4, phones.linez: 8: is not a setting; did you mean phones.lines?",
    ),
    ("[mon, tue]", "[mon, tue_xm]", "practice/mine.yaml line 6, role.gp.people.0.sessions: tue_xm is not a day"),
    ("fte: 1.0", "fte: 1.0, heads: 2", "practice/mine.yaml line 7, role.anp.heads: heads and fte each say how many"),
    ('"08:00": 4', '"08:10": 4', "practice/mine.yaml line 10, rota.phone.monday: 08:10: times are on the hour"),
    ("other: 0.5", "othr: 0.5", "practice/mine.yaml line 7, role.anp.out_of.othr: must be one of: gp,"),
    (
        "other: 0.5",
        "other: 2",
        "practice/mine.yaml line 7, role.anp.out_of.other: 2: must be a share from 0 to 1, or rest",
    ),
    (
        "demand:",
        "triage: total_digitl\ndemand:",
        "practice/mine.yaml line 11, triage: total_digitl: must be one of: care_navigation, duty_team, gp_phone_first, "
        "nurse_triage, open_access, reception_led, total_digital; did you mean total_digital?",
    ),
    (
        "demand:",
        "triage:\n  model: [3]\ndemand:",
        "mine.yaml line 12, triage: [3]: must be the name of an access mod",
    ),
    ("list_size: 8400", "list_sise: 8400", "practice/mine.yaml line 3, practice.list_sise: 8400: is not a setting"),
]


@pytest.mark.parametrize(("good", "bad", "told"), FAULTS)
def test_a_fault_names_file_line_rule_and_what_to_write(good: str, bad: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        practice_of(tmp_path, OWN.replace(good, bad, 1))
    assert told in str(refused.value)


def test_a_fault_of_what_was_typed_names_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"^phones.lines: 0: must be"):
        practice_of(tmp_path, OWN, "phones.lines=0")


def test_a_file_of_an_older_form_is_read_as_if_it_were_of_today(tmp_path: Path) -> None:
    old = (
        "schema: 1\n"
        + HEAD
        + "phones:\n  menu: {put_off_share: 0.05}\nchannels:\n  redial: {after_put_off_first: 0.4}\n"
    )
    mine = practice_of(tmp_path, old)
    assert (mine.phones.menu.balking_share, mine.channels.redial.after_balking_first) == (0.05, 0.4)
    with pytest.raises(BadInput, match=r"which this one .* cannot read"):
        practice_of(tmp_path, old.replace("schema: 1", "schema: 99"))


@pytest.mark.parametrize(("date", "week"), [("2026-01-05", 0), ("2026-03-01", 8), ("2026-03-02", 8), ("2026-03-03", 9)])
def test_a_change_may_begin_on_a_date(date: str, week: int) -> None:
    """The run begins on Monday, 5 January 2026; the first whole week from the date on is meant."""
    began = f"intervention.switch_to_digital.from_week={date}"
    scenario = load_scenario("intervention=[switch_to_digital]", began)
    assert [phase.from_week for phase in scenario.phases] == ([week] if week else [])
    assert scenario.in_force("practice", week).triage.kind == "total_digital"


@pytest.mark.parametrize("date", ["2025-12-01", "2026-02-30", "1 March"])
def test_a_date_that_cannot_be_is_refused(date: str) -> None:
    with pytest.raises(BadInput, match=r"^intervention.switch_to_digital.from_week: .*must be a whole number"):
        load_scenario("intervention=[switch_to_digital]", f"intervention.switch_to_digital.from_week='{date}'")


def test_a_monday_of_ones_own_replaces_the_rule_for_mondays() -> None:
    """Shipped rotas may have a rule for Mondays; who says a Monday means that one."""
    phone = load_scenario("rota.phone.monday='3 from 8 to 18:30'").practices["practice"].rota.phone
    assert phone.first_days is None
    assert phone.of_weekday(0) == {0: 0, 480: 3, 1110: 0}
