"""How clinicians of one role differ: luck of the clinician alone."""

from __future__ import annotations

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim.clinic.clinicians import Clinician, draw_clinician, how_cases_look, line_drawn
from pcqa_sim.scenario import with_settings
from pcqa_sim.scenario.groups import Judgement, Role
from pcqa_sim.values.luck import world_key

WORLD = world_key(1, 0, "practice")
MANY = 3000


@pytest.fixture(scope="module")
def role() -> Role:
    return composed().practices["practice"].role["gp"]


def differing(role: Role, **differences: float) -> Role:
    return with_settings(role, {f"differences.{name}": value for name, value in differences.items()})


def test_clinicians_differ_by_as_much_as_their_role_says(role: Role) -> None:
    apart = differing(role, pace_cv=0.12, skill_sd=0.03, follow_up_cv=0.3)
    all_of_them = [draw_clinician(WORLD, f"gp.{number}", apart) for number in range(MANY)]
    for name, spread in (("pace", 0.12), ("skill", 0.03), ("follow_up", 0.3)):
        values = np.array([getattr(one, name) for one in all_of_them])
        assert values.mean() == pytest.approx(1.0, abs=4 * spread / np.sqrt(MANY))
        assert values.std() == pytest.approx(spread, rel=0.12)
    together = np.corrcoef([[one.pace, one.skill, one.follow_up] for one in all_of_them], rowvar=False)
    assert np.abs(together - np.eye(3)).max() < 4 / np.sqrt(MANY)


def test_a_clinician_is_the_same_in_every_scenario_of_a_world(role: Role) -> None:
    assert draw_clinician(WORLD, "gp.3", role) == draw_clinician(WORLD, "gp.3", role)
    assert draw_clinician(WORLD, "gp.3", role) != draw_clinician(WORLD, "gp.4", role)
    assert draw_clinician(WORLD, "gp.3", role) != draw_clinician(world_key(2, 0, "practice"), "gp.3", role)
    slower = draw_clinician(WORLD, "gp.3", differing(role, pace_cv=0.5))
    assert (slower.skill, slower.follow_up) == (
        draw_clinician(WORLD, "gp.3", role).skill,
        draw_clinician(WORLD, "gp.3", role).follow_up,
    )


def test_without_differences_all_are_the_mean_clinician(role: Role) -> None:
    alike = differing(role, pace_cv=0.0, skill_sd=0.0, follow_up_cv=0.0, referral_cv=0.0)
    assert draw_clinician(WORLD, "gp.1", alike) == Clinician(1.0, 1.0, 1.0)


def test_no_clinician_is_hopeless_or_a_magician(role: Role) -> None:
    wild = differing(role, skill_sd=0.5)
    skills = [draw_clinician(WORLD, f"gp.{number}", wild).skill for number in range(500)]
    assert (min(skills), max(skills)) == (0.5, 1.5)


def test_lines_lie_evenly_between_the_two_and_cases_differ_by_luck_of_their_own() -> None:
    judgement = Judgement(line_from=0.8, line_to=1.2, case_sd=0.15)
    lines = np.array([line_drawn(WORLD, f"gp.{number}", judgement) for number in range(MANY)])
    assert 0.8 <= lines.min() < lines.max() <= 1.2
    assert lines.mean() == pytest.approx(1.0, abs=4 * 0.4 / np.sqrt(12 * MANY))
    assert np.histogram(lines, 4, (0.8, 1.2))[0] == pytest.approx(MANY / 4, abs=4 * np.sqrt(MANY * 3 / 16))
    keys = np.full(MANY, WORLD, dtype=np.uint64)
    needs, contacts = np.arange(MANY), np.zeros(MANY, dtype=np.int64)
    cases = how_cases_look(np.full(MANY, 0.9), keys, needs, contacts, 0.15)
    assert cases.mean() == pytest.approx(0.9, abs=4 * 0.15 / np.sqrt(MANY))
    assert cases.std() == pytest.approx(0.15, rel=0.06)
    assert (how_cases_look(np.full(MANY, 0.9), keys, needs, contacts + 1, 0.15) != cases).all()
