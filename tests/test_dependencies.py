"""Whoever installs pcqa_sim gets what it uses, and nothing else; what only tests use is for developers."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

MODULES = {"hydra-core": "hydra", "pyyaml": "yaml", "dask-jobqueue": "dask_jobqueue"}
PROGRAMS = {
    "pytest-xdist",
    "mypy",
    "ruff",
    "build",
    "coverage",
    "hatchling",
    "setuptools",
    "nbmake",
    "ipykernel",
    "pandas-stubs",
    "scipy-stubs",
    "types-PyYAML",
    "zensical",
}
"""Used from the command line, or by another of them; nothing imports them."""
BESIDE = {"docs": "zensical", "animation": "vidigi"}
"""Extras for what stands beside the package, with what is then run or imported by those who read the documents."""


@pytest.fixture(scope="module")
def needs(root: Path) -> dict[str, list[str]]:
    """What is needed: "" for the package itself, then each extra."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras: dict[str, list[str]] = project["optional-dependencies"]
    return {"": project["dependencies"], **extras}


def names(needed: Iterable[str]) -> set[str]:
    return {re.split(r"[<>=!~\[ ;]", text)[0] for text in needed}


@cache
def imported(folder: Path) -> frozenset[str]:
    """Modules that files import, by name or by the text of an `import_module`."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module or "")
            elif isinstance(node, ast.Call) and _called(node.func) in ("import_module", "importorskip"):
                found.add(ast.unparse(node.args[0]).strip("f'\""))
    return frozenset(name.partition(".")[0] for name in found)


def _called(function: ast.expr) -> str:
    """The last part of what is called: "import_module" of importlib.import_module."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def unused(needed: Iterable[str], folders: Iterable[Path]) -> set[str]:
    there = set[str]().union(*map(imported, folders))
    return {name for name in names(needed) if MODULES.get(name, name.replace("-", "_")) not in there}


def test_the_package_imports_what_it_needs(needs: dict[str, list[str]], root: Path) -> None:
    for extra, needed in needs.items():
        if extra != "dev":
            beside = {BESIDE[extra]} if extra in BESIDE else set()
            assert unused(needed, [root / "pcqa_sim", *([root / "docs"] if beside else [])]) == beside, extra


def test_developers_need_what_tests_import(needs: dict[str, list[str]], root: Path) -> None:
    assert unused(needs["dev"], [root / "pcqa_sim", root / "tests", root / "docs"]) == PROGRAMS


def test_an_extra_is_named_where_it_is_missed(needs: dict[str, list[str]], root: Path) -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in (root / "pcqa_sim").rglob("*.py"))
    beside = "".join(
        path.read_text(encoding="utf-8") for path in (root / "docs").rglob("*") if path.suffix in (".md", ".py")
    )
    assert all(f"pcqa-sim[{extra}]" in texts for extra in needs if extra not in ("", "dev", *BESIDE))
    assert all(f"pcqa-sim[{extra}]" in beside for extra in BESIDE)
    assert set(re.findall(r"pcqa-sim\[(\w+)\]", texts)) <= set(needs)


def test_every_need_is_in_the_constraints(needs: dict[str, list[str]], root: Path) -> None:
    for file, extra in (("constraints.txt", ""), ("constraints-dev.txt", "dev")):
        pinned = set(re.findall(r"^([a-z0-9._-]+)==", (root / file).read_text(), re.MULTILINE))
        assert {name.lower().replace("_", "-") for name in names(needs[""]) | names(needs[extra])} <= pinned
