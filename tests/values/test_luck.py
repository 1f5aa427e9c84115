from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pcqa_sim.values import luck
from pcqa_sim.values.form import COMPILED, form
from pcqa_sim.values.luck import (
    Luck,
    activity,
    first_uniforms,
    join,
    join_array,
    mix,
    mix_array,
    name_key,
    stream,
    uniforms,
    world_key,
)

FIRST, SECOND = activity("test_first"), activity("test_second")
OFTEN = activity("test_often", often=True), activity("test_often_too", often=True)
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


@given(st.lists(KEYS, min_size=1, max_size=3))
def test_what_was_drawn_for_many_needs_together_is_what_each_would_have_drawn(keys: list[int]) -> None:
    """The first use is drawn ahead, and every later use of the activity is a new uniform."""
    for key, first in zip(keys, first_uniforms(np.array(keys, dtype=np.uint64)), strict=True):
        ahead, alone = Luck(key, first), Luck(key)
        for activity_key in (*OFTEN, FIRST):
            drawn = [ahead.u(activity_key) for _ in range(3)]
            assert drawn == [alone.u(activity_key) for _ in range(3)]
            assert len(set(drawn)) == 3


@pytest.mark.parametrize("activity_key", [*OFTEN, FIRST])
def test_what_is_decided_once_for_a_need_is_its_first_uniform_however_often_it_is_asked(activity_key: int) -> None:
    (first,) = first_uniforms(np.array([7], dtype=np.uint64))
    expected = Luck(7).u(activity_key)
    for mine in (Luck(7), Luck(7, first)):
        assert [mine.first(activity_key), mine.first(activity_key)] == [expected, expected]
        assert mine.u(activity_key) == expected
        assert mine.u(activity_key) != expected
        assert mine.first(activity_key) == expected


def test_where_no_activity_is_used_often_nothing_is_drawn_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(luck, "_often", {})
    assert first_uniforms(np.array([7, 8], dtype=np.uint64)) == [[], []]


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


@pytest.mark.skipif(form() == COMPILED, reason="a compiled module cannot be given another function")
def test_a_name_whose_key_is_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(luck, "name_key", lambda _: SECOND)
    with pytest.raises(ValueError, match="'test_other' is registered already"):
        activity("test_other")
    assert "test_other" not in luck._activities


def test_only_activities_registered_as_often_used_are_drawn_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(luck, "_activities", {})
    monkeypatch.setattr(luck, "_drawn", False)
    monkeypatch.setattr(luck, "_often", {})
    activity("rarely")
    often = activity("often", often=True), activity("as_often", often=True)
    assert tuple(luck._activities) == ("rarely", "often", "as_often")
    (first,) = first_uniforms(np.array([7], dtype=np.uint64))
    assert first == [Luck(7).u(one) for one in often]


def test_activity_keys_differ() -> None:
    assert len(set(luck._activities.values())) == len(luck._activities)


def test_known_values_stay_what_they_are() -> None:
    """Results of earlier versions can only be made again if these never change."""
    assert world_key(1, 0, "practice") == 14774281192070570314
    assert mix(1) == 6238072747940578789
    assert join(1, 0) == 10451216379200822465
    assert join(1, 2, "a") == 16995140301799595518
    mine = Luck(42)
    drawn = [mine.u(FIRST) for _ in range(3)]
    assert drawn == pytest.approx([0.08222602664903772, 0.9969137205723615, 0.504089748316416], abs=1e-15)
    assert stream(1, 0, "x").random() == pytest.approx(0.3048296353789608, abs=1e-15)


def test_streams_are_named() -> None:
    assert stream(1, 0, "x").random() == stream(1, 0, "x").random()
    assert stream(1, 0, "x").random() != stream(1, 0, "y").random()


def test_an_activity_drawn_together_comes_before_the_first_draw() -> None:
    first_uniforms(np.array([1], dtype=np.uint64))
    with pytest.raises(RuntimeError, match="'comes_late' comes too late"):
        activity("comes_late", often=True)
    assert activity("comes_late_alone") == name_key("activity:comes_late_alone")
