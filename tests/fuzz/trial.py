"""Runs `pcqa` on spoiled input in this process and judges what came of it: no traceback, a known code, nothing left."""

from __future__ import annotations

import datetime as dt
import io
import multiprocessing.process
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pcqa_sim import cli
from pcqa_sim.commands import importing
from pcqa_sim.results import run as running

CODES = (0, 1, 2, 3)
SECONDS = 20.0  # of processor time; nothing here runs the model
STARTED = "would have run the model"


class WouldRun(BaseException):
    """The input was accepted, and the model would run now."""


@dataclass
class Tally:
    """How often each code came, and what went wrong with which input."""

    codes: Counter[int | str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def __str__(self) -> str:
        codes = ", ".join(f"{code}: {count}" for code, count in sorted(self.codes.items(), key=str))
        return f"{self.codes.total()} inputs; codes {codes}; {len(self.wrong)} wrong; slowest {self.slowest:.1f} s"


def _stop(*_: object, **__: object) -> None:
    raise WouldRun


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model does not run, here or in another process; telephone days are fitted to a plain week."""
    monkeypatch.setattr(running, "happen", _stop)
    monkeypatch.setattr(multiprocessing.process.BaseProcess, "start", _stop)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(importing, "_simulated_week_for", _plain_week)


def _plain_week(list_size: int, around: dt.date) -> Callable[[float], list[float]]:
    return lambda level: [list_size / 1000 * 27.4 * level**1.3 * factor for factor in (1.4, 1.0, 1.0, 1.0, 1.0)]


@contextmanager
def _as_typed(words: list[str]) -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    """Stand in for the shell: the words, and streams as strict as a terminal's."""
    before, sys.argv = sys.argv, ["pcqa", *words]
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace")
    try:
        with redirect_stdout(out), redirect_stderr(err):
            yield out, err
    finally:
        sys.argv = before


def _files(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def tried(words: list[str], folder: Path, tally: Tally, given: object = "") -> int | str:
    """Run `pcqa` with some words in a folder; add what came of it to the tally, and return its code."""
    before, begun = _files(folder), time.process_time()
    code, fault = _outcome(words)
    tally.slowest = max(tally.slowest, time.process_time() - begun)
    tally.codes[code] += 1
    if not fault and code not in (0, STARTED) and _files(folder) != before:
        fault = "something was left or changed on refusal"
    if not fault and time.process_time() - begun > SECONDS:
        fault = f"took more than {SECONDS:g} seconds"
    if fault:
        tally.wrong.append(f"{fault}\n  words: {words!r}\n  given: {given!r:.3000}")
    return code


def _outcome(words: list[str]) -> tuple[int | str, str]:
    """Return the code of a command and what is wrong with how it ended ("" if nothing)."""
    code: int | str = 0
    with _as_typed(words) as (out, err):
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        except WouldRun:
            return STARTED, ""
        except BaseException:
            return "traceback", traceback.format_exc(limit=-6)
    return code, _wrong_words(code, _written(out), _written(err))


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def _wrong_words(code: int, out: str, err: str) -> str:
    if code not in CODES:
        return f"the exit code is {code}"
    if "Traceback" in err:
        return "a traceback was printed"
    if code and not err.strip():
        return "refused without a word"
    if code and out:
        return f"refused after printing {out[:200]!r}"
    if not all(char.isprintable() or char == "\n" for char in err):
        return f"the message has characters that move the cursor or cannot be seen: {err[:400]!r}"
    return ""
