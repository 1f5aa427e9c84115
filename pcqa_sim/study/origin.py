"""Where results come from: the version of the package, its very code, Python, the packages it needs, the machine."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from pcqa_sim import __version__
from pcqa_sim.values.form import form
from pcqa_sim.values.outside import shown
from pcqa_sim.values.plugins import fingerprints

SHAPING = ("simpy", "numpy", "scipy", "pandas", "pyarrow", "pydantic", "holidays")
"""The libraries that shape numbers: units made with others of them are not mixed."""
_FACE = ("cli.py", "commands", "report", "app", "verification", "experiments")
_MOST_NAMED = 3
_PACKAGE, OWN_CODE = "pcqa-sim", "own_code"
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Origin:
    """Versions, and a fingerprint of every module that results depend on, by its path in the package.

    `libraries` are all packages that this one needs, `own_code` the checksums of what was given beside them. Records
    from before modules were told have a fingerprint of the whole code alone, `told_code`.
    """

    version: str
    python: str
    libraries: dict[str, str]
    modules: dict[str, str]
    commit: str | None = None
    told_code: str = ""
    own_code: Mapping[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """Return one short fingerprint of all that numbers depend on: version, modules, Python and libraries."""
        if not self.modules:
            return self.told_code
        shaping = sorted((name, self.libraries.get(name, "")) for name in SHAPING)
        own = [sorted(self.own_code.items())] if self.own_code else []
        text = repr((self.version, _minor(self.python), shaping, sorted(self.modules.items()), *own))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def differences(self, then: Origin, every: bool = False) -> list[str]:
        """Return in words what differs from an earlier origin: nothing where results can be mixed.

        With `every`, also what should not matter: other packages, and the last digits of Python's version.
        """
        found = [] if self.version == then.version else [f"pcqa_sim was {then.version}, is {self.version}"]
        if self.python != then.python and (every or _minor(self.python) != _minor(then.python)):
            found.append(f"Python was {then.python}, is {self.python}")
        for name in sorted({*self.libraries, *then.libraries} if every else SHAPING):
            was, now = then.libraries.get(name, "absent"), self.libraries.get(name, "absent")
            if was != now:
                found.append(f"{name} was {was}, is {now}")
        if other := [name for name in sorted({*self.own_code, *then.own_code}) if self._differs(name, then)]:
            found.append(f"own code changed in {', '.join(other)}")
        return [shown(line) for line in (*found, *self._code_changed(then))]

    def _differs(self, name: str, then: Origin) -> bool:
        return self.own_code.get(name) != then.own_code.get(name)

    def _code_changed(self, then: Origin) -> list[str]:
        if then.told_code:
            return [f"the code of pcqa_sim was {then.told_code}, is {self.code}"]
        names = sorted({*self.modules, *then.modules})
        changed = [name for name in names if self.modules.get(name) != then.modules.get(name)]
        more = f" and {len(changed) - _MOST_NAMED} more" if len(changed) > _MOST_NAMED else ""
        return [f"code changed in {', '.join(changed[:_MOST_NAMED])}{more}"] if changed else []

    def as_dict(self) -> dict[str, Any]:
        """Return what a record says of it."""
        return {
            "pcqa_sim": self.version,
            "git_commit": self.commit,
            "code": self.code,
            "python": self.python,
            "libraries": self.libraries,
            "modules": self.modules,
        } | ({OWN_CODE: dict(self.own_code)} if self.own_code else {})

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Origin:
        """Return the origin that a record tells, whatever of it is there."""
        version, python = (str(plain.get(name) or "not told") for name in ("pcqa_sim", "python"))
        libraries, modules = (dict(plain.get(name) or {}) for name in ("libraries", "modules"))
        code = "" if modules else str(plain.get("code") or "")
        return cls(version, python, libraries, modules, plain.get("git_commit"), code, dict(plain.get(OWN_CODE) or {}))


def origin() -> Origin:
    """Return the origin of whatever this process computes, with the own code it was given."""
    return replace(_of_the_package(), own_code=fingerprints())


@cache
def _of_the_package() -> Origin:
    package = Path(__file__).resolve().parents[1]
    modules = {
        path.relative_to(package).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in sorted(package.rglob("*.py"))
        if path.relative_to(package).parts[0] not in _FACE
    }
    return Origin(__version__, sys.version.split()[0], libraries(), modules, git_commit())


def _minor(python: str) -> str:
    return ".".join(python.split(".")[:2])


def settings_fingerprint(folders: Mapping[str, Path | None]) -> str:
    """Return a fingerprint of every settings file in some folders: the same files compose the same scenarios."""
    digest = hashlib.sha256()
    for name, folder in folders.items():
        for path in sorted(folder.rglob("*.yaml")) if folder is not None else ():
            digest.update(f"{name}/{path.relative_to(folder or path).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def machine() -> dict[str, Any]:
    """Return what the study ran on, and in which form; no name of the machine or its user."""
    return {
        "model": form(),
        "system": platform.platform(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "processors": os.cpu_count(),
        "memory_gib": _memory_gib(),
    }


@cache
def libraries() -> dict[str, str]:
    """Return the version of every installed package that this one needs, and of those they need."""
    found: dict[str, str] = {}
    ahead = [_PACKAGE, *SHAPING]
    while ahead:
        name = ahead.pop()
        try:
            here = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        if _plain(name) in found:
            continue
        found[_plain(name)] = here.version
        ahead += _needed(here.requires or ())
    found.pop(_plain(_PACKAGE), None)
    return dict(sorted(found.items()))


def _needed(requirements: Iterable[str]) -> list[str]:
    """Return the names of requirements that belong to no extra."""
    plain = [text for text in requirements if "extra ==" not in text.partition(";")[2]]
    return [found[0] for text in plain if (found := _NAME.match(text))]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def code_fingerprint() -> str:
    """Return twelve hexadecimal digits of every module of the package: the same code, the same digits."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def git_commit() -> str | None:
    """Return the commit of a source checkout, read from its files, or None for an installed package."""
    try:
        git, common = _git_folders(Path(__file__).resolve().parents[2] / ".git")
        head = (git / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head
        loose = common / head[5:]
        if loose.exists():
            return loose.read_text().strip()
        packed = (common / "packed-refs").read_text().splitlines()
        return next((line.split()[0] for line in packed if line.endswith(" " + head[5:])), None)
    except OSError:
        return None


def _git_folders(git: Path) -> tuple[Path, Path]:
    """Return where a checkout keeps its HEAD and where its branches, which differ for a second working tree."""
    if git.is_dir():
        return git, git
    own = (git.parent / git.read_text().strip().removeprefix("gitdir: ")).resolve()
    shared = own / "commondir"
    return own, (own / shared.read_text().strip()).resolve() if shared.exists() else own


def _processor() -> str:
    """Return the processor's name where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


def _memory_gib() -> float | None:
    """Return the memory of the machine in GiB, None where the system does not tell."""
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (AttributeError, ValueError, OSError):
        return None
