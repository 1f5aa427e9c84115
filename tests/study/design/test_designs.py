"""Ranges and designed samples."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from pcqa_sim.study.design.designs import Vary, design_size, designed_points, read_ranges, unit_sample
from pcqa_sim.values.faults import BadInput


def test_both_ends_are_included() -> None:
    (lines,) = read_ranges(["phones.lines=3..6"])
    assert lines == Vary("phones.lines", 3, 6, True)
    assert [point["phones.lines"] for point in designed_points([lines], "", 0, 1)] == ["3", "4", "5", "6"]


def test_all_whole_numbers_of_two_ranges() -> None:
    ranges = read_ranges(["a=1..2", "b=-1..1"])
    points = list(designed_points(ranges, "", 0, 1))
    assert len(points) == design_size(ranges, "", 0) == 6
    assert points[0] == {"a": "1", "b": "-1"}
    assert points[-1] == {"a": "2", "b": "1"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("phones.lines=12..3", "is reversed: the smaller end comes first; did you mean phones.lines=3..12?"),
        ("phones.lines=3..3", "one value only"),
        ("phones.lines=3", "must be KEY=a..b"),
        ("phones.lines=3..", "must be KEY=a..b"),
        ("3..4", "must be KEY=a..b"),
        ("x=a..b", "must be KEY=a..b"),
        ("x=1...2", "must be KEY=a..b"),
    ],
)
def test_what_is_no_range_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_ranges([text])
    assert said in str(refused.value)


def test_every_fault_is_told() -> None:
    with pytest.raises(BadInput) as refused:
        read_ranges(["a=2..1", "b", "c=1..2", "c=1..3"])
    assert len(str(refused.value).splitlines()) == 3


def test_a_whole_range_has_whole_values_each_as_often() -> None:
    lines = Vary("phones.lines", 3, 6, True)
    values = [lines.at(share) for share in (np.arange(1000) + 0.5) / 1000]
    assert {value: values.count(value) for value in set(values)} == {"3": 250, "4": 250, "5": 250, "6": 250}
    assert lines.at(0.0) == "3"
    assert lines.at(1.0) == "6"


def test_a_range_of_fractions_has_numbers_with_a_point() -> None:
    level = Vary("level", 1.0, 2.0, False)
    assert level.at(0.0) == "1.0"
    assert level.at(1.0) == "2.0"
    assert level.at(1 / 3) == "1.33333"
    (exact,) = read_ranges(["level=1.0..2"])
    assert not exact.whole


def test_fractions_need_a_design() -> None:
    with pytest.raises(BadInput, match="say how to sample it"):
        design_size(read_ranges(["a=0.5..1.5"]), "", 0)
    with pytest.raises(BadInput, match="needs --points"):
        design_size(read_ranges(["a=0.5..1.5"]), "lhs", 0)
    with pytest.raises(BadInput, match="needs ranges"):
        design_size((), "lhs", 8)


@pytest.mark.parametrize("design", ["sobol", "lhs"])
def test_a_sample_fills_its_ranges_evenly(design: str) -> None:
    sample = unit_sample(design, 3, 64, seed=1)
    assert sample.shape == (64, 3)
    for column in sample.T:
        assert set(np.floor(column * 64).astype(int)) == set(range(64)), "one point in each of 64 equal parts"
    assert np.array_equal(sample, unit_sample(design, 3, 64, seed=1))
    assert not np.array_equal(sample, unit_sample(design, 3, 64, seed=2))


def test_a_number_of_sobol_points_that_is_no_power_of_two_is_kept() -> None:
    assert len(unit_sample("sobol", 2, 50, seed=1)) == 50


def test_morris_changes_one_thing_at_a_time() -> None:
    pytest.importorskip("SALib", reason="the extra `analysis` is not installed")
    sample = unit_sample("morris", 3, 20, seed=1)
    assert sample.shape == (20, 3)
    assert set(np.round(sample.ravel() * 3, 9)) <= {0.0, 1.0, 2.0, 3.0}
    for start in range(0, 20, 4):
        changed = [np.flatnonzero(a != b) for a, b in pairwise(sample[start : start + 4])]
        assert sorted(int(one[0]) for one in changed) == [0, 1, 2]
        assert all(len(one) == 1 for one in changed)


def test_morris_needs_whole_trajectories() -> None:
    with pytest.raises(BadInput, match=r"a multiple of 3.*did you mean 9"):
        design_size(read_ranges(["a=1..5", "b=0.0..1.0"]), "morris", 10)
