"""What is odd in a practice, which data it has of its own, and what is filled from national rates, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pcqa_sim.report.console import Section
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.scenario.checks import RECEPTION
from pcqa_sim.scenario.team import halves_by_day, named_week, sessions_by_day, weekly_sessions
from pcqa_sim.values.clock import WEEKDAYS, Hours, clock_time
from pcqa_sim.values.needs import FACE_TO_FACE, HOME_VISIT
from pcqa_sim.values.words import GP

FEW, MANY = 0.6, 1.6
"""Times the national mean of full-time equivalents; assumption: outside, a slip is likelier than such a practice."""
MOST_AT_ONCE_PER_1000 = 3.0  # assumption: clinicians at work at once for 1,000 patients; more is likelier a slip
_CORE = Hours(8 * 60, 18 * 60 + 30)


def odd(scenario: Scenario, national: Practice) -> list[str]:
    """Return what is odd in the only practice of a scenario, a sentence each."""
    practice = next(iter(scenario.practices.values()))
    hours = scenario.calendar.working().hours
    return [
        *_staff_against_list(practice, national),
        *_at_once(practice),
        *_without_work(practice),
        *_unwanted_slots(practice),
        *_days_without_gps(practice, hours),
        *_reception(practice, hours),
        *_form(practice),
    ]


def _staff_against_list(practice: Practice, national: Practice) -> Iterator[str]:
    for name, role in practice.role.items():
        usual = national.role.get(name)
        mean = usual.weekly_sessions(10_000) / usual.sessions_per_fte if usual else 0.0
        here = practice.fte(name) / practice.list_size * 10_000
        if mean and here and not FEW <= here / mean <= MANY:
            yield (
                f"{role.title}: {practice.fte(name):.1f} full-time equivalents for {practice.list_size:,} patients are "
                f"{here:.1f} per 10,000; the national mean is {mean:g}."
            )


def _at_once(practice: Practice) -> Iterator[str]:
    """Find more clinicians at once than there are rooms, or than is likely."""
    most, when = 0, ""
    for weekday, day in enumerate(WEEKDAYS):
        for half, word in enumerate(("morning", "afternoon")):
            here = sum(_in_a_room(practice, name, weekday, half) for name in practice.role)
            if here > most:
                most, when = here, f"{day.capitalize()} {word}"
    rooms = practice.appointments.rooms
    if rooms is not None and most > rooms:
        yield f"{when} has {most} clinicians who see patients face to face, and there are {rooms} rooms."
    elif most > MOST_AT_ONCE_PER_1000 * practice.list_size / 1000 + 1:
        yield f"{when} has {most} clinicians at work at once for {practice.list_size:,} patients."


def _in_a_room(practice: Practice, name: str, weekday: int, half: int) -> int:
    """Return how many of a role see people face to face in one half of a weekday."""
    role = practice.role[name]
    if half >= len(role.sessions) or all(block.mode != FACE_TO_FACE for block in role.blocks(half)):
        return 0
    if role.people is not None:
        return sum(one[:2] == (weekday, half) for one in named_week(practice, name))
    count, halves = sessions_by_day(practice, name)[weekday], len(role.sessions)
    return count // halves + (half < count % halves)


def _asked_for(practice: Practice, name: str) -> list[str]:
    """Return the kinds of need that are sent to a role."""
    return [
        kind for kind, row in practice.triage.places.items() if row.get(name, 0) > 0 and kind in practice.demand.kinds
    ]


def _without_work(practice: Practice) -> Iterator[str]:
    triage, office = practice.triage, practice.backoffice
    for name, role in practice.role.items():
        if not practice.works(name):
            continue
        planned = [one for one in practice.planned.programmes.values() if one.role == name]
        covers = any(name in others for others in triage.cover.values())
        looks = triage.clinician_triage is not None and triage.clinician_triage.role == name
        papers = any(item.by.get(name, 0) > 0 for item in office.items.values())
        if role.sees_patients and not (_asked_for(practice, name) or planned or covers or looks):
            yield f"{role.title}: no need is sent to them; say in role.{name}.out_of whose patients they see."
        if not role.sees_patients and not papers:
            yield f"{role.title}: no paperwork is theirs; see backoffice.items."


def _unwanted_slots(practice: Practice) -> Iterator[str]:
    kinds = practice.demand.kinds
    for name, role in practice.role.items():
        sent = _asked_for(practice, name)
        planned = any(one.role == name and one.home_visit for one in practice.planned.programmes.values())
        visits = planned or any(kinds[kind].home_visit_share > 0 for kind in sent)
        offers = any(block.mode == HOME_VISIT for blocks in role.templates.values() for block in blocks)
        if practice.works(name) and offers and not visits:
            yield f"{role.title}: they have slots for home visits, and no need sent to them wants one."


def _days_without_gps(practice: Practice, hours: Sequence[Hours | None]) -> Iterator[str]:
    worked = halves_by_day(practice, GP) if GP in practice.role else ((),) * len(WEEKDAYS)
    days = [day.capitalize() for day, here, halves in zip(WEEKDAYS, hours, worked, strict=True) if here and not halves]
    if days:
        yield f"No GP works on {_listed(days)}."


def _reception(practice: Practice, hours: Sequence[Hours | None]) -> Iterator[str]:
    """Find hours in which nobody answers calls, and lines that cannot be used."""
    rota, gaps, most = practice.rota, dict[str, list[str]](), 0.0
    for weekday, here in enumerate(hours):
        if here is None:
            continue
        steps = rota.phone.of_weekday(weekday)
        most = max(most, *steps.values())
        for start, end in _nobody(steps, here):
            gaps.setdefault(f"from {clock_time(start)} to {clock_time(end)}", []).append(WEEKDAYS[weekday].capitalize())
    for when, days in gaps.items():
        yield f"Nobody answers calls {when} on {_listed(days)}."
    if practice.phones.lines < most:
        yield f"{most:g} people answer calls on {practice.phones.lines} lines: some of them have no line."


def _nobody(steps: dict[int, float], here: Hours) -> Iterator[tuple[int, int]]:
    """Yield from when till when nobody is rostered while the practice is open."""
    times = [*sorted(steps), here.closes]
    for start, end in pairwise(times):
        first, last = max(start, here.opens), min(end, here.closes)
        if steps.get(start, 0) == 0 and first < last:
            yield first, last


def _form(practice: Practice) -> Iterator[str]:
    open_hours = practice.channels.form.hours
    if open_hours is not None and (open_hours.opens > _CORE.opens or open_hours.closes < _CORE.closes):
        yield (
            f"The online form is open {clock_time(open_hours.opens)} to {clock_time(open_hours.closes)}; the contract "
            "asks for core hours, 08:00 to 18:30."
        )


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


@dataclass(frozen=True)
class Item:
    """One thing a practice may say: what it is called, and the keys of its file that say it."""

    title: str
    keys: tuple[str, ...]


DATA_ITEMS = (
    Item("patterns of demand", ("observed", "counts.calls_a_day", "counts.monday_calls_times", "demand_level")),
    Item(
        "how appointments are offered",
        ("role.gp.template", "role.gp.sessions", "appointments.releases", "counts.same_day_percent"),
    ),
    Item("who is turned away", ("counts.told_another_day_a_day",)),
    Item("frequent and low attenders", ("counts.top_tenth_percent", "people.trait_shape", "people.segments")),
    Item("appointments not attended", ("counts.dna_percent", "appointments.not_attending")),
    Item("skill mix", ("role",)),
    Item("back office", ("backoffice", "role.administrator")),
)
"""The data items of the Primary Care Quality Assessment that a model of a practice rests on."""
FORM = (
    Item("registered patients", ("list_size",)),
    Item("their ages", ("people.ages",)),
    Item("the level of demand", ("demand_level",)),
    Item("rooms", ("appointments.rooms",)),
    Item("the access model", ("triage.model",)),
    Item("telephone lines", ("phones.lines",)),
    Item("extended hours of the telephone", ("phones.extended_hours",)),
    Item("who answers calls", ("rota.phone",)),
    Item("who is at the desk", ("rota.desk",)),
    Item("hours of the online form", ("channels.form",)),
    Item("slots by type and release", ("role.gp.template", "role.gp.sessions")),
)


def says(item: Item, said: Iterable[str]) -> bool:
    """Tell whether any of the keys of a file says something of an item."""
    return any(f"{key}.".startswith(f"{one}.") for key in said for one in item.keys)


def readiness(said: Sequence[str]) -> list[str]:
    """Return which data items the practice has of its own, and which are national, a line each."""
    width = max(len(item.title) for item in DATA_ITEMS)
    return [f"{item.title:<{width}}  {'your own' if says(item, said) else 'national'}" for item in DATA_ITEMS]


def filled(practice: Practice, said: Sequence[str]) -> list[str]:
    """Return what was not said and is filled, with what it was filled with, a line each."""
    lines = [item.title for item in FORM if not says(item, said)]
    for name, role in practice.role.items():
        if practice.works(name) and not says(Item("", (f"role.{name}",)), said):
            sessions = weekly_sessions(practice, name)
            lines.append(
                f"{role.title}: {practice.fte(name):.1f} full-time equivalents, {sessions:.0f} half days a week"
            )
    return lines


def sections(scenario: Scenario, national: Practice, said: Sequence[str]) -> list[Section]:
    """Return all of the check but the map."""
    practice = next(iter(scenario.practices.values()))
    found = odd(scenario, national)
    return [
        Section("What is odd?", found or ["Nothing that is looked for."]),
        Section("Which data are your own?", (), readiness(said)),
        Section("Filled from national rates, as nothing is said of it", (), filled(practice, said) or ["nothing"]),
    ]


def to_roles(practice: Practice) -> dict[str, float]:
    """Return where needs are sent: share by role, and to reception, which settles them."""
    kinds = practice.demand.kinds
    weights = {kind: one.share * one.level for kind, one in kinds.items()}
    total = sum(weights.values()) or 1.0
    found: dict[str, float] = {}
    for kind, weight in weights.items():
        row = practice.triage.places.get(kind, {})
        for place, share in row.items():
            found[place] = found.get(place, 0.0) + weight / total * share
    found[RECEPTION] = found.get(RECEPTION, 0.0)
    return found
