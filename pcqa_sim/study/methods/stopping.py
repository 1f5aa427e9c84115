"""How many replications are enough: when the interval of a metric is as narrow as was asked, and stays so.

The rule of Hoad, Robinson & Davies (2010, Automated selection of the number of replications for a discrete-event
simulation, Journal of the Operational Research Society 61): after each replication the half-width of the 95 % interval
is compared with the target; once it is within, a few more replications must keep it there (the look-ahead). The
answer depends on the order of the replications alone, never on how many processes ran them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcqa_sim.scenario import NETWORK, Scenario
from pcqa_sim.study.methods.replicate import Do, Done, Job, Study, here
from pcqa_sim.study.result import EVENTS, Extra, Result
from pcqa_sim.study.statistics.intervals import interval
from pcqa_sim.values.faults import BadInput, Fault

if TYPE_CHECKING:
    import pandas as pd

LEAST, MOST, LOOK_AHEAD = 5, 100, 5
LARGE = 100


@dataclass(frozen=True)
class Precision:
    """How narrow an interval must be: `half_width` in the metric's unit, or as a share of its mean if `relative`.

    At least `least` replications are run, at most `most`; `look_ahead` more must confirm that the target is met.
    """

    metric: str
    half_width: float
    relative: bool = False
    least: int = LEAST
    most: int = MOST
    look_ahead: int = LOOK_AHEAD

    def met(self, values: Sequence[float]) -> bool:
        """Tell whether the interval of some replications is narrow enough."""
        found = interval(values)
        half = (found.high - found.low) / 2
        target = abs(found.mean) * self.half_width if self.relative else self.half_width
        return half <= target  # never for fewer than two values: their bounds are NaN

    def ahead(self, replications: int) -> int:
        """Return how many more replications must confirm: in proportion beyond a hundred."""
        return int(self.look_ahead / 100 * max(replications, LARGE))

    def __str__(self) -> str:
        return f"{self.half_width * 100:g} % of its mean" if self.relative else f"{self.half_width:g}"


@dataclass(frozen=True)
class Stop:
    """Why it was enough: the target was met from `reached` replications on (None: never), and `ran` were run."""

    precision: Precision
    reached: int | None
    ran: int
    half_width: float


def read_half_width(text: str) -> tuple[float, bool]:
    """Return a half-width and whether it is relative: "5%" is a share of the mean, "0.01" is in the metric's unit."""
    bare, percent = text.strip().removesuffix("%").strip(), text.strip().endswith("%")
    try:
        number = float(bare)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise BadInput(Fault("--half-width", "above 0: 5% of the mean, or 0.01 in the metric's unit", text))
    return (number / 100, True) if percent else (number, False)


def reached(precision: Precision, series: Sequence[Sequence[float]]) -> tuple[int, int] | None:
    """Return from how many replications on the target is met, and after how many that was confirmed; None if not yet.

    `series` has one sequence of values for each practice, one value a replication; all must meet the target.
    """
    since: int | None = None
    for many in range(precision.least, min((len(values) for values in series), default=0) + 1):
        if not all(precision.met(values[:many]) for values in series):
            since = None
            continue
        since = many if since is None else since
        if many - since >= precision.ahead(many):
            return since, many
    return None


def replicate_until(
    scenario: Scenario,
    precision: Precision,
    seed: int | None = None,
    *,
    workers: int | None = None,
    keep_log: bool = False,
    done: Done | None = None,
    do: Do | None = None,
    keeps: Sequence[Extra] = (),
) -> tuple[Study, Stop]:
    """Run replications of a scenario until the target is met and confirmed, or `precision.most` are run.

    Returns the study of those replications and no others, so that it is the same for any number of processes.
    Raises BadInput where a practice has no value of the metric: no interval can then become narrow.
    """
    used = scenario.run.seed if seed is None else seed
    units: list[Result] = []
    have_done = do or here(workers, done)
    kept = (*keeps, *([EVENTS] if keep_log else []))
    while True:
        more = _next(precision, _series(precision.metric, units), len(units))
        units += have_done([Job(scenario, used, number, kept) for number in range(len(units), len(units) + more)])
        series = _series(precision.metric, units)
        if len(series) < len(scenario.practices):
            raise BadInput(Fault("--metric", "has no value in this scenario over the measured weeks", precision.metric))
        found = reached(precision, series)
        if found is not None or len(units) >= precision.most:
            many = len(units) if found is None else found[1]
            widths = [(i.high - i.low) / 2 for i in (interval(values[:many]) for values in series)]
            study = Study(scenario, tuple(units[:many]))
            return study, Stop(precision, None if found is None else found[0], many, max(widths))


def _next(precision: Precision, series: Sequence[Sequence[float]], ran: int) -> int:
    """Return how many replications to run next: as many as seem needed, at most as many as were run so far."""
    if not ran:
        return min(precision.most, precision.least + precision.look_ahead)
    guess = max((_guess(precision, values) for values in series), default=ran)
    wanted = guess + precision.ahead(guess) - ran
    return max(1, min(wanted, ran, precision.most - ran))


def _guess(precision: Precision, values: Sequence[float]) -> int:
    """Return how many replications would meet the target if those to come vary as those so far."""
    found = interval(values)
    target = abs(found.mean) * precision.half_width if precision.relative else precision.half_width
    if not target or not math.isfinite(found.low):
        return 2 * len(values)
    return math.ceil(min(len(values) * ((found.high - found.low) / 2 / target) ** 2, 10.0 * len(values)))


def _series(metric: str, units: Sequence[Result]) -> list[list[float]]:
    """Return the metric of each practice over the measured weeks, a value for each replication."""
    found: dict[str, list[float]] = {}
    for unit in units:
        frame = unit.metrics
        mine = frame[(frame["period"] == "all") & (frame["metric"] == metric) & (frame["group"] == "")]
        for key, value in _values(mine[mine["practice"] != NETWORK]).items():
            found.setdefault(key, []).append(value)
    return list(found.values())


def _values(frame: pd.DataFrame) -> Mapping[str, float]:
    return {str(key): float(value) for key, value in zip(frame["practice"], frame["value"], strict=True)}
