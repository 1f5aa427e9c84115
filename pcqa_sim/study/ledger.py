"""The ledger of a study: which units are there, whole. A unit is put there whole or not at all."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from pcqa_sim.scenario import Scenario
from pcqa_sim.study.readback import resume_command
from pcqa_sim.study.scenariofile import SCENARIOS, TOUCHED, OtherSettings, read_scenario, scenario_bytes, sha256
from pcqa_sim.study.unitfile import Damaged, UnitName, checksum, unit_bytes
from pcqa_sim.study.wholefile import put_bytes
from pcqa_sim.values.outside import shown
from pcqa_sim.values.plugins import OtherCode

UNITS = "units"
_OLD_DRAFT_SECONDS = 900


@dataclass(frozen=True)
class Entry:
    """One unit put into the ledger: its checksum, its size in bytes."""

    checksum: str
    size: int


@dataclass
class Survey:
    """What a ledger holds of the units a study needs: whole ones, missing ones, damaged ones with the reason.

    `missing` has the damaged too, in the order in which units were asked for.
    """

    whole: int = 0
    missing: list[UnitName] = field(default_factory=list)
    damaged: dict[UnitName, str] = field(default_factory=dict)


class Ledger:
    """The units and scenarios in a study's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: UnitName) -> Path:
        """Return where a unit is, or would be."""
        return self.folder / UNITS / f"{name}.parquet"

    def put(self, name: UnitName, table: pa.Table, code: str) -> Entry:
        """Write a unit, whole or not at all; written again, it is the same file again."""
        content = unit_bytes(table, str(name), code)
        put_bytes(self.path(name), content)
        return Entry(checksum(content, str(name)), len(content))

    def entry(self, name: UnitName) -> Entry:
        """Return what is there of a unit; raise Damaged or FileNotFoundError."""
        content = self.path(name).read_bytes()
        return Entry(checksum(content, str(name)), len(content))

    def survey(self, names: Iterable[UnitName], looked_at: Callable[[int], None] | None = None) -> Survey:
        """Look at every unit that is needed; a damaged one is named and counts as missing."""
        there = self._there()
        found = Survey()
        for number, name in enumerate(names):
            if str(name) not in there:
                found.missing.append(name)
            else:
                self._look(name, found)
            if looked_at is not None and number % 100 == 0:
                looked_at(number)
        return found

    def _look(self, name: UnitName, found: Survey) -> None:
        try:
            self.entry(name)
            found.whole += 1
        except Damaged as damage:
            found.damaged[name] = str(damage)
            found.missing.append(name)
        except FileNotFoundError:
            found.missing.append(name)

    def _there(self) -> set[str]:
        """Return the names of the units' files; drafts that a killed writer left long ago are removed."""
        folder = self.folder / UNITS
        names: set[str] = set()
        with os.scandir(folder) if folder.is_dir() else _nothing() as entries:
            for entry in entries:
                if entry.name.endswith(".parquet"):
                    names.add(entry.name.removesuffix(".parquet"))
                elif entry.name.endswith(".tmp") and time.time() - entry.stat().st_mtime > _OLD_DRAFT_SECONDS:
                    Path(entry.path).unlink(missing_ok=True)
        return names

    def count(self) -> int:
        """Return how many units' files are there, without looking into them."""
        return len(self._there())

    def put_scenario(self, name: str, scenario: Scenario) -> str:
        """Write every setting of a scenario as used under its name, unless it is there; return the file's checksum."""
        path = self.folder / SCENARIOS / f"{name}.yaml"
        if path.exists():
            return sha256(path.read_bytes())
        content = scenario_bytes(scenario)
        put_bytes(path, content)
        return sha256(content)

    def scenario(self, name: str, told: str = "") -> Scenario:
        """Return a scenario of the study; raise Damaged where its file is not what was written.

        `told` is its file's checksum in the plan, "" in a plan that has none.
        """
        path = self.folder / SCENARIOS / f"{name}.yaml"
        way_out = f"remove it, and `{resume_command(self.folder)}` writes it again"
        try:
            return read_scenario(path, name, told)
        except OtherCode:
            raise
        except OtherSettings:
            raise Damaged(f"scenarios/{path.name} holds other settings than its name says; {way_out}") from None
        except ValueError as fault:
            said = shown(str(fault).splitlines()[0]).removeprefix(f"{path}: ")
            raise Damaged(f"scenarios/{path.name} cannot be read: {said}; {way_out}") from None

    def touched(self, told: Mapping[str, str]) -> Iterator[str]:
        """Yield a line for each scenario's file that is there and whose bytes are not those of its checksum."""
        for name, checksum_then in told.items():
            path = self.folder / SCENARIOS / f"{name}.yaml"
            if path.is_file() and sha256(path.read_bytes()) != checksum_then:
                yield f"{path}: {TOUCHED}; remove it, and `{resume_command(self.folder)}` writes it again"

    def lacking(self, names: Iterable[str]) -> set[str]:
        """Return those of some scenarios whose file is not there."""
        return {name for name in names if not (self.folder / SCENARIOS / f"{name}.yaml").exists()}


class _nothing:
    """An empty folder's entries."""

    def __enter__(self) -> Iterable[os.DirEntry[str]]:
        return ()

    def __exit__(self, *_: object) -> None:
        return None
