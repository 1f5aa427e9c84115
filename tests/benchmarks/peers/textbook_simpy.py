"""The gp-ref workload in textbook SimPy: one process per call, `PriorityResource` and `any_of`.

It is written for the reader and not for speed: a yardstick for the engine and a second opinion on its
results. Times are minutes; day d starts at 1440 d. Staff who are away are dummy users of top priority, so a
reduction takes the next agent to come free and interrupts nobody. Source of every number: the gp-ref
specification, a synthetic workload and not a claim about any practice.
"""

import math
import random
import time
from collections import Counter
from collections.abc import Generator

import simpy
from simpy.util import start_delayed

Steps = Generator[simpy.Event, object, None]

DAY = 1440
OPEN, CLOSE = 480, 1110  # 08:00, 18:30
CALL_BANDS = (  # from, to, calls per minute
    (480, 510, 2.4),
    (510, 570, 0.8),
    (570, 720, 0.32),
    (720, 840, 0.20),
    (840, 1020, 0.22),
    (1020, 1110, 0.10),
)
DAY_FACTORS = (1.25, 1.00, 0.95, 0.90, 0.90)
PLACES_ON_PHONE = 20
AGENTS, AGENTS_AWAY = 5, ((600, 480), (600, 480), (840, 480))  # 5 from 08:00, 3 from 10:00, 2 from 14:00
CLINICIANS, CLINICIANS_AWAY = 3, ((1110, 510),) * 3  # 3 from 08:30 to 18:30
AGENT_MINUTES_OPEN = 5 * 120 + 3 * 240 + 2 * 270  # a day, 08:00 to 18:30
CLINICIAN_MINUTES = 3 * 600  # a day
PATIENCE, REDIAL_AFTER = 10.0, 20.0
P_REDIAL, P_TRIAGE, P_DNA, P_RECONTACT = 0.5, 0.45, 0.06, 0.15
HANDLING = (4.0, 0.6)  # mean, coefficient of variation
CONSULT = (12.0, 0.5)
DNA_MINUTES = 2.0
AWAY, AT_WORK = 0, 1  # priorities: the lower number goes first


