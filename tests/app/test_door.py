"""The door for other programs, through the protocol's own client; its faults are those of the command line."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from mcp.client.session import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client

from pcqa_sim.app.door import Door
from pcqa_sim.values.faults import BadInput

EXAMPLES = Path(__file__).parents[2] / "examples"
OWN = "triage=advice_when_full"
TINY = ["practice=small", "run=quick", "practice.list_size=800", "run.measured_weeks=1", "run.warm_up_weeks=0"]


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    made = Door(tmp_path, None, workers=1)
    yield made
    made.close()


def test_faults_are_the_lines_of_the_command_line(door: Door) -> None:
    with pytest.raises(BadInput, match=r"phones\.linez: 3: is not a setting; did you mean phones\.lines\?"):
        door.validate(["phones.linez=3"])
    with pytest.raises(BadInput, match="no options"):
        door.validate(["--plugins=x.py"])
    with pytest.raises(BadInput, match="at most 200 characters"):
        door.validate(["phones.lines=" + "1" * 300])
    with pytest.raises(BadInput, match="2 to 32 here"):
        door.run(TINY, 1000)
    with pytest.raises(BadInput, match="needs settings"):
        door.compare(TINY, [], 2)


def test_settings_have_ranges_units_and_sources(door: Door) -> None:
    lines = next(one for one in door.schema(["practice=small"], "phones.") if one["key"] == "phones.lines")
    assert (lines["low"], lines["high"]) == (1, 10_000)
    assert "Source" in lines["help"]


def asked(place: Path, calls: Mapping[str, tuple[str, dict[str, Any]]], *options: str) -> dict[str, Any]:
    """What one server answers to calls, each a tool and its arguments, and under "tools" which tools it has."""
    environment = dict(os.environ) | {"PCQA_PURE": "1"}
    words = ["-m", "pcqa_sim.cli", "serve", "--workers", "1", *options]
    there = StdioServerParameters(command=sys.executable, args=words, env=environment, cwd=place)

    async def ask() -> dict[str, Any]:
        async with stdio_client(there) as (reads, writes), ClientSession(reads, writes) as session:
            await session.initialize()
            found: dict[str, Any] = {"tools": {tool.name for tool in (await session.list_tools()).tools}}
            for name, (tool, arguments) in calls.items():
                answer = await session.call_tool(tool, arguments)
                found[name] = json.loads(answer.content[0].text)  # type: ignore[union-attr]
            return found

    return asyncio.run(ask())


@pytest.mark.slow
def test_another_program_asks_through_the_protocol(tmp_path: Path) -> None:
    """Schema, validation and a comparison, by the package's own client; a user's own code is not known."""
    more = {"overrides": TINY, "changes": ["triage=open_access"], "replications": 2}
    calls = {
        "wrong": ("validate", {"overrides": ["practice=smal"]}),
        "right": ("validate", {"overrides": TINY}),
        "own": ("validate", {"overrides": [*TINY, OWN]}),
        "found": ("compare", more),
    }
    said = asked(tmp_path, calls)
    assert said["tools"] == {"options", "schema", "validate", "run", "compare", "advise"}
    assert len(said["wrong"]["faults"]) == 1
    assert "did you mean small?" in said["wrong"]["faults"][0]
    assert said["right"]["practices"] == {"practice": 800}
    assert "triage: advice_when_full" in said["own"]["faults"][0]
    assert set(said["found"]["numbers"]) == {"as it is", "your change"}
    assert said["found"]["answers"]


@pytest.mark.slow
def test_own_code_runs_where_the_server_was_started_with_it_and_advice_comes_in_words(tmp_path: Path) -> None:
    advice = {"overrides": TINY, "goal": "missed_share", "can": ["more_phone_lines"], "budget": 60_000}
    calls = {
        "run": ("run", {"overrides": [*TINY, OWN], "replications": 2}),
        "advice": ("advise", advice),
        "wrong": ("advise", {"overrides": TINY, "goal": "missed"}),
    }
    said = asked(tmp_path, calls, "--plugins", str(EXAMPLES / "own_triage"))
    assert said["run"]["answers"]
    (numbers,) = said["run"]["numbers"].values()
    assert (
        0 <= numbers["missed_share"]["low"] <= numbers["missed_share"]["mean"] <= numbers["missed_share"]["high"] <= 1
    )
    assert "more phone lines" in said["advice"]["text"]
    assert "did you mean missed_share?" in said["wrong"]["faults"][0]
