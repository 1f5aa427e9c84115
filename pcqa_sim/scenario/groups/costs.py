"""What other services are paid for what a practice does not settle itself."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pcqa_sim.scenario.fields import NotNegative, Settings

Elsewhere = Literal["pharmacy", "nhs_111", "urgent_treatment_centre", "emergency_department"]


class Costs(Settings):
    """Prices of care elsewhere; a place not named costs nothing."""

    elsewhere_gbp: dict[Elsewhere, Annotated[NotNegative, Field(le=100_000)]] = Field(
        default={}, description="pounds for one visit or call, by place"
    )
