"""The patient's story: a person asks, gets through or not, is seen or told to ring another day, and comes back.

Read from the top: `ask` is one contact from its beginning to its decision; what follows a failed call, a decision,
a consultation or a result stands below it. A booked patient is called in by the clinician's day (workforce.py), which
comes back to `after_consultation`. A need that comes back goes through `ask` again.
"""

from __future__ import annotations

from pcqa_sim.clinic.consultation import cause_of_failed_call, consultation_sequel
from pcqa_sim.clinic.rota import FRONT_DESK
from pcqa_sim.frontdoor.phone import Call
from pcqa_sim.journey.practice_initiated import Inviting
from pcqa_sim.journey.telling import DESK_FIRST, INBOX_NEXT, RINGS_AT_OPENING, Story
from pcqa_sim.kernel.process import follow
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.distributions import Exponential
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import (
    APP,
    AWAITING_TEST,
    BOUNCED,
    BROUGHT_IN,
    CLOSED,
    DESK,
    DNA_REBOOK,
    FORM_REFUSED,
    GAVE_UP,
    INFORMED,
    NEW,
    NO_SLOT_ONLINE,
    ONLINE,
    PAPERWORK_TO_DO,
    PHONE,
    PLANNED_FOLLOW_UP,
    PRACTICE,
    RANG_WHILE_CLOSED,
    RECOVERED,
    REDIAL,
    RESOLVED,
    RING_ANOTHER_DAY,
    SETTLED,
    SIGNPOSTED,
    TOLD_ANOTHER_DAY,
    WRONG_CLINICIAN,
    Contact,
    Disposition,
    Need,
    Slot,
    Wish,
)

_DNA_REBOOKS = activity("dna_rebooks")
_DNA_DAYS = activity("dna_days")
_LATE_DAYS = activity("asks_late_days")
_BOOKS_AT_ONCE = activity("follow_up_booked_at_once")
_APP_ROLE = activity("app_role")
_SETTLED_AT_ONCE = activity("settled_at_first_look")
_MET_ELSEWHERE = activity("met_elsewhere")
_BACK_FROM_THERE = activity("back_from_elsewhere")
_RINGS_INSTEAD = activity("rings_instead_of_form")

PERSON = "person"
TURNS_TO_PHONE_MIN = 1.0  # minutes from finding nothing in the app, or the form closed, to ringing
ADMIN_LINE_AFTER = 1  # whoever rings the line for administrative requests is answered after the others


