"""What happens to somebody at a place in the community: the list, the sessions, and what comes of it.

Read from the top: `send` is one referral, from being sent to its end. A person sent by the practice who is not helped
comes back to it; whoever was referred after a consultation, or went by themselves, does not.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any, Final

from pcqa_sim.community.places import Place
from pcqa_sim.journey.contacts import Contacts
from pcqa_sim.kernel.environment import Event
from pcqa_sim.kernel.pool import Pool, Request
from pcqa_sim.kernel.process import follow
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.scenario.groups.triage import PLACE_OF, Signpost
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.distributions import exponential
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import (
    BACK_AS_ADVISED,
    BOUNCED,
    COMMUNITY,
    NEVER_ASKED,
    SEEN_THERE,
    SELF_TREATED,
    WENT_ELSEWHERE,
    WRONGLY_ADVISED,
    Contact,
    Need,
)
from pcqa_sim.values.words import Happening, PlaceEnding, PlaceRoute

SIGNPOSTED: Final = PlaceRoute.SIGNPOSTED.value
OFFERED: Final = PlaceRoute.OFFERED.value
REFERRED: Final = PlaceRoute.REFERRED.value
JOINED: Final = PlaceRoute.JOINED.value
COMPLETED: Final = PlaceEnding.COMPLETED.value
DROPPED_OUT: Final = PlaceEnding.DROPPED_OUT.value
DECLINED: Final = PlaceEnding.DECLINED.value
LEFT_THE_LIST: Final = PlaceEnding.LEFT_THE_LIST.value
LOST: Final = PlaceEnding.LOST.value
SENT_AWAY: Final = PlaceEnding.BOUNCED.value
AT_ONCE: Final = "nothing"
PLACES: Final = "places"

_LOST: Final = activity("referral_to_a_place_lost")
_PATIENCE: Final = activity("patience_on_a_place_list")
_STAYS: Final = activity("comes_to_a_place_again")
_BETWEEN: Final = activity("days_between_sessions")
_HELPED: Final = activity("met_elsewhere")
_RETURNS: Final = activity("returns_from_a_place")
_BACK: Final = activity("back_from_elsewhere")
_AS_ADVISED: Final = activity("comes_back_as_advised")

Going = Generator[Event, Any, None]


class Referral:
    """One person's way to one place: since when, how they came to it, and for which contact (None: for none)."""

    __slots__ = ("contact", "need", "ordinal", "place", "route", "since")

    def __init__(self, need: Need, contact: Contact | None, place: Place, route: str, since: float) -> None:
        self.need = need
        self.contact = contact
        self.ordinal = -1 if contact is None else contact.ordinal
        self.place = place
        self.route = route
        self.since = since


