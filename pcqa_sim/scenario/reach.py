"""Who can be seen how: the appointments that a practice's roles have at all, and what needs them.

A need is met at home, face to face, or in any mode but at home, by a role that its row of `triage.places` names. Where
that role has no such appointment in any week, another of the row is to see it (covering.py); where nobody has one, the
settings are refused here, because such people would be told to call another day for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pcqa_sim.scenario.checks import roles_in
from pcqa_sim.scenario.groups import ON_THE_DAY, Kind, Programme, Release, Role
from pcqa_sim.scenario.practice import PracticeGroups
from pcqa_sim.scenario.team import halves_by_day, sessions_by_day
from pcqa_sim.scenario.triage_time import patient_minutes, triage_minutes_by_day
from pcqa_sim.values.clock import DAY, HOUR, WEEKDAYS, Hours
from pcqa_sim.values.faults import Several
from pcqa_sim.values.needs import (
    ANY_MODE,
    AT_HOME_ONLY,
    FACE_TO_FACE,
    ONLINE_MESSAGE,
    SEEN_ONLY,
    TELEPHONE,
    VIDEO,
)

CARE_HOME = "care_home"  # the segment of those for whom staff ask
HOUSEBOUND = ("frail_or_complex", CARE_HOME)  # segments of those who may have to be seen at home
_SAID = {AT_HOME_ONLY: "a home visit", SEEN_ONLY: "a face-to-face appointment", ANY_MODE: "an appointment"} | {
    frozenset((mode,)): f"an appointment {words}"
    for mode, words in ((TELEPHONE, "by telephone"), (VIDEO, "by video"), (ONLINE_MESSAGE, "in writing"))
}
_ONLY_URGENT = ("duty_team",)  # access models that put nobody but urgent requests on top of a session


@dataclass(frozen=True, slots=True)
class Offer:
    """A sort of appointment that a role has: its mode, and whether it is urgent, online, or on top of a session."""

    mode: str
    urgent: bool = False
    online: bool = False
    on_top: bool = False


Offers = Mapping[str, frozenset[Offer]]


def sees(offers: Iterable[Offer], modes: frozenset[str], urgent: bool) -> bool:
    """Tell whether some appointments have one in which a need can be met, urgent or not."""
    return any(offer.mode in modes and (urgent or not offer.urgent) for offer in offers)


def all_offers(practice: PracticeGroups, hours: Sequence[Hours | None]) -> Offers:
    """Return what each role of a practice has, with the opening hours of the seven weekdays."""
    return {name: frozenset(_offers(practice, name, hours)) for name in practice.role}


def _offers(practice: PracticeGroups, name: str, hours: Sequence[Hours | None]) -> Iterator[Offer]:
    role, by_day = practice.role[name], sessions_by_day(practice, name)
    each, for_triage = patient_minutes(practice, name), triage_by_day(practice, name)
    worked = {
        (here.opens, halves)
        for here, count, minutes, halves in zip(hours, by_day, for_triage, halves_by_day(practice, name), strict=True)
        if here is not None and count * each > minutes
    }
    for opens, halves in worked:
        yield from _of_template(practice, role, halves, opens)
    if worked:
        yield from _on_top(practice, role)
    appointments = practice.appointments
    if name == appointments.extra_role and appointments.extra_on_the_day_slots:
        rule, slots = appointments.releases[ON_THE_DAY], appointments.extra_on_the_day_slots
        for weekday, here in zip(WEEKDAYS, hours, strict=True):
            if here is not None and role.weekday_factor[weekday]:
                yield from _extra_slots(role, slots, rule, here.opens)


def _of_template(practice: PracticeGroups, role: Role, halves: Iterable[int], opens: int) -> Iterator[Offer]:
    for half in halves:
        at = float(role.sessions[half].starts)
        for block in role.blocks(half):
            rule = practice.appointments.releases[block.release]
            starts = (at, at + (block.slots - 1) * block.minutes)
            if not block.complex and not rule.flagged_only and any(_bookable(rule, start, opens) for start in starts):
                yield Offer(block.mode, rule.urgent_only, rule.online_bookable)
            at += block.slots * block.minutes


def _extra_slots(role: Role, slots: int, rule: Release, opens: int) -> Iterator[Offer]:
    for half, session in enumerate(role.sessions if not rule.flagged_only else ()):
        at, left = float(session.starts), slots
        for block in role.blocks(half):
            for _ in range(min(block.slots, left)):
                if _bookable(rule, at, opens):
                    yield Offer(block.mode, rule.urgent_only, rule.online_bookable)
                at += block.minutes
            left = max(0, left - block.slots)


def _on_top(practice: PracticeGroups, role: Role) -> Iterator[Offer]:
    rules = practice.triage.overbooking
    if rules is not None and rules.most_per_session and role.sees_patients:
        for mode in role.consultation_min:
            yield Offer(mode, urgent=practice.triage.kind in _ONLY_URGENT, on_top=True)


def _bookable(rule: Release, start: float, opening: int) -> bool:
    """Tell whether a slot that starts at a minute of the day can be booked before, while the practice is open."""
    if rule.hours_before is not None:
        opens = start - rule.hours_before * HOUR
    else:
        opens = float(rule.at - (rule.days_before or 0) * DAY)
    return opens < start and (start > opening or opens <= start - DAY)


def triage_by_day(practice: PracticeGroups, name: str) -> tuple[float, ...]:
    """Return the minutes of a role that are made for clinician triage on each weekday of a full week."""
    triage, by_day = practice.triage.clinician_triage, sessions_by_day(practice, name)
    if triage is None or triage.role != name:
        return (0.0,) * len(by_day)
    return triage_minutes_by_day(practice, by_day)


def judge_reach(practice: PracticeGroups, hours: Sequence[Hours | None]) -> None:
    """Raise ValueError naming every need, programme or clinician triage for which nobody has an appointment."""
    offers = all_offers(practice, hours)
    by_reason = dict[str, str]()  # what is missing, and where first: a role without a rota is told of once
    for where, why, mend in (*_kinds(practice, offers), *_programmes(practice, offers)):
        by_reason.setdefault(why, f"{where}: {why}{mend}")
    if found := [*_clinician_triage(practice, hours), *by_reason.values()]:
        raise Several(found)


Reason = tuple[str, str, str]
"""Where nobody has an appointment, why not, and how to mend it."""


def _programmes(practice: PracticeGroups, offers: Offers) -> Iterator[Reason]:
    for name, programme in practice.planned.programmes.items():
        bookable = [offer for offer in offers[programme.role] if not offer.on_top]
        if practice.planned.level * programme.uptake_share == 0:
            continue
        for modes in _modes_of(programme):
            if not sees(bookable, modes, False):
                why = _why_not(practice, offers, programme.role, modes, False)
                yield f"planned.programmes.{name}.role", why, _mend(practice, offers, modes, False, practice.role)


def _modes_of(programme: Programme) -> Iterator[frozenset[str]]:
    """Yield the sets of modes in which a programme is done for some people."""
    if programme.modes:
        yield from (frozenset((mode,)) for mode, share in programme.modes.items() if share > 0)
    else:
        yield AT_HOME_ONLY if programme.home_visit else ANY_MODE


def _clinician_triage(practice: PracticeGroups, hours: Sequence[Hours | None]) -> Iterator[str]:
    triage = practice.triage.clinician_triage
    if triage is None:
        return
    patient_time = patient_minutes(practice, triage.role)
    if patient_time < triage.mean_min:
        yield (
            f"triage.clinician_triage.role: a session of {triage.role} has {patient_time:g} minutes of appointments, "
            f"and clinician triage takes {triage.mean_min:g}"
        )
    elif not any(minutes for minutes, here in zip(triage_by_day(practice, triage.role), hours, strict=True) if here):
        yield f"triage.clinician_triage.role: {triage.role} does not work while the practice is open"


def _kinds(practice: PracticeGroups, offers: Offers) -> Iterator[Reason]:
    for name, kind in practice.demand.kinds.items():
        if kind.share * kind.level > 0:
            yield from _kind(practice, offers, name, kind)


def _kind(practice: PracticeGroups, offers: Offers, name: str, kind: Kind) -> Iterator[Reason]:
    row = roles_in(practice.triage.places[name])
    overbooking = practice.triage.overbooking
    last = (overbooking.fallback_role,) if overbooking is not None and overbooking.fallback_role else ()
    for modes in _modes(practice, kind) if row else ():
        for urgent in _urgent(kind):
            if not any(sees(offers[role], modes, urgent) for role in (*row, *last)):
                most = max(row, key=lambda role: row[role])
                able = [role for role in practice.role if practice.role[role].scope.get(name)]
                others = ", nor has anybody else there" if len(row) > 1 else ""
                mend = others + _mend(practice, offers, modes, urgent, able)
                yield f"triage.places.{name}.{most}", _why_not(practice, offers, most, modes, urgent), mend
                return


def _urgent(kind: Kind) -> Iterator[bool]:
    """Yield whether such needs are urgent: those of today, and those that can wait or are followed up."""
    if kind.today_share > 0:
        yield True
    if kind.today_share < 1 or kind.follow_up_share > 0:
        yield False


def _modes(practice: PracticeGroups, kind: Kind) -> Iterator[frozenset[str]]:
    """Yield the sets of modes in which some people have such a need met."""
    housebound, others = _whose(practice, kind)
    if kind.home_visit_share > 0 and housebound:
        yield AT_HOME_ONLY
    if others or kind.home_visit_share < 1:
        if kind.face_to_face_share > 0:
            yield SEEN_ONLY
        if kind.face_to_face_share < 1:
            yield ANY_MODE


def _whose(practice: PracticeGroups, kind: Kind) -> tuple[bool, bool]:
    """Tell whether such needs are had by people who may have to be seen at home, and by others."""
    segments = {
        segment
        for name, age in practice.people.ages.items()
        for segment, share in age.segments.items()
        if age.share * share * kind.for_ages.get(name, 1.0) * kind.for_segments.get(segment, 1.0) > 0
    }
    return bool(segments & set(HOUSEBOUND)), bool(segments - set(HOUSEBOUND))


def _why_not(practice: PracticeGroups, offers: Offers, role: str, modes: frozenset[str], urgent: bool) -> str:
    """Say why a role cannot see people in some modes."""
    what = _SAID[modes]
    if not practice.works(role):
        return f"some need {what}, and {role} has no rota: fte_per_10000 or fte_level is 0"
    if sees(offers[role], modes, True) and not urgent:
        return f"some need {what} and not the same day, and {role} has urgent ones alone"
    return f"some need {what}, and {role} has none that can be booked"


def _mend(practice: PracticeGroups, offers: Offers, modes: frozenset[str], urgent: bool, able: Iterable[str]) -> str:
    """Name the nearest mend: a role that has what is needed, or the template to add it to."""
    able = [role for role in able if practice.works(role)]
    has = [role for role in able if sees(offers[role], modes, urgent)]
    if has:
        return f"; did you mean {has[0]}?"
    mode = FACE_TO_FACE if FACE_TO_FACE in modes else next(iter(modes))
    return f"; add {mode} to role.{able[0]}.template" if able else ""
