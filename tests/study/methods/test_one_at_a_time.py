from __future__ import annotations

from collections.abc import Sequence

import pytest
from shortruns import composed

from pcqa_sim.study.methods.one_at_a_time import Move, Probed, probe
from pcqa_sim.study.methods.replicate import Job, here
from pcqa_sim.study.result import Result
from pcqa_sim.study.statistics.criterion import Yardstick

QUICK = ("practice=small", "run=quick")
MISSED = Yardstick("missed_share", "practice")


def work(jobs: Sequence[Job]) -> list[Result]:
    return list(here()(jobs))


@pytest.fixture(scope="module")
def probed() -> Probed:
    moves = [
        Move("demand.needs", 1.0, 1.0, composed(*QUICK)),
        Move("rota.extra_call_handlers", 0.0, 1.0, composed(*QUICK, "rota.extra_call_handlers=1")),
    ]
    return probe(composed(*QUICK), moves, MISSED, 5, work)


def test_what_moves_the_metric_comes_first(probed: Probed) -> None:
    assert [one.key for one in probed.moved] == ["rota.extra_call_handlers", "demand.needs"]
    handlers = probed.moved[0]
    assert handlers.change < 0
    assert handlers.low <= handlers.change <= handlers.high
    assert handlers.clear


def test_what_changes_nothing_moves_nothing_at_all(probed: Probed) -> None:
    """The same scenario under the same luck: exactly zero, in every replication."""
    still = probed.moved[1]
    assert (still.change, still.low, still.high, still.clear) == (0, 0, 0, False)


def test_changes_are_paired(probed: Probed) -> None:
    scenarios = (composed(*QUICK), composed(*QUICK, "rota.extra_call_handlers=1"))
    units = [[MISSED.value(work([Job(one, 1, number)])[0].metrics) for number in range(5)] for one in scenarios]
    assert probed.base == pytest.approx(sum(units[0]) / 5)
    assert probed.moved[0].change == pytest.approx(sum(units[1]) / 5 - sum(units[0]) / 5)
