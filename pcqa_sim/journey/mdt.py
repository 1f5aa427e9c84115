"""What happens at MDTs: somebody is found or named, waits, is discussed, has a plan with a lead, is looked at again.

Read from the top: `meets` holds the meetings, `_review` is what one does for one person.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from functools import partial
from typing import Any, Final

from pcqa_sim.clinic.session import Clinic
from pcqa_sim.journey.arrivals import working_moment
from pcqa_sim.journey.community import JOINED, Referral
from pcqa_sim.journey.journey import Journey
from pcqa_sim.journey.mdt_table import ACTIONS, Numbers, OfPractice, Table
from pcqa_sim.kernel.environment import Environment, Event
from pcqa_sim.kernel.process import follow
from pcqa_sim.network.hub import HubDiary
from pcqa_sim.network.mdt_dates import MISSING, NEVER, HubRota, Meeting, Planner, Rota
from pcqa_sim.network.mdt_people import Agenda, Case, Selecting
from pcqa_sim.network.rounds import THE_HUB, Rounds
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.scenario.groups import Level, Mdt
from pcqa_sim.scenario.groups.mdt import OWN_PANEL
from pcqa_sim.scenario.meetings import served
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WEEK, week_of
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import join, world_key
from pcqa_sim.values.native_luck import luck_of
from pcqa_sim.values.needs import Need, need_number
from pcqa_sim.values.words import GP, Happening, MdtEnding, MdtMeeting

_STRIP: Final = 99  # of the numbers of needs, above those of needs that arise by themselves
FOUND: Final = "found"
NOMINATED: Final = "nominated"
FIRST: Final = "first"
AGAIN: Final = "again"
_REVIEW: Final = Happening.REVIEW.value
_PLAN: Final = Happening.PLAN.value
_LEFT: Final = MdtEnding.LEFT.value
_NO_PLAN: Final = MdtEnding.NO_PLAN.value
_COMPLETED: Final = MdtEnding.COMPLETED.value
_HELD: Final = MdtMeeting.HELD.value

Steps = Generator[Event, Any, None]


@mypyc_attr(allow_interpreted_subclasses=True)
class MdtMeetings:
    """One MDT during a run; `stories` has its people by practice."""

    def __init__(
        self,
        name: str,
        rules: Mdt,
        planner: Planner,
        stories: Mapping[str, OfPractice],
        env: Environment,
        world: int,
        hub: HubDiary | None = None,
    ) -> None:
        self.name = name
        self._rules = rules
        self._planner = planner
        self.stories = stories
        self._env = env
        self._world = world
        self._table = Table(name, rules, stories, world, hub)
        self._agenda = Agenda(rules)
        self._keys = tuple(stories)
        if any(share > 0 for share in rules.selects.nominated.values()):
            for key, story in stories.items():
                story.journey.nominates.append(_Nominating(self, key).seen)

    def open_in(self, key: str) -> int:
        """Return how many people of a practice wait or have a plan."""
        return len(self.stories[key].open)

    # How somebody comes on the list.

    def finds(self, key: str, weeks: int) -> Steps:
        """Find people of a practice week by week, in its working hours, whatever is known of them then deciding."""
        story = self.stories[key]
        calendar = story.practice.calendar
        for week in range(weeks):
            days = [day for day in range(week * 7, week * 7 + 7) if calendar.hours_of(day) is not None]
            if days and week >= self._rules.from_week:
                found = story.selecting.week(week)
                for moment, person in zip(found.moment, found.person, strict=True):
                    at = working_moment(story.practice, days, moment)
                    yield self._env.timeout(at - self._env.now)
                    if story.selecting.fits(*self._state(story, person)):
                        self.select(key, person, FOUND)
            yield self._env.timeout((week + 1) * WEEK - self._env.now)

    def seen(self, key: str, need: Need) -> None:
        """Let a clinician who has seen somebody name them, or not."""
        if self._env.now >= self._rules.from_week * WEEK and self.stories[key].selecting.nominates(need):
            self.select(key, need.person, NOMINATED)

    def _state(self, story: OfPractice, person: int) -> tuple[bool, int]:
        """Return whether a person is unsettled, and how many contacts they have made lately."""
        lately = story.practice.lately
        contacts = 0 if lately is None else lately.of(person, self._env.now)
        return bool(story.practice.states.unsettled[person]), contacts

    def select(self, key: str, person: int, how: str) -> None:
        """Put somebody on the list who is not on it, has no plan, and was not lately discussed."""
        story, now = self.stories[key], self._env.now
        again = story.ended.get(person, -math.inf) + self._rules.selects.again_after_weeks * WEEK
        if person in story.open or now < again:
            return
        level = story.selecting.level(person, *self._state(story, person))
        case = Case(self._keys.index(key), person, story.numbers.next(person), now, level)
        story.open[person] = case
        self._note(case, log.MDT_SELECTED, how, len(self._agenda))
        self._agenda.add(case)
        stays = story.selecting.stays_min(person, case.number)
        if stays < math.inf:
            self._env.timeout(stays).callbacks.append(lambda _: self._leaves(case))

    def _leaves(self, case: Case) -> None:
        """Let somebody leave who still waits to be discussed for the first time."""
        if case.waits and case.reviews == 0:
            self._agenda.leave(case)
            self._end(case, _LEFT)

    # The meetings.

    def meets(self, days: int) -> Steps:
        """Hold every meeting on its day; say of those that were due and are moved or lost why."""
        for day in range(days):
            for meeting in self._planner.kept_from(day):
                if meeting.mdt == self.name:
                    self._say(meeting, meeting.day == NEVER, meeting.why)
            mine = [meeting for meeting in self._planner.on(day) if meeting.mdt == self.name]
            for meeting in sorted(mine, key=lambda one: one.minute):
                if meeting.starts > self._env.now:
                    yield self._env.timeout(meeting.starts - self._env.now)
                self._hold(meeting)
            yield self._env.timeout((day + 1) * DAY - self._env.now)

    def _say(self, meeting: Meeting, lost: bool, why: str) -> None:
        what = "lost" if lost else "moved"
        self._host(meeting).recorder.note_world(log.MDT_MEETING, self.name, f"{what}.{why}", 0.0)

    def _host(self, meeting: Meeting) -> OpenPractice:
        return self.stories[meeting.host].practice

    def _hold(self, meeting: Meeting) -> None:
        """Hold a meeting, or move it if somebody who is needed is missing."""
        there, outside = self._table.seats_taken(meeting), self._table.from_outside(meeting)
        here = {seat.role for seat in there} | set(outside)
        if any(member.needed and name not in here for name, member in self._rules.members.items()):
            self._is_not_held(meeting)
            return
        cases, minutes = self._agenda.take()
        self._host(meeting).recorder.note_world(log.MDT_MEETING, self.name, _HELD, len(cases))
        self._table.sit(meeting, there, outside, minutes, len(cases))
        for case in cases:
            self._review(case)

    def _is_not_held(self, meeting: Meeting) -> None:
        """Move a meeting to the next day on which its members are there, or lose it; whoever came has the time back."""
        self._table.leave(meeting)
        moved = self._planner.move(meeting)
        self._say(meeting, not moved, MISSING)
        if moved:
            self._table.make_room(meeting)

    # One person at a meeting, and afterwards.

    def _review(self, case: Case) -> None:
        """Talk about somebody: how severe it is, who leads, what is to be done, and when to look at it again."""
        story, now = self._story(case), self._env.now
        case.level = story.selecting.level(case.person, *self._state(story, case.person))
        level = self._rules.levels[case.level]
        again = AGAIN if case.reviews else FIRST
        case.reviews += 1
        self._note(case, log.MDT_REVIEWED, f"{case.level}.{again}", (now - case.due) / DAY)
        story.practice.experience.was_given(case.person, _REVIEW)
        self._table.works(story.practice, level.lead, ACTIONS, self._rules.actions_min)
        if not level.contacts and not level.reviews and level.place is None:
            self._end(case, _NO_PLAN)
            return
        self._note(case, log.MDT_PLANNED, level.lead, level.review_weeks * 7)
        story.practice.experience.was_given(case.person, _PLAN)
        if self._rules.effect is not None:
            place = f"mdt_{self.name}"
            story.practice.community.effects.begin(case.person, place, now, self._rules.effect)
        if self._rules.team == OWN_PANEL:
            story.practice.take_on(case.person, GP)
        if level.place is not None and case.reviews == 1:
            self._put_in_touch(story, case, level.place)
        follow(self._keep_to_plan(case, level))

    def _put_in_touch(self, story: OfPractice, case: Case, name: str) -> None:
        """Put somebody in touch with a place in the community about the first kind of need that it meets for them."""
        practice = story.practice
        place = practice.community.place(name, case.person)
        kinds = [] if place is None else [kind for kind in practice.settings.demand.kinds
                                          if place.is_for(case.person, kind)]  # fmt: skip
        if place is None or not kinds:
            return
        kind = practice.kind_names.index(kinds[0])
        number = need_number(case.person, kind, week_of(self._env.now), _STRIP, case.number % 100)
        need = Need(case.person, number, kinds[0], luck_of(join(practice.world, name, number)), self._env.now)
        story.journey.contacts.arise(need)
        story.journey.community.send(Referral(need, None, place, JOINED, self._env.now))

    def _keep_to_plan(self, case: Case, level: Level) -> Steps:
        """Have the contacts that were agreed, and come to the date of the review: on the list again, or the end."""
        case.due = self._env.now + level.review_weeks * WEEK
        for number in range(level.contacts):
            wait = level.every_days * DAY if number else min(level.every_days, 7) * DAY
            if self._env.now + wait >= case.due:
                break
            yield self._env.timeout(wait)
            self._contact(case, level)
        yield self._env.timeout(case.due - self._env.now)
        if case.reviews - 1 < level.reviews:
            self._agenda.add(case)
        else:
            self._end(case, _COMPLETED)

    def _contact(self, case: Case, level: Level) -> None:
        """Have one contact with the lead: minutes of somebody from outside, or of the practice's own rota."""
        self._note(case, log.MDT_CONTACT, level.lead, level.contact_min)
        practice = self._story(case).practice
        if self._table.is_own(practice, level.lead):
            practice.office.around_meeting(level.lead, level.contact_min)

    def _story(self, case: Case) -> OfPractice:
        return self.stories[self._keys[case.practice]]

    def _end(self, case: Case, ending: str) -> None:
        story = self._story(case)
        case.over = True
        del story.open[case.person]
        if self._rules.team == OWN_PANEL:
            story.practice.give_back(case.person)
        story.ended[case.person] = self._env.now
        self._note(case, log.MDT_ENDED, ending, (self._env.now - case.since) / DAY)

    # Rows of the log.

    def _note(self, case: Case, event: str, code: str, amount: float) -> None:
        recorder = self._story(case).practice.recorder
        recorder.note_person(case.person, case.number, event, self.name, code, amount)


