"""The access model: who decides about a request, how, and what happens when nothing is free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticKnownError

from pcqa_sim.scenario.fields import BY_KIND, AtLeastOne, Count, Key, NotNegative, Positive, Settings, Share, Shares
from pcqa_sim.scenario.groups.role import Mode
from pcqa_sim.values.doors import door
from pcqa_sim.values.needs import ELSEWHERE, NO_NEXT_STEP, TOLD_OR_DONE

_LEFT_OUT = ("numbers", "form_first", "books_ahead", "asks_clinician", "priority")
"""What is not written of a scenario that has none of it."""

PARTS = ("signposts", "clinician_triage", "overbooking", "cover")
"""The groups below that some triage models need; which, a model says itself (`needs`)."""


RECEPTION, NAVIGATOR, FORM = "reception", "navigator", "form"
"""Who recognises what is urgent besides the clinicians' roles: reception, trained reception, and a form's questions."""


def _registered(kind: str) -> str:
    """Refuse the name of a triage model that there is none of, here and in what was given of one's own."""
    if kind not in door("triage"):
        expected = ", ".join(f"'{name}'" for name in door("triage"))
        raise PydanticKnownError("literal_error", {"expected": expected})
    return kind


TriageKind = Annotated[Key, AfterValidator(_registered)]
AtLeast1 = Annotated[float, Field(ge=1)]
Number = Annotated[float, Field(strict=True, ge=-1_000_000, le=1_000_000)]


AppliesTo = Literal["today", "clinical", "all"]


class Elsewhere(Settings):
    """What becomes of people whom reception sends somewhere else, or home with advice."""

    resolved_share: Share = Field(description="share whose need is met there; the others come back")
    return_days: Positive = Field(le=365, description="days; mean until those who come back do")
    as_advised_share: Share = Field(
        default=0.0,
        description="share of those who come back who were told rightly to come back if it got no better",
    )


class Signpost(Elsewhere):
    """Somewhere else that a trained receptionist offers for one kind of need."""

    to: Key = Field(description="where to: a pharmacy, another service, or self-care")
    offered_share: Share = Field(description="share of those asking about such a need to whom it is offered")
    accepted_share: Share = Field(description="share of those who go there; the others are booked as before")


BOOKED = "booked"
"""Of people invited to ask for planned care: they are given an appointment, or told that none is free."""
PLACE_OF = {ending: place for place, ending in ELSEWHERE.items()}
_WHEN_INVITED = (BOOKED, TOLD_OR_DONE, NO_NEXT_STEP)


class ClinicianTriage(Settings):
    """Clinician triage of a request: a call, or a form read and answered, in slots kept for it."""

    role: Key = Field(description="the role that does it")
    mode: Mode = Field(description="how")
    mean_min: Positive = Field(le=120, description="minutes; mean")
    cv: NotNegative = Field(le=5, description="coefficient of variation of the minutes")
    applies_to: AppliesTo = Field(
        default="all", description="whose requests: of those who want help today, clinical ones, or all"
    )
    sessions_share: Share | None = Field(
        default=None,
        gt=0,
        description="share of the role's time with patients made for it; null for what the requests expected take",
    )
    time_allowance: Positive = Field(
        default=1.25, le=10, description="times; time made for it against the minutes of the requests expected"
    )
    most_sessions_share: Share = Field(
        default=0.6, gt=0, description="share of the role's time with patients made for it at the most"
    )
    within_days: Count = Field(
        le=30, description="days within which it takes place for who can wait; the day's own are called the same day"
    )
    settled_share: dict[Key, Share] = Field(
        description="by kind of need: share dealt with there and then", json_schema_extra=BY_KIND
    )
    to_gp_share: Share | None = Field(
        default=None, description="of those not dealt with: share passed to a GP; null for where their need goes"
    )
    resolve_factor: Share = Field(description="times; share of those that it resolves, against a consultation")


