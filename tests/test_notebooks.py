"""Notebooks define nothing, are kept without outputs, and are short; `make notebooks` runs them from top to bottom."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))
MOST_LINES = 12
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return found


def test_there_is_one_for_a_practice_and_one_for_a_researcher() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["first_steps", "researcher", "size_an_mdt"]


@each_notebook
def test_a_notebook_defines_nothing_and_its_cells_are_short(path: Path) -> None:
    for cell in (one for one in cells(path) if one["cell_type"] == "code"):
        nodes = list(ast.walk(ast.parse("".join(cell["source"]))))
        assert not [one for one in nodes if isinstance(one, ast.FunctionDef | ast.ClassDef | ast.Lambda)]
        assert len(cell["source"]) <= MOST_LINES


@each_notebook
def test_a_notebook_is_kept_without_outputs_and_explains_before_it_shows(path: Path) -> None:
    found = cells(path)
    assert found[0]["cell_type"] == found[-1]["cell_type"] == "markdown"
    assert not [one for one in found if one.get("outputs") or one.get("execution_count")]
