"""How people's time with an MDT ends, as the metric has it and counted plainly."""

from __future__ import annotations

import numpy as np
import pytest
from shortruns import run_of

from pcqa_sim.results.mdt import mdt_columns
from pcqa_sim.values.clock import WEEK
from pcqa_sim.values.words import MdtEnding

LEVELS = ("low", "middle", "high")
SOON_OVER = (
    "practice=small",
    "practice.list_size=1500",
    "run.warm_up_weeks=1",
    "run.measured_weeks=7",
    "mdt=frail",
    "mdt.frail.selects.per_year=12",
    "mdt.frail.members.pharmacist.needed=false",
    "mdt.frail.leaves_weeks=6",
    *(f"mdt.frail.levels.{level}.{setting}" for level in LEVELS for setting in ("review_weeks=2", "every_days=3")),
)


def test_the_shares_of_endings_are_counted_plainly() -> None:
    run = run_of(*SOON_OVER)
    shares = run.metrics().set_index(["metric", "group"])["value"]["mdt_ending_share"]
    cases = mdt_columns(run.tables["practice"])
    over = cases.where(cases["ended"] >= run.scenario.run.warm_up_weeks * WEEK)
    counted = {name.value: int(np.sum(over.words("ending") == name.value)) for name in MdtEnding}
    assert len([name for name, many in counted.items() if many]) >= 2
    assert sum(counted.values()) == len(over) > 10
    for name, many in counted.items():
        assert shares.get(f"ending={name}", 0.0) == pytest.approx(many / len(over))
        assert shares.get(f"mdt=frail ending={name}", 0.0) == pytest.approx(many / len(over))