class FormFirst(Settings):
    """Every clinical request becomes a form: sent by the person, or filled in for them by reception."""

    takes_up_share: Share = Field(
        description="share of those who use forms at all who send one instead of calling or coming to the desk"
    )
    takes_up_by_age: dict[Key, Share] = Field(default={}, description="times; by age band, 1 where not named")
    message_moves_share: Share = Field(
        description="share of callers who use forms at all whom the phone message moves to it"
    )
    fills_in_factor: AtLeast1 = Field(
        le=10, description="times; reception's minutes with a caller, or at the desk, for whom it fills the form in"
    )
    form_min: Positive = Field(le=120, description="minutes of reception for a form that clinicians read")
    induced_share: Share = Field(
        default=0.0, description="share of needs nobody asks about that people who send forms then ask about"
    )


class BooksAhead(Settings):
    """How little of the diary is open ahead; the rest opens on the day."""

    roles: tuple[Key, ...] = Field(min_length=1, description="of these roles")
    days: Count = Field(le=180, description="days ahead that the slots open which can be booked ahead at all")
    share: Share = Field(description="share of a session's slots that can be booked ahead, at the most")


class Overbooking(Settings):
    """Patients put on top of a session when nothing is free; what does not fit into it is overtime."""

    most_per_session: Count = Field(le=100, description="overbooked patients a session takes at the most")
    duty_only: bool = Field(description="true where only the duty clinician of a role takes them")
    within_days: Count = Field(le=30, description="days within which they are put on, 0 is the same day")
    fallback_role: Key | None = Field(default=None, description="the role that takes them where their own has no room")


class Recogniser(Settings):
    """How well whoever decides recognises what is urgent, from what is said or written."""

    sensitivity: Share = Field(description="share of urgent needs taken for urgent; they show it more or less clearly")
    specificity: Share = Field(description="share of the others not taken for urgent")
    red_flags_share: Share = Field(
        default=1.0, description="share of the emergencies recognised that are sent to 999 or A&E, not seen here today"
    )
    sensitivity_sd: NotNegative = Field(
        default=0.0, le=0.5, description="standard deviation of the sensitivity between the people who decide"
    )
    people: AtLeastOne = Field(default=8, le=1000, description="people who decide, among whom it differs")


class AsksClinician(Settings):
    """A clinician whom reception asks about somebody before it tells them to call another day."""

    role: Key = Field(description="who is asked; how well they recognise what is urgent is in recognition")
    share: Share = Field(description="share of clinical needs with nothing free about which somebody is asked")
    minutes: NotNegative = Field(le=60, description="minutes of the clinician's for each question")


class Priority(Settings):
    """Who is taken first because it shows, before anybody has spoken to them, that their need is urgent.

    Shares of urgent needs; of the others those that sound urgent, in the same proportion, are taken first too.
    """

    desk: Share = Field(description="share of urgent needs that show at the desk: the person looks ill")
    inbox: Share = Field(description="share that show in the inbox, looked through as forms come in")
    callback: Share = Field(description="share that show by the reason left when a callback is asked for")


class SentOn(Settings):
    """When and where flagged needs are handed over: what the day's appointments and extra ones do not hold."""

    extras_per_session: Count = Field(default=4, le=100, description="flagged people put on top of a session at most")
    extras_until_min: NotNegative = Field(
        default=30.0,
        le=480,
        description="minutes after a session until which they are put on, unless the role's list stops before",
    )
    hub_per_10000_day: NotNegative = Field(
        default=0.0, le=1000, description="places a day per 10,000 people at the network's hub"
    )
    urgent_treatment_centre_share: Share = Field(
        default=0.0, description="share of the rest whom an urgent treatment centre can see; the others go to A&E"
    )


