"""How a study's progress is shown: a bar with the first answers above it, lines in a log, and nothing left behind."""

from __future__ import annotations

import io
import subprocess
import sys
import time

import pytest

from pcqa_sim.commands import watching
from pcqa_sim.commands.firstanswers import FirstAnswers
from pcqa_sim.study.store import Store
from pcqa_sim.study.unit import Unit

UNIT = Unit("0" * 12, 1, 0)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Said(FirstAnswers):
    """Answers that need no store; `log` tells whether somebody asked for them in the log."""

    def __init__(self, log: bool = False) -> None:
        self.log, self.taken = log, list[Unit]()

    def take(self, store: Store, unit: Unit) -> list[str]:
        self.taken.append(unit)
        return ["so far: 21.0 % [of] them"]

    def logged(self) -> bool:  # type: ignore[override]
        return self.log


def drawn(monkeypatch: pytest.MonkeyPatch, after: float, seconds: float) -> str:
    """What a study of two units draws on a terminal, its bar coming after some seconds."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(watching, "BAR_AFTER_SECONDS", after)
    with watching.watching("2 weeks", 2, Store(None), Said()) as watcher:  # type: ignore[arg-type]
        watcher.progress(0)
        watcher.there(UNIT)
        watcher.progress(1)
        time.sleep(seconds)
    return screen.getvalue()


def test_a_bar_on_a_terminal_with_the_first_answers_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = drawn(monkeypatch, 0.0, 0.5)
    assert "so far: 21.0 % [of] them" in screen
    assert "2 weeks" in screen
    assert "1/2" in screen
    assert screen.index("so far") < screen.rindex("2 weeks")


def test_what_is_over_at_once_has_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, 5.0, 0.0) == ""


def test_elsewhere_answers_are_made_only_where_they_are_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    for early in (Said(), Said(log=True)):
        with watching.watching("2 weeks", 2, Store(None), early) as watcher:  # type: ignore[arg-type]
            watcher.there(UNIT)
        assert early.taken == ([UNIT] if early.log else [])
    assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]


def test_in_a_log_there_is_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setattr(watching, "LINE_EVERY_SECONDS", 0.0)
    with watching.progress("2 weeks", 4) as step:
        for finished in (1, 2):
            step(finished)
    assert sys.stderr.getvalue() == "2 of 4 units; about 1 min to go\n"  # type: ignore[attr-defined]


STARTED = """
import sys
from pcqa_sim import cli
from pcqa_sim.values import eventlog
def stop(self, *_, **__):
    raise SystemExit("loaded " + " ".join(sys.modules))
eventlog.EventLog.__init__ = stop
cli.main()
"""


def test_what_a_run_needs_only_afterwards_is_not_imported_before_its_first_event(elsewhere: object) -> None:
    words = ("run", "practice=small", "practice.list_size=1000", "--reps", "1", "--workers", "1", "--out", "out")
    done = subprocess.run(
        [sys.executable, "-c", STARTED, *words], capture_output=True, text=True, check=False, timeout=60
    )
    loaded = set(done.stderr.partition("loaded ")[2].split())
    assert "pcqa_sim.simulation" in loaded
    late = {"pandas", "matplotlib", "pyarrow", "rich", "pcqa_sim.results.metrics", "pcqa_sim.report.console"}
    assert not loaded & late
