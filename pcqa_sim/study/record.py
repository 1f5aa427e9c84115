"""run.json: what a study was asked, by which code, and what came of it; written when it begins and when it ends."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pcqa_sim.scenario import Scenario, code_used, with_settings
from pcqa_sim.study.origin import Origin, machine, origin
from pcqa_sim.study.readback import KINDS, read_back
from pcqa_sim.study.result import Periods
from pcqa_sim.study.scenariofile import SCENARIOS, OtherSettings, read_scenario, sha256
from pcqa_sim.values.doors import of_session
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.formats import as_of_today, stamp
from pcqa_sim.values.plugins import refuse_other
from pcqa_sim.values.reading import read_json, text_of
from pcqa_sim.values.wholefile import put_bytes

_log = logging.getLogger(__name__)
RECORD, METRICS = "run.json", "metrics.parquet"
_COPY = "put a copy of it back, or do the study again in another folder"


@dataclass(frozen=True)
class Record:
    """What a run.json says, and where it lies."""

    path: Path
    plain: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """Return the kind of study."""
        return str(self.plain["kind"])

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Return what the study was asked, beside scenarios and luck."""
        found: Mapping[str, Any] = self.plain["parameters"]
        return found

    @property
    def seed(self) -> int:
        """Return the seed."""
        return int(self.plain["seed"])

    @property
    def periods(self) -> Periods:
        """Return which periods its units keep."""
        found: Periods = self.plain.get("periods", "days")
        return found

    @property
    def origin(self) -> Origin:
        """Return the code and the packages it was done with."""
        return Origin.from_dict(self.plain)

    @property
    def files(self) -> dict[str, str]:
        """Return the checksum of each scenario's file; none in a record from before records had them."""
        return dict(self.plain.get("scenario_files", {}))

    @property
    def first(self) -> str:
        """Return the scenario that others are made from, or compared with: the first that has overrides."""
        return str(self.plain.get("scenario") or self.plain.get("base") or next(iter(self.plain["overrides"]), ""))

    @property
    def ended(self) -> bool:
        """Tell whether the study came to its end."""
        return bool(self.plain["results"] or self.plain.get("finished"))

    @property
    def results(self) -> dict[str, str]:
        """Return the checksum of each table of results; of a sweep from before records had them, that of its file."""
        told: dict[str, str] = dict(self.plain["results"])
        path = self.path.parent / METRICS
        return told if told or not path.is_file() else {METRICS: sha256(path.read_bytes())}

    def overrides(self, scenario: str) -> list[str]:
        """Return the overrides that compose a scenario, by its hash."""
        return list(self.plain["overrides"].get(scenario, []))

    def scenario(self, name: str, compose: Callable[[list[str]], Scenario]) -> Scenario:
        """Return the scenario of a hash, with the record's seed: as it was written down, else composed again.

        Raises BadInput where the settings no longer are what they were.
        """
        made = self._written(name)
        if made is None:
            made = compose(self.overrides(name))
            if made.hash() != name:
                rule = f"{_now_other(made)}, and {SCENARIOS}/{name}.yaml is not there"
                raise BadInput(Fault(f"{self.path}: scenario {name}", rule))
        return with_settings(made, {"run.seed": self.seed}).known_as(name)

    def refuse_other(self, name: str, composed: Scenario) -> None:
        """Raise BadInput where the overrides of a scenario, composed again, give other settings than it was run with.

        Those are in its file; where that is not there, its name must be theirs.
        """
        written = self._written(name)
        if composed.digits() != (name if written is None else written.digits()):
            raise BadInput(Fault(f"{self.path}: scenario {name}", _now_other(composed)))

    def _written(self, name: str) -> Scenario | None:
        """Return a scenario as its file has it, None where there is no file; raise BadInput for a touched one."""
        path = self.path.parent / SCENARIOS / f"{name}.yaml"
        if not path.is_file():
            return None
        try:
            return read_scenario(path, name, self.files.get(name, ""))
        except OtherSettings as now:
            raise BadInput(Fault(str(path), f"has been changed: its settings are those of {now} now")) from None
        except BadInput:
            raise
        except ValueError:
            raise BadInput(Fault(str(path), "is damaged, or is not a scenario of this version")) from None


def has_record(folder: Path) -> bool:
    """Tell whether a study was begun in a folder."""
    return (folder / RECORD).is_file()


def read_record(path: Path) -> Record:
    """Return what a run.json says, or that of a folder; raise BadInput where there is none, or it cannot be read."""
    from pcqa_sim.study.recorded import checked_record

    if path.is_dir():
        path = path / RECORD
    try:
        plain = read_json(text_of(path), str(path))
    except FileNotFoundError:
        missing = Fault(str(path), "holds no study: no such file; name the folder of a study, or its run.json")
        raise BadInput(missing) from None
    except BadInput as bad:
        raise BadInput(Fault(str(path), f"is not a run.json: it {bad.faults[0].rule}; {_COPY}")) from None
    if not isinstance(plain, dict):
        raise BadInput(Fault(str(path), f"is not a run.json; {_COPY}"))
    with read_back(path, _COPY):
        plain = as_of_today("record", plain, str(path))
        if plain.get("kind") not in KINDS:
            rule = f"is no record of a study that this version knows ({', '.join(KINDS)})"
            raise BadInput(Fault(str(path), rule, str(plain.get("kind", ""))))
        checked = checked_record(plain, path)
    refuse_other(checked.get("own_code", {}), str(path))
    if held := checked.get("not_repeatable"):
        raise BadInput(Fault(str(path), f"cannot be done again: it was made with {'; '.join(held)}"))
    return Record(path, checked)


def new_record(kind: str, command: list[str], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a study's record says when it begins: what was asked, and where it will come from."""
    begun = {"begun": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "machine": machine()}
    empty: dict[str, Any] = {"scenario_files": {}, "results": {}}
    return stamp("record") | {"kind": kind, "command": command, **empty, **asked, **origin().as_dict(), **begun}


def write_record(folder: Path, plain: Mapping[str, Any]) -> None:
    """Write run.json, whole."""
    _log.debug("%s is written", folder / RECORD)
    put_bytes(folder / RECORD, json.dumps(stamp("record") | dict(plain), indent=2).encode())


def not_repeatable(scenarios: Iterable[Scenario]) -> dict[str, list[str]]:
    """Return what a record says of scenarios that nobody can run again: own code that was never in a file."""
    held = [source for scenario in scenarios for source in of_session(code_used(scenario))]
    return {"not_repeatable": list(dict.fromkeys(held))} if held else {}


def unlike(record: Record, results: Mapping[str, str]) -> list[str]:
    """Return the names of the results that are not what the record says, byte for byte."""
    then = record.results
    return [name for name in sorted({*then, *results}) if then.get(name) != results.get(name)]


def _now_other(composed: Scenario) -> str:
    return f"its overrides now give other settings, {composed.digits()}: the settings files have changed since"
