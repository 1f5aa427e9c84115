"""What files show directly: a practice made up is exported, read, and its settings come back within their intervals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from inputs.exporting import exports
from shortruns import composed

from pcqa_sim.calibration.adjustments import at
from pcqa_sim.calibration.asked_for import level, online, weekdays
from pcqa_sim.calibration.booked import missed, visited
from pcqa_sim.calibration.direct import directly
from pcqa_sim.calibration.fitting import tree_of
from pcqa_sim.calibration.lengths import straight
from pcqa_sim.calibration.matching import scenario_with
from pcqa_sim.calibration.statistics import (
    ANSWERED,
    FORMS,
    LEAD,
    MINUTES,
    TALK,
    TALK_SPREAD,
    VISITS,
    WEEKDAY,
    Direct,
    Model,
    Statistic,
)
from pcqa_sim.inputs.known_layouts import KNOWN
from pcqa_sim.inputs.own_statistics import statistics_of
from pcqa_sim.inputs.reading_columns import read_columns
from pcqa_sim.results.run import simulate
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.replicate import replicate
from pcqa_sim.study.statistics.intervals import ConfidenceInterval
from pcqa_sim.values.faults import BadInput

SETTLE = 2


def base_of(list_size: int, weeks: int) -> Scenario:
    run = (f"run.warm_up_weeks={SETTLE}", f"run.measured_weeks={weeks}", "calendar.start_date=2026-05-25")
    return composed("practice=small", f"practice.list_size={list_size}", "calendar.bank_holidays=none", *run)


def truth_of(base: Scenario, luck: np.random.Generator) -> dict[str, float]:
    """Settings of a practice made up: how much is asked for and how, how long things take, who stays away."""
    tree = tree_of(next(iter(base.practices.values())))
    first = tree["channels"]["first"]["clinical"]
    online = float(luck.uniform(0.15, 0.4))
    times = {
        "practice.demand_level": (0.75, 1.4),
        "phones.talk.median_min": (0.7, 1.5),
        "phones.talk.sigma": (0.8, 1.2),
        "role.gp.consultation_min.face_to_face": (0.8, 1.2),
        "role.gp.consultation_min.telephone": (0.8, 1.2),
        "appointments.not_attending.lead.days_2_7": (0.6, 1.6),
        "appointments.not_attending.lead.days_8_14": (0.6, 1.6),
    }
    found = {key: at(tree, key) * float(luck.uniform(*ends)) for key, ends in times.items()}
    found |= {"channels.first.clinical.online": online, "channels.first.clinical.phone": 0.0}
    found["channels.first.clinical.phone"] = first["online"] + first["phone"] - online
    monday, tuesday = (tree["demand"]["weekday_share"][day] for day in ("monday", "tuesday"))
    moved = float(luck.uniform(-0.03, 0.03))
    return found | {"demand.weekday_share.monday": monday + moved, "demand.weekday_share.tuesday": tuesday - moved}


def recovered(folder: Path, seed: int, list_size: int, weeks: int, replications: int) -> list[tuple[Direct, float]]:
    """Make up a practice, export its weeks, read them; return what they show with the truth."""
    folder.mkdir()
    base = base_of(list_size, weeks)
    true = scenario_with(base, truth_of(base, np.random.default_rng(seed)))
    files = exports(simulate(true, 1000 + seed, 0), 7 * SETTLE, folder)
    read = [one for path in files for one in read_columns(path, KNOWN)]
    found = directly(base, statistics_of(read), lambda here, many: replicate(here, many, seed=7), replications)
    tree = tree_of(next(iter(true.practices.values())))
    return [(one, at(tree, one.key)) for one in found.found if one.shown]


@pytest.mark.slow
def test_what_a_small_practice_shows_is_right(tmp_path: Path) -> None:
    found = recovered(tmp_path / "a", 1, 1000, 5, 1)
    keys = {one.key for one, _ in found}
    assert {"practice.demand_level", "phones.talk.median_min", "phones.talk.sigma"} <= keys
    inside = sum(one.low <= true <= one.high for one, true in found)
    assert inside >= len(found) - 1


@pytest.mark.soak
def test_twenty_practices_are_read_from_their_files(tmp_path: Path) -> None:
    found = [pair for seed in range(20) for pair in recovered(tmp_path / str(seed), seed, 2000, 8, 2)]
    inside = [one.low <= true <= one.high for one, true in found]
    by_key: dict[str, list[bool]] = {}
    for (one, _), good in zip(found, inside, strict=True):
        sort = one.key if "asking_profile" not in one.key else one.key.rpartition(".")[0]
        by_key.setdefault(sort, []).append(good)
    print("\n".join(f"{key}: {sum(good)} of {len(good)}" for key, good in sorted(by_key.items())))
    print(f"{sum(inside)} of {len(inside)} settings read directly are within their intervals")
    assert sum(inside) >= 0.9 * len(inside) > 200


def seen(**values: float) -> dict[tuple[str, str], ConfidenceInterval]:
    names = {"forms": ("contacts_per_1000_working_day", "channel=online"), "dna": ("dna_share", "lead=2_7_days")}
    return {names.get(key, (key, "")): ConfidenceInterval(value, value, value, 2) for key, value in values.items()}


def one(name: str, value: float, sd: float = 0.05, of: int = 1) -> Statistic:
    return Statistic(name, value, sd, 1000, "calls.csv", of)


def test_each_rule_moves_its_setting_by_counted_over_simulated() -> None:
    tree = tree_of(next(iter(base_of(1000, 5).practices.values())))
    model = Model(
        seen(calls_per_working_day=100, answered_share=0.8, forms=20, dna=0.05, online_clinical_share=0.7), 10**6, 0.0
    )
    model.seen[("contacts_per_1000_working_day", "channel=online")]  # 20 a 1,000: 20,000 of a million
    by = {ANSWERED: one(ANSWERED, 160.0), LEAD: one(LEAD, 1.0), f"{LEAD}2_7_days": one(f"{LEAD}2_7_days", 0.1)}
    (found,) = level(tree, {ANSWERED: by[ANSWERED]}, model)
    assert found.value == pytest.approx(2 * at(tree, "practice.demand_level"), rel=1e-3)
    assert found.high / found.value == pytest.approx(np.exp(1.96 * 0.05), rel=1e-2)
    (lead,) = missed(tree, {f"{LEAD}2_7_days": by[f"{LEAD}2_7_days"]}, model)
    key = "appointments.not_attending.lead.days_2_7"
    assert (lead.key, lead.value) == (key, pytest.approx(2 * at(tree, key), rel=1e-3))
    (most,) = missed(tree, {f"{LEAD}2_7_days": one(f"{LEAD}2_7_days", 0.9)}, model)
    assert 0.2 < most.value < 0.3  # times what mode, age and deprivation may make of it, no share is above 1
    before = at(tree, "channels.first.clinical")
    form, phone, *_ = online(tree, by | {FORMS: one(FORMS, 80_000.0)}, model)  # twice as many forms a call as simulated
    odds = form.value / phone.value / (before["online"] / before["phone"])
    assert odds == pytest.approx(2.0, rel=1e-3)
    assert form.value + phone.value == pytest.approx(before["online"] + before["phone"], abs=1e-5)


def test_home_visits_move_every_kind_that_has_any_by_one_factor() -> None:
    tree = tree_of(next(iter(base_of(1000, 5).practices.values())))
    model = Model({("mode_share", "mode=home_visit"): ConfidenceInterval(0.01, 0.01, 0.01, 2)}, 10_000, 0.0)
    found = list(visited(tree, {VISITS: one(VISITS, 0.012)}, model))
    kinds = tree["demand"]["kinds"].items()
    shares = {f"demand.kinds.{name}.home_visit_share": kind["home_visit_share"] for name, kind in kinds}
    assert {direct.key for direct in found} == {key for key, share in shares.items() if share > 0}
    assert all(direct.value == pytest.approx(1.2 * shares[direct.key], rel=1e-3) for direct in found)
    assert all(direct.value <= 1 for direct in visited(tree, {VISITS: one(VISITS, 0.2)}, model))
    assert list(visited(tree, {VISITS: one(VISITS, 0.012, sd=0.3)}, model)) == []


def test_lengths_are_what_the_files_say() -> None:
    tree = tree_of(next(iter(base_of(1000, 5).practices.values())))
    by = {
        TALK: one(TALK, 2.0), TALK_SPREAD: one(TALK_SPREAD, 0.7), f"{MINUTES}gp:telephone": one("", 6.0, 0.02, 4),
        f"{MINUTES}hca:face_to_face": one("", 9.0), f"{MINUTES}gp:by_letter": one("", 9.0),
    }  # fmt: skip
    found = {direct.key: direct for direct in straight(tree, by)}
    assert set(found) == {"phones.talk.median_min", "phones.talk.sigma", "role.gp.consultation_min.telephone"}
    assert found["phones.talk.median_min"].value == pytest.approx(2.0, rel=0.05)
    assert found["phones.talk.sigma"].value == 0.7


def test_what_is_too_unsure_stays_as_it_was() -> None:
    tree = tree_of(next(iter(base_of(1000, 5).practices.values())))
    model = Model(seen(calls_per_working_day=100, answered_share=0.8), 1000, 1.0)
    assert list(level(tree, {ANSWERED: one(ANSWERED, 90.0, sd=0.3)}, model)) == []
    assert list(weekdays(tree, {f"{WEEKDAY}monday": one("", 0.2)}, model)) == []
    with pytest.raises(BadInput, match="--from: show none of the settings"):
        directly(base_of(1000, 5), [], lambda here, many: replicate(here, many), 1)
