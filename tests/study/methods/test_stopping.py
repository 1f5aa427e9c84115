"""How many replications are enough: our own rule, held against that of sim-tools."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim.study.methods.stopping import Precision, reached, read_half_width, replicate_until
from pcqa_sim.study.statistics.intervals import interval
from pcqa_sim.values.faults import BadInput

BUDGET = 400

ONE_WEEK = ("run.warm_up_weeks=0", "run.measured_weeks=1")


def theirs(values: list[float], target: float) -> int | None:
    """The answer of the replications algorithm of sim-tools for values that come one by one."""
    analysis = pytest.importorskip("sim_tools.output_analysis", reason="the extra `analysis` is not installed")

    class Model:
        def single_run(self, replication_number: int) -> dict[str, float]:
            return {"m": values[replication_number]}

    algorithm = analysis.ReplicationsAlgorithm(
        half_width_precision=target, initial_replications=5, look_ahead=5, replication_budget=BUDGET
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        numbers, _ = algorithm.select(Model(), ["m"])
    return numbers["m"]


@pytest.mark.parametrize("seed", range(60))
def test_the_rule_is_that_of_sim_tools(seed: int) -> None:
    """Theirs may name fewer than the five replications that ours runs at least."""
    rng = np.random.default_rng(seed)
    spread, target = rng.uniform(0.02, 0.9), rng.uniform(0.02, 0.2)
    values = (10 * (1 + spread * rng.standard_normal(BUDGET + 50))).tolist()
    found = reached(Precision("m", target, relative=True), [values])
    named = theirs(values, target)
    if named is None:
        assert found is None or found[0] > BUDGET
    else:
        assert found is not None
        assert found[0] == max(5, named)


def test_the_rule_by_hand() -> None:
    values = [10.0, 12.0, 8.0, 11.0, 9.0, 10.0, 10.5, 9.5, 10.2, 9.8, 10.1, 9.9, 10.3, 9.7, 10.4, 9.6]
    precision = Precision("m", 0.8, look_ahead=3)
    halves = [(interval(values[:n]).high - interval(values[:n]).low) / 2 for n in range(5, len(values) + 1)]
    first = next(n for n, half in enumerate(halves, 5) if half <= 0.8)
    assert reached(precision, [values]) == (first, first + 3)
    assert reached(precision, [values[: first + 2]]) is None, "not confirmed yet"


def test_a_target_lost_within_the_look_ahead_is_sought_anew() -> None:
    values = [10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 40.0, *([10.0, 10.1] * 200)]
    found = reached(Precision("m", 0.5), [values])
    assert found is not None
    assert found[0] > 7


def test_every_practice_must_meet_the_target() -> None:
    calm, wild = [10.0, 10.1] * 50, (10 + 3 * np.random.default_rng(1).standard_normal(100)).tolist()
    precision = Precision("m", 0.05, relative=True)
    alone, together = reached(precision, [wild]), reached(precision, [calm, wild])
    assert together == alone
    assert reached(precision, [calm]) == (5, 10)


@pytest.mark.parametrize(("text", "read"), [("5%", (0.05, True)), ("0.01", (0.01, False)), (" 2.5 % ", (0.025, True))])
def test_a_half_width_is_read(text: str, read: tuple[float, bool]) -> None:
    assert read_half_width(text) == pytest.approx(read)


@pytest.mark.parametrize("text", ["", "0", "-1", "five", "nan", "inf%", "%"])
def test_what_is_no_half_width_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="--half-width"):
        read_half_width(text)


@pytest.mark.slow
def test_replications_stop_when_it_is_enough_whoever_ran_them() -> None:
    scenario = composed("practice=small", "practice.list_size=800", *ONE_WEEK)
    precision = Precision("needs_per_working_day", 0.08, relative=True, most=40)
    one, stop = replicate_until(scenario, precision, workers=1)
    two, again = replicate_until(scenario, precision, workers=2)
    assert stop == again
    assert one.metrics.equals(two.metrics)
    assert stop.reached is not None
    assert 5 <= stop.reached == stop.ran - 5
    values = one.metrics.query("metric == 'needs_per_working_day' and period == 'all' and group == ''")["value"]
    assert reached(precision, [values.tolist()]) == (stop.reached, stop.ran)
    assert stop.half_width == pytest.approx((interval(values).high - interval(values).low) / 2)


def test_the_most_is_kept_and_said() -> None:
    told: list[int] = []
    study, stop = replicate_until(
        composed("practice=small", *ONE_WEEK), Precision("missed_share", 1e-6, most=7), workers=1, done=told.append
    )
    assert (stop.reached, stop.ran, len(study.units)) == (None, 7, 7)
    assert told == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.slow
def test_a_metric_without_any_value_is_refused() -> None:
    quiet = composed("practice=small", "practice.list_size=800", *ONE_WEEK, "experiment=perfect_service")
    with pytest.raises(BadInput, match="has no value"):
        replicate_until(quiet, Precision("missed_wait_share", 0.01), workers=1)