class Journey(Inviting):
    """What happens to the people of one practice."""

    def ask(self, need: Need, parent: Contact | None = None, cause: str = NEW, channel: str = PHONE) -> Story:
        """Ask for help once: get through, have it decided, and follow what was decided."""
        contact = self._open(need, parent, cause, channel)
        if channel == PHONE:
            yield from self._ask_by_phone(contact)
        elif channel == APP and not self._practice.kinds[need.kind].administrative:
            self._book_in_app(contact)
        elif channel == ONLINE and (why := self._practice.form.refuses(self._env.now)):
            self._after_refused_form(contact, why)
        else:
            yield from self._ask_at_front(contact)

    def ask_late(self, need: Need, channel: str) -> None:
        """Let a need arise now and be asked about days later, unless it has gone by then."""
        days = self._practice.settings.demand.seeking.late_mean_days
        at = self._working_time(need, self._env.now + Exponential(days).quantile(need.luck.u(_LATE_DAYS)) * DAY)
        self._ask_at(at, need, channel)

    def ask_when_form_opens(self, need: Need) -> None:
        """Let a need arise while practice and form are closed, and be asked about when they open."""
        self._ask_at(self._practice.form.next_opening(self._env.now) + self._rush_delay(need), need, ONLINE)

    def _ask_at(self, at: float, need: Need, channel: str) -> None:
        """Let a need arise now and be asked about at a later time, unless it has gone by then."""
        self.arise(need)
        recovers = self._env.now + self._recovery(need)
        timer = self._env.timeout(min(recovers, at) - self._env.now)
        if recovers < at:
            timer.callbacks.append(lambda _: self._practice.note_end(need, -1, RECOVERED))
        else:
            timer.callbacks.append(lambda _: follow(self.ask(need, channel=channel)))

    # By phone, at the desk, online, in the app.

    def _ask_by_phone(self, contact: Contact) -> Story:
        """Ring; whoever gets through talks to a call handler, who decides."""
        practice = self._practice
        priority = ADMIN_LINE_AFTER if practice.keeps_to_admin_line(contact.need) else 0
        call = yield from practice.phone.ring(contact, priority)
        if not call.reached:
            self._after_failed_call(contact, call)
            return
        yield from practice.phone.talk(call, practice.kinds[contact.need.kind].talk_factor)
        disposition = self._decide(contact)
        practice.phone.wrap_up(call)
        self._follow(contact, disposition)

    def _ask_at_front(self, contact: Contact) -> Story:
        """Stand in line at the desk, or wait in the inbox: the same people see to both, the desk first."""
        practice = self._practice
        at_desk = contact.channel == DESK
        if at_desk and not practice.calendar.is_open(self._env.now):
            self._later(practice.calendar.next_opening(self._env.now), contact, RANG_WHILE_CLOSED, DESK)
            return
        channels = practice.settings.channels
        yield from self._seen_at_front(
            contact, DESK_FIRST if at_desk else INBOX_NEXT, channels.desk_min if at_desk else channels.inbox_min
        )
        self._follow(contact, self._decide(contact, FRONT_DESK))

    def _book_in_app(self, contact: Contact) -> None:
        """Look for an appointment in the app; who finds none turns to the phone."""
        practice, need = self._practice, contact.need
        slot = practice.online_slot(contact, need.luck.u(_APP_ROLE))
        if slot is not None:
            need.heard = True
            self._note(contact, log.DECIDED, PERSON, self._name(slot))
            self._book(contact, slot)
            return
        practice.experience.got_nowhere(need.person, APP)
        self._turn_to_phone(contact, NO_SLOT_ONLINE)

    def _turn_to_phone(self, contact: Contact, cause: str) -> None:
        """Ring after finding no help online: now, or when the lines open."""
        practice = self._practice
        at = self._env.now + TURNS_TO_PHONE_MIN
        if not practice.calendar.is_open(at):
            at = practice.calendar.next_opening(at) + self._rush_delay(contact.need)
        self._note(contact, log.FATE, code=PHONE, amount=at - self._env.now)
        self._later(at, contact, cause)

    def _after_refused_form(self, contact: Contact, why: str) -> None:
        """Turn to the phone, or fill in the form when it opens again."""
        practice, need = self._practice, contact.need
        self._note(contact, log.FORM_REFUSED, code=why)
        practice.experience.got_nowhere(need.person, ONLINE)
        if need.luck.u(_RINGS_INSTEAD) < practice.settings.channels.form.rings_instead_share:
            self._turn_to_phone(contact, FORM_REFUSED)
            return
        at = practice.form.next_opening(self._env.now) + self._rush_delay(need)
        self._note(contact, log.FATE, code=ONLINE, amount=at - self._env.now)
        self._later(at, contact, FORM_REFUSED, ONLINE)

    # Decisions and what follows them.

    def _decide(self, contact: Contact, who: str = "") -> Disposition:
        """Let the triage model decide, and book the slot it found before anybody else can."""
        practice = self._practice
        contact.need.heard = True
        practice.experience.served(contact.need.person, contact.channel)
        disposition = practice.triage.decide(contact, practice, contact.need.luck)
        if disposition.name == SETTLED and contact.need.kind in practice.settings.backoffice.requests:
            disposition = Disposition(PAPERWORK_TO_DO)
        practice.saw(contact, disposition)
        decider = who or practice.triage.decider
        self._note(contact, log.DECIDED, decider, disposition.name, self._env.now - contact.opened)
        slot = disposition.slot
        if slot is not None:
            if slot.opens > self._env.now:  # on top of a session, and not in the diary yet
                practice.put_on(slot)
            self._book(contact, slot)
        return disposition

    def _follow(self, contact: Contact, disposition: Disposition) -> None:
        """Follow the decision: away settled, or try another day; who is booked is called by the clinician's day."""
        if disposition.name == SETTLED:
            self._close(contact, RESOLVED)
        elif disposition.name == PAPERWORK_TO_DO:
            self._await_paper(contact)
        elif disposition.name == RING_ANOTHER_DAY:
            self._choose_fate(contact, TOLD_ANOTHER_DAY)
        elif disposition.slot is None:
            self._go_elsewhere(contact, disposition.name.removeprefix(SIGNPOSTED))

    def _go_elsewhere(self, contact: Contact, place: str) -> None:
        """Go where the receptionist said: the need is met there, or the person comes back with it."""
        need = contact.need
        offer = self._practice.settings.triage.signposts[need.kind]
        need.sent_elsewhere = True
        if need.luck.u(_MET_ELSEWHERE) < offer.resolved_share:
            self._close(contact, place)
            return
        days = Exponential(offer.return_days).quantile(need.luck.u(_BACK_FROM_THERE))
        self._later(self._working_time(need, self._env.now + days * DAY), contact, BOUNCED)

    # After consultations and missed appointments.

    def after_consultation(self, contact: Contact, slot: Slot, minutes: float, squeezed: bool) -> None:
        """Resolved, a result awaited, asked to come again, or not resolved and back before long."""
        practice, need = self._practice, contact.need
        if slot.triage and not self._settled(need):
            self._bring_in(contact, slot, minutes)
            return
        rules = practice.kinds[need.kind]
        factor = practice.clinician(slot).follow_up
        chances = practice.chances(need, slot, squeezed)
        sequel = consultation_sequel(chances, rules.afterwards, factor, practice.settings.outcome, need.luck)
        need.seen_by = slot.clinician
        if sequel.result == WRONG_CLINICIAN:
            need.wrong_role = slot.role
        self._note(contact, log.CONSULT_ENDED, slot.clinician, sequel.result, minutes)
        for doer, item, work in practice.office.of_consultation[slot.role]:
            practice.paperwork[doer].add(item, work)
        if rules.relational:
            practice.knows(need.person, slot.clinician)
        if sequel.result == RESOLVED:
            self._close(contact, RESOLVED)
        elif sequel.result == AWAITING_TEST:
            self._await_result(contact, slot.role)
        elif sequel.result == PLANNED_FOLLOW_UP:
            self._follow_up(contact, slot, sequel.days)
        else:
            self._later(self._working_time(need, self._env.now + sequel.days * DAY), contact, sequel.result)

    def _settled(self, need: Need) -> bool:
        """Decide whether a first look deals with a need there and then."""
        look = self._practice.settings.triage.first_look
        return look is None or need.luck.u(_SETTLED_AT_ONCE) < look.settled_share.get(need.kind, 0.0)

    def _bring_in(self, contact: Contact, slot: Slot, minutes: float) -> None:
        """Have a person whose need was not dealt with at first look booked with the role that fits it."""
        self._note(contact, log.CONSULT_ENDED, slot.clinician, BROUGHT_IN, minutes)
        again = self._open(contact.need, contact, BROUGHT_IN, PRACTICE)
        self._follow(again, self._decide(again, slot.clinician))

    def _follow_up(self, contact: Contact, slot: Slot, days: float) -> None:
        """Book the planned follow-up before the person leaves, or let them ask for it when it is time."""
        practice, need = self._practice, contact.need
        need.today = False
        if need.luck.u(_BOOKS_AT_ONCE) < practice.kinds[need.kind].follow_up_booked_share:
            today = self._practice.today
            horizon = today + practice.settings.appointments.horizon_days
            first = today + max(1, round(days))
            tolerance = practice.settings.appointments.continuity.tolerance_days
            modes = practice.modes_for(need, practice.kinds[need.kind])
            wish = Wish(slot.role, first, min(first + 14, horizon), modes, usual=slot.clinician, tolerance=tolerance)
            found = practice.earliest(wish)
            if found is not None:
                self._book(self._open(need, contact, PLANNED_FOLLOW_UP, PRACTICE), found)
                return
        self._later(self._working_time(need, self._env.now + days * DAY), contact, PLANNED_FOLLOW_UP)

    def after_missed_appointment(self, contact: Contact) -> None:
        """Ask again after a missed appointment, or not: the need has gone or the person has given up."""
        outcome, need = self._practice.settings.outcome, contact.need
        if need.luck.u(_DNA_REBOOKS) < outcome.dna_rebook_share:
            if self._practice.kinds[need.kind].programme is not None:
                self.invite(need, contact, contact.tries, DNA_REBOOK)
                return
            days = Exponential(outcome.dna_rebook_mean_days).quantile(need.luck.u(_DNA_DAYS))
            self._later(self._working_time(need, self._env.now + days * DAY), contact, DNA_REBOOK)
        else:
            gone = contact.opened + self._recovery(need) <= self._env.now
            self._close(contact, RECOVERED if gone else GAVE_UP)

    # After calls that reached nobody.

    def _after_failed_call(self, contact: Contact, call: Call) -> None:
        """Decide what a person does whose call reached nobody."""
        if call.why == INFORMED:
            self._close(contact, INFORMED)
        elif call.why == CLOSED:
            self._after_closed(contact)
        else:
            self._practice.experience.got_nowhere(contact.need.person, PHONE)
            cause = cause_of_failed_call(call.ending, call.why)
            delay = self._practice.redial.delay(cause, contact.tries, contact.need.luck)
            if delay is not None and self._practice.calendar.is_open(self._env.now + delay):
                self._note(contact, log.FATE, code=REDIAL, amount=delay)
                self._later(self._env.now + delay, contact, cause)
            else:
                self._choose_fate(contact, cause)

    def _after_closed(self, contact: Contact) -> None:
        """Ring again at opening, most of them, after having rung while the practice was closed."""
        share = self._practice.settings.phones.closed_message.ring_at_opening_share
        if contact.need.luck.u(RINGS_AT_OPENING) < share:
            opening = self._practice.calendar.next_opening(self._env.now)
            at = opening + self._rush_delay(contact.need)
            self._note(contact, log.FATE, code=REDIAL, amount=at - self._env.now)
            self._later(at, contact, RANG_WHILE_CLOSED)
        else:
            self._choose_fate(contact, RANG_WHILE_CLOSED)
