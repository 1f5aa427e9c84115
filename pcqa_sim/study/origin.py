"""What results come from: the version of the package, its very code, Python, and the libraries that shape numbers."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from pcqa_sim import __version__
from pcqa_sim.values.plugins import fingerprints

LIBRARIES = ("simpy", "numpy", "scipy", "pandas", "pyarrow", "pydantic", "holidays")
_FACE = ("cli.py", "commands", "report", "app", "verification")
_MOST_NAMED, _OWN = 3, "own code "


@dataclass(frozen=True)
class Origin:
    """Versions, and a fingerprint of every module that results depend on, by its path in the package."""

    version: str
    python: str
    libraries: dict[str, str]
    modules: dict[str, str]

    @property
    def code(self) -> str:
        """Return one short fingerprint of version, modules, Python and libraries."""
        text = repr((self.version, self.python, sorted(self.libraries.items()), sorted(self.modules.items())))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def own_code(self) -> dict[str, str]:
        """Return the own code among the modules, by its name, with the first digits of its checksum."""
        found = {name.removeprefix(_OWN): digits for name, digits in self.modules.items() if name.startswith(_OWN)}
        return dict(sorted(found.items()))

    def differences(self, then: Origin) -> list[str]:
        """Return in words what differs from an earlier origin: nothing where results can be mixed."""
        found = [] if self.version == then.version else [f"pcqa_sim was {then.version}, is {self.version}"]
        if self.python != then.python:
            found.append(f"Python was {then.python}, is {self.python}")
        for name in sorted({*self.libraries, *then.libraries}):
            was, now = then.libraries.get(name, "absent"), self.libraries.get(name, "absent")
            if was != now:
                found.append(f"{name} was {was}, is {now}")
        changed = [name for name in sorted({*self.modules, *then.modules}) if _other(name, self.modules, then.modules)]
        if changed:
            more = f" and {len(changed) - _MOST_NAMED} more" if len(changed) > _MOST_NAMED else ""
            found.append(f"code changed in {', '.join(changed[:_MOST_NAMED])}{more}")
        return found

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for a record."""
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Origin:
        """Return the origin in a record; raise KeyError or TypeError where it is none."""
        return cls(str(plain["version"]), str(plain["python"]), dict(plain["libraries"]), dict(plain["modules"]))


def origin() -> Origin:
    """Return the origin of whatever this process computes, with the own code it was given."""
    return _origin(tuple(fingerprints().items()))


@cache
def _origin(own_code: tuple[tuple[str, str], ...]) -> Origin:
    package = Path(__file__).resolve().parents[1]
    modules = {
        path.relative_to(package).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in sorted(package.rglob("*.py"))
        if path.relative_to(package).parts[0] not in _FACE
    }
    modules |= {f"{_OWN}{name}": checksum[:12] for name, checksum in own_code}
    libraries = {name: metadata.version(name) for name in LIBRARIES}
    return Origin(__version__, ".".join(map(str, sys.version_info[:2])), libraries, modules)


def settings_fingerprint(folders: Mapping[str, Path | None]) -> str:
    """Return a fingerprint of every settings file in some folders: the same files compose the same scenarios."""
    digest = hashlib.sha256()
    for name, folder in folders.items():
        for path in sorted(folder.rglob("*.yaml")) if folder is not None else ():
            digest.update(f"{name}/{path.relative_to(folder or path).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _other(name: str, now: Mapping[str, str], then: Mapping[str, str]) -> bool:
    return now.get(name) != then.get(name)
