"""What a change is for is declared before anything is run, and can be measured."""

from __future__ import annotations

from pathlib import Path

import pytest
from network_of_three import BASE as THREE
from shortruns import OF_NETWORKS, composed

from pcqa_sim.interventions import INTERVENTIONS
from pcqa_sim.interventions.aims import AIMS_OF_SETTINGS, MOST, aims, changed_keys
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.themes import REST, SAFETY, WORDS, entry_of
from pcqa_sim.results.run import Run
from pcqa_sim.study.methods.pair import split

SHIPPED = sorted(path.stem for path in (Path(__file__).parents[2] / "configs" / "intervention").glob("*.yaml"))
BASE = ("practice=small",)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_intervention_says_what_it_is_for(name: str, small_run: Run) -> None:
    """What practices share is for something where there are several of them: one alone stays as it is."""
    own = BASE if name not in ("fcp_direct",) else (*BASE, "experiment=named_roles")
    own = THREE if name in OF_NETWORKS else own
    found = aims(composed(*own), composed(*own, f"intervention=[{name}]"), INTERVENTIONS)
    assert 0 < len(found) <= MOST or name in ("switch_triage", "adjust")  # which by themselves change nothing
    known = small_run.all_metrics
    for metric, group in map(split, found):
        assert metric in METRICS
        assert group in set(known.loc[known["metric"] == metric, "group"]) or metric not in set(known["metric"])


def test_declared_aims_win_over_those_of_the_settings() -> None:
    both = composed(*BASE), composed(*BASE, "intervention=[protect_continuity]")
    assert aims(*both, INTERVENTIONS)[0] == "usual_gp_share"
    assert aims(both[1], both[1], INTERVENTIONS) == ()


@pytest.mark.parametrize(
    ("override", "first"),
    [
        ("triage=total_digital", "told_another_day_per_working_day"),
        ("phones.lines=2", "engaged_share"),
        ("phones.menu.minutes=1", "missed_share"),
        ("rota.extra_call_handlers=1", "missed_share"),
        ("demand.follow_up_level=2", "told_another_day_per_working_day"),
        ("outcome.continuity.interval_rise=0.3", None),
    ],
)
def test_settings_changed_by_hand_are_for_what_they_usually_are(override: str, first: str | None) -> None:
    found = aims(composed(*BASE), composed(*BASE, override), INTERVENTIONS)
    assert (found[0] if found else None) == first


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("shared_reception", ("missed_share", "queue_wait_min", "answered_within_2_min_share")),
        ("shared_back_office", ("paper_wait_days", "back_office_share[role=gp]")),
        ("shared_pharmacists", ("told_another_day_per_working_day", "lead_time_days")),
        ("same_day_elsewhere", ("urgent_told_another_day_share", "told_another_day_per_working_day")),
        ("evenings_and_saturdays", ("told_another_day_per_working_day", "lead_time_days", "hub_used_share")),
        ("economies_of_scale", ("unit_cost_gbp", "hub_used_share", "missed_share")),
        ("working_at_scale", ("told_another_day_per_working_day", "lead_time_days", "usual_gp_share")),
    ],
)
def test_what_practices_share_is_for_what_it_is_that_they_share(name: str, own: tuple[str, ...]) -> None:
    assert aims(composed(*THREE), composed(*THREE, f"intervention=[{name}]"), INTERVENTIONS)[: len(own)] == own
    assert aims(composed(*BASE), composed(*BASE, f"intervention=[{name}]"), INTERVENTIONS) == ()


def test_only_what_differs_counts_as_changed() -> None:
    assert changed_keys(composed(*BASE), composed(*BASE)) == []
    assert changed_keys(composed(*BASE), composed(*BASE, "phones.lines=2")) == ["phones.lines"]


def test_whatever_a_change_may_be_for_has_words_that_fit_a_line() -> None:
    declared = {aim for cls in INTERVENTIONS.values() for aim in cls.aims}
    for aim in declared | {aim for found in AIMS_OF_SETTINGS.values() for aim in found}:
        metric, group = split(aim)
        assert metric in METRICS
        assert 0 < len(entry_of(metric, group).words) <= 40, aim
    assert set(WORDS) <= set(METRICS)


def test_every_theme_is_of_metrics_there_are() -> None:
    for theme in (SAFETY, *REST):
        assert {entry.metric for entry in theme.entries} <= set(METRICS)
    assert all(METRICS[entry.metric].better == "less" for entry in SAFETY.entries)  # harms: fewer are better
