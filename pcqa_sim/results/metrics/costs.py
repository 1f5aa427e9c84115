"""Metrics of money: what work that need not have been done takes and costs, what a need costs, and who pays.

Time that people are paid for costs what an hour worked costs, whatever it is spent on. A consultation by itself costs
what an hour with patients costs, which carries the hours without (the Unit Costs of Health and Social Care give both).
What others are paid when the practice sends somebody on, or when somebody goes elsewhere having got nowhere, is in
`costs.elsewhere_gbp`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcqa_sim.results.extrawork import FAILURE, MISSED, MOVED
from pcqa_sim.results.metrics.base import Counted, Daily, Ratio, metric
from pcqa_sim.results.metrics.resources import asked_about
from pcqa_sim.results.tables import role_of
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import FAILURE_CAUSES, SIGNPOSTED, WENT_ELSEWHERE
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK

RECEPTION = (CALL_HANDLER, FRONT_DESK)
PRACTICE, NETWORK, NHS_ELSEWHERE = "practice", "network", "nhs_elsewhere"
PAYERS = (PRACTICE, NETWORK, NHS_ELSEWHERE)


@metric("staff time spent on failure demand", "minutes per working day", "less")
def failure_min_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Minutes of contacts that came to nothing and of consultations that repeat one: in all, by cause, and by role.

    The first consultation of a need is never among them. They belong to the day on which they are known to be extra.
    """
    mine = _of_line(c, FAILURE)
    return _in_all(c, mine, mine["minutes"].to_numpy(), {"cause": tuple(FAILURE_CAUSES), "role": _workers(c)})


@metric("what failure demand costs", "pounds per working day", "less")
def failure_gbp_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Cost of the staff time spent on failure demand, per working day: in all, by cause, and by who pays for it."""
    mine = _of_line(c, FAILURE)
    payer = [_payer(c, role) for role in mine["role"]]
    groups = {"cause": tuple(FAILURE_CAUSES), "payer": (PRACTICE, NETWORK)}
    return _in_all(c, mine.assign(payer=payer), _worth(c, mine), groups)


@metric("staff time on appointments that the practice moves", "minutes per working day", "less")
def moved_min_per_working_day(c: Counted) -> Ratio:
    """Minutes that reception spends on putting another appointment in the place of one the practice cancelled."""
    return Ratio(_minutes(_of_line(c, MOVED), c), c.working_days)


@metric("what moving appointments costs", "pounds per working day", "less")
def moved_gbp_per_working_day(c: Counted) -> Ratio:
    """Cost of the staff time on appointments that the practice moves, per working day."""
    mine = _of_line(c, MOVED)
    return Ratio(c.by_day(mine["time"], _worth(c, mine)), c.working_days)


@metric("staff time kept for people who do not come", "minutes per working day", "less")
def missed_min_per_working_day(c: Counted) -> Ratio:
    """Minutes of the slots of appointments that were missed, and of reception's booking another.

    Clinicians do other work in such a gap where they have any, so this is time kept and not all of it time lost.
    """
    return Ratio(_minutes(_of_line(c, MISSED), c), c.working_days)


@metric("what time kept for people who do not come costs", "pounds per working day", "less")
def missed_gbp_per_working_day(c: Counted) -> Ratio:
    """Cost of the time kept for appointments that were missed and of booking others, per working day."""
    mine = _of_line(c, MISSED)
    return Ratio(c.by_day(mine["time"], _worth(c, mine)), c.working_days)


@metric("what care elsewhere costs", "pounds per working day", "less")
def elsewhere_gbp_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Cost of visits elsewhere that the practice sent people on, or made having got nowhere: in all, and by place."""
    time, place, pounds = _elsewhere(c)
    of_place = c.by_word(place, WENT_ELSEWHERE, time, pounds)
    found = {"": Ratio(c.by_day(time, pounds), c.working_days)}
    return found | {f"place={name}": Ratio(daily, c.working_days) for name, daily in of_place.items()}


@metric("what care costs", "pounds per working day", "less")
def cost_gbp_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Cost of everybody's time and of care elsewhere, per working day: in all, and by who pays."""
    return {group: Ratio(pounds, c.working_days) for group, pounds in _by_payer(c).items()}


@metric("what care costs for each need met", "pounds per need met", "less")
def cost_per_need_met(c: Counted) -> dict[str, Ratio]:
    """Cost of everybody's time and of care elsewhere, unmet needs' included, by needs and reviews met: by payer too.

    Met is what the practice resolved, what its message answered, and what was met where the practice sent the person.
    """
    needs = c.tables.needs
    met = c.by_day(needs.loc[needs["met"], "closed"])
    return {group: Ratio(pounds, met) for group, pounds in _by_payer(c).items()}


