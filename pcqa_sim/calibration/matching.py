"""Chosen settings fitted to chosen targets by history matching: values that cannot give the targets are ruled out.

A few points of the ranges are run, all with the same luck; a surface through them predicts each target everywhere
(`study.methods.surface`). Values whose prediction is further from a target than three standard deviations (target,
surface and luck together) are ruled out, and the next points are put among those left. How much luck moves the targets,
and which of them together, is seen from more replications at the likeliest place of the first wave. What is left,
weighted by how well it gives the targets, is the answer: a value with its 95 % interval. A setting whose interval is
hardly narrower than its range is not identified, and keeps its range. Craig et al. (1997), Vernon et al. (2010).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from pcqa_sim.calibration.fitting import practice_of, tree_of
from pcqa_sim.calibration.shared_luck import covariance
from pcqa_sim.calibration.statistics import NORMAL_95
from pcqa_sim.calibration.targets import Target
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.design.designs import Vary, unit_sample
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.study.methods.surface import Surface, fit_surface, least_points
from pcqa_sim.values.faults import BadInput, Fault

Grid = NDArray[np.float64]
Simulate = Callable[[Grid, int], Grid]
"""Points of the unit cube, a row each, and how many replications -> simulated values by point, replication and target.

NaN where there is none."""
RULED_OUT = 3.0
IDENTIFIED = 0.6
"""Of the range's own 95 %: a setting whose interval is narrower is identified; assumption: half and a bit."""
LUCK = 10
"""Replications at one place that say what luck does: their spread is known within a half."""
_SAMPLE = 4096
WAVES = 2


@dataclass(frozen=True)
class Aim:
    """A target's value with its standard deviation: of the figure, and of what the model may miss."""

    target: Target
    sd: float

    @classmethod
    def of(cls, target: Target, weight: float = 1.0) -> Aim:
        """Return a target as an aim: what counts as reached is its 95 % interval; a weight narrows it by its root."""
        wide = max(target.high - target.low, 1e-9 * max(abs(target.published), 1.0))
        return cls(target, wide / (2 * NORMAL_95 * math.sqrt(weight)))


@dataclass(frozen=True)
class Found:
    """A setting's value with its 95 % interval, in the range it was sought in; and whether the targets identify it."""

    key: str
    value: float
    low: float
    high: float
    range_low: float
    range_high: float
    identified: bool
    whole: bool = False


@dataclass(frozen=True)
class Fit:
    """One target: its figure, what the surface gives at the values found, and how well it predicts."""

    words: str
    published: float
    fitted: float
    sd: float
    explained: float
    reached: bool


@dataclass(frozen=True)
class Match:
    """What a match found; `left` is the share of the ranges that is not ruled out, `points` how many were run."""

    found: tuple[Found, ...]
    fits: tuple[Fit, ...]
    left: float
    points: int
    possible: bool

    @property
    def values(self) -> dict[str, float]:
        """Return the values of all settings sought, identified or not."""
        return {one.key: one.value for one in self.found}


def points_for(ranges: Sequence[Vary], points: int = 0) -> int:
    """Return how many points a wave runs: as asked, or ten a setting, and as many as a surface needs at the least."""
    least = least_points(len(ranges), "gaussian")
    if points and points < least:
        raise BadInput(Fault("--points", f"for {len(ranges)} settings at least {least} a wave are needed", str(points)))
    return points or max(least, 10 * len(ranges))


def runs_for(points: int, replications: int) -> int:
    """Return how many runs a match takes."""
    return points * WAVES * replications + max(LUCK, replications)


def match(
    ranges: Sequence[Vary],
    aims: Sequence[Aim],
    simulate: Simulate,
    points: int,
    replications: int,
    seed: int,
    told: Callable[[str], None] | None = None,
) -> Match:
    """Return what settings in some ranges give the targets, by so many points a wave, in two waves.

    A practice's own count is of one month and one list, as one replication is: its luck is added to the target's.
    """
    sample = unit_sample("sobol", len(ranges), _SAMPLE, seed + 1)
    tried = unit_sample("sobol", len(ranges), points, seed)
    seen = _means(simulate(tried, replications))
    surfaces, luck = _surfaces(tried, seen, aims), np.zeros((len(aims), len(aims)))
    place = sample[[int(np.argmin(implausible(sample, surfaces, aims, luck)))]]
    there = simulate(place, max(LUCK, replications))
    luck = covariance(there[0], replications)
    tried, seen = np.vstack([tried, place]), np.vstack([seen, _means(there[:, :replications])])
    for wave in range(1, WAVES):
        far = implausible(sample, surfaces, aims, luck)
        if told is not None:
            told(f"wave {wave}: {100 * float((far < RULED_OUT).mean()):.0f} % of the ranges is not ruled out")
        more = _next(sample, far, tried, points)
        tried, seen = np.vstack([tried, more]), np.vstack([seen, _means(simulate(more, replications))])
        surfaces = _surfaces(tried, seen, aims)
    far = implausible(sample, surfaces, aims, luck)
    weights = weights_of(sample, surfaces, aims, luck)
    possible = bool((far < RULED_OUT).any())
    found = tuple(_found(one, sample[:, at], weights, possible) for at, one in enumerate(ranges))
    best = np.average(sample, axis=0, weights=weights)[None, :]
    fits = tuple(_fit(aim, surface, best) for aim, surface in zip(aims, surfaces, strict=True) if surface is not None)
    return Match(found, fits, float((far < RULED_OUT).mean()), len(tried), possible)


def _means(values: Grid) -> Grid:
    """Return means over replications (the second axis) of what has a value; NaN where nothing has."""
    good = np.isfinite(values)
    many = good.sum(axis=1)
    total = np.where(good, values, 0.0).sum(axis=1)
    return np.where(many > 0, total / np.maximum(many, 1), np.nan)


