"""The shipped patience is what the calculation says, and the calculation agrees with callers drawn one by one."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from shortruns import composed

FILE = Path(__file__).parents[1] / "experiments" / "patience.py"


@pytest.fixture(scope="module")
def patience() -> ModuleType:
    spec = importlib.util.spec_from_file_location("patience", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_settings_are_what_was_fitted(patience: ModuleType) -> None:
    phones = composed().practices["practice"].phones
    (early, early_mean, mean), _, miss = patience.fitted(phones.patience.misdial_share, 0.15)
    assert miss < 1e-4
    assert phones.patience.early_share == pytest.approx(early, abs=0.001)
    assert phones.patience.early_mean_min == pytest.approx(early_mean, abs=0.01)
    assert phones.patience.mean_min == pytest.approx(mean, abs=0.1)


def test_shares_are_those_of_callers_drawn_one_by_one(patience: ModuleType) -> None:
    many, draw = 400_000, np.random.default_rng(1)
    early, rate = draw.random(many) < 0.2, 0.4
    waits_for = draw.exponential(np.where(early, 0.8, 20.0))
    answered_at = np.where(draw.random(many) < 0.15, 0.0, draw.exponential(1 / rate, many))
    misdials = draw.random(many) < 0.05
    answered = (answered_at <= waits_for) & ~misdials
    waited = np.where(misdials, 0.0, np.minimum(waits_for, answered_at))
    band = np.searchsorted(patience.EDGES, waited, side="right") - 1
    drawn = np.concatenate([np.bincount(band[which], minlength=4) for which in (answered, ~answered)]) / many
    assert patience.expected([0.2, 0.8, 20.0], np.full(4, rate), 0.05, 0.15) == pytest.approx(drawn, abs=0.003)
