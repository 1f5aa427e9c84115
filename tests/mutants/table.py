"""Which tests guard which module: the one place to change when a module or a test file moves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Guarded:
    """A module, and the words for pytest that run its own tests: quick ones, from the repository's folder."""

    path: str
    tests: tuple[str, ...]


_PRACTICE = (
    "recorder", "appointment_book", "slot_request", "app_booking", "reception", "consulting", "office_hours",
    "expectations", "triage_view", "practice",
)  # fmt: skip
_JOURNEY = (
    "timing", "contacts", "pending", "practice_initiated", "getting_through", "diary_at_start", "arrivals",
)  # fmt: skip

TABLE = {
    "luck": Guarded("pcqa_sim/values/luck.py", ("tests/values/test_luck.py",)),
    "diary": Guarded("pcqa_sim/clinic/diary.py", ("tests/clinic/test_diary.py",)),
    "pool": Guarded("pcqa_sim/kernel/pool.py", ("tests/kernel/test_pool.py",)),
    "phone": Guarded("pcqa_sim/frontdoor/phone.py", ("tests/frontdoor/test_phone.py",)),
    "outcome": Guarded("pcqa_sim/clinic/consultation.py", ("tests/clinic/test_consultation.py",)),
    "store": Guarded("pcqa_sim/study/store.py", ("tests/study/test_store.py",)),
    **{
        name: Guarded(
            f"pcqa_sim/results/{name}.py",
            (
                "tests/results/test_conservation_by_hand.py",
                "tests/results/test_conservation.py",
                "-k",
                "not nothing_is_lost and not strength_zero",
            ),
        )
        for name in ("breaches", "conserved_people", "conserved_time", "conservation")
    },
    "journey": Guarded("pcqa_sim/journey/journey.py", ("tests/journey/test_ask.py",)),
} | {
    name: Guarded(f"pcqa_sim/{wing}/{name}.py", (f"tests/{wing}/test_{name}.py",))
    for wing, names in (("practice", _PRACTICE), ("journey", _JOURNEY))
    for name in names
}
