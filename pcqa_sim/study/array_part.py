"""A share of a study's units, done by one job of a job array beside others; nothing is gathered here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pcqa_sim.study.driver import Outcome, Watcher, do_units
from pcqa_sim.study.engines import Engine
from pcqa_sim.study.ledger import Ledger
from pcqa_sim.study.origin import origin
from pcqa_sim.study.plan import Plan
from pcqa_sim.study.task import Work, simulated
from pcqa_sim.values.faults import BadInput, Fault


def do_part(
    folder: Path, plan: Plan, part: int, of: int, engine: Engine, watcher: Watcher, work: Work = simulated
) -> Outcome:
    """Do every `of`-th unit of a plan that is missing, beginning with number `part`.

    Raises BadInput where this code is not the plan's.
    """
    if changed := origin().differences(plan.origin):
        rule = f"was planned with other code: {'; '.join(changed)}; plan it again with --resume --accept-version"
        raise BadInput(Fault(str(folder), rule))
    mine = [name for number, name in enumerate(plan.units()) if number % of == part]
    survey = Ledger(folder).survey(mine)
    outcome = Outcome(found=survey.whole, damaged=survey.damaged)
    do_units(folder, replace(plan, origin=origin()), survey, engine, work, watcher, outcome)
    return outcome
