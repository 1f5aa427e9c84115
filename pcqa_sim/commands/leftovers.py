"""What a driver leaves in a folder that was stopped before its plan was written, and what is said of such folders."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from pathlib import Path

from pcqa_sim.study.design.plan import POINTS
from pcqa_sim.study.execute import FAILURES
from pcqa_sim.study.record import RECORD, has_record
from pcqa_sim.study.result import EXTRAS
from pcqa_sim.study.scenariofile import SCENARIOS
from pcqa_sim.study.store import UNITS
from pcqa_sim.values.faults import Fault, nearest
from pcqa_sim.values.wholefile import is_draft

_SCENARIO_FILE = re.compile(r"[0-9a-f]{12}\.yaml$")
_A_STUDY = (RECORD, FAILURES, UNITS, *EXTRAS)


def left_by_planning(path: Path) -> bool:
    """Tell whether something in a folder is what a driver leaves there that was stopped while it planned."""
    if path.name == SCENARIOS and path.is_dir():
        return all(_SCENARIO_FILE.match(one.name) or is_draft(one.name) for one in path.iterdir())
    return path.name == POINTS or is_draft(path.name)


def nothing(_: Path) -> bool:
    """Tell that nothing in a folder may be taken for left over."""
    return False


def clear(folder: Path, all_of_it: bool = False) -> None:
    """Remove what is left of a study whose plan was not written; with `all_of_it`, of one begun just now."""
    for path in tuple(folder.iterdir()):
        if left_by_planning(path) or (all_of_it and path.name in _A_STUDY):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def no_study(out: Path) -> Fault:
    """Return what is wrong with going on, no settings named, with a study that is not there."""
    stopped = out.is_dir() and any(map(left_by_planning, out.iterdir()))
    there = "it was stopped before its plan was written" if stopped else "no study is there"
    beside: list[str] = []
    with suppress(OSError):
        beside = [one.name for one in out.parent.iterdir() if has_record(one)]
    like = nearest(out.name, beside)
    rule = f"{there}, so there is nothing to go on with: name the settings too, to begin it"
    return Fault("--resume", rule, str(out), str(out.with_name(like)) if like else "")
