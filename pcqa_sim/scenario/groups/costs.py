"""What other services are paid for what a practice does not settle itself."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from pcqa_sim.scenario.fields import Key, NotNegative, Settings
from pcqa_sim.values.faults import meant
from pcqa_sim.values.needs import NETWORK_HUB, WENT_ELSEWHERE

PLACES = (*WENT_ELSEWHERE, NETWORK_HUB)
Pounds = Annotated[NotNegative, Field(le=100_000)]


def _places_there_are(prices: dict[str, float]) -> dict[str, float]:
    for place in prices:
        if place not in PLACES:
            raise ValueError(f"{place} is no place people go instead, {', '.join(PLACES)}{meant(place, PLACES)}")
    return prices


class Costs(Settings):
    """Prices of care elsewhere; a place not named costs nothing."""

    elsewhere_gbp: Annotated[dict[Key, Pounds], AfterValidator(_places_there_are)] = Field(
        default={}, description="pounds for one visit or call, by place"
    )
    locum_session_gbp: dict[Key, Pounds] = Field(
        default={},
        description="pounds for a session worked by a locum, by role; none not named: as the role's own hours",
    )
