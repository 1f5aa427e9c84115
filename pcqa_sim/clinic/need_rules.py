"""What holds for one kind of need while a practice works: rules made once from settings, for every kind and programme.

Needs that people bring and planned care that the practice brings go through the same consultations; here they are made
alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pcqa_sim.clinic.consultation import Afterwards
from pcqa_sim.scenario import Kind, Practice
from pcqa_sim.scenario.groups import Programme
from pcqa_sim.values.distributions import Choice, Distribution, Exponential, LogNormal
from pcqa_sim.values.needs import LEVELS, ROUTINE, SEEN_THERE, URGENT

_NO_INTERVAL: Final = 365.0
_NEVER_RECOVERS: Final = 36_500.0


@dataclass(frozen=True, slots=True)
class KindRules:
    """The rules of one kind of need.

    `scope` is the share each role resolves, `best` the greatest; `wanted` the distribution of the days until the
    earliest wanted appointment; `latest_days` what is acceptable after it; `recovery` the days until the need goes by
    itself; `urgency` how urgent such needs are, None where all are routine, and `clinical` whether they can be taken
    for urgent at all. `programme` is what the practice initiates, None for what people bring, and `modes` how it is
    done, None for any mode that suits. `elsewhere` is where those go who got nowhere, None where most people go.
    """

    name: str
    origin: str
    relational: bool
    administrative: bool
    rushes: bool
    talk_factor: float
    minutes_factor: float
    wanted: Distribution | None
    latest_days: int
    accepts_later_share: float
    face_to_face_share: float
    home_visit_share: float
    recovery: Distribution
    scope: Mapping[str, float]
    best: float
    afterwards: Afterwards
    follow_up_booked_share: float
    urgency: Choice | None = None
    clinical: bool = False
    programme: Programme | None = None
    modes: Choice | None = None
    elsewhere: Choice | None = None

    @property
    def only_here(self) -> bool:
        """Tell whether nobody but the practice can help: with paperwork, other services' requests, planned care."""
        return self.administrative or self.origin != "patient"

    @property
    def crisis(self) -> bool:
        """Tell whether a clinician sees everybody with such a need who got nowhere here: it waits for no other day."""
        there = self.elsewhere
        return there is not None and all(
            place in SEEN_THERE for place, share in zip(there.options, there.shares, strict=True) if share
        )


def kind_rules(practice: Practice) -> dict[str, KindRules]:
    """Return the rules of every kind of need and every programme, in the order of their numbers."""
    cv = practice.outcome.follow_up_interval_cv
    rules = {name: _of_kind(name, kind, practice, cv) for name, kind in practice.demand.kinds.items()}
    return rules | {name: _of_programme(name, programme) for name, programme in practice.planned.programmes.items()}


def _of_kind(name: str, kind: Kind, practice: Practice, cv: float) -> KindRules:
    scope = {role: practice.role[role].scope[name] for role in practice.role if name in practice.role[role].scope}
    interval = kind.follow_up_days * practice.demand.follow_up_level
    return KindRules(
        name=name,
        origin=kind.origin,
        relational=kind.relational,
        administrative=kind.administrative,
        rushes=kind.rushes,
        talk_factor=kind.talk_factor,
        minutes_factor=kind.minutes_factor,
        wanted=Exponential(kind.wanted_mean_days) if kind.wanted_mean_days else None,
        latest_days=kind.latest_days,
        accepts_later_share=kind.accepts_later_share,
        face_to_face_share=kind.face_to_face_share,
        home_visit_share=kind.home_visit_share,
        recovery=Exponential(kind.recovery_mean_days),
        scope=scope,
        best=max(scope.values(), default=0.0),
        afterwards=Afterwards(kind.test_share, kind.follow_up_share, LogNormal.from_mean(interval, cv)),
        follow_up_booked_share=kind.follow_up_booked_share,
        urgency=_urgency(kind),
        elsewhere=Choice(tuple(kind.elsewhere), tuple(kind.elsewhere.values())) if kind.elsewhere else None,
        clinical=not kind.administrative or any(kind.urgency.get(level, 0.0) for level in LEVELS[URGENT:]),
    )


def _urgency(kind: Kind) -> Choice | None:
    """Return how urgent needs of a kind are, None where all of them are routine."""
    if all(share == 0 for level, share in kind.urgency.items() if level != ROUTINE):
        return None
    return Choice(LEVELS, tuple(kind.urgency.get(level, 0.0) for level in LEVELS))


def _of_programme(name: str, programme: Programme) -> KindRules:
    return KindRules(
        name=name,
        origin="practice",
        relational=False,
        administrative=False,
        rushes=False,
        talk_factor=1.0,
        minutes_factor=programme.minutes_factor,
        wanted=None,
        latest_days=programme.within_days,
        accepts_later_share=0.0,
        face_to_face_share=0.0,
        home_visit_share=float(programme.home_visit),
        recovery=Exponential(_NEVER_RECOVERS),
        scope={programme.role: 1.0},
        best=1.0,
        afterwards=Afterwards(programme.test_share, 0.0, LogNormal.from_mean(_NO_INTERVAL, 0.0)),
        follow_up_booked_share=0.0,
        programme=programme,
        modes=Choice(tuple(programme.modes), tuple(programme.modes.values())) if programme.modes else None,
    )
