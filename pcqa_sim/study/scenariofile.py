"""A scenario as a file of a study: every setting as used, the version of the file's form, and who wrote it.

Whether it was touched is told by its bytes alone: the record of the study has the SHA-256 it was written with. Its name
is a hash of settings as they were then, which a setting added since would change. Studies from before records had
checksums have nothing but the name.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import yaml

from pcqa_sim.scenario import Scenario, code_used
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.formats import BY, as_of_today, stamp
from pcqa_sim.values.plugins import refuse_other
from pcqa_sim.values.reading import bytes_of, decoded, read_yaml

SCENARIOS, OWN_CODE = "scenarios", "own_code"
PHASES = b"\nphases:"
"""Where in a scenario's file, behind all settings of the run's beginning, those stand that hold later."""
TOUCHED = "has been changed since it was written: its SHA-256 is not that in run.json"
_latest: dict[str, Scenario] = {}
"""What was judged in this process, by its file's checksum: replications of one scenario read it again and again."""
_MOST_KEPT = 8
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def scenario_bytes(scenario: Scenario) -> bytes:
    """Return a scenario's file: the same settings give the same bytes."""
    own = code_used(scenario)
    plain = stamp("scenario") | scenario.model_dump(mode="json") | ({OWN_CODE: own} if own else {})
    text: str = yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True)
    return text.encode()


def sha256(content: bytes) -> str:
    """Return the checksum of a file's bytes, as records have it."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Return the checksum of a file that may be larger than memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_tree(path: Path, told: str = "") -> dict[str, Any]:
    """Return the settings in a scenario's file, in today's form and not yet judged.

    `told` is the checksum in the record of the study, "" where it has none. Raises FileNotFoundError, BadInput for a
    file that has been touched, is of a newer version or no YAML, and ValueError for one that holds no settings.
    """
    return _read(path, told)[0]


def _read(path: Path, told: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the settings in a scenario's file, and the own code that it was made with; see `read_tree`."""
    content = bytes_of(path)
    if told and sha256(content) != told:
        raise BadInput(Fault(str(path), TOUCHED))
    plain = read_yaml(decoded(content, str(path)), str(path))
    if not isinstance(plain, dict):
        raise ValueError("it is not a scenario as a study writes it")
    found = as_of_today("scenario", plain, str(path))
    found.pop(BY, None)
    own = found.pop(OWN_CODE, {})
    if not isinstance(own, dict):
        raise ValueError("it is not a scenario as a study writes it")
    return found, {str(name): str(checksum) for name, checksum in own.items()}


def read_scenario(path: Path, name: str, told: str = "") -> Scenario:
    """Return the scenario in a file, under the name it was written with; see `read_tree`.

    Without a checksum its settings must still give its name; raises OtherSettings where they do not. Raises BadInput
    where the own code that it was made with is not given, or is another.
    """
    if told and told in _latest and sha256(bytes_of(path)) == told:
        return _latest[told].known_as(name)
    settings, own = _read(path, told)
    refuse_other(own, str(path))
    scenario = Scenario.model_validate(settings)
    if told and not own:
        _latest[told] = scenario
        while len(_latest) > _MOST_KEPT:
            _latest.pop(next(iter(_latest)), None)
    if not told and scenario.digits() != name:
        raise OtherSettings(scenario.digits())
    return scenario.known_as(name)


class OtherSettings(ValueError):
    """The settings in a file give another name than it has; the text is that name."""
