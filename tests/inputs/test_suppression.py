"""Small counts kept back, and with them whatever gives them away."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pcqa_sim.inputs.suppression import as_texts, kept_back, share


def test_one_small_count_takes_the_next_with_it() -> None:
    assert as_texts([120, 3, 40, 7]) == ["120", "few", "40", "few"]
    assert as_texts([120, 3, 2, 7]) == ["120", "few", "few", "7"]
    assert as_texts([120, 0, 40]) == ["120", "0", "40"]
    assert as_texts([]) == []


@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=5))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_no_row_and_no_column_gives_one_away_alone(table: list[list[int]]) -> None:
    hidden = kept_back(table)
    assert all(hidden[np.array(table) == few].all() for few in range(1, 5))
    for lines in (hidden, hidden.T):
        assert all(one.sum() != 1 for one in lines)


def test_shares_of_few_are_kept_back_from_both_sides() -> None:
    assert share(50, 100) == 0.5
    assert np.isnan(share(3, 100))
    assert np.isnan(share(98, 100))
    assert np.isnan(share(2, 4))
    assert share(0, 100) == 0
