"""Exports spoiled by chance, and people planted in them: no traceback, no shift, no lost row, no value told."""

from __future__ import annotations

from pathlib import Path

import pytest
from inputs.spoiling import try_guard, try_spoiled


def spoil(folder: Path, seeds: range) -> list[str]:
    return [f"{seed}: {wrong}" for seed in seeds if (wrong := try_spoiled(folder, seed))]


def guard(folder: Path, seeds: range) -> None:
    found = [try_guard(folder, seed) for seed in seeds]
    assert [missed for missed, _ in found if missed] == []
    clean = sum(1 for seed in seeds if seed % 4 == 3)
    refused = [said for _, said in found if said]
    assert len(refused) <= 0.01 * clean, refused


def test_a_hundred_spoiled_files(tmp_path: Path) -> None:
    assert spoil(tmp_path, range(100)) == []


def test_forty_exports_with_and_without_somebody(tmp_path: Path) -> None:
    guard(tmp_path, range(40))


@pytest.mark.soak
def test_two_thousand_spoiled_files(tmp_path: Path) -> None:
    assert spoil(tmp_path, range(2000)) == []


@pytest.mark.soak
def test_two_hundred_exports_with_somebody_and_as_many_clean(tmp_path: Path) -> None:
    guard(tmp_path, range(270))  # 68 of each way of planting, and 67 clean
