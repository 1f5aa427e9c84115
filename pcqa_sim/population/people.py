"""The registered people, as columns: who they are does not change when anything else in a scenario does.

Each attribute is one keyed uniform per person put through a quantile, so a longer list adds people and alters
nobody. A person's rate of needs is their trait times the factors of their age, sex, segment and deprivation, times what
their state adds: people are settled most of the time and unsettled now and then, a slow process of two states. Frequent
attendance is then concentrated, and most frequent attenders fall back by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.scenario.groups import People as PeopleSettings
from pcqa_sim.values.luck import Keys, activity, join, join_array, uniforms

_TRAIT: Final = activity("person_trait")
_AGE: Final = activity("person_age")
_SEX: Final = activity("person_sex")
_SEGMENT: Final = activity("person_segment")
_DEPRIVATION: Final = activity("person_deprivation")
_DIGITAL: Final = activity("person_digital")
_PREFERS: Final = activity("person_prefers_usual")
_USUAL: Final = activity("person_usual_clinician")
_FIRST_STATE: Final = activity("person_first_state")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class People:
    """The people of one practice: arrays of length n, indexed by person number.

    `key` is each person's luck (64-bit). `age` and `segment` index `ages` and `segments`; `deprivation` is a fifth, 1
    the most deprived; `digital` whether they would use a form or the app; `prefers` a uniform (those below the share
    of people with a preference have one); `usual` a uniform that picks their usual clinician from those who work there.
    `rate` is their long-run rate of needs against the mean person's; `rate_factor` what a scenario multiplies a
    single person's rate by (1 for nearly everybody). `unsettled_first` is the state they begin in, and `settled` and
    `unsettled` are what the two states multiply the rate by (`population.states` says who is in which, and when).
    """

    key: Keys
    age: NDArray[np.int64]
    ages: tuple[str, ...]
    female: NDArray[np.bool_]
    segment: NDArray[np.int64]
    segments: tuple[str, ...]
    deprivation: NDArray[np.int64]
    fifths: tuple[str, ...]
    digital: NDArray[np.bool_]
    digital_share: float
    prefers: Floats
    usual: Floats
    rate: Floats
    rate_factor: Floats
    unsettled_first: NDArray[np.bool_]
    settled: float
    unsettled: float
    settings: PeopleSettings

    def __len__(self) -> int:
        return len(self.key)

    def factor(
        self,
        by_age: Mapping[str, float] | None = None,
        by_segment: Mapping[str, float] | None = None,
        by_deprivation: Mapping[str, float] | None = None,
    ) -> Floats:
        """Return for each person the product of factors by age, segment and deprivation, 1 where none is named."""
        factors = np.ones(len(self))
        for index, names, named in (
            (self.age, self.ages, by_age),
            (self.segment, self.segments, by_segment),
            (self.deprivation - 1, self.fifths, by_deprivation),
        ):
            if named:
                factors = factors * np.array([named.get(name, 1.0) for name in names])[index]
        return factors

    def expected_factor(
        self,
        by_age: Mapping[str, float] | None = None,
        by_segment: Mapping[str, float] | None = None,
        by_deprivation: Mapping[str, float] | None = None,
    ) -> float:
        """Return the mean of such factors over needs, as the settings have it: people with more needs count for more.

        It is that of the settings and not of the people drawn, so that a longer list changes nobody's needs.
        """
        above = _mean_rate(self.settings, by_age or {}, by_segment or {}, by_deprivation or {})
        return above / _mean_rate(self.settings, {}, {}, {})


def draw_people(
    world: int,
    settings: PeopleSettings,
    list_size: int,
    rate_factor: Mapping[int, float] | None = None,
) -> People:
    """Return the `list_size` people of a world.

    The trait is Gamma-distributed with mean 1; the factors of age and sex, segment and deprivation are scaled so that
    the mean person's rate is 1; a person is unsettled for the stated share of time, and the two states' factors
    average to 1 over time. `rate_factor` comes on top of the settings' own.
    """
    from scipy import special  # slow, and settings are read without

    start = np.full(list_size, join(world, "person"), dtype=np.uint64)
    key = join_array(start, np.arange(list_size, dtype=np.int64))
    trait = np.asarray(special.gammaincinv(settings.trait_shape, uniforms(key, _TRAIT)) / settings.trait_shape)
    ages, segments, fifths = tuple(settings.ages), tuple(settings.segments), tuple(settings.deprivation_share)
    age = _pick(uniforms(key, _AGE), [band.share for band in settings.ages.values()])
    female = uniforms(key, _SEX) < np.array([band.female_share for band in settings.ages.values()])[age]
    segment = _segments(uniforms(key, _SEGMENT), age, settings)
    deprivation = _pick(uniforms(key, _DEPRIVATION), list(settings.deprivation_share.values())) + 1
    digital_of = np.array([band.digital_share for band in settings.ages.values()])
    own = np.ones(list_size)
    for person, times in (settings.rate_factor | dict(rate_factor or {})).items():
        if person < list_size:
            own[person] = times
    state = settings.state
    mean = 1 - state.unsettled_share + state.unsettled_share * state.needs_factor
    shares = np.array([band.share for band in settings.ages.values()])
    return People(
        key=key,
        age=age,
        ages=ages,
        female=female,
        segment=segment,
        segments=segments,
        deprivation=deprivation,
        fifths=fifths,
        digital=uniforms(key, _DIGITAL) < digital_of[age],
        digital_share=float(digital_of @ shares / shares.sum()),
        prefers=uniforms(key, _PREFERS),
        usual=uniforms(key, _USUAL),
        rate=trait * _rates(settings, age, female, segment, deprivation),
        rate_factor=own,
        unsettled_first=uniforms(key, _FIRST_STATE) < state.unsettled_share,
        settled=1 / mean,
        unsettled=state.needs_factor / mean,
        settings=settings,
    )


def _segments(u: Floats, age: NDArray[np.int64], settings: PeopleSettings) -> NDArray[np.int64]:
    """Return each person's segment, drawn from the shares of their age band."""
    table = [[band.segments.get(name, 0.0) for name in settings.segments] for band in settings.ages.values()]
    edges = np.cumsum(np.array(table), axis=1)
    edges = edges / edges[:, -1:]
    place: NDArray[np.int64] = (u[:, None] >= edges[age]).sum(axis=1).astype(np.int64)
    return np.minimum(place, len(settings.segments) - 1)


