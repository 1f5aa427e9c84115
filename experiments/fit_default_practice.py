"""Fit the default practice's demand to published telephone figures, and write the fitted numbers into configs/.

Targets (England, August 2026; rows of the evidence table): calls per 1,000 patients per working weekday, the share
of each weekday, the share of each band of the day on Mondays and on other weekdays, the share of calls ended in the
menu, the share asking for a callback, and the share told to contact another day. Fitted: the rate of needs, when they
are asked, the share the menu puts off, the share accepting a callback, the share of clinical requests settled without
one of the simulated appointments (other staff give more than half of appointments and are not simulated yet), and the
belief a run starts from. Everything else the simulation shows (answered, missed, waits, refusals, failure
demand) is left to be a prediction.

Each round runs the practice and multiplies every fitted number by published / simulated. Run it from the project's
folder: python experiments/fit_default_practice.py [--rounds 8] [--write]
"""

from __future__ import annotations

import argparse
import re
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from pcqa_sim import load_scenario, simulate
from pcqa_sim.clock import DAY, WEEKDAYS
from pcqa_sim.run import Run
from pcqa_sim.scenario import Kind, Practice, Scenario

CALLS_PER_1000 = 27.4
WEEKDAY = dict(zip(WEEKDAYS[:5], (25.9, 20.1, 18.66, 17.75, 17.6), strict=True))
BANDS = (0, 360, 480, 600, 720, 840, 960, 1080, 1110, 1440)
MONDAY = (0.07, 5.55, 28.66, 21.82, 15.86, 16.31, 10.3, 0.75, 0.69)
TUESDAY_FRIDAY = (0.08, 4.34, 24.61, 22.4, 17.22, 18.14, 11.54, 0.84, 0.83)
BAND_ROWS = ("0000_0559", "0600_0759", "0800_0959", "1000_1159", "1200_1359", "1400_1559", "1600_1759")
BAND_ROWS += ("1800_1829", "1830_2359")
MENU, CALLBACK, TOLD = 0.253, 0.066, 0.07
CLINICAL = ("new_problem", "existing_condition")
SETTINGS = Path(__file__).resolve().parents[1] / "configs"
REPLICATIONS, WEEKS = 4, 26


