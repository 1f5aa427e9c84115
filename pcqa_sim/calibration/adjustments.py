"""Moves: how each fitted setting goes towards its published figure, one step a round.

A move is a plain function from the practice's settings (a nested dictionary as users write them), the targets and what
was seen, to new values by dotted key. Most multiply by published / simulated, tempered where the response is steeper or
flatter than proportional. Nothing here runs a model.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pcqa_sim.calibration.targets import Seen, Targets
from pcqa_sim.scenario.checks import roles_in
from pcqa_sim.values.needs import APP, DESK, FACE_TO_FACE, NO_NEXT_STEP, ONLINE, PAPERWORK, PHONE, RECEPTION
from pcqa_sim.values.words import GP

Tree = dict[str, Any]
NewValues = dict[str, float]
_WEEKDAYS = {"monday": "mon", "tuesday": "tue", "wednesday": "wed", "thursday": "thu", "friday": "fri"}
LEAST, MOST = 0.6, 1.6  # times; what one step may do
_APPOINTMENTS_MOVED = 6.0  # times; in clinical rows about a tenth of next steps is told, advised or sent elsewhere
_CHILDREN, _FROM_75, _OLDEST = ("age_0_4", "age_5_17"), ("age_75", "age_85"), "75_84"
_MOST_LIKELY = 15.0  # times; beyond it next to nobody who uses forms is left to ask otherwise at those hours


@dataclass(frozen=True)
class Move:
    """A fitted group of settings: the row of the evidence it goes towards, and the step."""

    towards: str
    step: Callable[[Tree, Targets, Seen], NewValues]


def at(tree: Tree, key: str) -> Any:
    """Return what stands at a dotted key."""
    here: Any = tree
    for part in key.split("."):
        here = here[part]
    return here


def _ratio(targets: Targets, seen: Seen, metric: str, group: str = "") -> float:
    """Return published / simulated, kept within what one step may do."""
    simulated = seen[metric, group].mean
    return float(np.clip(targets.published(metric, group) / max(simulated, 1e-9), LEAST, MOST))


def _times(key: str, metric: str, group: str = "", power: float = 1.0) -> Callable[[Tree, Targets, Seen], NewValues]:
    """Return a step that multiplies a setting by published / simulated to a power."""
    return lambda tree, targets, seen: {key: at(tree, key) * _ratio(targets, seen, metric, group) ** power}


def _weekdays(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
    """Move the share of needs of each weekday; the weekend keeps its own."""
    published = targets.profiles["calls_by_weekday"]
    simulated = {day: seen["calls_by_weekday", f"weekday={short}"].mean for day, short in _WEEKDAYS.items()}
    shares = {day: tree["demand"]["weekday_share"][day] for day in tree["demand"]["weekday_share"]}
    moved = {day: shares[day] * share_of(published, day) / share_of(simulated, day) for day in _WEEKDAYS}
    rest = 1 - sum(share for day, share in shares.items() if day not in _WEEKDAYS)
    return {f"demand.weekday_share.{day}": share * rest / sum(moved.values()) for day, share in moved.items()}


def share_of(values: Mapping[str, float], name: str) -> float:
    """Return one of some values as a share of their sum."""
    return values[name] / sum(values.values())


def minute_of(time: str) -> int:
    """Return the minute of the day of "HH:MM"."""
    return int(time[:2]) * 60 + int(time[3:])


def _next_steps(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
    """Move what reception does instead of booking, in rows that leave it no remainder; roles keep their proportions.

    Left without a next step moves in every row towards its own figure; what is told, advised and sent elsewhere moves
    in clinical rows, towards the share of appointments among next steps. What is written stays. Told to call another
    day has no share in any row: it comes of capacity.
    """
    lost, instead = 1.0, 1.0
    if _misses(targets, seen, "contact_failed_no_next_step"):
        lost = _ratio(targets, seen, "contact_failed_no_next_step", "need=any")
    if excess := _misses(targets, seen, "next_step_appointment"):
        instead = float(np.clip(1 + _APPOINTMENTS_MOVED * excess, LEAST, MOST))
    moved_to: NewValues = {}
    for kind, row in tree["triage"]["places"].items():
        if not row.get(RECEPTION) and roles_in(row) and len(roles_in(row)) < len(row):
            clinical = not tree["demand"]["kinds"][kind]["administrative"]
            moved = _moved_row(row, lost, instead if clinical else 1.0)
            moved_to |= {f"triage.places.{kind}.{place}": share for place, share in moved.items()}
    return moved_to


def _moved_row(row: dict[str, float], lost: float, instead: float) -> dict[str, float]:
    """Return a row whose places beside roles are multiplied, and whose roles share what is left as before."""
    roles = roles_in(row)
    times = {NO_NEXT_STEP: lost, PAPERWORK: 1.0}
    moved = {place: round(row[place] * times.get(place, instead), 4) for place in row if place not in roles}
    left = 1 - sum(moved.values())
    first, *others = roles
    moved |= {role: round(roles[role] * left / sum(roles.values()), 4) for role in others}
    return moved | {first: round(1 - sum(moved.values()), 4)}


def _misses(targets: Targets, seen: Seen, metric: str) -> float:
    """Return how far a metric of all requests is above its published figure, 0 where it counts as reached."""
    target = next(one for one in targets.targets if (one.metric, one.group) == (metric, "need=any"))
    value = seen[metric, "need=any"].mean
    return 0.0 if target.reached(value) else value - target.published


def _channels(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
    """Move the shares of needs first asked about online, at the desk and in the app; the phone has the rest."""
    clinical = targets.published("online_clinical_share")
    simulated = seen["online_clinical_share", ""].mean
    split = {"clinical": clinical / simulated, "administrative": (1 - clinical) / (1 - simulated)}
    values: NewValues = {}
    for which, times in split.items():
        row: dict[str, float] = tree["channels"]["first"][which]
        moved = {}
        for channel in (ONLINE, DESK, APP):
            ratio = _ratio(targets, seen, "contacts_per_1000_working_day", f"channel={channel}")
            moved[channel] = round(row[channel] * ratio * (times if channel == ONLINE else 1.0), 4)
        moved[PHONE] = round(1 - sum(moved.values()), 4)
        values |= {f"channels.first.{which}.{channel}": share for channel, share in moved.items()}
    return values


def _forms_by_hour(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
    """Move how much likelier the online form is between 08:00 and 10:00 than at other hours, within reason."""
    values: NewValues = {}
    for which in ("clinical", "administrative"):
        wanted = targets.published("online_0800_1000_share", f"need={which}")
        simulated = seen["online_0800_1000_share", f"need={which}"].mean
        odds = wanted / (1 - wanted) / (simulated / (1 - simulated))
        key = f"channels.first.form_by_hour.{which}"
        values[f"{key}.08:00"] = min(at(tree, key)["08:00"] * float(np.clip(odds, LEAST, MOST)), _MOST_LIKELY)
    return values


def lead_key(band: str) -> str:
    """Return a band of lead times as the settings name it, from its name among measures."""
    names = {"same_day": "same_day", "1_day": "days_1", "over_28_days": "days_over_28"}
    return names.get(band, f"days_{band.removesuffix('_days')}")


def _missed_by_lead(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
    """Move the rates of missed appointments so that the margin by lead time is the published one."""
    key = "appointments.not_attending.lead"
    published = targets.profiles["dna_lead"]
    values = {}
    for band, percent in published.items():
        name = lead_key(band)
        seen_rate = seen["dna_share", f"lead={band}"].mean
        values[f"{key}.{name}"] = at(tree, key)[name] * float(np.clip(percent / 100 / max(seen_rate, 1e-4), 0.8, 1.25))
    return values


def _missed_by_mode(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
    """Move the factors of mode so that the margin by mode is the published one; face to face stays 1.

    A mode that nobody was booked in says nothing, and keeps its factor.
    """
    key = "appointments.not_attending.mode_factor"
    published = targets.profiles["dna_mode"]
    booked = [mode for mode in published if ("dna_share", f"mode={mode}") in seen]
    ratio = {mode: published[mode] / 100 / max(seen["dna_share", f"mode={mode}"].mean, 1e-4) for mode in booked}
    moved = {m: at(tree, key)[m] * float(np.clip(ratio[m] / ratio[FACE_TO_FACE], 0.8, 1.25)) for m in ratio}
    return {f"{key}.{mode}": value for mode, value in moved.items()}


def _usual(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
    """Take the share of GP appointments with the usual GP as the one at which the need rate is the profile's."""
    return {"outcome.continuity.reference_share": seen["usual_gp_share", ""].mean}


