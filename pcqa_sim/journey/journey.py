"""The patient's story: a person asks, gets through or not, has it decided, is seen or not, and comes back.

Read from the top: `ask` is one contact, from the request to what came of it. A need that comes back goes through `ask`
again. Start here; getting_through.py, pending.py and practice_initiated.py tell the parts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pcqa_sim.clinic.consultation import consultation_sequel
from pcqa_sim.clinic.paperwork import RECORD
from pcqa_sim.frontdoor.recognition import Recognition
from pcqa_sim.journey.care_homes import CareHomesStory
from pcqa_sim.journey.community import CommunityStory
from pcqa_sim.journey.contacts import Contacts
from pcqa_sim.journey.deteriorating import Deteriorating
from pcqa_sim.journey.getting_through import GettingThrough
from pcqa_sim.journey.pending import Pending
from pcqa_sim.journey.practice_initiated import PracticeInitiated
from pcqa_sim.kernel.process import Steps, follow
from pcqa_sim.practice.experience import LATE, REFUSED
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, day_of
from pcqa_sim.values.distributions import exponential
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import (
    AN_EMERGENCY,
    APP,
    AT_HOME_ONLY,
    AWAITING_TEST,
    BROUGHT_IN,
    CALL_ANOTHER_DAY,
    CANCELLED,
    DESK,
    DNA_REBOOK,
    GAVE_UP,
    HANDED_OVER,
    LOST_HAND_OFF,
    MISSED,
    NEW,
    NO_NEXT_STEP,
    NOT_URGENT,
    ONLINE,
    PAPERWORK_TO_DO,
    PHONE,
    PLANNED_FOLLOW_UP,
    PRACTICE,
    RECOVERED,
    REFERRED,
    RESOLVED,
    SEEN,
    SENT_ON,
    SETTLED,
    SIGNPOSTED,
    TOLD_ANOTHER_DAY,
    TOLD_OR_DONE,
    WRONG_CLINICIAN,
    Contact,
    Disposition,
    Need,
    Slot,
    Visit,
)
from pcqa_sim.values.words import GP

_DNA_REBOOKS: Final = activity("dna_rebooks")
_DNA_DAYS: Final = activity("dna_days")
_LATE_DAYS: Final = activity("asks_late_days")
_BOOKS_AT_ONCE: Final = activity("follow_up_booked_at_once")
_SETTLED_AT_ONCE: Final = activity("settled_at_first_look")
_LOST_ON_THE_WAY: Final = activity("hand_over_is_lost", often=True)
_NOTICES: Final = activity("notices_lost_hand_over", often=True)
_ASKS_CLINICIAN: Final = activity("reception_asks_clinician")


class Journey:
    """What happens to the people of one practice."""

    def __init__(self, practice: OpenPractice) -> None:
        self._practice = practice
        self._env = practice.env
        self._recorder = practice.recorder
        self.contacts = Contacts(practice, self.ask)
        self.pending = Pending(practice, self.contacts)
        self.initiated = PracticeInitiated(practice, self.contacts, self.pending, self._attend)
        self.contacts.asked = Deteriorating(practice, self.contacts, self.pending, self.ask).begin
        self.pending.freed = lambda slot: follow(self.initiated.offer(slot))
        self.community = CommunityStory(practice, self.contacts)
        self.homes = CareHomesStory(practice, self.contacts, self.ask)
        self.nominates: list[Callable[[Need], None]] = []  # told of everybody who has been seen
        self._getting_through = GettingThrough(practice, self.contacts, self.pending, self._decide)

    # One contact: request, reached, decided, booked, seen, outcome.

    def ask(self, need: Need, parent: Contact | None = None, cause: str = NEW, channel: str = PHONE) -> Steps:
        """Ask for help once: get through, have it decided, and follow what was decided to its end."""
        if channel in (APP, DESK) and self._calls_instead(need, channel):
            channel = PHONE
        contact = self.contacts.open(need, parent, cause, channel)
        disposition = yield from self._getting_through.reach(contact)
        if disposition is None:
            return
        if disposition.slot is None:
            self._without_appointment(contact, disposition)
        else:
            yield from self._attend(contact)

    def _calls_instead(self, need: Need, channel: str) -> bool:
        """Tell who calls in place of the app or the desk: staff of a care home, and nobody books with a chest pain."""
        if self._practice.in_care_home(need.person):
            return True
        return channel == APP and need.urgency == AN_EMERGENCY and self._practice.recognition is not None

    def _decide(self, contact: Contact, who: str = "") -> Disposition:
        """Let the triage model decide, and book the slot it found before anybody else can."""
        practice, need = self._practice, contact.need
        offered = None if need.heard else self.community
        need.heard = True
        practice.expectations.channels.served(need.person, contact.channel)
        decider = who or practice.decider
        if practice.recognition is not None:
            self._recognise(contact, decider, practice.recognition)
        if need.flagged:
            disposition = practice.triage.decide_flagged(contact, practice.triage_view, need.luck)
            need.lost = False
        elif need.lost and practice.in_force.writes_referrals:  # it is written again: nobody need be seen
            disposition = Disposition(PAPERWORK_TO_DO)
        else:
            place = None if offered is None else offered.offer(contact)
            if place is None:
                disposition = practice.triage.decide(contact, practice.triage_view, need.luck)
            else:
                disposition = Disposition(SIGNPOSTED + place.name)
            if disposition.name == CALL_ANOTHER_DAY and practice.recognition is not None:
                disposition = self._after_asking(contact, disposition, practice.recognition)
        if disposition.slot is not None and self._is_lost_on_the_way(need, disposition.slot):
            disposition = Disposition(HANDED_OVER)
        if disposition.name == SETTLED and need.kind in practice.in_force.requests:
            disposition = Disposition(PAPERWORK_TO_DO)
        if need.today and not practice.book.last_list_has_begun:
            practice.expectations.learn(contact, disposition)
        self._recorder.note(contact, log.DECIDED, decider, disposition.name, self._env.now - contact.opened)
        slot = disposition.slot
        if slot is None and disposition.name == CALL_ANOTHER_DAY and practice.in_force.logs_refusals:
            self._note_refusal(contact)
        if slot is not None:
            if slot.opens > self._env.now:  # on top of a session, and not in the diary yet
                practice.book.put_on(slot)
            self.pending.book(contact, slot)
        return disposition

    def _is_lost_on_the_way(self, need: Need, slot: Slot) -> bool:
        """Tell whether what is handed over to another practice or the hub, for a later day, gets lost."""
        hand_off = self._practice.hand_off
        if hand_off is None or not hand_off.lost_share or self._practice.book.is_own(slot):
            return False
        return day_of(slot.start) > self._practice.today and need.luck.u(_LOST_ON_THE_WAY) < hand_off.lost_share

    def _lost(self, contact: Contact) -> None:
        """Let a person who was handed over and hears nothing ask days later."""
        hand_off = self._practice.hand_off
        assert hand_off is not None
        days = exponential(hand_off.noticed_mean_days, contact.need.luck.u(_NOTICES))
        self.contacts.come_back(contact, days, LOST_HAND_OFF)

    def _note_refusal(self, contact: Contact) -> None:
        """Write what somebody asked for who is told to call another day, for the empty slots to be held against."""
        requests, need = self._practice.requests, contact.need
        days = requests.first_day(need) - self._practice.today
        self._recorder.note(contact, log.NOTHING_FREE, need.wrong_role, "+".join(sorted(requests.modes(need))), days)

    def _recognise(self, contact: Contact, who: str, recognition: Recognition) -> None:
        """Let whoever decides judge whether a need is urgent, each time that it is asked about."""
        need, rules = contact.need, self._practice.kinds[contact.need.kind]
        planned = contact.cause == PLANNED_FOLLOW_UP or rules.programme is not None
        if rules.clinical and not planned:
            visit_today = need.today and self._practice.requests.modes(need) is AT_HOME_ONLY
            need.flagged = recognition.flags(contact, who, visit_today)
            need.judged += 1
        else:
            need.flagged = ""
        if need.flagged:
            self._recorder.note(contact, log.FLAGGED, who, need.flagged)

    def _after_asking(self, contact: Contact, refusal: Disposition, recognition: Recognition) -> Disposition:
        """Ask a clinician about somebody before they are told to call another day; return what is decided."""
        practice, need = self._practice, contact.need
        rules = practice.settings.triage.asks_clinician
        if rules is None or not practice.kinds[need.kind].clinical or not practice.settings.works(rules.role):
            return refusal
        if need.luck.u(_ASKS_CLINICIAN) >= rules.share:
            return refusal
        practice.office.ask(rules.role, rules.minutes)
        need.flagged = recognition.flags(contact, rules.role)
        need.judged += 1
        if not need.flagged:
            return refusal
        self._recorder.note(contact, log.FLAGGED, rules.role, need.flagged)
        return practice.triage.decide_flagged(contact, practice.triage_view, need.luck)

    def _without_appointment(self, contact: Contact, disposition: Disposition) -> None:
        """Follow a decision that booked nothing: away settled, waiting for a paper, elsewhere, or to ask again."""
        if disposition.name == SETTLED or disposition.name == TOLD_OR_DONE:
            self.contacts.close(contact, RESOLVED)
        elif disposition.name == PAPERWORK_TO_DO:
            self.pending.await_paper(contact)
        elif disposition.name == CALL_ANOTHER_DAY:
            self._turned_away(contact.need)
            self.contacts.choose_next_action(contact, TOLD_ANOTHER_DAY)
            self.pending.waiting.may_join_told(contact)
        elif disposition.name == NO_NEXT_STEP:
            self._turned_away(contact.need)
            self.contacts.choose_next_action(contact, NO_NEXT_STEP)
        elif disposition.name == HANDED_OVER:
            self._lost(contact)
        elif disposition.name.startswith(SENT_ON):
            self.initiated.send_on(contact, disposition.name.removeprefix(SENT_ON))
        else:
            self.community.go(contact, disposition.name.removeprefix(SIGNPOSTED))

    def _turned_away(self, need: Need) -> None:
        self._practice.experience.failed(need, self._practice.kinds[need.kind], REFUSED)

    def _attend(self, contact: Contact) -> Steps:
        """Wait to be called in (sessions.py calls), and come to what follows: seen, missed or cancelled."""
        visit, slot = contact.visit, contact.slot
        assert visit is not None
        assert slot is not None
        yield visit
        if visit.ending == SEEN:
            self._after_consultation(contact, slot, visit)
        elif visit.ending == MISSED:
            self._after_missed_appointment(contact)
        elif visit.ending == CANCELLED:
            self.pending.after_cancelling(contact)

    def _after_consultation(self, contact: Contact, slot: Slot, visit: Visit) -> None:
        """Resolved, a result awaited, asked to come again, or not resolved and back before long."""
        practice, need = self._practice, contact.need
        if slot.triage and not self._settled(need):
            self._bring_in(contact, slot, visit)
            return
        rules = practice.kinds[need.kind]
        chances = practice.consulting.chances(need, slot, visit.squeezed)
        clinician, outcome = practice.consulting.clinician(slot), practice.settings.outcome
        referral_share = 0.0
        if rules.programme is None or rules.programme.refers:
            referral_share = practice.in_force.refers.get(slot.role, 0.0)
        sequel = consultation_sequel(
            chances, rules.afterwards, clinician.follow_up, outcome, need.luck, clinician.refers, referral_share
        )
        first_seen = not need.seen_by
        need.seen_by, need.steady = slot.clinician, True
        if sequel.result == WRONG_CLINICIAN:
            need.wrong_role = slot.role
        else:
            need.urgency = min(need.urgency, NOT_URGENT)  # a clinician has looked, and would have sent them on
        self._recorder.note(contact, log.CONSULT_ENDED, slot.clinician, sequel.result, visit.minutes)
        practice.office.make_paperwork(slot.role)
        if slot.loan is not None and practice.hand_off is not None and practice.settings.works(GP):
            practice.office.ask(GP, practice.hand_off.record_min, RECORD)
        practice.requests.saw(need.person)
        for names in self.nominates:
            names(need)
        if rules.programme is not None and rules.programme.gives is not None:
            practice.experience.was_given(need.person, rules.programme.gives.value)
        if first_seen and practice.requests.is_late(need, practice.in_force.late_after_days):
            practice.experience.failed(need, rules, LATE)
        if rules.relational:
            if practice.consulting.saw(need.person, slot.clinician):
                practice.experience.saw_own(need.person)
            sequel.days = practice.consulting.days_until(need.person, slot.role, sequel.days)
        if sequel.result == RESOLVED:
            self.community.after_consultation(contact)
            self.contacts.close(contact, RESOLVED)
        elif sequel.result == AWAITING_TEST:
            self.pending.await_result(contact, slot.role)
        elif sequel.result == REFERRED:
            self._refer(contact, sequel.days)
        elif sequel.result == PLANNED_FOLLOW_UP:
            self._follow_up(contact, slot, sequel.days)
        else:
            self.contacts.come_back(contact, sequel.days, sequel.result)

    # What may follow.

    def _refer(self, contact: Contact, days: float) -> None:
        """Be done with a need that others see to; days later the person asks, if the referral was lost."""
        if days == 0:
            self.contacts.close(contact, RESOLVED)
        else:
            contact.need.lost = True
            self.contacts.come_back(contact, days, LOST_HAND_OFF)

    def _settled(self, need: Need) -> bool:
        """Decide whether clinician triage deals with a need there and then."""
        settles = self._practice.in_force.settles
        return settles is None or need.luck.u(_SETTLED_AT_ONCE) < settles.get(need.kind, 0.0)

    def _bring_in(self, contact: Contact, slot: Slot, visit: Visit) -> None:
        """Have a person whose need clinician triage did not deal with booked with the role that fits it."""
        self._recorder.note(contact, log.CONSULT_ENDED, slot.clinician, BROUGHT_IN, visit.minutes)
        again = self.contacts.open(contact.need, contact, BROUGHT_IN, PRACTICE)
        disposition = self._decide(again, slot.clinician)
        if disposition.slot is None:
            self._without_appointment(again, disposition)
        else:
            follow(self._attend(again))

    def _follow_up(self, contact: Contact, slot: Slot, days: float) -> None:
        """Book the planned follow-up before the person leaves, or let them ask for it when it is time."""
        practice, need = self._practice, contact.need
        need.today, need.flagged, need.urgency = False, "", 0
        if need.luck.u(_BOOKS_AT_ONCE) < practice.kinds[need.kind].follow_up_booked_share:
            later = practice.book.earliest(practice.requests.follow_up(need, slot, days))
            if later is not None:
                self.initiated.book(self.contacts.open(need, contact, PLANNED_FOLLOW_UP, PRACTICE), later)
                return
        self.contacts.come_back(contact, days, PLANNED_FOLLOW_UP)

    def _after_missed_appointment(self, contact: Contact) -> None:
        """Ask again after a missed appointment, or not: the need has gone or the person has given up."""
        outcome, need = self._practice.settings.outcome, contact.need
        if need.luck.u(_DNA_REBOOKS) >= outcome.dna_rebook_share:
            gone = contact.opened + self.contacts.timing.recovery(need) <= self._env.now
            self.contacts.close(contact, RECOVERED if gone else GAVE_UP)
        elif self._practice.kinds[need.kind].programme is not None:
            self.initiated.invite(need, contact, contact.tries, DNA_REBOOK)
        else:
            days = exponential(outcome.dna_rebook_mean_days, need.luck.u(_DNA_DAYS))
            self.contacts.come_back(contact, days, DNA_REBOOK)

    # How a need is first asked about.

    def ask_now(self, need: Need, channel: str) -> None:
        """Let a need arise and be asked about; with the form, when it opens, if it is closed as the practice is."""
        if self.homes.sees_to(need, channel):
            return
        form = self._practice.form
        if channel == ONLINE and form.opens_with_the_practice(self._env.now):
            at = form.next_opening(self._env.now) + self.contacts.timing.after_opening(need)
            self.contacts.ask_at(at, need, ONLINE)
            return
        self.contacts.arise(need)
        follow(self.ask(need, channel=channel))

    def never_ask(self, need: Need) -> None:
        """Let a need arise that nobody asks the practice about; some people find help in the community."""
        if not self.community.join(need):
            self.contacts.never_ask(need)

    def ask_late(self, need: Need, channel: str) -> None:
        """Let a need arise now and be asked about days later, unless it has gone by then."""
        if self.homes.sees_to(need, channel):
            return
        days = exponential(self._practice.in_force.late_mean_days, need.luck.u(_LATE_DAYS))
        self.contacts.ask_at(self.contacts.timing.working_time(need, self._env.now + days * DAY), need, channel)
