"""What a change is for: the metrics by which whoever tries it would judge it, declared before anything is run."""

from __future__ import annotations

from collections.abc import Mapping

from pcqa_sim.interventions.base import Intervention, flat
from pcqa_sim.scenario import Scenario
from pcqa_sim.scenario.fields import Settings

AIMS_OF_SETTINGS: dict[str, tuple[str, ...]] = {
    "triage": ("told_another_day_per_working_day", "days_waited_for_clinician", "clinician_min_per_need[role=gp]"),
    "triage.signposts": ("clinician_min_per_need", "needed_gp_share"),
    "phones": ("missed_share", "queue_wait_min", "attempts_answered_share"),
    "phones.lines": ("engaged_share", "attempts_answered_share"),
    "phones.callback": ("missed_share", "queue_wait_min", "callback_wait_min"),
    "rota": ("missed_share", "queue_wait_min", "answered_within_2_min_share"),
    "rota.desk": ("front_wait_min[place=desk]",),
    "rota.inbox": ("front_wait_min[place=inbox]",),
    "role": ("told_another_day_per_working_day", "lead_time_days"),
    "fte_level": ("told_another_day_per_working_day", "lead_time_days"),
    "appointments": ("told_another_day_per_working_day", "lead_time_days", "calls_0800_0830_per_working_day"),
    "appointments.not_attending": ("dna_share", "missed_min_per_working_day"),
    "appointments.continuity": ("usual_gp_share", "usual_gp_share[prefers=yes]"),
    "channels": ("contacts_per_1000_working_day[channel=online]", "calls_per_working_day"),
    "demand": ("told_another_day_per_working_day", "lead_time_days", "missed_share"),
    "demand_level": ("told_another_day_per_working_day", "lead_time_days", "missed_share"),
    "community": ("community_met_per_1000_week", "community_wait_days", "appointments_per_1000_working_day[role=gp]"),
    "care_homes": ("care_home_contacts_per_resident_year", "care_home_hospital_per_resident_year[what=attendance]"),
    "backoffice": ("paper_wait_days", "back_office_share[role=gp]"),
    "network.shared_reception": ("missed_share", "queue_wait_min", "answered_within_2_min_share"),
    "network.shared_roles": ("told_another_day_per_working_day", "lead_time_days"),
    "network.shared_roles.administrator": ("paper_wait_days", "back_office_share[role=gp]"),
    "network.hub": ("unit_cost_gbp", "hub_used_share"),
    "network.hub.enhanced_access": ("told_another_day_per_working_day", "lead_time_days", "hub_used_share"),
    "network.same_day_overflow": ("urgent_told_another_day_share", "told_another_day_per_working_day"),
}
"""For settings changed by hand, by the longest beginning of their keys: assumption about why somebody would.

What a hand-off costs is nobody's aim, and is left out: it is the price of sharing.
"""
MOST = 6
NETWORK = "network"


def aims(before: Scenario, after: Scenario, classes: Mapping[str, type[Intervention]]) -> tuple[str, ...]:
    """Return what a scenario is for against another, as metrics: "name", or "name[group]" for a group of one.

    What the interventions that joined declare; where one of them declares nothing, or none joined, what the settings
    that differ are usually changed for.
    """
    kinds = [label.partition("(")[0] for label in after.interventions if label not in before.interventions]
    declared = [aim for kind in kinds if kind in classes for aim in classes[kind].aims]
    found = declared
    if not kinds or any(kind not in classes or not classes[kind].aims for kind in kinds):
        found = declared + [aim for key in changed_keys(before, after) for aim in _of_key(key)]
    return tuple(dict.fromkeys(found))[:MOST]


def changed_keys(before: Scenario, after: Scenario) -> list[str]:
    """Return the settings that differ at any time of the run, as dotted keys without their practice, sorted.

    What the network shares comes first: `network.shared_reception.talk_factor`.
    """
    weeks = sorted({0} | {phase.from_week for phase in (*before.phases, *after.phases)})
    found: set[str] = set()
    for practice in before.practices:
        for week in weeks:
            one, other = (side.in_force(practice, week) for side in (before, after))
            if one != other:
                found |= _differing(one, other)
    return [f"{NETWORK}.{key}" for key in sorted(_differing(before.network, after.network))] + sorted(found)


def _differing(one: Settings, other: Settings) -> set[str]:
    """Return the dotted keys of settings that differ."""
    old, new = (flat(side.model_dump(mode="json")) for side in (one, other))
    return {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


def _of_key(key: str) -> tuple[str, ...]:
    """Return what a setting is usually changed for, by the longest beginning of its key that is known."""
    parts = key.split(".")
    for many in range(len(parts), 0, -1):
        if (known := ".".join(parts[:many])) in AIMS_OF_SETTINGS:
            return AIMS_OF_SETTINGS[known]
    return ()
