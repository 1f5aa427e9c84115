"""Who sits at an MDT's table: whether they are there, the time they give, and what it takes of their own work.

Members of practices and of the network's hub sit in time kept free in their sessions; others come at a price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pcqa_sim.clinic.session import Clinic
from pcqa_sim.journey.journey import Journey
from pcqa_sim.kernel.process import follow
from pcqa_sim.network.hub import HubDiary
from pcqa_sim.network.mdt_dates import Meeting, Seat, keep_time, session_of, slots_between
from pcqa_sim.network.mdt_people import Case, Selecting
from pcqa_sim.network.rounds import THE_HUB
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.scenario.groups import Mdt
from pcqa_sim.scenario.groups.mdt import MEETING
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.luck import activity, join
from pcqa_sim.values.native_luck import luck_of

_COMES: Final = activity("comes_to_an_mdt")
PREPARE: Final = "prepare"
ACTIONS: Final = "actions"


class Numbers:
    """How often each person of a practice has come on the list of any MDT."""

    def __init__(self) -> None:
        self._of: dict[int, int] = {}

    def next(self, person: int) -> int:
        """Return the number of a person's next time, the first being 0."""
        number = self._of.get(person, -1) + 1
        self._of[person] = number
        return number


class OfPractice:
    """One MDT's people of one practice: how they are found, who is on the list or has a plan, and who was lately."""

    def __init__(self, practice: OpenPractice, journey: Journey, selecting: Selecting, numbers: Numbers) -> None:
        self.practice = practice
        self.journey = journey
        self.selecting = selecting
        self.numbers = numbers
        self.open: dict[int, Case] = {}
        self.ended: dict[int, float] = {}


class Table:
    """The members of one MDT during a run; `stories` has the practices by key, `hub` is the network's, if any."""

    def __init__(
        self, name: str, rules: Mdt, stories: Mapping[str, OfPractice], world: int, hub: HubDiary | None = None
    ) -> None:
        self._name, self._rules, self._world = name, rules, world
        self._stories, self._hub = stories, hub

    def seats_taken(self, meeting: Meeting) -> list[Seat]:
        """Return the seats of those who were planned to be there and have come to work."""
        return [seat for seat in meeting.seats if self._session(seat, meeting) is not None]

    def from_outside(self, meeting: Meeting) -> list[str]:
        """Return who comes from other services: luck of their own."""
        return [name for name in self._rules.members if self._comes(name, meeting)]

    def sit(self, meeting: Meeting, there: Sequence[Seat], outside: Sequence[str], minutes: float, cases: int) -> None:
        """Let members sit in a meeting of so many minutes about so many people, having prepared."""
        host = self._stories[meeting.host].practice
        for seat in there:
            self._sits(seat, meeting, minutes)
            self.works(self._practice(seat, meeting), seat.role, PREPARE, self._prepare_min(seat.role, cases))
        for name in outside:
            self.spend(host, name, MEETING, minutes)
            self.spend(host, name, PREPARE, self._prepare_min(name, cases))

    def leave(self, meeting: Meeting) -> None:
        """Let whoever came to a meeting that is not held have their time back."""
        for seat in meeting.seats:
            for clinic in self._sessions(seat, meeting):
                if clinic.clinician == seat.clinician and clinic.meetings is not None:
                    clinic.meetings = [kept for kept in clinic.meetings if kept.starts != meeting.starts]

    def make_room(self, meeting: Meeting) -> None:
        """Clear the time of a meeting in sessions that are in diaries already: who is booked is given another."""
        for seat in meeting.seats:
            clinic = self._session(seat, meeting)
            if clinic is not None:
                self._clear(seat, clinic, meeting.starts, self._ends(meeting))
                keep_time(clinic, meeting.starts, self._ends(meeting))

    def works(self, practice: OpenPractice, who: str, what: str, minutes: float) -> None:
        """Let somebody spend minutes around a meeting; those of a role of the practice go into its rota."""
        if self.is_own(practice, who):
            practice.office.around_meeting(who, minutes)
        self.spend(practice, who, what, minutes)

    def spend(self, practice: OpenPractice, who: str, what: str, minutes: float) -> None:
        """Write the minutes of somebody in or around a meeting."""
        if minutes > 0:
            practice.recorder.note_world(log.MDT_TIME, who, f"{self._name}.{what}", minutes)

    def is_own(self, practice: OpenPractice, who: str) -> bool:
        """Tell whether somebody is in the practice's own rota."""
        member = self._rules.members.get(who)
        return (member is None or not member.external) and practice.settings.works(who)

    def _prepare_min(self, name: str, cases: int) -> float:
        return self._rules.members[name].prepare_min * cases

    def _comes(self, name: str, meeting: Meeting) -> bool:
        member = self._rules.members[name]
        if not member.external:
            return False
        return luck_of(join(self._world, name, meeting.number, meeting.day)).u(_COMES) < member.there_share

    def _sits(self, seat: Seat, meeting: Meeting, minutes: float) -> None:
        practice = self._practice(seat, meeting)
        for clinic in self._sessions(seat, meeting):
            for kept in clinic.meetings or ():
                if clinic.clinician == seat.clinician and kept.starts == meeting.starts:
                    kept.until, kept.host = kept.starts + minutes, meeting.host
                    kept.tell = lambda there: self.spend(practice, seat.clinician, MEETING, there)

    def _clear(self, seat: Seat, clinic: Clinic, starts: float, ends: float) -> None:
        taken = slots_between(clinic, starts, ends)
        if seat.practice == THE_HUB and self._hub is not None:
            self._hub.clear(clinic, taken)
            return
        story = self._stories[seat.practice]
        for contact in story.practice.book.clear(clinic, taken):
            follow(story.journey.initiated.move(contact))

    def _practice(self, seat: Seat, meeting: Meeting) -> OpenPractice:
        """Return the practice in whose rota a seat is; what the hub's people do for a meeting is its host's."""
        return self._stories[meeting.host if seat.practice == THE_HUB else seat.practice].practice

    def _sessions(self, seat: Seat, meeting: Meeting) -> Sequence[Clinic]:
        if seat.practice == THE_HUB and self._hub is not None:
            return self._hub.clinics_on.get(meeting.day, ())
        return self._stories[seat.practice].practice.book.clinics_on.get(meeting.day, ())

    def _session(self, seat: Seat, meeting: Meeting) -> Clinic | None:
        """Return the session in which somebody has time kept for a meeting, None for who has not come to work."""
        return session_of(self._sessions(seat, meeting), seat.clinician, meeting.starts, self._ends(meeting))

    def _ends(self, meeting: Meeting) -> float:
        return meeting.starts + self._rules.meeting_min
