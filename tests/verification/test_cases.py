"""The queueing cases in a shortened form, and that the way they are judged can tell right from wrong."""

from dataclasses import replace

import numpy as np
import pytest

from pcqa_sim.verification import cases
from pcqa_sim.verification.cases import CASES, QUICK, QUICK_CASES, Case, Shown, adjusted_mean, check
from pcqa_sim.verification.theory import gg_c_waits


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    findings = check(case, QUICK, errors=4.0)
    assert [found.quantity for found in findings] == list(case.expected)
    for found in findings:
        assert found.holds, found


def test_every_case_has_a_name_of_its_own_and_enough_replications() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert all(case.replications >= 20 for case in CASES)
    assert 0 < len(QUICK_CASES) < len(CASES)
    assert all(case in CASES for case in QUICK_CASES)


def test_a_wrong_answer_is_told_apart() -> None:
    case = next(case for case in CASES if case.name.startswith("6 lines"))
    wrong = {name: value * 1.2 for name, value in case.expected.items()}
    assert not any(found.holds for found in check(replace(case, expected=wrong), 0.3))


def test_an_exact_case_fails_on_a_single_replication() -> None:
    almost = Case("almost", {"x": 0.0}, lambda number, _: Shown({"x": 1.0 if number == 7 else 0.0}), 20, within=1e-4)
    (found,) = check(almost)
    assert not found.holds
    assert all(found.holds for found in check(replace(almost, measured=lambda *_: Shown({"x": 0.0}))))


def test_a_run_that_ends_too_early_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = cases.phone
    queue = CASES[0].measured
    short = replace(queue, bench=lambda *lists, until, **more: whole(*lists, until=until - 55, **more))
    with pytest.raises(RuntimeError, match="ended before the observed calls did"):
        short(0, 0.1)


def test_without_controls_the_mean_and_its_standard_error_are_the_usual_ones() -> None:
    values = np.array([1.0, 2.0, 4.0, 7.0])
    mean, error = adjusted_mean(values, np.empty((4, 0)))
    assert mean == pytest.approx(3.5)
    assert error == pytest.approx(values.std(ddof=1) / 2)


def test_controls_take_out_what_they_explain() -> None:
    rng = np.random.default_rng(3)
    means = []
    for _ in range(300):
        control, noise = rng.normal(size=(24, 1)), rng.normal(size=24)
        mean, error = adjusted_mean(5 + 4 * control[:, 0] + noise, np.column_stack([control, np.zeros(24)]))
        means.append(mean)
        assert 0.1 < error < 0.4
    assert np.mean(means) == pytest.approx(5, abs=0.05)
    assert np.std(means) == pytest.approx(24**-0.5, rel=0.15)


def test_fewer_staff_by_hand() -> None:
    arrivals, services = [0.0, 0.0, 0.0, 5.0, 12.0, 13.0], [20.0, 9.0, 11.0, 2.0, 1.0, 1.0]
    assert cases.waits_with_fewer(arrivals, services, 3, 10.0, 1) == [0.0, 0.0, 0.0, 4.0, 8.0, 8.0]
    same = cases.waits_with_fewer(arrivals, services, 3, 10.0, 3)
    assert same == gg_c_waits(arrivals, services, 3).tolist()
