"""A record read back: what run.json says was done, and the very scenarios it was done with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pcqa_sim.scenario import Scenario, with_settings
from pcqa_sim.study.provenance import FORM
from pcqa_sim.study.recorded import checked_record
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.reading import read_json, read_yaml, text_of

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
        written = self.path.parent / "scenarios" / f"{name}.yaml"
        made = _read(written) if written.is_file() else compose(self.overrides(name))
        if made.hash() != name:
            if written.is_file():
                raise BadInput(Fault(str(written), f"has been changed: its settings are those of {made.hash()} now"))
            rule = f"its overrides now give other settings, {made.hash()}: the settings files have changed since"
            raise BadInput(Fault(f"{self.path}: scenario {name}", f"{rule}, and scenarios/{name}.yaml is not there"))
        return with_settings(made, {"run.seed": self.seed})


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
    if plain.get("form") != FORM or plain.get("kind") not in KINDS:
        rule = f"cannot be done again: only studies of kind {', '.join(KINDS)} can (for a sweep: pcqa sweep --resume)"
        raise BadInput(Fault(str(path), rule, str(plain.get("kind", ""))))
    return Record(path, checked_record(plain, path))


def _read(path: Path) -> Scenario:
    try:
        return Scenario.model_validate(read_yaml(text_of(path), str(path)))
    except (BadInput, ValidationError):
        raise BadInput(Fault(str(path), "is damaged, or is not a scenario of this version")) from None


def unlike(record: Record, results: Mapping[str, str]) -> list[str]:
    """Return the names of the results that are not what the record says, byte for byte."""
    then: Mapping[str, str] = record.plain["results"]
    return [name for name in sorted({*then, *results}) if then.get(name) != results.get(name)]
