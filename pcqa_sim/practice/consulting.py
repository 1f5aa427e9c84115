"""Consultations of one practice: who works a slot, how long one takes, who comes, and how likely a need is resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.clinic.clinicians import Clinician, draw_clinician
from pcqa_sim.clinic.consultation import Attendance, Chances, Squeezing, attends, turns_up
from pcqa_sim.clinic.need_rules import KindRules
from pcqa_sim.clinic.staff import is_shared, team_mates
from pcqa_sim.population.people import People
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.groups import HandOff, HomeVisits
from pcqa_sim.values.clock import day_of
from pcqa_sim.values.distributions import LogNormal
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import HOME_VISIT, Contact, Need, Slot
from pcqa_sim.values.words import GP

Floats = NDArray[np.float64]

_CONSULTATION: Final = activity("consultation", often=True)
_WAY: Final = activity("way_to_a_home")


@mypyc_attr(allow_interpreted_subclasses=True)
class Consultations:
    """What working a slot asks: who comes, how long they take, and what late ones are cut to."""

    squeeze: Squeezing

    def comes(self, contact: Contact, slot: Slot) -> bool:
        """Decide, once for each booking, whether the patient comes."""
        raise NotImplementedError

    def minutes(self, slot: Slot, need: Need) -> float:
        """Return the minutes a consultation needs."""
        raise NotImplementedError

    def sets_out(self, slot: Slot) -> float:
        """Return the minutes before a visit at home at which a clinician sets out, 0 where there is no way to go."""
        return 0.0

    def way_min(self, slot: Slot, need: Need) -> float:
        """Return the minutes of the way to a person's home and back."""
        return 0.0


