"""Who works when: reception by half hour, clinicians by half day, absences, and the slots that brings."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shortruns import composed

from pcqa_sim.clinic.absences import Absences
from pcqa_sim.clinic.reception_rota import call_handlers, call_handlers_absent, front_desk, reception
from pcqa_sim.clinic.rota import clinics
from pcqa_sim.clinic.staff import HalfDay, clinicians_of, is_locum, usual_clinicians, week_of_role
from pcqa_sim.population.people import draw_people
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.groups import ON_THE_DAY, Duty
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.luck import world_key

WORLD = world_key(1, 0, "practice")
ROLES = ("gp", "practice_nurse", "hca", "pharmacist", "other")


@pytest.fixture(scope="module")
def practice() -> Practice:
    return composed().practices["practice"]


@pytest.fixture(scope="module")
def nobody_away(practice: Practice) -> Practice:
    """The default practice without leave and sickness."""
    return without_absence(practice)


@pytest.fixture(scope="module")
def plain(nobody_away: Practice) -> Practice:
    """The same, where slots open by their release rule alone, stay what they are, and nobody drives to a visit."""
    releases = nobody_away.appointments.releases
    none = {f"appointments.releases.{name}.opens_to_all_before_min": None for name in releases}
    off: dict[str, object] = {"appointments.home_visits": None, "appointments.convert_before_min": None}
    return with_settings(nobody_away, none | off)


def without_absence(practice: Practice) -> Practice:
    away = ("leave_share", "sickness_share")
    return with_settings(practice, {f"role.{name}.absence.{key}": 0.0 for name in practice.role for key in away})


def with_extra(practice: Practice, slots: int) -> Practice:
    return with_settings(practice, {"appointments.extra_on_the_day_slots": slots})


def absences(days: int = 70) -> Absences:
    return Absences(WORLD, days)


def total(people: dict[int, int] | dict[int, float]) -> float:
    """Person-minutes of a day."""
    steps = [*people, DAY]
    return float(sum(n * (steps[i + 1] - steps[i]) for i, n in enumerate(people.values())))


# Reception.


@pytest.mark.parametrize("duty", ["phone", "desk"])
@pytest.mark.parametrize("weekday", [0, 2])
@given(scale=st.floats(1.0, 4.0))
def test_a_scaled_roster_keeps_its_hours(practice: Practice, duty: str, weekday: int, scale: float) -> None:
    """Where at least one person is there all day anyway, whole people add up to the hours written."""
    mine: Duty = with_settings(getattr(practice.rota, duty), {"whole_blocks": False})
    written = total(mine.of_weekday(weekday))
    hours = total(reception(mine, scale, weekday))
    assert hours == pytest.approx(written * scale, abs=30)


def test_somebody_is_there_whenever_anybody_is_rostered(practice: Practice) -> None:
    people = reception(practice.rota.phone, 0.01, 1)
    opened, closed = 480, 1110
    assert (people[opened], people[closed]) == (1, 0)
    assert set(people.values()) == {0, 1}


def test_nobody_is_rostered_at_weekends(practice: Practice) -> None:
    assert call_handlers(practice, 5) == front_desk(practice, 6) == {0: 0}


def test_extra_call_handlers_come_only_when_the_phones_are_staffed(practice: Practice) -> None:
    more = with_settings(practice, {"rota.extra_call_handlers": 2})
    for weekday in (0, 1, 5):
        plain, with_more = call_handlers(practice, weekday), call_handlers(more, weekday)
        assert {at: n + 2 if n else 0 for at, n in plain.items()} == with_more
        assert front_desk(practice, weekday) == front_desk(more, weekday)


@pytest.mark.parametrize("level", [0.5, 2.0, 3.0])
def test_the_phone_level_scales_the_phones_and_not_the_desk(practice: Practice, level: float) -> None:
    other = with_settings(practice, {"rota.phone_level": level})
    written = total(practice.rota.phone.of_weekday(0))
    most = total(dict.fromkeys(practice.rota.phone.of_weekday(0), 1)) * 10.5 / 24  # one person all day, at the least
    assert total(call_handlers(other, 0)) == pytest.approx(max(written * level, most), rel=0.1)
    assert front_desk(other, 0) == front_desk(practice, 0)


def test_sick_call_handlers_are_missing_but_never_all_of_them(practice: Practice) -> None:
    full = call_handlers(practice, 0)
    assert call_handlers(practice, 0, absent=99) == {at: min(n, 1) for at, n in full.items()}
    assert call_handlers(practice, 0, absent=1) == {at: max(min(n, 1), n - 1) for at, n in full.items()}


def test_call_handlers_are_sick_in_their_share(practice: Practice) -> None:
    days = 4000
    away = Absences(WORLD, days)
    most = max(call_handlers(practice, 1).values())
    seen = np.mean([call_handlers_absent(practice, away, 1, day) for day in range(days)]) / most
    share, spell = practice.rota.absence.sickness_share, practice.rota.absence.sickness_mean_days
    error = np.sqrt(share * (1 - share) * 2 * spell / (days * most))
    assert seen == pytest.approx(share, abs=4 * error)


# The week of a role.


@pytest.mark.parametrize("size", [1_700, 10_000, 23_000])
@pytest.mark.parametrize("name", ROLES)
def test_a_week_has_the_sessions_its_staff_work(practice: Practice, name: str, size: int) -> None:
    mine = with_settings(practice, {"list_size": size})
    role, week = mine.role[name], week_of_role(mine, name)
    wanted = role.fte_per_10000 * size / 10_000 * role.sessions_per_fte
    assert len(week) == int(wanted + 0.5)
    factors = np.array(list(role.weekday_factor.values()))
    of_day = np.bincount([half.weekday for half in week], minlength=7)
    assert np.all(abs(of_day - factors / factors.sum() * wanted) <= 1)
    assert of_day[5:].sum() == 0


@pytest.mark.parametrize("name", ROLES)
def test_nobody_works_two_sessions_at_once_or_more_than_they_do(practice: Practice, name: str) -> None:
    week = week_of_role(practice, name)
    assert max(Counter((half.weekday, half.half, half.clinician) for half in week).values()) == 1
    each = Counter(half.clinician for half in week)
    assert sum(each.values()) / len(each) <= practice.role[name].sessions_per_clinician
    assert max(each.values()) <= practice.role[name].sessions_per_clinician + len(practice.role[name].sessions)
    assert tuple(clinicians_of(practice, name)) == tuple(f"{name}.{n + 1}" for n in range(len(each)))


def test_more_full_time_equivalents_bring_more_sessions(practice: Practice) -> None:
    more = with_settings(practice, {"fte_level.gp": 2.0})
    assert len(week_of_role(more, "gp")) == pytest.approx(2 * len(week_of_role(practice, "gp")), abs=1)
    assert week_of_role(more, "hca") == week_of_role(practice, "hca")


def test_a_role_that_nobody_works_in_has_no_week(practice: Practice) -> None:
    none = with_settings(practice, {"fte_level.gp": 0.0, "backoffice.items.fit_note.by": {"administrator": 1.0}})
    assert week_of_role(none, "gp") == ()
    people = draw_people(WORLD, practice.people, 50)
    assert set(usual_clinicians(none, people)) == {""}


def test_usual_gps_share_the_list_evenly(practice: Practice) -> None:
    people = draw_people(WORLD, practice.people, 20_000)
    names = clinicians_of(practice, "gp")
    counts = Counter(usual_clinicians(practice, people))
    assert set(counts) == set(names)
    share = 1 / len(names)
    assert all(abs(n / 20_000 - share) < 4 * np.sqrt(share / 20_000) for n in counts.values())


# Leave and sickness.


@pytest.mark.parametrize("share", [0.05, 0.14, 0.3])
def test_leave_is_taken_in_full_and_in_turns(share: float) -> None:
    away, weeks, clinicians = absences(), 104, 12
    on = np.array([[away.on_leave(f"gp.{n + 1}", share, week) for week in range(weeks)] for n in range(clinicians)])
    assert np.all(abs(on.sum(axis=1) - weeks * share) <= 1)
    assert on.sum(axis=0).max() <= np.ceil(clinicians * share) + 1
    assert abs(on.sum(axis=0) - clinicians * share).max() <= 2


def test_leave_belongs_to_clinician_and_week() -> None:
    one, longer, other = absences(), Absences(WORLD, 700), Absences(world_key(2, 0, "practice"), 70)
    mine = [[a.on_leave("gp.2", 0.14, week) for week in range(52)] for a in (one, longer, other)]
    assert mine[0] == mine[1]
    assert mine[0] != mine[2]


@pytest.mark.parametrize(("share", "mean_days"), [(0.045, 4.0), (0.05, 3.0), (0.2, 10.0), (0.1, 1.0)])
def test_clinicians_are_sick_for_their_share_of_days_in_spells_of_the_mean_length(
    share: float, mean_days: float
) -> None:
    days, clinicians = 3000, 40
    away = Absences(WORLD, days)
    sick = np.array([[away.sick(f"gp.{n}", share, mean_days, d) for d in range(days)] for n in range(clinicians)])
    error = np.sqrt(share * (1 - share) * 2 * mean_days / sick.size)
    assert sick.mean() == pytest.approx(share, abs=4 * error)
    begins = (sick[:, 1:] & ~sick[:, :-1]).sum()
    length, slack = sick.sum() / begins, 4 / np.sqrt(begins)
    # Whoever falls ill again while ill stays so for longer: what is seen outlasts a spell, by the share at most.
    assert mean_days * (1 - slack) < length < mean_days / (1 - share) * (1 + slack)


def test_sickness_belongs_to_clinician_and_date() -> None:
    short, long = Absences(WORLD, 70), Absences(WORLD, 700)
    days = [short.sick("gp.3", 0.2, 4.0, day) for day in range(70)]
    assert days == [long.sick("gp.3", 0.2, 4.0, day) for day in range(70)]
    assert any(days)
    assert days != [short.sick("gp.4", 0.2, 4.0, day) for day in range(70)]
    assert not any(short.sick("gp.3", 0.0, 4.0, day) for day in range(70))


# Clinics and their slots.


def test_a_days_clinics_are_those_of_the_week_whose_clinicians_are_not_on_leave(practice: Practice) -> None:
    """Where no locum stands in, and leave is the same in every month."""
    plainly = {"leave_by_month": {}, "leave_locum_share": 0.0}
    keys = {f"role.{name}.absence.{key}": value for name in practice.role for key, value in plainly.items()}
    practice = with_settings(practice, keys)
    away = absences()
    for day in (0, 8, 16, 24, 30):
        expected = [
            (name, half.clinician)
            for name, role in practice.role.items()
            for half in week_of_role(practice, name)
            if half.weekday == day % 7 and not away.on_leave(half.clinician, role.absence.leave_share, day // 7)
        ]
        assert [(clinic.role, clinic.clinician) for clinic in clinics(practice, day, away)] == expected


def test_slots_follow_the_template_inside_their_session(plain: Practice) -> None:
    for clinic in clinics(plain, 7, absences()):
        role = plain.role[clinic.role]
        hours = [(7 * DAY + s.starts, 7 * DAY + s.ends) for s in role.sessions]
        assert (clinic.starts, clinic.ends) in hours
        template = [(block.minutes, block.mode, block.release) for block in role.template for _ in range(block.slots)]
        assert [(slot.length, slot.mode, slot.rule) for slot in clinic.slots] == template
        starts = clinic.starts + np.cumsum([0.0, *(slot.length for slot in clinic.slots)])
        assert [slot.start for slot in clinic.slots] == pytest.approx(starts[:-1])
        assert starts[-1] <= clinic.ends + 1e-9
        assert {(slot.role, slot.clinician) for slot in clinic.slots} == (
            {(clinic.role, clinic.clinician)} if template else set()
        )


def test_slots_open_as_their_release_rule_says(plain: Practice) -> None:
    day, rules = 30, plain.appointments.releases
    seen = set()
    for clinic in clinics(plain, day, absences()):
        for slot in clinic.slots:
            rule = rules[slot.rule]
            if rule.hours_before is not None:
                assert slot.opens == slot.start - 60 * rule.hours_before
            else:
                assert slot.opens == (day - (rule.days_before or 0)) * DAY + rule.at
            assert (slot.urgent, slot.online) == (rule.urgent_only, rule.online_bookable)
            seen.add(slot.rule)
    assert seen == {block.release for role in plain.role.values() for block in role.template}


@pytest.mark.parametrize("extra", [1, 5, 17, 40])
def test_extra_slots_come_with_clinicians_and_are_kept_for_the_day(plain: Practice, extra: int) -> None:
    usual, more = clinics(plain, 1, absences()), clinics(with_extra(plain, extra), 1, absences())
    starts, more_starts = ([[slot.start for slot in one.slots] for one in every] for every in (usual, more))
    assert starts == more_starts[: len(usual)]
    added = more[len(usual) :]
    slots = [slot for clinic in added for slot in clinic.slots]
    assert len(slots) == extra
    assert {(slot.role, slot.rule, slot.opens) for slot in slots} == {("gp", ON_THE_DAY, DAY + 480)}
    assert not {clinic.clinician for clinic in added} & set(clinicians_of(plain, "gp"))
    assert all(slot.start + slot.length <= clinic.ends + 1e-9 for clinic in added for slot in clinic.slots)
    busy = Counter((clinic.clinician, clinic.starts) for clinic in added)
    assert max(busy.values()) == 1


def test_no_extra_slots_on_days_the_role_does_not_work(nobody_away: Practice) -> None:
    assert clinics(with_extra(nobody_away, 10), 5, absences()) == []


def test_days_are_dealt_in_whole_days() -> None:
    """Two half days of a day belong to the same people, as far as they go."""
    practice = without_absence(composed().practices["practice"])
    week = week_of_role(practice, "gp")
    for weekday in range(5):
        halves = [{h.clinician for h in week if (h.weekday, h.half) == (weekday, half)} for half in (0, 1)]
        assert len(halves[0] ^ halves[1]) <= 1


def test_a_half_day_is_a_value() -> None:
    assert HalfDay(0, 1, "gp.1") == HalfDay(0, 1, "gp.1")


# What a slot is held for, and until when.


def test_a_rule_says_when_what_is_left_is_opened_to_everybody(nobody_away: Practice) -> None:
    """A rule that would keep slots back longer gives them up as well: they can be booked from that minute."""
    rules: dict[str, object] = {
        "appointments.releases.embargoed": {"hours_before": 1, "urgent_only": True, "opens_to_all_before_min": 120},
        "appointments.releases.on_the_day": {"days_before": 0, "at": "08:00", "opens_to_all_before_min": 60},
    }
    slots = [slot for clinic in clinics(with_settings(nobody_away, rules), 1, absences()) for slot in clinic.slots]
    by_rule = {rule: [slot for slot in slots if slot.rule == rule] for rule in ("routine", "embargoed", "on_the_day")}
    assert all(slot.to_all_from == np.inf for slot in by_rule["routine"])
    assert all(slot.opens == slot.to_all_from == slot.start - 120 for slot in by_rule["embargoed"])
    assert all(slot.to_all_from == max(slot.start - 60, DAY + 480.0) for slot in by_rule["on_the_day"])
    assert {slot.opens for slot in by_rule["on_the_day"] if slot.start > DAY + 540} == {DAY + 480.0}


def test_what_is_released_on_the_day_is_open_to_nobody_before_its_release(nobody_away: Practice) -> None:
    """A slot soon after the release is open to all from the release on; one whose time is over by then, before it."""
    rule = {"days_before": 0, "at": "09:00", "opens_to_all_before_min": 240}
    mine = with_settings(nobody_away, {"appointments.releases.on_the_day": rule})
    slots = [slot for clinic in clinics(mine, 1, absences()) for slot in clinic.slots if slot.rule == "on_the_day"]
    released = DAY + 540.0
    soon = [slot for slot in slots if released < slot.start <= released + 240]
    over = [slot for slot in slots if slot.start <= released]
    assert soon
    assert over
    assert {(slot.opens, slot.to_all_from) for slot in soon} == {(released, released)}
    assert all(slot.opens == slot.to_all_from == slot.start - 240 for slot in over)
    assert all(slot.to_all_from == slot.start - 240 for slot in slots if slot.start > released + 240)


def test_a_slot_holds_the_modes_whose_mean_consultation_fits_its_minutes(nobody_away: Practice) -> None:
    """The shipped GP's calls of nine minutes do not hold 9.22 face to face, unless a little more may be taken."""

    def held(overrun: float) -> dict[str, tuple[str, ...]]:
        mine = with_settings(nobody_away, {"appointments.convert_overrun_min": overrun})
        return {slot.mode: slot.holds for c in clinics(mine, 1, absences()) if c.role == "gp" for slot in c.slots}

    exact, loose = held(0.0), held(0.5)
    assert exact["telephone"] == ("telephone", "video", "online_message")
    assert loose["telephone"] == ("telephone", "face_to_face", "video", "online_message")
    assert exact["home_visit"] == ("home_visit", "face_to_face", "telephone", "video", "online_message")
    assert "home_visit" not in exact["face_to_face"]


