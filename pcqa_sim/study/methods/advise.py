"""What to try first: options one at a time, then the best few in pairs, then again under drawn assumptions.

Everything is run with the same people and the same luck as the base, so that only differences count. Options compete
by the procedure of Kim and Nelson (`statistics.selecting`): all are run a few times, and whoever another is clearly
ahead of is run no further. Whether an option does anything at all is judged by paired t-tests against the base, all
options together (Holm). Who is dropped early keeps fewer runs, and the wider interval that goes with them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import pandas as pd

from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.themes import SAFETY, Entry
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.replicate import Do, Job, Study
from pcqa_sim.study.methods.trials import need_values
from pcqa_sim.study.result import Result
from pcqa_sim.study.statistics.criterion import Yardstick
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval
from pcqa_sim.study.statistics.multiple_testing import LEVEL, holm, paired_p
from pcqa_sim.study.statistics.selecting import KimNelson
from pcqa_sim.study.statistics.signalling import weekly_sigma, weeks_to_signal

NOTHING = "nothing"
HELPS, LITTLE, UNCLEAR, WORSE = "helps", "helps too little to matter", "not told apart from nothing", "makes it worse"
LEAST_POINTS, LEAST_SHARE = 0.01, 0.05
"""The smallest change that counts: one point of a share, a twentieth of anything else; assumption."""
AND = " + "

Pair = Callable[[str, str], Scenario | str]
"""The scenario of two options together, or why they are not tried together."""
Drawn = Callable[[int, Sequence[str]], Mapping[str, Scenario]]
"""The scenarios of some options ("nothing" for the base) with the assumptions of a draw."""


@dataclass(frozen=True)
class Terms:
    """How much is run: each option `first` times, survivors up to `most`; the best `together` in pairs; so many draws.

    `least` is the smallest change of the first goal that counts, None for a point of a share, else a twentieth.
    """

    first: int = 5
    most: int = 15
    together: int = 3
    draws: int = 10
    least: float | None = None


@dataclass(frozen=True)
class Harm:
    """A measure of harm, or a further goal, that is clearly worse."""

    entry: Entry
    unit: str
    change: ConfidenceInterval


@dataclass(frozen=True)
class Effect:
    """What an option, or a pair of them, does to the goals, against the base.

    `changes` are those of the goals, in their order. `weeks` is after how many the practice's own chart shows the
    first. The verdict on a pair is on what it adds to its better half.
    """

    members: tuple[str, ...]
    value: float
    changes: tuple[ConfidenceInterval, ...]
    verdict: str
    harms: tuple[Harm, ...]
    weeks: int | None
    added: ConfidenceInterval | None = None
    better_half: str = ""

    @property
    def name(self) -> str:
        """Return its name: "more_call_handlers", or "more_call_handlers + reminders"."""
        return AND.join(self.members)

    @property
    def runs(self) -> int:
        """Return how many pairs of runs it was judged by."""
        return self.changes[0].replications


@dataclass(frozen=True)
class Advice:
    """What a study of options found: the base's goals, options by what they do, pairs, and how often each stays first.

    `least` is the smallest change that counted. `skipped` says which pairs were not tried, and why. `stays` counts the
    draws in which each of the finalists came first.
    """

    goals: tuple[Yardstick, ...]
    base: Study
    values: tuple[ConfidenceInterval, ...]
    least: float
    options: tuple[Effect, ...]
    pairs: tuple[Effect, ...]
    skipped: Mapping[str, str]
    stays: Mapping[str, int]
    draws: int
    metrics: pd.DataFrame
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)

    @property
    def helping(self) -> tuple[Effect, ...]:
        """Return the options that help, clear of luck and by enough to matter, the best first."""
        return tuple(one for one in self.options if one.verdict == HELPS)


def gain(goal: Yardstick, change: float) -> float:
    """Return a change of a goal so that more is better."""
    return -change if METRICS[goal.metric].better == "less" else change


class _Runs:
    """Scenarios by name, and what their replications gave, each run once."""

    def __init__(self, do: Do, goals: Sequence[Yardstick], seed: int) -> None:
        self._do, self._goals, self._seed = do, tuple(goals), seed
        self.scenarios: dict[str, Scenario] = {}
        self.values: dict[str, list[list[float]]] = {}
        self.harms: dict[str, list[dict[str, float]]] = {}
        self.weeks: dict[str, list[list[float]]] = {}
        self.base: list[Result] = []
        self._frames: list[pd.DataFrame] = []

    def run(self, names: Sequence[str], many: int) -> None:
        """Run scenarios up to so many replications, all in one go."""
        jobs = [
            (name, Job(self.scenarios[name], self._seed, number))
            for name in names
            for number in range(len(self.values.get(name, ())), many)
        ]
        for (name, _), unit in zip(jobs, self._do([job for _, job in jobs]), strict=True):
            self._keep(name, unit)

    def _keep(self, name: str, unit: Result) -> None:
        key = self._goals[0].practice
        mine = unit.metrics[unit.metrics["practice"] == key]
        whole = mine[mine["period"] == "all"]
        self.values.setdefault(name, []).append([goal.value(whole) for goal in self._goals])
        safety = whole[(whole["group"] == "") & whole["metric"].isin([one.metric for one in SAFETY.entries])]
        self.harms.setdefault(name, []).append(dict(zip(safety["metric"], safety["value"], strict=True)))
        first = self._goals[0]
        weekly = mine[(mine["metric"] == first.metric) & (mine["group"] == first.group)]
        self.weeks.setdefault(name, []).append(
            [float(value) for value in weekly.loc[weekly["period"].str.startswith("w"), "value"]]
        )
        self._frames.append(unit.metrics[unit.metrics["period"] == "all"])
        if name == NOTHING:
            self.base.append(unit)

    def gains(self, name: str, goal: int = 0) -> list[float]:
        """Return a goal's value in each replication, so that more is better."""
        return [gain(self._goals[goal], one[goal]) for one in self.values[name]]

    def apart(self, name: str, other: str, goal: int = 0) -> list[float]:
        """Return paired differences of a goal, one less the other."""
        pairs = zip(self.values[name], self.values[other], strict=False)
        return [mine[goal] - theirs[goal] for mine, theirs in pairs]

    @property
    def metrics(self) -> pd.DataFrame:
        """Return the tidy metrics over all measured weeks of every run."""
        frame = pd.concat(self._frames, ignore_index=True)
        return frame.sort_values(["scenario", "replication"], kind="stable", ignore_index=True)


