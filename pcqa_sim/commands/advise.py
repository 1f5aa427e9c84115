"""`pcqa advise`: what to try first, of the interventions there are, for a goal and within a budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pcqa_sim.commands.options import Overrides, Seed, attempt, practice_of
from pcqa_sim.commands.studying import Asked, conduct
from pcqa_sim.commands.studyoptions import Options, study_command
from pcqa_sim.commands.varying import need
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_REPLICATIONS

if TYPE_CHECKING:
    from pcqa_sim.configuration.drawing import DrawnAssumptions
    from pcqa_sim.configuration.trying import Choice
    from pcqa_sim.report.advice import Told
    from pcqa_sim.report.webpage.building import Made, Page
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.execute import Execution
    from pcqa_sim.study.files import Filling
    from pcqa_sim.study.methods.advise import Advice, Terms
    from pcqa_sim.study.record import Record
    from pcqa_sim.study.statistics.criterion import Yardstick

KIND = "advise"
LEAST_REPS = 5
MOST_DRAWS = 1000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(study_command(advise))


@dataclass(frozen=True)
class AdviseRequest:
    """What was asked, in plain data, as run.json keeps it."""

    goal: Sequence[str]
    can: Sequence[str] = ()
    budget: float | None = None
    reps: int = 15
    together: int = 3
    draws: int = 10
    spread: float = 20.0
    least: float | None = None
    practice: str = ""
    strengths: Sequence[str] = ()


@dataclass(frozen=True)
class Understood:
    """What was asked, understood; `costs` are what each option's staff costs a year beyond now, by who pays."""

    choice: Choice
    goals: tuple[Yardstick, ...]
    terms: Terms
    costs: Mapping[str, Mapping[str, float]]
    budget: float | None
    spread: float

    @property
    def base(self) -> Scenario:
        """Return the scenario that options are tried on."""
        return self.choice.base

    @cached_property
    def drawn(self) -> DrawnAssumptions:
        """Return the scenarios with drawn assumptions."""
        from pcqa_sim.configuration import shown_of
        from pcqa_sim.configuration.drawing import DrawnAssumptions

        return DrawnAssumptions(self.choice, shown_of(self.choice.made), self.spread / 100)

    def pair(self, one: str, other: str) -> Scenario | str:
        """Return two options together, or why they are not tried: contradictory, or dearer than the budget."""
        made = self.choice.pair(one, other)
        if not isinstance(made, str) and (dear := too_dear(self.cost_of(made), self.budget)):
            return dear
        return made

    def draw(self, number: int, names: Sequence[str]) -> Mapping[str, Scenario]:
        """Return the scenarios of some options with the assumptions of a draw."""
        return self.drawn.scenarios(number, names)

    def cost_of(self, scenario: Scenario) -> Mapping[str, float]:
        """Return what staff costs a year more than now, by who pays."""
        return cost_of(self.base, scenario, self.goals[0].practice)


def advise(
    options: Options,
    goal: Annotated[
        list[str] | None,
        typer.Option(
            metavar="METRIC",
            help="what should get better, such as missed_share; of several, the first ranks",
            show_default=False,
        ),
    ] = None,
    can: Annotated[
        list[str] | None,
        typer.Option(
            metavar="A,B,C", help="interventions you could try; all that apply by default", show_default=False
        ),
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option(metavar="POUNDS", help="most that the practice can pay for staff, a year", show_default=False),
    ] = None,
    overrides: Overrides = None,
    reps: Annotated[
        int, typer.Option(min=LEAST_REPS, max=MOST_REPLICATIONS, help="replications of an option, at the most")
    ] = 15,
    together: Annotated[int, typer.Option(min=0, max=10, help="how many of the best are tried in pairs; 0: none")] = 3,
    draws: Annotated[
        int, typer.Option(min=0, max=MOST_DRAWS, help="how often assumptions are drawn anew; 0: never")
    ] = 10,
    spread: Annotated[
        float, typer.Option(min=1, max=90, help="per cent around their values from which assumptions are drawn")
    ] = 20.0,
    least: Annotated[
        float | None,
        typer.Option(
            help="smallest change of the goal that matters; a point of a share, a twentieth of anything else",
            show_default=False,
        ),
    ] = None,
    practice: Annotated[str, typer.Option(help="key of the practice, in a network")] = "",
    seed: Seed = None,
) -> None:
    """Say what to try first: interventions one by one, the best in pairs, then again with assumptions drawn anew.

    All with the same people and the same luck. What is clearly behind is run no further (Kim and Nelson's procedure).

    Example: pcqa advise practice=small --goal missed_share --can more_call_handlers,callback_from_queue
    --budget 60000
    """
    from pcqa_sim.configuration.trying import split_names

    named = bool(overrides or goal or can)
    if named or not options.resume:
        need({"--goal": goal})
    goals, names = split_names(goal or []), split_names(can or [])
    request = AdviseRequest(goals, names, budget, reps, together, draws, spread, least, practice)
    conduct(KIND, again, lambda: asked_of(request, understood(request, overrides or [], seed)), options, named)


