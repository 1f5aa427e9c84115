"""Names as people say them: needs, clinicians, times and amounts of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pcqa_sim.clinic.staff import EXTRA, LOCUM, is_shared
from pcqa_sim.results.metrics import Counted
from pcqa_sim.results.metrics.counted import VIDEO_ONLINE
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.reach import CARE_HOME
from pcqa_sim.values.clock import DAY, WorkingCalendar, clock_time, day_of
from pcqa_sim.values.words import Mode

SECOND = 1 / 60
ROUNDING = 0.01  # minutes; amounts are kept in 32 bits, and 09:20 must not read 09:19
_LAST_MINUTES = 90

KINDS = {
    "acute_minor": "a minor illness",
    "acute_urgent": "an urgent illness",
    "ongoing_condition": "an ongoing condition that needs attention",
    "musculoskeletal": "a musculoskeletal problem",
    "mental_health": "a mental health problem",
    "medication": "a question about medicines",
    "test_result": "a question about a test result",
    "administrative": "paperwork: a note, letter or form",
    "social": "trouble with life",
    "frailty_crisis": "a crisis of frailty",
    "child_health": "a child who is unwell",
    "hospital_generated": "something the hospital has passed on to the practice",
    "social_care_generated": "something social care has passed on to the practice",
}
PUBLISHED_MODES = {
    Mode.FACE_TO_FACE.value: Mode.FACE_TO_FACE.phrase,
    Mode.TELEPHONE.value: Mode.TELEPHONE.phrase,
    VIDEO_ONLINE: "by video or in writing",
    Mode.HOME_VISIT.value: Mode.HOME_VISIT.phrase,
}
"""The modes as published series group them."""
_SEGMENTS = {
    "stable_long_term_condition": "with a stable long-term condition",
    "frail_or_complex": "frail or with complex needs",
    "mental_and_physical": "with mental and physical needs",
    "young_people_in_distress": "in distress",
    "young_families": "of a young family",
    "care_home": "living in a care home",
}
_CHILDREN = 18
THE_PERSON, A_PARENT, OF_THE_STAFF = "the person", "a parent", "somebody of the care home's staff"
"""Who asks: people themselves, or somebody for a child or for a resident of a care home."""


def words(name: str) -> str:
    """Return a settings' name as words: "mental health" of mental_health."""
    return name.replace("_", " ")


GROUPS = {"segment": "people who are", "age": "people aged", "deprivation": "deprivation fifth", "sex": ""}
"""What groups of persons are called."""
_PAYERS = {
    "practice": "the practice",
    "network": "the network",
    "nhs_elsewhere": "the NHS elsewhere",
    "community": "people and volunteers",
    "local_government": "local government",
    "third_sector": "charities",
}
_RECEPTION = {"call_handler": "call handlers", "front_desk": "desk and inbox"}


def of_group(group: str, practice: Practice) -> str:
    """Return what a group of a metric is called: "clinical pharmacist" of role=pharmacist, "people aged 65 to 74"."""
    if " " in group:
        return ", ".join(of_group(part, practice) for part in group.split())
    word, _, name = group.partition("=")
    if word in GROUPS:
        return of_persons(group)
    if word == "place" and name in practice.community:
        return practice.community[name].title
    if word == "band":
        return _band(name)
    if word == "prefers":
        return "of those who prefer one"
    if word == "role":
        return practice.role[name].title if name in practice.role else _RECEPTION.get(name, words(name))
    return _PAYERS.get(name, words(name)) if word == "payer" else words(name)


def _band(name: str) -> str:
    """Return what a band of seconds is called: "30 to 60 seconds" of 30_60, "over 300 seconds" of 300_up."""
    first, _, last = name.partition("_")
    return f"over {first} seconds" if last == "up" else f"{first} to {last} seconds"


def of_persons(group: str) -> str:
    """Return what a group of persons is called: "people aged 65 to 74", "deprivation fifth 1", "frail or complex"."""
    word, _, name = group.partition("=")
    said = f"{name.removesuffix('_up')} or over" if name.endswith("_up") else name
    joined = " to ".join(said.split("_")) if word == "age" and "_" in said else words(said)
    return joined if word in ("segment", "sex") else f"{GROUPS[word]} {joined}"


def in_reading_order(groups: Iterable[str]) -> list[str]:
    """Return groups of persons as they are read: sexes, segments as they come, ages by age, fifths by deprivation."""
    return sorted(groups, key=_reading_place)


def _reading_place(group: str) -> tuple[int, int]:
    word, _, name = group.partition("=")
    first = name.partition("_")[0]
    counted = word in ("age", "deprivation") and first.isdigit()
    return ("sex", "segment", "age", "deprivation").index(word), int(first) if counted else 0


def capital(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]


