"""The moves of the telephone by half hour and band: each goes the right way, and the rule of Mondays stays."""

from __future__ import annotations

import copy
from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest
from shortruns import composed

from pcqa_sim.calibration import MOVES, read_targets
from pcqa_sim.calibration.adjustments import at, moved
from pcqa_sim.calibration.fitting import practice_of, put, tree_of
from pcqa_sim.configuration import config_folder
from pcqa_sim.scenario.fields import sums_to_one
from pcqa_sim.study.statistics.intervals import ConfidenceInterval

TARGETS = read_targets(config_folder(), "mornings")
WHOLE = {
    "monday": None, "first_days": {"more": 1, "until": "10:00"}, "whole_blocks": True, "weekend": {"00:00": 0.0},
    "tuesday_friday": {"00:00": 0.0, **{f"{hour:02d}:00": 2.0 for hour in range(8, 18)}, "18:30": 0.0},
}  # fmt: skip


class AsPublished(defaultdict[tuple[str, str], ConfidenceInterval]):
    """Everything seen exactly as published."""

    def __missing__(self, key: tuple[str, str]) -> ConfidenceInterval:
        metric, group = key
        if metric != "call_half_hour_share":
            value = TARGETS.published(metric, group)
        else:
            days, _, step = group.partition("=")[2].partition(":")
            value = TARGETS.profiles[f"half_hours_{'monday' if days == 'mon' else 'tuesday_friday'}"][step]
        return ConfidenceInterval(value, value, value, 5)


@pytest.fixture
def tree() -> dict[str, Any]:
    here = tree_of(composed("demand=england").practices["practice"])
    here["rota"]["phone"] |= copy.deepcopy(WHOLE)
    return here


def new(tree: dict[str, Any], seen: AsPublished) -> dict[str, float]:
    return {key: value for key, value, _ in moved(copy.deepcopy(tree), MOVES["mornings"], TARGETS, seen)}


def ending(seen: AsPublished, band: str, word: str, more: float) -> None:
    key = "call_endings_by_band_share", f"ending=tue-fri:{band}:{word}"
    value = seen[key].mean + more
    seen[key] = ConfidenceInterval(value, value, value, 5)


def test_where_everything_is_as_published_nothing_moves(tree: dict[str, Any]) -> None:
    for key, value in new(tree, AsPublished()).items():
        assert value == pytest.approx(at(tree, key), rel=0.01), key


def test_a_band_with_too_many_missed_gets_an_hour_more(tree: dict[str, Any]) -> None:
    seen = AsPublished()
    ending(seen, "1000_1159", "missed", 0.05)
    values = new(tree, seen)
    assert values["rota.phone.tuesday_friday.10:00"] == 3
    assert values["rota.phone.tuesday_friday.11:00"] == values["rota.phone.tuesday_friday.08:00"] == 2


def test_a_band_where_hardly_anybody_waits_has_an_hour_less_but_never_nobody(tree: dict[str, Any]) -> None:
    seen = AsPublished()
    ending(seen, "1400_1559", "callback_requested", -0.05)
    first = new(tree, seen)
    assert first["rota.phone.tuesday_friday.15:00"] == 1
    assert first["rota.phone.tuesday_friday.14:00"] == 2
    tree["rota"]["phone"]["tuesday_friday"] |= {"14:00": 1.0, "15:00": 1.0}
    assert new(tree, seen)["rota.phone.tuesday_friday.14:00"] == 1


def test_what_comes_of_it_is_a_rota_of_whole_people(tree: dict[str, Any]) -> None:
    seen = AsPublished()
    for band in ("0800_0959", "1200_1359", "1600_1759"):
        ending(seen, band, "missed", 0.1)
    for key, value in new(tree, seen).items():
        put(tree, key, value)
    phone = practice_of(tree).rota.phone
    assert phone.of_weekday(1)[480] == 3
    assert phone.of_weekday(0)[480] == 4  # by the rule


def test_monday_moves_nobody(tree: dict[str, Any]) -> None:
    seen = AsPublished()
    for word in ("missed", "callback_requested"):
        key = "call_endings_by_band_share", f"ending=mon:1000_1159:{word}"
        seen[key] = ConfidenceInterval(0.5, 0.5, 0.5, 5)
    assert new(tree, seen) == new(tree, AsPublished())


def test_a_rota_that_is_not_of_whole_people_is_left_alone() -> None:
    plain = tree_of(composed("rota.phone.whole_blocks=false").practices["practice"])
    seen = AsPublished()
    ending(seen, "1000_1159", "missed", 0.2)
    assert not [key for key in new(plain, seen) if key.startswith("rota")]


def test_a_half_hour_with_too_many_calls_is_asked_in_less(tree: dict[str, Any]) -> None:
    seen = AsPublished()
    seen["call_half_hour_share", "from=tue-fri:0930"] = ConfidenceInterval(9, 9, 9, 5)
    values = new(tree, seen)
    key = "demand.asking_profile.tuesday_friday."
    assert values[key + "09:30"] < at(tree, key + "09:30")
    assert values[key + "10:00"] > at(tree, key + "10:00")
    sums_to_one(value for name, value in values.items() if name.startswith(key))


def test_more_in_the_menu_than_published_and_fewer_hang_up_there(tree: dict[str, Any]) -> None:
    seen = AsPublished()
    for band in ("0800_0959", "1000_1159", "1200_1359", "1400_1559", "1600_1759"):
        ending(seen, band, "menu_ended", 0.02)
    values = new(tree, seen)
    assert values["phones.menu.balking_share"] == pytest.approx(at(tree, "phones.menu.balking_share") - 0.02)
    assert values["phones.callback.accepted_share"] == pytest.approx(at(tree, "phones.callback.accepted_share"))


@pytest.mark.parametrize("name", ["mornings", "mornings_gentle", "mornings_steep"])
@pytest.mark.parametrize(("day", "bands"), [("tuesday_friday", (24.61, 22.40)), ("monday", (28.66, 21.82))])
def test_every_shape_meets_the_published_bands_and_is_smooth(name: str, day: str, bands: tuple[float, float]) -> None:
    """No rise above a tenth from one half hour to the next, and none below 85 % of the mean of 10:00-12:00."""
    calls = list(read_targets(config_folder(), name).profiles[f"half_hours_{day}"].values())[2:10]
    assert (sum(calls[:4]), sum(calls[4:])) == pytest.approx(bands, abs=0.011)
    assert min(calls) >= 0.85 * sum(calls[4:]) / 4
    assert all(after <= 1.1 * before for before, after in pairwise(calls[1:]))
