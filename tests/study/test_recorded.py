"""A record may come from anywhere: whatever is wrong with it is one line, and no name in it leads out of its folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commandline import pcqa
from fakeunits import plan_of

from pcqa_sim.study.design.plan import POINTS, read_plan, write_plan
from pcqa_sim.study.design.points import read_points
from pcqa_sim.study.record import RECORD, read_record
from pcqa_sim.study.statistics.criterion import Yardstick
from pcqa_sim.study.unit import Unit
from pcqa_sim.values.faults import BadInput

NAME, OTHER = "0123456789ab", "ba9876543210"
RUN = {"form": 1, "kind": "run", "seed": 7, "scenario": NAME, "parameters": {"replications": 2}}
RUN |= {"overrides": {NAME: ["practice=small"]}, "results": {"metrics.parquet": "ab"}}
COMPARE = RUN | {"kind": "compare", "base": NAME, "others": {"phones.lines=4": OTHER}}
COMPARE |= {"overrides": {NAME: [], OTHER: ["phones.lines=4"]}}
SIZE = RUN | {"kind": "size", "parameters": {"target": "missed_share<=0.1", "vary": ["phones.lines=1..3"], "reps": 9}}
SENSITIVITY = RUN | {"kind": "sensitivity"}
SENSITIVITY |= {"parameters": {"metric": "missed_share", "vary": ["a"], "method": "sobol", "points": 8, "reps": 2}}
ELSEWHERE = (
    "../../x",
    "../x",
    "/etc/passwd",
    "0123456789ab/../x",
    f"{NAME}\n",
    f" {NAME}",
    NAME.upper(),
    "",
    NAME + "c",
)


def changed(record: dict[str, Any], place: str, value: object) -> dict[str, Any]:
    """Return a record with another value at a dotted place."""
    first, _, rest = place.partition(".")
    return record | {first: changed(record[first], rest, value) if rest else value}


def wrong() -> list[tuple[dict[str, Any], str, object]]:
    counts = ("x", 0, -3, 1.5, True, None, [], 100_001, 10**9, 10**30)
    found: list[tuple[dict[str, Any], str, object]] = []
    for record in (RUN, COMPARE):
        found += [(record, "parameters.replications", value) for value in counts]
        found += [(record, "seed", value) for value in (-1, 2**63, 2**80, 1.0, "7", None, True)]
    found += [(COMPARE, "parameters.replications", 1), (SENSITIVITY, "parameters.points", 1)]
    found += [(SIZE, "parameters.reps", value) for value in counts]
    found += [(SENSITIVITY, "parameters.reps", value) for value in counts]
    found += [(COMPARE, "others", value) for value in ("text", [], {}, {"a": 3}, {"a": None}, None, 7)]
    found += [(RUN, "libraries", value) for value in ("text", ["a"], {"a": 1}, 7, None)]
    found += [(RUN, "machine", "text"), (RUN, "command", "text"), (RUN, "code", 3), (RUN, "python", ["3"])]
    found += [(RUN, "results", value) for value in ("text", {"a": 1}, None)]
    found += [(RUN, "overrides", value) for value in ("text", {}, {NAME: "text"}, {NAME: [1]}, {NAME: None})]
    found += [(RUN, "parameters", value) for value in ("text", None, [], {"replications": 2, "more": 1})]
    found += [(SIZE, "parameters.vary", value) for value in ("text", [], [1], None)]
    found += [(SIZE, "parameters.confidence", value) for value in ("x", None)]
    found += [(SENSITIVITY, "parameters.method", "other")]
    for name in ELSEWHERE:
        found += [(RUN, "scenario", name), (COMPARE, "base", name), (COMPARE, "others", {"a": name})]
        found += [(RUN, "overrides", {name: []}), (SIZE, "overrides", {name: []})]
    return found


@pytest.mark.parametrize(("record", "place", "value"), wrong())
def test_what_is_wrong_is_told_by_its_place(tmp_path: Path, record: dict[str, Any], place: str, value: object) -> None:
    (tmp_path / "run.json").write_text(json.dumps(record))
    assert read_record(tmp_path).kind == record["kind"]
    (tmp_path / "run.json").write_text(json.dumps(changed(record, place, value)))
    with pytest.raises(BadInput) as told:
        read_record(tmp_path)
    line = str(told.value).splitlines()[0]
    assert line.startswith(f"{tmp_path / 'run.json'}: {place.split('.')[0]}")
    assert "is missing or damaged" in line


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "1" * 100_000, '{"seed": Infinity}', "\ud800"])
@pytest.mark.parametrize("words", [("rerun",), ("trust",), ("replay", "--unit", f"{NAME}-1-0")])
def test_commands_refuse_what_is_no_record(
    elsewhere: Path, words: tuple[str, ...], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (elsewhere / "run.json").write_text(text, errors="surrogatepass")
    assert pcqa(words[0], ".", *words[1:]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("place", ["scenario", "seed", "parameters.replications"])
def test_rerun_begins_nothing(elsewhere: Path, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    values = {"scenario": "../../x", "seed": -1, "parameters.replications": 10**9}
    Path("run.json").write_text(json.dumps(changed(RUN, place, values[place])))
    assert pcqa("rerun", "run.json", "--out", "out") == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert sorted(path.name for path in elsewhere.iterdir()) == ["run.json"]


def study(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Write a plan whose record is changed."""
    write_plan(folder, plan_of(2, 2))
    record = json.loads((folder / "run.json").read_text())
    change(record)
    (folder / "run.json").write_text(json.dumps(record))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seed", -1), ("seed", 2**80), ("seed", "1"), ("replications", 0), ("replications", 10**9),
        ("replications", "x"),
        ("periods", "all of them"), ("settings", 3), ("modules", 3), ("modules", "x"), ("parameters", {}),
        ("parameters", None),
    ],
)  # fmt: skip
def test_a_plan_is_held_to_the_same(tmp_path: Path, key: str, value: object) -> None:
    study(tmp_path, lambda about: about.update({key: value}))
    with pytest.raises(BadInput, match=rf"run\.json: {key}.*is missing or damaged"):
        read_plan(tmp_path)