def many(number: int, word: str) -> str:
    """Return "1 caller" or "2 callers"."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def minutes(amount: float) -> str:
    """Return an amount of minutes in words: "20 seconds", "4 minutes", "3 hours", "2 days"."""
    if round(amount * 60) < 60:
        return many(round(amount * 60), "second")
    if amount < _LAST_MINUTES:
        return many(round(amount), "minute")
    return many(round(amount / 60), "hour") if amount < 2 * DAY else many(round(amount / DAY), "day")


def at_once(amount: float) -> bool:
    """Tell whether an amount of minutes is less than a second."""
    return amount < SECOND


def date(day: int, calendar: WorkingCalendar) -> str:
    """Return "Thursday 5 February"."""
    that_day = calendar.date(day)
    return f"{that_day:%A} {that_day.day} {that_day:%B}"


def when(now: float, amount: float, calendar: WorkingCalendar, at: str) -> str:
    """Return when something is that comes so many minutes from now: "tomorrow at 09:20"."""
    then = now + amount + ROUNDING
    days = day_of(then) - day_of(now)
    day = "today" if days == 0 else "tomorrow" if days == 1 else f"on {date(day_of(then), calendar)}"
    return f"{day} {at} {clock_time(then)}"


@dataclass(frozen=True)
class Names:
    """What a practice calls its roles and programmes, by their keys in the settings, and somebody's usual GP."""

    roles: Mapping[str, str]
    programmes: Mapping[str, str]
    usual: str = ""
    asker: str = THE_PERSON
    places: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, practice: Practice, usual: str = "", asker: str = THE_PERSON) -> Names:
        """Return the names a practice uses, for somebody with a usual GP and whoever asks for them."""
        return cls(
            {key: role.title for key, role in practice.role.items()},
            {key: programme.title for key, programme in practice.planned.programmes.items()},
            usual,
            asker,
            {key: place.title for key, place in practice.community.items()},
        )

    def kind(self, kind: str) -> str:
        """Return what a need is about: "a musculoskeletal problem", "blood test"."""
        return self.programmes.get(kind) or KINDS.get(kind) or words(kind)

    def place(self, key: str) -> str:
        """Return a place in the community as it stands in a sentence: "talking therapies"."""
        return self.places.get(key) or words(key)

    def clinician(self, key: str) -> str:
        """Return a clinician as a person: "GP 3" of gp.3, "extra GP 1" of gp.extra1."""
        role, _, number = key.partition(".")
        title = self.roles.get(role, words(role))
        if number.startswith(EXTRA):
            return f"extra {title} {number.removeprefix(EXTRA)}"
        if number.startswith(LOCUM):
            return f"a locum {title}"
        if is_shared(key):
            where, _, number = number.rpartition("_")
            return f"{title} {number} ({words(where)})"
        return f"{title} {number}".rstrip()

    def familiar(self, key: str) -> str:
        """Return a clinician, and for a GP whether they are the person's usual one."""
        title = self.clinician(key)
        if not self.usual or key.partition(".")[0] != self.usual.partition(".")[0]:
            return title
        return f"{title}, their usual GP," if key == self.usual else f"{title}, not their usual GP,"


def asker(counted: Counted, person: int) -> str:
    """Return who asks for somebody: "the person", "a parent" of a child, "somebody of the care home's staff"."""
    people = counted.people
    if is_child(people.ages[int(people.age[person])]):
        return A_PARENT
    at_home = people.segments[int(people.segment[person])] == CARE_HOME
    return OF_THE_STAFF if at_home else THE_PERSON


def is_child(age: str) -> bool:
    """Tell whether an age band ends before 18: "age_5_17"."""
    last = age.removeprefix("age_").split("_")[-1]
    return last.isdigit() and int(last) < _CHILDREN


def about(counted: Counted, person: int) -> str:
    """Return who somebody is: "a woman of 50 to 64, stable long-term condition, ..."."""
    people = counted.people
    ages = people.ages[int(people.age[person])].removeprefix("age_").split("_")
    segment = people.segments[int(people.segment[person])]
    fifth = f"deprivation fifth {int(people.deprivation[person])} of {len(people.fifths)}"
    usual = counted.usual[person]
    own = f"; usual GP: {Names.of(counted.practice).clinician(usual)}" if usual else ""
    return f"{_who(ages, bool(people.female[person]))}, {_SEGMENTS.get(segment) or words(segment)}, {fifth}{own}."


def _who(ages: Sequence[str], female: bool) -> str:
    """Return "a boy of 5 to 17" for the ages 5 and 17."""
    child = ages[-1].isdigit() and int(ages[-1]) < _CHILDREN
    noun = ("girl" if female else "boy") if child else "woman" if female else "man"
    return f"A {noun} of {f'{ages[0]} or over' if ages[-1] == 'up' else ' to '.join(ages)}"
