"""A record read back: what run.json says was done, and the very scenarios it was done with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pcqa_sim.scenario import Scenario, with_settings
from pcqa_sim.study.recorded import checked_record
from pcqa_sim.study.scenariofile import SCENARIOS, OtherSettings, read_scenario
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.formats import as_of_today
from pcqa_sim.values.plugins import refuse_other
from pcqa_sim.values.reading import read_json, text_of

KINDS = ("run", "compare", "size", "sensitivity")


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
            return read_scenario(path, name, self.plain.get("scenario_files", {}).get(name, ""))
        except OtherSettings as now:
            raise BadInput(Fault(str(path), f"has been changed: its settings are those of {now} now")) from None
        except BadInput:
            raise
        except ValueError:
            raise BadInput(Fault(str(path), "is damaged, or is not a scenario of this version")) from None


def read_record(path: Path) -> Record:
    """Return what a run.json says; raise BadInput for a file that is none, or of a study that cannot be done again."""
    if path.is_dir():
        path = path / "run.json"
    try:
        plain = read_json(text_of(path), str(path))
    except FileNotFoundError:
        raise BadInput(Fault(str(path), "no such file; name the run.json in the folder of a run")) from None
    except BadInput as bad:
        raise BadInput(Fault(str(path), f"is not a run.json: it {bad.faults[0].rule}")) from None
    if not isinstance(plain, dict):
        raise BadInput(Fault(str(path), "is not a run.json"))
    plain = as_of_today("record", plain, str(path))
    if plain.get("kind") not in KINDS:
        rule = f"cannot be done again: only studies of kind {', '.join(KINDS)} can (for a sweep: pcqa sweep --resume)"
        raise BadInput(Fault(str(path), rule, str(plain.get("kind", ""))))
    checked = checked_record(plain, path)
    refuse_other(checked.get("own_code", {}), str(path))
    if held := checked.get("not_repeatable"):
        raise BadInput(Fault(str(path), f"cannot be done again: it was made with {'; '.join(held)}"))
    return Record(path, checked)


def _now_other(composed: Scenario) -> str:
    return f"its overrides now give other settings, {composed.digits()}: the settings files have changed since"


def unlike(record: Record, results: Mapping[str, str]) -> list[str]:
    """Return the names of the results that are not what the record says, byte for byte."""
    then: Mapping[str, str] = record.plain["results"]
    return [name for name in sorted({*then, *results}) if then.get(name) != results.get(name)]