def _surfaces(tried: Grid, seen: Grid, aims: Sequence[Aim]) -> list[Surface | None]:
    """Return a surface for each target; None where it has no value at some point."""
    found: list[Surface | None] = []
    for column in range(len(aims)):
        values = seen[:, column]
        good = np.isfinite(values)
        enough = good.sum() >= least_points(tried.shape[1], "gaussian") and good.mean() > 0.8
        found.append(fit_surface(tried[good], values[good]) if enough else None)
    if all(one is None for one in found):
        raise BadInput(Fault("--targets", "none of them has a value in the runs of these ranges"))
    return found


def implausible(sample: Grid, surfaces: Sequence[Surface | None], aims: Sequence[Aim], luck: Grid) -> Grid:
    """Return how far each place is from the target it misses most, in standard deviations of all that is uncertain."""
    off, own, _ = _off(sample, surfaces, aims, luck)
    return np.asarray((np.abs(off) / np.sqrt(own)).max(axis=1))


def weights_of(sample: Grid, surfaces: Sequence[Surface | None], aims: Sequence[Aim], luck: Grid) -> Grid:
    """Return how well each place gives the targets: a normal likelihood of all of them together, summing to 1."""
    off, own, between = _off(sample, surfaces, aims, luck)
    covariance = between + own[:, :, None] * np.eye(own.shape[1])
    half = np.linalg.solve(covariance, off[:, :, None])[:, :, 0]
    logs = -0.5 * ((off * half).sum(axis=1) + np.linalg.slogdet(covariance)[1])
    found = np.exp(logs - logs.max())
    return np.asarray(found / found.sum())


def _off(sample: Grid, surfaces: Sequence[Surface | None], aims: Sequence[Aim], luck: Grid) -> tuple[Grid, Grid, Grid]:
    """Return how far places are off the targets with a surface, with variances (a row a place), and covariances."""
    there = [at for at, surface in enumerate(surfaces) if surface is not None]
    guesses = [surface.predict(sample) for surface in surfaces if surface is not None]
    published = np.array([aims[at].target.published for at in there])
    off = np.column_stack([guess.mean for guess in guesses]) - published
    own = np.column_stack([guess.sd**2 for guess in guesses]) + np.array([aims[at].sd ** 2 for at in there])
    together = luck[np.ix_(there, there)]
    return off, own + np.diag(together), together - np.diag(np.diag(together))


def _next(sample: Grid, far: Grid, tried: Grid, points: int) -> Grid:
    """Return the next points: among what is not ruled out (or the least impossible), far from each other."""
    near = np.argsort(far, kind="stable")
    left = sample[near[: max(int((far < RULED_OUT).sum()), 4 * points)]]
    chosen: list[Grid] = []
    apart = np.min(((left[:, None, :] - tried[None, :, :]) ** 2).sum(axis=2), axis=1)
    for _ in range(points):
        at = int(np.argmax(apart))
        chosen.append(left[at])
        apart = np.minimum(apart, ((left - left[at]) ** 2).sum(axis=1))
    return np.array(chosen)


def _found(one: Vary, shares: Grid, weights: Grid, possible: bool) -> Found:
    """Return a setting's value and interval; where nothing gives all targets, the nearest value in its whole range."""
    order = np.argsort(shares)
    cumulated = np.cumsum(weights[order])
    low, high = (float(np.interp(at, cumulated, shares[order])) for at in (0.025, 0.975))
    middle = float(shares @ weights)
    identified = possible and (high - low) < IDENTIFIED * 0.95
    low, high = (low, high) if possible else (0.0, 1.0)

    def value(share: float) -> float:
        return float(f"{one.low + share * (one.high - one.low):.4g}")

    return Found(one.key, value(middle), value(low), value(high), one.low, one.high, identified, one.whole)


def _fit(aim: Aim, surface: Surface, best: Grid) -> Fit:
    guess = surface.predict(best)
    mean, sd = float(guess.mean[0]), float(guess.sd[0])
    target = aim.target
    return Fit(target.words, target.published, mean, sd, surface.explained, target.reached(mean))


def values_of(study: Study, aims: Sequence[Aim]) -> Grid:
    """Return the targets' values over the measured weeks, a row a replication; NaN where there is none."""
    metrics = study.metrics
    table = metrics[metrics["period"] == "all"].pivot_table("value", "replication", ["metric", "group"], dropna=False)
    columns = [(aim.target.metric, aim.target.group) for aim in aims]
    return table.reindex(columns=columns).to_numpy(dtype=float)


def scenario_with(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return a scenario whose only practice has some settings, by dotted key; raise BadInput for one that is none."""
    (key, practice), *_ = scenario.practices.items()
    tree = tree_of(practice)
    for setting, value in values.items():
        *path, last = setting.split(".")
        here = tree
        for part in path:
            here = here.get(part) if isinstance(here, dict) else None  # type: ignore[assignment]
        if not isinstance(here, dict) or not isinstance(here.get(last), int | float) or isinstance(here[last], bool):
            raise BadInput(Fault("--fit", "is no setting that is a number in this practice", setting))
        here[last] = round(value) if isinstance(here[last], int) else value
    try:
        return scenario.replaced(practices={key: practice_of(tree)})
    except ValidationError as error:
        said = ", ".join(f"{setting}={value:g}" for setting, value in values.items())
        raise BadInput([Fault("--fit", str(one["msg"]), said) for one in error.errors()]) from None


def values_at(ranges: Sequence[Vary], point: Sequence[float]) -> dict[str, float]:
    """Return the settings at a point of the unit cube."""
    return {one.key: float(one.at(float(share))) for one, share in zip(ranges, point, strict=True)}
