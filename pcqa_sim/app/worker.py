"""What a run of the app does in a process of its own: replications in rounds, and an answer after each.

It is begun as `python -m pcqa_sim.app.worker FOLDER`, reads what it was asked there, and ends with whoever began it; or
with WAIT and a number of processes instead of the folder, and then reads all it needs before it is told which run.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcqa_sim.app import limits
from pcqa_sim.app.asked import REPORT, WAIT, WRONG, Answer, Ask, State
from pcqa_sim.values.faults import BadInput

if TYPE_CHECKING:
    from pcqa_sim.configuration import Resolved, Shown
    from pcqa_sim.report.webpage.building import Page
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.engines.local import Local
    from pcqa_sim.study.execute import Execution
    from pcqa_sim.study.methods.pair import Comparison
    from pcqa_sim.study.methods.replicate import Do, Job, Study
    from pcqa_sim.study.unit import Unit

CHANGED = "your change"
LEADING = {
    "answered_share": "calls answered",
    "missed_share": "calls missed",
    "told_another_day_share": "requests told to call another day",
    "failure_share": "contacts that are failure demand",
    "needs_met_share": "needs met",
}
_SHARED = ("units", "mornings")


def main(folder: Path, crew: Local | None = None) -> None:
    """Do a run; whatever goes wrong is a sentence in its state."""
    _at_most(limits.MOST_MINUTES)
    try:
        Run(folder, crew).do()
    except BadInput as bad:
        State("failed", fault=str(bad)).write(folder)
    except Exception as fault:
        from pcqa_sim.study.task import in_one_line

        traceback.print_exc()
        State("failed", fault=f"The run failed: {in_one_line(fault)}").write(folder)


def wait(workers: int) -> None:
    """Read what every run needs, begin the processes that do its units, and do the one that a line then names."""
    from pcqa_sim.configuration import resolve
    from pcqa_sim.study.engines.local import Local

    crew = Local(workers)
    crew.begin()
    resolve([["practice=average", "run=quick"]])
    _read_what_answers_need()
    line = sys.stdin.readline()
    if not line:
        return
    told = json.loads(line)
    folder = Path(told["folder"])
    os.chdir(told["where"])
    os.environ |= told["environment"]
    with (folder / WRONG).open("ab") as wrong:
        os.dup2(wrong.fileno(), sys.stderr.fileno())
    main(folder, crew)


def _read_what_answers_need() -> None:
    from pcqa_sim.report.webpage import building, rendering  # noqa: F401
    from pcqa_sim.study import execute, record  # noqa: F401
    from pcqa_sim.study.methods import pair  # noqa: F401


def _end_with(parent: int) -> None:
    """End when the process that began this one is gone."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _at_most(minutes: float) -> None:
    def over() -> None:
        time.sleep(minutes * 60)
        os._exit(TOO_LONG)

    threading.Thread(target=over, daemon=True).start()


TOO_LONG = 75


@dataclass(frozen=True)
class Sides:
    """A base with all it was made from, and the scenario that is compared with it, None where nothing differs."""

    base: Resolved
    other: Scenario | None
    own: Path | None

    @cached_property
    def shown(self) -> Shown:
        """Return the base's settings with units and sources, the same for every round."""
        from pcqa_sim.configuration import shown_of

        return shown_of(self.base, self.own)


@dataclass(frozen=True)
class Round:
    """So many replications of both sides; `preliminary` where they are shorter than what was asked."""

    sides: Sides
    replications: int
    preliminary: bool

    @property
    def jobs(self) -> list[Job]:
        """Return its jobs, replication by replication, so that pairs are whole early."""
        from pcqa_sim.study.methods.replicate import Job
        from pcqa_sim.study.result import MORNINGS

        base, other = self.sides.base.scenario, self.sides.other
        both = [base] if other is None else [base, other]
        numbers = range(self.replications)
        return [Job(one, base.run.seed, number, (MORNINGS,)) for number in numbers for one in both]

    def found(self, do: Do) -> Study | Comparison:
        """Return what its replications say."""
        from pcqa_sim.study.methods.pair import comparison
        from pcqa_sim.study.methods.replicate import replications_of
        from pcqa_sim.study.result import MORNINGS

        base, other = self.sides.base.scenario, self.sides.other
        if other is None:
            return replications_of(do, base, self.replications, keeps=[MORNINGS])
        return comparison(do, base, {CHANGED: other}, self.replications, keeps=(MORNINGS,))


