"""What every study command does around its method: begin a folder or go on in one, have units done, write, and tell.

A command says what it was asked (`Asked`); `conduct` does the rest, so that `--resume`, `--engine`, `--dry-run` and
what follows a kill are the same for all of them. `rerun` begins the same `Asked`, read from a run.json.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from pcqa_sim.commands.options import command_line, told_if_not_written
from pcqa_sim.commands.studyoptions import Options
from pcqa_sim.commands.watching import Early, note, watching
from pcqa_sim.commands.workplaces import tell_deferred
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.configuration import Resolved
    from pcqa_sim.report.webpage.building import Made, Page
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.engines import Engine
    from pcqa_sim.study.execute import Execution
    from pcqa_sim.study.files import Filling
    from pcqa_sim.study.record import Record
    from pcqa_sim.study.result import Periods


class Found(Protocol):
    """What a method found."""

    def fill(self, files: Filling) -> Mapping[str, Any]:
        """Write tables and metrics, and figures or what draws them later; return what the record says of the end."""

    def tell(self) -> None:
        """Print the answer."""

    def afterwards(self, folder: Path, written: Sequence[Path]) -> None:
        """Name the files, those of most interest first, and say what can be done next."""


@runtime_checkable
class Paged(Found, Protocol):
    """What a method found of which there is a page for people."""

    def page(self, made: Made) -> Page:
        """Return the page."""


@runtime_checkable
class Brief(Found, Protocol):
    """What a method found of which the screen has the first sentences, and all only where it is wanted (--full)."""

    def tell_first(self) -> None:
        """Print what matters most."""


@dataclass(frozen=True)
class Asked:
    """A study as it was asked for and understood; nothing was run yet.

    `scenarios` are those known before anything is run, by name: the first is the one that others are made from.
    `names` is what the record says of who is who among them. `most` is how many units it takes at the most; `words`
    what is done, for a progress bar. `made` is what the first scenario was made from. A sweep has no scenarios before
    its `plan` composes them into the folder and returns what the record says of them; `like` is one of them, and
    `size` says how many there are. `first_answers` are told while units come.
    """

    kind: str
    scenarios: Mapping[str, Scenario]
    overrides: Mapping[str, list[str]]
    parameters: Mapping[str, Any]
    method: Callable[[Execution], Found]
    words: str
    most: int
    replications: int | None = None
    periods: Periods = "days"
    names: Mapping[str, Any] = field(default_factory=dict)
    made: Callable[[], Resolved] | None = None
    like: Callable[[], Scenario] | None = None
    plan: Callable[[Path], Mapping[str, Any]] | None = None
    size: str = ""
    first_answers: Callable[[], Early] | None = None

    @property
    def first(self) -> Scenario:
        """Return the scenario that others are made from, or compared with."""
        return self.like() if self.like is not None else next(iter(self.scenarios.values()))

    @property
    def record(self) -> dict[str, Any]:
        """Return what a record says was asked."""
        from pcqa_sim.study.record import not_repeatable

        return {
            "parameters": dict(self.parameters),
            "overrides": dict(self.overrides),
            "seed": self.first.run.seed,
            "replications": self.replications,
            "periods": self.periods,
            **self.names,
            **not_repeatable(self.scenarios.values()),
        }


Again = Callable[["Record", int | None], Asked]
"""What a record says was asked, with another number of replications where one is given."""
ON_RESUME = "needs --out DIR, the folder of the study to go on with"


def conduct(
    kind: str,
    again: Again,
    ask: Callable[[], Asked],
    options: Options,
    named: bool = True,
    replications: int | None = None,
) -> None:
    """Begin the study that is asked for, or go on with the one in its folder, to its end.

    `named` tells whether settings were named: on `--resume` without any, those of the record are meant, and a study
    must be there. It may be given more `replications`.
    """
    there = study_there(kind, options, named)
    if there is None:
        begin(ask(), options)
        return
    if named:
        _refuse_other(there, ask())
    go_on(there, again(there, replications), options)


def go_on(there: Record, asked: Asked, options: Options) -> None:
    """Go on with the study in a folder, which was asked the same; refuse other code unless that is accepted."""
    from pcqa_sim.study.origin import origin
    from pcqa_sim.study.store import Store

    for change in refused_unless(options.accept, origin().differences(there.origin)):
        note(f"accepted: {change}")
    if only_shown(asked, options):
        return
    folder = there.path.parent
    with options.place.engine() as engine, held(folder):
        for line in Store(folder).touched(there.files):
            note(line)
        accomplish(folder, record_of(asked, folder, there), asked, engine, options.full)


def begin(asked: Asked, options: Options) -> Path | None:
    """Begin a study in a folder of its own, do it, and return the folder; None where it was only to be shown."""
    from pcqa_sim.commands.estimates import refuse_by_mistake
    from pcqa_sim.commands.leftovers import clear, left_by_planning, nothing
    from pcqa_sim.study.claiming import claimed, label_of

    if only_shown(asked, options):
        return None
    if not options.yes:
        refuse_by_mistake(asked.first, asked.most, options.place, asked.size)
    leftover = left_by_planning if options.resume else nothing
    with (
        options.place.engine() as engine,
        claimed(options.out, label_of(asked.first), command_line(), leftover) as folder,
    ):
        clear(folder)
        try:
            accomplish(folder, record_of(asked, folder), asked, engine, options.full)
        except BadInput:  # only a run can tell that a metric has no such group: then there is nothing to go on with
            clear(folder, all_of_it=True)
            raise
        return folder


def accomplish(folder: Path, record: dict[str, Any], asked: Asked, engine: Engine, full: bool = False) -> None:
    """Do a study in its folder, which is held: have the units done, write the results, and tell them.

    Where there is a short answer, that is told, unless the `full` one is wanted.
    """
    from pcqa_sim.commands.report import write_page
    from pcqa_sim.commands.trust import write_cards
    from pcqa_sim.configuration import shown_of
    from pcqa_sim.study.engines import Deferred
    from pcqa_sim.study.files import Filling
    from pcqa_sim.study.record import write_record

    write_record(folder, record)
    begun = time.monotonic()
    execution = execution_of(folder, record, engine, asked.most)
    try:
        early = asked.first_answers and asked.first_answers()
        words = f"{asked.words} on {engine.describe()}"
        with watching(words, asked.most, execution.store, early) as execution.watcher:
            found = asked.method(execution)
    except Deferred as later:
        tell_deferred(later, folder)
        return
    except KeyboardInterrupt:
        note(execution.left())
        raise
    execution.outcome.seconds = time.monotonic() - begun
    filling = Filling(folder)
    brief = isinstance(found, Brief) and not full
    tell = found.tell_first if isinstance(found, Brief) and brief else found.tell
    with told_if_not_written(tell):
        told = found.fill(filling)
        finished = execution.outcome.as_dict(engine.describe())
        end = {"results": filling.results, "seconds": finished["seconds"], "finished": finished}
        write_record(folder, record | dict(told) | end)
        settings = None if asked.made is None else shown_of(asked.made())
        if settings is not None:
            write_cards(folder, settings)
    tell()
    sys.stdout.flush()
    filling.put_rest()
    if settings is not None and isinstance(found, Paged):
        filling.written.insert(0, write_page(folder, found, settings))
    if brief:
        from pcqa_sim.report.screen import read_on

        print(read_on(folder, asked.kind))
    else:
        found.afterwards(folder, filling.written)


def execution_of(folder: Path, record: dict[str, Any], engine: Engine, most: int | None) -> Execution:
    """Return what has a study's units done; what it learns of new scenarios goes into the record."""
    from pcqa_sim.study.execute import Execution, Terms
    from pcqa_sim.study.origin import origin
    from pcqa_sim.study.record import write_record

    def remember(files: Mapping[str, str]) -> None:
        record["scenario_files"] = dict(files)
        write_record(folder, record)

    terms = Terms(origin().code, record["periods"], dict(record["scenario_files"]), most)
    return Execution(folder, terms, engine, remember=remember)


