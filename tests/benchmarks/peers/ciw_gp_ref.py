"""The gp-ref workload in Ciw 3.2.7, with Ciw's own parts wherever it has them.

Nodes: 1 the phone, 2 waiting to redial, 3 the clinicians' list, 4 waiting to call again about the same
problem. Ciw supplies the Poisson arrivals (`PoissonIntervals`), the rotas (`Schedule`), reneging, the places
on the phone (`queue_capacities`), the routing, who fails to attend (a customer class drawn after each call)
and the records from which every result is read. What it cannot express is added through its class hooks:

- `PhoneArrivals`: a refused arrival may redial (Ciw sends it to the exit), and `DialAgain` does the same for
  a redial or re-contact (Ciw would hold it at the node before). Both write Ciw's own rejection record.
- `Rota`: at a change of shift Ciw brings in a whole new crew while the old one finishes, so that up to 5 + 3
  would be at work at 10:00. Here those at work count; the surplus that will be free first goes home, which is
  the same as "the next to come free".
- `DaysLater`: the time to a re-contact, which no built-in distribution gives.

What differs, without changing a result: the re-contacts of the last days stay in node 4 instead of being
dropped, and a redial that would come too late is an event that then leaves and is not counted. Ciw draws from
the `random` module's global state, which `run` seeds and puts back.

Times are minutes; day d starts at 1440 d. Source of every number: the gp-ref specification, a synthetic
workload and not a claim about any practice.
"""

import math
import random
import time
from collections import Counter
from statistics import fmean

import ciw

DAY = 1440
OPEN, CLOSE = 480, 1110  # 08:00, 18:30
BAND_ENDS = (480, 510, 570, 720, 840, 1020, 1110, 1440)
CALLS_PER_MINUTE = (0.0, 2.4, 0.8, 0.32, 0.20, 0.22, 0.10, 0.0)
DAY_FACTORS = (1.25, 1.00, 0.95, 0.90, 0.90)
PLACES_ON_PHONE = 20
AGENT_MINUTES_OPEN = 5 * 120 + 3 * 240 + 2 * 270  # a day, 08:00 to 18:30
CLINICIAN_MINUTES = 3 * 600  # a day
PATIENCE, REDIAL_AFTER = 10.0, 20.0
P_REDIAL, P_TRIAGE, P_DNA, P_RECONTACT = 0.5, 0.45, 0.06, 0.15
DNA_MINUTES = 2.0
PHONE, REDIAL, CLINIC, RECONTACT, EXIT = 1, 2, 3, 4, -1
ATTENDS, ABSENT = "attends", "absent"


def lognormal(mean: float, cv: float) -> ciw.dists.Lognormal:
    """Return Ciw's lognormal, which takes the mean and sd of the logarithm."""
    variance = math.log(1 + cv * cv)
    return ciw.dists.Lognormal(mean=math.log(mean) - variance / 2, sd=math.sqrt(variance))


def after_failure(simulation: ciw.Simulation) -> ciw.Node:
    """Return where a blocked or abandoned call goes."""
    return simulation.nodes[REDIAL if random.random() < P_REDIAL else EXIT]


class PhoneArrivals(ciw.ArrivalNode):  # type: ignore[misc]  # Ciw has no types
    """Arrivals of which those that find every place on the phone taken may redial."""

    def release_individual(self, next_node: ciw.Node, next_individual: ciw.Individual) -> None:
        if next_node.number_of_individuals < next_node.node_capacity:
            self.send_individual(next_node, next_individual)
        else:
            self.record_rejection(next_node, next_individual)
            after_failure(self.simulation).accept(next_individual)


class Rota(ciw.Node):  # type: ignore[misc]
    """A node whose staff at work count towards the new shift and leave, if too many, as they come free."""

    def change_shift(self) -> None:
        self.schedule.get_next_shift()
        self.next_shift_change = self.schedule.next_shift_change_date
        self.c = self.schedule.c
        for idle in [server for server in self.servers if not server.busy]:
            idle.shift_end = self.now
            self.kill_server(idle)
        busy = sorted(self.servers, key=lambda server: server.next_end_service_date)
        surplus = max(0, len(busy) - self.c)
        for order, server in enumerate(busy):
            server.offduty = order < surplus
            server.shift_end = self.now
        self.add_new_servers(self.c - (len(busy) - surplus))
        self.begin_service_if_possible_change_shift()


class AfterPhone(ciw.routing.Probabilistic):  # type: ignore[misc]
    """From an answered call to the clinicians or out; from an abandoned one to a redial or out."""

    def next_node_for_jockeying(self, ind: ciw.Individual) -> ciw.Node:
        return after_failure(self.simulation)


class DialAgain(ciw.routing.NodeRouting):  # type: ignore[misc]
    """To the phone if a place is free and, for a redial, the day's lines have not closed."""

    def next_node(self, ind: ciw.Individual) -> ciw.Node:
        now, phone = self.simulation.current_time, self.simulation.nodes[PHONE]
        if self.node.id_number == REDIAL and now >= ind.arrival_date // DAY * DAY + CLOSE:
            return self.simulation.nodes[EXIT]
        if phone.number_of_individuals < phone.node_capacity:
            return phone
        phone.write_baulking_or_rejection_record(ind, record_type="rejection")
        return after_failure(self.simulation)


