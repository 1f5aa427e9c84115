"""What people ask of the diary: on which days, in which modes, with whom, and whether in a longer slot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from pcqa_sim.clinic.covering import Covering
from pcqa_sim.clinic.need_rules import KindRules
from pcqa_sim.population.people import People
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.groups import HandOff, Programme
from pcqa_sim.scenario.reach import HOUSEBOUND
from pcqa_sim.values.clock import day_of
from pcqa_sim.values.distributions import Choice
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import (
    ANY_MODE,
    AT_HOME_ONLY,
    DESK,
    PLANNED_FOLLOW_UP,
    REARRANGED,
    SEEN_ONLY,
    Contact,
    Need,
    Slot,
    SlotRequest,
)
from pcqa_sim.values.words import GP

_DECLINES: Final = activity("would_not_go_elsewhere")
_WANTED: Final = activity("wanted_days", often=True)
_FACE_TO_FACE: Final = activity("has_to_be_seen", often=True)
_AT_HOME: Final = activity("at_home")
_ACCEPTS_LATER: Final = activity("accepts_a_later_day", often=True)
_INVITED_FOR: Final = activity("invited_for")
_WAITS_FOR_USUAL: Final = activity("waits_for_usual_clinician")
_PLANNED_MODE: Final = activity("mode_of_planned_care", often=True)

_A_WEEK: Final = (
    7  # days within which people who have been seen already can be seen again, urgent as the need was at first
)
_A_QUARTER: Final = 91  # days in which consultations are counted
_MOST_SEEN: Final = 100
_FOLLOW_UP_WITHIN: Final = 14  # days after the interval planned within which a follow-up is booked


@mypyc_attr(allow_interpreted_subclasses=True)
class SlotRequests:
    """Makes slot requests from the needs of a practice's people and its settings; `today` is the day of the run."""

    def __init__(self, people: People, hand_off: HandOff | None = None) -> None:
        """Make requests of some people, who may be seen elsewhere in their network where `hand_off` says what it is."""
        self.today = 0
        self._hand_off = hand_off
        self._people = people
        self._seen_on: dict[int, list[int]] = {}  # of each person, the days of the latest consultations
        self._housebound: list[bool] = np.isin(np.array(people.segments)[people.segment], HOUSEBOUND).tolist()

    def use(self, settings: Practice, kinds: Mapping[str, KindRules], usual: Sequence[str], covering: Covering) -> None:
        """Let settings take effect; `usual` is each person's usual clinician, `covering` what roles have at all."""
        self._covering = covering
        self._preferences = Preferences(settings, self._people)
        self._travel_min = float(settings.appointments.travel_min)
        self._days_level = float(settings.planned.days_level)
        self._triage = settings.triage.clinician_triage
        self._kinds = kinds
        self._usual = usual
        self._only = {rules.name: Only(rules.modes) for rules in kinds.values() if rules.modes is not None}

    def planned_role(self, kind: str) -> str:
        """Return the role that does a kind of planned care, "" for what people bring themselves."""
        programme = self._kinds[kind].programme
        return "" if programme is None else programme.role

    def is_administrative(self, kind: str) -> bool:
        """Tell whether a kind of need has no clinical question."""
        return self._kinds[kind].administrative

    def who_sees(self, contact: Contact, role: str) -> str:
        """Return the role that is to see a person sent to a role: that one, unless it has no such appointments at all.

        Planned care stays with the role of its programme.
        """
        need = contact.need
        planned = self._kinds[need.kind].programme is not None
        return role if planned else self._covering.instead(need, role, self.modes(need))

    def slot_request(self, contact: Contact, role: str) -> SlotRequest:
        """Return what a person would ask of the diary, if they are to see a role."""
        need = contact.need
        rules = self._kinds[need.kind]
        if need.asks_to_book and rules.programme is not None and contact.cause != REARRANGED and need.given_back < 0:
            return self.invited(need, rules.programme)
        first, last = self._days(need, rules)
        preferences = self._preferences
        minds = role == GP and (rules.relational or preferences.all_kinds)
        usual = self._usual_to_prefer(need.person) if minds else ""
        with_whom = usual
        if contact.cause == PLANNED_FOLLOW_UP and not (usual and preferences.all_kinds):
            with_whom = need.seen_by
        return SlotRequest(
            role,
            first,
            min(last, self._horizon()),
            self.modes(need),
            need.today,
            need.today,
            with_whom,
            preferences.tolerance_days,
            False,
            preferences.complex_for is not None and self.is_complex(need),
            0.0 if contact.channel == DESK else self._travel_min,
            False,
            preferences.beyond_latest and bool(usual) and self._can_wait(need),
            self._elsewhere(need),
        )

    def _elsewhere(self, need: Need) -> float:
        """Return the minutes that a person needs to come to another practice or the hub; below 0 they would not go."""
        hand_off = self._hand_off
        if hand_off is None or (hand_off.declines_share and need.luck.first(_DECLINES) < hand_off.declines_share):
            return -1.0
        return self._travel_min + hand_off.travel_min

    def _days(self, need: Need, rules: KindRules) -> tuple[int, int]:
        """Return the first day somebody wants to be seen on, and the last that will do.

        Who has cancelled wants a later day than the one given back: what was sooner had been looked for before.
        """
        first, last = self._days_at_first(need, rules)
        later = max(0, need.given_back + 1 - first)
        return first + later, last + later

    def _days_at_first(self, need: Need, rules: KindRules) -> tuple[int, int]:
        """Return the first and the last day of somebody who has cancelled nothing."""
        today = self.today
        if need.today:
            later = rules.accepts_later_share and need.luck.first(_ACCEPTS_LATER) < rules.accepts_later_share
            return today, today + rules.latest_days if later else today
        first = max(today, day_of(need.arose) + self.wanted_days(need))
        return first, first + (max(_A_WEEK, rules.latest_days) if need.seen_by else rules.latest_days)

    def _own_for_all(self, need: Need, role: str) -> str:
        """Return a person's usual clinician if they would rather see them with any need, "" otherwise."""
        all_kinds = role == GP and self._preferences.all_kinds
        return self._usual_to_prefer(need.person) if all_kinds else ""

    def _can_wait(self, need: Need) -> bool:
        """Tell whether a person waits for their usual clinician, even if they want help today."""
        share = self._preferences.today_waits_share
        return not need.today or (share > 0 and need.luck.first(_WAITS_FOR_USUAL) < share)

    def first_day(self, need: Need) -> int:
        """Return the first day of the run on which somebody wants to be seen, today at the earliest."""
        return self._days(need, self._kinds[need.kind])[0]

    def _usual_to_prefer(self, person: int) -> str:
        """Return a person's usual clinician if they have a preference or were named one, "" otherwise."""
        prefers = self._preferences.prefers_usual[person] or self._is_named_one(person)
        return self._usual[person] if prefers else ""

    def _is_named_one(self, person: int) -> bool:
        """Tell whether a person is seen so often that they are told whom to ask for."""
        least = self._preferences.named_from
        if least is None:
            return False
        since = self.today - _A_QUARTER
        return sum(day > since for day in self._seen_on.get(person, ())) >= least

    def saw(self, person: int) -> None:
        """Remember a consultation of a person."""
        days = self._seen_on.setdefault(person, [])
        days.append(self.today)
        if len(days) > _MOST_SEEN:
            del days[0]

    def is_complex(self, need: Need) -> bool:
        """Tell whether a need is to have a longer first consultation, if there is one."""
        of_whom = self._preferences.complex_for
        if of_whom is None or need.seen_by or not self._kinds[need.kind].relational:
            return False
        return of_whom[need.person]

    def wanted_days(self, need: Need) -> int:
        """Return how many days after it arose a person wants a need seen to, at the earliest."""
        wanted = self._kinds[need.kind].wanted
        return 0 if wanted is None or need.today else int(wanted.quantile(need.luck.first(_WANTED)))

    def is_late(self, need: Need, days: float) -> bool:
        """Tell whether it is past the last day that would do, and so many days past the first, since it was asked."""
        first = max(day_of(need.asked), day_of(need.arose) + self.wanted_days(need), need.given_back + 1)
        return self.today > first + max(days, self._kinds[need.kind].latest_days)

    def modes(self, need: Need) -> frozenset[str]:
        """Return the modes in which a need can be met: at home, face to face only, or any but at home.

        Planned care may have one of its own for each person.
        """
        rules = self._kinds[need.kind]
        if rules.modes is not None:
            return self._only[need.kind].modes(need.luck.first(_PLANNED_MODE))
        may_be_at_home = rules.home_visit_share and (rules.programme is not None or self._housebound[need.person])
        if may_be_at_home and need.luck.first(_AT_HOME) < rules.home_visit_share:
            return AT_HOME_ONLY
        if rules.face_to_face_share and need.luck.first(_FACE_TO_FACE) < rules.face_to_face_share:
            return SEEN_ONLY
        return ANY_MODE

    def clinician_triage(self) -> SlotRequest:
        """Return what a request asks of the diary if a clinician is to triage it: the soonest there is.

        People who do not want to be seen today can still be called today.
        """
        triage, today = self._triage, self.today
        assert triage is not None
        modes = frozenset({triage.mode})
        return SlotRequest(
            triage.role, today, today + triage.within_days, modes, triage=True, comes_in=self._travel_min
        )

    def flagged(self, contact: Contact, role: str) -> SlotRequest:
        """Return what is asked for a need that was flagged as urgent: today, whoever has the time."""
        today, comes_in = self.today, 0.0 if contact.channel == DESK else self._travel_min
        modes = self.modes(contact.need)
        away = self._elsewhere(contact.need)
        return SlotRequest(
            role, today, today, modes, urgent=True, today_first=True, comes_in=comes_in, flagged=True, elsewhere=away
        )

    def follow_up(self, need: Need, slot: Slot, days: float) -> SlotRequest:
        """Return the slot request for a follow-up so many days after a consultation, with the same clinician."""
        first = self.today + max(1, round(days))
        last = min(first + _FOLLOW_UP_WITHIN, self._horizon())
        tolerance = self._preferences.tolerance_days
        usual = self._own_for_all(need, slot.role) or slot.clinician
        away = self._elsewhere(need)
        return SlotRequest(slot.role, first, last, self.modes(need), usual=usual, tolerance=tolerance, elsewhere=away)

    def invited(self, need: Need, programme: Programme) -> SlotRequest:
        """Return the slot request for planned care: each person has their own first day."""
        nearness = need.luck.first(_INVITED_FOR) ** 2
        first = programme.first_days + nearness * (programme.last_days - programme.first_days)
        days = int(first * self._days_level)
        today = self.today
        last = min(today + days + programme.within_days, self._horizon())
        comes_in, away = self._travel_min, self._elsewhere(need)
        return SlotRequest(programme.role, today + days, last, self.modes(need), comes_in=comes_in, elsewhere=away)

    def again(self, need: Need, role: str) -> SlotRequest:
        """Return the slot request that replaces an appointment the practice cancelled: same role, as soon as can be."""
        today = self.today
        last = today + max(_A_WEEK, self._kinds[need.kind].latest_days)
        return SlotRequest(
            role,
            today,
            min(last, self._horizon()),
            self.modes(need),
            urgent=True,
            comes_in=self._travel_min,
            elsewhere=self._elsewhere(need),
        )

    def _horizon(self) -> int:
        return self.today + self._preferences.horizon_days


