"""The gp-ref workload in lean SimPy: the same rules as textbook_simpy.py, written for speed.

No `PriorityResource` and no `any_of`: a pool is a number and a queue, whoever waits has an event and those on the phone
a timer; processes are generators that callbacks drive on, without a process's own events. It shows how far careful
Python on SimPy's kernel goes.
"""

from collections import deque
from collections.abc import Callable, Generator
from typing import Any

import simpy
import textbook_simpy as book
from textbook_simpy import CLOSE, DAY

Steps = Generator[simpy.Event, object, None]


def follow(steps: Steps) -> None:
    """Run a generator up to the next event it waits for, and on from there when it happens."""
    go_on: Callable[[Any], None]

    def go_on(_: object) -> None:
        for event in steps:
            event.callbacks.append(go_on)
            return

    go_on(None)


class Pool:
    """People doing one kind of work: how many, how many are busy, and who waits."""

    def __init__(self, env: simpy.Environment, capacity: int) -> None:
        self.env, self.capacity, self.busy = env, capacity, 0
        self.queue: deque[simpy.Event] = deque()

    def resize(self, capacity: int) -> None:
        self.capacity = capacity
        self.grant()

    def grant(self) -> None:
        """Hand free people to those who wait; whoever has given up is passed over."""
        while self.busy < self.capacity and self.queue:
            waits = self.queue.popleft()
            if not waits.triggered:
                self.busy += 1
                waits.succeed(True)

    def release(self) -> None:
        self.busy -= 1
        self.grant()


class Practice(book.Practice):
    """One practice; the tally and the results are the textbook's."""

    def run(self) -> None:
        env = self.env
        self.handlers, self.doctors = Pool(env, book.AGENTS), Pool(env, book.CLINICIANS)
        for day in range(self.days):
            for minute, people in ((0, 2), (480, 5), (600, 3), (840, 2)):
                self.at(day * DAY + minute, lambda people=people: self.handlers.resize(people))
            for minute, people in ((0, 0), (510, 3), (1110, 0)):
                self.at(day * DAY + minute, lambda people=people: self.doctors.resize(people))
        follow(self.fresh_calls())
        env.run(until=self.days * DAY)

    def at(self, minute: float, act: Callable[[], None]) -> None:
        self.env.timeout(minute - self.env.now).callbacks.append(lambda _: act())

    def fresh_calls(self) -> Steps:
        for day in range(self.days):
            for start, end, rate in book.CALL_BANDS:
                at = start + self.rng.expovariate(rate * book.DAY_FACTORS[day % 5])
                while at < end:
                    yield self.env.timeout(day * DAY + at - self.env.now)
                    follow(self.call("fresh"))
                    at += self.rng.expovariate(rate * book.DAY_FACTORS[day % 5])

    def call(self, kind: str) -> Steps:
        self.tally[kind] += 1
        if self.on_phone >= book.PLACES_ON_PHONE:
            self.tally["blocked"] += 1
            self.maybe_redial()
            return
        env, handlers, arrived = self.env, self.handlers, self.env.now
        self.on_phone += 1
        answered = handlers.busy < handlers.capacity
        if answered:
            handlers.busy += 1
        else:
            waits = env.event()
            handlers.queue.append(waits)
            timer = env.timeout(self.rng.expovariate(1 / book.PATIENCE))
            timer.callbacks.append(lambda _: None if waits.triggered else waits.succeed(False))
            yield waits
            answered = bool(waits.value)
        if answered:
            self.tally["answered"] += 1
            self.minutes["wait"] += env.now - arrived
            handling = self.lognormal(*book.HANDLING)
            self.minutes["handling"] += handling
            yield env.timeout(handling)
            handlers.release()
        self.on_phone -= 1
        if not answered:
            self.tally["abandoned"] += 1
            self.maybe_redial()
        elif not self.phone_only and self.rng.random() < book.P_TRIAGE:
            yield from self.contact()

    def maybe_redial(self) -> None:
        if self.rng.random() >= book.P_REDIAL:
            return
        delay = self.rng.expovariate(1 / book.REDIAL_AFTER)
        if self.env.now % DAY + delay < CLOSE:
            self.at(self.env.now + delay, lambda: follow(self.call("redials")))

    def contact(self) -> Steps:
        joined, doctors = self.env.now, self.doctors
        if doctors.busy < doctors.capacity:
            doctors.busy += 1
        else:
            waits = self.env.event()
            doctors.queue.append(waits)
            yield waits
        self.minutes["list_wait"] += self.env.now - joined
        attends = self.rng.random() >= book.P_DNA
        self.tally["consults" if attends else "dna"] += 1
        length = self.lognormal(*book.CONSULT) if attends else book.DNA_MINUTES
        self.minutes["contact"] += length
        yield self.env.timeout(length)
        doctors.release()
        if attends and self.rng.random() < book.P_RECONTACT:
            self.recontact()

    def recontact(self) -> None:
        day = int(self.env.now // DAY) + self.rng.randint(1, 5)
        if day < self.days:
            at = day * DAY + self.rng.uniform(book.OPEN, CLOSE)
            self.at(at, lambda: follow(self.call("recontacts")))


def run(days: int = 250, seed: int = 1, phone_only: bool = False) -> dict[str, float]:
    """Run one replication and return what textbook_simpy.run returns."""
    practice = Practice(days, seed, phone_only)
    practice.run()
    return practice.results()
