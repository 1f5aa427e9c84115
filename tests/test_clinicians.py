"""How clinicians of one role differ: luck of the clinician alone."""

from __future__ import annotations

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim.clinicians import Clinician, draw_clinician
from pcqa_sim.luck import world_key
from pcqa_sim.scenario.groups import Role

WORLD = world_key(1, 0, "practice")
MANY = 3000


@pytest.fixture(scope="module")
def role() -> Role:
    return composed().practices["practice"].role["gp"]


def differing(role: Role, **differences: float) -> Role:
    return role.model_copy(update={"differences": role.differences.model_copy(update=differences)})


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
    alike = differing(role, pace_cv=0.0, skill_sd=0.0, follow_up_cv=0.0)
    assert draw_clinician(WORLD, "gp.1", alike) == Clinician(1.0, 1.0, 1.0)


def test_no_clinician_is_hopeless_or_a_magician(role: Role) -> None:
    wild = differing(role, skill_sd=0.5)
    skills = [draw_clinician(WORLD, f"gp.{number}", wild).skill for number in range(500)]
    assert (min(skills), max(skills)) == (0.5, 1.5)
