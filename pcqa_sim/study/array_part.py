"""A share of a study's units, done by one job of a job array beside others; nothing is gathered here."""

from __future__ import annotations

from pathlib import Path

from pcqa_sim.study.engines import Engine
from pcqa_sim.study.engines.array import units_of_part
from pcqa_sim.study.execute import Execution, Outcome, Terms, Watcher
from pcqa_sim.study.origin import origin
from pcqa_sim.study.record import read_record
from pcqa_sim.study.task import Work, simulated
from pcqa_sim.values.faults import BadInput, Fault


def do_part(
    folder: Path, part: int, of: int, engine: Engine, watcher: Watcher | None = None, work: Work = simulated
) -> Outcome:
    """Do every `of`-th of the units that were written down and are missing, beginning with number `part`.

    Raises BadInput where this code is not the study's.
    """
    record = read_record(folder)
    if changed := origin().differences(record.origin):
        rule = f"was planned with other code: {'; '.join(changed)}; plan it again with --resume --accept-version"
        raise BadInput(Fault(str(folder), rule))
    mine = units_of_part(folder, part, of)
    terms = Terms(origin().code, record.periods, record.files, len(mine))
    return Execution(folder, terms, engine, work, watcher or Watcher()).complete(mine, mine)
