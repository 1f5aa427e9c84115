"""How many MDT meetings a week, of whom, and from what effect do they pay? For 30,000, 50,000 and 100,000 people.

First each of the four MDTs meets more and more often, until so many people in 100 are discussed within 14 days.
Then the MDTs so sized are held against none, with the same people and the same luck, at one assumed effect of a plan
after the other. The effect is there at once, which no study has seen (mdt_onset_years): what is found is what would
have to be true.
Run it from the project's folder: python experiments/mdt_sizing.py [--people 30000 50000 100000] [--weeks 12] [--reps 5]
[--share 0.9] [--out mdt_sizing.csv] [settings, such as practice=urban_deprived]
Small enough for a look: --people 3000 --weeks 8 --reps 2
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pcqa_sim import compare, load_scenario
from pcqa_sim.report.experiments import crossing
from pcqa_sim.report.names import words
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.pair import Comparison
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.study.statistics.intervals import interval

MDTS = ("frail", "mental_and_physical", "young_people", "trouble_with_life")
MEETINGS = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0)
EFFECTS = (1.0, 0.9, 0.75, 0.5)
"""Times: needs of people with a plan, against before; 1 is nothing, as in the trials."""
REACHED = "mdt_reviewed_within_14_days"
NONE = "no MDT"


@dataclass(frozen=True)
class Asked:
    """What is asked: people, weeks, replications, the share to be reached, and settings besides."""

    people: int
    weeks: int
    reps: int
    share: float
    settings: tuple[str, ...]

    def scenario(self, *overrides: str) -> Scenario:
        """Return a practice of so many people with some settings."""
        length = [f"practice.list_size={self.people}", "run.warm_up_weeks=4", f"run.measured_weeks={self.weeks}"]
        return load_scenario([*self.settings, *length], list(overrides))


def meeting(meetings: dict[str, float], effect: float = 1.0) -> list[str]:
    """Return the settings of MDTs that meet so often, at an effect of their plans."""
    there = f"{{rate_times: {effect}, onset_weeks: 0, lasts_weeks: 104}}"
    return [
        f"mdt=[{','.join(meetings)}]",
        *(f"mdt.{name}.meetings_per_week={many:g}" for name, many in meetings.items()),
        *(f"mdt.{name}.effect={there}" for name in meetings if effect != 1),
    ]


def values(study: Study, metric: str, group: str = "") -> list[float]:
    """Return a metric of the measured weeks in each replication, NaN where there was nothing to measure."""
    found = []
    for unit in study.units:
        rows = unit.metrics
        mine = rows[(rows["period"] == "all") & (rows["metric"] == metric) & (rows["group"] == group)]["value"]
        found.append(float(mine.iloc[0]) if len(mine) else float("nan"))
    return found


def sized(asked: Asked) -> dict[str, float]:
    """Return how often each MDT must meet, 0 where no number of meetings tried is enough."""
    tried = {f"{many:g}": asked.scenario(*meeting(dict.fromkeys(MDTS, many))) for many in MEETINGS}
    found = compare(asked.scenario(), tried, asked.reps)
    enough = {}
    for name in MDTS:
        shares = {many: interval(values(found.others[f"{many:g}"], REACHED, f"mdt={name}")) for many in MEETINGS}
        good = [many for many, share in shares.items() if share.mean >= asked.share]
        enough[name] = min(good, default=0.0)
    return enough


def often(meetings: float) -> str:
    """Return how many meetings a week, in words; 0 is none of the numbers tried."""
    if not meetings:
        return f"more than {MEETINGS[-1]:g} meetings a week"
    return f"{meetings:g} {'meeting' if meetings == 1 else 'meetings'} a week"


def given_back(with_it: Study, without: Study, scenario: Scenario) -> list[float]:
    """Return the pounds a week of clinicians' time with patients that are not spent, in each replication."""
    practice = next(iter(scenario.practices.values()))
    pounds = np.zeros(len(with_it.units))
    for name, role in practice.role.items():
        if role.sees_patients:
            metric, group = "patient_min_per_working_day", f"role={name}"
            less = np.array(values(without, metric, group)) - np.array(values(with_it, metric, group))
            pounds += np.nan_to_num(less) * 5 / 60 * role.contact_hour_gbp
    return [float(one) for one in pounds]


