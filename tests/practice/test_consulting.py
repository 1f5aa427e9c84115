"""Consultations by the settings: minutes, who comes, the chance of being resolved, and what a known face changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from fixedluck import GivenLuck
from onepart import contact_of, need_of, slot_at, small_practice

from pcqa_sim.clinic.need_rules import kind_rules
from pcqa_sim.practice.consulting import Consulting, lead_days
from pcqa_sim.scenario import Practice
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import FACE_TO_FACE, TELEPHONE, Contact, Slot

RELATIONAL, PASSING = "ongoing_condition", "acute_minor"
ALIKE: dict[str, object] = {
    "role.gp.differences.pace_cv": 0.0,
    "role.gp.differences.skill_sd": 0.0,
    "appointments.complex_needs": {"segments": ("care_home",), "minutes_factor": 2.0, "resolves_more_share": 0.25},
    "role.gp.template.0.complex": True,
    "role.gp.template.2.complex": True,
}


class Folk:
    """Three people of whom the last misses twice as many appointments."""

    def __len__(self) -> int:
        return 3

    def factor(self, by_age: Mapping[str, float], by_segment: object, by_deprivation: Mapping[str, float]) -> object:
        assert by_age
        assert by_deprivation
        return np.array([1.0, 1.0, 2.0])


def consulting(practice: Practice | None = None, world: int = 3, **rules: object) -> Consulting:
    practice = practice or small_practice(ALIKE)
    kinds = kind_rules(practice)
    kinds = {name: replace(rule, **rules) for name, rule in kinds.items()}  # type: ignore[arg-type]
    made = Consulting(world, Folk())  # type: ignore[arg-type]
    made.use(practice, kinds, ["gp.1", "gp.2", "gp.3"])
    return made


def with_gp(**more: object) -> Slot:
    return slot_at(1, **more)  # type: ignore[arg-type]


# Minutes.


def test_minutes_are_by_role_mode_and_kind_and_longer_where_complex() -> None:
    practice, made = small_practice(ALIKE), consulting()
    gp, factors = practice.role["gp"], {name: kind.minutes_factor for name, kind in practice.demand.kinds.items()}
    assert factors[RELATIONAL] != factors[PASSING]
    for kind in (RELATIONAL, PASSING):
        for mode in (FACE_TO_FACE, TELEPHONE):
            mean = gp.consultation_min[mode] * factors[kind]
            assert made.minutes_distribution(with_gp(mode=mode), kind).mean == pytest.approx(mean)
            assert made.minutes_distribution(with_gp(mode=mode, complex=True), kind).mean == pytest.approx(2 * mean)


def test_where_nothing_is_kept_for_complex_needs_a_slot_is_like_any_other() -> None:
    made = consulting(small_practice())
    assert made.minutes_distribution(with_gp(complex=True), PASSING) == made.minutes_distribution(with_gp(), PASSING)


def test_a_clinician_triage_takes_its_own_minutes_whatever_it_is_about() -> None:
    practice = small_practice({"triage.clinician_triage.mean_min": 4.5}, "triage=gp_phone_first")
    made = consulting(practice)
    distributions = {made.minutes_distribution(with_gp(triage=True), kind) for kind in (RELATIONAL, PASSING)}
    assert [distribution.mean for distribution in distributions] == pytest.approx([4.5])
    assert made.minutes_distribution(with_gp(), PASSING).mean != pytest.approx(4.5)


def test_a_slow_clinician_takes_longer_at_the_same_luck() -> None:
    """Minutes against what they would be without differences are the clinician's pace, the same for every need."""
    different, alike = consulting(small_practice({"role.gp.differences.pace_cv": 0.4})), consulting()
    for clinician in ("gp.1", "gp.2"):
        slot = with_gp(clinician=clinician)
        pace = different.clinician(slot).pace
        assert pace != pytest.approx(1.0)
        for luck in (0.2, 0.9):
            need = need_of(luck=GivenLuck(luck))
            assert different.minutes(slot, need) == pytest.approx(pace * alike.minutes(slot, need))


def test_new_settings_change_the_minutes_and_not_the_clinicians() -> None:
    different: dict[str, object] = {"role.gp.differences.pace_cv": 0.4}
    made = consulting(small_practice(different))
    slot = with_gp()
    before, mean = made.clinician(slot), made.minutes_distribution(slot, PASSING).mean
    longer = small_practice(different | {"role.gp.consultation_min.face_to_face": 20.0})
    made.use(longer, kind_rules(longer), [""] * 3)
    assert made.minutes_distribution(slot, PASSING).mean == pytest.approx(mean * 20.0 / 9.22)
    assert made.clinician(slot) == before