def points(folder: Path, scenarios: list[str], keys: str = "{}", texts: str = "[[]]") -> None:
    table = pa.table({"point": range(len(scenarios)), "scenario": scenarios})
    pq.write_table(table.replace_schema_metadata({"keys": keys, "texts": texts}), folder / POINTS)
    record = json.loads((folder / RECORD).read_text())
    record["points_sha256"] = hashlib.sha256((folder / POINTS).read_bytes()).hexdigest()
    (folder / RECORD).write_text(json.dumps(record))


@pytest.mark.parametrize("name", ELSEWHERE)
def test_no_point_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    study(tmp_path, lambda about: about)
    points(tmp_path, [name])
    for act in (lambda: read_plan(tmp_path), lambda: read_plan(tmp_path).scenarios):
        with pytest.raises(BadInput, match=r"points\.parquet: scenarios\.0"):
            act()


@pytest.mark.parametrize(
    ("keys", "texts"),
    [("[]", "[[]]"), ("{", "[[]]"), ("{}", "[" * 9999), ('{"a": 1}', '[["x"]]'), ('{"a": "b"}', "[[]]"), ("{}", "[]"),
     ("{}", "[[3]]"), ("{}", '{"a": 1}'), ("{}", "NaN")],
)  # fmt: skip
def test_damaged_points_are_told(tmp_path: Path, keys: str, texts: str) -> None:
    study(tmp_path, lambda about: about)
    points(tmp_path, [NAME], keys, texts)
    with pytest.raises(BadInput, match=r"points\.parquet"):
        read_plan(tmp_path)


@pytest.mark.parametrize("words", [("sweep", "--resume"), ("replay", "--unit", "x")])
def test_commands_refuse_such_a_study(
    tmp_path: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    study(tmp_path, lambda about: about)
    points(tmp_path, ["../../x"])
    where = ("--out", str(tmp_path)) if words[0] == "sweep" else (str(tmp_path),)
    assert pcqa(words[0], *where, *words[1:]) == 2
    assert "points.parquet: scenarios.0: ../../x: is missing or damaged" in capsys.readouterr().err


@pytest.mark.parametrize("line", ["../../x-1-0", "", f"{NAME}-1-0 all", f"{NAME}-1-0 events events", f"{NAME}-1"])
def test_a_part_does_units_alone(tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    study(tmp_path, lambda about: about)
    words = ("part", str(tmp_path), "--part", "0", "--of", "1")
    assert pcqa(*words) == 2
    assert "was not planned for a job array" in capsys.readouterr().err
    (tmp_path / "slurm").mkdir()
    (tmp_path / "slurm" / "units.txt").write_text(f"{line}\n")
    assert pcqa(*words) == 2
    assert "units.txt, line 1" in capsys.readouterr().err
    assert not (tmp_path / "units").exists()


@pytest.mark.parametrize("text", [f"{NAME}-1-0\n", f"../{NAME}-1-0", f"{NAME}-१-0", f"{NAME}-1-0/../x", f"{NAME}-1--1"])
def test_a_units_name_is_no_path(text: str) -> None:
    assert Unit.parsed(f"{NAME}-1-0") == Unit(NAME, 1, 0)
    assert Unit.parsed(text) is None


@pytest.mark.parametrize("text", ["{[", "a: .inf", "a: 1" + "0" * 400, "'a\\e[2J': 1", '"\\e[2Ja": 1', "[" * 5000, "3"])
def test_a_surface_is_fitted_through_scenarios_alone(tmp_path: Path, text: str) -> None:
    frame = {"scenario": [NAME, OTHER], "replication": [0, 0], "practice": ["p", "p"], "period": ["all", "all"]}
    frame |= {"group": ["", ""], "metric": ["missed_share"] * 2, "value": [0.1, 0.2], "unit": ["share"] * 2}
    pq.write_table(pa.table(frame), tmp_path / "metrics.parquet")
    (tmp_path / "scenarios").mkdir()
    for name in (NAME, OTHER):
        (tmp_path / "scenarios" / f"{name}.yaml").write_text(text)
    with pytest.raises(
        BadInput, match=r"\.yaml: (is not a scenario|is damaged|cannot be read as YAML|is nested).* makes it again"
    ):
        read_points(tmp_path, Yardstick("missed_share", "p"))


@pytest.mark.parametrize("many", ["100001", "1000000000", "0", "-3"])
def test_commands_have_the_same_upper_end(many: str, elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vary = ("--vary", "phones.lines=1..2")
    commands = (
        ("run", "--reps", many), ("run", "--reps", "auto", "--most", many), ("run", f"run.replications={many}"),
        ("compare", "--with", "phones.lines=4", "--reps", many), ("size", "--target", "missed_share<=0.1", *vary),
        ("sensitivity", "--metric", "missed_share", *vary), ("trust", "x"), ("calibrate",), ("sweep",),
        ("sensitivity", "--metric", "missed_share", *vary, "--points", many),
    )  # fmt: skip
    for words in commands:
        given = words if words[-1].rpartition("=")[2] == many else (*words, "--reps", many)
        assert pcqa(*given) == 2, given
        assert len(capsys.readouterr().err.splitlines()) == 1
    assert list(elsewhere.iterdir()) == []
