"""Promises: what the practice model itself must keep, whatever its numbers are.

Each promise is a function that makes its own runs and returns whether it holds, and a line of detail. All use the
shipped settings alone, never the user's own. Directions are judged on paired replications: the same people with the
same luck, with and without a change, and a 95 % confidence interval of the difference that excludes zero.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from pcqa_sim.configuration import config_folder, load_scenario, options, resolve
from pcqa_sim.frontdoor.triage import TRIAGE
from pcqa_sim.interventions import INTERVENTIONS, apply_all
from pcqa_sim.interventions.adjust import Adjust
from pcqa_sim.interventions.switch_triage import SwitchTriage
from pcqa_sim.population.need_generation import Appetite, Candidates, week_candidates
from pcqa_sim.population.people import draw_people
from pcqa_sim.results.conservation import ConservationError
from pcqa_sim.results.run import simulate
from pcqa_sim.scenario import Scenario, with_settings
from pcqa_sim.study.methods.replicate import replicate
from pcqa_sim.values.eventlog import write_log
from pcqa_sim.values.luck import world_key
from pcqa_sim.verification.pairs import difference, told, values

Outcome = tuple[bool, str]
Promise = Callable[[], Outcome]

NEAR_BELIEF = 0.03  # share; assumption: a thirtieth of what the two beginnings are apart
SAME_BELIEF = 0.01  # share; assumption: one late request in a hundred more or less is no difference
PROMISES: dict[str, Promise] = {}


def promise(words: str) -> Callable[[Promise], Promise]:
    """Register a promise under the words that say it."""

    def register(check: Promise) -> Promise:
        PROMISES[words] = check
        return check

    return register


def shipped(*overrides: str) -> Scenario:
    """Return a scenario of the shipped settings, by default of two weeks after one to settle."""
    return load_scenario("run=quick", *overrides, user_folder=config_folder())


def log_bytes(log: pa.Table) -> bytes:
    """Return the bytes of the file that a log is written to."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.parquet"
        write_log(log, path)
        return path.read_bytes()


def profiles(*overrides: str) -> dict[str, Scenario]:
    """Return every shipped practice profile for one week, by name."""
    names = [path.stem for path in sorted((config_folder() / "practice").glob("*.yaml"))]
    week = ("run.warm_up_weeks=0", "run.measured_weeks=1", *overrides)
    return {name: shipped(f"practice={name}", *week) for name in names}


@promise("nothing is lost in a run of any practice, with any access model and any intervention or none")
def conservation() -> Outcome:
    """Run every profile with every intervention, every access model and all interventions at once.

    simulate() raises where anything is lost or appears from nowhere. Lists are of 2,000 people here, all in one
    environment; the tests run them in full, each by itself.
    """
    names = options(config_folder())["practice"]
    members = ", ".join(f"{name}: ['practice={name}', 'practice.list_size=2000']" for name in names)
    together = shipped("run.warm_up_weeks=0", "run.measured_weeks=1", f"network.members={{{members}}}")
    files = ",".join(options(config_folder())["intervention"])
    named = resolve(["practice=small", f"intervention=[{files}]"], config_folder()).interventions
    models = [shipped(f"triage={model}").practices["practice"].triage for model in TRIAGE]
    at_once = tuple(one for one in named if not getattr(one, "of_network", False))  # ways of sharing exclude others
    changes = [(), at_once, *((one,) for one in named), *((SwitchTriage(to=model),) for model in models)]
    events = 0
    for change in changes:
        try:
            events += simulate(apply_all(together, change)).log.num_rows
        except ConservationError as fault:
            return False, f"{', '.join(one.label() for one in change) or 'as it is'}: {fault}"
    return events > 0, f"{events} events of {len(together.practices)} practices in {len(changes)} runs"


@promise("perfect service causes no failure demand at all")
def perfect_service() -> Outcome:
    """Run the experiment in which nobody is refused or waits: not one contact may be failure demand."""
    contacts = simulate(shipped("practice=small", "experiment=perfect_service")).contacts
    failures = int(contacts["failure"].sum())
    return len(contacts) > 0 and failures == 0, f"{failures} failure contacts among {len(contacts)}"


