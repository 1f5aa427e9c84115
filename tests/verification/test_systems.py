"""Networks, diaries and two regimes through the public benches, shortened, against what is known of them."""

from dataclasses import replace

import pytest

from pcqa_sim.verification.cases import CASES, Case, check
from pcqa_sim.verification.chains import balances
from pcqa_sim.verification.systems import SYSTEMS, TwoRegimes, TwoRegimesByPhone

PART = 0.3


@pytest.mark.slow
@pytest.mark.parametrize("case", SYSTEMS, ids=lambda case: case.name)
def test_system(case: Case) -> None:
    findings = check(case, PART, errors=4.0)
    assert [found.quantity for found in findings] == list(case.expected)
    for found in findings:
        assert found.holds, found


def test_names_are_not_those_of_other_cases() -> None:
    names = [case.name for case in (*CASES, *SYSTEMS)]
    assert len(set(names)) == len(names)
    assert all(case.replications >= 20 for case in SYSTEMS)


@pytest.mark.slow
def test_a_wrong_backlog_is_told_apart() -> None:
    case = next(case for case in SYSTEMS if case.name.startswith("two lists, each"))
    pooled = next(case for case in SYSTEMS if case.name.startswith("two lists, anybody"))
    assert not any(found.holds for found in check(replace(case, expected=pooled.expected), PART))


@pytest.mark.parametrize("demand", [0.4, 0.7, 1.3])
def test_the_diarys_past_decides_in_the_middle_and_nowhere_else(demand: float) -> None:
    """From empty and from a backlog: both good below, both bad above, each its own in between, as the fluid says."""
    regimes = TwoRegimes(demand=demand)
    stable = [one.level for one in balances(regimes.net, 0.0, 400.0) if one.stable]
    good_from_empty, good_from_backlog = demand < 0.98, demand < 0.5
    assert stable == [0.0] * (good_from_empty or good_from_backlog) + [400.0] * (not good_from_backlog)
    for at_start, good in ((0, good_from_empty), (60, good_from_backlog)):
        expected, seen = regimes.expected(at_start), regimes.run(at_start, 1)
        backlog = float(seen.states["backlog"].iloc[-1])
        assert (backlog < 40) == (expected < 40) == good, (at_start, backlog, expected)
        missed = seen.requests[seen.requests["start"] > 1440]["status"].value_counts(normalize=True)
        assert (missed.get("missed", 0.0) / (1 - missed.get("open", 0.0)) < 0.2) == good


def test_the_phones_past_decides_too() -> None:
    regimes = TwoRegimesByPhone(window=400.0)
    assert [one.stable for one in balances(regimes.net, 0.0, 100.0)] == [True, False, True]
    empty, full = (regimes.shown(at_start, 1, 1.0).values for at_start in (0, 100))
    assert empty == {"staff busy": pytest.approx(2 / 3, abs=0.12), "engaged a minute": 0.0}
    assert full == {"staff busy": pytest.approx(1.0), "engaged a minute": pytest.approx(0.25, abs=0.1)}
