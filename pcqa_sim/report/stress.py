"""The STRESS-DES table of a run: every item of the reporting guideline, filled in from the code and from the run.

Strengthening the Reporting of Empirical Simulation Studies, for discrete-event simulation: Monks, Currie, Onggo,
Robinson, Kunc & Taylor (2019), Journal of Simulation 13(1), 55-67. Nothing here is written by hand for one run: texts
come from docstrings, from the registries of metrics, events and interventions, from the settings and their sources,
and from run.json.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pcqa_sim.interventions import INTERVENTIONS
from pcqa_sim.report.sources import Sources, grouped
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.themes import headlines
from pcqa_sim.values import eventlog
from pcqa_sim.values.needs import FAILURE_CAUSES, NEED_ENDINGS
from pcqa_sim.values.outside import code, markdown

if TYPE_CHECKING:
    from pcqa_sim.configuration import Shown
    from pcqa_sim.scenario import Scenario

SECTIONS = {
    "1": "Objectives",
    "2": "Logic",
    "3": "Data",
    "4": "Experimentation",
    "5": "Implementation",
    "6": "Code access",
}
ITEMS = {
    "1.1": "Purpose of the model",
    "1.2": "Model outputs",
    "1.3": "Experimentation aims",
    "2.1": "Base model overview diagram",
    "2.2": "Base model logic",
    "2.3": "Scenario logic",
    "2.4": "Algorithms",
    "2.5.1": "Components: entities",
    "2.5.2": "Components: activities",
    "2.5.3": "Components: resources",
    "2.5.4": "Components: queues",
    "2.5.5": "Components: entry and exit points",
    "3.1": "Data sources",
    "3.2": "Pre-processing",
    "3.3": "Input parameters",
    "3.4": "Assumptions",
    "4.1": "Initialisation",
    "4.2": "Run length",
    "4.3": "Estimation approach",
    "5.1": "Software or programming language",
    "5.2": "Random sampling",
    "5.3": "Model execution",
    "5.4": "System specification",
    "6.1": "Computer model sharing statement",
}
_WAY = (
    "journey.arrivals",
    "journey.journey",
    "frontdoor.phone",
    "kernel.pool",
    "frontdoor.triage",
    "clinic.diary",
    "journey.sessions",
    "clinic.consultation",
)
_DECIDE = (
    "population.need_generation",
    "population.people",
    "frontdoor.morning_rush",
    "clinic.consultation",
    "clinic.diary",
    "clinic.rota",
    "clinic.reception_rota",
)
_MOST = 12


@dataclass(frozen=True)
class Facts:
    """What the table is made from: what run.json says, the base scenario, its settings with sources, the others."""

    record: Mapping[str, Any]
    scenario: Scenario
    shown: Shown
    others: tuple[str, ...] = ()

    @property
    def sources(self) -> Sources:
        """Return the settings sorted by where their numbers come from."""
        return Sources.of(self.shown.settings)


Answer = Callable[[Facts], str]
_ANSWERS: dict[str, Answer] = {}


def _item(number: str) -> Callable[[Answer], Answer]:
    def register(answer: Answer) -> Answer:
        _ANSWERS[number] = answer
        return answer

    return register


def stress_items(facts: Facts) -> dict[str, str]:
    """Return the text of every item by its number, in the order of the guideline."""
    return {number: _ANSWERS[number](facts) for number in ITEMS}


def stress_table(facts: Facts) -> str:
    """Return the table as Markdown, one table a section."""
    items = stress_items(facts)
    lines = [
        "# STRESS-DES",
        "",
        "Reporting guideline: Monks et al. (2019), Journal of Simulation 13(1), 55-67. Made from the code and the run.",
    ]
    for section, title in SECTIONS.items():
        lines += ["", f"## {section}. {title}", "", "| item | reported |", "|---|---|"]
        of_section = [number for number in ITEMS if number.partition(".")[0] == section]
        lines += [f"| {number} {ITEMS[number]} | {_cell(items[number])} |" for number in of_section]
    return "\n".join([*lines, ""])


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split()).replace(" <br> ", "<br>")


def _told(f: Facts, name: str) -> str:
    """Return a part of the record as text of a cell."""
    return markdown(f.record.get(name))


def docline(module: str) -> str:
    """Return the first sentence of a module's docstring; raise ImportError for a module that is not there."""
    text = import_module(f"pcqa_sim.{module}").__doc__ or ""
    return text.strip().partition("\n")[0]


