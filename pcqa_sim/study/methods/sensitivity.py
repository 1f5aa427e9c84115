"""What matters most: Morris screening and Sobol indices of a metric over some parameters.

Designs are SALib's, in the unit cube: each parameter from its lowest value (0) to its highest (1). Every point is run
with the same luck, replication by replication. Intervals hold two kinds of chance: which points the design drew, and
which luck the replications had; their variances are added.

Morris (1991), Campolongo et al. (2007): an elementary effect is the change of the metric when one parameter moves,
per whole range moved; mu* is the mean of its size, sigma its spread. Whole numbers make some moves shorter or longer
than planned, so the move actually made is divided by. Sobol (2001), Saltelli et al. (2010): S1 is the share of the
metric's variance that a parameter explains by itself, ST with all it does together with others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from pcqa_sim.study.methods.trials import Trials
from pcqa_sim.values.faults import BadInput, Fault

Method = Literal["morris", "sobol"]
Grid = NDArray[np.float64]
LEVELS = 4
_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Index:
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Influence:
    """How much one parameter matters; `at` is its place among the parameters.

    Morris: `main` is mu*, in the metric's unit, `signed` the mean effect with its sign, `spread` is sigma. Sobol:
    `main` is ST and `alone` S1, both shares of the variance.
    """

    at: int
    main: Index
    alone: Index | None = None
    signed: float = math.nan
    spread: float = math.nan


def need_salib() -> None:
    """Raise BadInput, naming the extra, where SALib is not installed."""
    _salib("sample.morris")


def _salib(module: str) -> Any:
    try:
        return import_module(f"SALib.{module}")
    except ImportError:
        rule = "needs the package SALib: pip install 'pcqa-sim[analysis]'"
        raise BadInput(Fault("pcqa sensitivity", rule)) from None


def _problem(parameters: int) -> dict[str, Any]:
    names = [f"x{at}" for at in range(parameters)]
    return {"num_vars": parameters, "names": names, "bounds": [[0.0, 1.0]] * parameters}


def design(method: Method, parameters: int, points: int, seed: int) -> Grid:
    """Return the points of a design in the unit cube, one row each.

    `points` counts trajectories of Morris (parameters + 1 rows each), or base points of Sobol (a power of 2;
    parameters + 2 rows each).
    """
    problem = _problem(parameters)
    if method == "morris":
        return np.asarray(_salib("sample.morris").sample(problem, points, num_levels=LEVELS, seed=seed + 1))
    return np.asarray(_salib("sample.sobol").sample(problem, points, calc_second_order=False, seed=seed + 1))


def rows_of(method: Method, parameters: int, points: int) -> int:
    """Return how many rows a design has."""
    return points * (parameters + (1 if method == "morris" else 2))


def influences(method: Method, used: Grid, values: Grid) -> list[Influence]:
    """Return the influence of each parameter, the greatest first.

    `used` are the design's points as they were used, in the unit cube (whole numbers rounded), one row each;
    `values` the metric, one row a point and one column a replication.
    """
    analyse = _morris if method == "morris" else _sobol
    return sorted(analyse(used, values), key=lambda one: (-one.main.value, one.at))


def _morris(used: Grid, values: Grid) -> list[Influence]:
    parameters = used.shape[1]
    mean_effects = elementary_effects(used, values.mean(axis=1))
    by_luck = [elementary_effects(used, values[:, r]) for r in range(values.shape[1])]
    found = []
    for at in range(parameters):
        effects = mean_effects[at]
        sizes = np.abs(effects)
        luck = [float(np.abs(one[at]).mean()) if len(one[at]) else 0.0 for one in by_luck]
        main = _index(float(sizes.mean()) if len(sizes) else 0.0, _error(sizes), _error(luck), len(sizes))
        signed = float(effects.mean()) if len(effects) else 0.0
        spread = float(effects.std(ddof=1)) if len(effects) > 1 else 0.0
        found.append(Influence(at, main, None, signed, spread))
    return found


def elementary_effects(used: Grid, values: Grid) -> list[Grid]:
    """Return each parameter's elementary effects, per whole range moved; moves that rounding undid are left out."""
    parameters = used.shape[1]
    paths = used.reshape(-1, parameters + 1, parameters)
    heights = values.reshape(-1, parameters + 1)
    moves, changes = np.diff(paths, axis=1), np.diff(heights, axis=1)
    effects: list[list[float]] = [[] for _ in range(parameters)]
    for path in range(len(paths)):
        for step in range(parameters):
            (moved,) = np.nonzero(moves[path, step])
            for at in moved:
                effects[int(at)].append(float(changes[path, step] / moves[path, step, at]))
    return [np.array(mine) for mine in effects]


