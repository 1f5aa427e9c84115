from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pcqa_sim import luck
from pcqa_sim.luck import Luck, activities, activity, join, join_array, mix, mix_array, stream, uniforms, world_key

FIRST, SECOND = activity("test_first"), activity("test_second")
KEYS = st.integers(0, 2**64 - 1)


@given(KEYS)
def test_integers_and_arrays_mix_alike(key: int) -> None:
    assert int(mix_array(np.array([key], dtype=np.uint64))[0]) == mix(key)


@given(KEYS, st.integers(0, 2**40))
def test_integers_and_arrays_join_alike(key: int, part: int) -> None:
    keys = np.array([key], dtype=np.uint64)
    assert int(join_array(keys, part)[0]) == join(key, part)
    assert int(join_array(keys, np.array([part]))[0]) == join(key, part)
    assert int(join_array(keys, "kind")[0]) == join(key, "kind")


@given(KEYS)
def test_luck_and_arrays_draw_alike(key: int) -> None:
    keys = np.array([key], dtype=np.uint64)
    mine = Luck(key)
    assert [mine.u(FIRST) for _ in range(4)] == [float(uniforms(keys, FIRST, use)[0]) for use in range(4)]


@given(KEYS)
def test_uniforms_are_inside_the_open_interval(key: int) -> None:
    assert 0 < Luck(key).u(FIRST) < 1


def test_each_activity_counts_its_own_uses() -> None:
    plain, mixed = Luck(7), Luck(7)
    expected = [plain.u(FIRST) for _ in range(3)]
    drawn = []
    for _ in range(3):
        mixed.u(SECOND)
        drawn.append(mixed.u(FIRST))
    assert drawn == expected


def test_uniforms_are_uniform_and_unrelated() -> None:
    keys = join_array(np.full(200_000, world_key(1, 0, "a"), dtype=np.uint64), np.arange(200_000))
    columns = [uniforms(keys, FIRST), uniforms(keys, FIRST, 1), uniforms(keys, SECOND)]
    for column in columns:
        assert stats.kstest(column, "uniform").pvalue > 1e-4
        counts = np.histogram(column, bins=1000, range=(0, 1))[0]
        assert stats.chisquare(counts).pvalue > 1e-4
    together = np.corrcoef([*columns, np.roll(columns[0], 1)])
    assert np.abs(together - np.eye(4)).max() < 4 / np.sqrt(len(keys))


def test_worlds_differ_by_seed_replication_and_practice() -> None:
    keys = {world_key(s, r, p) for s in range(5) for r in range(5) for p in ("a", "b")}
    assert len(keys) == 50


def test_order_of_parts_matters() -> None:
    assert join(1, 2, 3) != join(1, 3, 2)
    assert join(1, "a", "b") != join(1, "b", "a")


def test_an_activity_is_registered_once() -> None:
    with pytest.raises(ValueError, match="registered already"):
        activity("test_first")


def test_activity_keys_differ() -> None:
    assert len(set(luck._activities.values())) == len(activities())


def test_known_values_stay_what_they_are() -> None:
    """Results of earlier versions can only be made again if these never change."""
    assert world_key(1, 0, "practice") == 14774281192070570314
    assert Luck(42).u(FIRST) == pytest.approx(0.08222602664903772, abs=1e-15)
    assert mix(1) == 6238072747940578789


def test_streams_are_named() -> None:
    assert stream(1, 0, "x").random() == stream(1, 0, "x").random()
    assert stream(1, 0, "x").random() != stream(1, 0, "y").random()