class _KeepsFree:
    """Keeps the times of meetings free in the diary of a practice."""

    __slots__ = ("_key", "_planner")

    def __init__(self, planner: Planner, key: str) -> None:
        self._planner = planner
        self._key = key

    def on(self, day: int, sessions: list[Clinic]) -> None:
        """Take what is kept free out of the sessions of a day."""
        self._planner.keep_free(self._key, day, sessions)


class _Nominating:
    """Tells an MDT of people of a practice who have been seen."""

    __slots__ = ("_key", "_mdt")

    def __init__(self, mdt: MdtMeetings, key: str) -> None:
        self._mdt = mdt
        self._key = key

    def seen(self, need: Need) -> None:
        """Let whoever has seen somebody about a need name them."""
        self._mdt.seen(self._key, need)


def meetings_of(
    scenario: Scenario,
    practices: Mapping[str, OpenPractice],
    journeys: Mapping[str, Journey],
    rounds: Rounds | None,
    hub: HubDiary | None,
    seed: int,
    replication: int,
) -> list[MdtMeetings]:
    """Return the MDTs of a run, and let the diaries keep their times free; none where there are none."""
    if not scenario.mdt:
        return []
    calendar = scenario.calendar.working()
    rotas = {key: Rota(key, one.settings_in, one.absences, rounds) for key, one in practices.items()}
    at_hub = None if hub is None or rounds is None else HubRota(partial(_first_in_force, scenario), rounds, calendar)
    planner = Planner(scenario.mdt, rotas, calendar, at_hub)
    if hub is not None:
        hub.keeps_free = _KeepsFree(planner, THE_HUB).on
    for key, practice in practices.items():
        practice.book.keeps_free = _KeepsFree(planner, key).on
    numbers = {key: Numbers() for key in practices}
    found = []
    for name, rules in scenario.mdt.items():
        stories = {
            key: OfPractice(practices[key], journeys[key], Selecting(name, rules, practices[key].people), numbers[key])
            for key in served(rules, practices)
        }
        world = world_key(seed, replication, f"mdt:{name}")
        env = next(iter(practices.values())).env
        found.append(MdtMeetings(name, rules, planner, stories, env, world, hub))
    return found


def _first_in_force(scenario: Scenario, week: int) -> Practice:
    """Return the settings by which the hub's people work in a week: half days of a shared role are alike for all."""
    return scenario.in_force(next(iter(scenario.practices)), week)
