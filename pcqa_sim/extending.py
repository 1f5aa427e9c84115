"""What own code may build on: import from here, and nothing breaks while `api` stays the same number.

A plug-in is a Python file that says `api = 1` and holds triage models, interventions or metrics; docs/extending.md has
a recipe for each. Every module of pcqa_sim can be imported, but only what stands here is promised.
"""

from __future__ import annotations

import sys

from pydantic import Field

from pcqa_sim.frontdoor.triage.care_navigation import CareNavigation
from pcqa_sim.frontdoor.triage.clinician_first import ClinicianFirst
from pcqa_sim.frontdoor.triage.open_list import DutyTeam, OpenAccess
from pcqa_sim.frontdoor.triage.policy import PracticeNow, Triage
from pcqa_sim.frontdoor.triage.reception_led import ReceptionLed
from pcqa_sim.interventions.adjust import Adjust
from pcqa_sim.interventions.base import Intervention, OfRole
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.scenario import Practice, Scenario, with_settings
from pcqa_sim.scenario.fields import Count, NotNegative, Positive, Share
from pcqa_sim.scenario.groups import Triage as TriageSettings
from pcqa_sim.values import eventlog
from pcqa_sim.values.luck import Luck, own_activity
from pcqa_sim.values.needs import (
    BOOKED_AHEAD,
    BOOKED_TODAY,
    CALL_ANOTHER_DAY,
    SETTLED,
    SIGNPOSTED,
    Contact,
    Disposition,
    Need,
    Slot,
    SlotRequest,
)
from pcqa_sim.values.plugins import API


def activity(name: str) -> int:
    """Return the key of something that own code uses luck for: `luck.u(activity("texted"))`, made once for a module.

    The same needs then have the same luck in every scenario, whatever else changes; another file's luck is another.
    """
    return own_activity(name, str(sys._getframe(1).f_globals.get("__name__", "")))


__all__ = [
    "API",
    "BOOKED_AHEAD",
    "BOOKED_TODAY",
    "CALL_ANOTHER_DAY",
    "SETTLED",
    "SIGNPOSTED",
    "Adjust",
    "CareNavigation",
    "ClinicianFirst",
    "Contact",
    "Count",
    "Counted",
    "Disposition",
    "DutyTeam",
    "Field",
    "Intervention",
    "Luck",
    "Need",
    "NotNegative",
    "OfRole",
    "OpenAccess",
    "Positive",
    "Practice",
    "PracticeNow",
    "Ratio",
    "ReceptionLed",
    "Scenario",
    "Share",
    "Slot",
    "SlotRequest",
    "Triage",
    "TriageSettings",
    "activity",
    "eventlog",
    "metric",
    "with_settings",
]
