"""What a unit gives: its tidy metrics and, where asked for, mornings by minute, calls by half hour, its event log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from pcqa_sim.study.unit import Unit

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from pcqa_sim.results.intraday import Morning
    from pcqa_sim.results.run import Run

Periods = Literal["all", "weeks", "days"]
Extra = Literal["mornings", "half_hours", "events"]
MORNINGS: Extra = "mornings"
HALF_HOURS: Extra = "half_hours"
EVENTS: Extra = "events"
EXTRAS: tuple[Extra, ...] = (MORNINGS, HALF_HOURS, EVENTS)
_COUNTS = ("waiting", "busy", "rostered", "given_up")


@dataclass(frozen=True)
class Result:
    """One replication's results; `rows` are those of its event log, `process` is the one that did or read it.

    `mornings` are by practice, empty where nobody asked for them; `half_hours` and `log` are None where nobody did.
    """

    unit: Unit
    table: pa.Table
    rows: int = 0
    mornings: Mapping[str, Morning] = field(default_factory=dict)
    log: pa.Table | None = None
    process: int = 0
    half_hours: pa.Table | None = None

    @property
    def replication(self) -> int:
        """Return the number of the replication."""
        return self.unit.replication

    @property
    def seed(self) -> int:
        """Return the seed."""
        return self.unit.seed

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """Return the tidy metrics as a data frame."""
        frame: pd.DataFrame = self.table.to_pandas()
        return frame

    def extra(self, name: Extra) -> pa.Table:
        """Return what was asked for beside the metrics, as a table."""
        return (
            {HALF_HOURS: self.half_hours, EVENTS: self.log}[name] if name != MORNINGS else mornings_table(self.mornings)
        )


def result_of(run: Run, unit: Unit | None = None, periods: Periods = "days", keeps: Collection[Extra] = ()) -> Result:
    """Return the results of a run, of the periods that are kept."""
    from pcqa_sim.results.intraday import morning
    from pcqa_sim.values.arrow import numbers, texts

    happened = run.happened
    unit = unit or Unit(run.scenario.hash(), happened.seed, happened.replication)
    table = run.measured(periods)
    same = np.zeros(table.num_rows, dtype=np.int64)
    name = texts([unit.scenario], large=True).take(numbers(same))
    table = table.add_column(0, "replication", numbers(same + unit.replication)).add_column(0, "scenario", name)
    mornings = {key: morning(counted) for key, counted in run.counted.items()} if MORNINGS in keeps else {}
    log = happened.log if EVENTS in keeps else None
    calls = _half_hours(run) if HALF_HOURS in keeps else None
    return Result(unit, table, happened.log.num_rows, mornings, log, half_hours=calls)


def _half_hours(run: Run) -> pa.Table:
    import pyarrow as pa

    from pcqa_sim.results.halfhours import half_hours

    return pa.concat_tables([half_hours(counted) for counted in run.counted.values()])


def mornings_table(mornings: Mapping[str, Morning]) -> pa.Table:
    """Return mornings as a table: a row for each practice, day and minute."""
    import pyarrow as pa

    parts = []
    for key, one in mornings.items():
        days, minutes = one.waiting.shape
        columns = {name: getattr(one, name).ravel() for name in _COUNTS}
        keys = pa.array([key] * (days * minutes), pa.string())
        day, minute = np.repeat(np.arange(days), minutes), np.tile(np.arange(minutes), days)
        parts.append(pa.table({"practice": keys, "day": day, "minute": minute, **columns}))
    return pa.concat_tables(parts)


def mornings_in(table: pa.Table) -> dict[str, Morning]:
    """Return the mornings that such a table has; raise ValueError where it is none."""
    from pcqa_sim.results.intraday import Morning

    found = {}
    for key, mine in table.to_pandas().groupby("practice", sort=False):
        minutes = int(mine["minute"].max()) + 1
        found[str(key)] = Morning(*(mine[name].to_numpy(dtype=np.float64).reshape(-1, minutes) for name in _COUNTS))
    return found
