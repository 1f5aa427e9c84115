"""The ledger of a study: which units are there, whole. A unit is put there whole or not at all."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import yaml

from pcqa_sim.scenario import Scenario
from pcqa_sim.study.readback import resume_command
from pcqa_sim.study.unitfile import Damaged, UnitName, checksum, unit_bytes
from pcqa_sim.study.wholefile import put_bytes
from pcqa_sim.values.outside import shown
from pcqa_sim.values.reading import read_yaml, text_of

UNITS, SCENARIOS = "units", "scenarios"
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

    def put_scenario(self, scenario: Scenario) -> str:
        """Write every setting of a scenario as used, unless it is there; return its hash."""
        name = scenario.hash()
        path = self.folder / SCENARIOS / f"{name}.yaml"
        if not path.exists():
            dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
            text = yaml.dump(scenario.model_dump(mode="json"), Dumper=dumper, sort_keys=False, allow_unicode=True)
            put_bytes(path, text.encode())
        return name

    def scenario(self, name: str) -> Scenario:
        """Return a scenario of the study; raise Damaged where its file is not what was written."""
        path = self.folder / SCENARIOS / f"{name}.yaml"
        way_out = f"remove it, and `{resume_command(self.folder)}` writes it again"
        try:
            found = Scenario.model_validate(read_yaml(text_of(path), f"scenarios/{path.name}"))
        except ValueError as fault:
            said = shown(str(fault).splitlines()[0])
            raise Damaged(f"scenarios/{path.name} cannot be read: {said}; {way_out}") from None
        if found.hash() != name:
            raise Damaged(f"scenarios/{path.name} holds other settings than its name says; {way_out}")
        return found

    def lacks_scenario(self, names: Iterable[str]) -> bool:
        """Tell whether the file of any of some scenarios is not there."""
        return any(not (self.folder / SCENARIOS / f"{name}.yaml").exists() for name in names)


class _nothing:
    """An empty folder's entries."""

    def __enter__(self) -> Iterable[os.DirEntry[str]]:
        return ()

    def __exit__(self, *_: object) -> None:
        return None
