"""How clinicians of one role differ: pace, skill, how readily they ask people to come again, and what they call theirs.

All is luck of the clinician (role and ordinal), the same in every scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.scenario.groups import Judgement, Role
from pcqa_sim.values.distributions import LogNormal
from pcqa_sim.values.luck import Keys, activity, join, join_array, uniforms

_PACE: Final = activity("clinician_pace")
_SKILL: Final = activity("clinician_skill")
_FOLLOWS_UP: Final = activity("clinician_follows_up")
_REFERS: Final = activity("clinician_refers")
_JUDGES: Final = activity("clinician_judges")
_CASE: Final = activity("case_looks_to_a_clinician")
_LEAST, _MOST = 0.5, 1.5


@dataclass(frozen=True, slots=True)
class Clinician:
    """One clinician: minutes against the role's mean, share resolved against it, and follow-ups against it (times).

    `refers` is how readily they refer and order tests, against it.
    """

    pace: float
    skill: float
    follow_up: float
    refers: float = 1.0


def draw_clinician(world: int, key: str, role: Role) -> Clinician:
    """Return a clinician of a world by key, "gp.3"."""
    from scipy import special  # slow, and settings are read without

    luck = np.array([join(world, "clinician", key)], dtype=np.uint64)
    pace, skill, follow_up = (float(uniforms(luck, act)[0]) for act in (_PACE, _SKILL, _FOLLOWS_UP))
    differences = role.differences
    resolved = 1.0 + differences.skill_sd * float(special.ndtri(skill))
    return Clinician(
        pace=LogNormal.from_mean(1.0, differences.pace_cv).quantile(pace),
        skill=min(max(resolved, _LEAST), _MOST),
        follow_up=LogNormal.from_mean(1.0, differences.follow_up_cv).quantile(follow_up),
        refers=_refers(luck, differences.referral_cv) if differences.referral_cv else 1.0,
    )


def _refers(luck: Keys, cv: float) -> float:
    return LogNormal.from_mean(1.0, cv).quantile(float(uniforms(luck, _REFERS)[0]))


def line_drawn(world: int, key: str, judgement: Judgement) -> float:
    """Return a clinician's line: how well others must do, as a share of their own, for a case not to need them."""
    u = float(uniforms(np.array([join(world, "clinician", key)], dtype=np.uint64), _JUDGES)[0])
    return judgement.line_from + u * (judgement.line_to - judgement.line_from)


def how_cases_look(
    others_do: NDArray[np.float64], person: Keys, need: NDArray[np.int64], contact: NDArray[np.int64], sd: float
) -> NDArray[np.float64]:
    """Return how well others seem to do in each case, as a share: `others_do` for its kind, and the case's own luck.

    `person` has the luck of the person of each case. All arrays have one length.
    """
    from scipy import special

    u = uniforms(join_array(join_array(person, need), contact), _CASE)
    return others_do + sd * special.ndtri(u)
