"""What a bench is given, checked: each fault is one line that names the argument, the value and the rule.

Lists may be Python sequences or NumPy arrays. Everything refused here raises `BadInput`, a ValueError.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeGuard, cast

import numpy as np
import numpy.typing as npt

from pcqa_sim.values.distributions import Deterministic, Distribution
from pcqa_sim.values.faults import BadInput, Fault

Floats = npt.NDArray[np.float64]
Durations = Distribution | npt.ArrayLike
Staffing = int | Sequence[tuple[float, int]] | npt.NDArray[Any]
Redial = tuple[float, Distribution]
Intervals = Sequence[tuple[float, float]] | npt.NDArray[Any]

_PROBED = (1e-9, *(n / 100 for n in range(1, 100)), 1 - 1e-9)
_SHARE, _MINUTES = "a share from 0 to 1", "minutes, 0 or more"


def refuse(where: str, value: object, rule: str) -> BadInput:
    """Return the error for one argument that cannot be used."""
    return BadInput(Fault(where, f"must be {rule}", str(value)))


def is_distribution(given: object) -> TypeGuard[Distribution]:
    """Tell whether an argument is a distribution and not numbers."""
    return callable(getattr(given, "quantile", None))


@dataclass(frozen=True)
class Listed(Distribution):
    """Explicit values, one a caller in order of arrival, dressed as a distribution."""

    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Return the mean of the values."""
        return float(np.mean(self.values))

    def quantile(self, u: float) -> float:
        """Return the value of the caller whose listed luck is `u`."""
        return self.values[int(u * len(self.values))]


@dataclass(frozen=True)
class Lent(Distribution):
    """A distribution of somebody's own, which need not be one of ours to be asked."""

    own: Any

    @property
    def mean(self) -> float:
        """Return what it says of its mean."""
        return float(self.own.mean)

    def quantile(self, u: float) -> float:
        """Return what it gives."""
        return float(self.own.quantile(u))


def vector(where: str, given: npt.ArrayLike) -> Floats:
    """Return a list of numbers as a vector."""
    try:
        values = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise refuse(where, given, "numbers") from None
    if values.ndim != 1:
        raise refuse(where, f"shape {values.shape}", "one number a caller, in a list or a vector")
    return values


def times(where: str, given: npt.ArrayLike) -> list[float]:
    """Return a list of minutes that ascend, are finite and not negative."""
    values = vector(where, given)
    _every(where, values, np.isfinite(values) & (values >= 0), "finite minutes, not negative")
    if (falls := np.flatnonzero(np.diff(values) < 0)).size:
        raise refuse(
            f"{where}[{falls[0] + 1}]", values[falls[0] + 1], f"at or after the one before it, {values[falls[0]]}"
        )
    return [float(value) for value in values]


def distribution(where: str, given: Durations, callers: int, finite: bool = True) -> Distribution:
    """Return a distribution of minutes as it is, one value a caller as `Listed`, one number as a fixed time.

    None of it may be negative or nan, nor, where `finite`, infinite.
    """
    if is_distribution(given):
        return _probed(where, given, finite)
    numbers = cast("npt.ArrayLike", given)
    if np.ndim(numbers) == 0:
        return Deterministic(number(where, given, 0.0, math.inf, _MINUTES, finite))
    values = vector(where, numbers)
    rule = "finite minutes, 0 or more" if finite else _MINUTES
    _every(where, values, (values >= 0) & (np.isfinite(values) | (not finite)), rule)
    if len(values) < callers:
        raise BadInput(Fault(where, f"{len(values)} values for {callers} callers; one a caller is needed"))
    return Listed(tuple(float(value) for value in values))


def _probed(where: str, given: Distribution, finite: bool) -> Distribution:
    """Return a distribution that gives minutes wherever it is asked."""
    for u in _PROBED:
        value = given.quantile(u)
        if not value >= 0 or (finite and math.isinf(value)):
            raise refuse(where, f"{given} gives {value}", "finite minutes, 0 or more" if finite else _MINUTES)
    return given if isinstance(given, Distribution) else Lent(given)


def number(where: str, given: object, low: float, high: float, rule: str, finite: bool = True) -> float:
    """Return a number between two bounds."""
    try:
        value = float(given)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise refuse(where, given, rule) from None
    if not low <= value <= high or (finite and math.isinf(value)):
        raise refuse(where, given, rule)
    return value


