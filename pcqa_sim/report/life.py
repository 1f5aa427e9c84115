"""One person's way through all services, read aloud: every need of theirs, day by day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pcqa_sim.report.asking import ASKED, first_contact
from pcqa_sim.report.causes import because
from pcqa_sim.report.mdtstory import at_mdts
from pcqa_sim.report.names import A_PARENT, OF_THE_STAFF, THE_PERSON, Names, about, asker, capital, date, many
from pcqa_sim.report.story import SAID
from pcqa_sim.report.tale import Line, Tale, lines_of
from pcqa_sim.report.touchpoints import summary
from pcqa_sim.results.metrics import Counted
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import WEEK, clock_time, day_of
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.needs import RESOLVED
from pcqa_sim.values.words import Cause

_LEFT_OUT = (log.NEED_AROSE, log.QUEUED, log.TALK_ENDED, log.FRONT_SEEN, log.SLOT_CONVERTED)
_INSIDE = re.compile(r"(?:She|He|The|A|An|Nothing|Nobody|Somebody|Time)\b")  # words that are small after a colon
_FOR_THEM = {A_PARENT: "the parent", OF_THE_STAFF: "the carer"}
_PATCH = {
    log.UNSETTLED: "A bad patch begins: needs come more often than usual.",
    log.SETTLED_AGAIN: "The bad patch is over.",
}
_VERB = r"(?= (?:is|was|has|will|does|cannot|\w+s|\w+ed)\b)"
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
    return [
        (time, _PATCH[code])
        for time, code in zip(turns["time_min"].to_pylist(), turns["code"].to_pylist(), strict=True)
        if time >= first
    ]


def _needs_of(run: Run, mine: pa.Table, practice: str) -> Iterator[list[Line]]:
    """Yield the lines of each need of somebody that arose after the warm-up, in their order."""
    arose = mine.filter(pc.equal(mine["event"].cast(pa.string()), log.NEED_AROSE))
    first = run.scenario.run.warm_up_weeks * WEEK
    for need, time in zip(arose["need"].to_pylist(), arose["time_min"].to_pylist(), strict=True):
        if time >= first:
            yield lines_of(mine, need, practice)


def _told(tales: list[Tale], counted: Counted, person: int, turns: list[tuple[float, str]]) -> Iterator[str]:
    """Yield days and paragraphs: what happened of one need at one time of a day, in order."""
    female = bool(counted.people.female[person])
    theirs = _FOR_THEM.get(asker(counted, person), "")
    somebody = Somebody("she", "her", "her", theirs) if female else Somebody("he", "him", "his", theirs)
    topics = _topics(tales)
    said = [(time, -1, somebody.of(sentence)) for time, sentence in turns]
    said += [
        (line.time, number, sentence)
        for number, tale in enumerate(tales)
        for line in tale.lines
        if (sentence := _sentence(line, tale, somebody))
    ]
    day, before, paragraph = -1, -2, ""
    for time, number, sentence in sorted(said, key=lambda one: one[:2]):
        if paragraph and (day_of(time) != day or number != before):
            yield paragraph
        if day_of(time) != day:
            day, before = day_of(time), -2
            holiday = ", bank holiday" if counted.calendar.is_bank_holiday(day) else ""
            yield f"{date(day, counted.calendar)}{holiday}"
        if number != before:
            topic = f"{topics[number]}: " if number >= 0 else ""
            small = topic and _INSIDE.match(sentence)
            paragraph = f"  {clock_time(time)}  {topic}{sentence[0].lower() + sentence[1:] if small else sentence}"
            before = number
        else:
            paragraph += f" {sentence}"
    if paragraph:
        yield paragraph
    still = [topics[number] for number, tale in enumerate(tales) if not _ended(tale)]
    if still:
        yield f"The run ends here; still open: {', '.join(one[:1].lower() + one[1:] for one in still)}."


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


def _sentence(line: Line, tale: Tale, somebody: Somebody) -> str:
    """Return a line of a need as a sentence of a life, "" where what stands beside it says as much."""
    if line.event in _LEFT_OUT:
        return ""
    if line.event == log.CONTACT_OPENED:
        return _opened(line, tale, somebody)
    if line.event == log.NEED_CLOSED and line.code == RESOLVED and tale.of(log.CONSULT_ENDED, line.contact):
        return ""
    asks = line.event in ASKED or line.event == log.NEXT_ACTION
    return somebody.of(SAID[line.event](line, tale), asks and line.event != log.DETERIORATED)


def _opened(line: Line, tale: Tale, somebody: Somebody) -> str:
    """Return how a contact begins, and which failure it comes of."""
    parent = int(line.amount)
    if parent < 0:
        return somebody.of(f"{first_contact(line, tale)}.")
    happened, does = because(line.code, line.who, parent, tale)
    failure = " (failure demand)" if Cause.of(line.code).failure else ""
    if not does:
        return somebody.of(f"{happened}{failure}.")
    who = f"and {somebody.for_them}" if somebody.for_them else "and"
    return somebody.of(f"{capital(THE_PERSON)} {happened} {who} {does}{failure}.")