class Preferences:
    """What settings say of whom people would rather see and how far ahead they can book, as plain numbers.

    `prefers_usual` tells of each person whether they have a preference, `complex_for` whether a complex need of theirs
    is to have a longer slot, None where there are no such slots.
    """

    __slots__ = (
        "all_kinds",
        "beyond_latest",
        "complex_for",
        "horizon_days",
        "named_from",
        "prefers_usual",
        "today_waits_share",
        "tolerance_days",
    )

    def __init__(self, settings: Practice, people: People) -> None:
        continuity, kept = settings.appointments.continuity, settings.appointments.complex_needs
        self.all_kinds = bool(continuity.all_kinds)
        self.beyond_latest = bool(continuity.beyond_latest)
        self.today_waits_share = float(continuity.today_waits_share)
        self.tolerance_days = int(continuity.tolerance_days)
        self.named_from = continuity.named_from
        self.horizon_days = int(settings.appointments.horizon_days)
        self.prefers_usual: list[bool] = (np.asarray(people.prefers) < continuity.prefers_usual_share).tolist()
        self.complex_for: list[bool] | None = None
        if kept is not None:
            of_segment = np.array([name in kept.segments for name in people.segments])
            self.complex_for = of_segment[people.segment].tolist()


class Only:
    """The one mode in which each person's planned care of a programme is done."""

    __slots__ = ("_choice", "_sets")

    def __init__(self, choice: Choice) -> None:
        self._choice = choice
        self._sets = {mode: frozenset((mode,)) for mode in choice.options}

    def modes(self, u: float) -> frozenset[str]:
        """Return that of a person at a share `u` of them."""
        return self._sets[self._choice.pick(u)]