class Run:
    """One run: its settings, its store, and its rounds, all of which one crew of processes does."""

    def __init__(self, folder: Path, crew: Local | None = None) -> None:
        self.folder = folder
        self.crew = crew
        self.ask = Ask.read(folder)
        self.there: set[Unit] = set()
        self.rounds = self._rounds()

    def _rounds(self) -> list[Round]:
        ask = self.ask
        lengths = [(ask.first, ask.rounds[0])] if ask.first else []
        lengths += [("", many) for many in ask.rounds]
        sides: dict[str, Sides] = {}
        for length, _ in lengths:
            sides.setdefault(length, self._sides(length))
        return [Round(sides[length], many, preliminary=bool(length)) for length, many in lengths]

    def _sides(self, length: str) -> Sides:
        from pcqa_sim.study.methods.pair import unlike

        base = self._resolved([self.ask.base], length)
        other = self._resolved([self.ask.other, self.ask.more], length) if self.ask.other else None
        for made in (base, other or base):
            patients = sum(practice.list_size for practice in made.scenario.practices.values())
            limits.size(made.scenario.weeks, max(self.ask.rounds), patients)
        if other is None or other.scenario.hash() == base.scenario.hash():
            return Sides(base, None, self._own)
        if fault := unlike(base.scenario, other.scenario):
            raise BadInput(fault)
        return Sides(base, other.scenario, self._own)

    def _resolved(self, layers: Sequence[Sequence[str]], length: str) -> Resolved:
        from pcqa_sim.configuration import resolve

        lists = [list(one) for one in layers if one]
        return resolve([*lists, *([[f"run={length}"]] if length else [])], self._own)

    @property
    def _own(self) -> Path | None:
        return Path(self.ask.settings) if self.ask.settings else None

    def do(self) -> None:
        """Have all rounds done; each is answered as soon as its replications are there."""
        jobs = list({job.unit: job for one in self.rounds for job in one.jobs}.values())
        place = self.folder / "study"
        execution = self._execution(place, len(jobs))
        kept = Path(self.ask.cache) / execution.terms.code
        names = [f"{job.unit}.parquet" for job in jobs]
        _linked(names, kept, place)
        execution(jobs)
        _linked(names, place, kept)
        State("done", len(jobs), len(jobs)).write(self.folder)

    def _execution(self, place: Path, of: int) -> Execution:
        from pcqa_sim.study.engines.local import Local
        from pcqa_sim.study.execute import Execution, Terms, Watcher
        from pcqa_sim.study.origin import origin

        def progress(done: int) -> None:
            State("running", min(done, of), of).write(self.folder)

        def arrived(unit: Unit) -> None:
            self.there.add(unit)
            whole = [one for one in self.rounds if {job.unit for job in one.jobs} <= self.there]
            self.rounds = [one for one in self.rounds if one not in whole]
            if whole:
                self._answer(whole[-1], place)

        place.mkdir(exist_ok=True)
        engine = self.crew or Local(self.ask.workers)
        return Execution(place, Terms(origin().code), engine, watcher=Watcher(progress, there=arrived))

    def _answer(self, one: Round, place: Path) -> None:
        from pcqa_sim.report.webpage.rendering import answers_html, html
        from pcqa_sim.study.execute import Reading
        from pcqa_sim.values.wholefile import put_text

        found = one.found(Reading.of(place))
        page = self._page(found, one.sides.shown, one.replications)
        put_text(self.folder / REPORT, html(page))
        first = [sentence for chapter in page.chapters[:1] for sentence in chapter.first]
        warnings = [sentence for chapter in page.chapters[:1] for sentence in chapter.warnings]
        weeks = one.sides.base.scenario.run.measured_weeks
        told = (page.title, page.about, first, warnings, answers_html(page))
        Answer(one.replications, weeks, *told, bool(self.rounds), _numbers(found), _in_short(found)).write(self.folder)

    def _page(self, found: Study | Comparison, shown: Shown, many: int) -> Page:
        from pcqa_sim.report.webpage.building import Made, page_of_comparison, page_of_study
        from pcqa_sim.study.methods.replicate import Study
        from pcqa_sim.study.record import new_record

        command = self.command(many)
        told = {"replications": many, "seed": shown.scenario.run.seed, "parameters": {}, "overrides": {}}
        record = new_record("run" if isinstance(found, Study) else "compare", command[1:], told)
        made = Made(record, self.folder, shown)
        page = page_of_study(found, made) if isinstance(found, Study) else page_of_comparison(found, made)
        asked = shlex.join(command)
        return replace(page, commands=(("The same on the command line, beside the saved settings", asked),))

    def command(self, many: int) -> list[str]:
        """Return the command that gives the same answer."""
        if not self.ask.other:
            return ["pcqa", "run", *self.ask.base, "--reps", str(many)]
        other = f"experiment={self.ask.saved_as}" if self.ask.saved_as else shlex.join(self.ask.more)
        return ["pcqa", "compare", *self.ask.base, "--with", other, "--reps", str(many)]


def _linked(names: Sequence[str], here: Path, there: Path) -> None:
    """Have files of one folder of units in another, too; one that another process puts there meanwhile is as good."""
    for part in _SHARED:
        (there / part).mkdir(parents=True, exist_ok=True)
        for name in names:
            source, target = here / part / name, there / part / name
            if source.is_file() and not target.exists():
                with suppress(OSError):
                    os.link(source, target)


def _numbers(found: Study | Comparison) -> dict[str, Any]:
    """Return the leading numbers of each side: mean, low and high, by metric."""
    from pcqa_sim.study.methods.replicate import Study

    sides = {"as it is": found} if isinstance(found, Study) else {"as it is": found.base, **found.others}
    return {name: _leading(side) for name, side in sides.items()}


def _in_short(found: Study | Comparison) -> list[list[str]]:
    """Return the leading numbers in words, each with its likely range, side by side."""
    from pcqa_sim.report.numbers import Numbers
    from pcqa_sim.scenario import NETWORK
    from pcqa_sim.study.methods.replicate import Study

    sides = [found] if isinstance(found, Study) else [found.base, *found.others.values()]
    practices = list(sides[0].scenario.practices)
    key = practices[0] if len(practices) == 1 else NETWORK
    said = [Numbers(side.summary, key) for side in sides]
    known = [metric for metric in LEADING if all(one.has(metric) for one in said)]
    return [[LEADING[metric], *(one.percent(metric) for one in said)] for metric in known]


def _leading(study: Study) -> dict[str, list[float]]:
    summary = study.summary
    whole = summary[(summary["period"] == "all") & (summary["group"] == "") & summary["metric"].isin(list(LEADING))]
    return {
        str(row["metric"]): [float(row["mean"]), float(row["low"]), float(row["high"])]
        for row in whole.to_dict("records")
        if row["mean"] == row["mean"]
    }


if __name__ == "__main__":
    _end_with(os.getppid())
    if sys.argv[1] == WAIT:
        wait(int(sys.argv[2]))
    else:
        main(Path(sys.argv[1]))
