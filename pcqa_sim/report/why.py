"""Why two scenarios differ, read aloud: how many needs went differently, where their stories part, and some of them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from pcqa_sim.report.names import Names
from pcqa_sim.report.story import read
from pcqa_sim.report.tale import CALLED_IN, lines_of
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.pair import Comparison
from pcqa_sim.study.methods.why import NOTHING, Kind, Parting, Step, Why, why
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import (
    APPOINTMENT_STANDS,
    AWAITING_TEST,
    BALKED,
    BOOKED_AHEAD,
    BOOKED_TODAY,
    CALL_ANOTHER_DAY,
    CLOSED,
    HANDED_OVER,
    INFORMED,
    NO_NEXT_STEP,
    PAPERWORK_TO_DO,
    PLANNED_FOLLOW_UP,
    RECOVERED,
    REFERRED,
    RESOLVED,
    RESULT_NOT_BACK,
    RESULT_TOLD,
    SETTLED,
    TO_FORM,
    TOLD_OR_DONE,
)
from pcqa_sim.values.plugins import given_options
from pcqa_sim.values.words import Cause, NextAction

MOST_KINDS = 6
LEAST_SHARE = 0.02
_PHRASES = {
    (log.ENGAGED, ""): "hears the engaged tone",
    (log.MENU_ENDED, INFORMED): "gets the answer from the recorded menu",
    (log.MENU_ENDED, BALKED): "is put off by the recorded menu",
    (log.MENU_ENDED, TO_FORM): "is asked by the recorded message to send a form",
    (log.MENU_ENDED, CLOSED): "hears that the practice is closed",
    (log.CALLBACK_REQUESTED, ""): "asks to be called back",
    (log.MISSED, "queue"): "gives up waiting on the phone",
    (log.MISSED, "misdial"): "hangs up as it begins to ring",
    (log.MISSED, "closing"): "is cut off at closing time",
    (log.MISSED, "closed"): "hangs up during the closed message",
    (log.ANSWERED, ""): "is answered",
    (log.CALLED_BACK, ""): "is called back",
    (log.CALLBACK_LAPSED, "closing"): "is not called back before closing time",
    (log.CALLBACK_LAPSED, "impatient"): "waits no longer for the callback",
    (log.FRONT_SEEN, ""): "is seen to by a receptionist",
    (log.DECIDED, BOOKED_TODAY): "gets one of the day's appointments",
    (log.DECIDED, BOOKED_AHEAD): "gets an appointment on a later day",
    (log.DECIDED, SETTLED): "has it settled by the receptionist",
    (log.DECIDED, TOLD_OR_DONE): "is told what there is to know, or has it done there and then",
    (log.DECIDED, NO_NEXT_STEP): "is left without a next step",
    (log.DECIDED, PAPERWORK_TO_DO): "has it passed on by the receptionist, to be written",
    (log.DECIDED, HANDED_OVER): "is handed over to others of the network, where it gets lost",
    (log.DECIDED, CALL_ANOTHER_DAY): "is told to call another day",
    (log.DECIDED, APPOINTMENT_STANDS): "is told that the appointment stands",
    (log.DECIDED, RESULT_NOT_BACK): "is told that it is not there yet",
    (log.DECIDED, RESULT_TOLD): "calls for a result and is told it",
    (log.CONSULT_ENDED, REFERRED): "is seen and referred",
    (log.BOOKED, ""): "has an appointment",
    (log.CANCELLED, log.BY_PATIENT): "cancels the appointment",
    (log.CANCELLED, log.BY_PRACTICE): "loses an appointment that the practice cancels",
    (log.CONSULT_ENDED, RESOLVED): "is seen and leaves with the need met",
    (log.CONSULT_ENDED, AWAITING_TEST): "is seen and waits for the result of a test",
    (log.CONSULT_ENDED, PLANNED_FOLLOW_UP): "is seen and asked to come again for a follow-up",
    (log.CONSULT_ENDED, ""): "is seen, but the need is not resolved",
    (log.SQUEEZED, ""): "is seen late and in a hurry",
    (log.DID_NOT_ATTEND, ""): "does not come to the appointment",
    (log.RESULT_BACK, ""): "hears of the result",
    (log.INVITED, ""): "is invited by text or letter",
    (log.NEED_CLOSED, RECOVERED): "recovers before anything more happens",
}
_CAUSES = {cause.value: cause.phrase for cause in Cause}
_NEXT_ACTIONS = {action.value: action.phrase.partition("{when}")[0].rstrip(", ") for action in NextAction}


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
        reason = _CAUSES.get(code, "")
        return f"asks again, because the person {reason}" if reason else "asks for help"
    if event == log.NEXT_ACTION:
        return _NEXT_ACTIONS.get(code, "goes another way")
    known = _PHRASES.get((event, code)) or _PHRASES.get((event, ""))
    rest = [word.replace("_", " ") for word in (code, who) if word]
    return known or f"has '{event.replace('_', ' ')}'" + (f" ({', '.join(rest)})" if rest else "")


def explain(comparison: Comparison, other: str, practice: str) -> tuple[Why, Told]:
    """Return why a scenario differs from the base in replication 0; its event logs must have been kept."""
    alternative = comparison.others[other]
    logs = comparison.base.units[0].log, alternative.units[0].log
    assert logs[0] is not None
    assert logs[1] is not None
    parted = why(*logs, comparison.base.scenario, practice)
    return parted, told(parted, logs[0], logs[1], comparison.base.scenario, practice)


def told(parted: Why, base: pa.Table, other: pa.Table, scenario: Scenario, practice: str) -> Told:
    """Return what went differently in sentences."""
    kinds = parted.kinds()
    shown = [kind for kind in kinds if kind.needs >= LEAST_SHARE * len(parted.partings)][:MOST_KINDS]
    days = _working_days(scenario)
    kinds_told = [
        KindTold(_kind(kind), _example(kind.examples[0], base, other, scenario, practice), _needs(kind))
        for kind in shown
    ]
    return Told(tuple(_sums(parted, days)), tuple(kinds_told), _rest(kinds, shown))


def _sums(parted: Why, days: int) -> list[str]:
    if not parted.partings:
        return [
            f"Each of the {parted.needs:,} needs went the same way in both"
            + (f", {parted.shifted:,} of them with other waits." if parted.shifted else ", to the minute.")
        ]
    counted = f"{_fewer(parted.failures, 'failure contact')} ({_fewer(parted.contacts, 'contact')} in all)"
    return [
        f"{parted.needs:,} needs arose, with the same luck in both. {parted.same:,} went the same way to the minute, "
        f"{parted.shifted:,} the same way with other waits, and {len(parted.partings):,} went differently.",
        f"Over the measured weeks that makes {counted}, or {abs(parted.failures) / max(days, 1):,.1f} failure contacts "
        f"{'fewer' if parted.failures < 0 else 'more'} a working day.",
    ]


def _kind(kind: Kind) -> str:
    count = "1 need" if kind.needs == 1 else f"{kind.needs:,} needs"
    return f"{count}: the person {phrase(kind.base)}; with the change, {phrase(kind.other)}. {_effect(kind.failures)}"


def _needs(kind: Kind) -> tuple[int, ...]:
    return tuple(parting.need for parting in kind.examples)


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
            clock, _, sentence = line.strip().partition("  ")
            sentences.append(f"{day.partition(' (week')[0]}, {clock}. {sentence}")
        else:
            day = line
    return sentences[logged[row]]


def commands(overrides: Sequence[str], other: str, need: int, seed: int | None) -> tuple[str, str]:
    """Return the two commands that read one need's story in the base and with the change."""
    luck = [] if seed is None else ["--seed", str(seed)]
    tail = ["--need", str(need), *luck, *given_options()]
    return (
        shlex.join(["pcqa", "story", *overrides, *tail]),
        shlex.join(["pcqa", "story", *overrides, *shlex.split(other), *tail]),
    )
