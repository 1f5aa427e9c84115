"""What several commands take and show: overrides, seed, folder, processes, and the progress of long work."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import SEEDS

if TYPE_CHECKING:
    from pcqa_sim.configuration import Resolved, Texts
    from pcqa_sim.scenario import Scenario

Read = TypeVar("Read")
Function = TypeVar("Function", bound=Callable[..., Any])

Overrides = Annotated[
    list[str] | None,
    typer.Argument(metavar="[OVERRIDES]...", help="settings such as practice=small phones.lines=4", show_default=False),
]
Out = Annotated[Path | None, typer.Option(help="folder for the results; new or empty")]
Workers = Annotated[int | None, typer.Option(min=1, help="processes; as many as processors by default")]
Seed = Annotated[int | None, typer.Option(help="luck; the same seed gives the same people and the same luck")]


OnePractice = Annotated[str, typer.Option(metavar="KEY", help="in a network: tell of this practice alone")]
Promise = Annotated[
    list[str] | None,
    typer.Option(
        metavar="METRIC>=X", help='a promise, such as "answered_within_2_min_share>=0.9": on how many days it is kept'
    ),
]
Plugins = Annotated[
    list[Path] | None,
    typer.Option(
        "--plugins", metavar="PATH", show_default=False, help="own code: a file .py or a folder; else $PCQA_PLUGINS"
    ),
]


class Commands(typer.Typer):
    """Commands, each of which takes --plugins beside its own options and knows that code when it begins."""

    def command(self, *args: Any, **named: Any) -> Callable[[Function], Function]:
        """Add a command; see `typer.Typer.command`."""
        add = super().command(*args, **named)

        def added(function: Function) -> Function:
            add(_with_plugins(function))
            return function

        return added


def _with_plugins(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command that takes --plugins, too."""
    told = inspect.signature(function, eval_str=True)
    more = inspect.Parameter("plugins", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Plugins)

    @wraps(function)
    def command(*args: Any, plugins: list[Path] | None = None, **named: Any) -> Any:
        know(plugins)
        return function(*args, **named)

    command.__signature__ = told.replace(parameters=[*told.parameters.values(), more])  # type: ignore[attr-defined]
    command.__annotations__ = {name: one.annotation for name, one in told.parameters.items()} | {"plugins": Plugins}
    return command


def know(paths: Sequence[Path] | None) -> None:
    """Take own code from files that were named, else from $PCQA_PLUGINS; raise BadInput for what is unfit."""
    from pcqa_sim.values import doors

    doors.give(paths or ())


def scenario_of(overrides: Sequence[Texts] | None, seed: int | None) -> Scenario:
    """Return the scenario of the overrides, with the seed given; lists among them are laid on what is before them."""
    return with_seed(resolved_of(overrides).scenario, seed)


def resolved_of(overrides: Sequence[Texts] | None) -> Resolved:
    """Return the scenario of the overrides with all it was made from."""
    from pcqa_sim.configuration import resolve

    return resolve(overrides or [])


def composed_again(overrides: Sequence[str]) -> Scenario:
    """Return the scenario of a record's overrides: of several lists, which were judged when they were given."""
    return scenario_of([[one] for one in overrides], None)


def with_seed(scenario: Scenario, seed: int | None) -> Scenario:
    """Return a scenario with the seed given."""
    from pcqa_sim.scenario import with_settings

    if seed is None:
        return scenario
    if seed < 0 or seed >= SEEDS:
        raise BadInput(Fault("--seed", "a whole number, 0 or more and below 2^63", str(seed)))
    return with_settings(scenario, {"run.seed": seed})


def processes_here(workers: int | None) -> int:
    """Return how many processes to use: as asked, else as many as this process may use processors."""
    if workers is not None:
        return workers
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def command_line() -> list[str]:
    """Return the words after `pcqa` as they were given."""
    return sys.argv[1:]


@contextmanager
def told_if_not_written(tell: Callable[[], None]) -> Iterator[None]:
    """Have results written, which comes before they are told; where they cannot be, they are told all the same."""
    try:
        yield
    except OSError:
        tell()
        raise


def practice_of(scenario: Scenario, key: str) -> str:
    """Return the key of the practice that is meant, the first where none is named; raise BadInput for an unknown."""
    from pcqa_sim.values.faults import nearest

    known = scenario.practices
    if key and key not in known:
        raise BadInput(Fault("--practice", "one of the scenario's practices", key, nearest(key, known)))
    return key or next(iter(known))


def attempt(read: Callable[[], Read], faults: list[Fault]) -> Read | None:
    """Return what `read` returns, or None and its faults added to those found so far."""
    try:
        return read()
    except BadInput as bad:
        faults += bad.faults
        return None