def test_slots_are_converted_only_where_the_practice_does_so(plain: Practice) -> None:
    slots = [slot for clinic in clinics(plain, 1, absences()) for slot in clinic.slots]
    assert {slot.converts_from for slot in slots} == {np.inf}
    mine = with_settings(plain, {"appointments.convert_before_min": 90.0})
    assert {slot.start - slot.converts_from for c in clinics(mine, 1, absences()) for slot in c.slots} == {90.0}


def test_open_access_leaves_some_slots_bookable_days_ahead_and_opens_the_others_on_the_day() -> None:
    practice = composed("triage=open_access").practices["practice"]
    ahead = practice.triage.books_ahead
    assert ahead is not None
    day = 15
    of_role = {
        role: [
            slot for clinic in clinics(practice, day, Absences(1, 60)) if clinic.role == role for slot in clinic.slots
        ]
        for role in ("gp", "practice_nurse")
    }
    early = [slot for slot in of_role["gp"] if slot.opens < day * DAY]
    assert {slot.opens >= (day - ahead.days) * DAY for slot in early} == {True}
    assert 0.2 < len(early) / len(of_role["gp"]) <= ahead.share
    assert min(slot.opens for slot in of_role["practice_nurse"]) < (day - ahead.days) * DAY


# Locums, and rooms.


