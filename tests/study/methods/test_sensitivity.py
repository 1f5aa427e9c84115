from __future__ import annotations

import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from pcqa_sim.study.methods.sensitivity import Influence, design, elementary_effects, influences, need_salib, rows_of
from pcqa_sim.values.faults import BadInput

Grid = NDArray[np.float64]
EXACT_ALONE, EXACT_ALL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)


def ishigami(unit: Grid) -> Grid:
    """Ishigami & Homma (1990) with a = 7, b = 0.1, whose Sobol indices are known in closed form."""
    x = np.pi * (2 * unit - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def by_place(found: list[Influence]) -> list[Influence]:
    return sorted(found, key=lambda one: one.at)


def test_the_closed_form_of_ishigami() -> None:
    a, b = 7.0, 0.1
    variance = a**2 / 8 + b * np.pi**4 / 5 + b**2 * np.pi**8 / 18 + 0.5
    one = 0.5 * (1 + b * np.pi**4 / 5) ** 2 / variance
    two = a**2 / 8 / variance
    with_third = b**2 * np.pi**8 * (1 / 18 - 1 / 50) / variance
    assert (one, two) == pytest.approx(EXACT_ALONE[:2], abs=1e-4)
    assert (one + with_third, two, with_third) == pytest.approx(EXACT_ALL, abs=1e-4)


def test_sobol_indices_of_ishigami() -> None:
    used = design("sobol", 3, 2048, 1)
    assert len(used) == rows_of("sobol", 3, 2048)
    found = influences("sobol", used, ishigami(used)[:, None])
    assert [one.at for one in found] == [0, 1, 2]
    for one in found:
        assert one.alone is not None
        assert one.main.value == pytest.approx(EXACT_ALL[one.at], abs=0.02)
        assert one.alone.value == pytest.approx(EXACT_ALONE[one.at], abs=0.03)
        assert one.main.low <= EXACT_ALL[one.at] <= one.main.high
        assert one.alone.low <= EXACT_ALONE[one.at] <= one.alone.high


def test_the_intervals_cover_the_closed_form() -> None:
    """Over 40 designs of 256 points, at most 4 standard errors fewer than 95 % of the 95 % intervals cover."""
    covered, every = 0, 0
    for seed in range(40):
        used = design("sobol", 3, 256, seed)
        for one in influences("sobol", used, ishigami(used)[:, None]):
            covered += one.main.low <= EXACT_ALL[one.at] <= one.main.high
            every += 1
    assert covered / every >= 0.95 - 4 * np.sqrt(0.95 * 0.05 / every)


def test_luck_widens_the_intervals() -> None:
    used = design("sobol", 3, 256, 1)
    exact = ishigami(used)[:, None]
    noise = np.random.default_rng(3).normal(0, 3, (len(used), 3))
    calm, lucky = (by_place(influences("sobol", used, values)) for values in (exact, exact + noise))
    widths = [[one.main.high - one.main.low for one in found] for found in (calm, lucky)]
    assert sum(widths[1]) > sum(widths[0])


def test_morris_agrees_with_salib_where_nothing_is_rounded() -> None:
    from SALib.analyze import morris

    used = design("morris", 3, 40, 2)
    assert len(used) == rows_of("morris", 3, 40)
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    theirs = morris.analyze(problem, used, ishigami(used), num_levels=4, seed=1)
    found = by_place(influences("morris", used, ishigami(used)[:, None]))
    assert [one.main.value for one in found] == pytest.approx(list(theirs["mu_star"]))
    assert [one.signed for one in found] == pytest.approx(list(theirs["mu"]))
    assert [one.spread for one in found] == pytest.approx(list(theirs["sigma"]))


def test_a_straight_line_has_its_slopes_as_effects() -> None:
    used = design("morris", 3, 5, 1)
    found = by_place(influences("morris", used, (used @ np.array([2.0, -3.0, 0.0]))[:, None]))
    assert [one.signed for one in found] == pytest.approx([2, -3, 0])
    assert [one.main.value for one in found] == pytest.approx([2, 3, 0])
    assert [one.spread for one in found] == pytest.approx([0, 0, 0], abs=1e-9)
    assert [one.at for one in influences("morris", used, (used @ np.array([2.0, -3.0, 0.0]))[:, None])] == [1, 0, 2]


def test_rounding_to_whole_numbers_does_not_bend_a_straight_line() -> None:
    """Of a setting from 0 to 2 only 0, 1/2 and 1 of the range are used; the slope found is the true one."""
    used = np.round(design("morris", 3, 20, 1) * 2) / 2
    effects = elementary_effects(used, used @ np.array([2.0, -3.0, 0.5]))
    for mine, slope in zip(effects, (2.0, -3.0, 0.5), strict=True):
        assert len(mine) > 0
        assert mine == pytest.approx([slope] * len(mine))


def test_a_constant_metric_gives_nothing_to_explain() -> None:
    for method in ("morris", "sobol"):
        used = design(method, 2, 8, 1)  # type: ignore[arg-type]
        for one in influences(method, used, np.full((len(used), 2), 0.3)):  # type: ignore[arg-type]
            assert (one.main.value, one.main.low, one.main.high) == (0, 0, 0)


def test_the_same_seed_gives_the_same_design() -> None:
    for method in ("morris", "sobol"):
        same = [design(method, 3, 8, 5) for _ in range(2)]  # type: ignore[arg-type]
        assert (same[0] == same[1]).all()
        assert same[0].min() >= 0
        assert same[0].max() <= 1


def test_without_salib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "SALib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "SALib", None)
    with pytest.raises(BadInput, match=r"pip install 'pcqa-sim\[analysis\]'"):
        need_salib()
