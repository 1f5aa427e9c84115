"""Stations of a bench: the practice's telephone or a pool of people, with staff, service and patience of their own."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from pcqa_sim.frontdoor.next_action import cause_of_failed_call
from pcqa_sim.frontdoor.phone import PATIENCE, TALK, Phone, PhoneRules
from pcqa_sim.kernel.environment import Event
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.distributions import Deterministic, Distribution
from pcqa_sim.values.needs import AFTER_RENEGING, Contact
from pcqa_sim.verification import arguments
from pcqa_sim.verification.arguments import Durations, Staffing
from pcqa_sim.verification.bench import BenchRun, Watch

Served = Generator[Event, Any, tuple[str, float]]


@dataclass(frozen=True)
class Station:
    """One station of a network: how long it sees to somebody, its staff, and who of them goes on to the next.

    `service`, `patience`, `staffing` are as for `phone`. `goes_on` is the share of those seen to who go on to the
    next station (of the last one it means nothing); the others are done. `lines` limits the first station alone.
    """

    service: Durations
    staffing: Staffing
    patience: Durations | None = None
    goes_on: float = 1.0
    lines: float = math.inf


class PoolStation:
    """A station where people wait for somebody free, with or without patience."""

    def __init__(self, run: BenchRun, name: str, given: Station, period: float, watch: bool) -> None:
        callers = len(run.times)
        at = "" if name in ("phone", "pool") else f"{name}."
        self.run = run
        self.name = name
        self.service = arguments.distribution(f"{at}service", given.service, callers)
        patient = Deterministic(math.inf) if given.patience is None else given.patience
        self.patience = arguments.distribution(f"{at}patience", patient, callers, finite=False)
        self.goes_on = arguments.share(f"{at}goes_on", given.goes_on)
        self.watch = Watch(run.env, watch)
        self.listed: dict[int, Distribution] = {TALK: self.service, PATIENCE: self.patience}
        run.roster(self.watch.pool, arguments.staffing(f"{at}staffing", given.staffing, period), period)

    def serve(self, contact: Contact, priority: float) -> Served:
        """See to one request; return why it came to nothing ("" if it did not) and the minutes waited."""
        people, now = self.watch.pool, self.run.env.now
        request = people.ask(priority)
        if not request.granted:
            yield from people.wait(request, self.patience.quantile(contact.need.luck.u(PATIENCE)))
        waited = self.run.env.now - now
        if not request.granted:
            self.run.note(contact, log.MISSED, amount=waited)
            return AFTER_RENEGING, waited
        self.run.note(contact, log.ANSWERED, amount=waited)
        minutes = self.service.quantile(contact.need.luck.u(TALK))
        yield self.run.env.timeout(minutes)
        self.run.note(contact, log.TALK_ENDED, amount=minutes)
        people.release(request)
        return "", waited


class PhoneStation(PoolStation):
    """A station that is the practice's telephone."""

    def __init__(self, run: BenchRun, name: str, given: Station, period: float, watch: bool) -> None:
        super().__init__(run, name, given, period, watch)
        rules = PhoneRules(lines=arguments.lines(given.lines), patience=self.patience, talk=self.service)
        self.desk = self.watch.phone = Phone(run.env, self.watch.pool, run, rules, lambda _: True)

    def serve(self, contact: Contact, priority: float) -> Served:
        """Answer one call; return why it came to nothing ("" if it did not) and the minutes waited."""
        now = self.run.env.now
        call = yield from self.desk.call(contact, priority)
        waited = self.run.env.now - now
        if not call.reached:
            self.watch.look()
            return cause_of_failed_call(call.ending, call.why), waited
        yield from self.desk.talk(call, 1.0)
        self.desk.wrap_up(call)
        return "", waited