def _belief(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
    """Start the run at its own long-run mean belief."""
    return {"practice.start_belief": seen["belief", ""].mean}


def _flood(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
    """Move the GPs of a practice with a flood: too few calls in the first two hours, fewer GPs."""
    excess = seen["share_0800_1000", ""].mean - targets.published("share_0800_1000")
    level = tree["practice"]["fte_level"][GP] * (1 + float(np.clip(excess, -0.1, 0.1)))
    return {f"practice.fte_level.{GP}": level}


def _seen_in_a_year(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
    """Move the rates of each age and sex so that as many see no GP in a year as published; children keep theirs.

    Bands between the youngest adults and the oldest have no figure of their own and go by all of their sex. Of people
    with Poisson visits exp(-rate) see nobody, hence the ratio of logarithms; rates differ, hence the root.
    """
    metric = "not_seen_by_gp_in_a_year_share"
    values: NewValues = {}
    for sex, setting in (("men", "male_factor"), ("women", "female_factor")):
        for age, row in tree["people"]["ages"].items():
            if age in _CHILDREN:
                continue
            own = f"{sex}={_OLDEST if age.startswith(_FROM_75) else age.removeprefix('age_')}"
            group = own if targets.has(metric, own) else f"sex={sex}"
            wanted, simulated = targets.published(metric, group), seen[metric, group].mean
            ratio = math.log(wanted) / math.log(float(np.clip(simulated, 0.005, 0.995)))
            values[f"people.ages.{age}.{setting}"] = row[setting] * float(np.clip(ratio, LEAST, MOST)) ** 0.5
    return values


def _stays_so(tree: Tree, targets: Targets, seen: Seen) -> NewValues:
    """Shorten bad patches where more of the tenth of one year are in the next year's than is published as the most."""
    simulated = seen["still_frequent_share", "gp:after=52_weeks"].mean
    most = targets.published("still_frequent_share", "gp:after=52_weeks")
    weeks = at(tree, "people.state.unsettled_mean_weeks")
    return {"people.state.unsettled_mean_weeks": weeks * min(1.0, max(LEAST, (most / simulated) ** 3))}


MOVES: dict[str, tuple[Move, ...]] = {
    "england": (
        Move(
            "calls_per_1000_patients_per_working_weekday",
            _times("demand.needs_per_1000_week", "calls_per_1000_working_day", power=0.7),
        ),
        Move("call_share_of_mon_fri_week_monday", _weekdays),
        Move("contact_failed_no_next_step", _next_steps),
        Move(
            "appointments_per_1000_per_working_day",
            _times("planned.level", "appointments_per_1000_working_day", power=1.5),
        ),
        Move("online_submissions_per_1000_patients_month", _channels),
        Move("online_clinical_submissions_0800_1000_share", _forms_by_hour),
        Move("gp_appts_15plus_days_share", _times("demand.follow_up_level", "over_two_weeks_share", "role=gp", 0.5)),
        Move(
            "other_staff_appts_15plus_days_share",
            _times("planned.days_level", "over_two_weeks_share", "role=other_staff", 0.6),
        ),
        Move("dna_rate_lead_same_day", _missed_by_lead),
        Move("dna_rate_mode_face_to_face", _missed_by_mode),
        Move("its own long-run mean", _usual),
        Move("its own long-run mean", _belief),
    ),
    "who_is_seen": (
        Move("not_seen_gp_12m_men", _seen_in_a_year),
        Move("fa_top10_share_f2f_gp", _times("people.state.needs_factor", "top_tenth_consultation_share", power=2.0)),
        Move("fa_still_fa_next_year", _stays_so),
    ),
    "flood_8am": (
        Move("the highest of the 40 practices of cbt_rush_panel_2024-10", _flood),
        Move("its own long-run mean", _belief),
    ),
}


def moved(tree: Tree, moves: tuple[Move, ...], targets: Targets, seen: Seen) -> Iterator[tuple[str, float, str]]:
    """Yield every fitted setting's dotted key, new value and the row of the evidence it goes towards."""
    for move in moves:
        for key, value in move.step(tree, targets, seen).items():
            yield key, float(f"{value:.4g}"), move.towards
