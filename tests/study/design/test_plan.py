"""Plans and origins: written and read back the same, and differences said by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import fakeunits
import pyarrow.parquet as pq
import pytest
from fakeunits import plan_of

from pcqa_sim.study.design.plan import Asked, Point, column_of, differences, read_plan, write_plan
from pcqa_sim.study.origin import Origin, origin, settings_fingerprint
from pcqa_sim.study.store import Store
from pcqa_sim.values.faults import BadInput


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    points = (
        Point({"practice": "small", "phones.lines": "4", "x": "0.10"}, "0123456789ab"),
        Point({"practice": "average", "phones.lines": "08", "x": "1e3"}, "0123456789ac"),
    )
    plan = replace(plan_of(1, 3), points=points, asked=Asked(("a=1,2",), ("x=1..2",), "lhs", 8), seed=7, periods="all")
    write_plan(tmp_path, plan)
    assert read_plan(tmp_path) == plan


def test_names_stand_in_the_points_without_the_quotes_they_were_typed_in(tmp_path: Path) -> None:
    typed = [("'A, b'", "'5'"), ("'It\\'s'", '"6"'), ("c\\ d", "7"), ('"E"', "8")]
    points = tuple(
        Point({"practice.name": name, "role.gp.title": title, "phones.lines": str(number)}, f"0123456789a{number}")
        for number, (name, title) in enumerate(typed)
    )
    plan = replace(plan_of(1, 1), points=points)
    write_plan(tmp_path, plan)
    found = pq.read_table(tmp_path / "points.parquet").to_pydict()
    assert found["practice.name"] == ["A, b", "It's", "c d", "E"]
    assert found["role.gp.title"] == ["5", "6", "7", "8"]
    assert found["phones.lines"] == [0, 1, 2, 3]
    assert read_plan(tmp_path) == plan


def test_units_come_replication_by_replication() -> None:
    names = list(plan_of(2, 2).units())
    assert [name.replication for name in names] == [0, 0, 1, 1]
    assert len({str(name) for name in names}) == plan_of(2, 2).size == 4


def test_a_column_never_takes_the_name_of_one_of_the_metrics() -> None:
    assert column_of("practice") == "varied_practice"
    assert column_of("phones.lines") == "phones.lines"


def test_differences_are_named(tmp_path: Path) -> None:
    plan, store = plan_of(2, 2), Store(tmp_path)
    assert differences(plan, plan, store) == []
    assert differences(plan, replace(plan, seed=2), store) == ["the seed was 1, is 2"]
    assert differences(plan, plan_of(3, 2), store) == ["there were 2 points, are 3"]


def test_no_plan_and_a_damaged_one_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no study"):
        read_plan(tmp_path)
    write_plan(tmp_path, plan_of(1, 1))
    (tmp_path / "run.json").write_text((tmp_path / "run.json").read_text().replace('"seed"', '"sead"'))
    with pytest.raises(BadInput, match=r"run\.json: seed: is missing or damaged .*; put a copy of it back"):
        read_plan(tmp_path)


def test_the_origin_names_what_results_depend_on() -> None:
    here = origin()
    assert "journey/journey.py" in here.modules
    assert "study/task.py" in here.modules
    assert not [name for name in here.modules if name.startswith(("cli.py", "commands/", "report/"))]
    assert here.differences(here) == []
    assert Origin.from_dict(here.as_dict()) == here
    assert Origin.from_dict(here.as_dict()).code == here.code


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": "0.0.9"}, "pcqa_sim was 0.0.9, is"),
        ({"python": "3.10"}, "Python was 3.10, is"),
        ({"libraries": {}}, "numpy was absent, is"),
        ({"modules": {}}, "code changed in"),
    ],
)
def test_what_differs_is_said_and_changes_the_code(change: dict[str, object], said: str) -> None:
    other = replace(origin(), **change)  # type: ignore[arg-type]
    assert said in "; ".join(origin().differences(other))
    assert other.code != origin().code


def test_settings_are_the_same_only_while_their_files_are(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    path = tmp_path / "run" / "mine.yaml"
    path.write_text("seed: 1\n")
    before = settings_fingerprint({"own": tmp_path, "none": None})
    assert settings_fingerprint({"own": tmp_path}) == before
    path.write_text("seed: 2\n")
    assert settings_fingerprint({"own": tmp_path}) != before
    path.write_text("seed: 1\n")
    assert settings_fingerprint({"own": tmp_path}) == before
    path.rename(path.with_name("yours.yaml"))
    assert settings_fingerprint({"own": tmp_path}) != before


def test_the_tests_own_units_need_no_scenario() -> None:
    assert fakeunits.scenario_name(0) == plan_of(1, 1).scenarios[0]
