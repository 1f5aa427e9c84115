"""What `show` tells: each setting's value, unit and source, and what differs from the default scenario."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pcqa_sim.configuration import Setting, Shown, assumed, show, show_text
from pcqa_sim.configuration.showing import LEFT_OUT, NO_SOURCE

Write = Callable[[dict[str, str | bytes]], Path]


def _one(shown: Shown, key: str, place: str = "") -> Setting:
    (found,) = [setting for setting in shown.settings if (setting.place, setting.key) == (place, key)]
    return found


def _default(key: str) -> Any:
    return _one(show(), key).value


def test_the_default_scenario_differs_in_nothing_and_every_number_has_a_source() -> None:
    shown = show()
    assert shown.differing == ()
    assert [setting.key for setting in shown.settings if setting.source == NO_SOURCE] == []
    assert _one(shown, "demand.kinds.social.home_visit_share").source == LEFT_OUT
    size = _one(shown, "practice.list_size")
    assert (size.value, size.baseline, size.unit, size.source) == (10_000, 10_000, "people", "practice_list_size_mean")
    assert _one(shown, "role.gp.sessions").source == "bma_session_patient_facing_hours"
    assert _one(shown, "role.gp.fte_per_10000").source == "gp_qualified_fte_per_10000"


def test_an_override_keeps_the_unit_and_is_the_source() -> None:
    shown = show("phones.lines=8", "phones.menu={minutes:1}")
    assert [setting.key for setting in shown.differing] == ["phones.lines", "phones.menu.minutes"]
    lines = _one(shown, "phones.lines")
    assert (lines.value, lines.baseline, lines.unit) == (8, _default("phones.lines"), "lines")
    assert lines.source == _one(shown, "phones.menu.minutes").source == "override on the command line"


def test_a_rota_in_words_has_the_source_of_what_it_says(user_folder: Write) -> None:
    """And a Monday of its own needs no word about the rule that shipped rotas have for Mondays."""
    text = 'defaults: [standard@_here_, _self_]\nphone:\n  monday: "2, 3 from 8 to 10"  # people; own rota of May\n'
    shown = show("rota=ours", user_folder=user_folder({"rota/ours.yaml": text}))
    at_ten = _one(shown, "rota.phone.monday.10:00")
    assert (at_ten.value, at_ten.unit, at_ten.source) == (2, "people", "own rota of May")
    assert _one(shown, "rota.phone.first_days").value is None
    override = show("rota.phone.monday='2 from 8 to 18'")
    assert _one(override, "rota.phone.monday.08:00").source == "override on the command line"


def test_a_chosen_option_and_an_experiment_bring_their_own_sources() -> None:
    shown = show("practice=small", "experiment=perfect_service")
    assert _one(shown, "practice.list_size").source == "assumption: small, to keep trials quick"
    assert _one(shown, "phones.lines").source == "assumption: more than could ever be used"
    assert _one(shown, "run.replications").source == "assumption: the fewest that give an interval"
    untouched = _one(shown, "phones.patience.mean_min").source
    assert untouched == _one(show(), "phones.patience.mean_min").source != NO_SOURCE


def test_an_own_file_brings_its_sources_and_keeps_those_of_what_it_extends(user_folder: Write) -> None:
    text = "defaults: [average@_here_, _self_]\nlist_size: 5000  # people; own list of May\nstart_belief: 0.3\n"
    shown = show("practice=mine", user_folder=user_folder({"practice/mine.yaml": text}))
    assert _one(shown, "practice.list_size").source == "own list of May"
    assert _one(shown, "practice.start_belief").source == NO_SOURCE
    assert _one(shown, "practice.demand_level").source == "assumption: the national mean, by definition"


@pytest.mark.slow
def test_a_role_of_ones_own_brings_its_sources_and_keeps_those_of_what_it_extends(user_folder: Write) -> None:
    text = "# @package role.senior\ndefaults: [gp@_here_, _self_]\nfte_per_10000: 1.0  # FTE; own rota\n"
    chosen = f"role=[{','.join(show().scenario.practices['practice'].role)},senior]"
    shown = show(chosen, "role.gp.overtime.most_min=3", user_folder=user_folder({"role/senior.yaml": text}))
    assert _one(shown, "role.senior.fte_per_10000").source == "own rota"
    assert _one(shown, "role.senior.overtime.most_min").source == _one(show(), "role.gp.overtime.most_min").source
    assert _one(shown, "role.gp.overtime.most_min").source == "override on the command line"
    assert [s.key for s in shown.settings if s.source == NO_SOURCE] == []


def test_what_an_intervention_changed_names_the_intervention() -> None:
    shown = show("intervention=[more_phone_lines,more_call_handlers]", "intervention.more_phone_lines.from_week=3")
    lines = _one(shown, "phones.lines", "from week 3: ")
    assert lines.value == _default("phones.lines") + 2
    assert (lines.unit, lines.source) == ("lines", f"intervention {shown.interventions[0]}")
    assert _one(shown, "phones.lines").differs is False
    assert _one(shown, "rota.extra_call_handlers").source == f"intervention {shown.interventions[1]}"
    assert _one(shown, "intervention.more_phone_lines.extra").source == "assumption: a first trial"
    assert shown.interventions == shown.scenario.interventions


@pytest.mark.slow
def test_members_and_later_weeks_are_told_by_place() -> None:
    shown = show(
        "network.members={north:['practice=small','phones.lines=4'],south:[]}",
        "phases=[{from_week:2,overrides:['phones.lines=5'],only:[north]}]",
    )
    assert _one(shown, "phones.lines", "north: ").source == "override, north"
    assert _one(shown, "phones.lines", "south: ").value == _default("phones.lines")
    later = _one(shown, "phones.lines", "north: from week 2: ")
    assert (later.value, later.source) == (5, "override, from week 2")
    assert [setting.key for setting in shown.settings if setting.place == later.place] == ["phones.lines"]


def test_assumed_settings_are_those_whose_source_says_so() -> None:
    shown = show("phones.lines=8")
    found = {setting.key for setting in assumed(shown)}
    assert "phones.menu.minutes" in found
    assert not {"phones.lines", "practice.list_size"} & found


def test_the_text_puts_differences_first_in_aligned_columns() -> None:
    text = show_text(show("phones.lines=8", "phones.talk.sigma=0.5", "intervention=[more_call_handlers]"))
    lines = text.splitlines()
    assert lines[0] == "Differs from the default scenario"
    assert lines.index("As in the default scenario") > lines.index("Interventions, in the order applied")
    assert not [line for line in lines if line != line.rstrip()]
    rows = [line for line in lines if line.endswith("override on the command line")]
    assert [row.split()[:3] for row in rows] == [
        ["phones.lines", "8", "(default"],
        ["phones.talk.sigma", "0.5", "(default"],
    ]
    assert len({row.index("override") for row in rows}) == 1
    assert show_text(show()).startswith("Nothing differs from the default scenario")


@pytest.mark.slow
def test_a_comment_cannot_move_the_cursor(user_folder: Write) -> None:
    text = "defaults: [average@_here_, _self_]\nlist_size: 5000  # people; \u202eown\n"
    assert "\u202e" not in show_text(show("practice=mine", user_folder=user_folder({"practice/mine.yaml": text})))


def test_a_single_persons_rate_is_shown() -> None:
    assert "people.rate_factor.5" in show_text(show("people.rate_factor={5:2}"))
