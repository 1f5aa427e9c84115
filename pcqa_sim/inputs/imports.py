"""Brings published figures of one practice into its settings file: the register first, then the telephony."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pcqa_sim.inputs import practice_text, wording
from pcqa_sim.inputs.cells import long_date, ods_code
from pcqa_sim.inputs.demand_level import fit_demand_level, starting_level
from pcqa_sim.inputs.national import is_of_its_kind, refuse_unless_ordinary, weekday_ratio, why_not_ordinary
from pcqa_sim.inputs.practice_file import PracticeFile, open_practice_file
from pcqa_sim.inputs.register import RegisterCount, read_register
from pcqa_sim.inputs.telephony import TelephonyDay, is_slight, read_telephony, reconcile
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

_MOST_NAMED = 5
FEWEST_UNASKED = 500
"""People: in January 2021 one practice in 115 had fewer, most of them about to close."""
SimulatedWeek = Callable[[float], Sequence[float]]
"""Demand level -> mean calls on each ordinary Monday to Friday, of the list size and the season it was made for."""
SimulatedDay = Callable[[float], float]
"""Demand level -> mean calls on one date, the bank holidays around it included."""


@dataclass(frozen=True)
class Imported:
    """The practice file an import wrote, and what to tell the user, line by line."""

    path: Path
    lines: list[str]


def import_register(path: Path, practice: str, user_folder: Path, accept: bool = False) -> Imported:
    """Write a practice's list size from the published register; what other imports wrote is kept.

    `accept` lets in a list so short that it may be that of a practice about to open or to close. Raises BadInput
    (nothing is written) for any fault of the file, the code or the practice file.
    """
    count = read_register(path, practice)
    if count.list_size < FEWEST_UNASKED and not accept:
        raise BadInput(_very_few(count))
    before = open_practice_file(user_folder, count.practice)
    bodies = {"name": practice_text.name(count.practice), "list_size": practice_text.list_size(count)}
    bodies |= {"demand_level": practice_text.NATIONAL_LEVEL, "start_belief": practice_text.START_BELIEF}
    bodies = {key: body for key, body in bodies.items() if key == "list_size" or not before.has(key)}
    if before.blocks.values.get("observed"):
        body = before.blocks.by_key["observed"].body
        bodies["observed"] = practice_text.with_list_size_date(body, count.date)
    written = before.written_with(bodies)
    return Imported(written.path, [*_register_lines(count, before), _written_line(written)])


def import_telephony(
    path: Path,
    practice: str,
    user_folder: Path,
    simulated_week_for: Callable[[int, dt.date], SimulatedWeek],
    accept: bool = False,
    simulated_day_for: Callable[[int, dt.date], SimulatedDay] | None = None,
) -> Imported:
    """Write a practice's own telephone day and the demand level at which the model gives its calls.

    `simulated_week_for(list_size, around)` returns the model's calls by weekday, in the season of a date, as a
    function of the demand level; each day of the file is laid beside simulated days of its own weekday. With several
    days in the file the level is fitted to all ordinary ones, and the middle one of them is kept as the observed
    day. A file of one day after a bank holiday, or in its week, is laid beside that very day of the model, holidays
    and all: `simulated_day_for(list_size, date)`; without it such a day is refused. `accept` lets days in whose sums
    do not hold, with a note.

    Raises BadInput (nothing is written) for any fault, and when no list size is known yet.
    """
    every = read_telephony(path, practice)
    days = _basis(every, simulated_day_for is not None)
    broken = {day.date: reconcile(day) for day in days}
    if not accept:
        _refuse_broken([fault for day in days for fault in broken[day.date] if not is_slight(day)])
    before = open_practice_file(user_folder, days[0].practice)
    size = _known_list_size(before)
    kept = _middle(days)
    target = statistics.mean(day.inbound for day in days)
    mean_weekday = sum(day.inbound for day in days) / sum(weekday_ratio(day.date.weekday()) for day in days)
    if simulated_day_for is not None and is_of_its_kind(kept.date):
        simulated = simulated_day_for(size, kept.date)
    else:
        simulated = _on_the_same_weekdays(days, simulated_week_for(size, kept.date))
    fitted = fit_demand_level(target, simulated, starting_level(mean_weekday, size))
    bodies = {"name": practice_text.name(kept.practice), "start_belief": practice_text.START_BELIEF}
    bodies = {key: body for key, body in bodies.items() if not before.has(key)}
    bodies["demand_level"] = practice_text.demand_level(fitted, target, days)
    bodies["observed"] = practice_text.observed(kept, before.list_size_date, broken[kept.date])
    written = before.written_with(bodies)
    lines = [
        wording.calls_line(kept.practice, days, size),
        *wording.left_out_lines(every, days),
        wording.mean_weekday_line(days, mean_weekday, size),
        wording.endings_line(days),
        wording.answered_line(days),
        wording.level_line(fitted, target, days),
        *wording.interval_lines(fitted.level, days, size),
        wording.caution_line(days),
        wording.apart(before.list_size_date, kept.date),
        *(
            [f"Kept beside the results: {wording.weekday_and_date(kept.date)}, the middle day."]
            if len(days) > 1
            else []
        ),
        *(
            f"{_taken(day)}: {fault.where.rpartition(': ')[2]}: {fault.rule}."
            for day in days
            for fault in broken[day.date]
        ),
        _written_line(written),
    ]
    return Imported(written.path, lines)


def _taken(day: TelephonyDay) -> str:
    """Return as what a day whose sums do not hold came in."""
    return "Warning, off by a few" if is_slight(day) else "Accepted"


def _very_few(count: RegisterCount) -> Fault:
    """Say that a list is too short to be taken unasked."""
    people = f"{count.list_size} {'person' if count.list_size == 1 else 'people'}"
    rule = f"fewer than {FEWEST_UNASKED} registered, as where a practice opens, closes, or serves a few people; "
    return Fault(f"{count.file}: {count.practice}", f"{rule}give --accept if that is the practice you mean", people)


def _on_the_same_weekdays(days: Sequence[TelephonyDay], week: SimulatedWeek) -> Callable[[float], float]:
    """Return demand level -> mean simulated calls a day, on as many of each weekday as the file has."""

    def calls(level: float) -> float:
        simulated = week(level)
        return statistics.mean(simulated[day.date.weekday()] for day in days)

    return calls


def _basis(days: Sequence[TelephonyDay], any_kind: bool) -> list[TelephonyDay]:
    """Return the ordinary working days with calls, or the only day, if any kind will do; raise BadInput for none."""
    if len(days) == 1 and any_kind and is_of_its_kind(days[0].date) and days[0].inbound > 0:
        return list(days)
    if len(days) == 1:
        refuse_unless_ordinary(days[0].date, days[0].file)
    ordinary = [day for day in days if not why_not_ordinary(day.date)]
    if not ordinary:
        reasons = [f"{long_date(day.date)} is {why_not_ordinary(day.date)}" for day in days[:_MOST_NAMED]]
        more = ["..."] if len(days) > _MOST_NAMED else []
        rule = f"no ordinary Monday to Friday among its {len(days)} days to work demand out from: "
        rule += ", ".join([*reasons, *more])
        raise BadInput(Fault(days[0].file, rule))
    basis = [day for day in ordinary if day.inbound > 0]
    if not basis:
        rule = f"no inbound calls for {days[0].practice} on any working day, so no demand can be worked out"
        raise BadInput(Fault(days[0].file, rule))
    return basis


def _refuse_broken(faults: Sequence[Fault]) -> None:
    """Raise BadInput when sums do not hold, saying how to let them in."""
    if faults:
        advice = "; give --accept to use it all the same, with a note"
        raise BadInput(Fault(fault.where, fault.rule + advice) for fault in faults)


def _known_list_size(before: PracticeFile) -> int:
    """Return the list size of the practice file; raise BadInput naming the command to run first."""
    if before.list_size is None:
        command = f"pcqa import register gp-reg-pat-prac-all.csv --practice {before.practice}"
        rule = f"the list size of {before.practice} is not known yet; run first: {command}"
        raise BadInput(Fault(shown(str(before.path), 200), rule))
    return before.list_size


def _middle(days: Sequence[TelephonyDay]) -> TelephonyDay:
    """Return the day whose calls, against its weekday's, are the median (the lower of two)."""
    calls = {day.date: day.inbound / weekday_ratio(day.date.weekday()) for day in days}
    median = statistics.median_low(calls.values())
    return next(day for day in days if calls[day.date] == median)


def _register_lines(count: RegisterCount, before: PracticeFile) -> list[str]:
    """Return what the register import has to tell."""
    lines = [f"{count.practice}: {count.list_size:,} people registered on {long_date(count.date)} ({count.file})."]
    command = f"pcqa import telephony FILE --practice {count.practice}"
    if before.list_size not in (None, count.list_size):
        lines.append(f"Before: {before.list_size:,} people.")
    if not before.has("demand_level"):
        lines.append(f"Demand level 1.0, the national mean, until its telephony is imported: {command}")
    elif before.list_size not in (None, count.list_size) and before.has("observed"):
        lines.append(f"The demand level was fitted to the list size before; import the telephony again: {command}")
    return lines


def _written_line(written: PracticeFile) -> str:
    """Return where the settings are and how to use them."""
    return f"Written: {shown(str(written.path), 200)}; use it with practice={ods_code(written.practice).lower()}"
