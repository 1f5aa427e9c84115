"""How long work goes on, on standard error: a bar with the time that remains or, in a log, a line every minute."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.study.execute import Watcher

LINE_EVERY_SECONDS = 60.0


def note(text: str) -> None:
    """Print a line worth reading, beside a bar or in the log of a batch job."""
    print(shown(text), file=sys.stderr, flush=True)


@contextmanager
def progress(words: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on a terminal, and a line now and then elsewhere; give the function that moves it.

    `total` is None where nobody can know beforehand how much there is to do.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console, lines = Console(stderr=True), _Lines(total)
    with Progress(
        *columns, TextColumn("to go"), TimeRemainingColumn(), console=console, transient=True,
        disable=not console.is_terminal,
    ) as bar:  # fmt: skip
        task = bar.add_task(words, total=total)

        def step(finished: int) -> None:
            bar.update(task, completed=finished)
            if not console.is_terminal:
                lines.now_and_then(finished)

        yield step


@contextmanager
def watching(words: str, total: int | None) -> Iterator[Watcher]:
    """Give who is told how a study goes on."""
    from pcqa_sim.study.execute import Watcher

    with progress(words, total) as step:
        yield Watcher(step, note)


class _Lines:
    """Lines every minute, for logs, where no bar can be shown."""

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._begun = self._said = time.monotonic()
        self._first: int | None = None

    def now_and_then(self, finished: int) -> None:
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
