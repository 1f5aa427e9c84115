"""A response surface: a smooth function through simulated points, that predicts a metric where nothing was run.

Two kinds. A quadratic has a constant, each parameter, its square and each product, by least squares. A Gaussian
process (Rasmussen & Williams 2006) has a constant mean, a squared-exponential covariance with a length of its own for
each parameter, and noise; what these are is found by maximum likelihood. How well either predicts is measured on
points left out of the fit in turn (cross-validation), never on the points it was fitted to. Each says how sure it is of
a prediction: the standard deviation of what would be simulated there, the surface's own doubt and noise together.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize

from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.luck import stream

Kind = Literal["quadratic", "gaussian"]
Grid = NDArray[np.float64]
Predict = Callable[[Grid], "Predicted"]
FOLDS = 10
_JITTER = 1e-8
_MOST_POINTS = 600
_BOUNDS = {"length": (math.log(0.05), math.log(20.0)), "noise": (math.log(1e-6), math.log(2.0))}


@dataclass(frozen=True)
class Predicted:
    """What would be simulated at some places of the unit cube: means and standard deviations, in the metric's unit."""

    mean: Grid
    sd: Grid


@dataclass(frozen=True)
class Surface:
    """A fitted surface over the unit cube.

    `error` is the root mean square error of prediction at points left out in turn, in the metric's unit; `explained`
    the share of the points' variance that such predictions explain (1 is perfect, 0 no better than their mean).
    `left_out` are those predictions, point by point.
    """

    kind: Kind
    predict: Predict
    error: float
    explained: float
    left_out: Predicted


def fit_surface(points: Grid, values: Grid, kind: Kind | None = None) -> Surface:
    """Return the surface of a kind through points in the unit cube, or for None whichever predicts better.

    Raises BadInput where there are too few points to fit and to leave some out.
    """
    if kind is None:
        fits = [fit_surface(points, values, one) for one in _fitting(points)]
        return min(fits, key=lambda fit: fit.error)
    _enough(points, kind)
    fit = _fit(points, values, kind)
    left_out = Predicted(np.empty(len(values)), np.empty(len(values)))
    for fold in folds(len(values)):
        kept = np.setdiff1d(np.arange(len(values)), fold)
        found = fit(points[kept], values[kept])(points[fold])
        left_out.mean[fold], left_out.sd[fold] = found.mean, found.sd
    wrong = float(((left_out.mean - values) ** 2).mean())
    variance = float(values.var())
    explained = 1 - wrong / variance if np.ptp(values) else 1.0
    return Surface(kind, fit(points, values), math.sqrt(wrong), explained, left_out)


def _fit(points: Grid, values: Grid, kind: Kind) -> Callable[[Grid, Grid], Predict]:
    """Return how surfaces of a kind are fitted; a Gaussian process is sought near what all points make likeliest."""
    if kind == "quadratic":
        return quadratic
    near = _likeliest(points, (values - values.mean()) / (float(values.std()) or 1.0))
    return partial(gaussian, near=near)


def terms(parameters: int) -> int:
    """Return how many terms a quadratic in some parameters has."""
    return 1 + 2 * parameters + parameters * (parameters - 1) // 2


def least_points(parameters: int, kind: Kind) -> int:
    """Return how many points a surface needs at the least: its terms, and a tenth more to be left out in turn."""
    needed = terms(parameters) if kind == "quadratic" else 2 * parameters + 2
    return math.ceil(needed * 10 / 9) + 1


def folds(points: int) -> list[NDArray[np.int64]]:
    """Return the points left out together, ten groups of them (or each alone); the same for the same number."""
    order = stream(0, 0, "folds of a surface").permutation(points)
    return [np.sort(part) for part in np.array_split(order, min(FOLDS, points))]


def _fitting(points: Grid) -> list[Kind]:
    """Return the kinds for which there are points enough; where there are for none, the one that needs fewest."""
    kinds: tuple[Kind, ...] = ("quadratic", "gaussian")
    parameters = points.shape[1]
    found = [kind for kind in kinds if len(points) >= least_points(parameters, kind)]
    return found or [min(kinds, key=lambda kind: least_points(parameters, kind))]


def _enough(points: Grid, kind: Kind) -> None:
    needed = least_points(points.shape[1], kind)
    if len(points) < needed:
        rule = f"a {kind} surface in {points.shape[1]} parameters needs at least {needed} different points"
        raise BadInput(Fault("points", rule, str(len(points))))
    if kind == "gaussian" and len(points) > _MOST_POINTS:
        raise BadInput(Fault("points", f"a gaussian surface takes at most {_MOST_POINTS} points", str(len(points))))