def _sobol(used: Grid, values: Grid) -> list[Influence]:
    parameters = used.shape[1]
    whole = _indices(parameters, values.mean(axis=1))
    by_luck = [_indices(parameters, values[:, r]) for r in range(values.shape[1])]
    found = []
    for at in range(parameters):
        pair = []
        for name in ("ST", "S1"):
            design_error = float(whole[f"{name}_conf"][at]) / _NORMAL_95
            pair.append(_index(float(whole[name][at]), design_error, _error([float(one[name][at]) for one in by_luck])))
        found.append(Influence(at, pair[0], pair[1]))
    return found


def _indices(parameters: int, values: Grid) -> dict[str, Any]:
    """Return SALib's indices with the half-widths of their bootstrap intervals; zeros for a constant metric."""
    if np.ptp(values) == 0:
        return {name: np.zeros(parameters) for name in ("S1", "S1_conf", "ST", "ST_conf")}
    found: dict[str, Any] = _salib("analyze.sobol").analyze(
        _problem(parameters), values, calc_second_order=False, num_resamples=200, print_to_console=False, seed=1
    )
    return found


def _error(values: Sequence[float] | Grid) -> float:
    """Return the standard error of a mean; 0 for fewer than two values, which say nothing of it."""
    known = np.asarray(values, dtype=float)
    return float(known.std(ddof=1) / math.sqrt(len(known))) if len(known) > 1 else 0.0


def _index(value: float, design_error: float, luck_error: float, effects: int | None = None) -> Index:
    """Return an estimate with its interval, neither below 0; Student's factor for `effects` values, else the normal."""
    times = _NORMAL_95
    if effects is not None:
        times = float(special.stdtrit(effects - 1, 0.975)) if effects > 1 else 0.0
    half = times * math.hypot(design_error, luck_error)
    return Index(max(0.0, value), max(0.0, value - half), value + half)


@dataclass(frozen=True)
class Sensitivity:
    """What a sensitivity study found: the design as used, the metric at each of its rows, and who matters how much.

    `used` has one row a point in the unit cube, `values` a column a replication.
    """

    method: Method
    used: Grid
    values: Grid
    influences: tuple[Influence, ...]
    trials: Trials


def sensitivity(
    method: Method,
    points_at: Sequence[Sequence[Callable[[float], float]]],
    trials: Trials,
    points: int,
    replications: int,
) -> Sensitivity:
    """Run a design with the same luck at every point and return who matters how much.

    `points_at` has for each parameter two functions: from a place in the unit cube to the value that is used, and
    back. Raises BadInput where SALib is absent, or the metric has no value somewhere.
    """
    places = design(method, len(points_at), points, trials.seed)
    rows = [tuple(to(place) for (to, _), place in zip(points_at, row, strict=True)) for row in places]
    used = np.array([[back(value) for (_, back), value in zip(points_at, row, strict=True)] for row in rows])
    found = trials([(row, number) for row in rows for number in range(replications)])
    values = np.array(found).reshape(len(rows), replications)
    if not np.isfinite(values).all():
        raise BadInput(Fault("--metric", "has no value in some of these runs: there was nothing to divide by"))
    return Sensitivity(method, used, values, tuple(influences(method, used, values)), trials)
