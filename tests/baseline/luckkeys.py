"""The keys of luck, read from the code: names of activities, and the words that keys of people and worlds are made of.

They are data: one that is renamed, or used for something else, deals everybody's luck anew.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import pcqa_sim

_MADE_BY = ("join", "join_array", "stream", "world_key")


def of_code() -> dict[str, list[str]]:
    """Return the names of all activities and the words in keys, as the code has them now."""
    trees = [ast.parse(path.read_text()) for path in Path(pcqa_sim.__path__[0]).rglob("*.py")]
    return {"activities": _texts(trees, ("activity",)), "words": _texts(trees, _MADE_BY)}


def _texts(trees: Iterable[ast.Module], functions: tuple[str, ...]) -> list[str]:
    """Return the texts given to some functions, in order."""
    nodes = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    calls = [call for call in nodes if isinstance(call.func, ast.Name) and call.func.id in functions]
    given = [argument for call in calls for argument in call.args if isinstance(argument, ast.Constant)]
    return sorted({one.value for one in given if isinstance(one.value, str)})
