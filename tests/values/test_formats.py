"""Files of every version: an older one is read as of today, a newer one refused in a line that says by whom."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa
import pytest
import yaml
from commandline import pcqa

from pcqa_sim.calibration.targets import read_targets
from pcqa_sim.inputs.practice_file import open_practice_file
from pcqa_sim.inputs.practice_text import NATIONAL_LEVEL, START_BELIEF
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.design.plan import read_plan
from pcqa_sim.study.record import read_record
from pcqa_sim.study.scenariofile import read_tree, scenario_bytes
from pcqa_sim.study.unit import read_unit, table_of, unit_bytes
from pcqa_sim.values import formats, renamed
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.formats import (
    UPGRADES,
    Kind,
    as_of_today,
    newest,
    stamp,
    text_of_today,
    with_new_names,
    without_schema,
)

OLD = Path(__file__).parents[1] / "data" / "version0"
(SCENARIO,) = (OLD / "run" / "scenarios").iterdir()
(UNIT,) = (OLD / "sweep" / "units").iterdir()


@pytest.fixture
def one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version to come, in which a setting, an option, a metric and a word are renamed."""
    later: dict[Kind, Any] = {kind: (*steps, with_new_names(kind)) for kind, steps in UPGRADES.items()}
    monkeypatch.setattr(formats, "UPGRADES", later)
    keys = {"phones.linez": "phones.lines", "role.*.fte": "role.*.fte_per_10000", "practice.size": "practice.list_size"}
    monkeypatch.setattr(renamed, "SETTINGS", keys | {"rota.calls": "phones.calls", "practice=flood": "flood_8am"})
    monkeypatch.setattr(renamed, "METRICS", {"replied_share": "answered_share"})
    monkeypatch.setattr(renamed, "WORDS", {"visit": "home_visit"})


def test_every_kind_of_file_has_a_version() -> None:
    assert set(UPGRADES) == set(get_args(Kind))
    assert all(stamp(kind)["schema"] == newest(kind) >= 1 for kind in UPGRADES)


def test_records_of_version_0_are_read() -> None:
    record = read_record(OLD / "run")
    assert (record.kind, record.seed, "form" in record.plain) == ("run", 7, False)
    plan = read_plan(OLD / "sweep")
    assert (plan.seed, len(plan.points), dict(plan.scenario_files)) == (7, 1, {})


def test_a_record_of_version_2_is_done_again_under_the_names_of_today() -> None:
    """As one of before `put_off` was called balking: in overrides, in what was asked, in members of a network."""
    asked = {
        "with": ["phones.lines=3 triage.extras.most_a_session=2"],
        "vary": ["phones.menu.put_off_share=0.1..0.3"],
        "target": "first_look_wait_min<=5",
        "metric": "fate_share",
        "cost": ["phones.menu.put_off_share=20"],
        "reps": 5,
    }
    overrides = {"f7a04d4849e0": ["practice=small", "++phones.menu.put_off_share=0.3", "~channels.fates"]}
    member = "network.members={a:['triage.first_look.share=1']}"
    now = as_of_today("record", {"schema": 2, "parameters": asked, "overrides": overrides | {"b": [member]}}, "there")
    assert now["parameters"] == {
        "with": ["phones.lines=3 triage.overbooking.most_a_session=2"],
        "vary": ["phones.menu.balking_share=0.1..0.3"],
        "target": "clinician_triage_wait_min<=5",
        "metric": "next_action_share",
        "cost": ["phones.menu.balking_share=20"],
        "reps": 5,
    }
    assert now["overrides"] == {
        "f7a04d4849e0": ["practice=small", "++phones.menu.balking_share=0.3", "~channels.next_actions"],
        "b": ["network.members={a:['triage.clinician_triage.share=1']}"],
    }


def test_a_scenario_of_version_0_is_read() -> None:
    scenario = Scenario.model_validate(read_tree(SCENARIO))
    assert (scenario.weeks, scenario.practices["practice"].list_size) == (1, 1000)
    again = yaml.safe_load(scenario_bytes(scenario))
    assert again["schema"] == newest("scenario")


