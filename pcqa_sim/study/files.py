"""The files of a study. Each is written whole under a temporary name and then renamed: whole or absent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcqa_sim.study.scenariofile import sha256
from pcqa_sim.values.wholefile import whole_file

if TYPE_CHECKING:
    import pandas as pd

    from pcqa_sim.study.methods.pair import Comparison
    from pcqa_sim.study.methods.replicate import Study


class Filling:
    """A study's folder being filled: puts every file there whole, and remembers which.

    What is put `later` waits for `put_rest`: pictures of what is saved, which nobody's answers need wait for.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.written: list[Path] = []
        self.results: dict[str, str] = {}
        self._rest: dict[str, Callable[[], bytes]] = {}

    def put(self, name: str, write: Callable[[Path], object]) -> None:
        """Write one file."""
        with whole_file(self._folder / name) as draft:
            write(draft)
        self.written.append(self._folder / name)

    def put_bytes(self, name: str, content: bytes) -> None:
        """Write one file's bytes."""
        self.put(name, lambda path: path.write_bytes(content))

    def later(self, name: str, made: Callable[[], bytes]) -> None:
        """Have one file's bytes made and written at the end; it has its place among the files now."""
        self._rest[name] = made
        self.written.append(self._folder / name)

    def put_rest(self) -> None:
        """Write what was to be written later."""
        for name, made in self._rest.items():
            with whole_file(self._folder / name) as draft:
                draft.write_bytes(made())
        self._rest.clear()

    def put_csv(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table for people, to six significant digits."""
        from pcqa_sim.study.spreadsheet import for_people

        self.put(name, lambda path: for_people(frame).to_csv(path, index=False, float_format="%.6g"))

    def put_parquet(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table for programs, exactly."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
        sink = pa.BufferOutputStream()  # and not the file's name: Arrow reads some names as addresses
        pq.write_table(table, sink, compression="zstd", version="2.6")
        self.put_bytes(name, sink.getvalue().to_pybytes())

    def put_result(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table of results; run.json tells its checksum, so that a second run can be held against it."""
        self.put_parquet(name, frame)
        self.results[name] = sha256((self._folder / name).read_bytes())


def fill_study(files: Filling, study: Study) -> None:
    """Write the tables and, later, the figures of replications of one scenario, in order of interest to a reader."""
    metrics = study.metrics
    for key in study.scenario.practices:
        files.later(f"figures/morning-{key}.png", partial(_morning, study, key))
        files.later(f"figures/appointments-{key}.png", partial(_appointments, study, metrics, key))
    summary = study.summary  # of the whole period; weeks and days are in metrics.parquet
    files.put_csv("summary.csv", summary[summary["period"] == "all"])
    files.put_result("metrics.parquet", metrics)


def _morning(study: Study, key: str) -> bytes:
    from pcqa_sim.results.figures import morning_figure  # slow to import, as all that draw
    from pcqa_sim.results.intraday import Morning

    together = Morning.together([unit.mornings[key] for unit in study.units])
    return morning_figure(together, study.scenario.called(key))


def _appointments(study: Study, metrics: pd.DataFrame, key: str) -> bytes:
    from pcqa_sim.results.figures import appointments_figure

    roles = {name: role.title for name, role in study.scenario.practices[key].role.items()}
    return appointments_figure(metrics[metrics["practice"] == key], roles, study.scenario.called(key))


def fill_comparison(files: Filling, comparison: Comparison) -> None:
    """Write the tables and, later, the figures of a paired comparison, in order of interest to a reader."""
    import pandas as pd

    for key in comparison.base.scenario.practices:
        files.later(f"figures/compare-{key}.png", partial(_differences, comparison, key))
    files.put_csv("comparison.csv", comparison.differences)
    files.put_result("comparison.parquet", comparison.differences)
    files.put_result("metrics.parquet", pd.concat([study.metrics for study in comparison.distinct], ignore_index=True))


def _differences(comparison: Comparison, key: str) -> bytes:
    from pcqa_sim.results.figures import comparison_figure

    panels = {name: comparison.primary(name, key) for name in comparison.others}
    return comparison_figure(panels, comparison.base.scenario.called(key))


@dataclass(frozen=True)
class Finding:
    """What a study of many scenarios leaves: figures and tables by file name, and all metrics."""

    figures: Mapping[str, bytes]
    tables: Mapping[str, pd.DataFrame]
    metrics: pd.DataFrame

    def fill(self, files: Filling) -> None:
        """Write figures, tables and metrics, in order of interest to a reader."""
        for name, picture in self.figures.items():
            files.put_bytes(f"figures/{name}.png", picture)
        for name, table in self.tables.items():
            files.put_csv(f"{name}.csv", table)
        files.put_result("metrics.parquet", self.metrics)


def facts_of_study(study: Study) -> dict[str, Any]:
    """Return what a record says of replications that were run."""
    about = {"replications": len(study.units), "interventions": list(study.scenario.interventions)}
    return about | {"events_logged": sum(unit.rows for unit in study.units)}


def facts_of_comparison(comparison: Comparison) -> dict[str, Any]:
    """Return what a record says of a comparison that was run."""
    others = {name: list(study.scenario.interventions) for name, study in comparison.others.items()}
    rows = sum(unit.rows for study in comparison.distinct for unit in study.units)
    return {"interventions": others, "events_logged": rows}
