"""What all tests share: the repository's folder, the evidence where it is present, and short runs."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from plugged import forget
from shortruns import composed, run_of

from pcqa_sim.configuration import keeping
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import Scenario

ROOT = Path(__file__).resolve().parents[1]
# An example may take as long as a busy machine lets it: what is tried is what comes of it.
hypothesis.settings.register_profile("of_the_house", deadline=None)
if hypothesis.settings.get_current_profile_name() == "default":  # tests.mutants brings its own
    hypothesis.settings.load_profile("of_the_house")
# What was composed stays for the next session: the key of a composition holds every byte that decides it.
os.environ["PCQA_CACHE_DIR"] = str(ROOT / ".pytest_cache" / "pcqa")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A tier above the quick one imports only files that hold a test of it: all files take half a minute to import."""
    tier = str(config.option.markexpr).partition(" ")[0]
    if tier not in ("slow", "soak", "bench") or collection_path.suffix != ".py":
        return None
    return True if tier not in collection_path.read_text(encoding="utf-8") else None


@pytest.fixture(autouse=True)
def _no_own_code() -> Iterator[None]:
    """Own code that a command was given in this process is not there for the next test."""
    yield
    forget()


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """What a command in this process sets up for its records is gone with the test, as it is with a process."""
    logger = logging.getLogger("pcqa_sim")
    before = (logger.handlers[:], logger.propagate, logger.level)
    yield
    logger.handlers[:], logger.propagate, level = before
    logger.setLevel(level)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def evidence() -> Path:
    folder = ROOT.parent / "shared" / "evidence"
    if not folder.is_dir():
        pytest.skip("the published files are not beside this checkout (../shared/evidence)")
    return folder


@pytest.fixture(scope="session")
def small() -> Scenario:
    return composed("practice=small", "run=quick")


@pytest.fixture(scope="session")
def small_run() -> Run:
    return run_of("practice=small", "run=quick")


@pytest.fixture(scope="session")
def average_run() -> Run:
    return run_of("run.measured_weeks=4")


@pytest.fixture
def composed_afresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For what is about composing itself: nothing was composed before, and what is goes to a folder of its own."""
    monkeypatch.setenv("PCQA_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(keeping, "_memory", {})


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every command runs in a folder of its own, without a user's settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PCQA_CONFIG_DIR", raising=False)
    return tmp_path
