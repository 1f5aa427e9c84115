"""How long work goes on, on standard error: a bar with the time that remains or, in a log, a line every minute.

On a terminal the first answers stand above the bar, where a command has any; elsewhere they are logged.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from rich.progress import Progress

    from pcqa_sim.study.execute import Watcher
    from pcqa_sim.study.store import Store
    from pcqa_sim.study.unit import Unit

LINE_EVERY_SECONDS = 60.0
BAR_AFTER_SECONDS = 1.0


def note(text: str) -> None:
    """Print a line worth reading, beside a bar or in the log of a batch job."""
    print(shown(text), file=sys.stderr, flush=True)


@contextmanager
def progress(words: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on a terminal, and a line now and then elsewhere; give the function that moves it.

    `total` is None where nobody can know beforehand how much there is to do.
    """
    with _sign(words, total) as sign:
        yield sign.step


class Early(Protocol):
    """What is told while units come, and whether it is to be logged besides."""

    def take(self, store: Store, unit: Unit) -> list[str]:
        """Count a unit that was put into the store; return the lines that tell what is known now."""

    def logged(self) -> bool:
        """Tell whether it is to be logged."""


@contextmanager
def watching(words: str, total: int | None, store: Store, early: Early | None = None) -> Iterator[Watcher]:
    """Give who is told how a study goes on; `early` answers are made from its store, if anybody sees them."""
    from pcqa_sim.study.execute import Watcher

    with _sign(words, total) as sign:

        def there(unit: Unit) -> None:
            if early is not None and (sign.shows_lines or early.logged()):
                sign.say(early.take(store, unit))

        yield Watcher(sign.step, note, there)


@contextmanager
def _sign(words: str, total: int | None) -> Iterator[_Bar | _Lines]:
    if not sys.stderr.isatty():
        yield _Lines(total)
        return
    bar = _Bar(words, total)
    try:
        yield bar
    finally:
        bar.end()


class _Bar:
    """A bar on a terminal, and lines above it; both are gone at the end.

    It comes a second after the work began, so that the work need not wait for what draws it.
    """

    shows_lines = True

    def __init__(self, words: str, total: int | None) -> None:
        self._words, self._total = words, total
        self._finished, self._lines = 0, list[str]()
        self._drawn: Progress | None = None
        self._later = threading.Timer(BAR_AFTER_SECONDS, self._begin)
        self._later.daemon = True
        self._later.start()

    def step(self, finished: int) -> None:
        self._finished = finished
        self._draw()

    def say(self, lines: Sequence[str]) -> None:
        self._lines = list(lines)
        self._draw()

    def end(self) -> None:
        self._later.cancel()
        self._later.join()
        if self._drawn is not None:
            self._drawn.stop()

    def _begin(self) -> None:
        bar = _progress_of_rich()
        bar.add_task(self._words, total=self._total, above="")
        bar.start()
        self._drawn = bar
        self._draw()

    def _draw(self) -> None:
        if self._drawn is not None:
            task = self._drawn.tasks[0].id
            self._drawn.update(task, completed=self._finished, above="\n".join(self._lines), refresh=True)


def _progress_of_rich() -> Progress:
    """Return rich's progress bar, with what is in the field `above` of its first task above it."""
    from rich.console import Console, RenderableType
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Bar(Progress):
        def get_renderables(self) -> Iterator[RenderableType]:
            if self.tasks and self.tasks[0].fields["above"]:
                yield Text(self.tasks[0].fields["above"])
            yield self.make_tasks_table(self.tasks)

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    return Bar(*columns, TextColumn("to go"), TimeRemainingColumn(), console=console, transient=True)


class _Lines:
    """Lines every minute, for logs, where no bar can be shown."""

    shows_lines = False

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._begun = self._said = time.monotonic()
        self._first: int | None = None

    def say(self, _: Sequence[str]) -> None:
        """Leave the lines: a log has those that were asked for already."""

    def step(self, finished: int) -> None:
        if self._first is None:
            self._first = finished
        now = time.monotonic()
        if now - self._said < LINE_EVERY_SECONDS or finished <= self._first:
            return
        self._said = now
        if self._total is None:
            note(f"{finished:,} units so far")
            return
        left = (now - self._begun) / (finished - self._first) * (self._total - finished)
        note(f"{finished:,} of {self._total:,} units; about {max(1, round(left / 60)):,} min to go")
