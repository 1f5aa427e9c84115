"""Runs that begin alike are run once up to where they part, and nobody can tell from what they give."""

from __future__ import annotations

import os
import signal
from functools import cache
from pathlib import Path

import pytest
from shortruns import NO_USER_SETTINGS, composed

from pcqa_sim.clinic.absences import Absences
from pcqa_sim.clinic.rota import clinics
from pcqa_sim.configuration import options
from pcqa_sim.configuration.building import resolve
from pcqa_sim.interventions import Intervention, apply_all
from pcqa_sim.results import conservation
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.simulation import Ongoing, happen
from pcqa_sim.study.engines import Engine
from pcqa_sim.study.engines.forking import CAN_FORK
from pcqa_sim.study.engines.local import Local
from pcqa_sim.study.engines.serial import Serial
from pcqa_sim.study.execute import Execution, Outcome, Terms, Watcher
from pcqa_sim.study.result import EVENTS
from pcqa_sim.study.sharing import (
    MOST_TOGETHER,
    UNSEEN_AHEAD,
    UNSEEN_WITHOUT_TRIAGE,
    day_apart,
    of_one_beginning,
    together,
)
from pcqa_sim.study.store import Store
from pcqa_sim.study.unit import Unit
from pcqa_sim.values.eventlog import write_log

SMALL = ("practice=small", "practice.list_size=800", "run.warm_up_weeks=0", "run.measured_weeks=4")
AHEAD = ("horizon_days", "booked_at_start_days", "releases.routine.days_before", "releases.online.days_before")
FORKS = pytest.mark.skipif(not CAN_FORK, reason="processes are forked on Linux alone")
FILES = [name for name in options(NO_USER_SETTINGS)["intervention"] if name != "adjust"]


def opened(days: int) -> tuple[str, ...]:
    """What opens the diary so many days ahead."""
    return (*SMALL, *(f"appointments.{name}={days}" for name in AHEAD))


def phase(week: int, *overrides: str) -> str:
    return f"phases=[{{from_week: {week}, overrides: {list(overrides)}}}]"


TWO_WEEKS = opened(14)
PLAIN = composed(*TWO_WEEKS)
LINES = composed(*TWO_WEEKS, phase(2, "phones.lines=1"))
FEWER = composed(*TWO_WEEKS, phase(2, "phones.lines=2"))
LATER = composed(*TWO_WEEKS, phase(3, "phones.lines=1", "rota.phone_level=0.5"))
GPS = composed(*TWO_WEEKS, phase(3, "practice.fte_level.gp=0.5"))
OTHER = composed(*TWO_WEEKS, "phones.lines=3")
ALIKE = (PLAIN, LINES, FEWER, LATER)


def test_the_first_day_on_which_they_differ() -> None:
    """That is the week of the change; but sessions stand in the diary as soon as their day can be booked."""
    assert day_apart(PLAIN, LINES) == 14
    assert day_apart(LINES, LATER) == 14
    assert day_apart(PLAIN, LATER) == 21
    assert day_apart(PLAIN, GPS) == 21 - 14
    assert day_apart(LINES, GPS) == 7
    assert day_apart(PLAIN, OTHER) == 0
    assert day_apart(PLAIN, composed(*TWO_WEEKS, "intervention=[more_phone_lines]")) == 0  # from week 0 on
    assert day_apart(PLAIN, PLAIN) == 28


class Watched:
    """A practice's settings that remember what they were asked."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self.asked: set[str] = set()

    def __getattr__(self, name: str) -> object:
        self.asked.add(name)
        return getattr(self.practice, name)

    def fte(self, role: str) -> float:
        return Practice.fte(self, role)  # type: ignore[arg-type]


def test_the_diary_opened_ahead_asks_nothing_of_what_is_said_to_be_unseen() -> None:
    def asked(triage: str) -> set[str]:
        watched = Watched(composed(*TWO_WEEKS, f"triage={triage}").practices["practice"])
        assert any(clinics(watched, day, Absences(1, 28)) for day in range(5))  # type: ignore[arg-type]
        return watched.asked & set(Practice.model_fields)

    assert {"role", "appointments", "triage", "list_size", "fte_level"} <= asked("gp_phone_first")
    assert not asked("gp_phone_first") & UNSEEN_AHEAD
    assert not asked("reception_led") - {"triage"} & (UNSEEN_AHEAD | UNSEEN_WITHOUT_TRIAGE)
    assert set(Practice.model_fields) >= UNSEEN_AHEAD | UNSEEN_WITHOUT_TRIAGE


def sent_on(one: Scenario, other: Scenario) -> bytes:
    """The log of a scenario whose run was another's until they part."""
    shared = of_one_beginning([one, other])
    run = Ongoing(shared[0], 3, 1, alike=shared[1:])
    run.go_on(day_apart(one, other))
    run.turn_to(1)
    run.go_on(other.weeks * 7)
    happened = run.end()
    conservation.check(happened)
    return logged(happened.log)


def logged(table: object) -> bytes:
    path = Path(os.environ["PCQA_CACHE_DIR"]) / "log.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_log(table, path)  # type: ignore[arg-type]
    return path.read_bytes()


