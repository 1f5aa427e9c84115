"""More posts of social-prescribing link workers."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Key, NotNegative


class MoreLinkWorkers(Intervention):
    """A place with caseloads gets more posts: in the practice's own team where it has the role, else beside it."""

    kind: Literal["more_link_workers"] = "more_link_workers"
    aims = (
        "community_wait_days[place=social_prescribing]",
        "community_met_per_1000_week[place=social_prescribing]",
        "community_gbp_per_working_day",
    )
    place: Key = Field(default="social_prescribing", description="the place whose caseload it is")
    posts_per_10000: NotNegative = Field(le=100, description="full-time posts more per 10,000 patients")

    def change(self, practice: Practice) -> Practice:
        """Return the practice with the posts; raise ValueError for a place without caseloads."""
        if self.posts_per_10000 == 0:
            return practice
        place = practice.community.get(self.place)
        if place is None or place.worked_by is None or place.places_per_fte is None:
            raise ValueError(f"place: {self.place} is no place in the community with caseloads (worked_by)")
        if practice.works(place.worked_by):
            more = 1 + self.posts_per_10000 / 10_000 * practice.list_size / practice.fte(place.worked_by)
            level = practice.fte_level.get(place.worked_by, 1.0)
            return with_settings(practice, {f"fte_level.{place.worked_by}": level * more})
        places = (place.places_per_10000 or 0.0) + self.posts_per_10000 * place.places_per_fte
        return with_settings(practice, {f"community.{self.place}.places_per_10000": places})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that adds nobody."""
        return cls(posts_per_10000=0)