@promise("the same seed gives the same bytes, another seed others")
def same_seed_same_bytes() -> Outcome:
    """Run twice with one seed and once with another, and compare the files of the event logs."""
    scenario = shipped("practice=small")
    first, again, other = (log_bytes(simulate(scenario, seed).log) for seed in (7, 7, 8))
    return first == again != other, f"{len(first)} bytes, sha256 {sha256(first).hexdigest()[:12]}"


@promise("an intervention of strength zero changes nothing")
def zero_strength() -> Outcome:
    """Run every practice with all interventions at the strength at which they do nothing: the log keeps every bit.

    Where it does not, each by itself tells which it was.
    """
    zeros = {name: intervention.zero() for name, intervention in INTERVENTIONS.items()}
    changed = []
    for practice, scenario in profiles().items():
        before = log_bytes(simulate(scenario).log)
        if log_bytes(simulate(apply_all(scenario, zeros.values())).log) != before:
            changed += [
                f"{name} in {practice}"
                for name, zero in zeros.items()
                if log_bytes(simulate(zero.apply(scenario)).log) != before
            ]
    return not changed, f"changed the log: {', '.join(changed)}" if changed else ", ".join(INTERVENTIONS)


@promise("two processes give what one gives")
def processes_agree() -> Outcome:
    """Run replications one after the other and on two processes, and make sure that two did work.

    On a busy machine the first process may have done everything before the second is there: then it is tried again.
    """
    scenario = shipped("practice=small")
    alone = replicate(scenario, 8, workers=1).metrics
    for _ in range(3):
        shared = replicate(scenario, 8, workers=2)
        others = {unit.process for unit in shared.units} - {os.getpid()}
        if not alone.equals(shared.metrics):
            return False, "metrics differ"
        if len(others) == 2:
            return True, f"{len(alone)} metrics identical, 2 processes at work"
    return False, f"only {len(others)} process did any work"


@promise("raising one person's rate changes that person's needs only")
def one_persons_rate() -> Outcome:
    """Treble one person's rate: everybody else's candidates stay as they are, and that person has more."""
    scenario = shipped("practice=small")
    settings = scenario.practices["practice"]
    world = world_key(1, 0, "practice")
    usual = draw_people(world, settings.people, settings.list_size)
    person = int(usual.rate.argmax())
    raised = draw_people(world, settings.people, settings.list_size, {person: 3.0})
    usually, more = (Appetite(people, settings.demand, settings.channels) for people in (usual, raised))
    others_same, before, after = True, set[tuple[float, ...]](), set[tuple[float, ...]]()
    for week in range(10):
        old, new = (
            week_candidates(appetite, settings.demand_level, week, day_of_year=7 * week) for appetite in (usually, more)
        )
        others_same &= _candidates(old, old.person != person) == _candidates(new, new.person != person)
        before |= set(_candidates(old, old.person == person))
        after |= set(_candidates(new, new.person == person))
    holds = others_same and before < after
    return holds, f"{len(before)} needs become {len(after)}; the others' {'stay' if others_same else 'change'}"


def _candidates(candidates: Candidates, which: np.ndarray) -> list[tuple[float, ...]]:
    """Return (number, person, kind, minute, key) of some candidates."""
    columns = (candidates.number, candidates.person, candidates.kind, candidates.minute, candidates.key)
    return list(zip(*(column[which].tolist() for column in columns), strict=True))


@promise("one more call handler leaves everybody's needs as they are")
def needs_belong_to_people() -> Outcome:
    """Add a call handler: people ask at other times, but the needs they have are the same."""
    scenario = shipped("practice=small")
    before = simulate(scenario)
    after = simulate(Adjust(add={"rota.extra_call_handlers": 1}).apply(scenario))
    old, new = (run.needs["kind"].sort_index() for run in (before, after))
    differs = not before.log.equals(after.log)
    return differs and old.equals(
        new
    ), f"{len(old)} needs with {before.log.num_rows} events, {after.log.num_rows} after"


