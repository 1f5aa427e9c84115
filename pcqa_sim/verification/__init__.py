"""Verification: the practice's own phone and pool held against theory, and the checks every run must pass.

`phone(...)` and `pool(...)` run the same code a practice uses, with whatever arrivals, service, patience and
staffing a test needs; `theory` has the closed forms to compare with.
"""

from pcqa_sim.verification.bench import BenchResult, phone, pool
from pcqa_sim.verification.callers import Profile

__all__ = ["BenchResult", "Profile", "phone", "pool"]