def again(record: Record, _: int | None = None) -> Asked:
    """Return what a record asked; raise BadInput where settings files now say otherwise."""
    request = AdviseRequest(**record.parameters)
    known = understood(request, [*record.overrides(record.first), *request.strengths], record.seed)
    record.refuse_other(record.first, known.base)
    return asked_of(request, known)


def understood(request: AdviseRequest, overrides: Sequence[str], seed: int | None) -> Understood:
    """Return what is asked; raise BadInput with every fault of it."""
    from pcqa_sim.commands.options import resolved_of
    from pcqa_sim.configuration.trying import read_choice
    from pcqa_sim.study.methods.advise import Terms

    faults = [*_out_of_range(request)]
    choice = attempt(lambda: read_choice(overrides, request.can, seed), faults)
    base = choice.base if choice else attempt(lambda: resolved_of([[one] for one in overrides]).scenario, [])
    goals = attempt(lambda: read_goals(request.goal, practice_of(base, request.practice)), faults) if base else None
    if faults or choice is None or goals is None:
        raise BadInput(faults)
    key = goals[0].practice
    costs = {name: cost_of(choice.base, one.scenario, key) for name, one in choice.options.items()}
    within_budget(choice, costs, request.budget)
    terms = Terms(LEAST_REPS, request.reps, request.together, request.draws, request.least)
    return Understood(choice, goals, terms, costs, request.budget, request.spread)


def _out_of_range(request: AdviseRequest) -> list[Fault]:
    found = []
    if request.budget is not None and not 0 <= request.budget < float("inf"):
        found.append(Fault("--budget", "pounds a year, 0 or more", f"{request.budget:g}"))
    if request.least is not None and not 0 < request.least < float("inf"):
        found.append(Fault("--least", "above 0, in the unit of the goal", f"{request.least:g}"))
    return found


def read_goals(texts: Sequence[str], practice: str) -> tuple[Yardstick, ...]:
    """Return the goals; raise BadInput for what is no metric, has no better direction, or is given twice."""
    from pcqa_sim.results.metrics import METRICS
    from pcqa_sim.study.statistics.criterion import read_yardstick

    found: list[Yardstick] = []
    faults: list[Fault] = []
    for text in texts:
        goal = attempt(partial(read_yardstick, text, practice, "--goal"), faults)
        if goal is None:
            continue
        if METRICS[goal.metric].better == "neither":
            faults.append(Fault("--goal", "cannot be a goal: neither more nor less of it is better by itself", text))
        elif goal in found:
            faults.append(Fault("--goal", "is given twice", text))
        found.append(goal)
    if faults:
        raise BadInput(faults)
    return tuple(found)


def cost_of(base: Scenario, scenario: Scenario, practice: str) -> dict[str, float]:
    """Return what a practice's staff costs a year more than in the base, by who pays, when all has changed."""
    from pcqa_sim.report.staffcost import staff_gbp_a_year

    before, after = (staff_gbp_a_year(one.settings_of(practice)[-1]) for one in (base, scenario))
    return {payer: after.get(payer, 0.0) - before.get(payer, 0.0) for payer in {**before, **after}}


