"""The store of a study: which units are there, whole. A unit is put there whole or not at all."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pcqa_sim.scenario import Scenario
from pcqa_sim.study.readback import read_back, resume_command
from pcqa_sim.study.result import EVENTS, HALF_HOURS, MORNINGS, Extra, Result, mornings_in
from pcqa_sim.study.scenariofile import PHASES, SCENARIOS, TOUCHED, OtherSettings, read_scenario, scenario_bytes, sha256
from pcqa_sim.study.unit import Damaged, Unit, checksum, read_unit, rows_of, table_of, unit_bytes
from pcqa_sim.values.outside import shown
from pcqa_sim.values.plugins import OtherCode
from pcqa_sim.values.wholefile import put_bytes

UNITS = "units"
_OLD_DRAFT_SECONDS = 900


@dataclass(frozen=True)
class Entry:
    """One unit put into the store: its checksum, its size in bytes."""

    checksum: str
    size: int


@dataclass
class Survey:
    """What a store holds of the units a study needs: whole ones, missing ones, damaged ones with the reason.

    `missing` has the damaged too, in the order in which units were asked for.
    """

    whole: int = 0
    missing: list[Unit] = field(default_factory=list)
    damaged: dict[Unit, str] = field(default_factory=dict)


class Store:
    """The units and scenarios in a study's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def resume(self) -> str:
        """Return the command that goes on with the study."""
        return resume_command(self.folder)

    def path(self, name: Unit, part: str = UNITS) -> Path:
        """Return where a unit is, or would be; or what was asked for beside it."""
        return self.folder / part / f"{name}.parquet"

    def put(self, result: Result, code: str, keeps: Collection[Extra] = ()) -> Entry:
        """Write a unit, whole or not at all; written again, it is the same file again.

        What is kept beside it comes first: where the unit is, all of it is.
        """
        name = result.unit
        for extra in keeps:
            put_bytes(self.path(name, extra), unit_bytes(result.extra(extra), str(name), code))
        content = unit_bytes(result.table, str(name), code, result.rows)
        put_bytes(self.path(name), content)
        return Entry(checksum(content, str(name)), len(content))

    def result(self, name: Unit, keeps: Collection[Extra] = ()) -> Result:
        """Return a unit that is there, checked as it is read; raise BadInput where it is not what was written."""
        again = f"`{self.resume}` does it again"
        with read_back(self.path(name), again):
            content = self.path(name).read_bytes()
            checksum(content, str(name))
            table = table_of(content, str(self.path(name)))
        mornings, log, calls = {}, None, None
        if MORNINGS in keeps:
            with read_back(self.path(name, MORNINGS), again):
                mornings = mornings_in(read_unit(self.path(name, MORNINGS)))
        if EVENTS in keeps:
            with read_back(self.path(name, EVENTS), again):
                log = read_unit(self.path(name, EVENTS))
        if HALF_HOURS in keeps:
            with read_back(self.path(name, HALF_HOURS), again):
                calls = read_unit(self.path(name, HALF_HOURS))
        return Result(name, table, rows_of(content), mornings, log, os.getpid(), calls)

    def entry(self, name: Unit, part: str = UNITS) -> Entry:
        """Return what is there of a unit; raise Damaged or FileNotFoundError."""
        content = self.path(name, part).read_bytes()
        return Entry(checksum(content, str(name)), len(content))

    def survey(
        self,
        names: Iterable[Unit],
        looked_at: Callable[[int], None] | None = None,
        keeps: Mapping[Unit, Collection[Extra]] | None = None,
    ) -> Survey:
        """Look at every unit that is needed, and at what is kept beside it; a damaged one counts as missing."""
        there = self._there()
        found = Survey()
        for number, name in enumerate(names):
            if str(name) not in there:
                found.missing.append(name)
            else:
                self._look(name, found, (keeps or {}).get(name, ()))
            if looked_at is not None and number % 100 == 0:
                looked_at(number)
        return found

    def _look(self, name: Unit, found: Survey, keeps: Collection[Extra]) -> None:
        try:
            for part in (UNITS, *keeps):
                self.entry(name, part)
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
        try:
            return read_scenario(path, name, told)
        except OtherCode:
            raise
        except OtherSettings:
            why = "holds other settings than its name says"
        except ValueError as fault:
            why = "cannot be read: " + shown(str(fault).splitlines()[0]).removeprefix(f"{path}: ")
        raise Damaged(f"scenarios/{path.name} {why}; remove it, and `{self.resume}` writes it again")

    def beginning(self, name: str) -> str:
        """Return what is the same for scenarios that begin alike: a checksum of their settings but for phases."""
        path = self.folder / SCENARIOS / f"{name}.yaml"
        return sha256(path.read_bytes().partition(PHASES)[0]) if path.is_file() else name

    def touched(self, told: Mapping[str, str]) -> Iterator[str]:
        """Yield a line for each scenario's file that is there and whose bytes are not those of its checksum."""
        for name, checksum_then in told.items():
            path = self.folder / SCENARIOS / f"{name}.yaml"
            if path.is_file() and sha256(path.read_bytes()) != checksum_then:
                yield f"{path}: {TOUCHED}; remove it, and `{self.resume}` writes it again"

    def lacking(self, names: Iterable[str]) -> set[str]:
        """Return those of some scenarios whose file is not there."""
        return {name for name in names if not (self.folder / SCENARIOS / f"{name}.yaml").exists()}


class _nothing:
    """An empty folder's entries."""

    def __enter__(self) -> Iterable[os.DirEntry[str]]:
        return ()

    def __exit__(self, *_: object) -> None:
        return None
