"""Metrics of the wider circle: what people touch across services, what the practice need not do, and whose work it is.

Four resources: the NHS (the practice, its network and NHS places), local government, charities, and the community's own
volunteers. Minutes are those of whoever is there, rostered where there is a roster.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Words
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.community import resource_of
from pcqa_sim.results.metrics.costs import NETWORK, NHS_ELSEWHERE, PRACTICE, cost_gbp_per_working_day
from pcqa_sim.results.metrics.counted import Counted, Daily, Ratio
from pcqa_sim.scenario.groups.community import NHS, RESOURCES
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import NETWORK_HUB, SENT_ON, SIGNPOSTED, WENT_ELSEWHERE
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK, PlaceEnding, PlaceRoute

CONTACTS, CONSULTATIONS = "practice_contacts", "practice_consultations"
_YEAR = 365.25


@metric("what people touch across services", "times per person and year")
def touchpoints_per_person_year(c: Counted) -> dict[str, Ratio]:
    """Contacts with the practice, consultations, visits elsewhere and sessions in the community: in all, and each."""
    found = {f"service={name}": daily for name, daily in _touched(c).items()}
    people = np.full(c.days, len(c.people) / _YEAR)
    whole: Daily = np.sum(list(found.values()), axis=0)
    return {"": Ratio(whole, people)} | {group: Ratio(daily, people) for group, daily in found.items()}


@metric("needs met outside that the practice did not have to see", "needs per working day", "more")
def spared_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Needs met at a place that people were sent to instead of being seen, or went to themselves: all, and by place."""
    referrals = c.referrals
    instead = referrals.words("route").isin((PlaceRoute.SIGNPOSTED, PlaceRoute.OFFERED, PlaceRoute.JOINED))
    met = referrals.where(instead & (referrals.words("ending") == PlaceEnding.COMPLETED))
    found = {"": Ratio(c.by_day(met["ended"]), c.working_days)}
    for name, daily in c.by_word(met.words("place"), tuple(c.practice.community), met["ended"]).items():
        found[f"place={name}"] = Ratio(daily, c.working_days)
    return found


@metric("time of the four resources", "minutes per working day")
def resource_min_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Minutes by whose they are: the NHS (rostered, and sessions beside), local government, charities, volunteers.

    What others elsewhere (111, A&E) spend is in pounds alone.
    """
    rows = c.tables.rows(log.PLACE_SESSION)
    beside = np.where(rows.code == "", rows.amount, 0.0)  # what is in the practice's own rota is counted there
    of = rows.who.mapped(lambda place: resource_of(c, place))
    daily = dict(c.by_word(of, RESOURCES, rows.time, beside))
    ended = c.tables.rows(log.SESSION_ENDED)
    ended = ended.where(ended.code.isin((log.ROSTERED, log.OVERTIME)))
    inside = c.by_day(ended.time - 1e-6, ended.amount) + c.rostered_min(CALL_HANDLER) + c.rostered_min(FRONT_DESK)
    daily[NHS] = daily[NHS] + inside
    return {f"of={name}": Ratio(daily[name], c.working_days) for name in RESOURCES}


@metric("pounds of the four resources", "pounds per working day")
def resource_gbp_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Pounds by whose they are: the NHS (practice, network, elsewhere), local government, charities, volunteers."""
    by_payer = cost_gbp_per_working_day(c)
    assert isinstance(by_payer, dict)
    found = {}
    for name in RESOURCES:
        payers = (PRACTICE, NETWORK, NHS_ELSEWHERE) if name == NHS else (name,)
        parts = [by_payer[f"payer={payer}"].numerator for payer in payers if f"payer={payer}" in by_payer]
        daily = np.sum(parts, axis=0) if parts else np.zeros(c.days)
        found[f"of={name}"] = Ratio(daily, c.working_days)
    return found


def _touched(c: Counted) -> dict[str, Daily]:
    """Return how often each service was touched, by day."""
    made, ended, sessions = c.made, c.tables.rows(log.CONSULT_ENDED), c.tables.rows(log.PLACE_SESSION)
    found = {CONTACTS: c.by_day(made["opened"]), CONSULTATIONS: c.by_day(ended.time)}
    time, place = _elsewhere(c)
    found |= c.by_word(place, (*WENT_ELSEWHERE, NETWORK_HUB), time)
    for name, daily in c.by_word(sessions.who, tuple(c.practice.community), sessions.time).items():
        found[name] = found.get(name, np.zeros(c.days)) + daily
    return found


def _elsewhere(c: Counted) -> tuple[NDArray[np.float64], Words]:
    """Return when people went to other services that are no place of the community, and to which."""
    decided = c.tables.rows(log.DECIDED)
    services = [name for name in (*WENT_ELSEWHERE, NETWORK_HUB) if name not in c.practice.community]
    sent = decided.where(decided.code.isin([f"{how}{name}" for how in (SIGNPOSTED, SENT_ON) for name in services]))
    of_their_own = map(c.tables.rows, (log.NEXT_ACTION, log.ALSO_WENT, log.CARE_HOME_CALLED))
    went = [rows.where(rows.code.isin(WENT_ELSEWHERE)) for rows in of_their_own]
    words = sent.code.mapped(lambda word: word.removeprefix(SIGNPOSTED).removeprefix(SENT_ON))
    place = Words.joined(words, *(rows.code for rows in went))
    return np.concatenate([sent.time, *(rows.time for rows in went)]), place
