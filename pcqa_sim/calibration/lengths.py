"""Lengths of calls and consultations, which are what the files say, over the kinds of need that they are of."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pcqa_sim.calibration.adjustments import Tree, at
from pcqa_sim.calibration.statistics import MINUTES, TALK, TALK_SPREAD, Direct, Named, direct
from pcqa_sim.values.needs import HOME_VISIT

KINDS_SEEN = 0.05
"""How well the kinds of need that a role sees are known, in minutes of its consultations; assumption: a twentieth."""
KINDS_CALLING = 0.015
"""The same of calls, whose kinds differ by a tenth in length; assumption: repeats are not quite as first ones."""


def straight(tree: Tree, by: Named) -> Iterator[Direct]:
    """Yield settings that are themselves what is counted: minutes of talk, and of consultations by role and mode."""
    if TALK in by and TALK_SPREAD in by:
        one = by[TALK]
        sd = math.hypot(one.sd, KINDS_CALLING)
        yield from direct("phones.talk.median_min", one.value / _talk_factor(tree), sd, one.source)
        yield from direct("phones.talk.sigma", by[TALK_SPREAD].value, by[TALK_SPREAD].sd, one.source)
    for name, one in by.items():
        role, _, mode = name.removeprefix(MINUTES).partition(":")
        if name.startswith(MINUTES) and (factor := _minutes_factor(tree, role, mode)):
            pace = float(at(tree, f"role.{role}.differences.pace_cv") or 0.0) / math.sqrt(one.of)
            sd = math.hypot(one.sd, pace, KINDS_SEEN)
            yield from direct(f"role.{role}.consultation_min.{mode}", one.value / factor, sd, one.source)


def _talk_factor(tree: Tree) -> float:
    """Return what calls take against their setting, by the kinds of need that are first asked about by phone."""
    phone = {which: at(tree, f"channels.first.{which}.phone") for which in ("administrative", "clinical")}
    logs, weights = 0.0, 0.0
    for kind in tree["demand"]["kinds"].values():
        weight = kind["share"] * phone["administrative" if kind["administrative"] else "clinical"]
        logs, weights = logs + weight * math.log(kind["talk_factor"]), weights + weight
    return math.exp(logs / weights)


def _minutes_factor(tree: Tree, role: str, mode: str) -> float:
    """Return what a role's consultations take against its setting, by the kinds of need it sees.

    0 where that is not known: no such minutes, or planned care, which has lengths of its own.
    """
    if mode not in tree["role"].get(role, {}).get("consultation_min", {}):
        return 0.0
    planned = tree["planned"]["programmes"].values()
    if any(one["role"] == role and one[HOME_VISIT] is (mode == HOME_VISIT) for one in planned):
        return 0.0
    seen = {kind: tree["triage"]["places"][kind].get(role, 0.0) for kind in tree["demand"]["kinds"]}
    kinds = tree["demand"]["kinds"]
    weights = {kind: share * kinds[kind]["share"] for kind, share in seen.items()}
    total = sum(weights.values())
    return sum(weight * kinds[kind]["minutes_factor"] for kind, weight in weights.items()) / total if total else 0.0
