"""Why two scenarios differ, read aloud: how many needs went differently, where their stories part, and some of them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from pcqa_sim.report.names import Names
from pcqa_sim.report.story import CALLED_IN, lines_of, read
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.pair import Comparison
from pcqa_sim.study.why import NOTHING, Kind, Parting, Step, Why, why
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import FAILURE_CAUSES, PLANNED_FOLLOW_UP

MOST_KINDS = 6
LEAST_SHARE = 0.02
_PHRASES = {
    (log.ENGAGED, ""): "hears the engaged tone",
    (log.MENU_ENDED, "informed"): "gets the answer from the recorded menu",
    (log.MENU_ENDED, "balked"): "is put off by the recorded menu",
    (log.MENU_ENDED, "closed"): "hears that the practice is closed",
    (log.CALLBACK_REQUESTED, ""): "asks to be called back",
    (log.MISSED, "queue"): "gives up waiting on the phone",
    (log.MISSED, "misdial"): "hangs up as it begins to ring",
    (log.MISSED, "closing"): "is cut off at closing time",
    (log.MISSED, "closed"): "hangs up during the closed message",
    (log.ANSWERED, ""): "is answered",
    (log.CALLED_BACK, ""): "is called back",
    (log.FRONT_SEEN, ""): "is seen to by a receptionist",
    (log.DECIDED, "booked_today"): "gets one of the day's appointments",
    (log.DECIDED, "booked_ahead"): "gets an appointment on a later day",
    (log.DECIDED, "settled_by_reception"): "has it settled by the receptionist",
    (log.DECIDED, "paperwork_to_do"): "has it passed on by the receptionist, to be written",
    (log.DECIDED, "call_another_day"): "is told to ring another day",
    (log.DECIDED, "appointment_stands"): "is told that the appointment stands",
    (log.DECIDED, "result_not_back"): "is told that it is not there yet",
    (log.BOOKED, ""): "has an appointment",
    (log.CANCELLED, "patient"): "cancels the appointment",
    (log.CANCELLED, "practice"): "loses an appointment that the practice cancels",
    (log.CONSULT_ENDED, "resolved"): "is seen and leaves with the need met",
    (log.CONSULT_ENDED, "awaiting_test"): "is seen and waits for the result of a test",
    (log.CONSULT_ENDED, "planned_follow_up"): "is seen and asked to come again for a follow-up",
    (log.CONSULT_ENDED, ""): "is seen, but the need is not resolved",
    (log.SQUEEZED, ""): "is seen late and in a hurry",
    (log.DID_NOT_ATTEND, ""): "does not come to the appointment",
    (log.RESULT_BACK, ""): "hears of the result",
    (log.NEED_CLOSED, "recovered"): "recovers before anything more happens",
}


@dataclass(frozen=True)
class Told:
    """Why one practice's results differ, in sentences: the sum of it, then one entry a kind of parting."""

    sums: tuple[str, ...]
    kinds: tuple[KindTold, ...]
    rest: str


@dataclass(frozen=True)
class KindTold:
    """One kind of parting: a sentence, an example as both stories tell it, and its numbers to read in full."""

    sentence: str
    example: tuple[str, ...]
    needs: tuple[int, ...]


def phrase(step: Step) -> str:
    """Return what happened at a step, in words that continue "the person"; unknown events are named as they are."""
    event, who, code = step
    if step == NOTHING:
        return "has nothing more to do with the practice before the run ends"
    if event == log.CONTACT_OPENED:
        reason = FAILURE_CAUSES.get(code, "")
        if code == PLANNED_FOLLOW_UP:
            return "comes for the planned follow-up"
        return f"asks again, because the person {reason}" if reason else "asks for help"
    if event == log.NEXT_ACTION:
        return f"goes another way ({code.replace('_', ' ')})"
    known = _PHRASES.get((event, code)) or _PHRASES.get((event, ""))
    rest = [word.replace("_", " ") for word in (code, who) if word]
    return known or f"has '{event.replace('_', ' ')}'" + (f" ({', '.join(rest)})" if rest else "")


def explain(comparison: Comparison, other: str, practice: str) -> tuple[Why, Told]:
    """Return why a scenario differs from the base in replication 0; its event logs must have been kept."""
    alternative = comparison.others[other]
    logs = comparison.base.units[0].log, alternative.units[0].log
    assert logs[0] is not None
    assert logs[1] is not None
    found = why(*logs, comparison.base.scenario, practice)
    return found, told(found, logs[0], logs[1], comparison.base.scenario, practice)


