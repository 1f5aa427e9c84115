"""Files of a study read back: whatever is wrong with one is told in one line that names it and the way out."""

from __future__ import annotations

import os
import shlex
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcqa_sim.study.scenariofile import read_tree
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.plugins import given_options
from pcqa_sim.values.reading import read_json, text_of
from pcqa_sim.values.renamed import new_metric, old_metrics

if TYPE_CHECKING:
    import pandas as pd

Filter = tuple[str, str, str]
AnyFilter = Filter | tuple[str, str, list[str]]
KINDS = ("run", "compare", "size", "sensitivity", "sweep", "calibrate", "experiment", "hypotheses", "advise", "trial")
_TIDY = ("scenario", "replication", "practice", "period", "group", "metric", "value", "unit")
_LONGEST = 120


@contextmanager
def read_back(path: Path, way_out: str) -> Iterator[None]:
    """Raise BadInput, with the file's name and the way out, for whatever goes wrong while it is read."""
    try:
        yield
    except BadInput as bad:
        raise BadInput(replace(fault, rule=f"{fault.rule}; {way_out}") for fault in bad.faults) from None
    except FileNotFoundError:
        raise BadInput(Fault(str(path), f"is not there; {way_out.removeprefix('remove it, and ')}")) from None
    except OSError as fault:  # Arrow raises one, without a number, for bytes that it cannot unpack
        told = f"cannot be read: {os.strerror(fault.errno)}" if fault.errno else f"is damaged: {_short(fault)}"
        raise BadInput(Fault(str(path), f"{told}; {way_out}")) from None
    except _faults() as fault:
        raise BadInput(Fault(str(path), f"is damaged: {_short(fault)}; {way_out}")) from None


def read_settings(path: Path, way_out: str, told: str = "") -> dict[str, Any]:
    """Return the settings in a scenario's file; raise BadInput where it holds none, or not the bytes of a checksum."""
    with read_back(path, way_out):
        return read_tree(path, told)


def read_metrics(path: Path, way_out: str, filters: Sequence[Filter]) -> pd.DataFrame:
    """Return rows of a study's metrics; raise BadInput for a file that is no table of metrics."""
    frame = read_table(path, way_out, _TIDY, [_with_old_names(one) for one in filters])
    with read_back(path, way_out):
        return frame.assign(metric=[new_metric(name) or name for name in frame["metric"]]).astype({"value": float})


def _with_old_names(one: Filter) -> AnyFilter:
    """Return a filter that lets in a metric under the names it had, too."""
    column, sign, value = one
    before = old_metrics(value) if (column, sign) == ("metric", "=") else ()
    return (column, "in", [value, *before]) if before else one


def read_table(
    path: Path, way_out: str, columns: Collection[str] = (), filters: Sequence[AnyFilter] = ()
) -> pd.DataFrame:
    """Return rows of a Parquet file that must have some columns; raise BadInput where it cannot be read."""
    import pyarrow.parquet as pq

    with read_back(path, way_out), path.open("rb") as file:
        there = pq.ParquetFile(file).schema_arrow.names
        if absent := [name for name in columns if name not in there]:
            raise ValueError(f"it has no column {', '.join(absent)}")
        frame: pd.DataFrame = pq.read_table(file, filters=list(filters) or None).to_pandas()
    return frame


def resume_command(folder: Path, *more: str) -> str:
    """Return the command that goes on with a study, of whatever kind; `more` are options that it needs."""
    return shlex.join(["pcqa", _kind_of(folder), "--out", str(folder), "--resume", *more, *given_options()])


def _kind_of(folder: Path) -> str:
    """Return the kind of study in a folder, where that can be told; else the kind that has most units to lose."""
    try:
        kind = read_json(text_of(folder / "run.json"), "").get("kind", "sweep")
    except (OSError, BadInput):
        return "sweep"
    except _faults():
        return "sweep"
    return str(kind) if str(kind) in KINDS else "sweep"


def rerun_command(folder: Path) -> str:
    """Return the command that does a study again, in another folder."""
    return shlex.join(["pcqa", "rerun", str(folder / "run.json"), *given_options()])


def _faults() -> tuple[type[Exception], ...]:
    """Return what parsers raise over bytes that are not what was written, beside OSError; asked when one is raised."""
    import pyarrow as pa

    plain = (ValueError, LookupError, OverflowError, TypeError, AttributeError, RecursionError, MemoryError)
    return (*plain, pa.ArrowException)


def _short(fault: BaseException) -> str:
    """Return what a fault says in a few words; those about Python's own types mean nothing to a reader."""
    if isinstance(fault, TypeError | AttributeError | RecursionError):
        return "its parts are not those that were written"
    said = " ".join((str(fault).strip() or type(fault).__name__).splitlines()[0].split())
    said = f"{said} is missing" if isinstance(fault, KeyError) else said
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}..."