@metric("what care costs for each need asked about", "pounds per need asked about")
def cost_per_need_asked(c: Counted) -> dict[str, Ratio]:
    """Cost of everybody's time and of care elsewhere, by needs first asked about, met or not: by payer too.

    Neither more nor less of it is better by itself: whoever asks and is not helped makes it less.
    """
    asked = c.by_day(asked_about(c)["asked"])
    return {group: Ratio(pounds, asked) for group, pounds in _by_payer(c).items()}


def _of_line(c: Counted, line: str) -> pd.DataFrame:
    return c.extra_work[c.extra_work["line"] == line]


def _minutes(mine: pd.DataFrame, c: Counted) -> Daily:
    return c.by_day(mine["time"], mine["minutes"])


def _in_all(
    c: Counted, mine: pd.DataFrame, amount: NDArray[np.float64], groups: dict[str, tuple[str, ...]]
) -> dict[str, Ratio]:
    """Return sums of an amount per working day: in all, and for each of the words of some columns."""
    found = {"": Ratio(c.by_day(mine["time"], amount), c.working_days)}
    for column, words in groups.items():
        for word, daily in c.by_word(mine[column], words, mine["time"], amount).items():
            found[f"{column}={word}"] = Ratio(daily, c.working_days)
    return found


def _workers(c: Counted) -> tuple[str, ...]:
    return (*RECEPTION, *c.seeing)


def _worth(c: Counted, mine: pd.DataFrame) -> NDArray[np.float64]:
    """Return what each piece of work costs in pounds."""
    roles = c.practice.role
    hour = {(role, False): one.cost_per_hour_gbp for role, one in roles.items()}
    hour |= {(role, True): one.contact_hour_gbp for role, one in roles.items()}
    hour |= {(role, False): c.practice.rota.cost_per_hour_gbp for role in RECEPTION}
    keys = zip(mine["role"].tolist(), mine["contact_time"].tolist(), strict=True)
    pounds: NDArray[np.float64] = mine["minutes"].to_numpy() / 60 * np.array([hour[key] for key in keys])
    return pounds


def _payer(c: Counted, role: str) -> str:
    return PRACTICE if role in RECEPTION else c.practice.role[role].paid_by


def _by_payer(c: Counted) -> dict[str, Daily]:
    """Return what everything costs by day, in pounds: in all, and by who pays."""
    time, _, pounds = _elsewhere(c)
    found = {f"payer={NHS_ELSEWHERE}": c.by_day(time, pounds)}
    for payer in (PRACTICE, NETWORK):
        found[f"payer={payer}"] = _clinicians_cost(c, payer)
    found[f"payer={PRACTICE}"] = found[f"payer={PRACTICE}"] + _reception_cost(c)
    return {"": np.sum(list(found.values()), axis=0)} | found


def _clinicians_cost(c: Counted, payer: str) -> Daily:
    """Return what the rostered time and overtime of the roles that somebody pays for cost by day."""
    rows = c.tables.rows(log.SESSION_ENDED)
    rows = rows.where(np.isin(rows.code, (log.ROSTERED, log.OVERTIME)))
    rate = {
        name: role.cost_per_hour_gbp / 60 if role.paid_by == payer else 0.0 for name, role in c.practice.role.items()
    }
    pounds = rows.amount * np.array([rate[role] for role in role_of(rows.who).tolist()], dtype=np.float64)
    return c.by_day(rows.time - 1e-6, pounds)


def _reception_cost(c: Counted) -> Daily:
    """Return what people rostered for calls, desk and inbox cost by day."""
    minutes = c.rostered_min(CALL_HANDLER) + c.rostered_min(FRONT_DESK)
    return minutes / 60 * c.practice.rota.cost_per_hour_gbp


def _elsewhere(c: Counted) -> tuple[Daily, NDArray[np.object_], Daily]:
    """Return when people went elsewhere, where to, and what it cost: sent by the practice, or having got nowhere."""
    decided, next_actions = c.tables.rows(log.DECIDED), c.tables.rows(log.NEXT_ACTION)
    sent = {f"{SIGNPOSTED}{place}": place for place in WENT_ELSEWHERE}
    there = decided.where(np.isin(decided.code, list(sent)))
    went = next_actions.where(np.isin(next_actions.code, WENT_ELSEWHERE))
    place = np.array([*(sent[word] for word in there.code.tolist()), *went.code.tolist()], dtype=object)
    prices = c.practice.costs.elsewhere_gbp
    pounds = np.array([prices.get(word, 0.0) for word in place.tolist()], dtype=np.float64)
    return np.concatenate([there.time, went.time]), place, pounds
