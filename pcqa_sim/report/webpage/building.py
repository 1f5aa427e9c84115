"""A study put together as a page: what matters most, the questions of each practice, and how far to trust them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcqa_sim.report.comparison import compared
from pcqa_sim.report.contract import TOLD, contract, contract_of_network
from pcqa_sim.report.first import capital, first_sentences
from pcqa_sim.report.names import words
from pcqa_sim.report.network import numbers_of
from pcqa_sim.report.numbers import Numbers
from pcqa_sim.report.promises import promise_question
from pcqa_sim.report.settling import sentences
from pcqa_sim.report.sources import Sources
from pcqa_sim.report.trust import FITTED_METRICS, trust_card
from pcqa_sim.report.webpage.card import Part, parts_of
from pcqa_sim.report.webpage.differences import differences
from pcqa_sim.report.webpage.network import Sides, practices_beside, shared_out
from pcqa_sim.report.webpage.parts import Picture, Question, Side, View, in_words
from pcqa_sim.report.webpage.questions import asked
from pcqa_sim.report.webpage.terms import explained
from pcqa_sim.report.webpage.wording import changed, sure
from pcqa_sim.results.intraday import Morning
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.scenario import NETWORK, THE_NETWORK, Scenario
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.study.methods.settling import settling
from pcqa_sim.study.statistics.promise import Kept
from pcqa_sim.values.outside import shown as safe

if TYPE_CHECKING:
    from pcqa_sim.configuration import Shown
    from pcqa_sim.study.methods.pair import Comparison

AS_IT_IS = "as it is"
_INTERVENTIONS = re.compile(r"\+?intervention=\[?([a-z0-9_]+(?:, ?[a-z0-9_]+)*)\]?")
NO_INTERVAL = "One run alone: nothing here says how far luck reaches. Run more replications (--reps)."


@dataclass(frozen=True)
class Answered:
    """A question as it stands on the page: with how sure it is, what a change does to it, and what it rests on."""

    key: str
    question: Question
    sure: str
    changes: tuple[str, ...]
    rests: str
    terms: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Chapter:
    """One practice: what matters most of it, what is to be minded, and its questions."""

    name: str
    first: tuple[str, ...]
    warnings: tuple[str, ...]
    questions: tuple[Answered, ...]

    @property
    def within(self) -> str:
        """Return its name as it stands inside a sentence."""
        return self.name.replace(THE_NETWORK, THE_NETWORK.lower(), 1)


@dataclass(frozen=True)
class Page:
    """A whole page."""

    title: str
    about: str
    chapters: tuple[Chapter, ...]
    trust: tuple[Part, ...]
    commands: tuple[tuple[str, str], ...]
    made: str


@dataclass
class Made:
    """What a page is made from beside results: the record of the study and its settings with their sources."""

    record: Mapping[str, Any]
    folder: Path
    shown: Shown
    terms: set[str] = field(default_factory=set)


def page_of_study(study: Study, made: Made, promises: Sequence[Kept] = ()) -> Page:
    """Return the page of replications of one scenario; promises, where there are any, are its first questions."""
    scenario = study.scenario
    summary = study.summary
    drifts = [one for one in sentences(settling(study), study) if one.startswith("WARNING")]
    chapters = []
    every = numbers_of(scenario, summary)
    for key, numbers in every.items():
        view = _view(scenario, key, (Side(AS_IT_IS, numbers, _day(study, key)),))
        told = _contract(scenario, key, every)
        warnings = [*_one_run(study), *drifts, *([told] if told else [])]
        chapter = _chapter(scenario, key, view, tuple(first_sentences(numbers)), warnings, made)
        mine = [promise_question(one) for one in promises if one.promise.yardstick.practice == key]
        asked_of_it = [plain_question(f"{key}p", one, made) for one in mine]
        beside = _beside(scenario, key, {AS_IT_IS: every}, made)
        chapters.append(replace(chapter, questions=(*asked_of_it, *beside, *chapter.questions)))
    cards = [trust_card(made.record, made.shown, summary, key) for key in scenario.practices]
    return page_of(scenario, "What a simulated run of it says", chapters, cards, made)


def page_of_comparison(comparison: Comparison, made: Made) -> Page:
    """Return the page of a paired comparison: before and after in every picture, harms first."""
    scenario, chapters = comparison.base.scenario, []
    called = {name: in_plain(name) for name in comparison.others}
    sides = {AS_IT_IS: comparison.base} | {called[name]: other for name, other in comparison.others.items()}
    summaries = {name: study.summary for name, study in sides.items()}
    every = {name: numbers_of(scenario, summary) for name, summary in summaries.items()}
    for key in scenario.answered_for:
        changes = {called[name]: dict(_rows(comparison, name, key)) for name in comparison.others}
        shown_sides = (Side(name, every[name][key], _day(study, key)) for name, study in sides.items())
        view = _view(scenario, key, tuple(shown_sides), changes)
        found = {called[name]: compared(comparison, name, key) for name in comparison.others}
        many = len(found) > 1
        first = [f"{capital(name)}: {text}" if many else text for name, one in found.items() for text in one.short]
        warnings = list(dict.fromkeys(note for one in found.values() for note in one.notes if note))
        what = [plain_question(f"{key}0", one, made) for one in differences(view, found, f"{_letters(key)}-0")]
        chapter = _chapter(scenario, key, view, tuple(first), warnings, made)
        beside = _beside(scenario, key, every, made)
        chapters.append(replace(chapter, questions=(*what, *beside, *chapter.questions)))
    cards = [
        trust_card(made.record, made.shown, summaries[AS_IT_IS], key, comparison.differences)
        for key in scenario.practices
    ]
    return page_of(scenario, "What a change would do", chapters, cards, made)


def _view(
    scenario: Scenario, key: str, sides: tuple[Side, ...], changes: Mapping[str, Mapping[Any, Any]] | None = None
) -> View:
    return View(scenario.worded_by(key), scenario.people_of(key), sides, changes or {})


def _contract(scenario: Scenario, key: str, every: Mapping[str, Numbers]) -> str:
    told = {one: numbers.mean(TOLD) for one, numbers in every.items()}
    return contract_of_network(scenario, told) if key == NETWORK else contract(scenario, key, told[key])


def _beside(scenario: Scenario, key: str, sides: Sides, made: Made) -> list[Answered]:
    """Return how a network's practices compare, nothing for one practice."""
    if key != NETWORK:
        return []
    shared = shared_out(scenario, sides, f"{_letters(key)}-s")
    found = [plain_question(f"{key}b", practices_beside(scenario, sides, f"{_letters(key)}-b"), made)]
    return found if shared is None else [*found, plain_question(f"{key}s", shared, made)]


