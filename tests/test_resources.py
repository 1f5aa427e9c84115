"""What needs take: parts add up to the whole, and each figure is what the tables say."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from shortruns import run_of

from pcqa_sim.clinic.staff import is_locum
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import SENT_ON, SIGNPOSTED


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=6")


def values(run: Run, name: str) -> dict[str, float]:
    frame = run.metrics()
    mine = frame[frame["metric"] == name]
    return dict(zip(mine["group"], mine["value"], strict=True))


@pytest.mark.parametrize(("name", "word"), [("clinician_min_per_need", "role="), ("consultations_per_need", "mode=")])
def test_parts_add_up(run: Run, name: str, word: str) -> None:
    found = values(run, name)
    parts = [value for group, value in found.items() if group.startswith(word) and group != "mode=video_online"]
    assert len(parts) >= 4
    assert sum(parts) == pytest.approx(found[""])


def test_minutes_and_days_are_those_of_the_tables(run: Run) -> None:
    needs = run.needs[(run.needs["origin"] != "practice") & run.needs["asked"].notna()]
    seen = run.appointments[(run.appointments["status"] == "attended") & run.appointments["need"].isin(needs.index)]
    asked = (needs["asked"] >= 0).sum()
    assert values(run, "clinician_min_per_need")[""] == pytest.approx(seen["minutes"].sum() / asked)
    ends = (seen["start"] + seen["late_min"] + seen["minutes"]).groupby(seen["need"]).min()
    days = (ends - needs["asked"].reindex(ends.index)).mean() / 1440
    assert values(run, "days_to_clinician")[""] == pytest.approx(days, rel=0.02)  # a clinician may begin early
    over = needs[needs["closed"].notna()]
    assert values(run, "gave_up_share")[""] == pytest.approx((over["ending"] == "gave_up").mean())


def test_costs_are_of_everybodys_time_and_of_care_elsewhere(run: Run) -> None:
    practice = run.scenario.practices["practice"]
    staff = run.staff_minutes[run.staff_minutes["activity"].isin((log.ROSTERED, log.OVERTIME))]
    paid = {"practice": 0.0, "network": 0.0}
    fees = practice.costs.locum_session_gbp
    columns = (staff[name] for name in ("role", "clinician", "activity", "minutes"))
    for role, clinician, activity, minutes in zip(*columns, strict=True):
        by_fee = is_locum(clinician) and role in fees
        by_time = minutes * practice.role[role].cost_per_hour_gbp / 60
        fee = fees[role] if by_fee and activity == log.ROSTERED else 0.0
        paid[practice.role[role].paid_by] += fee if by_fee else by_time
    met = run.needs["met"].sum()
    cost = {group: value * met for group, value in values(run, "cost_per_need_met").items()}
    assert cost["payer=network"] == pytest.approx(paid["network"])
    hours = (cost["payer=practice"] - paid["practice"]) / practice.rota.cost_per_hour_gbp / 30  # of reception, a day
    assert 2 * 10 < hours < 4 * 10.5  # phone, desk and inbox of a small practice, 08:00 to 18:30
    went = run.events[run.events["event"] == "next_action"]["code"].value_counts()
    called = run.events[run.events["event"] == log.CARE_HOME_CALLED]["code"].value_counts()  # by staff of a home
    sent = run.events[run.events["event"] == log.DECIDED]["code"].value_counts()
    prices = practice.costs.elsewhere_gbp
    people = {place: went.get(place, 0) + called.get(place, 0) + sent.get(SENT_ON + place, 0) for place in prices}
    assert any(called.get(place, 0) for place in prices)
    for place in [place for place in prices if place not in practice.community]:
        people[place] += sent.get(SIGNPOSTED + place, 0)
    elsewhere = sum(prices[place] * people[place] for place in prices)
    sessions = run.events[run.events["event"] == log.PLACE_SESSION]["who"].value_counts()
    of_nhs = {name: place.gbp_per_session for name, place in practice.community.items() if place.run_by == "nhs"}
    elsewhere += sum(of_nhs[place] * sessions.get(place, 0) for place in of_nhs)
    assert cost["payer=nhs_elsewhere"] == pytest.approx(elsewhere)
    assert cost[""] == pytest.approx(sum(pounds for group, pounds in cost.items() if group))
    asked = ((run.needs["origin"] != "practice") & run.needs["asked"].notna()).sum()
    assert values(run, "cost_per_need_asked")[""] == pytest.approx(cost[""] / asked)


def test_the_experiment_writes_table_page_and_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(__file__).resolve().parents[1] / "experiments" / "which_access_model.py"
    spec = importlib.util.spec_from_file_location("which_access_model", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    out = tmp_path / "found"
    asked = ["x", "--reps", "2", "--weeks", "1", "--out", str(out), "practice=small", "run.warm_up_weeks=0"]
    monkeypatch.setattr(sys, "argv", asked)
    module.main()
    page = (out / "reading.md").read_text()
    assert page.count("Failure demand comes most often because the person") == 7
    assert "may not be contract-compliant" in page
    assert {"table.csv", "first_half_hour_by_week.csv", "first_half_hour_by_week.png"} <= {
        p.name for p in out.iterdir()
    }
