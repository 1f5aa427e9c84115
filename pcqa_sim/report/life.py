"""One person's way through all services, read aloud: every need of theirs, day by day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

import pyarrow as pa
import pyarrow.compute as pc

from pcqa_sim.report.asking import first_contact
from pcqa_sim.report.causes import because
from pcqa_sim.report.mdtstory import at_mdts
from pcqa_sim.report.names import A_PARENT, OF_THE_STAFF, THE_PERSON, Names, about, asker, capital, date, many
from pcqa_sim.report.placestory import helped_at_once
from pcqa_sim.report.saidalready import at_once, of_who_asks, said_already
from pcqa_sim.report.story import SAID
from pcqa_sim.report.tale import CALLED_IN, Line, Tale, lines_of
from pcqa_sim.report.touchpoints import summary
from pcqa_sim.results.metrics import Counted
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import WEEK, WorkingCalendar, clock_time, day_of
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.needs import GAVE_UP
from pcqa_sim.values.words import Cause

_NO_NAME = re.compile(r"[A-Z][a-z ]")  # "She", "A minor", "Practice nurse 1", but not "GP 1" and "NHS 111"
_APART = 5  # minutes within a paragraph from which a clock time is said again
_TIMED = (log.CONTACT_OPENED, CALLED_IN, log.SQUEEZED, log.DID_NOT_ATTEND, log.RESULT_BACK)
_OF_THE_VISIT = (  # what happened to the person, whoever asks for them; all else happened to whoever asked
    Cause.PLANNED_FOLLOW_UP,
    Cause.INVITED,
    Cause.BROUGHT_IN,
    Cause.DNA_REBOOK,
    Cause.WRONG_CLINICIAN,
    Cause.UNRESOLVED,
    Cause.DETERIORATED,
    Cause.NO_CONTINUITY,
    Cause.BOUNCED,
    Cause.CANCELLED_BY_PRACTICE,
)
_SHORTER = {Cause.BOUNCED: "got no help there"}
_SOME_TIME_AGO = (Cause.CHASE, Cause.LOST_HAND_OFF, Cause.WAITED_TOO_LONG)  # what nobody has said before
_FOR_THEM = {A_PARENT: "the parent", OF_THE_STAFF: "the carer"}
_PATCH = {
    log.UNSETTLED: "A bad patch begins: needs come more often than usual.",
    log.SETTLED_AGAIN: "The bad patch is over.",
}
_SINCE_BEFORE = "A bad patch that began earlier is over."
_VERB = r"(?=,? (?:is|was|has|will|does|cannot|after|\w+s|\w+ed)\b)"
_RULES = (
    (r"[Tt]he person's", "{own}"),
    (rf"The person|the person{_VERB}", "{subject}"),
    (r"the person", "{object}"),
    (r"\btheir usual", "{own} usual"),
    (r"\bthey are sent", "{subject} is sent"),
)


@dataclass(frozen=True)
class Somebody:
    """How a story speaks of its person: pronouns, and of whoever asks for them ("" where they ask themselves)."""

    subject: str
    object: str
    own: str
    for_them: str = ""

    def of(self, sentence: str, asks: bool = False) -> str:
        """Return a sentence about "the person" with pronouns; `asks` where it is about whoever does the asking."""
        for_them = self.for_them if asks else ""
        put = {"subject": for_them or self.subject, "object": for_them or self.object, "own": self.own}
        for pattern, word in _RULES:
            sentence = re.sub(pattern, word.format(**put), sentence)
        return capital(sentence)


def life(run: Run, person: int, practice: str) -> list[str]:
    """Return who somebody is, what services they touched, and their way through them, a paragraph a line.

    Told are the needs that arose after the warm-up. Raises BadInput for a person who is not on the list.
    """
    counted = run.counted[practice]
    if person >= len(counted.people):
        last = len(counted.people) - 1
        raise BadInput(Fault("--person", f"a number from 0 to {last}, one for each patient", str(person), str(last)))
    usual = counted.usual[person]
    names = Names.of(counted.practice, usual, asker(counted, person))
    mine = run.log.filter(
        pc.and_(pc.equal(run.log["person"], person), pc.equal(run.log["practice"].cast(pa.string()), practice))
    )
    tales = [Tale(lines, counted.calendar, names) for lines in _needs_of(run, mine, practice)]
    weeks = many(run.scenario.run.measured_weeks, "week")
    return [
        about(counted, person),
        f"In {weeks}: {summary(tales, usual)}",
        *_told(tales, counted, person, [*_turns(run, mine), *at_mdts(run, mine)]),
    ]


def _turns(run: Run, mine: pa.Table) -> list[tuple[float, str]]:
    """Return when somebody's bad patches begin and end after the warm-up, with the sentence that says it."""
    turns = mine.filter(pc.equal(mine["event"].cast(pa.string()), log.STATE))
    first = run.scenario.run.warm_up_weeks * WEEK
    told = [
        (time, code)
        for time, code in zip(turns["time_min"].to_pylist(), turns["code"].to_pylist(), strict=True)
        if time >= first
    ]
    before = [_SINCE_BEFORE] if told and told[0][1] == log.SETTLED_AGAIN else []
    said = [*before, *(_PATCH[code] for _, code in told[len(before) :])]
    return [(time, sentence) for (time, _), sentence in zip(told, said, strict=True)]


