"""Back-office work: who does which paperwork, and the pile of one role, worked off first come first served.

Work is counted in minutes: an item that arrived when `arrived` minutes had come in is done once as many minutes have
been worked. Nothing waits here as a process, and nothing is drawn.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from typing import Final

from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.groups import RESULT, PaperItem, Role
from pcqa_sim.values.distributions import Choice
from pcqa_sim.values.needs import Contact

NOTES: Final = "notes"
SUPERVISION: Final = "supervision"
QUESTIONS: Final = "questions_of_reception"
RECORD: Final = "other_record"  # what was written down elsewhere, put into the practice's own record
PEER_REVIEW: Final = "peer_review"
AROUND_MEETINGS: Final = "around_meetings"


class Paperwork:
    """The paperwork of one role, in minutes since the run began."""

    def __init__(self, waiting: float = 0.0) -> None:
        """Begin with so many minutes of paperwork waiting."""
        self.arrived = waiting
        self.done = 0.0
        self._awaited: deque[tuple[float, float, Contact]] = deque()
        self._made: defaultdict[str, float] = defaultdict(float)
        self._closings: deque[float] = deque()

    @property
    def waiting(self) -> float:
        """Return the minutes of paperwork that wait."""
        return max(0.0, self.arrived - self.done)

    def add(self, item: str, minutes: float) -> None:
        """Add paperwork that nobody in particular waits for."""
        self.arrived += minutes
        self._made[item] += minutes

    def add_awaited(self, item: str, minutes: float, contact: Contact, not_before: float = 0.0) -> None:
        """Add an item that a person waits for: a result that has come back, a prescription asked for.

        Nobody has it before the minute `not_before`, however soon the pile is worked off.
        """
        self.add(item, minutes)
        self._awaited.append((self.arrived, not_before, contact))

    def work(self, minutes: float) -> float:
        """Work up to so many minutes; return how many there was work for."""
        worked = min(minutes, self.waiting)
        self.done = self.arrived if worked == self.waiting else self.done + worked
        return worked

    def finished(self, now: float = math.inf) -> list[Contact]:
        """Return, once each, whose items have been dealt with by a minute, in the order in which they came."""
        done: list[Contact] = []
        early: list[tuple[float, float, Contact]] = []
        while self._awaited and self._awaited[0][0] <= self.done:
            item = self._awaited.popleft()
            if item[1] <= now:
                done.append(item[2])
            else:
                early.append(item)
        self._awaited.extendleft(reversed(early))
        return done

    def close_day(self) -> None:
        """Remember at closing time what has come in so far, so that it is known how old the oldest paper is."""
        self._closings.append(self.arrived)

    @property
    def days_behind(self) -> int:
        """Return how many times the practice has closed since the oldest paper that still waits came in."""
        while self._closings and self._closings[0] <= self.done:
            self._closings.popleft()
        return len(self._closings)

    def is_behind_at_most(self, days: float) -> bool:
        """Tell whether it is so many days behind, or fewer; a look at one closing tells it of most piles."""
        return len(self._closings) <= days or self.days_behind <= days

    def made(self) -> dict[str, float]:
        """Return the minutes that have come in since this was last asked, by item."""
        made, self._made = self._made, defaultdict(float)
        return made


class ListWork:
    """Work on lists of one role that can wait: reviews of records, people found to be invited, by name.

    It comes in day by day and is done where neither a patient nor a paper waits; nobody stays on for it, and what would
    wait for more than so many days lapses.
    """

    def __init__(self, minutes_a_day: dict[str, float], kept_days: float) -> None:
        """Begin with a day's work."""
        self.waiting: dict[str, float] = {}
        self.use(minutes_a_day, kept_days)

    def use(self, minutes_a_day: dict[str, float], kept_days: float) -> None:
        """Let so much come in from now on; what waits stays, and work that is new begins with a day's."""
        self._a_day = {name: minutes for name, minutes in minutes_a_day.items() if minutes > 0}
        self._kept_days = max(kept_days, 1.0)
        self.waiting = {name: self.waiting.get(name, minutes) for name, minutes in self._a_day.items()}

    def begin_day(self) -> None:
        """Let a day's work come in."""
        for name, minutes in self._a_day.items():
            self.waiting[name] = min(self.waiting[name] + minutes, self._kept_days * minutes)

    def work(self, minutes: float) -> dict[str, float]:
        """Work up to so many minutes, what was named first coming first; return the minutes spent by name."""
        spent = {}
        for name, waits in self.waiting.items():
            here = min(minutes, waits)
            if here > 0:
                spent[name] = here
                self.waiting[name] = waits - here
                minutes -= here
        return spent


class Office:
    """How a practice deals out its paperwork, by its settings; roles in which nobody works do none.

    `of_list` has the minutes a working day by role and item; `of_consultation`, by the role that consults, who does
    what: (role, item, minutes). `who_does` chooses who sees to an item that somebody asks for; `who_files_result`, by
    the role that ordered a test, who sees to its result.
    """

    def __init__(self, practice: Practice) -> None:
        """Deal out what the list and each consultation make."""
        self._practice = practice
        items = practice.backoffice.items
        asked = {name: self._working(item.by) for name, item in items.items()}
        self.of_list: dict[str, dict[str, float]] = {role: {} for role in practice.role}
        for name, item in items.items():
            for role, share in asked[name].items():
                minutes = item.per_1000_day * practice.list_size / 1000 * item.minutes * share
                if minutes:
                    self.of_list[role][name] = minutes
        self.of_consultation = {name: self._of_one(name, role) for name, role in practice.role.items()}
        self.who_does = {name: _choice(shares) for name, shares in asked.items() if shares}
        self.who_files_result = {maker: _choice(self._doers(items[RESULT], maker)) for maker in practice.role}

    def _working(self, shares: dict[str, float]) -> dict[str, float]:
        """Return the shares of those who are there: what roles without anybody would do falls to them."""
        here = {role: share for role, share in shares.items() if share > 0 and self._practice.works(role)}
        total = sum(here.values())
        return {role: share / total for role, share in here.items()}

    def _of_one(self, name: str, role: Role) -> tuple[tuple[str, str, float], ...]:
        """Return what one consultation of a role makes: who does it, the item, and minutes."""
        papers = [(name, NOTES, role.notes_min)]
        if role.supervision_min and self._practice.works(role.supervised_by):
            papers.append((role.supervised_by, SUPERVISION, role.supervision_min))
        for made, number in role.makes.items():
            item = self._practice.backoffice.items[made]
            papers += [(doer, made, item.minutes * number * share) for doer, share in self._doers(item, name).items()]
        return tuple((doer, made, minutes) for doer, made, minutes in papers if minutes > 0)

    def _doers(self, item: PaperItem, maker: str) -> dict[str, float]:
        taken = {role: share for role, share in item.taken_over.items() if share and self._practice.works(role)}
        return taken | {maker: taken.get(maker, 0.0) + 1 - sum(taken.values())}


def _choice(shares: dict[str, float]) -> Choice:
    return Choice(tuple(shares), tuple(shares.values()))