class Triage(Settings):
    """The access model: which it is, and for each kind of need the share that goes to each place."""

    kind: TriageKind = Field(description="which triage model decides")
    places: dict[Key, Shares] = Field(
        description="by kind of need: share to each role, or to what reception does instead", json_schema_extra=BY_KIND
    )
    invited: Shares = Field(
        default={BOOKED: 1.0}, description="of people who ask for planned care: share to what reception does"
    )
    no_next_step_level: NotNegative = Field(
        default=1.0, le=10, description="times; contacts that end without a next step, against the rows"
    )
    elsewhere: dict[Key, Elsewhere] = Field(
        default={}, description="by place that a row of places names: what becomes of people sent there"
    )
    cover: dict[Key, list[Key]] = Field(
        default={}, description="by role: who is asked next where it has nothing in time, of those in the need's row"
    )
    signposts: dict[Key, Signpost] = Field(
        default={}, description="by kind of need: where else people are sent", json_schema_extra=BY_KIND
    )
    clinician_triage: ClinicianTriage | None = Field(default=None, description="triage of every request by a clinician")
    form_first: FormFirst | None = Field(default=None, description="requests as forms")
    books_ahead: BooksAhead | None = Field(default=None, description="how much of the diary opens how far ahead")
    overbooking: Overbooking | None = Field(
        default=None, description="overbooking: who is put on top of a full session"
    )
    recognition: dict[Key, Recogniser] = Field(
        default={},
        description="by who decides (reception, navigator, form, a role): how well what is urgent is recognised; "
        "none: nobody is asked to",
    )
    sent_on: SentOn = Field(default=SentOn(), description="what becomes of flagged needs when the day is full")
    asks_clinician: AsksClinician | None = Field(
        default=None, description="who is asked before somebody is told to call another day; null: nobody"
    )
    priority: Priority | None = Field(
        default=None, description="who is taken first at desk, in inbox and for a callback; null: in turn"
    )
    numbers: dict[Key, Number] = Field(default={}, description="numbers of a triage model of one's own, by name")

    @field_validator("recognition")
    @classmethod
    def _by_reception(cls, value: dict[str, Recogniser]) -> dict[str, Recogniser]:
        if value and RECEPTION not in value:
            raise ValueError("must have reception, whose values hold for whoever is not named")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        model = door("triage")[self.kind]
        for part in getattr(model, "needs", ()):
            if not getattr(self, part):
                raise ValueError(f"{part}: {self.kind} must have it")
        self._judge_places()
        self._judge_numbers(getattr(model, "numbers", {}))
        return self

    def what_becomes_of(self, kind: str, ending: str) -> Elsewhere:
        """Return what becomes of people sent where a need ends so: as the kind's signpost says, or the place."""
        signpost = self.signposts.get(kind)
        return signpost if signpost is not None and signpost.to == ending else self.elsewhere[PLACE_OF[ending]]

    def _judge_places(self) -> None:
        """Refuse places that are none, and people sent where nothing is said of what becomes of them."""
        for name in self.elsewhere:
            if name not in ELSEWHERE:
                raise ValueError(f"elsewhere: {name} is none of {', '.join(ELSEWHERE)}")
        for name in self.invited:
            if name not in _WHEN_INVITED:
                raise ValueError(f"invited: {name} is none of {', '.join(_WHEN_INVITED)}")
        if self.invited.get(NO_NEXT_STEP) == 1:
            raise ValueError(f"invited: somebody must get more than {NO_NEXT_STEP}")
        for kind, row in self.places.items():
            if row.get(NO_NEXT_STEP) == 1:
                raise ValueError(f"places.{kind}: somebody must get more than {NO_NEXT_STEP}")

    def _judge_numbers(self, known: Mapping[str, tuple[float, float]]) -> None:
        """Refuse numbers that the model does not have, or that are out of its range, or missing."""
        for name in self.numbers:
            if name not in known:
                raise ValueError(f"numbers.{name}: {self.kind} has no such number; it has {', '.join(known) or 'none'}")
        for name, (least, most) in known.items():
            if name not in self.numbers:
                raise ValueError(f"numbers.{name}: {self.kind} must have it, a number from {least:g} to {most:g}")
            if not least <= self.numbers[name] <= most:
                raise ValueError(f"numbers.{name}: must be a number from {least:g} to {most:g}")

    @model_serializer(mode="wrap")
    def _without_no_numbers(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out numbers, and parts, where a model has none, so that a scenario is written as ever."""
        found: dict[str, Any] = plain(self)
        lacking = [name for name in _LEFT_OUT if not getattr(self, name)]
        return {name: value for name, value in found.items() if name not in lacking}