def _needs_of(run: Run, mine: pa.Table, practice: str) -> Iterator[list[Line]]:
    """Yield the lines of each need of somebody that arose after the warm-up, in their order."""
    arose = mine.filter(pc.equal(mine["event"].cast(pa.string()), log.NEED_AROSE))
    first = run.scenario.run.warm_up_weeks * WEEK
    for need, time in zip(arose["need"].to_pylist(), arose["time_min"].to_pylist(), strict=True):
        if time >= first:
            yield lines_of(mine, need, practice)


@dataclass(frozen=True)
class Said:
    """A sentence of a life, of a need by its number (-1: of none); `again` where its cause was told just before."""

    time: float
    need: int
    sentence: str
    again: str = ""
    timed: bool = False

    def after(self, before: Said) -> str:
        """Return the sentence as it follows another of its need on that day, with its time if that is apart."""
        sentence = self.again or self.sentence
        head, colon, rest = sentence.partition(": ")
        if colon and before.sentence.startswith(head + colon):  # the same place in the community
            sentence = capital(rest)
        if not self.timed or self.time - before.time < _APART:
            return sentence
        return f"At {clock_time(self.time)} {_small(sentence)}"


def _small(sentence: str) -> str:
    """Return a sentence as it goes on after other words: without its capital, unless a name begins it."""
    return sentence[0].lower() + sentence[1:] if _NO_NAME.match(sentence) else sentence


def _told(tales: list[Tale], counted: Counted, person: int, turns: list[tuple[float, str]]) -> Iterator[str]:
    """Yield days and paragraphs: what happened of one need at one time of a day, in order."""
    female = bool(counted.people.female[person])
    theirs = _FOR_THEM.get(asker(counted, person), "")
    somebody = Somebody("she", "her", "her", theirs) if female else Somebody("he", "him", "his", theirs)
    topics = _topics(tales)
    said = [Said(time, -1, somebody.of(sentence)) for time, sentence in turns]
    said += [one for number, tale in enumerate(tales) for one in _sentences(tale, number, somebody)]
    yield from _days(sorted(said, key=lambda one: (one.time, one.need)), topics, counted.calendar)
    still = [topics[number] for number, tale in enumerate(tales) if not _ended(tale)]
    if still:
        yield f"The run ends here; still open: {', '.join(one[:1].lower() + one[1:] for one in still)}."


def _days(said: list[Said], topics: list[str], calendar: WorkingCalendar) -> Iterator[str]:
    """Yield each day and its paragraphs, one for what follows each other of the same need."""
    year = 0
    for day, of_day in groupby(said, lambda one: day_of(one.time)):
        other_year = calendar.date(day).year != year
        year = calendar.date(day).year
        holiday = ", bank holiday" if calendar.is_bank_holiday(day) else ""
        yield f"{date(day, calendar)}{f' {year}' if other_year else ''}{holiday}"
        for need, together in groupby(of_day, lambda one: one.need):
            first, *rest = together
            topic = f"{topics[need]}: {_small(first.sentence)}" if need >= 0 else first.sentence
            follows = [one.after(before) for before, one in pairwise([first, *rest])]
            yield f"  {clock_time(first.time)}  {' '.join([topic, *follows])}"


def _topics(tales: list[Tale]) -> list[str]:
    """Return what each need is about, numbered where there are several of its kind."""
    kinds = Counter(tale.kind for tale in tales)
    so_far: Counter[str] = Counter()
    topics = []
    for tale in tales:
        so_far[tale.kind] += 1
        number = f" ({so_far[tale.kind]})" if kinds[tale.kind] > 1 else ""
        topics.append(f"{capital(tale.names.kind(tale.kind))}{number}")
    return topics


def _ended(tale: Tale) -> bool:
    return any(line.event == log.NEED_CLOSED for line in tale.lines)


def _sentences(tale: Tale, number: int, somebody: Somebody) -> Iterator[Said]:
    """Yield the lines of a need as sentences of a life, without those that say nothing new."""
    for line in tale.lines:
        if said_already(line, tale):
            continue
        if line.event == log.CONTACT_OPENED:
            yield Said(line.time, number, *_opened(line, tale, somebody), timed=True)
        else:
            sentence = somebody.of(_sentence(line, tale), of_who_asks(line, tale))
            yield Said(line.time, number, sentence, timed=line.event in _TIMED)


def _sentence(line: Line, tale: Tale) -> str:
    """Return what a line says, shorter where what stands before it says the rest."""
    chosen = tale.of(log.NEXT_ACTION, line.contact)
    if line.event == log.NEED_CLOSED and line.code == GAVE_UP and chosen is not None and chosen.code == GAVE_UP:
        return "The need ends unmet."
    if line.event == log.PLACE_ENDED and (minutes := at_once(tale, line.who)) is not None:
        return helped_at_once(line, tale, minutes)
    return SAID[line.event](line, tale)


def _opened(line: Line, tale: Tale, somebody: Somebody) -> tuple[str, str]:
    """Return how a contact begins and of which failure, and the same where that failure was told just before."""
    parent = int(line.amount)
    if parent < 0:
        return somebody.of(f"{first_contact(line, tale)}."), ""
    happened, does = because(line.code, line.who, parent, tale)
    cause = Cause.of(line.code)
    happened = _SHORTER.get(cause, happened)
    failure = " (failure demand)" if cause.failure else ""
    if not does:
        return somebody.of(f"{happened}{failure}."), ""
    asks = cause not in _OF_THE_VISIT
    who = "and" if asks or not somebody.for_them else f"and {somebody.for_them}"
    again = "" if cause in _SOME_TIME_AGO else somebody.of(f"The person {does}{failure}.", asks=True)
    return somebody.of(f"{capital(THE_PERSON)} {happened} {who} {does}{failure}.", asks), again
