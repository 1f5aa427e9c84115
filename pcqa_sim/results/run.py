"""One run as its users see it: its tables and its metrics, checked for conservation before anybody sees them.

What checks and counts a run is imported when there is one: a run begins sooner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pcqa_sim.frontdoor.triage import Maker, with_triage
from pcqa_sim.frontdoor.triage.policy import Triage
from pcqa_sim.kernel.environment import Environment
from pcqa_sim.scenario import Scenario
from pcqa_sim.simulation import Happened, Ongoing, happen
from pcqa_sim.values.luck import world_key

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from pcqa_sim.results import metrics
    from pcqa_sim.results.tables import Tables


@dataclass(frozen=True)
class Run:
    """What happened in one replication of a scenario, by practice key."""

    happened: Happened
    tables: dict[str, Tables]

    @property
    def scenario(self) -> Scenario:
        """Return the scenario that was run."""
        return self.happened.scenario

    @cached_property
    def counted(self) -> dict[str, metrics.Counted]:
        """Return every practice ready to be counted by day."""
        from pcqa_sim.results import metrics

        mine = self.happened
        worlds = {key: world_key(mine.seed, mine.replication, key) for key in self.tables}
        return {k: metrics.Counted(t, mine.scenario, k, mine.people[k], worlds[k]) for k, t in self.tables.items()}

    @property
    def log(self) -> pa.Table:
        """Return the event log as an Arrow table."""
        return self.happened.log

    @property
    def events(self) -> pd.DataFrame:
        """Return the event log as a data frame."""
        frame: pd.DataFrame = self.happened.log.to_pandas()
        return frame

    @property
    def needs(self) -> pd.DataFrame:
        """Return the needs of all practices: person, kind, arose, closed, ending, contacts, practice."""
        return self._every("needs")

    @property
    def contacts(self) -> pd.DataFrame:
        """Return the contacts of all practices."""
        return self._every("contacts")

    @property
    def appointments(self) -> pd.DataFrame:
        """Return the appointments of all practices."""
        return self._every("appointments")

    @property
    def staff_minutes(self) -> pd.DataFrame:
        """Return the minutes staff spent with patients, of all practices."""
        return self._every("staff_minutes")

    @cached_property
    def all_metrics(self) -> pd.DataFrame:
        """Return the tidy metrics of all periods."""
        frame: pd.DataFrame = self.measured().to_pandas()
        return frame

    def measured(self, periods: metrics.Periods = "days") -> pa.Table:
        """Return the tidy metrics of the whole; of the weeks, too, where weeks or days are asked for; of days, too."""
        from pcqa_sim.results import metrics

        return metrics.measure(self.counted.values(), periods)

    def metrics(self, window: str | None = "all") -> pd.DataFrame:
        """Return tidy metrics of one period ("all", "w05", "d023"), or of every period for None."""
        frame = self.all_metrics
        if window is None:
            return frame
        mine: pd.DataFrame = frame[frame["period"] == window].reset_index(drop=True)
        return mine

    def value(self, metric: str, group: str = "", practice: str = "") -> float:
        """Return one metric of the measured weeks, the others not measured; NaN where it is not defined.

        `practice` is a key, the first where none is given. Raises KeyError for what there is none of.
        """
        from pcqa_sim.results import metrics

        return metrics.value(self.counted[practice or next(iter(self.counted))], metric, group)

    def _every(self, name: str) -> pd.DataFrame:
        import pandas as pd

        frames: list[pd.DataFrame] = [getattr(mine, name) for mine in self.tables.values()]
        return pd.concat(frame.assign(practice=key) for key, frame in zip(self.tables, frames, strict=True))


def simulate(
    scenario: Scenario,
    seed: int | None = None,
    replication: int = 0,
    *,
    triage: Triage | Maker | None = None,
    environment: Callable[[], Environment] = Environment,
    each_week: Callable[[int], None] | None = None,
) -> Run:
    """Run a scenario once and return what happened.

    The same scenario, seed (the scenario's own by default) and replication give the same log to the last bit. `triage`
    is a class, or an object, that decides in place of the scenario's triage model. Raises ConservationError if anything
    was lost in the run.
    """
    if triage is not None:
        scenario = with_triage(scenario, triage)
    used = scenario.run.seed if seed is None else seed
    happened = happen(scenario, used, replication, environment, each_week)
    return run_of(happened)


def begun(scenarios: Sequence[Scenario], seed: int, replication: int) -> Ongoing:
    """Return a run of scenarios that begin alike; the first is followed until another is."""
    return Ongoing(scenarios[0], seed, replication, alike=scenarios[1:])


def run_of(happened: Happened) -> Run:
    """Return what happened, ready to be counted; raise ConservationError if anything was lost."""
    from pcqa_sim.results import conservation

    return Run(happened, conservation.check(happened))
