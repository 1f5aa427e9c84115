"""The registered people, as columns: who they are does not change when anything else in a scenario does.

Each attribute is one keyed uniform per person put through a quantile, so a longer list adds people and alters
nobody. Later attributes (segment, deprivation, usual clinician) join as further columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from pcqa_sim.luck import activity, join, join_array, uniforms

_TRAIT = activity("person_trait")


@dataclass(frozen=True)
class People:
    """The people of one practice: arrays of length n, indexed by person number.

    `key` is each person's luck (64-bit); `trait` the long-run propensity to need care (mean 1 over people);
    `rate_factor` what a scenario multiplies a single person's rate by (1 for nearly everybody).
    """

    key: NDArray[np.uint64]
    trait: NDArray[np.float64]
    rate_factor: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.key)


def draw_people(
    world: int, list_size: int, trait_shape: float, rate_factor: Mapping[int, float] | None = None
) -> People:
    """Return the `list_size` people of a world; the trait is Gamma-distributed with mean 1.

    `trait_shape` is the Gamma shape: small means that few people have most of the needs.
    """
    start = np.full(list_size, join(world, "person"), dtype=np.uint64)
    key = join_array(start, np.arange(list_size, dtype=np.int64))
    trait = np.asarray(special.gammaincinv(trait_shape, uniforms(key, _TRAIT)) / trait_shape, dtype=np.float64)
    factor = np.ones(list_size)
    for person, times in (rate_factor or {}).items():
        if person < list_size:
            factor[person] = times
    return People(key, trait, factor)
