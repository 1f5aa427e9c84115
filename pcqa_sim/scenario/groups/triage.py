"""The access model: who decides about a request, how, and what happens when nothing is free."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from pcqa_sim.scenario.fields import BY_KIND, Count, Key, NotNegative, Positive, Settings, Share, Shares
from pcqa_sim.scenario.groups.role import Mode
from pcqa_sim.values.needs import SELF_TREATED, WENT_ELSEWHERE

TriageKind = Literal[
    "reception_led",
    "care_navigation",
    "duty_team",
    "gp_phone_first",
    "nurse_triage",
    "total_digital",
    "open_access",
]

_NEEDS = {
    "care_navigation": ("signposts",),
    "duty_team": ("overbooking",),
    "gp_phone_first": ("clinician_triage",),
    "nurse_triage": ("clinician_triage",),
    "total_digital": ("clinician_triage",),
    "open_access": ("overbooking",),
}


class Signpost(Settings):
    """Somewhere else that a trained receptionist offers for one kind of need."""

    to: Key = Field(description="where to: a pharmacy, another service, or self-care")
    offered_share: Share = Field(description="share of those asking about such a need to whom it is offered")
    accepted_share: Share = Field(description="share of those who go there; the others are booked as before")
    resolved_share: Share = Field(description="share of those going there whose need is met; the others come back")
    return_days: Positive = Field(le=365, description="days; mean until those who come back do")

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = (*WENT_ELSEWHERE, SELF_TREATED)
        if self.to not in known:
            raise ValueError(f"to: must be one of {', '.join(known)}")
        return self


class ClinicianTriage(Settings):
    """Clinician triage of a request: a call, or a form read and answered, in slots kept for it."""

    role: Key = Field(description="the role that does it")
    mode: Mode = Field(description="how")
    mean_min: Positive = Field(le=120, description="minutes; mean")
    cv: NotNegative = Field(le=5, description="coefficient of variation of the minutes")
    sessions_share: Share = Field(gt=0, description="share of the role's sessions spent on it, and on nothing else")
    within_days: Count = Field(le=30, description="days within which it takes place, 0 is the same day")
    settled_share: dict[Key, Share] = Field(
        description="by kind of need: share dealt with there and then", json_schema_extra=BY_KIND
    )
    resolve_factor: Share = Field(description="times; share of those that it resolves, against a consultation")


class Overbooking(Settings):
    """Patients put on top of a session when nothing is free; what does not fit into it is overtime."""

    most_per_session: Count = Field(le=100, description="overbooked patients a session takes at the most")
    duty_only: bool = Field(description="true where only the duty clinician of a role takes them")
    within_days: Count = Field(le=30, description="days within which they are put on, 0 is the same day")
    fallback_role: Key | None = Field(default=None, description="the role that takes them where their own has no room")


class Triage(Settings):
    """The access model: which it is, and for each kind of need the share that goes to each place."""

    kind: TriageKind = Field(description="which triage model decides")
    places: dict[Key, Shares] = Field(
        description="by kind of need: share to each role, or settled at reception", json_schema_extra=BY_KIND
    )
    cover: dict[Key, list[Key]] = Field(
        default={}, description="by role: who is asked next where it has nothing in time, of those in the need's row"
    )
    signposts: dict[Key, Signpost] = Field(
        default={}, description="by kind of need: where else people are sent", json_schema_extra=BY_KIND
    )
    clinician_triage: ClinicianTriage | None = Field(default=None, description="triage of every request by a clinician")
    overbooking: Overbooking | None = Field(
        default=None, description="overbooking: who is put on top of a full session"
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for part in _NEEDS.get(self.kind, ()):
            if not getattr(self, part):
                raise ValueError(f"{part}: {self.kind} must have it")
        return self
