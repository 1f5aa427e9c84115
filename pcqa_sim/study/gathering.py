"""All units of a study together: metrics.parquet and summary.csv, a scenario at a time, so that memory stays small."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pcqa_sim.study.design.plan import Plan, column_of
from pcqa_sim.study.readback import read_back
from pcqa_sim.study.spreadsheet import for_people
from pcqa_sim.study.statistics.intervals import summarise
from pcqa_sim.study.store import Store
from pcqa_sim.study.unit import Unit, read_unit
from pcqa_sim.values.wholefile import whole_file

METRICS, SUMMARY = "metrics.parquet", "summary.csv"
_ROWS_TOGETHER = 65_536


def gather(folder: Path, plan: Plan, absent: Container[Unit] = ()) -> None:
    """Write metrics.parquet and summary.csv from all units but those absent, in the order of the points.

    Every unit is checked again as it is read; raises BadInput where one is not what was written. Nothing is written
    where there is no unit.
    """
    if all(name in absent for name in plan.units()):
        return
    store = Store(folder)
    with whole_file(folder / METRICS) as metrics_path, whole_file(folder / SUMMARY) as summary_path:
        metrics = _Metrics(metrics_path)
        try:
            for scenario in plan.scenarios:
                frames = []
                for table in _tables(store, plan, scenario, absent):
                    metrics.add(table)
                    frames.append(table.filter(pc.equal(table["period"], "all")).to_pandas())
                _add_summary(summary_path, plan, scenario, frames)
        finally:
            metrics.close()


def _tables(store: Store, plan: Plan, scenario: str, absent: Container[Unit]) -> Iterator[pa.Table]:
    for replication in range(plan.replications):
        name = Unit(scenario, plan.seed, replication)
        if name not in absent:
            with read_back(store.path(name), f"`{store.resume}` does it again"):
                table = read_unit(store.path(name))
            yield table


class _Metrics:
    """metrics.parquet being written, many units to a row group."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")  # and not its name: Arrow reads some names as addresses
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []

    def add(self, table: pa.Table) -> None:
        self._waiting.append(table)
        if sum(one.num_rows for one in self._waiting) >= _ROWS_TOGETHER:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        table = pa.concat_tables(self._waiting).combine_chunks()
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._file, table.schema, compression="zstd", version="2.6")
        self._writer.write_table(table)
        self._waiting.clear()

    def close(self) -> None:
        try:
            self._flush()
            if self._writer is not None:
                self._writer.close()
        finally:
            self._file.close()


def _add_summary(path: Path, plan: Plan, scenario: str, frames: list[pd.DataFrame]) -> None:
    """Append the intervals of one scenario, over the measured weeks, once for each point that has it."""
    if not frames:
        return
    summary = summarise(pd.concat(frames, ignore_index=True)).drop(columns=["scenario", "period"])
    for number, point in plan.points_of(scenario):
        values = {column_of(key): value for key, value in point.values.items()}
        mine = summary.copy()
        for at, (name, value) in enumerate({"point": str(number), "scenario": scenario, **values}.items()):
            mine.insert(at, name, value)
        table, new = for_people(mine), not path.exists()
        table.to_csv(path, mode="w" if new else "a", header=new, index=False, float_format="%.6g", lineterminator="\n")