class Practice:
    """One practice, its phone, its clinicians and the tally of what happened."""

    def __init__(self, days: int, seed: int, phone_only: bool) -> None:
        self.days, self.phone_only = days, phone_only
        self.env = simpy.Environment()
        self.rng = random.Random(seed)
        self.agents = simpy.PriorityResource(self.env, AGENTS)
        self.clinicians = simpy.PriorityResource(self.env, CLINICIANS)
        self.on_phone = 0
        self.tally: Counter[str] = Counter()
        self.minutes: dict[str, float] = dict.fromkeys(("wait", "handling", "list_wait", "contact"), 0.0)

    def run(self) -> None:
        self.env.process(self.fresh_calls())
        for start, end in AGENTS_AWAY:
            self.env.process(self.away(self.agents, start, end))
        for start, end in () if self.phone_only else CLINICIANS_AWAY:
            self.env.process(self.away(self.clinicians, start, end))
        self.env.run(until=self.days * DAY)

    def away(self, staff: simpy.PriorityResource, start: int, end: int) -> Steps:
        """Take one member of staff off from `start` to `end` o'clock, every day; at midnight they are off."""
        while True:
            with staff.request(priority=AWAY) as leave:
                yield leave
                yield self.env.timeout((end - self.env.now) % DAY)
            yield self.env.timeout((start - self.env.now) % DAY)

    def fresh_calls(self) -> Steps:
        for day in range(self.days):
            for start, end, rate in CALL_BANDS:
                at = start + self.rng.expovariate(rate * DAY_FACTORS[day % 5])
                while at < end:
                    yield self.env.timeout(day * DAY + at - self.env.now)
                    self.env.process(self.call("fresh"))
                    at += self.rng.expovariate(rate * DAY_FACTORS[day % 5])

    def call(self, kind: str) -> Steps:
        """One attempt to get through and, if it does, all that follows from it."""
        self.tally[kind] += 1
        if self.on_phone >= PLACES_ON_PHONE:
            self.tally["blocked"] += 1
            self.maybe_redial()
            return
        arrived = self.env.now
        self.on_phone += 1
        with self.agents.request(priority=AT_WORK) as agent:
            yield agent | self.env.timeout(self.rng.expovariate(1 / PATIENCE))
            answered = agent.triggered
            if answered:
                self.tally["answered"] += 1
                self.minutes["wait"] += self.env.now - arrived
                handling = self.lognormal(*HANDLING)
                self.minutes["handling"] += handling
                yield self.env.timeout(handling)
        self.on_phone -= 1
        if not answered:
            self.tally["abandoned"] += 1
            self.maybe_redial()
        elif not self.phone_only and self.rng.random() < P_TRIAGE:
            yield from self.contact()

    def maybe_redial(self) -> None:
        if self.rng.random() >= P_REDIAL:
            return
        delay = self.rng.expovariate(1 / REDIAL_AFTER)
        if self.env.now % DAY + delay < CLOSE:
            start_delayed(self.env, self.call("redials"), delay)

    def contact(self) -> Steps:
        """Wait on the list for a clinician, and be seen or fail to attend."""
        joined = self.env.now
        with self.clinicians.request(priority=AT_WORK) as clinician:
            yield clinician
            self.minutes["list_wait"] += self.env.now - joined
            attends = self.rng.random() >= P_DNA
            self.tally["consults" if attends else "dna"] += 1
            length = self.lognormal(*CONSULT) if attends else DNA_MINUTES
            self.minutes["contact"] += length
            yield self.env.timeout(length)
        if attends and self.rng.random() < P_RECONTACT:
            self.recontact()

    def recontact(self) -> None:
        day = int(self.env.now // DAY) + self.rng.randint(1, 5)
        if day < self.days:
            at = day * DAY + self.rng.uniform(OPEN, CLOSE)
            start_delayed(self.env, self.call("recontacts"), at - self.env.now)

    def lognormal(self, mean: float, cv: float) -> float:
        variance = math.log(1 + cv * cv)
        return self.rng.lognormvariate(math.log(mean) - variance / 2, math.sqrt(variance))

    def results(self) -> dict[str, float]:
        tally, minutes = self.tally, self.minutes
        names = ("fresh", "redials", "recontacts", "blocked", "abandoned", "answered", "consults", "dna")
        counts = {name: float(tally[name]) for name in names}
        contacts = tally["consults"] + tally["dna"]
        attempts = tally["fresh"] + tally["redials"] + tally["recontacts"]
        staff_changes = (3 if self.phone_only else 5) * self.days
        return counts | {
            "mean_wait_answered": minutes["wait"] / max(1, tally["answered"]),
            "mean_clinician_wait": minutes["list_wait"] / contacts if contacts else math.nan,
            "agent_utilisation": minutes["handling"] / (AGENT_MINUTES_OPEN * self.days),
            "clinician_utilisation": minutes["contact"] / (CLINICIAN_MINUTES * self.days),
            "logical_events": float(attempts + tally["abandoned"] + tally["answered"] + contacts + staff_changes),
        }


def run(days: int = 250, seed: int = 1, phone_only: bool = False) -> dict[str, float]:
    """Run one replication and return its counts, mean waits in minutes and utilisations.

    `phone_only` leaves out triage, clinicians and re-contacts: their counts and `clinician_utilisation` are
    then 0 and `mean_clinician_wait` is NaN. Agent utilisation is handling time over staffed time from 08:00
    to 18:30, clinician utilisation contact time over session time.
    """
    practice = Practice(days, seed, phone_only)
    practice.run()
    return practice.results()


if __name__ == "__main__":
    for phone_only in (False, True):
        started = time.process_time()
        results = run(phone_only=phone_only)
        print(f"phone_only={phone_only}: {time.process_time() - started:.2f} CPU seconds")
        for name, value in results.items():
            print(f"  {name:22} {value:12.3f}")
