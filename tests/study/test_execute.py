"""The driver: resume, damaged units, receipts that are not borne out, failures recorded, memory that stays small."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import fakeunits
import pandas as pd
import pytest
from fakeunits import carry_out, drive, plan_of, scenario_name

from pcqa_sim.study import execute
from pcqa_sim.study.engines import EngineLost
from pcqa_sim.study.execute import FAILURES, Execution, Terms, Watcher
from pcqa_sim.study.store import Store
from pcqa_sim.study.task import Receipt, Task, perform
from pcqa_sim.study.unit import Unit

PLAN = plan_of(2, 3)


@dataclass
class Here:
    """An engine that does units in this process, and may end early or tell tales."""

    loses_after: int = 1_000_000
    lies: bool = False
    done: int = 0

    def describe(self) -> str:
        return "this process"

    def receipts(self, tasks: Iterable[Task]) -> Iterator[Receipt]:
        for task in tasks:
            if self.done == self.loses_after:
                raise EngineLost("the machine room is on fire")
            self.done += 1
            receipt = perform(task)
            yield replace(receipt, checksum="0" * 64) if self.lies else receipt


def test_only_what_is_missing_is_done(tmp_path: Path) -> None:
    with pytest.raises(EngineLost, match="on fire; 4 of 6 units are whole; go on with: pcqa sweep --out"):
        drive(tmp_path, PLAN, Here(loses_after=4), fakeunits.quick)
    assert not (tmp_path / "metrics.parquet").exists()
    engine = Here()
    outcome = drive(tmp_path, PLAN, engine, fakeunits.quick)
    assert (outcome.found, len(outcome.done), engine.done) == (4, 2, 2)
    again = Here()
    assert drive(tmp_path, PLAN, again, fakeunits.quick).found == 6
    assert again.done == 0


def test_a_broken_study_ends_as_an_unbroken_one(tmp_path: Path) -> None:
    drive(tmp_path / "whole", PLAN, Here(), fakeunits.quick)
    for after in (1, 2, 2):
        with pytest.raises(EngineLost):
            drive(tmp_path / "broken", PLAN, Here(loses_after=after), fakeunits.quick)
    drive(tmp_path / "broken", PLAN, Here(), fakeunits.quick)
    for name in ("metrics.parquet", "summary.csv", "points.parquet"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "broken" / name).read_bytes()


def test_a_damaged_unit_is_named_and_done_again(tmp_path: Path) -> None:
    drive(tmp_path, PLAN, Here(), fakeunits.quick)
    before = (tmp_path / "metrics.parquet").read_bytes()
    name = list(PLAN.units())[3]
    path = Store(tmp_path).path(name)
    path.write_bytes(path.read_bytes()[:-100])
    said: list[str] = []
    engine = Here()
    drive(tmp_path, PLAN, engine, fakeunits.quick, Watcher(note=said.append))
    assert engine.done == 1
    assert len(said) == 1
    assert said[0].startswith(f"unit {name} was damaged and is done again: it is torn")
    assert (tmp_path / "metrics.parquet").read_bytes() == before


def test_who_watches_is_told_of_each_unit_once_it_is_in_the_store(tmp_path: Path) -> None:
    plan = plan_of(1, 3)
    names = dict.fromkeys(plan.units(), ())
    told: list[tuple[Unit, bool]] = []

    def there(name: Unit) -> None:
        told.append((name, Store(tmp_path).path(name).is_file()))

    for found, done in ((0, 2), (2, 1)):
        wanted = dict(list(names.items())[: found + done])
        Execution(tmp_path, Terms.of(plan), Here(), fakeunits.quick, Watcher(there=there)).complete(wanted, wanted)
        assert told == [(name, True) for name in wanted]
        told.clear()


def test_a_receipt_is_believed_only_if_the_ledger_bears_it_out(tmp_path: Path) -> None:
    outcome = drive(tmp_path, plan_of(1, 1), Here(lies=True), fakeunits.quick)
    (failed,) = outcome.failed
    assert failed.fault == "what was written is not what the worker says it wrote"
    assert outcome.done == set()


def test_a_unit_written_where_nobody_sees_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execute, "_LATE_SECONDS", 0.0)

    class Elsewhere(Here):
        def receipts(self, tasks: Iterable[Task]) -> Iterator[Receipt]:
            yield from (Receipt(task.unit, "0" * 64, 10, host="node7") for task in tasks)

    (failed,) = drive(tmp_path, plan_of(1, 1), Elsewhere(), fakeunits.quick).failed
    assert "node7" in failed.fault
    assert "shared file system" in failed.fault


def test_failures_are_recorded_with_what_it_takes_to_see_them_again(tmp_path: Path) -> None:
    outcome = drive(tmp_path, PLAN, Here(), fakeunits.raising)
    ((failed,), (record,)) = outcome.failed, json.loads((tmp_path / FAILURES).read_text())
    assert record["unit"] == str(failed.unit) == f"{scenario_name(0)}-1-1"
    assert (record["seed"], record["replication"]) == (1, 1)
    assert record["points"] == [{"phones.lines": "1"}]
    assert shlex.split(record["replay"]) == ["pcqa", "replay", str(tmp_path), "--unit", record["unit"]]
    assert any("in raising" in line for line in record["traceback"])
    drive(tmp_path, PLAN, Here(), fakeunits.quick)
    assert not (tmp_path / FAILURES).exists()
    assert len(pd.read_parquet(tmp_path / "metrics.parquet")) == 36


def test_a_study_in_which_everything_fails_says_so(tmp_path: Path) -> None:
    def broken(_: Task) -> None:
        raise MemoryError

    outcome = drive(tmp_path, PLAN, Here(), broken)  # type: ignore[arg-type]
    assert len(outcome.failed) == 6
    assert {one.fault for one in outcome.failed} == {"MemoryError"}
    assert not (tmp_path / "metrics.parquet").exists()


def test_results_are_read_in_one_line(tmp_path: Path) -> None:
    drive(tmp_path, PLAN, Here(), fakeunits.quick)
    both = pd.read_parquet(tmp_path / "metrics.parquet").merge(pd.read_parquet(tmp_path / "points.parquet"))
    assert len(both) == 36
    assert both["phones.lines"].drop_duplicates().tolist() == [1, 2]
    query = f"""select "phones.lines", metric, avg(value) from '{tmp_path}/metrics.parquet'
        join '{tmp_path}/points.parquet' using (scenario) where period = 'all' group by all order by all"""
    rows = duckdb.sql(query).fetchall()
    assert [(lines, metric) for lines, metric, _ in rows] == [
        (1, "failure_share"),
        (1, "missed_share"),
        (2, "failure_share"),
        (2, "missed_share"),
    ]
    expected = both[both["period"] == "all"].groupby(["phones.lines", "metric"])["value"].mean()
    assert [mean for *_, mean in rows] == pytest.approx(expected.tolist())


def test_points_that_share_a_scenario_share_its_units(tmp_path: Path) -> None:
    shared = replace(PLAN, points=(*PLAN.points, PLAN.points[0]))
    outcome = drive(tmp_path, shared, Here(), fakeunits.quick)
    assert len(outcome.done) == 6
    summary = pd.read_csv(tmp_path / "summary.csv")
    means = summary.groupby("point")["mean"].apply(list)
    assert means[0] == means[2] != means[1]


MEMORY = """
import re, resource, sys
from pathlib import Path
import fakeunits
from pcqa_sim.study.engines.local import Local
import wideunits
if __name__ == "__main__":
    outcome = fakeunits.drive(Path(sys.argv[1]), fakeunits.plan_of(int(sys.argv[2]), 20), Local(2), wideunits.wide)
    assert len(outcome.done) == int(sys.argv[2]) * 20, outcome
    status = Path("/proc/self/status")
    own = re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text()) if status.exists() else None
    # Elsewhere than on Linux; there, this figure begins with that of the process that started this one.
    print((int(own[1]) if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024)
"""
WIDE = """
import numpy as np, pyarrow as pa
from fakeunits import Result, small_table

def wide(task):
    small = small_table(task)
    times = 1500
    table = pa.concat_tables([small] * times)
    rng = np.random.default_rng(task.unit.replication)
    period = [f"d{n // 80:03d}" if n >= 400 else ("all" if n < 6 else "w01") for n in range(table.num_rows)]
    table = table.set_column(table.schema.get_field_index("period"), "period", pa.array(period))
    table = table.set_column(table.schema.get_field_index("value"), "value", pa.array(rng.random(table.num_rows)))
    return Result(task.unit, table)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts memory otherwise")
@pytest.mark.parametrize(
    "scenarios", [pytest.param(15, marks=pytest.mark.slow), pytest.param(50, marks=pytest.mark.soak)]
)
def test_hundreds_of_units_need_little_memory(scenarios: int, tmp_path: Path) -> None:
    """Each of 9,000 rows, as a quarter of a year of a practice has: those of 300 units, held, would be too many."""
    (tmp_path / "wideunits.py").write_text(WIDE)
    (tmp_path / "main.py").write_text(MEMORY)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "main.py"), str(tmp_path / "out"), str(scenarios)],
        env={"PYTHONPATH": f"{Path(fakeunits.__file__).parent}:{tmp_path}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    peak = int(done.stdout)
    print("peak MiB:", peak)
    assert peak < 300
    assert duckdb.sql(f"select count(*) from '{tmp_path}/out/metrics.parquet'").fetchall() == [(scenarios * 20 * 9000,)]


@pytest.mark.parametrize(
    "thousands", [pytest.param(2, marks=pytest.mark.slow), pytest.param(10, marks=pytest.mark.soak)]
)
def test_ten_thousand_units_are_looked_at_in_under_five_seconds(thousands: int, tmp_path: Path) -> None:
    """Of a processor; in check two thousand in a fifth of it."""
    plan = plan_of(100 * thousands, 10)
    store = Store(tmp_path)
    for name in plan.units():
        store.path(name).parent.mkdir(exist_ok=True)
        break
    sample = fakeunits.small_table(Task("", next(plan.units()), fakeunits.quick))
    padded = sample.append_column("padding", [["x" * 20_000 + str(n) for n in range(sample.num_rows)]])
    from pcqa_sim.study.unit import unit_bytes

    for name in plan.units():
        store.path(name).write_bytes(unit_bytes(padded, str(name), "code"))
    begun = time.process_time()
    survey = store.survey(plan.units())
    seconds = time.process_time() - begun
    print("seconds:", seconds, "bytes a unit:", store.path(name).stat().st_size)
    assert survey.whole == 1000 * thousands
    assert seconds < 5 * thousands / 10


def test_a_watcher_need_not_watch(tmp_path: Path) -> None:
    tmp_path.joinpath("out").mkdir()
    assert len(carry_out(tmp_path / "out", plan_of(1, 1), Here(), fakeunits.quick).done) == 1
