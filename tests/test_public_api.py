"""What others may build on is a list, and stays: names, signatures, and what a scenario has.

After a deliberate change, with a line in CHANGELOG.md: python tests/test_public_api.py
"""

from __future__ import annotations

import ast
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from documents import documents, python_blocks

import pcqa_sim
from pcqa_sim.scenario import Scenario

STORED = Path(__file__).parent / "data" / "public_api.yaml"


def described(public: Any) -> Any:
    """A function's signature; of a class, its fields and those of its methods and properties that are public."""
    if not inspect.isclass(public):
        return str(inspect.signature(public)) if callable(public) else type(public).__name__
    own = {name: member for name, member in vars(public).items() if not name.startswith(("_", "model_"))}
    methods = {name: str(inspect.signature(one)) for name, one in own.items() if inspect.isfunction(one)}
    properties = [name for name, one in own.items() if isinstance(one, property)]
    return {"fields": list(public.model_fields), "properties": properties, "methods": methods}


def now() -> dict[str, Any]:
    return {name: described(getattr(pcqa_sim, name)) for name in pcqa_sim.__all__}


def test_signatures_are_those_that_were_published() -> None:
    assert now() == yaml.safe_load(STORED.read_text())


def test_dir_shows_the_list_and_nothing_else() -> None:
    assert dir(pcqa_sim) == sorted(pcqa_sim.__all__)
    assert pcqa_sim.Scenario is Scenario
    with pytest.raises(AttributeError, match="has no attribute 'simulat'"):
        _ = pcqa_sim.simulat


def imported(text: str) -> set[str]:
    """Names that Python code takes from the package itself."""
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in nodes if node.module == "pcqa_sim" for alias in node.names}


def test_documents_use_what_is_on_the_list(root: Path) -> None:
    found = set[str]().union(*(imported(block.code) for path in documents() for block in python_blocks(path)))
    for path in (root / "notebooks").glob("*.ipynb"):
        cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
        found |= set[str]().union(*(imported("".join(cell["source"])) for cell in cells))
    for path in (root / "experiments").glob("*.py"):
        found |= imported(path.read_text(encoding="utf-8"))
    assert {"load_scenario", "simulate", "replicate"} <= found <= set(pcqa_sim.__all__)


if __name__ == "__main__":
    STORED.write_text(yaml.safe_dump(now(), sort_keys=False, width=120))