@pytest.mark.parametrize("other", [LINES, LATER, GPS], ids=["lines", "later", "gps"])
def test_a_run_sent_on_from_where_they_part_is_that_of_the_other(other: Scenario) -> None:
    by_itself = logged(happen(other, 3, 1).log)
    assert sent_on(PLAIN, other) == by_itself
    assert by_itself != logged(happen(PLAIN, 3, 1).log)


AT_ONCE = tuple(word.replace("measured_weeks=4", "measured_weeks=3") for word in opened(7))


@cache
def from_week_two() -> dict[str, Intervention]:
    """Every shipped intervention as its file has it, from week 2: composed together, to be applied one by one."""
    late = (f"intervention.{name}.from_week=2" for name in FILES)
    together = resolve((*AT_ONCE, f"intervention=[{','.join(FILES)}]", *late), NO_USER_SETTINGS).interventions
    return dict(zip(FILES, together, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_every_intervention_may_begin_later_in_a_shared_run(name: str) -> None:
    other = apply_all(base := composed(*AT_ONCE), (from_week_two()[name],))
    assert day_apart(base, other) >= 7
    assert sent_on(base, other) == logged(happen(other, 3, 1).log)


def study(folder: Path, engine: Engine, scenarios: tuple[Scenario, ...], watcher: Watcher | None = None) -> Outcome:
    store = Store(folder)
    files = {one.hash(): store.put_scenario(one.hash(), one) for one in scenarios}
    units = [Unit(name, 1, 0) for name in files]
    execution = Execution(folder, Terms("", files=files), engine, watcher=watcher or Watcher())
    return execution.complete(units, dict.fromkeys(units, (EVENTS,)))


def files_of(folder: Path) -> dict[str, bytes]:
    found = [*folder.glob("units/*.parquet"), *folder.glob(f"{EVENTS}/*.parquet")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@FORKS
@pytest.mark.slow
def test_a_study_gives_the_same_bytes_whether_beginnings_are_shared_or_not(
    tmp_path: Path, alone: dict[str, bytes]
) -> None:
    told: list[int] = []
    said: list[str] = []
    scenarios = ALIKE
    shared = study(tmp_path / "shared", Local(1), scenarios, Watcher(progress=told.append, note=said.append))
    assert files_of(tmp_path / "shared") == alone
    assert len(alone) == 2 * len(scenarios)
    assert told == list(range(len(scenarios) + 1))
    assert len(shared.workers) == 1  # forked ones are no workers of their own
    assert shared.shared_days == day_apart(PLAIN, LINES) + day_apart(LINES, FEWER) + day_apart(PLAIN, LATER)
    assert said == ["scenarios that begin alike are one run until they part: 7 weeks less to run"]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the units are where each is run by itself."""
    folder = tmp_path_factory.mktemp("alone")
    study(folder, Serial(), ALIKE)
    return files_of(folder)


def children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def running(process: int) -> bool:
    """Tell whether a process is there and goes on; one that has ended and was not asked after yet does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@FORKS
@pytest.mark.slow
@pytest.mark.parametrize("generation", [1, 2, 3], ids=["worker", "hand", "run"])
def test_a_killed_process_of_a_shared_run_costs_nothing(
    generation: int, tmp_path: Path, alone: dict[str, bytes]
) -> None:
    """Whichever is killed once the first unit is there: what is left is done again, alone, and notes say so."""
    said: list[str] = []
    line: list[int] = []

    def kill(there: int) -> None:
        if there != 1 or line:
            return
        line.append(os.getpid())
        while len(line) < 4:  # this process, the worker, its hand, the run
            line.append(children(line[-1])[-1])
        os.kill(line[generation], signal.SIGKILL)

    outcome = study(tmp_path / "out", Local(1), ALIKE, Watcher(progress=kill, note=said.append))
    assert not outcome.failed
    assert len(outcome.done) == len(ALIKE)
    lost = [told for told in said if "was ended by signal SIGKILL" in told]
    assert len(lost) == (0 if generation == 2 else len(ALIKE) - 1)
    assert not any(running(process) for process in line[1:])
    assert files_of(tmp_path / "out") == alone


def test_units_are_put_together_in_whole_rounds_and_small_sets() -> None:
    """No process is idle while another has several units, and a large set is shared by several."""

    def sets(scenarios: int, replications: int, hands: int) -> list[int]:
        units = [Unit(str(n), 1, number) for number in range(replications) for n in range(scenarios)]
        found = list(together(units, lambda _: "alike", hands))
        assert sorted(map(str, (unit for group in found for unit in group))) == sorted(map(str, units))
        return [len(group) for group in found]

    assert sets(2, 3, 2) == [2, 2, 1, 1]
    assert sets(3, 2, 1) == [3, 3]
    assert sets(1, 4, 2) == [1] * 4
    assert sets(3, 2, 0) == [1] * 6
    assert sets(2 * MOST_TOGETHER + 1, 1, 2) == [MOST_TOGETHER, MOST_TOGETHER, 1]
    apart = together([Unit("a", 1, 0), Unit("b", 1, 0)], lambda name: name, 1)
    assert [len(group) for group in apart] == [1, 1]