def one_run(scenario: Scenario, replication: int) -> dict[str, np.ndarray]:
    """Return counts of one replication: calls by weekday and band, and by ending."""
    run = simulate(scenario, seed=20260801, replication=replication)
    calendar, (key, practice) = scenario.calendar.working(), next(iter(scenario.practices.items()))
    calls = run.tables[key].calls
    day = (calls["opened"] // DAY).astype(int)
    weeks = {d // 7 for d in range(scenario.weeks * 7) if calendar.is_bank_holiday(d)}
    counted = calls[(day // 7 >= scenario.run.warm_up_weeks) & ~(day // 7).isin(weeks) & (calls["ending"] != "engaged")]
    grid = np.zeros((7, len(BANDS) - 1))
    band = np.searchsorted(BANDS, counted["opened"] % DAY, side="right") - 1
    np.add.at(grid, ((counted["opened"] // DAY).astype(int) % 7, band), 1)
    measured = scenario.run.measured_weeks - len([w for w in weeks if w >= scenario.run.warm_up_weeks])
    return {
        "grid": grid / measured / practice.list_size * 1000,
        "menu": np.array((counted["ending"] == "menu_ended").mean()),
        "callback": np.array((counted["ending"] == "callback_requested").mean()),
        "missed": np.array((counted["ending"] == "missed").mean()),
        "told": _metric(run, "told_another_day_share"),
        "belief": _metric(run, "belief"),
    }


def _metric(run: Run, name: str) -> np.ndarray:
    frame = run.metrics()
    return np.array(float(frame.loc[(frame["metric"] == name) & (frame["group"] == ""), "value"].iloc[0]))


def mean_of_runs(scenario: Scenario, pool: ProcessPoolExecutor) -> dict[str, np.ndarray]:
    """Return the mean counts over replications."""
    runs = list(pool.map(one_run, [scenario] * REPLICATIONS, range(REPLICATIONS)))
    return {name: np.mean([run[name] for run in runs], axis=0) for name in runs[0]}


def towards(practice: Practice, seen: dict[str, np.ndarray]) -> Practice:
    """Return the practice with every fitted number multiplied by published / simulated."""
    demand, phones = practice.demand, practice.phones
    grid = seen["grid"][:5]
    rate = demand.needs_per_1000_week * CALLS_PER_1000 / grid.sum(axis=1).mean()
    week = {
        name: demand.weekday_share[name] * share / 100 / (grid[i].sum() / grid.sum())
        for i, (name, share) in enumerate(WEEKDAY.items())
    }
    weekend = {name: demand.weekday_share[name] for name in WEEKDAYS[5:]}
    scale = (1 - sum(weekend.values())) / sum(week.values())
    profile = demand.asking_profile.model_copy(
        update={
            "monday": _banded(demand.asking_profile.monday, np.array(MONDAY), grid[0]),
            "tuesday_friday": _banded(
                demand.asking_profile.tuesday_friday, np.array(TUESDAY_FRIDAY), grid[1:].sum(axis=0)
            ),
        }
    )
    fitted = {
        "needs_per_1000_week": rate,
        "weekday_share": {name: share * scale for name, share in week.items()} | weekend,
        "asking_profile": profile,
        "kinds": {name: _settled(name, kind, float(seen["told"])) for name, kind in demand.kinds.items()},
    }
    put_off = phones.menu.put_off_share * MENU / float(seen["menu"])
    accepted = phones.callback.accepted_share * CALLBACK / float(seen["callback"])
    menu = phones.menu.model_copy(update={"put_off_share": put_off})
    callback = phones.callback.model_copy(update={"accepted_share": accepted})
    phones = phones.model_copy(update={"menu": menu, "callback": callback})
    parts = {"demand": demand.model_copy(update=fitted), "phones": phones, "start_belief": float(seen["belief"])}
    return practice.model_copy(update=parts)


def _settled(name: str, kind: Kind, told: float) -> Kind:
    """Return a clinical kind with fewer (more) requests for appointments if too many (few) are turned away."""
    if name not in CLINICAL:
        return kind
    booked = (1 - kind.settled_by_reception_share) * (1 - (told - TOLD))
    return kind.model_copy(update={"settled_by_reception_share": 1 - min(booked, 1.0)})


def _banded(profile: dict[int, float], published: np.ndarray, simulated: np.ndarray) -> dict[int, float]:
    """Return a profile with the steps of each band multiplied by published / simulated, scaled to sum to 1."""
    ratio = published / published.sum() / np.maximum(simulated / simulated.sum(), 1e-6)
    band = np.searchsorted(BANDS, list(profile), side="right") - 1
    steps = {at: share * float(np.clip(ratio[b], 0.5, 2)) for (at, share), b in zip(profile.items(), band, strict=True)}
    return {at: share / sum(steps.values()) for at, share in steps.items()}


def report(seen: dict[str, np.ndarray]) -> str:
    """Return one line of how near a round came."""
    grid = seen["grid"][:5]
    monday, rest = grid[0] / grid[0].sum(), grid[1:].sum(axis=0) / grid[1:].sum()
    worst = max(np.abs(monday * 100 - MONDAY).max(), np.abs(rest * 100 - TUESDAY_FRIDAY).max())
    parts = (
        f"calls per 1,000 {grid.sum(axis=1).mean():.2f} ({CALLS_PER_1000})",
        f"Monday share {grid[0].sum() / grid.sum():.3f} (0.259)",
        f"08-10 Monday {monday[2]:.3f} (0.287), Tue-Fri {rest[2]:.3f} (0.246)",
        f"worst band {worst:.2f} points",
        f"menu {seen['menu']:.3f} ({MENU}), callback {seen['callback']:.3f} ({CALLBACK})",
        f"told another day {seen['told']:.3f} ({TOLD})",
        f"belief {seen['belief']:.3f}, missed {seen['missed']:.3f}",
    )
    return "; ".join(parts)


def write(practice: Practice) -> None:
    """Write the fitted numbers over the old ones in configs/, and say in each comment that they were fitted."""
    path = SETTINGS / "demand" / "england.yaml"
    text = path.read_text()
    demand = practice.demand
    text = _set(
        text, "needs_per_1000_week", f"{demand.needs_per_1000_week:.4g}", "calls_per_1000_patients_per_working_weekday"
    )
    for name in WEEKDAY:
        text = _set(text, f"  {name}", f"{demand.weekday_share[name]:.4f}", f"call_share_of_mon_fri_week_{name}")
    for kind in ("monday", "tuesday_friday"):
        row = "monday" if kind == "monday" else "tue_fri"
        before, block, after = _block(text, f"  {kind}:\n")
        for at, share in demand.asking_profile.model_dump()[kind].items():
            band = BAND_ROWS[int(np.searchsorted(BANDS, _minute(at), side="right")) - 1]
            block = _set(block, f'    "{at}"', f"{share:.4f}", f"call_share_{row}_{band}")
        text = before + block + after
    for name in CLINICAL:
        before, block, after = _block(text, f"  {name}:\n")
        share = demand.kinds[name].settled_by_reception_share
        block = _set(block, "    settled_by_reception_share", f"{share:.4f}", "told_to_contact_another_day")
        text = before + block + after
    path.write_text(text)
    path = SETTINGS / "practice" / "average.yaml"
    path.write_text(_set(path.read_text(), "start_belief", f"{practice.start_belief:.3f}", "its own long-run mean"))
    path = SETTINGS / "phones" / "cloud.yaml"
    text = _set(
        path.read_text(), "  put_off_share", f"{practice.phones.menu.put_off_share:.4f}", "calls_ended_in_ivr_share"
    )
    text = _set(
        text, "  accepted_share", f"{practice.phones.callback.accepted_share:.4f}", "calls_callback_requested_share"
    )
    path.write_text(text)


def _minute(at: Any) -> int:
    return int(at[:2]) * 60 + int(at[3:]) if isinstance(at, str) else int(at)


def _block(text: str, head: str) -> tuple[str, str, str]:
    """Return text before, inside and after an indented block."""
    start = text.index(head) + len(head)
    end = re.search(r"^ {0,3}\S", text[start:], re.M)
    stop = start + (end.start() if end else len(text) - start)
    return text[:start], text[start:stop], text[stop:]


def _set(text: str, key: str, value: str, target: str) -> str:
    """Return text with one number replaced and its comment naming what it was fitted to."""
    pattern = re.compile(rf"^({re.escape(key)}: )\S+(  # [^;\n]+; ).*$", re.M)
    if not pattern.search(text):
        raise SystemExit(f"no line for {key!r}")
    return pattern.sub(rf"\g<1>{value}\g<2>fitted: towards {target}", text, count=1)


def main() -> None:
    """Fit, report each round, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--write", action="store_true", help="write the numbers into configs/")
    chosen = parser.parse_args()
    scenario = load_scenario("run.warm_up_weeks=6", f"run.measured_weeks={WEEKS}")
    (key, practice), *_ = scenario.practices.items()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for number in range(chosen.rounds):
            seen = mean_of_runs(scenario.replaced(practices={key: practice}), pool)
            print(f"round {number}: {report(seen)}", flush=True)
            if number < chosen.rounds - 1:
                practice = towards(practice, seen)
    if chosen.write:
        write(practice)
        print("written into configs/")


if __name__ == "__main__":
    main()
