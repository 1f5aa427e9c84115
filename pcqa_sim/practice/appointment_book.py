"""The appointment book: the diary through a run, the sessions of each day, sick calls, and overbooking.

Slots are opened day by day up to the booking horizon, by the settings that will be in force on that day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pcqa_sim.clinic.absences import Absences
from pcqa_sim.clinic.consultation import Attendance
from pcqa_sim.clinic.diary import Diary
from pcqa_sim.clinic.overbooking import double_booked_slot, extra_slot, overbooked_slot, put_on
from pcqa_sim.clinic.rota import clinics
from pcqa_sim.clinic.session import Clinic
from pcqa_sim.clinic.staff import team_mates
from pcqa_sim.clinic.triage_list import TriageList
from pcqa_sim.kernel.environment import Environment
from pcqa_sim.network.elsewhere import Elsewhere, known_elsewhere
from pcqa_sim.network.rounds import Rounds
from pcqa_sim.practice.recorder import Recorder
from pcqa_sim.scenario import Practice
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, HOUR, WorkingCalendar, day_of
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.needs import Contact, Slot, SlotRequest


@mypyc_attr(allow_interpreted_subclasses=True)
class AppointmentBook:
    """One practice's appointments; `settings_in` gives the settings that hold in a week of the run.

    `clinics_on` has the sessions of each day from today on, in the order in which they were opened; `triage_list` has
    who waits for clinician triage, in access models with it.
    """

    def __init__(
        self,
        env: Environment,
        recorder: Recorder,
        calendar: WorkingCalendar,
        absences: Absences,
        settings_in: Callable[[int], Practice],
        rounds: Rounds | None = None,
        key: str = "",
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._env = env
        self._recorder = recorder
        self._calendar = calendar
        self._absences = absences
        self._settings_in = settings_in
        self._rounds, self._key, self._elsewhere = rounds, key, elsewhere
        self.diary = Diary()
        self.clinics_on: dict[int, list[Clinic]] = {}
        self.triage_list = TriageList()
        self.keeps_free: Callable[[int, list[Clinic]], None] | None = None  # for meetings
        self._open_to = -1
        self._last_start = 0.0

    def use(self, settings: Practice) -> None:
        """Let settings take effect; booked slots stay."""
        self._settings = settings
        self.triage_list.rules = settings.triage.clinician_triage
        self.diary.mates = team_mates(settings)
        appointments = settings.appointments
        self._attendance = Attendance(appointments.not_attending)
        held = [rule.opens_to_all_before_min for rule in appointments.releases.values()]
        self.diary.gives_up = any(until is not None for until in (*held, appointments.convert_before_min))

    def open_to(self, day: int) -> None:
        """Put the slots of all days up to one in the diary."""
        for next_day in range(self._open_to + 1, day + 1):
            self._open_day(next_day)
        self._open_to = max(self._open_to, day)

    def _open_day(self, day: int) -> None:
        if self._calendar.hours_of(day) is None:
            return
        rounds, settings = self._rounds, self._settings_in(day // 7)
        if rounds is None:
            sessions = clinics(settings, day, self._absences)
        else:
            sessions = clinics(settings, day, self._absences, rounds.at(self._key, day), rounds.instead_of_own)
        if self.keeps_free is not None:
            self.keeps_free(day, sessions)
        self.clinics_on[day] = sessions
        if self._elsewhere is not None:
            for clinic in sessions:
                for slot in clinic.slots:
                    slot.site = self._key
        before = dict(self.diary.opened)
        self.diary.open(slot for clinic in sessions for slot in clinic.slots)
        self._recorder.note_rise(log.SLOTS_OPENED, self.diary.opened, before)

    def earliest(self, slot_request: SlotRequest) -> Slot | None:
        """Return the slot the diary offers, or None; what is complex can be seen in any other slot too.

        For clinician triage it is a place on its list.
        """
        if slot_request.triage:
            days = range(slot_request.first, slot_request.last + 1)
            sessions = [clinic for day in days for clinic in self.clinics_on.get(day, ())]
            return self.triage_list.place(slot_request, sessions, self._env.now)
        slot = self.diary.earliest(slot_request, self._env.now)
        if slot is None and slot_request.complex:
            slot = self.diary.earliest(slot_request.but(slot_request.role, complex=False), self._env.now)
        if slot is None and self._elsewhere is not None:
            return self._elsewhere.in_hub(slot_request, self._env.now)
        return slot

    def is_own(self, slot: Slot) -> bool:
        """Tell whether a slot is of one of this practice's own sessions."""
        return slot.site in ("", self._key)

    def at_others(self, slot_request: SlotRequest) -> Slot | None:
        """Return a slot of today that another practice of the network has left, or None."""
        if self._elsewhere is None:
            return None
        return self._elsewhere.today(slot_request, self._key, self._env.now)

    def take(self, slot: Slot, contact: Contact) -> None:
        """Book a free slot for a contact, wherever it is; raise ValueError if it is not free."""
        if self._elsewhere is not None and not self.is_own(slot):
            self._elsewhere.lend(slot, self._key)
        self.diary.take(slot, contact)

    def give_back(self, slot: Slot) -> bool:
        """Free a booked slot again; tell whether it stays in this diary."""
        self.diary.give_back(slot)
        if slot.loan is None or self._elsewhere is None:
            return True
        self._elsewhere.take_back(slot)
        return False

    def take_in(self, slots: Sequence[Slot]) -> None:
        """Put slots in the diary that others have made."""
        before = dict(self.diary.opened)
        self.diary.open(slots)
        self._recorder.note_rise(log.SLOTS_OPENED, self.diary.opened, before)

    def let_go(self, slot: Slot) -> None:
        """Take a free slot out of the diary, so that it can stand in another."""
        self._withdraw([slot])
        slot.withdrawn = False

    def lapsed_elsewhere(self, slots: Sequence[Slot]) -> None:
        """Count slots of the hub that nobody booked as this practice's."""
        for slot in slots:
            for counts in (self.diary.opened, self.diary.unused):
                counts[slot.role, slot.rule] += 1
            self._recorder.note_world(log.SLOTS_OPENED, slot.role, slot.rule, 1)
            self._recorder.note_world(log.SLOTS_UNUSED, slot.role, slot.rule, 1)

    def online(self, slot_request: SlotRequest) -> Slot | None:
        """Return the slot somebody finds in the app for a slot request, or None."""
        return self.diary.online(slot_request, self._env.now)

    def overbooked(self, slot_request: SlotRequest) -> Slot | None:
        """Return the overbooked slot that could be had for a slot request, or None; `put_on` adds it."""
        if self._settings.appointments.double_booking is not None and not slot_request.triage:
            slot = double_booked_slot(self._settings, self.clinics_on, slot_request, self._env.now, self._attendance)
            if slot is not None:
                return slot
        slot = overbooked_slot(self._settings, self.clinics_on, slot_request, self._env.now)
        return self.at_others(slot_request) if slot is None else slot

    def kept_for_flagged(self, slot_request: SlotRequest) -> Slot | None:
        """Return the earliest of today's slots kept for needs flagged as urgent, or None."""
        return self.diary.kept_for_flagged(slot_request, self._env.now)

    def extra(self, slot_request: SlotRequest) -> Slot | None:
        """Return the slot on top of one of today's sessions that could be had for a flagged need, or None."""
        clinics = self.clinics_on.get(slot_request.first, [])
        return extra_slot(self._settings, clinics, slot_request, self._env.now)

    def put_on(self, slot: Slot) -> None:
        """Add an overbooked slot to its session, or a place to the list for triage, and either to the diary."""
        if slot.triage:
            slot.opens = self._env.now
            self.triage_list.add(slot)
        else:
            put_on(self.clinics_on[day_of(slot.start)], slot, self._env.now)
        self.diary.open((slot,))
        self._recorder.note_world(log.SLOTS_OPENED, slot.role, slot.rule, 1)

    def call_in_sick(self) -> list[Contact]:
        """Cancel the sessions of clinicians who are off sick today; return whose appointments were cancelled."""
        today = day_of(self._env.now)
        moved: list[Contact] = []
        working: list[Clinic] = []
        told: set[str] = set()
        for clinic in self.clinics_on.get(today, ()):
            if not self._is_sick(clinic, today):
                working.append(clinic)
                continue
            if self._has_locum(clinic, today):
                working.append(clinic)
                continue
            if clinic.clinician not in told:
                told.add(clinic.clinician)
                self._recorder.note_world(log.ABSENT, clinic.clinician, "sick")
            moved += self._withdraw(clinic.slots)
        self.clinics_on[today] = working
        self._last_start = max((slot.start for clinic in working for slot in clinic.slots), default=0.0)
        return moved

    def _is_sick(self, clinic: Clinic, day: int) -> bool:
        if clinic.shared_by and self._rounds is not None:
            return self._rounds.is_sick(clinic.shared_by, self._settings.role[clinic.role], day)
        absence = self._settings.role[clinic.role].absence
        return self._absences.sick(clinic.clinician, absence.sickness_share, absence.sickness_mean_days, day)

    def _has_locum(self, clinic: Clinic, day: int) -> bool:
        """Let a locum take over a session, as it is booked, if there is one; tell whether there is."""
        share = self._settings.role[clinic.role].absence.sickness_locum_share
        locum = self._absences.locum_for_sickness(clinic.clinician, share, day) if share else ""
        if locum:
            clinic.clinician = locum
            for slot in clinic.slots:
                slot.clinician = locum if slot.loan is None else known_elsewhere(locum, self._key)
        return bool(locum)

    def clear(self, clinic: Clinic, slots: list[Slot]) -> list[Contact]:
        """Take slots of a session still to come out of the diary; return whose appointments were cancelled."""
        clinic.slots = [slot for slot in clinic.slots if slot not in slots]
        return self._withdraw(slots)

    def send_away(self, slot: Slot) -> list[Contact]:
        """Take a booked slot for which nobody will be called in out of the diary; return who had booked it, if any."""
        return [] if slot.contact is None else self._withdraw([slot])

    def _withdraw(self, slots: list[Slot]) -> list[Contact]:
        for slot in slots:
            if slot.loan is not None and slot.site == self._key:
                slot.loan.call_off(slot)  # whoever has booked it hears of it from their own practice
        before = dict(self.diary.withdrawn)
        moved = self.diary.withdraw([slot for slot in slots if slot.loan is None or slot.site != self._key])
        self._recorder.note_rise(log.SLOTS_WITHDRAWN, self.diary.withdrawn, before)
        return moved

    @property
    def last_list_has_begun(self) -> bool:
        """Tell whether the last slot of today's sessions, as they were in the morning, has begun."""
        return self._env.now > self._last_start

    def _note_empty(self, day: int) -> None:
        """Write each slot of a day that nobody booked, time for clinician triage left out."""
        empty = (slot for slot in self.diary.free_on(day) if not slot.triage)
        for slot in sorted(empty, key=lambda slot: (slot.start, slot.clinician)):
            late = log.FREED_LATE if slot.start - slot.freed < HOUR else ""
            code = f"{'+'.join(slot.holds or (slot.mode,))}.{late}"
            self._recorder.note_world(log.SLOT_EMPTY, slot.clinician, code, slot.start - day * DAY)

    def ends_last(self, session: Clinic) -> bool:
        """Tell whether no session of its role ends later that day."""
        today = self.clinics_on.get(day_of(session.starts), ())
        return session.ends >= max((clinic.ends for clinic in today if clinic.role == session.role), default=0.0)

    def end_day(self) -> None:
        """Let what nobody booked today lapse; at closing, which may be midnight."""
        today = day_of(self._env.now - 1)
        if self._settings.appointments.empty_slots_logged:
            self._note_empty(today)
        for (role, rule), slots in self.diary.lapse(today).items():
            self._recorder.note_world(log.SLOTS_UNUSED, role, rule, slots)
        self.clinics_on.pop(today, None)
