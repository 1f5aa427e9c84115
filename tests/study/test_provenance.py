from __future__ import annotations

import os
import re
import sys
from datetime import datetime
from importlib import metadata

import pytest

from pcqa_sim import __version__
from pcqa_sim.study import provenance
from pcqa_sim.study.provenance import (
    Request,
    code_fingerprint,
    git_commit,
    libraries,
    record,
    versions_differ,
)


def test_a_record_says_everything_the_plan_asks_for() -> None:
    made = record(
        Request("run", ["run", "practice=small"], {"replications": 3}, {"abc": ["practice=small"]}), 7, 3, 60.0
    )
    assert made["command"] == ["run", "practice=small"]
    assert (made["kind"], made["seed"], made["replications"]) == ("run", 7, 3)
    assert (made["parameters"], made["overrides"]) == ({"replications": 3}, {"abc": ["practice=small"]})
    assert made["pcqa_sim"] == __version__
    assert made["python"] == sys.version.split()[0]
    assert made["machine"]["processors"] == os.cpu_count()
    assert {"system", "architecture", "processor", "memory_gib"} <= set(made["machine"])
    begun, written = (datetime.strptime(made[name], "%Y-%m-%dT%H:%M:%S%z") for name in ("begun", "written"))
    assert 59 <= (written - begun).total_seconds() <= 61
    assert made["seconds"] == 60.0


def test_no_name_of_machine_or_user_is_kept() -> None:
    told = str(provenance.machine())
    for name in (os.uname().nodename, os.environ.get("USER", "")):
        if len(name) > 3:
            assert name not in told


def test_every_package_in_use_is_named_with_its_version() -> None:
    found = libraries()
    for name in ("simpy", "numpy", "scipy", "pandas", "pyarrow", "pydantic", "hydra-core", "holidays", "omegaconf"):
        assert found[name] == metadata.version(name)
    assert "pydantic-core" in found, "what a package needs is named too"
    assert "pcqa-sim" not in found
    assert "pytest" not in found, "what only development needs is not"
    assert list(found) == sorted(found)


def test_the_code_has_a_fingerprint() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", code_fingerprint())


def test_the_commit_is_read_without_git() -> None:
    commit = git_commit()
    assert commit is None or re.fullmatch(r"[0-9a-f]{40}", commit)


def test_what_differs_from_another_origin_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    now = provenance.origin()
    assert versions_differ(now) == []
    then = now | {"python": "3.9.0", "libraries": now["libraries"] | {"numpy": "1.0", "gone": "2.0"}}
    said = versions_differ(then)
    assert f"Python was 3.9.0, is {now['python']}" in said
    assert f"numpy was 1.0, is {now['libraries']['numpy']}" in said
    assert "gone was 2.0, is absent" in said
    assert len(said) == 3
    assert versions_differ({})
