"""One call handler more for one hour of the day, hour after hour: where does an hour of somebody do most?

Whole people come for an hour at least, so each arm is an hour of one person on every working day; beside them the
receptionists at the desk, who help out while callers wait.
"""

from __future__ import annotations

from pcqa_sim.report.experiments import Arms, Experiment, Measure, Results
from pcqa_sim.scenario import Scenario
from pcqa_sim.values.clock import HOUR, clock_time

HOURS = range(8, 18)
BACKSLASHED = "\\:"  # as a time of day is written where it is a key
HELP = "the desk helps while two callers wait"
DAYS = ("monday", "tuesday_friday", "tuesday", "wednesday", "thursday", "friday")
ANSWERED = Measure("answered within two minutes", "answered_within_2_min_share", per_cent=True)
MISSED = Measure("calls missed", "missed_share", per_cent=True)
FAILURE = Measure("failure contacts a day", "failure_contacts_per_working_day")
WAIT = Measure("minutes until answered", "answered_wait_min")


def named(hour: int) -> str:
    """Return what the arm of an hour is called."""
    return f"one more {hour:02}:00-{hour + 1:02}:00"


def with_one_more(roster: dict[int, float], hour: int, more: float) -> str:
    """Return a roster with so many more for one hour, as a setting says it."""
    begins, ends = hour * int(HOUR), (hour + 1) * int(HOUR)

    def there(minute: int) -> float:
        before = max((time for time in roster if time <= minute), default=None)
        people = 0.0 if before is None else roster[before]
        return people + (more if begins <= minute < ends else 0)

    times = sorted({*roster, begins, ends})
    said = (f"{clock_time(float(time)).replace(':', BACKSLASHED)}:{there(time):g}" for time in times)
    return "{" + ",".join(said) + "}"


def arms(base: Scenario) -> Arms:
    """Return an arm for each hour of the telephone, and one for help from the desk."""
    practice = next(iter(base.practices.values()))
    duty, scale = practice.rota.phone, practice.rota.scale(practice.list_size) * practice.rota.phone_level
    more = max(1.0, float(round(1 / scale)))  # rosters are scaled to the list; whole people stay whole
    known = {day: roster for day in DAYS if (roster := getattr(duty, day, None)) is not None}
    found = {
        named(hour): [f"rota.phone.{day}={with_one_more(dict(roster), hour, more)}" for day, roster in known.items()]
        for hour in HOURS
    }
    return found | {HELP: ["rota.helps_phone_from=2"]}


def read(found: Results) -> list[str]:
    """Say which hours gain most, which nothing, and what help from the desk does."""
    hours = found.others[:-1]
    by_gain = sorted(hours, key=lambda arm: -found.change(arm, ANSWERED).mean)
    clear = [arm for arm in by_gain if found.clear(arm, ANSWERED) and found.change(arm, ANSWERED).mean > 0]
    if not clear:
        said = ["No single hour of one more call handler is clear of chance."]
    else:
        said = [f"First {arm}: {found.all_went(arm, (ANSWERED, MISSED, FAILURE))}." for arm in clear[:2]]
    idle = [arm.removeprefix("one more ") for arm in hours if arm not in clear]
    said += [f"Not clear of chance: {', '.join(idle)}."] if clear and idle else []
    return [*said, f"Without anybody more, {HELP}: {found.all_went(HELP, (ANSWERED, MISSED, FAILURE))}."]


EXPERIMENT = Experiment(
    question="Which hour of the day needs whom on the telephone?",
    arms=arms,
    measures=(ANSWERED, MISSED, WAIT, FAILURE),
    read=read,
)