@mypyc_attr(allow_interpreted_subclasses=True)
class CommunityStory:
    """What happens to one practice's people at the places of its community."""

    def __init__(self, practice: OpenPractice, contacts: Contacts) -> None:
        self._practice = practice
        self._env = practice.env
        self._recorder = practice.recorder
        self._contacts = contacts
        self._offered: Contact | None = None  # the last who took up an offer

    # How somebody comes to a place.

    def _knows(self, ending: str, person: int) -> Place | None:
        """Return the place that a person is signposted to whose need would end so, None where there is none."""
        place = self._practice.community.place(PLACE_OF.get(ending, ending), person)
        return place if place is not None and place.name in self._practice.settings.community else None

    def go(self, contact: Contact, to: str) -> None:
        """Go where the practice sent somebody, or what they took up when it was offered."""
        place = self._knows(to, contact.need.person)
        if place is None:
            self._go_where_no_place_is(contact, to)
            return
        route = OFFERED if self._offered is contact else SIGNPOSTED
        self.send(Referral(contact.need, contact, place, route, self._env.now))

    def _go_where_no_place_is(self, contact: Contact, to: str) -> None:
        """Go to a service that is no place of the community: it has no queue; the need is met there, or comes back."""
        need = contact.need
        there = self._practice.settings.triage.what_becomes_of(need.kind, to)
        need.sent_elsewhere = True
        need.steady = need.steady or to in SEEN_THERE
        if need.luck.u(_HELPED) < there.resolved_share:
            self._contacts.close(contact, to)
            return
        share, offered = there.as_advised_share, isinstance(there, Signpost)
        self._come_back(contact, there.return_days, share, to == SELF_TREATED and not offered)

    def offer(self, contact: Contact) -> Place | None:
        """Return the place that somebody is offered before anything else, and takes up; None to go on as before."""
        need = contact.need
        place = self._practice.community.offers(need)
        if place is None:
            return None
        if place.is_taken_up(need):
            self._offered = contact
            return place
        declined = Referral(need, None, place, OFFERED, self._env.now)  # nothing comes of it for the contact
        self._sent(declined)
        self._end(declined, DECLINED)
        return None

    def after_consultation(self, contact: Contact) -> None:
        """Refer somebody whose need was met to a place, or not: it is something more, and the need has ended."""
        place = self._practice.community.refers(contact.need)
        if place is not None:
            self.send(Referral(contact.need, contact, place, REFERRED, self._env.now))

    def join(self, need: Need) -> bool:
        """Let somebody go to a place who does not ask the practice; tell whether they do."""
        place = self._practice.community.joined(need)
        if place is None:
            return False
        self._contacts.arise(need)
        self.send(Referral(need, None, place, JOINED, self._env.now))
        return True

    # One referral: sent, taken up, waiting, looked after, and its end.

    def send(self, referral: Referral) -> None:
        """Follow a referral to its end."""
        self._sent(referral)
        need, place = referral.need, referral.place
        if referral.route in (SIGNPOSTED, OFFERED):
            need.sent_elsewhere = True
        signpost = self._signpost_of(referral)
        if referral.route in (SIGNPOSTED, REFERRED) and signpost is None and not place.is_taken_up(need):
            self._end(referral, DECLINED)
        elif place.settings.lost_share > 0 and need.luck.u(_LOST) < place.settings.lost_share:
            self._end(referral, LOST)
        else:
            follow(self._go(referral))

    def _go(self, referral: Referral) -> Going:
        """Wait for a place and a first session, go there until the last, and end."""
        need, place = referral.need, referral.place
        patience = math.inf if place.patience is None else place.patience.quantile(need.luck.u(_PATIENCE))
        gives_up = self._env.now + patience
        pool, request, waited_for = place.pool, None, AT_ONCE
        if pool is not None:
            request = pool.ask()
            if not request.granted:
                waited_for = PLACES
                if not place.settings.keeps_list:
                    pool.withdraw(request)
                    self._end(referral, SENT_AWAY)
                    return
                granted = yield from pool.wait(request, patience)
                if not granted:
                    self._end(referral, LEFT_THE_LIST)
                    return
        at = place.bookings.earliest(self._env.now)
        if place.bookings.binds and waited_for == AT_ONCE:
            waited_for = place.bookings.binds
        if at < 0 or at > gives_up or (waited_for not in (AT_ONCE, PLACES) and not place.settings.keeps_list):
            yield from self._leave(referral, pool, request, gives_up)
            return
        place.bookings.book(at)
        if at > self._env.now:
            yield self._env.timeout(at - self._env.now)
        begun = self._env.now - referral.since
        self._note(referral, log.PLACE_BEGAN, waited_for, begun / DAY)
        came = yield from self._sessions(referral)
        if pool is not None and request is not None:
            pool.release(request)
        if came < place.settings.sessions:
            self._end(referral, DROPPED_OUT)
        elif self._is_helped(referral):
            self._practice.experience.was_given(need.person, Happening.COMMUNITY.value)
            self._end(referral, COMPLETED)
        else:
            self._end(referral, SENT_AWAY)

    def _leave(self, referral: Referral, pool: Pool | None, request: Request | None, gives_up: float) -> Going:
        """Leave the list when patience ends before a first session; at once where the place keeps no list."""
        if referral.place.settings.keeps_list:
            yield self._env.timeout(min(gives_up, self._env.now + _LONGEST) - self._env.now)
        if pool is not None and request is not None:
            pool.release(request)
        self._end(referral, LEFT_THE_LIST if referral.place.settings.keeps_list else SENT_AWAY)

    def _sessions(self, referral: Referral) -> Generator[Event, Any, int]:
        """Go to one session after the other; return to how many."""
        place, need = referral.place, referral.need
        settings, came, stays = place.settings, 0, place.stays(need.person)
        while True:
            yield self._env.timeout(settings.session_min)
            came += 1
            self._note_session(referral)
            effect = place.settings.effect
            if effect is not None and came == effect.after_sessions:
                self._practice.community.effects.begin(need.person, place.name, self._env.now, effect)
            if came >= settings.sessions:
                return came
            if stays < 1 and need.luck.u(_STAYS) >= stays:
                return came
            gap = place.days_between(need.luck.u(_BETWEEN)) if settings.irregular else place.between
            at = place.bookings.earliest(self._env.now + gap)
            if at < 0:
                return came
            place.bookings.book(at)
            if at > self._env.now:
                yield self._env.timeout(at - self._env.now)

    def _is_helped(self, referral: Referral) -> bool:
        """Decide whether a need is met where somebody went."""
        need, signpost = referral.need, self._signpost_of(referral)
        share = referral.place.settings.resolves.get(need.kind, 0.0) if signpost is None else signpost.resolved_share
        return need.luck.u(_HELPED) < share

    def _signpost_of(self, referral: Referral) -> Signpost | None:
        """Return what the access model says of people whom it sends there: its own words come before the place's."""
        if referral.route != SIGNPOSTED:
            return None
        signpost = self._practice.settings.triage.signposts.get(referral.need.kind)
        if signpost is None or PLACE_OF.get(signpost.to, signpost.to) != referral.place.name:
            return None
        return signpost

    # What comes of it.

    def _end(self, referral: Referral, ending: str) -> None:
        """End a referral, and the need with it or not."""
        place, need = referral.place, referral.need
        place.open -= 1
        self._note(referral, log.PLACE_ENDED, ending, (self._env.now - referral.since) / DAY)
        if referral.route == JOINED:
            self._recorder.need_ended(need, -1, COMMUNITY if ending == COMPLETED else NEVER_ASKED)
        elif referral.route != REFERRED and not (referral.route == OFFERED and ending == DECLINED):
            self._after(referral, ending == COMPLETED)

    def _after(self, referral: Referral, is_met: bool) -> None:
        """End the need of somebody whom the practice sent, or let them ask again; unless that is past."""
        contact, need = referral.contact, referral.need
        if contact is None or need.latest is not contact or need.ends is not None:
            return  # it has become worse meanwhile, and they have asked again
        if is_met:
            self._contacts.close(contact, ending_at(referral.place.name))
            return
        signpost, settings = self._signpost_of(referral), referral.place.settings
        if settings.returns_share < 1 and need.luck.u(_RETURNS) >= settings.returns_share:
            self._contacts.close(contact, SELF_TREATED)
            return
        mean = settings.return_days if signpost is None else signpost.return_days
        share = settings.as_advised_share if signpost is None else signpost.as_advised_share
        advised = referral.route == SIGNPOSTED and signpost is None and ending_at(referral.place.name) == SELF_TREATED
        self._come_back(contact, mean, share, advised)

    def _come_back(self, contact: Contact, mean_days: float, as_advised: float, is_advice: bool) -> None:
        """Ask again at a usual time so many days later: as advised, wrongly advised, or not helped there."""
        need = contact.need
        days = exponential(mean_days, need.luck.u(_BACK))
        if as_advised > 0 and need.luck.u(_AS_ADVISED) < as_advised:
            cause = BACK_AS_ADVISED
        else:
            cause = WRONGLY_ADVISED if is_advice else BOUNCED
        self._contacts.come_back(contact, days, cause)

    # Rows of the log.

    def _sent(self, referral: Referral) -> None:
        pool = referral.place.pool
        referral.place.open += 1
        self._note(referral, log.PLACE_SENT, referral.route, 0 if pool is None else pool.waiting)

    def _note_session(self, referral: Referral) -> None:
        """Write a session, and put its minutes into the rota of the practice's role whose caseload it is."""
        settings = referral.place.settings
        role = settings.worked_by or ""
        if not self._practice.settings.works(role):
            role = ""
        else:
            self._practice.office.ask(role, settings.session_min)
        self._note(referral, log.PLACE_SESSION, role, settings.session_min)

    def _note(self, referral: Referral, event: str, code: str, amount: float) -> None:
        self._recorder.note_at_place(referral.need, referral.ordinal, event, referral.place.name, code, amount)


def ending_at(place: str) -> str:
    """Return how a need ends that is met at a place."""
    if place in WENT_ELSEWHERE:
        return place
    return SELF_TREATED if place == PLACE_OF[SELF_TREATED] else COMMUNITY


_LONGEST: Final = 3650 * DAY  # minutes; as good as never
