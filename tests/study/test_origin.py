from __future__ import annotations

import os
import re
import sys
from datetime import datetime
from importlib import metadata

from pcqa_sim import __version__
from pcqa_sim.study.origin import Origin, code_fingerprint, git_commit, libraries, machine, origin
from pcqa_sim.study.record import new_record


def test_a_record_says_everything_the_plan_asks_for() -> None:
    asked = {"seed": 7, "replications": 3, "parameters": {"replications": 3}, "overrides": {"abc": ["practice=small"]}}
    made = new_record("run", ["run", "practice=small"], asked)
    assert made["command"] == ["run", "practice=small"]
    assert (made["kind"], made["seed"], made["replications"]) == ("run", 7, 3)
    assert (made["parameters"], made["overrides"]) == ({"replications": 3}, {"abc": ["practice=small"]})
    assert made["pcqa_sim"] == __version__
    assert made["python"] == sys.version.split()[0]
    assert made["machine"]["processors"] == os.cpu_count()
    assert {"system", "architecture", "processor", "memory_gib"} <= set(made["machine"])
    begun = datetime.strptime(made["begun"], "%Y-%m-%dT%H:%M:%S%z")
    assert 0 <= (datetime.now(begun.tzinfo) - begun).total_seconds() <= 60
    assert made["results"] == {}, "it is written when the study begins"


def test_no_name_of_machine_or_user_is_kept() -> None:
    told = str(machine())
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


def test_what_differs_from_another_origin_is_named() -> None:
    now = origin()
    assert now.differences(Origin.from_dict(now.as_dict()), every=True) == []
    changed = {"python": "3.9.0", "libraries": now.libraries | {"numpy": "1.0", "gone": "2.0"}}
    then = Origin.from_dict(now.as_dict() | changed)
    said = now.differences(then, every=True)
    assert f"Python was 3.9.0, is {now.python}" in said
    assert f"numpy was 1.0, is {now.libraries['numpy']}" in said
    assert "gone was 2.0, is absent" in said
    assert len(said) == 3
    assert len(now.differences(then)) == 2, "what shapes no numbers keeps nobody from going on"
    assert now.differences(Origin.from_dict({}))


def test_a_record_without_modules_tells_of_its_code_alone() -> None:
    now = origin()
    then = Origin.from_dict(now.as_dict() | {"modules": {}, "code": "0123456789ab"})
    assert now.differences(then) == [f"the code of pcqa_sim was 0123456789ab, is {now.code}"]
