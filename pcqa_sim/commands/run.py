"""`pcqa run`: one scenario, replications, and short answers with their intervals."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pcqa_sim.commands.firstanswers import FirstAnswers
from pcqa_sim.commands.options import (
    OnePractice,
    Overrides,
    Promise,
    Seed,
    composed_again,
    practice_of,
    resolved_of,
    with_seed,
)
from pcqa_sim.commands.studying import Asked, conduct
from pcqa_sim.commands.studyoptions import Full, Options, study_command
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_REPLICATIONS
from pcqa_sim.values.outside import shown
from pcqa_sim.values.plugins import given_options

if TYPE_CHECKING:
    from pcqa_sim.configuration import Resolved
    from pcqa_sim.report.webpage.building import Made, Page
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.execute import Execution
    from pcqa_sim.study.files import Filling
    from pcqa_sim.study.methods.replicate import Study
    from pcqa_sim.study.methods.stopping import Precision, Stop
    from pcqa_sim.study.record import Record
    from pcqa_sim.study.result import Extra
    from pcqa_sim.study.statistics.criterion import Target
    from pcqa_sim.study.statistics.promise import Kept

AUTO, KIND = "auto", "run"
_WHOLE = re.compile(r"[0-9]{1,9}")
Metric = Annotated[str, typer.Option(help="with --reps auto: the metric whose interval is to be narrow")]
HalfWidth = Annotated[
    str,
    typer.Option(metavar="WIDTH", help="with --reps auto: half of the interval; 5% of the mean, or 0.01 in its unit"),
]
Most = Annotated[int, typer.Option(min=5, max=MOST_REPLICATIONS, help="with --reps auto: most replications")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(study_command(run))


def run(
    options: Options,
    overrides: Overrides = None,
    reps: Annotated[
        str | None, typer.Option(metavar="N|auto", help="replications; auto runs as many as needed")
    ] = None,
    metric: Metric = "failure_share",
    half_width: HalfWidth = "5%",
    most: Most = 100,
    seed: Seed = None,
    events: Annotated[bool, typer.Option("--events", help="keep the event log of every replication")] = False,
    promise: Promise = None,
    practice: OnePractice = "",
    full: Full = False,
) -> None:
    """Run one scenario and print short answers with their intervals.

    Example: pcqa run practice=small intervention=[more_call_handlers] --reps 10

    Example: pcqa run practice=small --reps auto --metric missed_share --half-width 0.01
    """
    many, precision = _replications(reps, metric, half_width, most)

    def ask() -> Asked:
        made = resolved_of(overrides)
        scenario = with_seed(made.scenario, seed)
        auto = {"metric": metric, "half_width": half_width, "most": most} if precision else {}
        used = None if precision else many or scenario.run.replications
        parameters = {"replications": used, **auto, **({"events": True} if events else {})}
        if promise:
            promises_of(scenario, promise)
            parameters["promise"] = list(promise)
        return asked_of(scenario, list(overrides or []), parameters, made, seed, practice)

    conduct(
        KIND,
        partial(again, practice=practice),
        ask,
        replace(options, full=full),
        bool(overrides) or precision is not None,
        many,
    )


def again(record: Record, replications: int | None = None, practice: str = "") -> Asked:
    """Return what a record of a run asked, with more replications where they are given."""
    overrides = record.overrides(record.first)
    scenario = record.scenario(record.first, composed_again)
    parameters = dict(record.parameters) | grown(record, replications)
    return asked_of(scenario, overrides, parameters, None, record.seed, practice)


def grown(record: Record, replications: int | None) -> dict[str, int]:
    """Return the number of replications that a study is to have; raise BadInput for fewer, which would be hidden."""
    had = record.parameters.get("replications")
    if replications is None or had is None or replications == had:
        return {}
    if replications < had:
        raise BadInput(Fault("--reps", f"at least the {had} the study has", str(replications)))
    return {"replications": replications}


def asked_of(
    scenario: Scenario,
    overrides: list[str],
    parameters: Mapping[str, Any],
    made: Resolved | None,
    seed: int | None,
    practice: str = "",
) -> Asked:
    """Return the study of one scenario; without `made`, its settings are resolved again when they are needed.

    `seed` is None where the settings alone say it; `practice` is the one that is told of, "" for all.
    """
    if practice:
        practice_of(scenario, practice)
    story = [*overrides, *([] if seed is None else ["--seed", str(seed)]), *given_options()]
    many: int | None = parameters["replications"]
    name = scenario.hash()
    much = f"{many} replications" if many else f"until {parameters['metric']} is within {parameters['half_width']}"
    return Asked(
        kind=KIND,
        scenarios={name: scenario},
        overrides={name: overrides},
        parameters=parameters,
        method=partial(_found, scenario, dict(parameters), story, practice),
        words=f"{scenario.weeks} weeks, {much}",
        most=many or int(parameters["most"]),
        replications=many,
        names={"scenario": name},
        made=lambda: made or resolved_of([[one] for one in overrides]),
        first_answers=lambda: FirstAnswers(scenario, many),
    )


@dataclass(frozen=True)
class Ran:
    """The replications of a scenario, and why they were enough where that was asked."""

    study: Study
    stop: Stop | None
    story: list[str]
    promises: Sequence[str] = ()
    only: str = ""

    def fill(self, files: Filling) -> Mapping[str, Any]:
        """Write figures, tables and metrics."""
        from pcqa_sim.report.page import answers_page, key_numbers
        from pcqa_sim.study.files import facts_of_study, fill_study

        fill_study(files, self.study)
        files.put_bytes("answers.md", answers_page(self.study).encode())
        files.put_csv("key.csv", key_numbers(self.study))
        return facts_of_study(self.study)

    def tell(self) -> None:
        """Print the answers, and whether the practice had settled."""
        from pcqa_sim.report.console import answers_text
        from pcqa_sim.report.settling import settling_text

        print(answers_text(self.study, self.only))
        print(settling_text(self.study, self.stop))
        self._tell_promises()

    def tell_first(self) -> None:
        """Print what matters most."""
        from pcqa_sim.report.screen import run_screen

        print(run_screen(self.study, self.stop, self.only))
        self._tell_promises()

    def _tell_promises(self) -> None:
        from pcqa_sim.report.console import Section, section_lines
        from pcqa_sim.report.promises import TITLE, promise_line

        if self.promises:
            print("\n".join(section_lines(Section(TITLE, [promise_line(one) for one in self._kept()]))))

    def _kept(self) -> list[Kept]:
        from pcqa_sim.study.statistics.promise import kept

        return [kept(one, self.study.metrics) for one in promises_of(self.study.scenario, self.promises)]

    def page(self, made: Made) -> Page:
        """Return the page for people."""
        from pcqa_sim.report.webpage.building import page_of_study

        return page_of_study(self.study, made, self._kept())

    def afterwards(self, folder: Path, written: Sequence[Path]) -> None:
        """Name the files, and say what can be done next."""
        from pcqa_sim.report.console import files_text

        print(files_text(folder, written[: 2 * len(self.study.scenario.practices) + 5]))
        print("Read one person's need aloud: " + shown(shlex.join(["pcqa", "story", *self.story])))


def _found(scenario: Scenario, parameters: Mapping[str, Any], story: list[str], practice: str, do: Execution) -> Ran:
    from pcqa_sim.study.methods.replicate import replications_of
    from pcqa_sim.study.result import EVENTS, MORNINGS

    keeps: tuple[Extra, ...] = (MORNINGS, EVENTS) if parameters.get("events") else (MORNINGS,)
    if parameters["replications"] is not None:
        study = replications_of(do, scenario, parameters["replications"], keeps=keeps)
        return Ran(study, None, story, parameters.get("promise", ()), practice)
    from pcqa_sim.study.methods.stopping import replicate_until

    _, precision = _replications(AUTO, *(parameters[name] for name in ("metric", "half_width", "most")))
    assert precision is not None
    return Ran(
        *replicate_until(scenario, precision, do=do, keeps=keeps), story, parameters.get("promise", ()), practice
    )


def promises_of(scenario: Scenario, texts: Sequence[str]) -> tuple[Target, ...]:
    """Return promises of each practice; raise BadInput for one that cannot be read, or nobody can keep or break."""
    from pcqa_sim.study.statistics.promise import read_promises

    return tuple(one for key in scenario.practices for one in read_promises(texts, key))


def _replications(reps: str | None, metric: str, half_width: str, most: int) -> tuple[int | None, Precision | None]:
    """Return the number of replications (None for the scenario's own), or the precision that decides it."""
    if reps != AUTO:
        if reps is not None and not (_WHOLE.fullmatch(reps) and 1 <= int(reps) <= MOST_REPLICATIONS):
            raise BadInput(Fault("--reps", f"a whole number from 1 to {MOST_REPLICATIONS:,}, or auto", reps))
        return (None if reps is None else int(reps)), None
    from pcqa_sim.results.metrics import METRICS, unknown_metric
    from pcqa_sim.study.methods.stopping import Precision, read_half_width

    if metric not in METRICS:
        raise BadInput(unknown_metric("--metric", metric))
    width, relative = read_half_width(half_width)
    return None, Precision(metric, width, relative, most=most)
