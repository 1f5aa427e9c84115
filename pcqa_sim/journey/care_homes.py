"""Care homes: what waits for the weekly round, whom staff call at night, the round itself, and who goes to hospital."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, Final

from pcqa_sim.community.care_homes import ADMISSION, ATTENDANCE, CLOSED, NOBODY_IN
from pcqa_sim.journey.contacts import Ask, Contacts
from pcqa_sim.kernel.environment import Event
from pcqa_sim.kernel.process import follow
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.scenario.groups import WeeklyRound
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WEEK
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import AN_EMERGENCY, EMERGENCY_DEPARTMENT, PHONE, RESOLVED, URGENT, Need
from pcqa_sim.values.words import Service

_MET_ON_ROUND: Final = activity("met_on_the_round")
_SEEN_TO_BY_111: Final = activity("seen_to_by_111")
NHS_111: Final = Service.NHS_111.value
LATER: Final = "later"

Going = Generator[Event, Any, None]


@mypyc_attr(allow_interpreted_subclasses=True)
class CareHomesStory:
    """What happens to the residents of one practice's care homes that is not asked of the practice there and then."""

    def __init__(self, practice: OpenPractice, contacts: Contacts, ask: Ask) -> None:
        self._practice = practice
        self._env = practice.env
        self._contacts = contacts
        self._ask = ask
        self._kept: list[tuple[Need, str]] = []

    def begin(self, weeks: int) -> None:
        """Let the weeks of the run bring residents to hospital, and rounds to the homes."""
        follow(self._go_to_hospital(weeks))
        follow(self._go_round(weeks))

    # What staff do about a need.

    def sees_to(self, need: Need, channel: str) -> bool:
        """Let staff see to a need without asking the practice now, if it is a resident's; tell whether they do."""
        if not self._practice.homes.lives_in_one(need.person):
            return False
        return self._calls_111(need) or self._keeps(need, channel)

    def _keeps(self, need: Need, channel: str) -> bool:
        """Keep a need for the round instead of asking about it now, if it can wait; tell whether that is seen to."""
        if not self._practice.homes.waits_for_round(need):
            return False
        self._contacts.arise(need)
        if need.urgency >= URGENT:  # the staff see that it cannot wait
            follow(self._ask(need, channel=channel))
        else:
            self._kept.append((need, channel))
        return True

    def _calls_111(self, need: Need) -> bool:
        """Call NHS 111, or an ambulance, about what cannot wait while the practice is closed; tell whether so.

        111 sees to it, by sending somebody or by what it says, or tells staff to ask the practice when it opens.
        """
        practice, now = self._practice, self._env.now
        if practice.reception.lines_open(now) or not practice.kinds[need.kind].clinical:
            return False
        if self._contacts.urgency_of(need) < URGENT:
            return False
        self._contacts.arise(need)
        whom = EMERGENCY_DEPARTMENT if need.urgency == AN_EMERGENCY else NHS_111
        practice.recorder.note_home_called(need, f"home.{practice.homes.home_of(need.person) + 1}", whom)
        there = practice.settings.triage.elsewhere.get(whom)
        if whom == NHS_111 and there is not None and need.luck.u(_SEEN_TO_BY_111) >= there.resolved_share:
            at = practice.calendar.next_opening(now) + self._contacts.timing.after_opening(need)
            self._contacts.ask_later(at, need, PHONE)
        else:
            practice.recorder.need_ended(need, -1, whom)
        return True

    # What the weeks bring.

    def _go_to_hospital(self, weeks: int) -> Going:
        """Let residents go to A&E at the rate of homes, some of them to stay."""
        for week in range(weeks):
            for trip in self._practice.homes.trips(week):
                yield self._env.timeout(trip.at - self._env.now)
                code = ADMISSION if trip.admitted else ATTENDANCE
                self._practice.recorder.note_resident(trip.person, f"home.{trip.home + 1}", code)
            yield self._env.timeout((week + 1) * WEEK - self._env.now)

    def _go_round(self, weeks: int) -> Going:
        """Let the round be made each week: on its day, else on the first later one of the week that has somebody in."""
        for week in range(weeks):
            first, why_not = self._practice.homes.round_day(), ""
            if first < 0:
                self._see_to_kept({})  # there are rounds no more
            for day in range(first, 7) if first >= 0 else ():
                rules = self._rules()
                if rules is None:
                    break
                yield self._env.timeout(week * WEEK + day * DAY + rules.time - self._env.now)
                hindered = self._hindered(rules)
                why_not = why_not or hindered
                if not hindered:
                    self._make_round(rules, LATER if day > first else "")
                    break
            else:
                if first >= 0:
                    self._practice.recorder.note_world(log.CARE_HOME_ROUND_MISSED, self._role(), why_not)
            yield self._env.timeout((week + 1) * WEEK - self._env.now)

    def _rules(self) -> WeeklyRound | None:
        rules = self._practice.homes.rules
        return None if rules is None else rules.round

    def _role(self) -> str:
        rules = self._rules()
        return "" if rules is None else rules.role

    def _hindered(self, rules: WeeklyRound) -> str:
        """Return why nobody can go round today, "" where somebody can: it is closed, or none of them is in."""
        practice = self._practice
        if practice.calendar.hours_of(practice.today) is None:
            return CLOSED
        working = practice.book.clinics_on.get(practice.today, ())
        return "" if any(clinic.role == rules.role for clinic in working) else NOBODY_IN

    def _make_round(self, rules: WeeklyRound, when: str) -> None:
        """Go round the homes: each resident is looked in on, and what was kept is seen to or asked about."""
        practice = self._practice
        each = len(practice.homes.residents) * rules.resident_min
        minutes = practice.homes.many * rules.travel_min + each + len(self._kept) * rules.minutes
        practice.office.ask(rules.role, minutes)
        practice.recorder.note_world(log.CARE_HOME_ROUND, rules.role, when, minutes)
        self._see_to_kept(rules.resolves)

    def _see_to_kept(self, met: Mapping[str, float]) -> None:
        """Let what was kept for the round be met there, by kind of need a share of it, or be asked about."""
        kept, self._kept = self._kept, []
        for need, channel in kept:
            if need.luck.u(_MET_ON_ROUND) < met.get(need.kind, 0.0):
                self._practice.recorder.need_ended(need, -1, RESOLVED)
            else:
                follow(self._ask(need, channel=channel))