@dataclass
class Advising:
    """A study of options; `run` does it."""

    do: Do
    base: Scenario
    options: Mapping[str, Scenario]
    goals: Sequence[Yardstick]
    pair: Pair
    drawn: Drawn
    terms: Terms = field(default_factory=Terms)

    def run(self) -> Advice:
        """Return what to try first."""
        self._runs = _Runs(self.do, self.goals, self.base.run.seed)
        self._runs.scenarios = {NOTHING: self.base, **self.options}
        self._runs.run([NOTHING, *self.options], self.terms.first)
        for at, goal in enumerate(self.goals):
            need_values(goal, [one[at] for one in self._runs.values[NOTHING]])
        least = self._least()
        self._compete([NOTHING, *self.options], least)
        singles = self._judged(least)
        helping = [one for one in singles if one.verdict == HELPS]
        pairs, skipped = self._paired([one.name for one in helping], least)
        stays = self._stays([one.name for one in helping[: max(2, self.terms.together)]])
        goals = tuple(interval([one[at] for one in self._runs.values[NOTHING]]) for at in range(len(self.goals)))
        return Advice(
            tuple(self.goals),
            Study(self.base, tuple(self._runs.base)),
            goals,
            least,
            tuple(singles),
            tuple(pairs),
            skipped,
            stays,
            sum(stays.values()),
            self._runs.metrics,
            dict(self._runs.scenarios),
        )

    def _least(self) -> float:
        if self.terms.least is not None:
            return self.terms.least
        if self.goals[0].is_share:
            return LEAST_POINTS
        means = [abs(interval([one[0] for one in values]).mean) for values in self._runs.values.values()]
        return LEAST_SHARE * (means[0] or max(means) or 1.0)

    def _compete(self, alive: list[str], least: float) -> list[str]:
        """Run those still in again and again, until one is left or all was run that may be; return who is left."""
        terms = self.terms
        procedure = KimNelson(
            len(alive), terms.first, least, LEVEL / 2
        )  # half of the error for options, half for pairs
        many = terms.first
        while True:
            alive = procedure.still_in({name: self._runs.gains(name)[:many] for name in alive}, alive)
            if len(alive) < 2 or many >= terms.most:
                return alive
            many = min(many + terms.first, terms.most)
            self._runs.run(list(dict.fromkeys([NOTHING, *alive])), many)

    def _judged(self, least: float) -> list[Effect]:
        """Return every option against the base, judged together; those that help most first, and so down."""
        together = holm([paired_p(self._runs.apart(name, NOTHING)) for name in self.options])
        effects = [self._effect((name,), name, p, least) for name, p in zip(self.options, together, strict=True)]
        rank = (HELPS, LITTLE, UNCLEAR, WORSE)
        return sorted(effects, key=lambda one: (rank.index(one.verdict), -gain(self.goals[0], one.changes[0].mean)))

    def _effect(self, members: tuple[str, ...], name: str, p: float, least: float) -> Effect:
        runs = self._runs
        changes = tuple(interval(runs.apart(name, NOTHING, at)) for at in range(len(self.goals)))
        verdict = _verdict(gain(self.goals[0], changes[0].mean), p, least)
        sigma = weekly_sigma(runs.weeks[NOTHING])
        return Effect(
            members,
            interval([one[0] for one in runs.values[name]]).mean,
            changes,
            verdict,
            tuple(self._harms(name)),
            weeks_to_signal(changes[0].mean, sigma) if verdict in (HELPS, LITTLE) else None,
        )

    def _harms(self, name: str) -> list[Harm]:
        """Return the measures of safety, and the further goals, that are clearly worse: judged together."""
        tried: list[tuple[Entry, str, list[float]]] = []
        for entry in SAFETY.entries:
            pairs = zip(self._runs.harms[name], self._runs.harms[NOTHING], strict=False)
            apart = [mine.get(entry.metric, math.nan) - theirs.get(entry.metric, math.nan) for mine, theirs in pairs]
            tried.append((entry, METRICS[entry.metric].better, apart))
        for at, goal in enumerate(self.goals[1:], 1):
            entry = Entry(goal.metric, goal.words, goal.group)
            tried.append((entry, METRICS[goal.metric].better, self._runs.apart(name, NOTHING, at)))
        judged = holm([paired_p(apart) for _, _, apart in tried])
        found = []
        for (entry, better, apart), p in zip(tried, judged, strict=True):
            change = interval(apart)
            same = (entry.metric, entry.group) == (self.goals[0].metric, self.goals[0].group)
            if p <= LEVEL and not same and (change.mean > 0) == (better == "less"):
                found.append(Harm(entry, METRICS[entry.metric].unit, change))
        return found

    def _paired(self, helping: Sequence[str], least: float) -> tuple[list[Effect], dict[str, str]]:
        """Run the best few options in pairs, and return what each adds to its better half."""
        skipped: dict[str, str] = {}
        halves: dict[str, tuple[str, str]] = {}
        for one, other in combinations(helping[: self.terms.together], 2):
            name, made = AND.join((one, other)), self.pair(one, other)
            if isinstance(made, str):
                skipped[name] = made
            else:
                halves[name] = (one, other)
                self._runs.scenarios[name] = made
        if not halves:
            return [], skipped
        self._runs.run(list(halves), self.terms.first)
        self._compete([helping[0], *halves], least)
        added = {name: self._runs.apart(name, one) for name, (one, _) in halves.items()}  # the better comes first
        together = holm([paired_p(apart) for apart in added.values()])
        effects = []
        for (name, members), p in zip(halves.items(), together, strict=True):
            found = self._effect(members, name, 0.0, least)
            more = interval(added[name])
            verdict = _verdict(gain(self.goals[0], more.mean), p, least)
            effects.append(
                Effect(members, found.value, found.changes, verdict, found.harms, found.weeks, more, members[0])
            )
        return sorted(effects, key=lambda one: -gain(self.goals[0], one.changes[0].mean)), skipped

    def _stays(self, finalists: Sequence[str]) -> dict[str, int]:
        """Return in how many draws of the assumptions each finalist, or nothing, comes first."""
        if not finalists or not self.terms.draws:
            return {}
        names = [NOTHING, *finalists]
        made = [self.drawn(draw, names) for draw in range(self.terms.draws)]
        units = self.do([Job(each[name], self.base.run.seed, draw) for draw, each in enumerate(made) for name in names])
        counts: Counter[str] = Counter(dict.fromkeys(names, 0))
        for draw in range(self.terms.draws):
            mine = units[draw * len(names) : (draw + 1) * len(names)]
            gains = [gain(self.goals[0], self.goals[0].value(unit.metrics)) for unit in mine]
            counts[names[max(range(len(names)), key=lambda at: gains[at])]] += 1
        return dict(counts)


def _verdict(better: float, p: float, least: float) -> str:
    """Return whether a difference, more being better, is clear of luck, and whether it is enough to matter."""
    if math.isnan(p) or p > LEVEL:
        return UNCLEAR
    if better < 0:
        return WORSE
    return HELPS if better >= least else LITTLE


def most_runs(options: int, terms: Terms) -> int:
    """Return how many runs a study takes at the most."""
    pairs = math.comb(min(options, terms.together), 2)
    draws = terms.draws * (1 + min(options, max(2, terms.together)))
    return (1 + options + pairs) * terms.most + draws
