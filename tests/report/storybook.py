"""The needs that are read aloud: a scenario of its own, written out in full, and what happens in each story.

The scenario is kept as resolved settings (stories/scenario.yaml), so that refitting the shipped ones changes no story.
After a deliberate change of the model: python tests/report/renew_stories.py, then read what changed.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from pcqa_sim.report.story import story
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import Scenario

STORIES = Path(__file__).parent / "stories"
SCENARIO = STORIES / "scenario.yaml"

OVERRIDES = (
    "practice=small",
    "run.warm_up_weeks=0",
    "run.measured_weeks=9",
    "phones.lines=4",
    "appointments.cancelling.share=0.12",
    "appointments.squeeze.late_from_min=10",
    "backoffice.result_mean_days=7",
    "backoffice.items.result.expected_days=5",
    "backoffice.chase_share=0.7",
    "outcome.waiting.after_days=3",
    "role.gp.absence.sickness_share=0.15",
    "phones.callback.offered_from_waiting=1",
    "channels.form.hours={opens: '08:00', closes: '16:00'}",
)
"""A practice under strain, in which the rare things happen too."""

CASES = {
    "settled-on-the-phone": "^need_arose/patient/test_result .*phone/new answered.*settled_by_reception need_closed",
    "prescription-asked-for": "^need_arose/patient/medication .*phone/new answered.*paperwork_to_do result_back",
    "prescription-chased": "paperwork_to_do contact_opened/phone/chase .*result_back",
    "answered-in-writing": "booked/gp~online_message consult_ended/~/resolved",
    "seen-the-same-day": "^need_arose/patient/acute_minor contact_opened/phone/new "
    ".*booked_today booked/gp~face_to_face consult_ended/~/resolved",
    "called-by-the-gp": "^need_arose/patient/acute_urgent .*booked/gp~telephone consult_ended/~/resolved",
    "home-visit": "^need_arose/patient/frailty_crisis .*booked/gp~home_visit consult_ended",
    "engaged": "engaged .*contact_opened/phone/engaged .*answered",
    "put-off-then-walks-in": "menu_ended//balked next_action//desk contact_opened/desk/balked front_seen",
    "answered-by-the-menu": "menu_ended//informed need_closed//informed",
    "called-back": "callback_requested called_back",
    "called-before-opening": "phone/new menu_ended//closed next_action//redial "
    "contact_opened/phone/called_while_closed .*resolved",
    "told-to-call-another-day": "(call_another_day next_action//another_day .*){2}need_closed//resolved",
    "goes-to-the-pharmacy": "^need_arose/patient/acute_minor .*call_another_day next_action//pharmacy",
    "goes-to-accident-and-emergency": "next_action//emergency_department",
    "online-form": "^need_arose/patient/musculoskeletal contact_opened/online/new "
    "front_seen.*booked.*consult_ended/other",
    "nothing-in-the-app": "contact_opened/app/new next_action//phone contact_opened/phone/no_slot_online .*answered",
    "form-closed-and-calls": "online/new form_refused//closed next_action//phone contact_opened/phone/form_refused",
    "form-closed-and-waits": "online/new form_refused//closed next_action//online contact_opened/online/form_refused",
    "booked-in-the-app": "contact_opened/app/new decided/person~ booked~ consult_ended",
    "at-the-desk": "contact_opened/desk/new front_seen~ decided/front_desk~ booked",
    "never-asked": "^need_arose/patient/mental_health need_closed//never_asked",
    "asked-late": "^need_arose/patient/(mental_health|social) (?=contact_opened/phone/new).*consult_ended",
    "gone-before-asking": "^need_arose/patient/~ need_closed//recovered",
    "follow-up-booked": "consult_ended/gp~planned_follow_up "
    "contact_opened/practice/planned_follow_up booked~ consult_ended",
    "follow-up-asked-for": "planned_follow_up contact_opened/phone/planned_follow_up .*booked",
    "result-chased": "awaiting_test contact_opened/phone/chase .*result_not_back .*result_back",
    "not-resolved": "consult_ended/~/unresolved contact_opened/phone/unresolved .*consult_ended/~/resolved",
    "wrong-clinician": "consult_ended/~/wrong_clinician contact_opened",
    "did-not-know-the-person": "consult_ended/gp~/no_continuity contact_opened",
    "missed-and-asked-again": "did_not_attend/gp~ contact_opened/phone/dna_rebook .*consult_ended",
    "missed-and-gave-up": "did_not_attend/~ need_closed//gave_up",
    "waited-too-long": "contact_opened/phone/waited_too_long .*appointment_stands consult_ended",
    "cancelled-by-the-patient": "cancelled/~/patient contact_opened/phone/rearranged .*consult_ended",
    "cancelled-and-not-wanted": "cancelled/~/patient need_closed//recovered",
    "cancelled-by-the-practice": "cancelled/gp~/practice contact_opened/practice/cancelled_by_practice "
    "front_seen~ decided/front_desk/booked~ booked~ consult_ended",
    "cancelled-and-nothing-else": "cancelled/gp~/practice ~ front_seen~ "
    "decided/front_desk/call_another_day .*need_closed",
    "squeezed": "booked~ squeezed~ consult_ended",
    "planned-review": "^need_arose/practice/long_term_review contact_opened/practice/new booked~ consult_ended",
    "planned-and-missed": "^need_arose/practice/~ contact_opened/practice/new booked~ "
    "did_not_attend~ contact_opened/practice/dna_rebook",
    "planned-and-rearranged": "^need_arose/practice/~ .*cancelled/~/patient contact_opened/phone/rearranged",
    "nothing-free-to-invite-to": "^need_arose/practice/~ contact_opened/practice/new "
    "contact_opened/practice/told_another_day",
    "from-the-hospital": "^need_arose/hospital/~ .*booked~ consult_ended",
    "from-social-care": "^need_arose/social_care/~ .*need_closed",
    "booked-before-the-run": "contact_opened/before_the_run/new booked~ consult_ended",
    "fit-note-at-the-desk": "^need_arose/patient/administrative contact_opened/(desk|app)/new front_seen",
    "many-contacts": "(contact_opened~ .*){7}need_closed",
}
"""What happens in each story, as a pattern of the words that `plots` makes of a need's log; ~ is the rest of a word."""


def scenario() -> Scenario:
    """The scenario of the stories."""
    return Scenario.model_validate(yaml.safe_load(SCENARIO.read_text()))


def plots(run: Run) -> dict[int, str]:
    """What happens in each need, as words: event, or event/who/code where it matters, in order."""
    said: dict[int, list[str]] = {}
    events = run.events
    mine = events[events["need"] >= 0]
    for need, event, who, code in zip(mine["need"], mine["event"], mine["who"], mine["code"], strict=True):
        if event == "queued" or event == "talk_ended":
            continue
        plain = event in ("engaged", "answered", "callback_requested", "called_back", "missed", "result_back")
        said.setdefault(need, []).append(event if plain else f"{event}/{who}/{code}")
    return {need: " ".join(words) for need, words in said.items()}


def chosen(run: Run) -> dict[str, int]:
    """The need of each story: the first, in the order in which they arose, in which it happens, no story told twice."""
    known = plots(run)
    found: dict[str, int] = {}
    for name, pattern in CASES.items():
        plot = re.compile(pattern.replace("~", "[^ ]*"))
        found[name] = next((n for n, words in known.items() if plot.search(words) and n not in found.values()), -1)
    return found


def told(run: Run, need: int) -> str:
    """A story as its file has it."""
    return "\n".join(story(run, need, "practice")) + "\n"