def test_a_locum_works_the_sessions_of_who_is_on_leave(practice: Practice) -> None:
    """All of them at a share of one, about as many as said at a half, and the same ones at more."""

    def worked(share: float) -> set[tuple[int, str, float]]:
        mine = with_settings(practice, {"role.gp.absence.leave_locum_share": share})
        away = absences(700)
        days = range(0, 700, 7)  # Mondays
        return {(d, c.clinician, c.starts) for d in days for c in clinics(mine, d, away) if c.role == "gp"}

    none, some, every = worked(0.0), worked(0.5), worked(1.0)
    assert none < some < every
    locums = {one for one in every if is_locum(one[1])}
    assert every - none == locums
    assert all(one[1].startswith("gp.locum") for one in locums)
    full = sum(half.weekday == 0 for half in week_of_role(practice, "gp")) * 100
    assert len(every) == full
    assert 0.4 < len(some - none) / len(locums) < 0.6


def test_as_many_sessions_at_once_have_people_in_the_room_as_there_are_rooms(nobody_away: Practice) -> None:
    """Those first in order keep theirs; the others call, or, where the role never calls, see nobody."""
    plain = clinics(nobody_away, 1, absences())
    mine = clinics(with_settings(nobody_away, {"appointments.rooms": 3}), 1, absences())
    for morning in (True, False):
        here = [c for c in mine if (c.starts % DAY < 780) is morning]
        inside = [c for c in here if any(slot.mode == "face_to_face" for slot in c.slots)]
        assert [c.clinician for c in inside] == [c.clinician for c in here if c.slots or c.role == "hca"][:3]
        assert all(c.has_room for c in inside)
        outside = [c for c in here if not c.has_room]
        assert not any("face_to_face" in slot.holds for c in outside for slot in c.slots)
        assert {len(c.slots) for c in outside if c.role == "hca"} <= {0}
    as_many = {c.clinician: len(c.slots) for c in plain if c.role == "gp"}
    assert {c.clinician: len(c.slots) for c in mine if c.role == "gp"} == as_many
    enough = clinics(with_settings(nobody_away, {"appointments.rooms": 100}), 1, absences())
    assert [[slot.mode for slot in c.slots] for c in enough] == [[slot.mode for slot in c.slots] for c in plain]