def test_a_unit_of_version_0_is_read() -> None:
    table = read_unit(UNIT)
    assert table["metric"].to_pylist()
    assert set(table["scenario"].to_pylist()) == {UNIT.stem.partition("-")[0]}


def test_a_practice_file_of_version_0_is_read_and_written_with_its_version(tmp_path: Path) -> None:
    path = tmp_path / "practice" / "a11111.yaml"
    path.parent.mkdir()
    path.write_text((OLD / "practice.yaml").read_text())
    file = open_practice_file(tmp_path, "A11111")
    assert file.list_size == 8000
    file.written_with({"list_size": "list_size: 9000  # people; register of 1 March 2026, a.csv\n"})
    comment, version, *rest = path.read_text().splitlines()
    assert (comment[0], version, rest[0]) == (
        "#",
        f"schema: {newest('practice')}  # version; of the form of this file",
        "name: Practice A11111",
    )
    assert open_practice_file(tmp_path, "A11111").list_size == 9000


def test_targets_of_version_0_are_read(tmp_path: Path) -> None:
    (tmp_path / "targets").mkdir()
    (tmp_path / "targets" / "old.yaml").write_text((OLD / "targets.yaml").read_text())
    assert read_targets(tmp_path, "old").published("answered_share") == 0.577


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_newer_file_is_refused_in_a_line(kind: Kind) -> None:
    newer = {"schema": newest(kind) + 1, "pcqa_sim": "9.8.7"}
    with pytest.raises(BadInput) as caught:
        as_of_today(kind, newer, "there")
    said = str(caught.value)
    assert said.startswith("there: was written by version 9.8.7 of pcqa_sim, which this one (")
    assert "cannot read; use that version, or " in said
    assert "\n" not in said
    with pytest.raises(BadInput, match="by a later version"):
        as_of_today(kind, {"schema": newest(kind) + 1}, "there")


@pytest.mark.parametrize("told", [True, -1, 1.0, "1", None, [], 10**9])
def test_what_is_no_version_is_refused(told: object) -> None:
    with pytest.raises(BadInput, match="must be the version of the file"):
        as_of_today("record", {"schema": told}, "there")


def test_a_newer_unit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "UPGRADES", UPGRADES | {"unit": (*UPGRADES["unit"], lambda plain: plain)})
    content = unit_bytes(read_unit(UNIT), UNIT.stem)
    assert table_of(content).num_rows
    monkeypatch.undo()
    with pytest.raises(BadInput, match="written by a later version"):
        table_of(content, "unit")


