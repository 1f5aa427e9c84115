"""Points over named ranges: every whole number, or a designed sample (Sobol, Latin hypercube, Morris)."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.values.faults import BadInput, Fault

Design = Literal["sobol", "lhs", "morris"]
DESIGNS: tuple[Design, ...] = ("sobol", "lhs", "morris")
MORRIS_LEVELS = 4
_NUMBER = r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_FORM = re.compile(rf"^([A-Za-z_][\w.-]*)=({_NUMBER})\.\.({_NUMBER})$")
_SIGNIFICANT = 6


@dataclass(frozen=True)
class Vary:
    """A named range, both ends included; whole numbers where both ends are written as whole numbers."""

    key: str
    low: float
    high: float
    whole: bool

    @property
    def size(self) -> int:
        """Return how many whole numbers there are, 0 for a range of fractions."""
        return int(self.high - self.low) + 1 if self.whole else 0

    def at(self, share: float) -> str:
        """Return the value at a share, 0 to 1, of the way; each whole number has an equal part of the way."""
        if self.whole:
            return str(int(self.low) + min(int(share * self.size), self.size - 1))
        return repr(float(f"{self.low + share * (self.high - self.low):.{_SIGNIFICANT}g}"))


def read_ranges(texts: Iterable[str]) -> tuple[Vary, ...]:
    """Return the ranges written KEY=a..b; raise BadInput for one that is reversed, empty, given twice or none."""
    found: list[Vary] = []
    faults: list[Fault] = []
    for text in texts:
        try:
            found.append(_read(text))
        except BadInput as bad:
            faults += bad.faults
    keys = [one.key for one in found]
    faults += [Fault("--vary", "is given twice", key) for key in dict.fromkeys(keys) if keys.count(key) > 1]
    if faults:
        raise BadInput(faults)
    return tuple(found)


def _read(text: str) -> Vary:
    found = _FORM.match(text.strip())
    if found is None:
        raise BadInput(Fault("--vary", "must be KEY=a..b, both ends included, as in phones.lines=3..12", text))
    key, low, high = found[1], float(found[2]), float(found[3])
    if not low < high:
        rule = "is reversed: the smaller end comes first" if low > high else "has one value only; write it as a setting"
        near = f"{key}={found[3]}..{found[2]}" if low > high else f"{key}={found[2]}"
        raise BadInput(Fault("--vary", rule, text, near))
    return Vary(key, low, high, not any(mark in found[2] + found[3] for mark in ".eE"))


def design_size(ranges: Sequence[Vary], design: str, points: int) -> int:
    """Return how many points there will be; raise BadInput where ranges, design and number do not go together."""
    if not design:
        fractions = [one.key for one in ranges if not one.whole]
        if fractions:
            rule = f"is a range of fractions: say how to sample it, with --design {'|'.join(DESIGNS)} and --points N"
            raise BadInput(Fault("--vary", rule, fractions[0]))
        return math.prod(one.size for one in ranges)
    if not ranges:
        raise BadInput(Fault("--design", "needs ranges: --vary KEY=a..b, as in --vary phones.lines=3..12", design))
    if points < 1:
        raise BadInput(Fault("--design", "needs --points N", design))
    if design == "morris" and points % (len(ranges) + 1):
        step = len(ranges) + 1
        rule = f"for morris, a multiple of {step}: one point more than there are ranges makes one trajectory"
        raise BadInput(Fault("--points", rule, str(points), str(max(1, round(points / step)) * step)))
    return points


def designed_points(ranges: Sequence[Vary], design: str, points: int, seed: int) -> Iterator[dict[str, str]]:
    """Yield the values at each point; the same ranges, design, number and seed give the same points."""
    design_size(ranges, design, points)
    if not design:
        keys = [one.key for one in ranges]
        every = ([str(int(one.low) + n) for n in range(one.size)] for one in ranges)
        yield from (dict(zip(keys, values, strict=True)) for values in itertools.product(*every))
        return
    for row in unit_sample(design, len(ranges), points, seed):
        yield {one.key: one.at(float(share)) for one, share in zip(ranges, row, strict=True)}


def unit_sample(design: str, dimensions: int, points: int, seed: int) -> NDArray[np.float64]:
    """Return a sample of the unit cube, one row a point.

    Sobol points are scrambled; they are spread most evenly when their number is a power of 2.
    """
    if design == "morris":
        return _morris(dimensions, points // (dimensions + 1), seed)
    from scipy.stats import qmc

    if design == "lhs":
        sample = qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed)).random(points)
    else:
        powers = max(0, math.ceil(math.log2(points)))
        sample = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed)).random_base2(powers)[:points]
    return np.asarray(sample, dtype=np.float64)


def _morris(dimensions: int, trajectories: int, seed: int) -> NDArray[np.float64]:
    try:
        from SALib.sample import morris
    except ImportError:
        rule = "needs the package SALib: pip install 'pcqa-sim[analysis]'"
        raise BadInput(Fault("--design", rule, "morris")) from None
    problem = {"num_vars": dimensions, "names": list(map(str, range(dimensions))), "bounds": [[0.0, 1.0]] * dimensions}
    return np.asarray(morris.sample(problem, trajectories, num_levels=MORRIS_LEVELS, seed=seed), dtype=np.float64)
