"""What the tests of the configuration share: an empty place to stand in, a user's folder, and refused input."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pcqa_sim.configuration import load_scenario
from pcqa_sim.values.faults import BadInput

LONGEST_REFUSAL_S = 3.0  # of processor time, so that a busy machine fails no test


@pytest.fixture(autouse=True)
def empty_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PCQA_CONFIG_DIR", raising=False)
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)


@pytest.fixture
def user_folder(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Path]:
    """Write files, by path within the folder, and return the folder."""

    def write(files: dict[str, str | bytes]) -> Path:
        folder = tmp_path / "mine"
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return write


@pytest.fixture
def refused() -> Callable[..., list[str]]:
    """Load what must be refused, quickly and without any other error, and return the lines that say why."""

    def lines(*overrides: str, user_folder: Path | None = None) -> list[str]:
        before = time.thread_time()
        with pytest.raises(BadInput) as caught:
            load_scenario(*overrides, user_folder=user_folder)
        assert time.thread_time() - before < LONGEST_REFUSAL_S
        said = str(caught.value).splitlines()
        assert len(said) == len(caught.value.faults)
        assert not [line for line in said if "Traceback" in line or "pydantic" in line or "Input should" in line]
        return said

    return lines
