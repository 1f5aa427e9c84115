"""The keys of luck, read from the code: names of activities, and the words that keys of people and worlds are made of.

They are data: one that is renamed, or used for something else, deals everybody's luck anew.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path

import pcqa_sim
from pcqa_sim.values.luck import activities

_MADE_BY = ("join", "join_array", "stream", "world_key", "world_of")


def of_code() -> dict[str, list[str]]:
    """Return the names of all activities and the words in keys, as the code has them now."""
    for module in pkgutil.walk_packages(pcqa_sim.__path__, "pcqa_sim."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    folder = Path(pcqa_sim.__path__[0])
    words = {word for path in folder.rglob("*.py") for word in _words(ast.parse(path.read_text()))}
    return {"activities": sorted(activities()), "words": sorted(words)}


def _words(tree: ast.Module) -> set[str]:
    """Return the texts given to the functions that make keys."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    given = [argument for call in calls if call.func.id in _MADE_BY for argument in call.args]
    return {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}
