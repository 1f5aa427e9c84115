"""Ranges that people give for what nobody has measured, pooled; and those that a fit could not narrow.

A range is an 80 % interval: one in ten that it is lower, one in ten that it is higher. Each person's is taken as a
log-normal where both ends are above 0, else as a normal, with these tenths; people are pooled as an equal mixture (a
linear opinion pool, Stone 1961), so that whoever differs widens the pool and does not cancel out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from pcqa_sim.inputs.practice_file import write_whole
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown
from pcqa_sim.values.plaintext import read_plain
from pcqa_sim.values.reading import read_yaml

FOLDER = "ranges"
_TENTH = 1.2815515655446004  # standard normal quantile of 0.9
_MOST = 200


@dataclass(frozen=True)
class Range:
    """One person's 80 % interval for a setting, and whose it is."""

    low: float
    high: float
    who: str = ""

    def at(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values below which such shares of belief lie."""
        z = norm.ppf(shares)
        if self.low > 0:
            middle = (math.log(self.low) + math.log(self.high)) / 2
            spread = (math.log(self.high) - math.log(self.low)) / (2 * _TENTH)
            return np.asarray(np.exp(middle + spread * z))
        middle, spread = (self.low + self.high) / 2, (self.high - self.low) / (2 * _TENTH)
        return np.asarray(middle + spread * z)


Pools = Mapping[str, tuple[Range, ...]]
"""What several people say of each setting, by dotted key."""


def pooled(people: Sequence[Range], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return quantiles of several people's pooled belief: each person has an equal part of the probability."""
    grid = np.linspace(0.0005, 0.9995, 2000)
    every = np.sort(np.concatenate([one.at(grid) for one in people]))
    return np.asarray(np.quantile(every, shares))


def read_people(paths: Sequence[Path]) -> Pools:
    """Return what files of ranges say, a file a person (or a fit); raise BadInput naming file and key of each fault."""
    found: dict[str, tuple[Range, ...]] = {}
    faults: list[Fault] = []
    for path in paths:
        for key, entry in _content(path).items():
            where = f"{shown(path.name, 80)} {shown(str(key), 80)}"
            try:
                found[str(key)] = (*found.get(str(key), ()), _range(entry, path.stem))
            except ValueError as wrong:
                faults.append(Fault(where, str(wrong), shown(str(entry), 60)))
    if faults:
        raise BadInput(faults)
    if not found:
        raise BadInput(Fault("--ranges", "no range in the files given; write such as phones.lines: [4, 8]"))
    return found


def _content(path: Path) -> Mapping[str, Any]:
    where = shown(str(path), 200)
    try:
        content = read_yaml(read_plain(path), where)
    except FileNotFoundError:
        raise BadInput(Fault(where, "there is no such file")) from None
    except BadInput:
        raise
    except (OSError, ValueError) as error:
        raise BadInput(Fault(where, f"is no YAML that can be read ({type(error).__name__})")) from None
    if not isinstance(content, dict) or len(content) > _MOST:
        raise BadInput(Fault(where, "a setting and its 80 % interval a line, such as phones.lines: [4, 8]"))
    return content


def _range(entry: Any, who: str) -> Range:
    ends = entry if isinstance(entry, list) else []
    good = len(ends) == 2 and all(isinstance(one, int | float) and not isinstance(one, bool) for one in ends)
    if not good or not all(math.isfinite(one) for one in ends) or not ends[0] < ends[1]:
        raise ValueError("an 80 % interval is two numbers, the smaller first, such as [4, 8]")
    return Range(float(ends[0]), float(ends[1]), who)


def samples(pools: Pools, many: int, seed: int) -> list[dict[str, float]]:
    """Return so many draws of all settings together, spread evenly (a Latin hypercube); settings are independent."""
    from scipy.stats import qmc

    keys = list(pools)
    shares = qmc.LatinHypercube(len(keys), rng=np.random.default_rng(seed)).random(many)
    columns = [pooled(pools[key], shares[:, at]) for at, key in enumerate(keys)]
    return [{key: float(f"{columns[at][row]:.5g}") for at, key in enumerate(keys)} for row in range(many)]


def write_carried(user_folder: Path, name: str, ranges: Mapping[str, tuple[float, float]], source: str) -> list[Path]:
    """Write the ranges that a fit could not narrow, for `pcqa trust --ranges`; return the file, or nothing.

    The 95 % interval of what is left is written as an 80 % one: so much narrower, as a normal's is.
    """
    if not ranges:
        return []
    path = user_folder / FOLDER / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["# Settings that the counts do not identify, with 80 % intervals; for pcqa trust FOLDER --ranges"]
    for key, (low, high) in ranges.items():
        middle, half = (low + high) / 2, (high - low) / 2 * _TENTH / 1.959963984540054
        lines.append(f"{key}: [{middle - half:.4g}, {middle + half:.4g}]  # {source}")
    write_whole(path, "\n".join(lines) + "\n")
    return [path]
