from __future__ import annotations

import numpy as np
import pytest
from shortruns import run_of

from pcqa_sim.metrics import METRICS, Ratio
from pcqa_sim.metrics.base import metric
from pcqa_sim.run import Run


def value(run: Run, name: str, group: str = "", period: str = "all") -> float:
    frame = run.metrics(period)
    return float(frame[(frame["metric"] == name) & (frame["group"] == group)]["value"].iloc[0])


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of("run.measured_weeks=4")


def test_every_metric_has_words_a_unit_and_a_direction() -> None:
    for one in METRICS.values():
        assert one.words
        assert one.unit
        assert one.better in ("less", "more", "neither")


def test_a_metric_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="registered already"):

        @metric("again", "share")
        def missed_share(_: object) -> Ratio:
            return Ratio(np.zeros(1), np.zeros(1))


def measured(run: Run, column: str = "opened") -> "pd.DataFrame":  # noqa: F821, UP037
    start = run.scenario.run.warm_up_weeks * 10080
    calls = run.contacts.query("channel == 'phone'")
    return calls[calls[column] >= start]


def test_call_metrics_equal_plain_counting(run: Run) -> None:
    calls = measured(run)
    working = [d for d in range(28, 56) if run.scenario.calendar.working().hours_of(d)]
    assert not any(run.scenario.calendar.working().is_bank_holiday(d) for d in range(28, 56))
    on_working_days = calls[(calls["opened"] // 1440).isin(working)]
    assert value(run, "calls_per_working_day") == pytest.approx(len(on_working_days) / len(working))
    assert value(run, "calls_per_1000_working_day") == pytest.approx(len(on_working_days) / len(working) / 10)
    for name, ending in (("answered_share", "answered"), ("menu_share", "menu_ended"), ("missed_share", "missed")):
        assert value(run, name) == pytest.approx((calls["ending"] == ending).mean())
    answered = calls[calls["ending"] == "answered"]
    assert value(run, "answered_within_2_min_share") == pytest.approx((answered["waited"] <= 2).mean())
    assert value(run, "answered_wait_min") == pytest.approx(answered["waited"].mean(), rel=1e-5)
    early = (on_working_days["opened"] % 1440).between(480, 510, inclusive="left")
    assert value(run, "share_0800_0830") == pytest.approx(early.mean())


def test_the_four_endings_make_up_all_calls(run: Run) -> None:
    four = ("answered_share", "menu_share", "callback_share", "missed_share")
    assert sum(value(run, name) for name in four) == pytest.approx(1)


def test_failure_demand_is_counted_from_causes(run: Run) -> None:
    contacts = run.contacts
    contacts = contacts[contacts["opened"] >= run.scenario.run.warm_up_weeks * 10080]
    asked = contacts[contacts["why"] != "informed"]
    assert value(run, "failure_share") == pytest.approx(asked["failure"].mean())
    frame = run.metrics()
    by_cause = frame[(frame["metric"] == "failure_contacts_per_working_day") & (frame["group"] != "")]
    assert by_cause["value"].sum() == pytest.approx(value(run, "failure_contacts_per_working_day"))


def test_weeks_and_days_add_up_to_the_whole(run: Run) -> None:
    weeks = [value(run, "told_another_day_per_working_day", period=f"w{w:02d}") for w in range(4, 8)]
    days = run.metrics(None)
    daily = days[(days["metric"] == "told_another_day_per_working_day") & days["period"].str.startswith("d")]
    working = daily[daily["value"].notna()]
    assert value(run, "told_another_day_per_working_day") == pytest.approx(working["value"].mean())
    assert np.mean(weeks) == pytest.approx(value(run, "told_another_day_per_working_day"), rel=0.1)


def test_shares_lie_between_zero_and_one(run: Run) -> None:
    frame = run.metrics(None)
    shares = frame[
        frame["unit"].str.startswith("share") & ~frame["metric"].isin(["failure_share", "gp_consulting_share"])
    ]
    assert shares["value"].between(0, 1 + 1e-9).all()


def test_appointments_are_counted_as_the_published_series_counts_them(run: Run) -> None:
    held = run.appointments
    held = held[held["status"] != "open"]
    held = held[held["start"] >= run.scenario.run.warm_up_weeks * 10080]
    assert value(run, "dna_share") == pytest.approx((held["status"] == "dna").mean())
    assert value(run, "same_day_share") == pytest.approx((held["lead_days"] == 0).mean())


def test_the_default_practice_shows_the_published_day(run: Run) -> None:
    """The targets of the fit, and what it leaves to be predicted, within wide bounds for one short run."""
    assert value(run, "calls_per_1000_working_day") == pytest.approx(27.4, abs=2.0)
    assert value(run, "menu_share") == pytest.approx(0.253, abs=0.02)
    assert value(run, "answered_share") == pytest.approx(0.577, abs=0.04)
    assert value(run, "missed_share") == pytest.approx(0.104, abs=0.04)
    assert value(run, "share_0800_1000") == pytest.approx(0.255, abs=0.03)
    assert 0.10 < value(run, "failure_share") < 0.35


def test_how_many_ring_is_counted_in_weeks_without_a_bank_holiday() -> None:
    run = run_of("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=3", "calendar.start_date=2026-03-30")
    calls = run.contacts.query("channel == 'phone' and ending != 'engaged'")
    third_week = calls[calls["opened"] >= 2 * 10080]
    working = third_week[(third_week["opened"] // 1440) % 7 < 5]
    assert value(run, "calls_per_working_day") == pytest.approx(len(working) / 5)
