"""What services somebody touched and how often, and who is chosen where a reader names what it is to be about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.report.names import is_child, many
from pcqa_sim.report.tale import Tale
from pcqa_sim.results.columns import Columns
from pcqa_sim.results.metrics import Counted
from pcqa_sim.scenario.reach import CARE_HOME
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import WEEK
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.needs import CALL_ANOTHER_DAY, FAILURE_CAUSES, NETWORK_HUB, NEVER_ASKED, SENT_ON, SIGNPOSTED
from pcqa_sim.values.words import GP, Channel, Service

OFTEN_A_MONTH = 3  # contacts; pcqa_frequent_attender_rule: more than that is often
_MONTH = 365.25 / 12 / 7  # weeks
_ELSEWHERE = {one.value: one.phrase for one in Service} | {NETWORK_HUB: "the network's hub"}


def summary(tales: list[Tale], usual: str) -> str:
    """Return in a sentence how many needs somebody had, and how often they met which service."""
    asked = [tale for tale in tales if not tale.planned]
    never = sum(line.code == NEVER_ASKED for tale in asked for line in tale.lines if line.event == log.NEED_CLOSED)
    contacts = [line for tale in tales for line in tale.lines if line.event == log.CONTACT_OPENED]
    made = [line for line in contacts if line.who not in (Channel.PRACTICE, Channel.BEFORE_THE_RUN)]
    failure = sum(line.code in FAILURE_CAUSES for line in made)
    seen = [line.who for tale in tales for line in tale.lines if line.event == log.CONSULT_ENDED]
    missed = sum(line.event == log.DID_NOT_ATTEND for tale in tales for line in tale.lines)
    invited = len(tales) - len(asked)
    parts = [
        many(len(asked), "need") + (f" ({never} never asked about)" if never else ""),
        *([f"{many(invited, 'invitation')} to planned care"] if invited else []),
        many(len(made), "contact") + " with the practice" + (f" ({failure} failure demand)" if failure else ""),
        many(len(seen), "consultation") + (f" with {many(len(set(seen)), 'clinician')}" if seen else ""),
    ]
    with_gp = [who for who in seen if who.split(".")[0] == GP]
    if with_gp and usual:
        parts[-1] += f" ({sum(who == usual for who in with_gp)} of {len(with_gp)} with a GP were with the usual one)"
    parts += [f"{many(missed, 'appointment')} missed"] if missed else []
    places = {name: tale.names.place(name) for tale in tales for name in tale.names.places}
    there = ((_ELSEWHERE.get(name) or places.get(name, name), number) for name, number in _elsewhere(tales).items())
    parts += [f"{_times(number)} to {name}" for name, number in there]
    return f"{'; '.join(parts)}."


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _elsewhere(tales: list[Tale]) -> dict[str, int]:
    """Return how often somebody went to each other service: sent there by the practice or of their own accord."""
    found = dict.fromkeys(_ELSEWHERE, 0)
    lines = [line for tale in tales for line in tale.lines]
    places = {line.who for line in lines if line.event == log.PLACE_SENT}  # whose sessions are told themselves
    for line in lines:
        if line.event in (log.DECIDED, log.NEXT_ACTION, log.ALSO_WENT, log.CARE_HOME_CALLED):
            name = line.code.removeprefix(SIGNPOSTED).removeprefix(SENT_ON)
            if name in found and not (name in places and line.event == log.DECIDED):
                found[name] += 1
        elif line.event == log.PLACE_SESSION:
            found[line.who] = found.get(line.who, 0) + 1
    return {name: number for name, number in found.items() if number}


@dataclass(frozen=True)
class About:
    """What a story may be about: what is true of the people among whom one is chosen, and who they are."""

    who: str
    people: Callable[[Counted], NDArray[np.int64]]


def _after_warm_up(c: Counted) -> Columns:
    """Return the contacts that people made for needs that arose after the warm-up: those that are told."""
    made = c.tables.contact_columns
    by_person = ~made.words("channel").isin((Channel.PRACTICE.value, Channel.BEFORE_THE_RUN.value))
    arose = c.tables.need_columns["arose"][c.tables.needs_of(log.CONTACT_OPENED)]
    return made.where(by_person & (arose >= c.scenario.run.warm_up_weeks * WEEK))


def _urgent(c: Counted) -> NDArray[np.int64]:
    told = _after_warm_up(c)
    flagged = np.isin(told["need"], c.tables.rows(log.FLAGGED).need)
    return np.asarray(np.unique(told["person"][flagged]), dtype=np.int64)


def _refused(c: Counted) -> NDArray[np.int64]:
    made = _after_warm_up(c)
    return np.asarray(np.unique(made["person"][made.words("disposition") == CALL_ANOTHER_DAY]), dtype=np.int64)


def _of(c: Counted, place: NDArray[np.int64], wanted: list[int]) -> NDArray[np.int64]:
    who = np.unique(_after_warm_up(c)["person"])
    return np.asarray(who[np.isin(place[who], wanted)], dtype=np.int64)


def _child(c: Counted) -> NDArray[np.int64]:
    return _of(c, c.people.age, [at for at, name in enumerate(c.people.ages) if is_child(name)])


def _care_home(c: Counted) -> NDArray[np.int64]:
    return _of(c, c.people.segment, [at for at, name in enumerate(c.people.segments) if name == CARE_HOME])


def _frequent(c: Counted) -> NDArray[np.int64]:
    made = np.bincount(_after_warm_up(c)["person"], minlength=len(c.people))
    return np.flatnonzero(made > OFTEN_A_MONTH * c.scenario.run.measured_weeks / _MONTH)


ABOUT: dict[str, About] = {
    "urgent": About("people with a need that somebody took for urgent", _urgent),
    "refused": About("people who were told to call another day", _refused),
    "care_home": About("people in care homes for whom somebody asked", _care_home),
    "frequent": About(f"people with more than {OFTEN_A_MONTH} contacts a month", _frequent),
    "child": About("children for whom somebody asked", _child),
}
"""What `pcqa story --about` may be about."""


def known_about(about: str) -> About:
    """Return what is meant by a name that a reader gives; raise BadInput for one there is not."""
    if about not in ABOUT:
        raise BadInput(Fault("--about", f"one of: {', '.join(ABOUT)}", about, nearest(about, ABOUT)))
    return ABOUT[about]


def chosen(counted: Counted, about: str) -> tuple[int, str]:
    """Return a person whom a story of some sort is about, and how they were chosen; raise BadInput where nobody is.

    It is the one in the middle by contacts, so that the story is neither the shortest nor the strangest there is.
    """
    wanted = known_about(about)
    people = wanted.people(counted)
    if not len(people):
        rule = f"there are no {wanted.who} in this run; try a longer one (--years 1) or a larger list"
        raise BadInput(Fault("--about", rule, about))
    contacts = np.bincount(_after_warm_up(counted)["person"], minlength=len(counted.people))[people]
    person = int(people[np.argsort(contacts, kind="stable")[len(people) // 2]])
    return person, f"Chosen as the one in the middle, by contacts, of the {len(people):,} {wanted.who}."
