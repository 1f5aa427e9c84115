"""What is watched and what a comparison is judged by: metrics by theme, harms first. The one place that lists them.

A new measure of harm is a line at the top of SAFETY; comparisons, trust cards and the record of a study then have it. A
group that ends in `*` stands for every group that begins so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PERSONS = ("age=", "segment=", "deprivation=")
"""What the groups of persons begin with: in each of them harms are looked for besides."""


@dataclass(frozen=True)
class Entry:
    """One metric, of a group of it ("" for the whole, "role=*" for every role), in a practice's words.

    `unit` is said besides where no heading says it.
    """

    metric: str
    words: str
    group: str = ""
    unit: str = ""

    def of(self, groups: Iterable[str]) -> list[str]:
        """Return which of some groups it is about, in their order."""
        if self.group.endswith("*"):
            return [group for group in groups if group.startswith(self.group[:-1])]
        return [group for group in groups if group == self.group]


@dataclass(frozen=True)
class Theme:
    """Some measures that are read together, under a heading."""

    heading: str
    entries: tuple[Entry, ...]


SAFETY = Theme(
    "Safety and fairness",
    (
        Entry("seen_later_than_safe_share", "needs that cannot wait seen later than is safe"),
        Entry("deteriorated_share", "needs that cannot wait that got worse before anybody saw to them"),
        Entry("urgent_missed_share", "urgent needs not taken for urgent"),
        Entry("sent_on_share", "flagged needs sent on, nobody here having time"),
        Entry("urgent_told_another_day_share", "same-day needs told to call another day"),
        Entry("told_another_day_per_working_day", "people a day told to call another day"),
        Entry("gave_up_share", "needs given up unmet"),
        Entry("emergency_per_1000_week", "needs that end in A&E, per 1,000 a week"),
    ),
)
AIMS_HEADING = "What the change was for"
REST = (
    Theme(
        "Staff time, minutes a day",
        (
            Entry("patient_min_per_working_day", "with patients", "role=*", "minutes a day"),
            Entry("overtime_min_per_working_day", "overtime", "role=*", "minutes a day"),
        ),
    ),
    Theme(
        "Being seen",
        (
            Entry("days_waited_for_clinician", "days from asking to clinician or end"),
            Entry("requests_heard_share", "requests that somebody hears"),
            Entry("needs_met_share", "needs met"),
            Entry("failure_contacts_per_working_day", "failure contacts a day"),
        ),
    ),
    Theme(
        "Cost",
        (
            Entry("cost_gbp_per_working_day", "everything, pounds a day"),
            Entry("cost_gbp_per_working_day", "care elsewhere, pounds a day", "payer=nhs_elsewhere"),
            Entry("failure_gbp_per_working_day", "extra work, pounds a day"),
            Entry("cost_per_need_met", "pounds for each need met"),
            Entry("cost_per_need_asked", "pounds for each need asked about"),
        ),
    ),
    Theme("Continuity", (Entry("usual_gp_share", "GP appointments with the usual GP"),)),
)
WORDS: dict[str, str] = {
    "answered_within_2_min_share": "answered calls that wait 2 min at most",
    "attempts_answered_share": "attempts to call that are answered",
    "back_office_share": "session time at paperwork",
    "callback_wait_min": "minutes waited for a callback",
    "calls_0800_0830_per_working_day": "calls a day from 08:00 to 08:30",
    "calls_per_working_day": "calls a day",
    "clinician_min_per_need": "clinicians' minutes for one need",
    "care_home_contacts_per_resident_year": "contacts a resident and year",
    "care_home_visits_per_resident_year": "visits a resident and year",
    "care_home_hospital_per_resident_year": "hospital, a resident and year",
    "care_home_round_min_per_week": "rounds of care homes, minutes a week",
    "spared_per_working_day": "needs a day met outside, not seen here",
    "touchpoints_per_person_year": "times a person and year",
    "community_gbp_per_working_day": "the community's places, pounds a day",
    "community_met_per_1000_week": "met in the community, per 1,000 a week",
    "community_wait_days": "days waited for a place there",
    "appointments_per_1000_working_day": "appointments a day per 1,000",
    "contacts_per_1000_working_day": "contacts a day per 1,000",
    "contacts_per_need": "contacts for one need",
    "dna_share": "appointments missed by the patient",
    "earlier_top_tenth_share": "consultations of who had most before",
    "needs_per_1000_week": "needs that arise, per 1,000 a week",
    "never_asked_share": "needs that nobody asks about",
    "work_made_share": "consultations that make more work",
    "engaged_share": "attempts that hear the engaged tone",
    "hub_used_share": "appointments of the hub that are used",
    "unit_cost_gbp": "pounds for a consultation",
    "form_refused_share": "online forms refused",
    "front_wait_min": "minutes waited",
    "late_min": "minutes that consultations begin late",
    "lead_time_days": "days from booking to appointment",
    "missed_min_per_working_day": "minutes a day kept for who does not come",
    "missed_share": "calls that are missed",
    "mode_asked_for_share": "needs dealt with in the mode asked for",
    "needed_gp_share": "GP consultations that needed a GP",
    "nobody_turned_away_share": "days on which nobody is turned away",
    "paper_wait_days": "days waited for results and papers",
    "queue_wait_min": "minutes in the phone queue",
    "squeezed_share": "consultations cut short",
}
"""What measures are called in a table that are in no theme, those that changes are for."""
THEMES = (SAFETY, *REST)


def entry_of(metric: str, group: str = "") -> Entry:
    """Return a measure in the words of its theme, or those it has in a table."""
    for theme in THEMES:
        for entry in theme.entries:
            if entry.metric == metric and entry.group == group:
                return entry
    whole = next((e.words for theme in THEMES for e in theme.entries if e.metric == metric), "")
    return Entry(metric, WORDS.get(metric, whole), group)


def headlines() -> dict[str, str]:
    """Return the metrics that are judged as a whole, in the order in which they are read, with their words."""
    return {entry.metric: entry.words for theme in THEMES for entry in theme.entries if not entry.group}


@dataclass(frozen=True)
class Backlog:
    """Something that may pile up: a metric, the groups of it that are watched, and the least change that counts."""

    metric: str
    words: str
    least: float
    groups: str = ""


BACKLOGS: Sequence[Backlog] = (
    Backlog("paperwork_waiting_min", "paperwork waiting", 60.0, "role=*"),
    Backlog("paper_wait_days", "wait for results, prescriptions and letters", 0.5),
    Backlog("lead_time_days", "days to an appointment", 1.0, "role=*"),
    Backlog("front_wait_min", "wait at the desk and in the inbox", 5.0, "place=*"),
    Backlog("callback_wait_min", "wait for a callback", 15.0),
    Backlog("clinician_triage_wait_min", "wait for clinician triage", 30.0),
    Backlog("failure_contacts_per_working_day", "people chasing what is late", 1.0, "cause=chase"),
)
"""Assumption: the least change in a week's value, over the measured weeks, that a practice would notice."""
