"""The places around one practice during a run: their lists, caseloads, and whom they take.

A service serves the practice's whole list. What people make themselves (`way: collaboration`) belongs to a community,
and a community has at most `MOST_PEOPLE` people: a larger practice holds several, alike in size, whose groups grow and
fill up apart, and each of its people knows those of their own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from pcqa_sim.community.bookings import Bookings
from pcqa_sim.community.champions import MOST_PEOPLE, Volunteers
from pcqa_sim.community.effects import Effects
from pcqa_sim.kernel.environment import Environment
from pcqa_sim.kernel.pool import Pool
from pcqa_sim.population.people import People
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.groups.community import CommunityPlace
from pcqa_sim.values.clock import DAY, WorkingCalendar
from pcqa_sim.values.distributions import Exponential, exponential
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import Luck, activity, join
from pcqa_sim.values.native_luck import luck_of
from pcqa_sim.values.needs import Need

_TAKES_UP: Final = activity("goes_to_a_place")
_OFFERED: Final = activity("offered_a_place")
_REFERRED: Final = activity("referred_to_a_place")
_JOINS: Final = activity("joins_a_place")


@mypyc_attr(allow_interpreted_subclasses=True)
class Place:
    """One place: `pool` has those whom it looks after at once and its list, None where there is no limit.

    It is the place of one community among `communities`, or of all people, where that is one.
    """

    def __init__(
        self, name: str, env: Environment, calendar: WorkingCalendar, people: People, luck: Luck, communities: int
    ) -> None:
        self.name = name
        self._communities = communities
        self._env = env
        self._segment: list[int] = people.segment.tolist()
        self._segments = people.segments
        self.bookings = Bookings(calendar)
        self.pool: Pool | None = None
        self.volunteers: Volunteers | None = None
        self._luck = luck
        self.open = 0  # referrals that have not ended

    def use(self, settings: CommunityPlace, practice: Practice) -> None:
        """Let settings take effect; whoever is there or waits stays."""
        self.settings = settings
        people = practice.list_size / self._communities
        self.bookings.use(settings, people)
        self._uptake = self._by_segment(settings.uptake_share, settings.uptake_for_segments)
        self._stays = self._by_segment(settings.stays_share, settings.stays_for_segments)
        self._for = [not settings.for_segments or name in settings.for_segments for name in self._segments]
        self.patience = None if settings.patience_weeks is None else Exponential(settings.patience_weeks * 7 * DAY)
        self.between = settings.between_days * DAY
        if settings.champions is not None:
            if self.volunteers is None:
                self.volunteers = Volunteers(self._luck)
            self.volunteers.use(settings.champions, people)
        else:
            self.volunteers = None
        self._resize(_places(settings, practice, people))

    def _by_segment(self, share: float, times: Mapping[str, float]) -> list[float]:
        """Return a share of each segment: that of everybody, times what is said of the segment."""
        return [min(1.0, share * times.get(name, 1.0)) for name in self._segments]

    def _resize(self, places: int | None) -> None:
        if self.volunteers is not None:
            places = int(self.volunteers.number * self.volunteers.people_each + 0.5)
        if places is None:
            if self.pool is not None:
                self.pool.resize(1_000_000_000)
        elif self.pool is None:
            self.pool = Pool(self._env, places)
        else:
            self.pool.resize(places)

    def grow(self) -> bool:
        """Let volunteers become more, by how busy they have been; tell whether there are other places than before."""
        volunteers, pool = self.volunteers, self.pool
        if volunteers is None or pool is None:
            return False
        before = pool.capacity
        volunteers.grow(self._env.now, min(1.0, pool.busy / before) if before else 0.0)
        self._resize(None)
        return pool.capacity != before

    def is_for(self, person: int, kind: str) -> bool:
        """Tell whether the place accepts a person with a kind of need."""
        return self._for[self._segment[person]] and self.settings.resolves.get(kind, 0.0) > 0

    def is_taken_up(self, need: Need) -> bool:
        """Decide whether a person who is sent there goes."""
        share = self._uptake[self._segment[need.person]]
        return share >= 1 or need.luck.first(_TAKES_UP) < share

    def stays(self, person: int) -> float:
        """Return with which probability a person comes again after a session."""
        return self._stays[self._segment[person]]

    def days_between(self, u: float) -> float:
        """Return the minutes from one session to the next."""
        return exponential(self.between, u) if self.settings.irregular and self.between else self.between


@mypyc_attr(allow_interpreted_subclasses=True)
class Community:
    """All places around one practice, and what having been there does."""

    def __init__(self, env: Environment, calendar: WorkingCalendar, people: People, world: int) -> None:
        self._env, self._calendar, self._people, self._world = env, calendar, people, world
        self._places: dict[str, list[Place]] = {}  # by name: one, or one of each community
        self.effects = Effects(len(people))

    def use(self, practice: Practice) -> None:
        """Let settings take effect."""
        for name, settings in practice.community.items():
            if name not in self._places:
                self._places[name] = self._made(name, communities_of(practice) if settings.is_made_by_people else 1)
            for place in self._places[name]:
                place.use(settings, practice)
        self._offered = _by_kind({name: place.offered for name, place in practice.community.items()})
        self._referred = _by_kind({name: place.referred for name, place in practice.community.items()})
        self._joins = _by_kind({name: place.joins for name, place in practice.community.items()})

    def _made(self, name: str, communities: int) -> list[Place]:
        """Return a place for each community; the first has the luck that the only one would have."""
        first = join(self._world, "community", name)
        lucks = [first, *(join(first, number) for number in range(1, communities))]
        return [Place(name, self._env, self._calendar, self._people, luck_of(luck), communities) for luck in lucks]

    def place(self, name: str, person: int) -> Place | None:
        """Return the place of a name that is one person's, None where there is none."""
        places = self._places.get(name)
        return None if places is None else places[person % len(places)]

    def by_name(self) -> dict[str, list[Place]]:
        """Return the places by name: one each, or one of each community."""
        return dict(self._places)

    def capacities(self) -> dict[str, int]:
        """Return by name how many people are looked after at once, in all communities together; -1: no limit."""
        found: dict[str, int] = {}
        for name, places in self._places.items():
            sizes = [-1 if place.pool is None else place.pool.capacity for place in places]
            found[name] = -1 if -1 in sizes else sum(sizes)
        return found

    def grow(self, today: int) -> bool:
        """Let a day begin: volunteers become more; tell whether any place has other places than before."""
        changed = False
        for places in self._places.values():
            for place in places:
                place.bookings.tidy(today)
                changed = place.grow() or changed
        return changed

    def offers(self, need: Need) -> Place | None:
        """Return the place that the practice offers somebody before anything else, or None."""
        shares = self._offered.get(need.kind)
        return None if shares is None else self._drawn(shares, need, need.luck.first(_OFFERED))

    def refers(self, need: Need) -> Place | None:
        """Return the place that a clinician refers somebody to who has been seen, or None."""
        shares = self._referred.get(need.kind)
        return None if shares is None else self._drawn(shares, need, need.luck.u(_REFERRED))

    def joined(self, need: Need) -> Place | None:
        """Return the place that somebody goes to who does not ask the practice, or None."""
        shares = self._joins.get(need.kind)
        return None if shares is None else self._drawn(shares, need, need.luck.first(_JOINS))

    def _drawn(self, shares: list[tuple[str, float]], need: Need, u: float) -> Place | None:
        """Return the place whose share a uniform falls into, if it is for the person."""
        for name, share in shares:
            if u < share:
                place = self.place(name, need.person)
                return place if place is not None and place.is_for(need.person, need.kind) else None
            u -= share
        return None


def _by_kind(rows: Mapping[str, Mapping[str, float]]) -> dict[str, list[tuple[str, float]]]:
    """Return by kind of need the places with a share of it, in order."""
    found: dict[str, list[tuple[str, float]]] = {}
    for name, row in rows.items():
        for kind, share in row.items():
            if share > 0:
                found.setdefault(kind, []).append((name, share))
    return found


def communities_of(practice: Practice) -> int:
    """Return how many communities a practice's list is."""
    return max(1, math.ceil(practice.list_size / MOST_PEOPLE))


def _places(settings: CommunityPlace, practice: Practice, people: float) -> int | None:
    """Return how many of its people a place looks after at once: by posts where they are the practice's; None: any."""
    role = settings.worked_by
    if role is not None and settings.places_per_fte is not None and practice.works(role):
        return _whole(practice.fte(role) * settings.places_per_fte)
    if settings.places_per_10000 is None:
        return None
    return _whole(settings.places_per_10000 * people / 10_000)


def _whole(places: float) -> int:
    """Return whole places: at least one where there is any."""
    return max(math.floor(places + 0.5), 1 if places > 0 else 0)
