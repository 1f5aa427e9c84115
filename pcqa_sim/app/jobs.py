"""Runs as the app holds them: processes of their own, watched through files, stopped at once, a few at a time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pcqa_sim.app import limits
from pcqa_sim.app.asked import TOLD, WAIT, WRONG, Answer, Ask, State
from pcqa_sim.app.worker import TOO_LONG
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

GONE = "The run was ended from outside before it was done ({}). What it found so far stands; press Run to go on."
_SAID_BY_THE_SYSTEM = 2_000  # characters kept of what a process that ended badly said last
WORKER = (sys.executable, "-m", "pcqa_sim.app.worker")


class Ready:
    """A worker that has read all it needs before anybody asks, and waits to be told of a run."""

    def __init__(self, place: Path, workers: int) -> None:
        self._place, self._workers = place, workers
        self._process: subprocess.Popen[bytes] | None = None
        self._one = threading.Lock()

    def begin(self) -> None:
        """Begin one, unless one waits."""
        with self._one:
            if self._process is None or self._process.poll() is not None:
                command = [*WORKER, WAIT, str(self._workers)]
                self._process = _begun(command, self._place, self._place, {}, stdin=subprocess.PIPE)

    def take(self, folder: Path, where: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes] | None:
        """Tell the one that waits of a run, and let it go; None where none waits."""
        with self._one:
            process, self._process = self._process, None
        if process is None or process.stdin is None or process.poll() is not None:
            return None
        told = {"folder": str(folder), "where": str(where), "environment": dict(environment)}
        try:
            with process.stdin as line:
                line.write(json.dumps(told).encode() + b"\n")
        except OSError:
            return None
        return process

    def end(self) -> None:
        """End it."""
        with self._one:
            if self._process is not None:
                _ended_now(self._process)
            self._process = None


class Gate:
    """How many processes at work all users have together; `ready` is the worker that waits for the next run."""

    def __init__(self, most: int = limits.MOST_AT_ONCE, ready: Ready | None = None) -> None:
        self.most, self.ready = most, ready
        self._held: list[Process] = []
        self._one = threading.Lock()

    def take(self, process: Process) -> None:
        """Let one more begin; raise BadInput where there are as many as may be."""
        with self._one:
            self._held = [one for one in self._held if one.alive]
            if len(self._held) >= self.most:
                rule = f"{self.most} are under way on this machine already: try again in a minute"
                raise BadInput(Fault("runs", rule))
            process.begin()
            self._held.append(process)

    def prepare(self) -> None:
        """Have a worker wait for the next run, unless something is at work, which it would slow down."""
        if self.ready is not None and not any(one.alive for one in self._held):
            self.ready.begin()

    def end_all(self) -> None:
        """End whatever is under way: the app is closing."""
        if self.ready is not None:
            self.ready.end()
        with self._one:
            for one in self._held:
                one.stop()
            self._held = []


@dataclass
class Process:
    """A command in a process group of its own, in a folder of its own, whose output goes to files there."""

    command: Sequence[str]
    folder: Path
    where: Path
    environment: dict[str, str] = field(default_factory=dict)
    ready: Ready | None = None
    _process: subprocess.Popen[bytes] | None = None
    stopped: bool = False
    begun: float = 0.0

    def begin(self) -> None:
        """Begin it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.begun = time.monotonic()
        taken = None if self.ready is None else self.ready.take(self.folder, self.where, self.environment)
        self._process = taken or _begun(self.command, self.folder, self.where, self.environment)

    @property
    def alive(self) -> bool:
        """Tell whether it is at work."""
        return self._process is not None and self._process.poll() is None

    @property
    def code(self) -> int | None:
        """Return its exit code, None while it is at work."""
        return None if self._process is None else self._process.poll()

    @property
    def pid(self) -> int:
        """Return its number, 0 before it began."""
        return 0 if self._process is None else self._process.pid

    def stop(self) -> None:
        """End it and all that it began, and wait until it is gone."""
        if self._process is None:
            return
        self.stopped = self.stopped or self.alive
        _ended_now(self._process)

    @property
    def told(self) -> str:
        """Return what it printed."""
        return _tail(self.folder / TOLD, 200_000)

    @property
    def fault(self) -> str:
        """Return in one sentence or a few lines why it ended badly, "" where it did not."""
        if self.alive or self.code in (0, None):
            return ""
        if self.stopped:
            return "Stopped."
        said = _tail(self.folder / WRONG, _SAID_BY_THE_SYSTEM).strip()
        if self.code == 2 and "Traceback" not in said:
            return said
        return ended(self.code or 0)


def _begun(
    command: Sequence[str], folder: Path, where: Path, environment: Mapping[str, str], stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Begin a command in a process group of its own; what it prints goes to files in its folder."""
    with (folder / TOLD).open("wb") as told, (folder / WRONG).open("wb") as wrong:
        return subprocess.Popen(
            command,
            cwd=where,
            stdin=stdin,
            stdout=told,
            stderr=wrong,
            start_new_session=True,
            env=os.environ | environment,
        )


def _ended_now(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it began, and wait until it is gone."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)


def ended(code: int) -> str:
    """Return a sentence on a process that ended badly."""
    if code == TOO_LONG:
        return f"The run took longer than {limits.MOST_MINUTES} minutes and was ended: try fewer weeks."
    return GONE.format(f"signal {-code}" if code < 0 else f"exit code {code}")


class Job:
    """A run of the model for one user."""

    def __init__(self, folder: Path, ask: Ask, where: Path, ready: Ready | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        ask.write(folder)
        self.ask = ask
        self.folder = folder
        environment = {"PCQA_CONFIG_DIR": ask.settings, "PCQA_PLUGINS": ""}
        self.process = Process([*WORKER, str(folder)], folder, where, environment, ready)

    @property
    def state(self) -> State:
        """Return how far it is; a process that is gone and did not say so has failed."""
        told = State.read(self.folder)
        if told.phase in ("done", "failed") or self.process.code is None:
            return told
        if self.process.stopped:
            return State("stopped", told.done, told.of)
        return State("failed", told.done, told.of, ended(self.process.code))

    @property
    def answer(self) -> Answer | None:
        """Return the latest answer."""
        return Answer.read(self.folder)

    @property
    def alive(self) -> bool:
        """Tell whether it is at work."""
        return self.process.alive

    def stop(self) -> None:
        """Stop it; the latest answer stays."""
        self.process.stop()


def _tail(path: Path, most: int) -> str:
    """Return the end of a text file, line by line without control characters."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")[-most:]
    except OSError:
        return ""
    return "\n".join(" " * (len(line) - len(line.lstrip(" "))) + shown_line(line) for line in text.splitlines())


def shown_line(line: str) -> str:
    """Return a line as it may be shown; columns stay under each other."""
    return "".join(one if one.isprintable() else " " for one in line.strip()) if line.strip() else shown(line)