def study_there(kind: str, options: Options, named: bool) -> Record | None:
    """Return the record of the study to go on with, None where one is to be begun; raise BadInput where neither."""
    from pcqa_sim.commands.leftovers import no_study
    from pcqa_sim.study.claiming import refuse_held
    from pcqa_sim.study.record import has_record, read_record

    if options.resume and options.out is None:
        raise BadInput(Fault("--resume", ON_RESUME))
    if options.out is None:
        return None
    refuse_held(options.out, command_line())
    if not options.resume:
        return None
    if not has_record(options.out):
        if not named:
            raise BadInput(no_study(options.out))
        return None
    record = read_record(options.out)
    if record.kind != kind:
        near = f"pcqa {record.kind}"
        raise BadInput(Fault(str(options.out), f"holds a study of another command, not of `pcqa {kind}`", "", near))
    return record


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a study's folder for this process alone."""
    from pcqa_sim.study.folderlock import locked

    with locked(folder, command_line()):
        yield


def record_of(asked: Asked, folder: Path, there: Record | None = None) -> dict[str, Any]:
    """Put the scenarios of a study into its folder and return its record, which is to be written next.

    A study that is gone on with has one already, `there`.
    """
    from pcqa_sim.study.record import new_record
    from pcqa_sim.study.store import Store

    if asked.plan is None:
        files = {name: Store(folder).put_scenario(name, one) for name, one in asked.scenarios.items()}
        told = asked.record | {"settings": settings_now(), "scenario_files": files | (there.files if there else {})}
    else:
        told = dict(asked.plan(folder))
    made = new_record(asked.kind, command_line(), told)
    return made | ({"begun": there.plain.get("begun")} if there is not None else {})