class DaysLater(ciw.dists.Distribution):  # type: ignore[misc]
    """The time until a re-contact, one to five days later while the lines are open."""

    def sample(self, t: float | None = None, ind: ciw.Individual = None) -> float:
        now = t or 0.0
        return (now // DAY + random.randint(1, 5)) * DAY + random.uniform(OPEN, CLOSE) - now


def network(days: int, phone_only: bool) -> ciw.network.Network:
    """Build the four nodes, or the first two for the phone alone."""
    used = 2 if phone_only else 4
    rates = [rate * factor for factor in DAY_FACTORS for rate in CALLS_PER_MINUTE]
    ends = [float(day * DAY + end) for day in range(len(DAY_FACTORS)) for end in BAND_ENDS]
    fresh = ciw.dists.PoissonIntervals(rates, ends, days * DAY)
    agents = ciw.Schedule(numbers_of_servers=[2, 5, 3, 2], shift_end_dates=[480, 600, 840, DAY])
    clinicians = ciw.Schedule(numbers_of_servers=[0, 3, 0], shift_end_dates=[510, CLOSE, DAY])
    inf = float("inf")
    patience = [ciw.dists.Exponential(1 / PATIENCE), None, None, None][:used]
    stays = {ATTENDS: {ATTENDS: 1.0, ABSENT: 0.0}, ABSENT: {ATTENDS: 0.0, ABSENT: 1.0}}
    drawn = {kind: {ATTENDS: 1 - P_DNA, ABSENT: P_DNA} for kind in stays}
    return ciw.create_network(
        arrival_distributions={ATTENDS: [fresh, None, None, None][:used], ABSENT: [None] * used},
        service_distributions={kind: service_times(kind)[:used] for kind in stays},
        number_of_servers=[agents, inf, clinicians, inf][:used],
        queue_capacities=[PLACES_ON_PHONE, inf, inf, inf][:used],  # with a Schedule: those served included
        reneging_time_distributions=dict.fromkeys(stays, patience),
        class_change_matrices=[drawn, stays, stays, stays][:used],
        routing={kind: ciw.routing.NetworkRouting(routers(kind, phone_only)[:used]) for kind in stays},
    )


def service_times(kind: str) -> list[ciw.dists.Distribution]:
    """Return the time spent at each node."""
    contact = ciw.dists.Deterministic(DNA_MINUTES) if kind == ABSENT else lognormal(12.0, 0.5)
    return [lognormal(4.0, 0.6), ciw.dists.Exponential(1 / REDIAL_AFTER), contact, DaysLater()]


def routers(kind: str, phone_only: bool) -> list[ciw.routing.NodeRouting]:
    """Return what comes after each node."""
    after_phone = AfterPhone([], []) if phone_only else AfterPhone([CLINIC], [P_TRIAGE])
    returns = ciw.routing.Leave() if kind == ABSENT else ciw.routing.Probabilistic([RECONTACT], [P_RECONTACT])
    return [after_phone, DialAgain(), returns, DialAgain()]


def results(simulation: ciw.Simulation, days: int) -> dict[str, float]:
    """Read the gp-ref results from Ciw's records."""
    phone_only = len(simulation.transitive_nodes) == 2
    records = simulation.get_all_records()
    number = Counter((record.node, record.record_type) for record in records)
    calls = [record for record in records if record.node == PHONE and record.record_type == "service"]
    contacts = [record for record in records if record.node == CLINIC]
    dna = sum(record.customer_class == ABSENT for record in contacts)
    blocked, abandoned = number[PHONE, "rejection"], number[PHONE, "renege"]
    attempts = len(calls) + blocked + abandoned
    fresh, recontacts = simulation.nodes[0].number_of_individuals, number[RECONTACT, "service"]
    staff_changes = (3 if phone_only else 5) * days
    return {
        "fresh": float(fresh),
        "redials": float(attempts - fresh - recontacts),
        "recontacts": float(recontacts),
        "blocked": float(blocked),
        "abandoned": float(abandoned),
        "answered": float(len(calls)),
        "consults": float(len(contacts) - dna),
        "dna": float(dna),
        "mean_wait_answered": sum(call.waiting_time for call in calls) / max(1, len(calls)),
        "mean_clinician_wait": fmean(record.waiting_time for record in contacts) if contacts else math.nan,
        "agent_utilisation": sum(call.service_time for call in calls) / (AGENT_MINUTES_OPEN * days),
        "clinician_utilisation": sum(record.service_time for record in contacts) / (CLINICIAN_MINUTES * days),
        "logical_events": float(attempts + abandoned + len(calls) + len(contacts) + staff_changes),
    }


def run(days: int = 250, seed: int = 1, phone_only: bool = False) -> dict[str, float]:
    """Run one replication and return its counts, mean waits in minutes and utilisations.

    `phone_only` leaves out triage, clinicians and re-contacts: their counts and `clinician_utilisation` are
    then 0 and `mean_clinician_wait` is NaN. Agent utilisation is handling time over staffed time from 08:00
    to 18:30, clinician utilisation contact time over session time.
    """
    state = random.getstate()
    try:
        ciw.seed(seed)
        nodes = [Rota, ciw.Node] if phone_only else [Rota, ciw.Node, Rota, ciw.Node]
        simulation = ciw.Simulation(network(days, phone_only), node_class=nodes, arrival_node_class=PhoneArrivals)
        simulation.simulate_until_max_time(days * DAY)
    finally:
        random.setstate(state)
    return results(simulation, days)


if __name__ == "__main__":
    for phone_only in (False, True):
        started = time.process_time()
        measured = run(phone_only=phone_only)
        print(f"phone_only={phone_only}: {time.process_time() - started:.2f} CPU seconds")
        for name, value in measured.items():
            print(f"  {name:22} {value:12.3f}")