def rows_of(asked: Asked) -> list[dict[str, object]]:
    """Return the table of one size, and print its reading."""
    enough = sized(asked)
    print(f"\n{asked.people:,} people")
    meetings = {name: many for name, many in enough.items() if many}
    for name in MDTS:
        print(f"  {words(name)}: {often(enough[name])} for {asked.share:.0%} within 14 days".replace("%", " %"))
    if not meetings:
        return []
    arms = {f"{effect:g}": asked.scenario(*meeting(meetings, effect)) for effect in EFFECTS}
    found = compare(asked.scenario(), arms, asked.reps)
    rows = [row("meetings a week", name, enough[name], asked) for name in meetings]
    rows += hours(found, asked) + differences(found, asked) + [pays(found, asked)]
    return rows


def row(what: str, who: str, value: object, asked: Asked, low: object = "", high: object = "") -> dict[str, object]:
    """Return one row of the table."""
    return {"people": asked.people, "what": what, "of": who, "value": value, "low": low, "high": high}


def hours(found: Comparison, asked: Asked) -> list[dict[str, object]]:
    """Return hours a week by profession, of all MDTs, with intervals; no effect assumed."""
    study, rows = found.others[f"{EFFECTS[0]:g}"], []
    metrics = study.units[0].metrics
    names = metrics[metrics["metric"] == "mdt_hours_per_week"]["group"].unique()
    for group in sorted(name for name in names if name.startswith("profession=")):
        of = interval(values(study, "mdt_hours_per_week", group))
        rows.append(row("hours a week", group.partition("=")[2], of.mean, asked, of.low, of.high))
        print(f"  {words(group.partition('=')[2])}: {of.mean:.1f} hours a week ({of.low:.1f} to {of.high:.1f})")
    return rows


def differences(found: Comparison, asked: Asked) -> list[dict[str, object]]:
    """Return what comes back, at each effect, in GP appointments and in unplanned contacts; less is below 0."""
    rows = []
    for effect, study in found.others.items():
        for what, metric, group in (
            ("GP appointments a day per 1,000", "appointments_per_1000_working_day", "role=gp"),
            ("needs a week per 1,000", "needs_per_1000_week", ""),
            ("emergencies a week per 1,000", "emergency_per_1000_week", ""),
        ):
            pairs = zip(values(study, metric, group), values(found.base, metric, group), strict=True)
            of = interval([one - other for one, other in pairs])
            rows.append(row(f"{what}, against {NONE}", f"needs x {effect}", of.mean, asked, of.low, of.high))
            print(f"  needs x {effect}: {what} {of.mean:+.2f} ({of.low:+.2f} to {of.high:+.2f})")
    return rows


def pays(found: Comparison, asked: Asked) -> dict[str, object]:
    """Return from what effect clinicians' time given back is worth what the MDTs cost, with its interval."""
    gains = []
    for effect in EFFECTS:
        study = found.others[f"{effect:g}"]
        back, cost = given_back(study, found.base, found.base.scenario), values(study, "mdt_gbp_per_week")
        gains.append([one - other for one, other in zip(back, cost, strict=True)])
        of = interval(gains[-1])
        said = f"{of.mean:,.0f} ({of.low:,.0f} to {of.high:,.0f})"
        print(f"  needs x {effect:g}: time given back less what the MDTs cost, £ a week {said}")
    points = [crossing([1 - effect for effect in EFFECTS], list(one), 0.0) for one in zip(*gains, strict=True)]
    known = [point for point in points if point == point]
    if len(known) < len(points):
        print(f"  It pays at none of the effects tried in {len(points) - len(known)} of {len(points)} replications.")
        return row("pays from, share of needs that a plan must take away", "all MDTs", "none in the range", asked)
    of = interval(known)
    print(
        f"  It pays where a plan takes away {of.mean:.0%} of needs ({of.low:.0%} to {of.high:.0%}).".replace("%", " %")
    )
    return row("pays from, share of needs that a plan must take away", "all MDTs", of.mean, asked, of.low, of.high)


def main(arguments: Sequence[str] | None = None) -> None:
    """Size the MDTs, print the reading and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--people", type=int, nargs="+", default=[30_000, 50_000, 100_000])
    parser.add_argument("--weeks", type=int, default=12, help="measured weeks")
    parser.add_argument("--reps", type=int, default=5, help="replications of each")
    parser.add_argument("--share", type=float, default=0.9, help="people to be discussed within 14 days")
    parser.add_argument("--out", type=Path, default=Path("mdt_sizing.csv"))
    given, settings = parser.parse_known_args(arguments)
    rows = []
    for people in given.people:
        rows += rows_of(Asked(people, given.weeks, given.reps, given.share, tuple(settings)))
        pd.DataFrame(rows).to_csv(given.out, index=False)


if __name__ == "__main__":
    main()
