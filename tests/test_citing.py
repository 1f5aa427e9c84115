"""What others cite and rerun by: one version everywhere, files that can be read, nothing needed left out of them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

from pcqa_sim import __version__


def project(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_version_is_the_same_everywhere(root: Path) -> None:
    cited = loaded(root / "CITATION.cff")
    deposited = json.loads((root / ".zenodo.json").read_text(encoding="utf-8"))
    assert {project(root)["version"], __version__, str(cited["version"]), deposited["version"]} == {"0.2.0"}
    assert cited["title"] == deposited["title"]
    authors = [one["name"] for one in project(root)["authors"]]
    assert [one["name"] for one in cited["authors"]] == [one["name"] for one in deposited["creators"]] == authors


def test_the_paper_cites_what_its_bibliography_has(root: Path) -> None:
    paper, books = ((root / name).read_text(encoding="utf-8") for name in ("paper.md", "paper.bib"))
    cited, there = set(re.findall(r"@(\w+)", paper)), re.findall(r"^@\w+\{(\w+),$", books, re.M)
    assert cited == set(there)
    assert len(there) == len(set(there)) > 5
    head = yaml.safe_load(paper.split("---")[1])
    assert head["bibliography"] == "paper.bib"
    assert head["authors"][0]["name"] == project(root)["authors"][0]["name"]
    assert 700 < len(paper.split()) < 1100, "about two pages"


def test_conda_gets_what_pip_gets(root: Path) -> None:
    needs = loaded(root / "environment.yml")["dependencies"]
    plain = [one for one in needs if isinstance(one, str)]
    assert [one for one in plain if one not in ("pip", f"python{project(root)['requires-python']}")] == [
        one.lower() for one in project(root)["dependencies"]
    ]


def test_the_container_copies_what_a_wheel_is_made_of(root: Path) -> None:
    lines = (root / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = {name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]}
    assert all((root / name).exists() for name in copied)
    wheel = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    assert {
        "constraints.txt",
        "pyproject.toml",
        "hatch_build.py",
        *wheel["packages"],
        *wheel["force-include"],
    } <= copied
    assert {project(root)["readme"], *project(root)["license-files"]} <= copied


def test_every_python_that_is_named_is_tried_on_every_system(root: Path) -> None:
    jobs = loaded(root / ".github" / "workflows" / "check.yml")["jobs"]
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(project(root)["classifiers"]))
    matrix = jobs["quick"]["strategy"]["matrix"]
    assert matrix["python"] == named
    assert {one.partition("-")[0] for one in matrix["os"]} == {"ubuntu", "windows", "macos"}
    assert any(step.get("run") == "make check" for step in jobs["everything"]["steps"])


def test_hooks_before_a_commit_are_programs_that_are_pinned(root: Path) -> None:
    (repo,) = loaded(root / ".pre-commit-config.yaml")["repos"]
    pinned = (root / "constraints-dev.txt").read_text(encoding="utf-8")
    for hook in repo["hooks"]:
        assert hook["language"] == "system"
        assert f"\n{hook['entry'].split()[0]}==" in pinned


def test_what_could_not_be_run_here_says_so(root: Path) -> None:
    for name in ("Dockerfile", "environment.yml", ".github/workflows/check.yml"):
        assert "Not yet" in (root / name).read_text(encoding="utf-8").partition("\n\n")[0], name