def share(where: str, given: object) -> float:
    """Return a probability."""
    return number(where, given, 0.0, 1.0, _SHARE)


def minutes(where: str, given: object, finite: bool = True) -> float:
    """Return minutes, 0 or more."""
    return number(where, given, 0.0, math.inf, "finite minutes, 0 or more" if finite else _MINUTES, finite)


def above_zero(where: str, given: object) -> float:
    """Return finite minutes above 0."""
    value = minutes(where, given)
    if value == 0:
        raise refuse(where, given, "above 0")
    return value


def whole(where: str, given: object, rule: str = "a whole number, 0 or more") -> int:
    """Return a whole number of people or lines or places."""
    value = number(where, given, 0.0, math.inf, rule)
    if value != int(value):
        raise refuse(where, given, rule)
    return int(value)


def lines(given: object) -> float:
    """Return a number of telephone lines, perhaps without limit."""
    return math.inf if given == math.inf else float(whole("lines", given, "a whole number, 0 or more, or math.inf"))


def priorities(given: npt.ArrayLike | None, callers: int) -> Floats | None:
    """Return one priority a caller."""
    if given is None:
        return None
    values = vector("priorities", given)
    _every("priorities", values, ~np.isnan(values), "numbers, small ones first")
    if len(values) < callers:
        raise BadInput(Fault("priorities", f"{len(values)} values for {callers} callers; one a caller is needed"))
    return values


def staffing(where: str, given: Staffing, period: float) -> list[tuple[float, int]]:
    """Return who works when, as steps: (minute of the period, people from then on)."""
    if np.ndim(given) == 0:
        return [(0.0, whole(where, given, "a whole number of people, 0 or more"))]
    steps = []
    for at, step in enumerate(given):  # type: ignore[arg-type]
        here = f"{where}[{at}]"
        if np.shape(step) != (2,):
            raise refuse(here, step, "(minute of the period, people)")
        minute = number(here, step[0], 0.0, period, f"(minute, people), the minute below the period of {period:g}")
        steps.append((minute, whole(here, step[1], "(minute, people), a whole number of people, 0 or more")))
    if not steps or any(b[0] <= a[0] for a, b in pairwise(steps)) or steps[-1][0] >= period:
        raise refuse(where, given, f"steps of ascending minutes below the period of {period:g}")
    return steps


def redial(where: str, given: Redial | None, at_once: bool = False) -> Redial | None:
    """Return a chance of asking again and its delay; unless it may be `at_once`, the delay has a mean above 0."""
    if given is None:
        return None
    if not isinstance(given, Sequence) or len(given) != 2 or not is_distribution(given[1]):
        raise refuse(where, given, "(probability, distribution of the delay)")
    delay = _probed(where, given[1], finite=False)
    if not (delay.mean > 0 or at_once):
        raise refuse(where, delay, "a delay with a mean above 0: time has to pass between two tries")
    return share(where, given[0]), delay


def chance(where: str, given: float | Callable[[float], float]) -> Callable[[float], float]:
    """Return a probability, fixed or of some number, as a function that answers with a probability or raises."""
    if not callable(given):
        fixed = share(where, given)
        return lambda _: fixed
    return lambda of: share(f"{where}({of:g})", given(of))


def intervals(given: Intervals, end: float, watch: bool) -> list[tuple[float, float]]:
    """Return intervals of the run; refuse any without a watch, or past the end of the run."""
    found = []
    for at, pair in enumerate(given):
        here = f"intervals[{at}]"
        if not watch:
            raise refuse("intervals", "watch=False", "asked for with watch=True, which keeps what they average")
        if np.shape(pair) != (2,):
            raise refuse(here, pair, "(start, end)")
        start, stop = (minutes(here, edge) for edge in pair)
        if stop <= start:
            raise refuse(here, pair, "(start, end), the end later")
        if stop > end:
            raise refuse(here, pair, f"within the run, which ends at minute {end:g}")
        found.append((start, stop))
    return found


def _every(where: str, values: Floats, holds: npt.NDArray[np.bool_], rule: str) -> None:
    """Refuse the first value of a list for which the rule does not hold."""
    if (bad := np.flatnonzero(~holds)).size:
        raise refuse(f"{where}[{bad[0]}]", values[bad[0]], rule)
