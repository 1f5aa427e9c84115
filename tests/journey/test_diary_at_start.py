"""The diary as it begins: who takes which slot, of which role, and how long ago they booked it."""

from __future__ import annotations

import numpy as np
import pytest
from fakepractice import FakePractice
from onepart import slot_at

from pcqa_sim.journey import diary_at_start
from pcqa_sim.journey.diary_at_start import book_before
from pcqa_sim.population.booked_before import Wanting
from pcqa_sim.values.needs import FACE_TO_FACE, ONLINE_MESSAGE, SEEN_ONLY, Need, Slot

GP_CARE, REVIEW = "acute_minor", "long_term_review"
BOOKED = {"appointments.booked_at_start_share": 1.0, "appointments.booked_at_start_days": 2}


class Start:
    """A fake practice as its run begins, who wants an appointment (person, kind and role), and who got which."""

    def __init__(self, patch: pytest.MonkeyPatch, *want: tuple[int, str, str], **changes: object) -> None:
        self.practice = FakePractice(BOOKED | {"appointments.booked_at_start_mean_days": 1e5} | changes, 0.0)
        self.practice.world = 17  # type: ignore[attr-defined]
        self.practice.appetite = self.practice.recall = None  # type: ignore[attr-defined]
        self.got: list[tuple[Need, Slot, int]] = []
        kinds, roles = list(self.practice.kinds), list(self.practice.settings.role)
        columns = [
            [person for person, _, _ in want],
            [kinds.index(kind) for _, kind, _ in want],
            [roles.index(role) for _, _, role in want],
            [1000 + person for person, _, _ in want],
        ]
        keys = np.array([person + 5 for person, _, _ in want], dtype=np.uint64)
        found = Wanting(*(np.array(column, dtype=np.int64) for column in columns), keys)
        patch.setattr(diary_at_start, "wanting", lambda *_: found)

    def booked_before(self, need: Need, slot: Slot, days: int) -> None:
        self.got.append((need, slot, days))

    def with_slots(self, *slots: Slot) -> list[tuple[int, str, float]]:
        """Open slots and fill the diary: person, kind and start."""
        self.practice.book.diary.open(slots)
        book_before(self.practice, self)  # type: ignore[arg-type]
        return [(need.person, need.kind, slot.start) for need, slot, _ in self.got]


def test_people_take_turns_and_each_gets_one_slot_of_their_role(monkeypatch: pytest.MonkeyPatch) -> None:
    want = [(3, GP_CARE, "gp"), (1, REVIEW, "practice_nurse"), (2, GP_CARE, "gp"), (4, GP_CARE, "gp")]
    start = Start(monkeypatch, *want)
    got = start.with_slots(slot_at(0, 600), slot_at(1, 600), slot_at(1, 700, "practice_nurse.1"))
    assert [(person, kind) for person, kind, _ in got] == [(3, GP_CARE), (1, REVIEW), (2, GP_CARE)]
    assert got[1][2] == 1440 + 700
    assert {got[0][2], got[2][2]} == {600, 1440 + 600}
    assert [need.number for need, _, _ in start.got] == [1003, 1001, 1002]
    assert {need.arose for need, _, _ in start.got} == {0.0}


def test_who_wants_a_role_without_a_slot_had_booked_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    start = Start(monkeypatch, (1, GP_CARE, "hca"), (2, GP_CARE, "gp"))
    assert [person for person, _, _ in start.with_slots(slot_at(0, 600))] == [2]


def test_a_slot_suits_in_its_mode_or_is_left_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    start = Start(monkeypatch, (1, GP_CARE, "gp"), (2, GP_CARE, "gp"))
    monkeypatch.setattr(
        start.practice.requests,
        "modes",
        lambda need: SEEN_ONLY if need.person == 1 else frozenset({ONLINE_MESSAGE, FACE_TO_FACE}),
    )
    assert [person for person, _, _ in start.with_slots(slot_at(0, 600, mode=ONLINE_MESSAGE))] == [2]


def test_only_so_many_days_are_booked_and_a_share_of_none_books_none(monkeypatch: pytest.MonkeyPatch) -> None:
    want = [(person, GP_CARE, "gp") for person in range(5)]
    start = Start(monkeypatch, *want)
    assert {at for _, _, at in start.with_slots(slot_at(1, 600), slot_at(2, 600))} == {1440 + 600}
    nobody = Start(monkeypatch, *want, **{"appointments.booked_at_start_share": 0.0})
    assert nobody.with_slots(slot_at(1, 600)) == []


def test_it_was_booked_a_day_ago_at_least_and_not_much_longer_ago_than_a_diary_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    want = [(person, GP_CARE, "gp") for person in range(60)]
    slots = [slot_at(0, 300.0 + 10 * n) for n in range(60)]
    ago = {}
    for mean in (2.0, 60.0, 1e5):
        start = Start(monkeypatch, *want, **{"appointments.booked_at_start_mean_days": mean})
        start.with_slots(*(slot_at(0, slot.start) for slot in slots))
        ago[mean] = [days for _, _, days in start.got]
    assert min(ago[2.0]) == 1
    assert 2 * np.mean(ago[2.0]) < np.mean(ago[60.0])
    assert ago[60.0] == ago[1e5]
