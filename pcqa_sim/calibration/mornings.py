"""Moves of the telephone through the day: when people ask, half hour by half hour, and who is there to answer.

Tuesday to Friday are fitted. A Monday's rota and that of the first day after a closure follow a rule of their own,
which no fit touches, so that how Monday's calls end is a prediction.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pcqa_sim.calibration import adjustments
from pcqa_sim.calibration.adjustments import LEAST, MOST, Move, NewValues, Tree, at, minute_of, share_of
from pcqa_sim.calibration.targets import Seen, Targets
from pcqa_sim.results.metrics.mornings import STEP_EDGES, STEPS
from pcqa_sim.values import eventlog as log

CALLBACK, LOST = log.CALLBACK_REQUESTED, log.MISSED
_ROTA_BANDS = {"0800_0959": 8, "1000_1159": 10, "1200_1359": 12, "1400_1559": 14, "1600_1759": 16}
_ROTA_TOLERANCE = 0.03  # share of a band's calls; about half of what an hour of one person changes


def _half_hours(name: str, group: str) -> Callable[[Tree, Targets, Seen], NewValues]:
    """Return a step that moves when in the day people ask, half hour by half hour."""

    def step(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
        profile: dict[str, float] = tree["demand"]["asking_profile"][name]
        published = targets.profiles[f"half_hours_{name}"]
        simulated = {one: seen["call_half_hour_share", f"from={group}:{one}"].mean for one in STEPS}
        moved = {}
        for time, share in profile.items():
            one = STEPS[int(np.searchsorted(STEP_EDGES, minute_of(time), side="right")) - 1]
            ratio = share_of(published, one) / max(share_of(simulated, one), 1e-6)
            moved[time] = max(share, 1e-4) * float(np.clip(ratio, LEAST, MOST))
        return {f"demand.asking_profile.{name}.{time}": v / sum(moved.values()) for time, v in moved.items()}

    return step


def _rota(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
    """Move the shape of the phone's rota of whole people, Tuesday to Friday, by an hour of one person a band.

    Too many who are not answered at once in a band (they hang up or ask to be called back), and somebody comes for an
    hour of it; too few, and somebody goes. Mondays and first days follow their own rule.
    """
    if not tree["rota"]["phone"]["whole_blocks"]:
        return {}
    roster: dict[str, float] = dict(tree["rota"]["phone"]["tuesday_friday"])
    for band, hour in _ROTA_BANDS.items():
        too_many = sum(_excess(targets, seen, f"ending=tue-fri:{band}:{ending}") for ending in (CALLBACK, LOST))
        hours = [time for time in (f"{hour:02d}:00", f"{hour + 1:02d}:00") if time in roster]
        if too_many > _ROTA_TOLERANCE:
            roster[min(hours, key=roster.__getitem__)] += 1
        elif too_many < -_ROTA_TOLERANCE and max(roster[time] for time in hours) > 1:
            roster[max(reversed(hours), key=roster.__getitem__)] -= 1
    return {f"rota.phone.tuesday_friday.{time}": people for time, people in roster.items() if people}


def _menu(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
    """Move the share who hang up in the menu by the mean of Tuesday to Friday's bands."""
    excess = [_excess(targets, seen, f"ending=tue-fri:{band}:{log.MENU_ENDED}") for band in _ROTA_BANDS]
    return {"phones.menu.balking_share": max(0.0, at(tree, "phones.menu.balking_share") - float(np.mean(excess)))}


def _callbacks(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
    """Move the share who take up the offer of a callback by the mean of Tuesday to Friday's bands."""
    groups = [f"ending=tue-fri:{band}:{CALLBACK}" for band in _ROTA_BANDS]
    wanted = sum(targets.published("call_endings_by_band_share", group) for group in groups)
    got = sum(seen["call_endings_by_band_share", group].mean for group in groups)
    times = float(np.clip(wanted / max(got, 1e-6), LEAST, MOST))
    return {"phones.callback.accepted_share": min(1.0, at(tree, "phones.callback.accepted_share") * times)}


def _excess(targets: Targets, seen: Seen, group: str) -> float:
    return seen["call_endings_by_band_share", group].mean - targets.published("call_endings_by_band_share", group)


_HALF_HOURS = (
    Move("call_share_monday_0800_0959", _half_hours("monday", "mon")),
    Move("call_share_tue_fri_0800_0959", _half_hours("tuesday_friday", "tue-fri")),
)
MOVES: dict[str, tuple[Move, ...]] = {
    **adjustments.MOVES,
    "mornings": (
        *_HALF_HOURS,
        Move("cbt_england_outcomes_by_day_band_2026-08", _rota),
        Move("calls_ended_in_ivr_share", _menu),
        Move("calls_callback_requested_share", _callbacks),
    ),
    "mornings_gentle": _HALF_HOURS,
    "mornings_steep": _HALF_HOURS,
}
