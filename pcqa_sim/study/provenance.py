"""Where results come from: who asked what, with which code and packages, on which machine, and how to do it again."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from pcqa_sim import __version__
from pcqa_sim.values.form import form
from pcqa_sim.values.formats import SCHEMA, newest
from pcqa_sim.values.outside import shown

_PACKAGE = "pcqa-sim"
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Request:
    """What was asked: the kind of study, its parameters in plain data, and the command as typed.

    `scenarios` has, for each scenario's hash, the overrides that compose it. With the parameters, they are all that
    is needed to do the study again.
    """

    kind: str
    command: list[str] = field(default_factory=list)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    scenarios: Mapping[str, list[str]] = field(default_factory=dict)


def record(request: Request, seed: int, replications: int | None, seconds: float) -> dict[str, Any]:
    """Return what run.json says of a study that has just ended, its results aside."""
    now = time.time()
    return {
        SCHEMA: newest("record"),
        "kind": request.kind,
        "command": request.command,
        "parameters": dict(request.parameters),
        "overrides": dict(request.scenarios),
        "seed": seed,
        "replications": replications,
        **origin(),
        "machine": machine(),
        "begun": _stamp(now - seconds),
        "written": _stamp(now),
        "seconds": round(seconds, 2),
    }


def origin() -> dict[str, Any]:
    """Return the versions results depend on: this package and its code, Python, and every package it needs."""
    return {
        "pcqa_sim": __version__,
        "git_commit": git_commit(),
        "code": code_fingerprint(),
        "python": sys.version.split()[0],
        "libraries": libraries(),
    }


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


def versions_differ(then: Mapping[str, Any]) -> list[str]:
    """Return in words how the origin in a record differs from this one; nothing where results must be the same."""
    now = origin()
    found = []
    for name, words in (("pcqa_sim", "pcqa_sim"), ("code", "the code of pcqa_sim"), ("python", "Python")):
        if then.get(name) != now[name]:
            found.append(f"{words} was {then.get(name)}, is {now[name]}")
    theirs: Mapping[str, Any] = then.get("libraries") or {}
    for name in sorted({*theirs, *now["libraries"]}):
        was, here = theirs.get(name, "absent"), now["libraries"].get(name, "absent")
        if was != here:
            found.append(f"{name} was {was}, is {here}")
    return [shown(line) for line in found]


@cache
def libraries() -> dict[str, str]:
    """Return the version of every installed package that this one needs, and of those they need."""
    found: dict[str, str] = {}
    ahead = [_PACKAGE]
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


def _stamp(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(moment))