def _many(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _named(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


@_item("1.1")
def _purpose(f: Facts) -> str:
    package = import_module("pcqa_sim").__doc__ or ""
    return (
        f"{package.strip().partition(chr(10))[0]} It is built to see what happens to calls, to people who are turned "
        f"away and to clinicians' time when a practice changes how it answers demand; failure demand is computed from "
        f"what happened and is never an input."
    )


@_item("1.2")
def _outputs(f: Facts) -> str:
    primary = "; ".join(f"{METRICS[name].words} ({METRICS[name].unit})" for name in headlines() if name in METRICS)
    return f"{len(METRICS)} metrics over the measured weeks, by week and by day. The primary ones: {primary}."


@_item("1.3")
def _aims(f: Facts) -> str:
    asked = " ".join(["pcqa", *map(str, f.record.get("command", []))])
    kind = {
        "run": "one scenario, to see how it does",
        "compare": "a base and alternatives, to see what differs",
    }.get(str(f.record.get("kind")), "many scenarios")
    others = f" Alternatives: {'; '.join(map(markdown, f.others))}." if f.others else ""
    return f"{kind.capitalize()}. Asked as: {code(asked)}.{others}"


@_item("2.1")
def _diagram(f: Facts) -> str:
    return " <br> &darr; ".join(f"**{name.rpartition('.')[2]}**: {docline(name)}" for name in _WAY)


@_item("2.2")
def _logic(f: Facts) -> str:
    causes = "; ".join(FAILURE_CAUSES.values())
    return (
        f"{docline('journey.journey')} A contact is one attempt to get help. Every contact but a need's first has a "
        f"parent and a cause. Failure causes: the person {causes}. Triage here: {_triage(f)}."
    )


def _triage(f: Facts) -> str:
    kinds = {str(getattr(p.triage, "kind", "")).replace("_", " ") for p in f.scenario.practices.values()}
    return _named(sorted(kinds - {""})) or "as in the settings"


@_item("2.3")
def _scenarios(f: Facts) -> str:
    changes = "; ".join(map(markdown, f.shown.interventions)) or "none"
    known = "; ".join(
        f"{name}: {(kind.__doc__ or '').strip().partition(chr(10))[0]}" for name, kind in INTERVENTIONS.items()
    )
    return f"Interventions in the base: {changes}. An intervention changes settings and nothing else. Known: {known}"


@_item("2.4")
def _algorithms(f: Facts) -> str:
    return " ".join(map(docline, _DECIDE))


@_item("2.5.1")
def _entities(f: Facts) -> str:
    people = sum(practice.list_size for practice in f.scenario.practices.values())
    kinds = sorted({kind for practice in f.scenario.practices.values() for kind in practice.demand.kinds})
    segments = sorted({name for practice in f.scenario.practices.values() for name in practice.people.segments})
    return (
        f"{people:,} people on the lists of {_many(len(f.scenario.practices), 'practice')}, in segments: "
        f"{_named(segments)}. Needs of kinds: {_named(kinds)}. Contacts, one for each attempt."
    )


@_item("2.5.2")
def _activities(f: Facts) -> str:
    return f"Events logged: {_named(eventlog.CATALOGUE)}. What each row means is in the catalogue of the event log."


@_item("2.5.3")
def _resources(f: Facts) -> str:
    settings = [
        number for number in f.shown.settings if number.key.partition(".")[0] in ("phones", "rota", "appointments")
    ]
    lines = [number for number in settings if number.key in ("phones.lines", "appointments.sessions_per_day")]
    resources = "; ".join(markdown(f"{number.key} = {number.value} {number.unit}") for number in lines)
    return (
        f"Telephone lines, people on the phones and clinicians' slots, by rota and session: {resources}. "
        f"{docline('clinic.rota')} {docline('clinic.reception_rota')}"
    )


@_item("2.5.4")
def _queues(f: Facts) -> str:
    return f"{docline('kernel.pool')} {docline('frontdoor.phone')} Callers leave when their patience ends."


@_item("2.5.5")
def _entry(f: Facts) -> str:
    ends = _named(NEED_ENDINGS)
    return f"Entry: {docline('journey.arrivals')} Exit: a need ends as {ends}; needs still open are counted at the end."


@_item("3.1")
def _data_sources(f: Facts) -> str:
    sources = f.sources
    named = ", ".join(map(markdown, sorted({number.source for number in sources.published})))
    count = len(sources.published)
    return f"{count} numbers are taken as published, from these rows of the evidence table: {named}."


@_item("3.2")
def _preprocessing(f: Facts) -> str:
    sources = f.sources
    targets = [
        markdown(name) for name in sorted({number.source.partition(":")[2].strip() for number in sources.fitted})
    ]
    shown = ", ".join(targets[:_MOST]) + (f" and {len(targets) - _MOST} more" if len(targets) > _MOST else "")
    read = "Published files are read and checked by `pcqa import`."
    return f"{len(sources.fitted)} numbers are fitted by simulation: {shown}. {read}"


@_item("3.3")
def _parameters(f: Facts) -> str:
    sources = f.sources
    total = sum(
        len(part) for part in (sources.published, sources.fitted, sources.assumed, sources.chosen, sources.unsourced)
    )
    name = markdown(f.record.get("scenario") or f.record.get("base"))
    return (
        f"{total} numbers, each with unit and source, in scenarios/{name}.yaml and by `pcqa show`. Different from the "
        f"default scenario: {_differing(f) or 'none'}."
    )


def _differing(f: Facts) -> str:
    """Return the settings that differ; what interventions were asked to do is told with the scenarios (2.3)."""
    every = [one for one in f.shown.differing if one.section != f"{one.place}intervention"]
    named = [markdown(f"{one.place}{one.key} = {one.value}") for one in every]
    return "; ".join(named[:_MOST]) + (f" and {len(named) - _MOST} more" if len(named) > _MOST else "")


@_item("3.4")
def _assumptions(f: Facts) -> str:
    sources = f.sources
    return (
        f"{len(sources.assumed)} numbers are assumptions, by group: {grouped(sources.assumed)}. Each has its reason in "
        f"`pcqa show`. Not modelled: leadership, culture and relationships; satisfaction; what happens elsewhere."
    )


@_item("4.1")
def _initialisation(f: Facts) -> str:
    run = f.scenario.run
    return (
        f"Starts on {f.scenario.calendar.start_date:%A %d %B %Y} with part of the diary filled; "
        f"{_many(run.warm_up_weeks, 'week')} to settle left out of all results."
    )


@_item("4.2")
def _run_length(f: Facts) -> str:
    run = f.scenario.run
    return f"{_many(run.measured_weeks, 'week')} measured after {run.warm_up_weeks} to settle, in minutes."


@_item("4.3")
def _estimation(f: Facts) -> str:
    count = f.record.get("replications")
    replications = f"{markdown(count)} replications" if count else "replications as the table of results says"
    return (
        f"{replications}, seed {_told(f, 'seed')}. Means with 95 % confidence intervals (Student's t) over "
        "replications, never over days. Scenarios are compared replication by replication with common random numbers; "
        "primary metrics are judged together by Holm's rule."
    )


@_item("5.1")
def _software(f: Facts) -> str:
    libraries: Mapping[str, str] = f.record.get("libraries", {})
    named = ", ".join(markdown(f"{name} {version}") for name, version in libraries.items())
    return f"Python {_told(f, 'python')}; pcqa_sim {_told(f, 'pcqa_sim')}, code {_told(f, 'code')}; {named}."


@_item("5.2")
def _sampling(f: Facts) -> str:
    text = (import_module("pcqa_sim.values.luck").__doc__ or "").strip()
    return " ".join(text.split())


@_item("5.3")
def _execution(f: Facts) -> str:
    return (
        f"SimPy's event loop; {docline('kernel.process')} Ties at a minute: the day's fixed acts come first, then the "
        f"order of "
        f"asking. Replications run on several processes and give the same results on any number of them."
    )


@_item("5.4")
def _system(f: Facts) -> str:
    machine: Mapping[str, Any] = f.record.get("machine", {})
    machine_words = ", ".join(markdown(f"{name} {value}") for name, value in machine.items())
    return f"{machine_words}. The study took {_told(f, 'seconds')} seconds."


@_item("6.1")
def _sharing(f: Facts) -> str:
    commit = f.record.get("git_commit")
    source = f"commit {markdown(commit)}" if commit else "an installed package"
    return (
        f"pcqa_sim is open source under the MIT licence; how to cite it is in CITATION.cff. This run: version "
        f"{_told(f, 'pcqa_sim')}, {source}, code fingerprint {_told(f, 'code')}. `pcqa rerun run.json` gives the "
        f"same results to the last byte."
    )
