"""Keep longer appointments for people with complex needs."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import OfRole
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Count, Key, Positive, Share
from pcqa_sim.scenario.groups import ComplexNeeds, SlotBlock
from pcqa_sim.values.needs import FACE_TO_FACE
from pcqa_sim.values.words import GP


class LongerAppointmentsForComplex(OfRole):
    """In each session some face-to-face slots are joined into longer ones, for the first consultation of such a need.

    The session is no longer than before: a longer appointment takes the time of others.
    """

    kind: Literal["longer_appointments_for_complex"] = "longer_appointments_for_complex"
    aims = ("failure_contacts_per_working_day[cause=unresolved]", "squeezed_share", "contacts_per_need")
    per_session: Count = Field(le=20, description="longer appointments in each session of the role")
    minutes: Positive = Field(le=120, description="minutes of each, at the least")
    segments: tuple[Key, ...] = Field(description="segments of people they are for")
    minutes_factor: Positive = Field(le=10, description="times; minutes of a consultation there")
    resolves_more_share: Share = Field(description="share of what would be left unresolved that the time resolves")

    def change(self, practice: Practice) -> Practice:
        """Return the practice whose sessions have longer appointments."""
        if self.per_session == 0:
            return practice
        needs = ComplexNeeds(
            segments=self.segments,
            minutes_factor=self.minutes_factor,
            resolves_more_share=self.resolves_more_share,
        )
        templates = practice.role[self.role].templates
        changes: dict[str, object] = {f"role.{self.role}.{key}": self._template(b) for key, b in templates.items()}
        return with_settings(practice, changes | {"appointments.complex_needs": needs})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that joins no slots."""
        return cls(role=GP, per_session=0, minutes=30, segments=(), minutes_factor=1, resolves_more_share=0)

    def _template(self, template: list[SlotBlock]) -> list[SlotBlock]:
        """Return the template with slots joined, those that are booked ahead first; raise ValueError if too few."""
        blocks = [with_settings(block, {"slots": 1}) for block in template for _ in range(block.slots)]
        for _ in range(self.per_session):
            plain = [n for n, block in enumerate(blocks) if block.mode == FACE_TO_FACE and not block.complex]
            ahead = blocks[plain[0]].release if plain else ""
            plain = sorted(plain, key=lambda n: (blocks[n].release != ahead, n))
            joined, minutes = list[int](), 0.0
            while minutes < self.minutes and plain:
                joined.append(plain.pop(0))
                minutes += blocks[joined[-1]].minutes
            if minutes < self.minutes:
                raise ValueError(f"a session of {self.role} has no {self.minutes:g} minutes face to face left to join")
            first = with_settings(blocks[joined[0]], {"minutes": minutes, "complex": True})
            blocks = [first if n == joined[0] else b for n, b in enumerate(blocks) if n == joined[0] or n not in joined]
        return blocks
