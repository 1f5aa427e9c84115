"""How clinicians of one role differ: pace, skill, and how readily they ask people to come again.

All is luck of the clinician (role and ordinal), the same in every scenario.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from pcqa_sim.distributions import LogNormal
from pcqa_sim.luck import activity, join, uniforms
from pcqa_sim.scenario.groups import Role

_PACE = activity("clinician_pace")
_SKILL = activity("clinician_skill")
_FOLLOWS_UP = activity("clinician_follows_up")
_LEAST, _MOST = 0.5, 1.5


@dataclass(frozen=True, slots=True)
class Clinician:
    """One clinician: minutes against the role's mean, share resolved against it, and follow-ups against it (times)."""

    pace: float
    skill: float
    follow_up: float


def draw_clinician(world: int, key: str, role: Role) -> Clinician:
    """Return a clinician of a world by key, "gp.3"."""
    luck = np.array([join(world, "clinician", key)], dtype=np.uint64)
    pace, skill, follow_up = (float(uniforms(luck, act)[0]) for act in (_PACE, _SKILL, _FOLLOWS_UP))
    differences = role.differences
    resolved = 1.0 + differences.skill_sd * float(special.ndtri(skill))
    return Clinician(
        pace=LogNormal.from_mean(1.0, differences.pace_cv).quantile(pace),
        skill=min(max(resolved, _LEAST), _MOST),
        follow_up=LogNormal.from_mean(1.0, differences.follow_up_cv).quantile(follow_up),
    )
