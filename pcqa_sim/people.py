"""The registered people, as columns: who they are does not change when anything else in a scenario does.

Each attribute is one keyed uniform per person put through a quantile, so a longer list adds people and alters
nobody. A person's rate of needs is their trait times their segment's factor, times what their state adds: people
are settled most of the time and unsettled now and then, a slow process of two states. Frequent attendance is then
concentrated, and most frequent attenders fall back by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from pcqa_sim.clock import WEEK
from pcqa_sim.luck import Keys, activity, join, join_array, uniforms
from pcqa_sim.scenario.groups import People as PeopleSettings
from pcqa_sim.scenario.groups import State

_TRAIT = activity("person_trait")
_SEGMENT = activity("person_segment")
_DEPRIVATION = activity("person_deprivation")
_FIRST_STATE = activity("person_first_state")
_SPELL = activity("person_spell")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class People:
    """The people of one practice: arrays of length n, indexed by person number.

    `key` is each person's luck (64-bit); `segment` and `deprivation` (fifth, 1 the most deprived) who they are;
    `rate` their long-run rate of needs against the mean person's; `rate_factor` what a scenario multiplies a single
    person's rate by (1 for nearly everybody). `switches` (n, k) are the minutes at which their state changes,
    `unsettled_first` the state they begin in, and `settled` and `unsettled` what the two states multiply the rate by.
    """

    key: Keys
    segment: NDArray[np.int64]
    segments: tuple[str, ...]
    deprivation: NDArray[np.int64]
    rate: Floats
    rate_factor: Floats
    switches: Floats
    unsettled_first: NDArray[np.bool_]
    settled: float
    unsettled: float

    def __len__(self) -> int:
        return len(self.key)

    def state_factor(self, person: NDArray[np.int64], minute: Floats) -> Floats:
        """Return what each person's state multiplies their rate by at a minute of the run."""
        changes = (self.switches[person] <= minute[:, None]).sum(axis=1)
        unsettled = self.unsettled_first[person] ^ (changes % 2 == 1)
        return np.where(unsettled, self.unsettled, self.settled)

    def most_state_factor(self, start: float, end: float) -> Floats:
        """Return the greatest factor of each person's state between two minutes."""
        before = (self.switches <= start).sum(axis=1)
        by_end = (self.switches <= end).sum(axis=1)
        unsettled = (self.unsettled_first ^ (before % 2 == 1)) | (by_end > before)
        return np.where(unsettled, max(self.settled, self.unsettled), self.settled)


def draw_people(
    world: int,
    settings: PeopleSettings,
    list_size: int,
    until: float,
    rate_factor: Mapping[int, float] | None = None,
) -> People:
    """Return the `list_size` people of a world, their states drawn up to a minute of the run.

    The trait is Gamma-distributed with mean 1; segment factors are scaled so that the mean person's is 1; a person
    is unsettled for the stated share of time, and the two states' factors average to 1 over time. `rate_factor`
    comes on top of the settings' own.
    """
    start = np.full(list_size, join(world, "person"), dtype=np.uint64)
    key = join_array(start, np.arange(list_size, dtype=np.int64))
    trait = np.asarray(special.gammaincinv(settings.trait_shape, uniforms(key, _TRAIT)) / settings.trait_shape)
    segment = _pick(uniforms(key, _SEGMENT), [s.share for s in settings.segments.values()])
    factors = np.array([s.needs_factor for s in settings.segments.values()])
    shares = np.array([s.share for s in settings.segments.values()])
    factors = factors / float(factors @ shares / shares.sum())
    deprivation = _pick(uniforms(key, _DEPRIVATION), list(settings.deprivation_share.values())) + 1
    own = np.ones(list_size)
    for person, times in (settings.rate_factor | dict(rate_factor or {})).items():
        if person < list_size:
            own[person] = times
    state = settings.state
    mean = 1 - state.unsettled_share + state.unsettled_share * state.needs_factor
    switches, first = _spells(key, state, until)
    return People(
        key,
        segment,
        tuple(settings.segments),
        deprivation,
        trait * factors[segment],
        own,
        switches,
        first,
        1 / mean,
        state.needs_factor / mean,
    )


def _pick(u: Floats, shares: list[float]) -> NDArray[np.int64]:
    """Return for each uniform the place in a list of shares that it falls into."""
    edges = np.cumsum(shares) / sum(shares)
    return np.minimum(np.searchsorted(edges, u, side="right"), len(shares) - 1).astype(np.int64)


def _spells(key: Keys, state: State, until: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the minutes at which each person's state changes up to `until`, and who begins unsettled.

    Spells are exponential and the process is stationary, so the first spell needs no special law.
    """
    first = uniforms(key, _FIRST_STATE) < state.unsettled_share
    if state.unsettled_share in (0.0, 1.0):
        return np.full((len(key), 1), np.inf), first
    unsettled = state.unsettled_mean_weeks * WEEK
    settled = unsettled * (1 - state.unsettled_share) / state.unsettled_share
    at = np.zeros(len(key))
    columns: list[Floats] = []
    while not columns or (columns[-1] <= until).any():
        now_unsettled = first ^ (len(columns) % 2 == 1)
        at = at - np.where(now_unsettled, unsettled, settled) * np.log1p(-uniforms(key, _SPELL, len(columns)))
        columns.append(at)
    return np.stack(columns, axis=1), first
