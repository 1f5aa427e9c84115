"""The fit moves settings the right way, keeps shares whole, and finds its way on a model of one line."""

from __future__ import annotations

import copy
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from shortruns import composed

from pcqa_sim.calibration import MOVES, fit, read_targets
from pcqa_sim.calibration.adjustments import _missed_by_mode, at, moved
from pcqa_sim.calibration.fitting import practice_of, put, tree_of
from pcqa_sim.configuration import config_folder
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.statistics.intervals import ConfidenceInterval
from pcqa_sim.values.needs import FACE_TO_FACE

TARGETS = read_targets(config_folder(), "england")


class AsPublished(defaultdict[tuple[str, str], ConfidenceInterval]):
    """Everything seen exactly as published; profiles too."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: tuple[str, str]) -> ConfidenceInterval:
        metric, group = key
        value = TARGETS.published(*key) if TARGETS.has(*key) else self._profile(metric, group)
        return ConfidenceInterval(value, value, value, 5)

    def _profile(self, metric: str, group: str) -> float:
        name = group.partition("=")[2]
        if metric == "calls_by_weekday":
            days = {day[:3]: share for day, share in TARGETS.profiles["calls_by_weekday"].items()}
            return days[name]
        if metric == "dna_share":
            return TARGETS.profiles["dna_lead" if group.startswith("lead") else "dna_mode"][name] / 100
        return {"usual_gp_share": 0.2, "belief": 0.15}[metric]


def changes(seen: AsPublished) -> dict[str, tuple[float, float]]:
    tree = tree_of(composed().practices["practice"])
    return {
        key: (at(tree, key), value) for key, value, _ in moved(copy.deepcopy(tree), MOVES["england"], TARGETS, seen)
    }


def test_where_everything_is_as_published_nothing_moves() -> None:
    own = ("outcome.continuity.reference_share", "practice.start_belief")
    for key, (old, new) in changes(AsPublished()).items():
        if key not in own:
            assert new == pytest.approx(old, rel=2e-3, abs=2e-4), key


WHO = read_targets(config_folder(), "who_is_seen")


@pytest.mark.parametrize(
    ("metric", "group", "times", "key", "rises"),
    [
        ("not_seen_by_gp_in_a_year_share", "men=18_34", 1.2, "people.ages.age_18_34.male_factor", True),
        ("not_seen_by_gp_in_a_year_share", "sex=women", 0.8, "people.ages.age_50_64.female_factor", False),
        ("not_seen_by_gp_in_a_year_share", "women=75_84", 0.8, "people.ages.age_85_up.female_factor", False),
        ("top_tenth_consultation_share", "", 0.9, "people.state.needs_factor", True),
        ("still_frequent_share", "gp:after=52_weeks", 1.1, "people.state.unsettled_mean_weeks", False),
    ],
)
def test_people_move_towards_who_is_seen(metric: str, group: str, times: float, key: str, rises: bool) -> None:
    def seen(factor: float) -> dict[tuple[str, str], ConfidenceInterval]:
        values = {(one.metric, one.group): one.published for one in WHO.targets}
        values[metric, group] *= factor
        return {one: ConfidenceInterval(value, value, value, 2) for one, value in values.items()}

    tree = tree_of(composed().practices["practice"])
    usual, other = (
        {key: value for key, value, _ in moved(copy.deepcopy(tree), MOVES["who_is_seen"], WHO, seen(factor))}
        for factor in (1.0, times)
    )
    assert usual[key] == pytest.approx(at(tree, key), rel=1e-3)
    assert (other[key] > usual[key]) == rises
    assert other[key] != usual[key]
    assert not any("age_0_4" in one or "age_5_17" in one for one in usual)


@pytest.mark.parametrize(
    ("metric", "group", "times", "key", "rises"),
    [
        ("calls_per_1000_working_day", "", 1.1, "demand.needs_per_1000_week", False),
        ("appointments_per_1000_working_day", "", 0.95, "planned.level", True),
        ("contacts_per_1000_working_day", "channel=online", 0.9, "channels.first.clinical.online", True),
        ("over_two_weeks_share", "role=gp", 0.8, "demand.follow_up_level", True),
        ("over_two_weeks_share", "role=other_staff", 1.2, "planned.days_level", False),
        ("dna_share", "lead=same_day", 0.8, "appointments.not_attending.lead.same_day", True),
        ("dna_share", "mode=telephone", 1.2, "appointments.not_attending.mode_factor.telephone", False),
    ],
)
def test_each_setting_moves_towards_its_target(metric: str, group: str, times: float, key: str, rises: bool) -> None:
    seen = AsPublished()
    value = seen[metric, group].mean * times
    seen[metric, group] = ConfidenceInterval(value, value, value, 5)
    old, new = changes(seen)[key]
    assert (new > old) == rises
    assert new != old


def test_rows_and_profiles_stay_whole() -> None:
    seen = AsPublished()
    seen["told_another_day_share", ""] = ConfidenceInterval(0.2, 0.2, 0.2, 5)
    tree = tree_of(composed().practices["practice"])
    for key, value, _ in moved(copy.deepcopy(tree), MOVES["england"], TARGETS, seen):
        put(tree, key, value)
    rows = practice_of(tree).triage.places.values()  # refused where shares do not sum to 1
    assert all(sum(row.values()) == pytest.approx(1) for row in rows)


@pytest.mark.parametrize(
    ("metric", "value", "place", "rises"),
    [
        ("contact_failed_no_next_step", 0.12, "no_next_step", False),
        ("contact_failed_no_next_step", 0.05, "no_next_step", True),
        ("next_step_appointment", 0.8, "self_care", True),
        ("next_step_appointment", 0.6, "pharmacy", False),
    ],
)
def test_rows_without_a_remainder_move_what_reception_does_and_roles_keep_their_parts(
    metric: str, value: float, place: str, rises: bool
) -> None:
    seen = AsPublished()
    seen["told_another_day_share", ""] = ConfidenceInterval(0.2, 0.2, 0.2, 5)  # of capacity, and of no share
    tree = tree_of(composed().practices["practice"])
    key = "triage.places.acute_minor"
    before = dict(at(tree, key))
    for moved_key, new, _ in moved(copy.deepcopy(tree), MOVES["england"], TARGETS, seen):
        put(tree, moved_key, new)
    assert at(tree, key) == pytest.approx(before, abs=2e-4)
    seen[metric, "need=any"] = ConfidenceInterval(value, value, value, 5)
    for moved_key, new, _ in moved(copy.deepcopy(tree), MOVES["england"], TARGETS, seen):
        put(tree, moved_key, new)
    after = at(tree, key)
    assert (after[place] > before[place]) == rises
    assert after[place] != before[place]
    assert after["paperwork"] == before["paperwork"]
    assert after["gp"] / after["other"] == pytest.approx(before["gp"] / before["other"], rel=2e-3)
    rows = practice_of(tree).triage.places.values()
    assert all(sum(row.values()) == pytest.approx(1) for row in rows)


def test_a_tree_is_the_practice_again() -> None:
    practice = composed("practice=small").practices["practice"]
    assert practice_of(tree_of(practice)) == practice


def test_a_key_that_is_not_there_is_not_set() -> None:
    with pytest.raises(KeyError):
        put({"a": {"b": 1}}, "a.c", 2)


def test_the_flood_s_fit_finds_the_gps_on_a_model_of_one_line() -> None:
    """With a share of early calls that falls by half of each GP more, the fit comes to the GPs that give the target."""
    targets = read_targets(config_folder(), "flood_8am")

    def study(scenario: Scenario, replications: int) -> Any:
        gps = scenario.practices["practice"].fte_level["gp"]
        values = {"share_0800_1000": 0.25 + 0.5 * (1 - gps), "belief": 0.3}
        rows = [(m, "", "all", v, v, v, replications) for m, v in values.items()]
        columns = ["metric", "group", "period", "mean", "low", "high", "replications"]
        return SimpleNamespace(summary=pd.DataFrame(rows, columns=columns))

    *_, last = fit(composed("practice=flood_8am"), "flood_8am", targets, 30, 2, study)
    assert last.seen["share_0800_1000", ""].mean == pytest.approx(targets.targets[0].published, abs=0.005)
    assert last.fitted["practice.start_belief"] == (0.3, "its own long-run mean")


def test_a_mode_that_nobody_was_booked_in_keeps_its_factor() -> None:
    seen = {("dna_share", f"mode={FACE_TO_FACE}"): ConfidenceInterval(0.05, 0.05, 0.05, 5)}
    tree = tree_of(composed().practices["practice"])
    assert list(_missed_by_mode(tree, TARGETS, seen)) == [f"appointments.not_attending.mode_factor.{FACE_TO_FACE}"]
