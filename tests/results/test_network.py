"""A network's measures are of all its practices together: counts add up, shares are of all counts, days do not add."""

from __future__ import annotations

import numpy as np
import pytest
from shortruns import composed, run_of

from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.counted import Ratio
from pcqa_sim.results.metrics.network import adds_up, together
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import NETWORK
from pcqa_sim.values.faults import BadInput

NORTH = "['practice=small','practice.list_size=800']"
SOUTH = "['practice=small','practice.list_size=500','triage=total_digital']"
MEMBERS = f"network.members={{north:{NORTH},south:{SOUTH}}}"
SHORT = (MEMBERS, "run.warm_up_weeks=0", "run.measured_weeks=2")


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of(*SHORT)


def test_a_ratio_of_two_practices_is_of_both_counts_and_days_are_not_counted_twice() -> None:
    names = ("failure_share", "calls_per_working_day")
    counts = (np.array([4.0, 6.0]), np.array([1.0, 3.0]))
    both = together([{(name, ""): (METRICS[name], Ratio(one, np.ones(2))) for name in names} for one in counts])
    share, by_day = (both[name, ""][1].over(slice(None)) for name in names)
    assert (share, by_day) == (14 / 4, 14 / 2)


def test_a_group_that_one_practice_lacks_is_that_of_the_other() -> None:
    lonely = {("role_share", "role=gp"): (METRICS["role_share"], Ratio(np.array([3.0]), np.array([4.0])))}
    assert together([lonely, {}])["role_share", "role=gp"][1].over(slice(None)) == 0.75


@pytest.mark.parametrize(
    ("unit", "adds"),
    [
        ("people per working day", True),
        ("pounds per working day", True),
        ("hours per week of five working days", True),
        ("calls per day", True),
        ("calls per working day of an ordinary week", True),
        ("calls per 1,000 patients per working day of an ordinary week", False),
        ("needs per 1,000 people per week", False),
        ("share of a working day's calls", False),
        ("consultations per clinician and full day", False),
        ("minutes per session", False),
        ("days", False),
    ],
)
def test_what_is_counted_by_days_adds_up(unit: str, adds: bool) -> None:
    assert adds_up(unit) is adds


def test_every_measure_of_a_network_lies_between_its_practices_or_is_their_sum(run: Run) -> None:
    of = {key: mine.set_index(["metric", "group"])["value"] for key, mine in run.metrics().groupby("practice")}
    assert set(of) == {"north", "south", NETWORK}
    assert set(of[NETWORK].index) == set(of["north"].index) | set(of["south"].index)
    for cell, value in of[NETWORK].items():
        each = [of[key][cell] for key in ("north", "south") if cell in of[key].index]
        if adds_up(METRICS[cell[0]].unit):
            assert value == pytest.approx(sum(each)), cell
        else:
            assert min(each) - 1e-9 <= value <= max(each) + 1e-9, cell


def test_a_share_of_the_network_is_of_all_its_contacts(run: Run) -> None:
    contacts = run.contacts[run.contacts["why"] != "informed"]
    asked = contacts[contacts["channel"].isin(["phone", "online", "desk", "app"])]
    both = run.metrics().query("practice == @NETWORK and metric == 'failure_share' and group == ''")["value"].item()
    each = [run.value("failure_share", practice=key) for key in ("north", "south")]
    sizes = [len(asked[asked["practice"] == key]) for key in ("north", "south")]
    assert both == pytest.approx(np.average(each, weights=sizes), abs=1e-3)
    assert both != pytest.approx(np.mean(each), abs=1e-4)


def test_one_practice_alone_is_no_network() -> None:
    alone = run_of("practice=small", "practice.list_size=500", *SHORT[1:])
    assert NETWORK not in set(alone.metrics()["practice"])
    assert alone.scenario.answered_for == ("practice",)


def test_weeks_and_days_are_measured_for_the_network_too(run: Run) -> None:
    every = run.metrics(None)
    weeks = every.query("practice == @NETWORK and metric == 'needs_per_working_day' and group == ''")
    assert {"all", "w00", "w01", "d000"} <= set(weeks["period"])


def test_no_practice_is_called_as_all_together_are() -> None:
    with pytest.raises(BadInput) as refused:
        composed("network.members={network:['practice=small'],south:['practice=small']}")
    assert "network is what all practices are called together" in str(refused.value)
