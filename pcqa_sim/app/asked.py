"""What a run of the app was asked, and what it says of itself, as files between the app and its worker process."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from pcqa_sim.values.wholefile import put_text

ASK, STATE, ANSWER, REPORT = "ask.json", "state.json", "answer.json", "report.html"
TOLD, WRONG, WAIT = "told.txt", "wrong.txt", "--wait"
Phase = Literal["waiting", "running", "done", "failed", "stopped"]


@dataclass(frozen=True)
class Ask:
    """A run: a base and what is compared with it, as overrides, in rounds of ever more replications.

    `first` is the length of the runs of the first answer, "" where it is that of the rest. `other` is empty where
    nothing is changed; `more` is laid on top of it.
    """

    base: Sequence[str]
    other: Sequence[str]
    rounds: Sequence[int]
    settings: str
    cache: str
    first: str = ""
    workers: int = 2
    saved_as: str = ""
    more: Sequence[str] = ()

    def write(self, folder: Path) -> None:
        """Put it where the worker reads it."""
        put_text(folder / ASK, json.dumps(asdict(self)))

    @classmethod
    def read(cls, folder: Path) -> Ask:
        """Return what the worker was asked."""
        return cls(**json.loads((folder / ASK).read_text(encoding="utf-8")))


@dataclass(frozen=True)
class State:
    """How far a run is: runs of the model done, of how many, and a sentence where something went wrong."""

    phase: Phase = "waiting"
    done: int = 0
    of: int = 0
    fault: str = ""

    def write(self, folder: Path) -> None:
        """Put it where the app reads it."""
        put_text(folder / STATE, json.dumps(asdict(self)))

    @classmethod
    def read(cls, folder: Path) -> State:
        """Return how far a run is; nothing is known of one that has not begun."""
        try:
            return cls(**json.loads((folder / STATE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return cls()


@dataclass(frozen=True)
class Answer:
    """An answer: from how many replications of how many weeks, its page's parts as HTML, and its leading numbers.

    `short` are the leading numbers in words, a row a measure: what it is, as it is, and with the change.
    """

    replications: int
    weeks: int
    title: str
    about: str
    first: Sequence[str]
    warnings: Sequence[str]
    html: str
    preliminary: bool
    numbers: Mapping[str, Any] = field(default_factory=dict)
    short: Sequence[Sequence[str]] = ()

    def write(self, folder: Path) -> None:
        """Put it where the app reads it."""
        put_text(folder / ANSWER, json.dumps(asdict(self)))

    @classmethod
    def read(cls, folder: Path) -> Answer | None:
        """Return the latest answer, None before the first."""
        try:
            return cls(**json.loads((folder / ANSWER).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
