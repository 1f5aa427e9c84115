"""Own code for tests: files written into a folder, and a process that forgets what it was given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pcqa_sim.values import doors, plugins

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "extending.md"
_RECIPE = re.compile(r"`(own/[\w/.]+)`[^\n]*:\n\n```\w+\n(.*?)```", re.DOTALL)


def recipes() -> dict[str, str]:
    """The files of docs/extending.md, by their path."""
    return dict(_RECIPE.findall(GUIDE.read_text(encoding="utf-8")))


def written(folder: Path, files: dict[str, str]) -> Path:
    """Write files into a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@contextmanager
def knowing(*paths: Path) -> Iterator[None]:
    """Have this process know own code for a while."""
    before = plugins._given.paths
    try:
        doors.give(paths)
        yield
    finally:
        plugins.give(before)


def forget() -> None:
    """Have this process know no own code again, neither given nor lent, whatever a test left behind."""
    if plugins._given.paths or plugins._given.recipe:
        plugins.give(())
    plugins._given.lent.clear()
    for door in doors._DOORS.values():
        if door._lent:
            door._lent.clear()
            door._all = None