def told(found: Why, base: pa.Table, other: pa.Table, scenario: Scenario, practice: str) -> Told:
    """Return what went differently in sentences."""
    kinds = found.kinds()
    shown = [kind for kind in kinds if kind.needs >= LEAST_SHARE * len(found.partings)][:MOST_KINDS]
    days = _working_days(scenario)
    said = [
        KindTold(_kind(kind), _example(kind.examples[0], base, other, scenario, practice), _needs(kind))
        for kind in shown
    ]
    return Told(tuple(_sums(found, days)), tuple(said), _rest(kinds, shown))


def _sums(found: Why, days: int) -> list[str]:
    if not found.partings:
        return [
            f"Each of the {found.needs:,} needs went the same way in both"
            + (f", {found.shifted:,} of them with other waits." if found.shifted else ", to the minute.")
        ]
    counted = f"{_fewer(found.failures, 'failure contact')} ({_fewer(found.contacts, 'contact')} in all)"
    return [
        f"{found.needs:,} needs arose, with the same luck in both. {found.same:,} went the same way to the minute, "
        f"{found.shifted:,} the same way with other waits, and {len(found.partings):,} went differently.",
        f"Over the measured weeks that makes {counted}, or {abs(found.failures) / max(days, 1):,.1f} failure contacts "
        f"{'fewer' if found.failures < 0 else 'more'} a working day.",
    ]


def _kind(kind: Kind) -> str:
    many = "1 need" if kind.needs == 1 else f"{kind.needs:,} needs"
    return f"{many}: the person {phrase(kind.base)}; with the change, {phrase(kind.other)}. {_effect(kind.failures)}"


def _needs(kind: Kind) -> tuple[int, ...]:
    return tuple(one.need for one in kind.examples)


def _rest(kinds: Sequence[Kind], shown: Sequence[Kind]) -> str:
    rest = [kind for kind in kinds if kind not in shown]
    if not rest:
        return ""
    needs, failures = sum(kind.needs for kind in rest), sum(kind.failures for kind in rest)
    return f"{needs:,} {'more parts' if needs == 1 else 'more part'} in other ways. {_effect(failures)}"


def _effect(failures: int) -> str:
    if not failures:
        return "That makes no difference to failure contacts."
    return f"That makes {_fewer(failures, 'failure contact')}."


def _fewer(number: int, word: str) -> str:
    return f"{abs(number):,} {'fewer' if number < 0 else 'more'} {word}{'' if abs(number) == 1 else 's'}"


def _working_days(scenario: Scenario) -> int:
    calendar, first = scenario.calendar.working(), scenario.run.warm_up_weeks * 7
    return sum(calendar.hours_of(day) is not None for day in range(first, scenario.weeks * 7))


def _example(parting: Parting, base: pa.Table, other: pa.Table, scenario: Scenario, practice: str) -> tuple[str, ...]:
    """Return where one need's two stories part, a sentence from each, with day and time."""
    return (
        f"base: {_moment(base, parting.need, parting.base_row, scenario, practice)}",
        f"changed: {_moment(other, parting.need, parting.other_row, scenario, practice)}",
    )


def _moment(table: pa.Table, need: int, row: int, scenario: Scenario, practice: str) -> str:
    """Return the line that a need's story has for one of its rows, after its day."""
    if row < 0:
        return "nothing more before the run ends."
    lines = lines_of(table, need, practice)
    logged = [at for at, line in enumerate(lines) if line.event != CALLED_IN]
    day, sentences = "", []
    for line in read(lines, scenario.calendar.working(), Names.of(scenario.practices[practice])):
        if line.startswith("  "):
            clock, _, said = line.strip().partition("  ")
            sentences.append(f"{day.partition(' (week')[0]}, {clock}. {said}")
        else:
            day = line
    return sentences[logged[row]]


def commands(overrides: Sequence[str], other: str, need: int, seed: int | None) -> tuple[str, str]:
    """Return the two commands that read one need's story in the base and with the change."""
    luck = [] if seed is None else ["--seed", str(seed)]
    tail = ["--need", str(need), *luck]
    return (
        shlex.join(["pcqa", "story", *overrides, *tail]),
        shlex.join(["pcqa", "story", *overrides, *shlex.split(other), *tail]),
    )