def test_clinicians_come_nearer_to_each_other_where_new_settings_say_so() -> None:
    """Peer review does it while the practice runs: the pace is nearer the mean; skill stays."""
    made, slot = consulting(small_practice({"role.gp.differences.pace_cv": 0.4})), with_gp()
    before = made.clinician(slot)
    nearer = small_practice({"role.gp.differences.pace_cv": 0.2})
    made.use(nearer, kind_rules(nearer), [""] * 3)
    now = made.clinician(slot)
    assert abs(np.log(now.pace)) < abs(np.log(before.pace))
    assert now == replace(before, pace=now.pace)


# Who comes.


def due(person: int, luck: float, opened: float = 0.0) -> Contact:
    contact = contact_of(need_of(luck=GivenLuck(luck), person=person))
    contact.booked_at = opened
    return contact


def test_the_chance_to_miss_grows_with_lead_time_mode_and_the_persons_own_factor() -> None:
    rates = small_practice(ALIKE).appointments.not_attending
    made, week_ahead = consulting(), slot_at(7)
    once = rates.lead.of_lead(7) * rates.mode_factor[FACE_TO_FACE]
    assert not made.comes(due(0, once - 1e-6), week_ahead)
    assert made.comes(due(0, once + 1e-6), week_ahead)
    assert not made.comes(due(2, 2 * once - 1e-6), week_ahead)
    assert made.comes(due(2, 2 * once + 1e-6), week_ahead)
    assert made.comes(due(0, once - 1e-6), slot_at(0))
    assert made.comes(due(0, once - 1e-6), slot_at(7, mode=TELEPHONE))


def test_whether_somebody_comes_is_decided_once_for_a_booking() -> None:
    made, contact = consulting(), due(0, 0.0)
    assert not made.comes(contact, slot_at(7))
    contact.need.luck = GivenLuck(1.0)
    assert not made.comes(contact, slot_at(7))
    contact.comes = None
    assert made.comes(contact, slot_at(7))


def test_lead_time_is_in_calendar_days() -> None:
    late = due(0, 0.5, opened=2 * DAY - 1.0)
    assert lead_days(late, slot_at(2, 0.0)) == 1
    assert lead_days(late, slot_at(1, 1439.0)) == 0


# What comes of it.


def test_only_a_relational_need_minds_a_stranger() -> None:
    without = small_practice(ALIKE).outcome.continuity.resolve_factor_without
    assert without < 1
    made = consulting()
    usual, other = with_gp(clinician="gp.1"), with_gp(clinician="gp.2")
    assert made.chances(need_of(RELATIONAL), usual, False).continuity == 1.0
    assert made.chances(need_of(RELATIONAL), other, False).continuity == without
    assert made.chances(need_of(RELATIONAL, seen_by="gp.2"), other, False).continuity == 1.0
    assert made.chances(need_of(PASSING), other, False).continuity == 1.0


def test_a_squeezed_consultation_resolves_less() -> None:
    squeeze = small_practice(ALIKE).appointments.squeeze.resolve_factor
    assert squeeze < 1
    made = consulting()
    assert made.chances(need_of(), with_gp(), True).time == squeeze
    assert made.chances(need_of(), with_gp(), False).time == 1.0


def test_a_clinician_triage_resolves_its_own_share_of_what_a_consultation_does() -> None:
    made = consulting(small_practice({"triage.clinician_triage.resolve_factor": 0.8}, "triage=gp_phone_first"))
    assert made.chances(need_of(), with_gp(triage=True), False).time == 0.8
    assert made.chances(need_of(), with_gp(), False).time == 1.0


def test_a_role_resolves_what_is_in_its_scope_and_a_long_slot_a_part_of_the_rest() -> None:
    made = consulting(best=0.9, scope={"gp": 0.6})
    plain, long_one = (made.chances(need_of(), with_gp(complex=kept), False) for kept in (False, True))
    assert (plain.anybody, plain.role) == (0.9, 0.6)
    assert (long_one.anybody, long_one.role) == pytest.approx((0.925, 0.7))
    assert made.chances(need_of(), with_gp(clinician="hca.1"), False).role == 0.0


def test_skill_counts_for_what_people_bring_and_not_for_planned_care() -> None:
    practice = small_practice({"role.practice_nurse.differences.skill_sd": 0.2})
    made, slot = consulting(practice), with_gp(clinician="practice_nurse.1")
    planned = next(n for n, one in practice.planned.programmes.items() if one.role == "practice_nurse")
    assert made.chances(need_of(PASSING), slot, False).skill == made.clinician(slot).skill != 1.0
    assert made.chances(need_of(planned), slot, False).skill == 1.0


def test_a_known_face_makes_the_next_need_come_later_and_the_mean_stays() -> None:
    effect = small_practice(ALIKE).outcome.continuity
    made = consulting()
    assert made.continuity.tolist() == [1.0, 1.0, 1.0]
    made.saw(0, "gp.1")
    made.saw(1, "gp.1")
    own, other, unseen = made.continuity.tolist()
    assert own < 1 < other
    assert other / own == pytest.approx(1 + effect.interval_rise)
    share = effect.reference_share
    assert share * own + (1 - share) * other == pytest.approx(1.0)
    assert unseen == 1.0