def in_plain(name: str) -> str:
    """Return what a --with is called: interventions by their words, other settings as they were written."""
    found = _INTERVENTIONS.fullmatch(name.strip())
    return (
        f"with {in_words([words(one.strip()) for one in found[1].split(',')])}" if found else f"with {safe(name, 60)}"
    )


def plain_question(key: str, question: Question, made: Made) -> Answered:
    """Return a question that has no measure of its own to be sure of."""
    text = " ".join([question.sentence, *_heads(question)])
    return Answered(key, question, "", (), "", tuple(explained(text, made.terms)))


def _rows(comparison: Comparison, other: str, key: str) -> Iterator[tuple[tuple[str, str], Mapping[Any, Any]]]:
    frame = comparison.of(other, key)
    for row in frame[frame["low"].notna()].to_dict("records"):
        yield (str(row["metric"]), str(row["group"])), row


def _day(study: Study, key: str) -> Morning | None:
    days = [unit.mornings[key] for unit in study.units if key in unit.mornings]
    return Morning.together(days) if days else None


def _one_run(study: Study) -> list[str]:
    return [NO_INTERVAL] if len(study.units) < 2 else []


def _chapter(
    scenario: Scenario, key: str, view: View, first: tuple[str, ...], warnings: Sequence[str], made: Made
) -> Chapter:
    sources = Sources.of(made.shown.settings)
    questions = tuple(
        _answered(f"{key}-{number}", question, view, sources, made.terms)
        for number, question in enumerate(asked(view, f"{_letters(key)}-"), 1)
    )
    return Chapter(safe(scenario.called(key)), first, tuple(warnings), questions)