def too_dear(cost: Mapping[str, float], budget: float | None) -> str:
    """Return that something costs the practice more than the budget, "" where it does not."""
    from pcqa_sim.report.advice import pounds_a_year
    from pcqa_sim.report.staffcost import PRACTICE

    pounds = cost.get(PRACTICE, 0.0)
    if budget is None or pounds <= budget:
        return ""
    return f"{pounds_a_year(pounds)}, beyond the budget"


def within_budget(choice: Choice, costs: Mapping[str, Mapping[str, float]], budget: float | None) -> None:
    """Take what is too dear out of the choice; raise BadInput, naming the cheapest, where nothing is left."""
    from pcqa_sim.report.staffcost import PRACTICE

    dear = {name: why for name in choice.options if (why := too_dear(costs[name], budget))}
    if len(dear) == len(choice.options):
        cheapest = min(costs, key=lambda name: costs[name].get(PRACTICE, 0.0))
        pounds = costs[cheapest].get(PRACTICE, 0.0)
        rule = f"is less than any option costs; the cheapest, {cheapest}, takes £{pounds:,.0f} a year"
        raise BadInput(Fault("--budget", rule, f"{budget:g}"))
    for name, why in dear.items():
        del choice.options[name]
        choice.left_out[name] = why


def asked_of(request: AdviseRequest, found: Understood) -> Asked:
    """Return the study of options."""
    from pcqa_sim.study.methods.advise import most_runs

    base, many = found.base, len(found.choice.options)
    return Asked(
        kind=KIND,
        scenarios={base.hash(): base},
        overrides={base.hash(): list(found.choice.overrides)},
        parameters=asdict(request) | {"strengths": list(found.choice.strengths)},
        method=partial(_found, found),
        words=f"{base.weeks} weeks, {many} options, until enough is known",
        most=most_runs(many, found.terms),
        periods="weeks",
        made=lambda: found.choice.made,
    )


@dataclass(frozen=True)
class Advised:
    """What to try first, and what was asked."""

    asked: Understood
    found: Advice

    @cached_property
    def _told(self) -> Told:
        from pcqa_sim.report.advice import Told

        asked, advice = self.asked, self.found
        costs = dict(asked.costs) | {one.name: asked.cost_of(advice.scenarios[one.name]) for one in advice.pairs}
        numbers = {name: option.numbers for name, option in asked.choice.options.items()}
        drawn = asked.drawn.many if advice.draws else 0
        return Told(advice, costs, numbers, asked.choice.left_out, drawn, asked.spread)

    def fill(self, files: Filling) -> Mapping[str, Any]:
        """Write the answer, the table and all metrics."""
        from pcqa_sim.report import advice as words

        files.put_bytes("advise.md", words.page(self._told).encode())
        files.put_csv("advise.csv", words.table(self._told))
        files.put_result("metrics.parquet", self.found.metrics)
        choice = self.asked.choice
        members = {one.name: one.members for one in (*self.found.options, *self.found.pairs)}
        more = {self.found.scenarios[name].hash(): choice.texts(each) for name, each in members.items()}
        return {"overrides": {choice.base.hash(): list(choice.overrides)} | more}

    def tell(self) -> None:
        """Print the answer."""
        from pcqa_sim.report import advice as words
        from pcqa_sim.report.console import told_text

        print(told_text(self.asked.base, self.asked.goals[0].practice, words.told(self._told)))

    def page(self, made: Made) -> Page:
        """Return the page for people."""
        from pcqa_sim.report.webpage.advice import page_of_advice

        return page_of_advice(self._told, made)

    def afterwards(self, folder: Path, written: Sequence[Path]) -> None:
        """Name the files."""
        from pcqa_sim.report.console import files_text

        print(files_text(folder, written[:3]))


def _found(asked: Understood, do: Execution) -> Advised:
    from pcqa_sim.study.methods.advise import Advising

    options = {name: one.scenario for name, one in asked.choice.options.items()}
    study = Advising(do, asked.base, options, asked.goals, asked.pair, asked.draw, asked.terms)
    return Advised(asked, study.run())
