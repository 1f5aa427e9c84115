"""`pcqa size --by-half-hour rota.phone`: which half hour needs whom, so that a target holds in each of them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcqa_sim.commands.options import with_seed
from pcqa_sim.commands.studying import Asked
from pcqa_sim.commands.varying import start_of
from pcqa_sim.values.clock import DAY, WEEKDAYS
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.saidtimes import rota_words

if TYPE_CHECKING:
    import pandas as pd

    from pcqa_sim.commands.size import SizeRequest
    from pcqa_sim.configuration import Resolved
    from pcqa_sim.report.console import Section
    from pcqa_sim.report.rostering import Told
    from pcqa_sim.report.webpage.building import Made, Page
    from pcqa_sim.scenario import Practice, Scenario
    from pcqa_sim.study.execute import Execution
    from pcqa_sim.study.files import Filling
    from pcqa_sim.study.methods.replicate import Do
    from pcqa_sim.study.methods.rostering import Rosters, Seen
    from pcqa_sim.study.result import Result
    from pcqa_sim.study.statistics.criterion import Target

PHONE = "rota.phone"
REPS = 5
MEASURED = {
    "answered_within_2_min_share": ("within_2_min", "answered"),
    "missed_share": ("missed", "ended"),
    "answered_share": ("answered", "ended"),
    "answered_wait_min": ("waited_min", "answered"),
}
"""Metrics that a half hour has, as what is divided by what."""
_AS_THEY_ARE = {
    f"{PHONE}.first_days": "null",
    "rota.written_for_list_size": "null",
    "rota.phone_level": "1",
    "rota.extra_call_handlers": "0",
}


@dataclass(frozen=True)
class Understood:
    """What was asked, understood: the rosters there are, by sort of day, and what should hold in each half hour."""

    made: Resolved
    base: Scenario
    target: Target
    overrides: tuple[str, ...]
    now: Rosters

    @property
    def practice(self) -> Practice:
        """Return the practice as it is."""
        return self.base.practices[self.target.yardstick.practice]

    def changes(self, rosters: Rosters) -> dict[str, str]:
        """Return the settings, by key, with which the telephone has these rosters, whoever else is said to come."""
        said = {f"{PHONE}.{sort}": f"'{rota_words(_steps(roster))}'" for sort, roster in rosters.items()}
        duty = self.practice.rota.phone
        if duty.first_days is not None or duty.after_closure is not None:
            said[f"{PHONE}.after_closure"] = said[f"{PHONE}.monday"]
        return _AS_THEY_ARE | said

    def overrides_at(self, rosters: Rosters) -> list[str]:
        """Return the overrides of the practice with other rosters."""
        changes = self.changes(rosters)
        kept = [one for one in self.overrides if one.lstrip("+~").partition("=")[0].strip() not in changes]
        return [*kept, *(f"{key}={value}" for key, value in changes.items())]


def understood(request: SizeRequest, overrides: Sequence[str], seed: int | None) -> Understood:
    """Return what is asked; raise BadInput with every fault of it."""
    from pcqa_sim.study.statistics.criterion import read_target

    faults = []
    if request.by_half_hour != PHONE:
        faults.append(Fault("--by-half-hour", f"is for {PHONE}, who answers calls when", request.by_half_hour, PHONE))
    if request.vary or request.cost:
        faults.append(Fault("--by-half-hour", "varies the rota itself: leave --vary and --cost out"))
    start = start_of(overrides, seed, request.practice)
    if len(start.base.practices) > 1:
        faults.append(Fault("--by-half-hour", "is for one practice alone, and not for a network"))
    if faults:
        raise BadInput(faults)
    target = read_target(request.target, start.practice)
    name = target.yardstick.name
    if name not in MEASURED:
        rule = f"by half hour, one of {', '.join(MEASURED)}"
        raise BadInput(Fault("--target", rule, name, nearest(name, list(MEASURED))))
    practice = start.base.practices[start.practice]
    found = Understood(start.made, start.base, target, tuple(overrides), rosters_of(practice))
    if not any(map(any, found.now.values())):
        raise BadInput(Fault(PHONE, "nobody answers calls from Monday to Friday: say first who does"))
    scenario_at(found, found.now)
    return found


def rosters_of(practice: Practice) -> dict[str, tuple[int, ...]]:
    """Return who answers calls by half hour, for each sort of day that has a roster of its own."""
    from pcqa_sim.clinic.reception_rota import call_handlers

    return {sort: _by_half_hour(call_handlers(practice, days[0])) for sort, days in sorts_of(practice).items()}


def sorts_of(practice: Practice) -> dict[str, tuple[int, ...]]:
    """Return the sorts of days, and which weekdays (0 is Monday) are of each: days that are named stand alone."""
    duty = practice.rota.phone
    alone = [day for day in range(1, 5) if getattr(duty, WEEKDAYS[day]) is not None]
    rest = tuple(day for day in range(1, 5) if day not in alone)
    return {"monday": (0,)} | ({"tuesday_friday": rest} if rest else {}) | {WEEKDAYS[day]: (day,) for day in alone}


def _by_half_hour(people: Mapping[int, int]) -> tuple[int, ...]:
    """Return people from each minute on as people in each half hour of the day."""
    here, found = 0, []
    for minute in range(0, DAY, 30):
        here = people.get(minute, here)
        found.append(here)
    return tuple(found)


def _steps(roster: Sequence[int]) -> dict[int, float]:
    """Return people in each half hour as people from each minute on, where they change."""
    return {at * 30: float(people) for at, people in enumerate(roster) if not at or people != roster[at - 1]}


def scenario_at(asked: Understood, rosters: Rosters) -> Scenario:
    """Return the scenario with other rosters; raise BadInput where something else changes them as well."""
    from pcqa_sim.configuration import resolve

    made = resolve([[one] for one in asked.overrides_at(rosters)])
    scenario = with_seed(made.scenario, asked.base.run.seed)
    there = rosters_of(scenario.practices[asked.target.yardstick.practice])
    if there != dict(rosters):
        raise BadInput(Fault("--by-half-hour", "an intervention changes who answers calls as well: leave it out"))
    return scenario


def asked_of(request: SizeRequest, found: Understood) -> Asked:
    """Return the search as a study."""
    from pcqa_sim.study.methods.rostering import MOST_ROUNDS

    return Asked(
        kind="size",
        scenarios={found.base.hash(): found.base},
        overrides={found.base.hash(): list(found.overrides)},
        parameters=asdict(request),
        method=partial(_found, request, found),
        words=f"{found.base.weeks} weeks, until every half hour has who it needs",
        most=(MOST_ROUNDS + 2) * request.reps,
        periods="weeks",
        made=lambda: found.made,
    )


@dataclass
class Runs:
    """Runs rosters, and remembers the scenario and the metrics of each."""

    asked: Understood
    do: Do
    scenarios: dict[tuple[tuple[int, ...], ...], Scenario] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)

    def __call__(self, rosters: Rosters, replications: Sequence[int]) -> Seen:
        """Return what rosters give with the luck of some replications."""
        from pcqa_sim.study.methods.replicate import Job
        from pcqa_sim.study.result import HALF_HOURS

        scenario = self.scenario(rosters)
        seed = self.asked.base.run.seed
        found = self.do([Job(scenario, seed, number, (HALF_HOURS,)) for number in replications])
        self.results += found
        return self._seen(found)

    def scenario(self, rosters: Rosters) -> Scenario:
        """Return the scenario with some rosters, made once."""
        key = tuple(rosters.values())
        if key not in self.scenarios:
            self.scenarios[key] = scenario_at(self.asked, rosters)
        return self.scenarios[key]

    def _seen(self, results: Sequence[Result]) -> Seen:
        import numpy as np

        from pcqa_sim.study.methods.rostering import Seen

        target = self.asked.target.yardstick
        above, below = MEASURED[target.metric]
        parts: dict[str, list[dict[str, Any]]] = {}
        for result in results:
            assert result.half_hours is not None
            frame = result.half_hours.to_pandas()
            frame = frame[frame["practice"] == target.practice]
            for sort, days in sorts_of(self.asked.practice).items():
                summed = frame[frame["weekday"].isin(days)].groupby("step").sum(numeric_only=True)
                one = {name: summed[name].to_numpy() for name in (above, below)}
                parts.setdefault(sort, []).append(one | {"calls": (summed["ended"] / summed["days"]).to_numpy()})
        each = [
            {sort: np.array([one[name] for one in found]) for sort, found in parts.items()}
            for name in (above, below, "calls")
        ]
        return Seen(*each)

    @property
    def metrics(self) -> pd.DataFrame:
        """Return the tidy metrics over all measured weeks of every run."""
        import pandas as pd

        frames = [one.metrics[one.metrics["period"] == "all"] for one in self.results]
        return pd.concat(frames, ignore_index=True).drop_duplicates()


@dataclass(frozen=True)
class Answered:
    """What a search found, in words and as it was asked."""

    asked: Understood
    runs: Runs
    told: Told

    def fill(self, files: Filling) -> Mapping[str, Any]:
        """Write the figure, the table and the metrics."""
        from pcqa_sim.report.rostering import finding

        finding(self.told, self.runs.metrics).fill(files)
        made = {
            scenario.hash(): self.asked.overrides_at(dict(zip(self.asked.now, rosters, strict=True)))
            for rosters, scenario in self.runs.scenarios.items()
        }
        return {"overrides": {self.asked.base.hash(): list(self.asked.overrides)} | made}

    def tell(self) -> None:
        """Print the answer."""
        from pcqa_sim.report.console import told_text

        print(told_text(self.asked.base, self.asked.target.yardstick.practice, self._sections()))
        if self.told.found.needed != dict(self.asked.now):
            print(f"\nWhat else it changes:\n  {self._command()}")

    def page(self, made: Made) -> Page:
        """Return the page for people."""
        from pcqa_sim.report.webpage.rosters import page_of_rosters

        return page_of_rosters(self.asked.base, self.told, self._sections(), self.runs.metrics, made)

    def afterwards(self, folder: Path, written: Sequence[Path]) -> None:
        """Name the files."""
        from pcqa_sim.report.console import files_text

        print(files_text(folder, written[:3]))

    def _sections(self) -> list[Section]:
        from pcqa_sim.report.rostering import sections

        return sections(self.told)

    def _command(self) -> str:
        """Return the command that compares the practice as it is with the rosters found."""
        now, then = (self.asked.changes(one) for one in (self.asked.now, self.told.found.needed))
        if self._as_they_are():
            then = {key: value for key, value in then.items() if key not in _AS_THEY_ARE and value != now[key]}
        change = " ".join(f"{key}={value}" for key, value in then.items())
        return " ".join(["pcqa", "compare", *map(shlex.quote, self.asked.overrides), "--with", f'"{change}"'])

    def _as_they_are(self) -> bool:
        rota = self.asked.practice.rota
        said = rota.written_for_list_size is None and rota.phone_level == 1 and rota.extra_call_handlers == 0
        return said and rota.phone.first_days is None


def _found(request: SizeRequest, asked: Understood, do: Execution) -> Answered:
    from pcqa_sim.report.rostering import Told
    from pcqa_sim.study.methods.rostering import Search

    runs = Runs(asked, do)
    most = max(asked.practice.phones.lines, *(max(roster) for roster in asked.now.values()))
    found = Search(runs, asked.now, asked.target.shortfall, most, request.reps).run()
    frame = runs.metrics
    names = [runs.scenario(rosters).hash() for rosters in (found.now, found.needed)]
    luck = range(request.reps, 2 * request.reps)
    values = [frame[(frame["scenario"] == name) & frame["replication"].isin(luck)] for name in names]
    whole = [
        [asked.target.yardstick.value(one) for _, one in value.groupby("replication", sort=True)] for value in values
    ]
    return Answered(
        asked, runs, Told(found, asked.practice, asked.target, sorts_of(asked.practice), whole[0], whole[1])
    )