def _answered(key: str, question: Question, view: View, sources: Sources, terms: set[str]) -> Answered:
    interval = view.n.interval(*question.leading)
    measure = METRICS[question.leading[0]].words
    changes = tuple(
        f"{capital(name)}: {measure} {changed(rows[question.leading])}."
        for name, rows in view.changes.items()
        if question.leading in rows
    )
    text = " ".join([question.title, question.sentence, *(one.caption for one in question.pictures), *_heads(question)])
    return Answered(key, question, sure(interval), changes, _rests(question, sources), tuple(explained(text, terms)))


def _heads(question: Question) -> list[str]:
    return [head for picture in question.pictures for head in picture.table.head]


def _rests(question: Question, sources: Sources) -> str:
    """Say whether the answer was fitted or predicted, and on how many published and assumed numbers it leans."""
    fitted = question.leading[0] in FITTED_METRICS
    how = (
        "The leading figure was fitted to a published one, so that it agrees proves nothing."
        if fitted
        else "Predicted: nothing was adjusted to get it."
    )
    counts = [
        f"{many} {kind}"
        for kind, numbers in (
            ("published", sources.published),
            ("fitted", sources.fitted),
            ("assumed", sources.assumed),
            ("chosen for this run", sources.chosen),
        )
        if (many := sum(one.key.startswith(question.settings) for one in numbers))
    ]
    about = in_words([words(one.replace(".", ": ")) for one in question.settings])
    return f"{how} It leans most on settings of {about}: {in_words(counts)} numbers." if counts else how


def page_of(scenario: Scenario, title: str, chapters: Sequence[Chapter], cards: Sequence[str], made: Made) -> Page:
    """Return a page of chapters and trust cards, with what was run and how to have it again."""
    run, record = scenario.run, made.record
    patients = sum(practice.list_size for practice in scenario.practices.values())
    many = record.get("replications")
    whole = [chapter.name for chapter in chapters if chapter.name.startswith(THE_NETWORK)]
    names = in_words(whole or [chapter.name for chapter in chapters])
    about = (
        f"{patients:,} patients; {run.measured_weeks} weeks measured after {run.warm_up_weeks} to settle; "
        + (f"{many} replications" if many else "as many replications as it took")
        + f"; seed {record.get('seed')}."
    )
    asked_for = shlex.join(["pcqa", *map(str, record.get("command", []))])
    commands = (
        ("What was asked", safe(asked_for)),
        ("The same again, to the last byte", safe(shlex.join(["pcqa", "rerun", str(made.folder / "run.json")]))),
        ("How far each assumption moves it", safe(shlex.join(["pcqa", "trust", str(made.folder), "--probe", "20"]))),
    )
    trust = tuple(part for card in cards for part in parts_of(card))
    version = f"pcqa_sim {record.get('pcqa_sim', '')}, code {record.get('code', '')}, begun {record.get('begun', '')}"
    return Page(f"{names}: {title[0].lower()}{title[1:]}", about, tuple(chapters), trust, commands, safe(version))


def _letters(key: str) -> str:
    """Return a practice's key as it may stand in an identity of HTML."""
    return "".join(one if one.isascii() and one.isalnum() else "-" for one in f"p{key}")


__all__ = ["Made", "Page", "Picture", "page_of_comparison", "page_of_study"]
