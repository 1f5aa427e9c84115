"""A door for other programs: the Model Context Protocol over standard input and output, with no port.

What it does is what the app does, within the same limits; faults are the same lines. Code of a user's own is known only
where `pcqa serve` was started with it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcqa_sim.app import limits
from pcqa_sim.app.asked import Ask
from pcqa_sim.app.jobs import Gate, Job, Process
from pcqa_sim.values.faults import BadInput, Fault

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

MOST_OVERRIDES = 60
_ABOUT = (
    "A discrete-event simulation of English general practice. Settings are overrides such as practice=small or "
    "phones.lines=4; `options` and `schema` say which there are. Answers come with 95 % intervals over replications."
)


class Door:
    """What may be asked through the door; each answer is plain data."""

    def __init__(self, folder: Path, own: Path | None, most: int = 2, workers: int = 2, plugins: str = "") -> None:
        self._folder, self._own, self._workers, self._plugins = folder, own, workers, plugins
        self._gate = Gate(most)
        self._number = 0

    def options(self) -> dict[str, list[str]]:
        """Return every group of settings with its options: practice, triage, intervention and so on."""
        from pcqa_sim.configuration import options

        return {group: list(names) for group, names in options(self._own).items()}

    def schema(self, overrides: Sequence[str], begins: str) -> list[dict[str, Any]]:
        """Return the settings whose keys begin so: value, unit, range and source."""
        from pcqa_sim.app.forms import fields
        from pcqa_sim.configuration import show

        found = fields(show(list(_judged(overrides)), user_folder=self._own), begins)
        return [
            {
                "key": one.key,
                "about": one.label,
                "value": one.value,
                "unit": one.unit,
                "low": one.low,
                "high": one.high,
                "help": one.help,
            }
            for one in found
        ]

    def validate(self, overrides: Sequence[str]) -> dict[str, Any]:
        """Return what settings describe, or raise BadInput with every fault of them."""
        from pcqa_sim.configuration import load_scenario

        scenario = load_scenario(list(_judged(overrides)), user_folder=self._own)
        return {
            "practices": {key: one.list_size for key, one in scenario.practices.items()},
            "weeks": scenario.weeks,
            "hash": scenario.hash(),
            "interventions": list(scenario.interventions),
        }

    def run(self, overrides: Sequence[str], replications: int) -> dict[str, Any]:
        """Return the answers for one scenario."""
        return self._answer(list(_judged(overrides)), [], [], replications)

    def compare(self, overrides: Sequence[str], with_: Sequence[str], replications: int) -> dict[str, Any]:
        """Return what more settings change, for the same people with the same luck."""
        base = list(_judged(overrides))
        more = list(_judged(with_))
        if not more:
            raise BadInput(Fault("with", "needs settings, such as phones.lines=4"))
        return self._answer(base, base or ["practice=average"], more, replications)

    def advise(self, overrides: Sequence[str], goal: str, can: Sequence[str], budget: float | None) -> dict[str, Any]:
        """Return what to try first, in the words of `pcqa advise`."""
        words = [*_judged(overrides), "--goal", limits.text(goal, "goal"), "--reps", "5", "--draws", "0"]
        words += ["--workers", str(self._workers)]
        words += ["--can", ",".join(limits.text(one, "can") for one in can)] if can else []
        words += ["--budget", f"{budget:g}"] if budget is not None else []
        place = self._place()
        command = [sys.executable, "-m", "pcqa_sim.cli", "advise", *words, "--out", str(place / "advice")]
        process = Process(command, place, Path.cwd(), self._environment | {"COLUMNS": "100"})
        self._gate.take(process)
        _wait(process)
        if process.fault:
            raise BadInput(Fault("advise", process.fault.replace("\n", "; ")))
        return {"text": process.told}

    def _answer(
        self, base: Sequence[str], other: Sequence[str], more: Sequence[str], replications: int
    ) -> dict[str, Any]:
        self.validate(base)
        if more:
            from pcqa_sim.configuration import load_scenario

            load_scenario(list(other), list(more), user_folder=self._own)
        limits.size(1, replications, 1)
        settings = str(self._own or "")
        cache = str(self._folder / "cache")
        ask = Ask(base, other, (replications,), settings, cache, workers=self._workers, more=more)
        job = Job(self._place(), ask, Path.cwd())
        job.process.environment |= self._environment
        self._gate.take(job.process)
        _wait(job.process)
        answer = job.answer
        if job.state.phase != "done" or answer is None:
            raise BadInput(Fault("run", job.state.fault or "ended without an answer"))
        return {
            "title": answer.title,
            "about": answer.about,
            "answers": list(answer.first),
            "warnings": list(answer.warnings),
            "numbers": {
                side: {
                    metric: dict(zip(("mean", "low", "high"), found, strict=True)) for metric, found in known.items()
                }
                for side, known in answer.numbers.items()
            },
        }

    @property
    def _environment(self) -> dict[str, str]:
        own = {"PCQA_CONFIG_DIR": str(self._own)} if self._own else {}
        return {"PCQA_PLUGINS": self._plugins, "NO_COLOR": "1", **own}

    def _place(self) -> Path:
        self._number += 1
        return self._folder / f"{self._number:05}"

    def close(self) -> None:
        """End whatever is under way."""
        self._gate.end_all()


def _wait(process: Process) -> None:
    while process.alive:
        time.sleep(0.1)


def _judged(overrides: Sequence[str]) -> Sequence[str]:
    """Return overrides as they were given; raise BadInput for too many, or too long ones, or what is an option."""
    if len(overrides) > MOST_OVERRIDES:
        raise BadInput(Fault("overrides", f"at most {MOST_OVERRIDES}", str(len(overrides))))
    for one in overrides:
        limits.text(one, "overrides")
        if one.startswith("-"):
            raise BadInput(Fault("overrides", "settings such as phones.lines=4, and no options", one))
    return overrides


def server(door: Door) -> MCPServer:
    """Return the door as a server of the protocol."""
    from mcp.server.mcpserver import MCPServer

    made = MCPServer("pcqa_sim", instructions=_ABOUT)

    @made.tool(description="Every group of settings with its options")
    async def options() -> str:
        return await _said(door.options)

    @made.tool(description="Settings whose keys begin so (such as phones.), with value, unit, range and source")
    async def schema(begins: str, overrides: list[str] | None = None) -> str:
        return await _said(lambda: door.schema(overrides or [], begins))

    @made.tool(description="Whether settings are right, and what they describe; one line for each fault")
    async def validate(overrides: list[str]) -> str:
        return await _said(lambda: door.validate(overrides))

    @made.tool(description="Run one scenario: answers with 95 % intervals")
    async def run(overrides: list[str], replications: int = 4) -> str:
        return await _said(lambda: door.run(overrides, replications))

    @made.tool(description="Compare settings with the same settings and more, for the same people with the same luck")
    async def compare(overrides: list[str], changes: list[str], replications: int = 4) -> str:
        return await _said(lambda: door.compare(overrides, changes, replications))

    @made.tool(description="What to try first, of some interventions, for a goal such as missed_share; minutes")
    async def advise(overrides: list[str], goal: str, can: list[str] | None = None, budget: float | None = None) -> str:
        return await _said(lambda: door.advise(overrides, goal, can or [], budget))

    return made


async def _said(ask: Callable[[], Mapping[str, Any] | Sequence[Any]]) -> str:
    """Return an answer as JSON; what cannot be asked is {"faults": [one line each]}."""
    try:
        found: Any = await asyncio.to_thread(ask)
    except BadInput as bad:
        found = {"faults": [str(fault) for fault in bad.faults]}
    except (OSError, RuntimeError) as fault:
        found = {"faults": [f"the run failed: {fault}"]}
    return json.dumps(found, default=str)


def serve(own: Path | None, workers: int, plugins: str) -> None:
    """Speak the protocol until standard input ends."""
    if find_spec("mcp") is None:
        raise BadInput(Fault("pcqa serve", 'needs mcp: pip install "pcqa-sim[serve]"'))
    with tempfile.TemporaryDirectory(prefix="pcqa-serve-") as folder:
        door = Door(Path(folder), own, workers=workers, plugins=plugins)
        try:
            server(door).run("stdio")
        finally:
            door.close()
