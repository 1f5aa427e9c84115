"""What commands share that vary settings of one practice: what is needed, what it starts from, and how it goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from pcqa_sim.commands.options import practice_of, resolved_of, with_seed
from pcqa_sim.values.faults import BadInput, Fault

if TYPE_CHECKING:
    from pcqa_sim.commands.studying import Asked
    from pcqa_sim.configuration import Resolved
    from pcqa_sim.configuration.ranges import Varied
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.record import Record


@dataclass(frozen=True)
class Start:
    """The scenario before anything is varied, as it was composed and with its seed, and the practice it is about."""

    made: Resolved
    base: Scenario
    practice: str


def start_of(overrides: Sequence[str], seed: int | None, practice: str) -> Start:
    """Return what a study starts from; raise BadInput for settings, a seed or a practice that there are not."""
    made = resolved_of([[one] for one in overrides])
    base = with_seed(made.scenario, seed)
    return Start(made, base, practice_of(base, practice))


class WithBase(Protocol):
    """What was asked, understood: it has a base."""

    @property
    def base(self) -> Scenario:
        """Return the scenario before anything is varied."""


Request = TypeVar("Request")
Known = TypeVar("Known", bound=WithBase)


def asked_again(
    record: Record,
    request: Request,
    understood: Callable[[Request, Sequence[str], int | None], Known],
    asked_of: Callable[[Request, Known], Asked],
) -> Asked:
    """Return what a record asked; raise BadInput where settings files now say otherwise."""
    known = understood(request, record.overrides(record.first), record.seed)
    record.refuse_other(record.first, known.base)
    return asked_of(request, known)


def need(given: Mapping[str, object]) -> None:
    """Raise BadInput for each option that must be given and is not."""
    if faults := [Fault(name, "is needed; --help has an example") for name, value in given.items() if not value]:
        raise BadInput(faults)


def overrides_of(base: Scenario, varied: Varied, tried: Mapping[tuple[float, ...], Scenario]) -> dict[str, list[str]]:
    """Return the overrides that compose the base and each scenario that was tried, by name, the base first."""
    found = {made.hash(): list(varied.overrides_at(at)) for at, made in tried.items()}
    return {base.hash(): list(varied.asked)} | found
