"""Verification: the practice's own parts held against theory, and the checks every run must pass.

`phone(...)`, `pool(...)`, `network(...)` and `diary(...)` run the same code a practice uses, with whatever arrivals,
service, patience, staffing and slots a test needs; `theory` and `chains` have the closed forms to compare with.
docs/verification.md shows each. Bad input raises `BadInput`, a ValueError.
"""

from pcqa_sim.values.faults import BadInput
from pcqa_sim.verification.appointments import DiaryResult, diary
from pcqa_sim.verification.bench import BenchResult
from pcqa_sim.verification.callers import Profile
from pcqa_sim.verification.clinics import Clinic
from pcqa_sim.verification.queues import network, phone, pool
from pcqa_sim.verification.stations import Station

__all__ = [
    "BadInput", "BenchResult", "Clinic", "DiaryResult", "Profile", "Station", "diary", "network", "phone", "pool",
]  # fmt: skip
