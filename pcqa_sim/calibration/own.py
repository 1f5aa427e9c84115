"""A practice's own counts as targets, and the few settings that are fitted to them with the practice's own staff."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pcqa_sim.calibration.adjustments import LEAST, MOST, Move, NewValues, Tree, at
from pcqa_sim.calibration.targets import Seen, Target, Targets
from pcqa_sim.scenario import Practice
from pcqa_sim.study.statistics.intervals import ConfidenceInterval
from pcqa_sim.values.faults import BadInput, Fault

OWN = "own"
"""The name under which a practice's own counts are targets."""
NEAR_SHARE, NEAR_POINTS = 0.10, 3.0
"""Of the count, or in percentage points: what counts as alike; assumption: months of one practice differ as much."""
FULL = 0.05
"""Share of requests told to call another day; assumption: above it, more appointments asked for are not had."""
_DEMAND = "practice.demand_level"
_PLANNED = "planned.level"


@dataclass(frozen=True)
class Measure:
    """One count: the metric it is laid beside, what it is called, and by how much the metric is multiplied for it."""

    words: str
    metric: str
    group: str = ""
    times: float = 1.0
    per_1000: bool = False

    def factor(self, practice: Practice) -> float:
        """Return what the metric is multiplied with to be counted as the practice counts."""
        return self.times * (practice.list_size / 1000 if self.per_1000 else 1.0)

    @property
    def percent(self) -> bool:
        """Tell whether it is counted in per cent."""
        return self.times == 100


MEASURES = {
    "calls_a_day": Measure("calls a day", "calls_per_working_day"),
    "calls_missed_percent": Measure("calls missed", "missed_share", times=100),
    "answered_wait_min": Measure("minutes that answered calls wait", "answered_wait_min"),
    "monday_calls_times": Measure("Monday's calls, times other days'", "monday_calls_ratio"),
    "online_requests_a_day": Measure(
        "online forms a day", "contacts_per_1000_working_day", "channel=online", per_1000=True
    ),
    "appointments_a_day": Measure("appointments a day", "appointments_per_1000_working_day", per_1000=True),
    "gp_appointments_percent": Measure("appointments with a GP", "role_share", "role=gp", times=100),
    "face_to_face_percent": Measure("appointments face to face", "mode_share", "mode=face_to_face", times=100),
    "same_day_percent": Measure("appointments on the day", "same_day_share", times=100),
    "over_two_weeks_percent": Measure("appointments over two weeks ahead", "over_two_weeks_share", times=100),
    "dna_percent": Measure("appointments not attended", "dna_share", times=100),
    "told_another_day_a_day": Measure("people a day told to call another day", "told_another_day_per_working_day"),
    "usual_gp_percent": Measure("GP appointments with the usual GP", "usual_gp_share", times=100),
    "top_tenth_percent": Measure(
        "GP consultations of those who attend most", "top_tenth_consultation_share", times=100
    ),
    "gp_overtime_min_a_day": Measure("GPs' overtime, minutes a day", "overtime_min_per_working_day", "role=gp"),
}


def counted(practice: Practice) -> dict[str, float]:
    """Return a practice's own counts; raise BadInput where it has none."""
    found = practice.counts.model_dump(exclude_none=True) if practice.counts is not None else {}
    if not found:
        rule = "has none; write five or more of an ordinary month there, as the form of `pcqa practice new` shows"
        raise BadInput(Fault("practice.counts", rule))
    return found


def simulated(seen: Seen, key: str, practice: Practice) -> ConfidenceInterval | None:
    """Return what the runs say of a count, in the unit in which it is counted."""
    measure = MEASURES[key]
    value = seen.get((measure.metric, measure.group))
    if value is None:
        return None
    by = measure.factor(practice)
    return ConfidenceInterval(value.mean * by, value.low * by, value.high * by, value.replications)


def near(key: str, own: float) -> float:
    """Return how far a simulated value may be from a count and still be alike."""
    return max(NEAR_SHARE * own, NEAR_POINTS if MEASURES[key].percent else 0.0)


def targets_of(practice: Practice) -> Targets:
    """Return a practice's own counts as targets; raise BadInput where it has none."""
    moved = {metric for metric, _ in _STEPS.values()}
    found = []
    for key, own in counted(practice).items():
        measure = MEASURES[key]
        by, away = measure.factor(practice), near(key, own)
        bounds = {"from": (own - away) / by, "to": (own + away) / by}
        how = "fitted" if measure.metric in moved else "predicted"
        row = {
            "words": measure.words,
            "metric": measure.metric,
            "group": measure.group,
            "published": own / by,
            "how": how,
        }
        found.append(Target.model_validate(row | bounds))
    return Targets(targets=tuple(found))


def target_row(key: str, value: float) -> dict[str, object] | None:
    """Return a target of England or an area from a count, None for one that depends on how large a practice is."""
    measure = MEASURES[key]
    if not measure.percent and key != "monday_calls_times":
        return None
    by, away = measure.times, near(key, value)
    return {
        "words": measure.words,
        "metric": measure.metric,
        "group": measure.group,
        "published": round(value / by, 6),
        "from": round(max(value - away, 0.0) / by, 6),
        "to": round(min(value + away, 100.0 if measure.percent else math.inf) / by, 6),
        "how": "predicted",
    }


Step = Callable[[Tree, Targets, Seen], NewValues]


def _towards(key: str, metric: str, power: float) -> Step:
    def step(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
        ratio = targets.published(metric) / max(seen[metric, ""].mean, 1e-9)
        if key == _PLANNED and seen["told_another_day_share", ""].mean > FULL:
            ratio = min(ratio, 1.0)  # slots are what is lacking: more planned care would bring refusals
        return {key: at(tree, key) * min(max(ratio, LEAST), MOST) ** power}

    return step


_STEPS: Mapping[str, tuple[str, float]] = {
    _DEMAND: ("calls_per_working_day", 0.7),
    _PLANNED: ("appointments_per_1000_working_day", 1.0),
}
"""The settings that are fitted: each to one count, by a power of counted / simulated (a fifth of calls are repeats)."""


def own_moves(targets: Targets) -> tuple[Move, ...]:
    """Return what is fitted to such targets: how much is asked for, and how much planned care there is.

    Staff and hours stay as they are said. Without calls, appointments say how much is asked for.
    """
    found = [
        Move(f"own {metric}", _towards(key, metric, power))
        for key, (metric, power) in _STEPS.items()
        if targets.has(metric)
    ]
    metric = _STEPS[_PLANNED][0]
    if targets.has(metric) and not targets.has(_STEPS[_DEMAND][0]):
        return (Move(f"own {metric}", _towards(_DEMAND, metric, 1.0)),)
    return tuple(found)


def not_told_apart(counts: Mapping[str, float]) -> list[str]:
    """Return what counts cannot tell apart, in sentences."""
    found = []
    if "calls_a_day" in counts and not {"appointments_a_day", "told_another_day_a_day"} & set(counts):
        found.append("Calls alone cannot tell more needs from more calls for each need: count appointments, too.")
    if "calls_missed_percent" in counts and "answered_wait_min" not in counts:
        found.append(
            "Missed calls alone cannot tell fewer people on the phone from less patience: count the wait, too."
        )
    if "appointments_a_day" in counts and "told_another_day_a_day" not in counts:
        found.append(
            "Appointments alone cannot tell more planned care from more requests met: count who is told to call "
            "another day, too."
        )
    if "calls_a_day" in counts and "online_requests_a_day" not in counts:
        found.append("Calls alone cannot tell fewer needs from more people who use the form: count forms, too.")
    return found