@pytest.mark.parametrize("text", ["schema: 99\n", "# mine\nlist_size: 8000\nschema: 99\n"])
def test_newer_practice_files_are_refused_wherever_they_are_read(
    elsewhere: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    path = elsewhere / "pcqa_conf" / "practice" / "a11111.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert pcqa("show", "practice=a11111") == 2
    said = capsys.readouterr().err.strip()
    assert said.startswith("practice/a11111.yaml: was written by a later version of pcqa_sim")
    assert "\n" not in said
    with pytest.raises(BadInput, match="written by a later version"):
        open_practice_file(elsewhere / "pcqa_conf", "A11111")


@pytest.mark.usefixtures("composed_afresh")
def test_a_practice_with_a_version_is_used_as_any(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bodies = {"name": "name: Practice A11111\n", "demand_level": NATIONAL_LEVEL, "start_belief": START_BELIEF}
    bodies |= {"list_size": "list_size: 8765  # people; register of 1 March 2026, a.csv\n"}
    open_practice_file(elsewhere / "pcqa_conf", "A11111").written_with(bodies)
    assert pcqa("show", "practice=a11111") == 0
    said = capsys.readouterr().out
    assert "8765" in said.replace(",", "")
    assert "register of 1 March 2026" in said
    assert "schema" not in said


def test_a_version_is_cut_out_and_lines_stay() -> None:
    assert without_schema("# a\nschema: 1  # x\nname: b\n") == "# a\n  # x\nname: b\n"
    assert without_schema("name: é\nschema: 1\n") == "name: é\n\n"
    assert without_schema("{schema: 1}\n") == "{schema: 1}\n"
    assert without_schema("name: {schema: 1}\n") == "name: {schema: 1}\n"


@pytest.mark.usefixtures("one_more")
def test_an_old_scenario_is_read_under_new_names() -> None:
    tree = read_tree(SCENARIO)
    old = json.loads(json.dumps(tree))
    practice = old["practices"]["practice"]
    practice["phones"]["linez"] = practice["phones"].pop("lines")
    practice["size"] = practice.pop("list_size")
    practice["rota"]["calls"] = 3
    for role in practice["role"].values():
        role["fte"] = role.pop("fte_per_10000")
    old["phases"] = [{"from_week": 1, "practices": {"practice": practice}}]
    read = as_of_today("scenario", old, "there")
    for one in (read, read["phases"][0]):
        now = one["practices"]["practice"]
        assert now["phones"].pop("calls") == 3
        assert now == tree["practices"]["practice"]


@pytest.mark.parametrize("plain", [{}, {"practices": 3}, {"practices": {"a": 3}}, {"phases": [3]}, {"phases": 3}])
def test_what_is_no_scenario_is_left_to_the_judge(plain: dict[str, Any]) -> None:
    assert as_of_today("scenario", plain, "there") == plain


@pytest.mark.parametrize("plain", [{}, {"targets": 3}, {"targets": [3, {}]}, {"targets": [{"metric": 3, "group": ""}]}])
def test_what_is_no_list_of_targets_is_left_to_the_judge(plain: dict[str, Any]) -> None:
    assert as_of_today("targets", plain, "there") == plain


def test_the_sample_of_version_0_has_names_of_the_past() -> None:
    """The renaming of today is tried on a file that was written before it."""
    old = yaml.safe_load(SCENARIO.read_text())["practices"]["practice"]
    now = read_tree(SCENARIO)["practices"]["practice"]
    assert old["channels"]["fates"] == now["channels"]["next_actions"]
    assert old["phones"]["menu"]["put_off_share"] == now["phones"]["menu"]["balking_share"]
    assert "fates" not in now["channels"]


@pytest.mark.usefixtures("one_more")
def test_old_targets_and_units_are_read_under_new_names() -> None:
    target = {"metric": "replied_share", "group": "mode=visit"}
    read = as_of_today("targets", {"targets": [target, {"metric": "missed_share"}]}, "there")
    assert read["targets"] == [{"metric": "answered_share", "group": "mode=home_visit"}, {"metric": "missed_share"}]
    table = pa.table({"metric": ["replied_share", "missed_share"], "group": ["", "mode=visit"], "value": [1.0, 2.0]})
    now = as_of_today("unit", {"table": table}, "there")["table"]
    assert now.to_pydict() == {
        "metric": ["answered_share", "missed_share"], "group": ["", "mode=home_visit"], "value": [1.0, 2.0]
    }  # fmt: skip


@pytest.mark.usefixtures("one_more")
def test_an_old_settings_file_is_read_under_new_names_line_by_line() -> None:
    old = "# mine\nlinez: 8  # lines\nmenu: {linez: 3}\n"
    assert text_of_today(old, "there", "phones.") == "# mine\nlines: 8  # lines\nmenu: {linez: 3}\n"
    today = f"schema: {newest('practice')}\n{old}"
    assert text_of_today(today, "there", "phones.") == today
    assert text_of_today("fte: 3\n", "there", "role.gp.") == "fte_per_10000: 3\n"
    assert text_of_today("phones:\n  linez: 8\n", "there", "") == "phones:\n  lines: 8\n"
    assert text_of_today("calls: 8\n", "there", "rota.") == "calls: 8\n", "it went to another group"