def settings_now() -> str:
    """Return the fingerprint of the settings files, shipped and the user's own."""
    from pcqa_sim.configuration.sweeping import fingerprinted_folders
    from pcqa_sim.study.origin import settings_fingerprint

    return settings_fingerprint(fingerprinted_folders())


def refused_unless(accept: bool, changes: list[str]) -> list[str]:
    """Return what changed since a study was begun; raise BadInput naming it unless it is accepted."""
    if changes and not accept:
        said = "; ".join(changes)
        rule = f"{said}. Units of both would be mixed: use another --out, or add --accept-version to go on all the same"
        raise BadInput(Fault("--resume", rule))
    return changes


def _refuse_other(there: Record, asked: Asked) -> None:
    """Raise BadInput where a study was asked for something else than is named now."""
    was, now = dict(there.parameters), dict(asked.parameters)
    if isinstance(was.get("replications"), int) and isinstance(now.get("replications"), int):
        del was["replications"], now["replications"]
    found = [f"the seed was {there.seed}, is {asked.first.run.seed}"] if there.seed != asked.first.run.seed else []
    for key in sorted({*was, *now}):
        if was.get(key) != now.get(key):
            found.append(f"{key} was {was.get(key)}, is {now.get(key)}")
    found += [] if found else _other_settings(there, asked)
    if found:
        said = shown("; ".join(found))
        raise BadInput(Fault("--resume", f"{said}. For another question use another --out"))


def _other_settings(there: Record, asked: Asked) -> list[str]:
    from pcqa_sim.study.design.plan import changed_keys
    from pcqa_sim.study.store import Store

    before = {there.first: None} | dict.fromkeys((there.plain.get("others") or {}).values())
    if len(before) != len(asked.scenarios):
        return [f"there were {len(before)} scenarios, are {len(asked.scenarios)}"]
    found: list[str] = []
    for was, now in zip(before, asked.scenarios.values(), strict=True):
        found += changed_keys(was, now, Store(there.path.parent), there.files)
    return found


def only_shown(asked: Asked, options: Options) -> bool:
    """Tell whether nothing but words are wanted, and print them."""
    from pcqa_sim.commands.estimates import estimate

    if options.dry_run:
        print(estimate(asked.first, asked.most, options.place, asked.size))
    return options.dry_run
