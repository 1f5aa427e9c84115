"""What a run costs the kernel, and that the same run gives the same bytes wherever it is made."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.kernel.environment import Environment
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.eventlog import write_log
from pcqa_sim.values.form import COMPILED, form

SETTINGS = ("run.warm_up_weeks=0", "run.measured_weeks=3")


class Attributing(Environment):
    """An environment that counts its events by what they were for."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def step(self) -> None:
        callbacks = self._queue[0][3].callbacks or [None]
        self.counts[_purpose(callbacks[0])] += 1
        super().step()


def _purpose(callback: Any) -> str:
    """What an event is for: the innermost generator that waits for it, or the function that set the timer.

    All that the work on a slot waits for is for its appointment, however deep: the consultation, a visit, the way.
    """
    generator = getattr(callback, "_story", None)
    if generator is None:
        return str(getattr(callback, "__qualname__", ""))
    names = [str(generator.gi_code.co_name)]
    while getattr(generator, "gi_yieldfrom", None) is not None:
        generator = generator.gi_yieldfrom
        names.append(str(generator.gi_code.co_name))
    if names[-1] != "work_slot":
        of_a_slot = {"work_slot", "_visit_when_free"} & set(names)
        return "appointment" if of_a_slot else names[-1]
    waits_for_a_gap = (
        "minutes" not in generator.gi_frame.f_locals and generator.gi_frame.f_locals["slot"].contact is None
    )
    return "gap" if waits_for_a_gap else "appointment"


@pytest.fixture(scope="module")
def counted() -> tuple[Run, Counter[str]]:
    if form() == COMPILED:
        pytest.skip("events are counted by what SimPy knows of them")
    made: list[Attributing] = []

    def environment() -> Attributing:
        made.append(Attributing())
        return made[0]

    run = simulate(composed(*SETTINGS), environment=environment)
    return run, made[0].counts


def test_a_booked_appointment_costs_at_most_1_3_kernel_events(counted: tuple[Run, Counter[str]]) -> None:
    """All that a booking sets off: its consultation, waiting for who does not come, cancelling, asking again."""
    run, counts = counted
    appointments = run.appointments
    over = appointments[appointments["status"] != "open"]
    timers = sum(n for name, n in counts.items() if "may_cancel" in name or "may_ask_again" in name)
    assert counts["appointment"] >= (over["status"] == "attended").sum()
    assert timers > 0
    assert (counts["appointment"] + timers) / len(over) <= 1.3


def test_a_slot_that_nobody_booked_costs_at_most_one_event(counted: tuple[Run, Counter[str]]) -> None:
    run, counts = counted
    unused = run.events.loc[run.events["event"] == log.SLOTS_UNUSED, "amount"].sum()
    assert 0 < counts["gap"] <= unused


def test_every_session_costs_at_most_two_events_of_its_own(counted: tuple[Run, Counter[str]]) -> None:
    run, counts = counted
    sessions = (run.events["event"] == log.SESSION_ENDED).sum() / 5
    assert counts["work_day"] <= 2 * sessions


def test_the_kernel_that_counts_changes_nothing(counted: tuple[Run, Counter[str]]) -> None:
    assert simulate(composed(*SETTINGS)).log.equals(counted[0].log)


CODE = """
import sys
from pathlib import Path
from pcqa_sim import load_scenario, simulate
from pcqa_sim.values.eventlog import write_log
run = simulate(load_scenario("practice=small", "run=quick", user_folder=Path(sys.argv[2])), seed=3, replication=1)
write_log(run.log, Path(sys.argv[1]))
"""


def test_the_same_run_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    """Whatever the hash seed; and another seed or replication gives others."""
    (tmp_path / "none").mkdir()
    for hash_seed in ("1", "2"):
        words = [sys.executable, "-c", CODE, str(tmp_path / hash_seed), str(tmp_path / "none")]
        subprocess.run(words, check=True, env=os.environ | {"PYTHONHASHSEED": hash_seed})
    scenario = composed("practice=small", "run=quick")
    here = [simulate(scenario, seed=3, replication=rep) for rep in (1, 2)]
    for number, run in enumerate(here):
        write_log(run.log, tmp_path / f"here{number}")
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes() == (tmp_path / "here0").read_bytes()
    assert (tmp_path / "here0").read_bytes() != (tmp_path / "here1").read_bytes()