@mypyc_attr(allow_interpreted_subclasses=True)
class Consulting(Consultations):
    """What a practice's settings say of its consultations.

    `continuity` multiplies each person's rate of new needs: it falls when a relational need was seen to by their usual
    GP. `usual` is each person's usual clinician.
    """

    def __init__(self, world: int, people: People, network: int | None = None, hand_off: HandOff | None = None) -> None:
        """Make them of a world; `network` is that of people of shared roles, `hand_off` the cost of being elsewhere."""
        self._world, self._network, self._hand_off = world, network, hand_off
        self._people = people
        self._clinicians: dict[str, Clinician] = {}
        self.continuity = np.ones(len(people))

    def use(self, settings: Practice, kinds: Mapping[str, KindRules], usual: Sequence[str]) -> None:
        """Let settings take effect."""
        self._settings = settings
        self._kinds = kinds
        self._usual = usual
        self._mates = team_mates(settings)
        self._minutes: dict[tuple[str, str, str, bool], LogNormal] = {}
        self._clinicians.clear()  # they may differ less than before
        triage = settings.triage.clinician_triage
        self._triage_minutes = None if triage is None else LogNormal.from_mean(triage.mean_min, triage.cv)
        missing = settings.appointments.not_attending
        self._attendance = Attendance(missing)
        of_people = self._people.factor(missing.age_factor, None, missing.deprivation_factor)
        self._misses: list[float] = of_people.tolist()
        self.squeeze = Squeezing(settings.appointments.squeeze)
        effect = settings.outcome.continuity
        self._whole_interval, self._without = bool(effect.whole_interval), float(effect.resolve_factor_without)
        self._after_usual = 1 / (1 + effect.interval_rise)
        complex_needs = settings.appointments.complex_needs
        self._resolves_more = 0.0 if complex_needs is None else float(complex_needs.resolves_more_share)
        self._triage_factor = 1.0 if triage is None else float(triage.resolve_factor)
        self._mean = effect.reference_share / (1 + effect.interval_rise) + (1 - effect.reference_share)
        self._visits = visits = settings.appointments.home_visits
        self._ways = None if visits is None or not visits.travel_min else _ways(visits)

    def clinician(self, slot: Slot) -> Clinician:
        """Return who works a slot."""
        if slot.loan is not None:
            elsewhere: Clinician = slot.loan.clinician
            return elsewhere
        clinician = self._clinicians.get(slot.clinician)
        if clinician is None:
            role = self._settings.role[slot.role]
            world = self._world
            if self._network is not None and is_shared(slot.clinician):
                world = self._network  # they are the same people at every practice
            clinician = self._clinicians[slot.clinician] = draw_clinician(world, slot.clinician, role)
        return clinician

    def minutes(self, slot: Slot, need: Need) -> float:
        """Return the minutes a consultation needs: by role, mode and kind of need, at this clinician's pace."""
        distribution = self.minutes_distribution(slot, need.kind)
        minutes = distribution.quantile(need.luck.u(_CONSULTATION)) * self.clinician(slot).pace
        return minutes if slot.loan is None or self._hand_off is None else minutes + self._hand_off.retold_min

    def minutes_distribution(self, slot: Slot, kind: str) -> LogNormal:
        """Return the distribution of a consultation's minutes before the clinician's pace."""
        if slot.triage and self._triage_minutes is not None:
            return self._triage_minutes
        key = (slot.role, slot.mode, kind, slot.complex)
        distribution = self._minutes.get(key)
        if distribution is None:
            complex_needs = self._settings.appointments.complex_needs
            role = self._settings.role[slot.role]
            mean = role.consultation_min[slot.mode] * self._kinds[kind].minutes_factor
            mean *= complex_needs.minutes_factor if slot.complex and complex_needs else 1.0
            distribution = self._minutes[key] = LogNormal.from_mean(mean, role.consultation_cv)
        return distribution

    def comes(self, contact: Contact, slot: Slot) -> bool:
        """Decide, once for each booking, whether the patient comes."""
        if contact.comes is None:
            need = contact.need
            if self._visits is not None and slot.mode == HOME_VISIT:
                contact.comes = turns_up(self._visits.not_in_share, need.luck)
            else:
                factor = self._misses[need.person]
                contact.comes = attends(lead_days(contact, slot), slot.mode, factor, self._attendance, need.luck)
        return contact.comes

    def sets_out(self, slot: Slot) -> float:
        """Return the minutes before a visit at home at which a clinician sets out: half of the mean way."""
        return self._visits.travel_min / 2 if self._visits is not None and slot.mode == HOME_VISIT else 0.0

    def way_min(self, slot: Slot, need: Need) -> float:
        """Return the minutes of the way to a person's home and back; of a round, each visit has a part."""
        if self._ways is None or self._visits is None or slot.mode != HOME_VISIT:
            return 0.0
        on_a_round = self._kinds[need.kind].programme is not None
        way = self._ways.quantile(need.luck.u(_WAY))
        return way * self._visits.on_a_round_factor if on_a_round else way

    def chances(self, need: Need, slot: Slot, squeezed: bool) -> Chances:
        """Return how likely a consultation is to resolve a need."""
        rules = self._kinds[need.kind]
        usual = self._usual[need.person]
        stranger = rules.relational and slot.clinician not in (usual, need.seen_by)
        if stranger and self._mates:
            stranger = slot.clinician not in self._mates.get(usual, ())
        more = self._resolves_more if slot.complex else 0.0
        in_scope = rules.scope.get(slot.role, 0.0)
        return Chances(
            anybody=rules.best + (1 - rules.best) * more,
            role=in_scope + (1 - in_scope) * more,
            skill=self.clinician(slot).skill if rules.programme is None else 1.0,
            time=(self.squeeze.resolve_factor if squeezed else 1.0) * self._triage_resolves(slot),
            continuity=(self._without if stranger else 1.0) * self._context(slot),
        )

    def _context(self, slot: Slot) -> float:
        """Return what is left of the share resolved where somebody is seen elsewhere, without their context."""
        return 1.0 if slot.loan is None or self._hand_off is None else float(self._hand_off.resolves_factor)

    def _triage_resolves(self, slot: Slot) -> float:
        return self._triage_factor if slot.triage else 1.0

    def saw(self, person: int, clinician: str) -> bool:
        """Let a relational consultation change how soon a person needs help again: later, after their usual GP.

        Return whether it was with the usual one.
        """
        own = clinician == self._usual[person]
        self.continuity[person] = (self._after_usual if own else 1.0) / self._mean
        return own

    def days_until(self, person: int, role: str, days: float) -> float:
        """Return how many days it takes until a follow-up or a return, for whom the person has just seen."""
        return days / float(self.continuity[person]) if self._whole_interval and role == GP else days

    def most_continuity(self) -> Floats | None:
        """Return the highest factor anybody's rate of needs may have, where it changes within a week; None if not."""
        if not self._whole_interval:
            return None
        return np.full(len(self._people), 1 / self._mean)


def _ways(visits: HomeVisits) -> LogNormal:
    return LogNormal.from_mean(visits.travel_min, visits.travel_cv)


def lead_days(contact: Contact, slot: Slot) -> int:
    """Return the calendar days between booking and appointment."""
    return day_of(slot.start) - day_of(contact.booked_at)