def _rates(
    settings: PeopleSettings,
    age: NDArray[np.int64],
    female: NDArray[np.bool_],
    segment: NDArray[np.int64],
    deprivation: NDArray[np.int64],
) -> Floats:
    """Return each person's factor of age, sex, segment and deprivation, scaled so that the mean person's is 1.

    The mean is that of the settings' shares and not of the people drawn: a longer list must not change anybody.
    """
    bands = list(settings.ages.values())
    women = np.array([band.female_factor for band in bands])
    men = np.array([band.male_factor for band in bands])
    of_segment = np.array([segment.needs_factor for segment in settings.segments.values()])
    of_fifth = np.array([settings.deprivation_factor[name] for name in settings.deprivation_share])
    mean = _mean_rate(settings, {}, {}, {})
    rate: Floats = np.where(female, women[age], men[age]) * of_segment[segment] * of_fifth[deprivation - 1] / mean
    return rate


def _mean_rate(
    settings: PeopleSettings,
    by_age: Mapping[str, float],
    by_segment: Mapping[str, float],
    by_deprivation: Mapping[str, float],
) -> float:
    """Return the mean, over the settings' shares, of a person's factors times those given by name (1 where none is)."""
    total = 0.0
    for name, band in settings.ages.items():
        sexes = band.female_share * band.female_factor + (1 - band.female_share) * band.male_factor
        inside = sum(
            share * settings.segments[segment].needs_factor * by_segment.get(segment, 1.0)
            for segment, share in band.segments.items()
        )
        total += band.share * by_age.get(name, 1.0) * sexes * inside
    shares = settings.deprivation_share
    fifths = sum(shares[name] * settings.deprivation_factor[name] * by_deprivation.get(name, 1.0) for name in shares)
    return total * fifths / sum(shares.values())


def _pick(u: Floats, shares: list[float]) -> NDArray[np.int64]:
    """Return for each uniform the place in a list of shares that it falls into."""
    edges = np.cumsum(shares) / sum(shares)
    return np.minimum(np.searchsorted(edges, u, side="right"), len(shares) - 1).astype(np.int64)
