from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcqa_sim.inputs.bands import (
    LENGTH_BANDS,
    WAIT_BANDS,
    added_up,
    fitted_lengths,
    observed_band,
    share_within,
)
from pcqa_sim.scenario.groups import ObservedBand


def bands(texts: tuple[str, ...], *calls: float) -> list[ObservedBand]:
    return [observed_band(text, number) for text, number in zip(texts, calls, strict=True)]


WAITS = bands(WAIT_BANDS, 10, 30, 20, 10, 10, 5, 5, 5, 5)


@pytest.mark.parametrize(("text", "ends"), [("0", (0, 0)), ("1_30", (1, 30)), ("0_10", (0, 10)), (">300", (301, None))])
def test_published_texts(text: str, ends: tuple[float, float | None]) -> None:
    band = observed_band(text, 7)
    assert (band.from_s, band.to_s, band.calls) == (*ends, 7)


@pytest.mark.parametrize("text", ["TOTAL", "", "1-30", "5_7", "300"])
def test_other_texts(text: str) -> None:
    with pytest.raises(ValueError, match="no band"):
        observed_band(text, 7)


@pytest.mark.parametrize(("seconds", "share"), [(0, 0.1), (15, 0.25), (30, 0.4), (120, 0.8), (300, 0.95)])
def test_share_within(seconds: float, share: float) -> None:
    assert share_within(WAITS, seconds) == pytest.approx(share)


@given(st.floats(0, 300), st.floats(0, 300))
def test_a_longer_time_has_no_smaller_share(a: float, b: float) -> None:
    assert share_within(WAITS, min(a, b)) <= share_within(WAITS, max(a, b)) + 1e-12


def test_inside_an_open_band_nothing_is_known() -> None:
    with pytest.raises(ValueError, match="open band"):
        share_within(WAITS, 301)
    assert share_within(WAITS[:-1], 400) == 1


def test_no_calls_have_no_share() -> None:
    assert math.isnan(share_within([], 60))


def test_days_add_up() -> None:
    twice = added_up([WAITS, WAITS[::-1]])
    assert [band.calls for band in twice] == [2 * band.calls for band in WAITS]
    assert share_within(twice, 90) == pytest.approx(share_within(WAITS, 90))


def test_lengths_are_fitted_in_seconds() -> None:
    distribution = fitted_lengths(bands(LENGTH_BANDS, 12, 90, 250, 220, 150, 160, 60, 25, 33))
    assert distribution is not None
    assert 75 < distribution.quantile(0.5) < 100
    assert 0.6 < distribution.sigma < 1
    longer = fitted_lengths(bands(LENGTH_BANDS, 2, 9, 50, 120, 150, 260, 160, 125, 133))
    assert longer is not None
    assert longer.quantile(0.5) > distribution.quantile(0.5)


def test_one_band_cannot_be_fitted() -> None:
    assert fitted_lengths(bands(LENGTH_BANDS, 0, 0, 7, 0, 0, 0, 0, 0, 0)) is None