def quadratic(points: Grid, values: Grid) -> Predict:
    """Return the quadratic through points by least squares; as many points as terms say nothing of its error."""
    terms_at = _quadratic_terms(points)
    coefficients = np.linalg.lstsq(terms_at, values, rcond=None)[0]
    spare = len(points) - terms_at.shape[1]
    noise = float(((values - terms_at @ coefficients) ** 2).sum()) / spare if spare > 0 else math.inf
    inverse = np.linalg.pinv(terms_at.T @ terms_at)

    def predict(at: Grid) -> Predicted:
        here = _quadratic_terms(at)
        doubt = np.einsum("ij,jk,ik->i", here, inverse, here)
        return Predicted(np.asarray(here @ coefficients), np.sqrt(noise * (1 + np.maximum(doubt, 0))))

    return predict


def _quadratic_terms(points: Grid) -> Grid:
    one, two = np.triu_indices(points.shape[1])
    return np.column_stack([np.ones(len(points)), points, points[:, one] * points[:, two]])


def gaussian(points: Grid, values: Grid, near: Grid | None = None) -> Predict:
    """Return a Gaussian process fitted to points by maximum likelihood, sought `near` some logarithms."""
    middle, spread = float(values.mean()), float(values.std()) or 1.0
    scaled = (values - middle) / spread
    logs = _likeliest(points, scaled, near)
    lengths, noise = np.exp(logs[:-1]), math.exp(logs[-1])
    factor = linalg.cho_factor(_covariance(points, points, lengths) + (noise + _JITTER) * np.eye(len(points)))
    ones = np.ones(len(points))
    one = linalg.cho_solve(factor, ones)
    constant = float(scaled @ one / (ones @ one))
    weights = linalg.cho_solve(factor, scaled - constant)
    variance = max(float((scaled - constant) @ weights) / len(points), 0.0)

    def predict(at: Grid) -> Predicted:
        here = _covariance(at, points, lengths)
        known = np.einsum("ij,ji->i", here, linalg.cho_solve(factor, here.T))
        of_constant = (1 - here @ one) ** 2 / float(ones @ one)
        doubt = variance * np.maximum(1 + noise - known + of_constant, 0)
        return Predicted(np.asarray(middle + spread * (constant + here @ weights)), spread * np.sqrt(doubt))

    return predict


def _covariance(one: Grid, other: Grid, lengths: Grid) -> Grid:
    apart = (one[:, None, :] - other[None, :, :]) / lengths
    return np.asarray(np.exp(-0.5 * (apart**2).sum(axis=2)))


def _likeliest(points: Grid, values: Grid, near: Grid | None = None) -> Grid:
    """Return the logarithms of lengths and noise (in units of the process's variance) that make values likeliest."""
    parameters = points.shape[1]
    bounds = [_BOUNDS["length"]] * parameters + [_BOUNDS["noise"]]
    pairs = ((0.5, 0.01), (2.0, 0.1))
    far = [np.array([math.log(length)] * parameters + [math.log(noise)]) for length, noise in pairs]
    starts = far if near is None else [near]
    tries = [
        optimize.minimize(_unlikelihood, start, args=(points, values), method="L-BFGS-B", bounds=bounds)
        for start in starts
    ]
    return np.asarray(min(tries, key=lambda found: float(found.fun)).x)


def _unlikelihood(logs: Grid, points: Grid, values: Grid) -> float:
    """Return the negative log likelihood, constant mean and variance at their best values for these lengths."""
    many = len(points)
    covariance = _covariance(points, points, np.exp(logs[:-1])) + (math.exp(logs[-1]) + _JITTER) * np.eye(many)
    try:
        factor = linalg.cho_factor(covariance, lower=True)
    except linalg.LinAlgError:
        return 1e12
    ones = np.ones(many)
    solved = linalg.cho_solve(factor, np.column_stack([ones, values]))
    constant = (ones @ solved[:, 1]) / (ones @ solved[:, 0])
    apart = values - constant
    variance = max(float(apart @ (solved[:, 1] - constant * solved[:, 0])) / many, 1e-300)
    return 0.5 * many * math.log(variance) + float(np.log(np.diag(factor[0])).sum())