@promise("two practices side by side are what each is alone")
def practices_alone_and_together() -> Outcome:
    """Run two practices in one environment: each one's log is that of a run of its own."""
    together = shipped(
        "network.members={north: ['practice=small'], south: ['practice=small', 'practice.demand_level=1.5']}"
    )
    events = simulate(together).events
    rows = {}
    for key, practice in together.practices.items():
        alone = _words(simulate(together.replaced(practices={key: practice})).events)
        mine = _words(events[events["practice"] == key])
        if not mine.equals(alone):
            return False, f"{key} differs: {len(mine)} events together, {len(alone)} alone"
        rows[key] = len(mine)
    return True, ", ".join(f"{key} {many} events" for key, many in rows.items())


def _words(events: pd.DataFrame) -> pd.DataFrame:
    """Return events with plain words for coded ones, numbered from 0."""
    plain = {name: events[name].astype(str) for name in ("practice", "event", "who", "code")}
    return events.assign(**plain).reset_index(drop=True)


@promise("belief settles at one level from wherever it starts")
def belief_meets(weeks: int = 24, replications: int = 8, within: float = NEAR_BELIEF) -> Outcome:
    """Start from 0 and from 0.9: after some weeks the interval of the difference lies within a thirtieth of that.

    After 24 weeks a 250th of what they began apart is left of the belief itself, but what it changes lags behind; after
    a year they are to be the same to one in a hundred.
    """
    scenario = shipped("practice=small", f"run.warm_up_weeks={weeks}", "run.measured_weeks=10")
    low, high = (_started_at(scenario, belief) for belief in (0.0, 0.9))
    late = [values(side, "belief", replications=replications) for side in (low, high)]
    apart = difference(*late)
    holds = -within < apart.low <= apart.high < within
    return holds, f"{np.mean(late[0]):.3f} and {np.mean(late[1]):.3f}; {told(apart)}"


def _started_at(scenario: Scenario, belief: float) -> Scenario:
    practices = {key: with_settings(practice, {"start_belief": belief}) for key, practice in scenario.practices.items()}
    return scenario.replaced(practices=practices)


@promise("more lines, fewer engaged tones")
def more_lines_fewer_engaged() -> Outcome:
    """Where two lines are all there are, two more mean that fewer callers hear the engaged tone."""
    scenario = shipped("practice=small", "phones.lines=2")
    return _falls(scenario, Adjust(add={"phones.lines": 2}).apply(scenario), ("engaged_share",))


@promise("more call handlers, shorter waits")
def more_handlers_shorter_waits() -> Outcome:
    """One more call handler means that answered callers waited less."""
    scenario = shipped("practice=small")
    return _falls(scenario, Adjust(add={"rota.extra_call_handlers": 1}).apply(scenario), ("answered_wait_min",))


@promise("more slots, fewer turned away and less failure demand")
def more_slots_less_failure() -> Outcome:
    """Where slots are scarce, more of them mean fewer people turned away and less failure demand."""
    scenario = shipped("practice=small", "practice.fte_level={gp: 0.7}")
    after = Adjust(add={"appointments.extra_on_the_day_slots": 10}).apply(scenario)
    return _falls(scenario, after, ("told_another_day_share", "failure_share"), 12)


def _falls(before: Scenario, after: Scenario, metrics: Sequence[str], replications: int = 6) -> Outcome:
    """Tell whether metrics fall, on paired replications."""
    details, falls = list[str](), True
    for name in metrics:
        old, new = (values(scenario, name, replications=replications) for scenario in (before, after))
        apart = difference(old, new)
        falls &= apart.high < 0
        details.append(f"{name} {np.mean(old):.3f} -> {np.mean(new):.3f}; {told(apart)}")
    return falls, "; ".join(details)
