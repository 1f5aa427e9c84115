"""A network of three small practices that share somebody, for tests of what practices do together."""

from __future__ import annotations

from shortruns import composed

from pcqa_sim.scenario import Scenario

LISTS = {"north": 1800, "south": 1200, "west": 600}
MEMBERS = ",".join(f"{key}:['practice=small','practice.list_size={people}']" for key, people in LISTS.items())
ROLES = "role=[gp,practice_nurse,hca,pharmacist,other,fcp,administrator]"
SENT = "triage.places.musculoskeletal={other:0.1,fcp:0.3}"
SHORT = ("run.warm_up_weeks=0", "run.measured_weeks=3")
BASE = (f"network.members={{{MEMBERS}}}", ROLES, SENT, *SHORT)


def sharing(*more: str, **physio: object) -> Scenario:
    """Three practices with a shared physiotherapist: one post of six half days a week, unless said otherwise."""
    said = {"role": "fcp", "posts": 1, "sessions_each": 6, **physio}
    text = ",".join(f"{name}:{str(value).lower()}" for name, value in said.items())
    return composed(*BASE, f"network.shared_roles={{physio:{{{text}}}}}", *more)


IN_THE_HUB = {"works": "hub", "sessions_each": 8}
EVENINGS = (
    "network.hub={rooms:2,enhanced_access:{min_per_1000_week:60,roles:{gp:0.5,practice_nurse:0.5},slot_min:15,"
    "bookable_days:14,evening:'18:30',evening_ends:'20:00',saturday:'09:00',saturday_ends:'17:00'}}"
)


def in_hub(*more: str, **hand_off: float) -> Scenario:
    """Three practices whose one physiotherapist sits in a hub with one room."""
    said = ",".join(f"{name}:{value}" for name, value in hand_off.items())
    penalty = [f"network.hand_off={{{said}}}"] if said else []
    return sharing("network.hub={rooms:1}", *penalty, *more, **IN_THE_HUB)


def overflowing(*more: str) -> Scenario:
    """Three practices that offer each other what is left today."""
    return composed(*BASE, "network.same_day_overflow=true", *more)
