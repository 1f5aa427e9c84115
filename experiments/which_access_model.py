"""Which access model? Every model on the same practice, with the same people and the same luck.

Prints a page of plain reading and writes one table of means with 95 % intervals over replications (a star where the
paired difference from reception-led access is clear of chance), and a figure of the first half hour week by week.
Run it from the project's folder: python experiments/which_access_model.py [--reps 10] [--weeks 12]
[--out which_access_model] [settings, such as practice=flood_8am]
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from pcqa_sim import load_scenario
from pcqa_sim.frontdoor.triage import TRIAGE
from pcqa_sim.report.contract import contract, told_share
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.pair import Comparison, compare, runs_needed
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.values.needs import FAILURE_CAUSES

BASE = "reception_led"
NAMES = {
    "reception_led": "Reception led",
    "care_navigation": "Care navigation",
    "duty_team": "A duty team's list",
    "gp_phone_first": "A GP calls first",
    "nurse_triage": "A nurse calls first",
    "total_digital": "Total digital",
    "open_access": "Open access",
}


@dataclass(frozen=True)
class Row:
    """One row of the table: a metric and group, in words, as a number or per cent."""

    words: str
    metric: str
    group: str = ""
    times: float = 1.0
    digits: int = 1


ROWS = (
    Row("contacts for each need", "contacts_per_need", digits=2),
    Row("failure demand, % of contacts", "failure_share", times=100),
    Row("calls a working day", "calls_per_working_day", digits=0),
    Row("calls 08:00-08:30, %", "share_0800_0830", times=100),
    Row("told to call another day, a day", "told_another_day_per_working_day"),
    Row("clinician minutes for each need", "clinician_min_per_need", digits=2),
    Row("GP minutes for each need", "clinician_min_per_need", "role=gp", digits=2),
    Row("practice nurses' minutes for each need", "clinician_min_per_need", "role=practice_nurse", digits=2),
    Row("pharmacists' minutes for each need", "clinician_min_per_need", "role=pharmacist", digits=2),
    Row("other staff's minutes for each need", "clinician_min_per_need", "role=other", digits=2),
    Row("face-to-face consultations for each need", "consultations_per_need", "mode=face_to_face", digits=3),
    Row("telephone consultations for each need", "consultations_per_need", "mode=telephone", digits=3),
    Row("video consultations for each need", "consultations_per_need", "mode=video", digits=3),
    Row("online messages answered for each need", "consultations_per_need", "mode=online_message", digits=3),
    Row("days from asking to a clinician", "days_to_clinician"),
    Row("days to resolution", "days_to_resolution"),
    Row("needs met, %", "needs_met_share", times=100),
    Row("gave up, % of needs", "gave_up_share", times=100),
    Row("gave up, aged 18 to 34, %", "gave_up_share", "age=18_34", times=100),
    Row("gave up, aged 75 to 84, %", "gave_up_share", "age=75_84", times=100),
    Row("gave up, most deprived fifth, %", "gave_up_share", "deprivation=1", times=100),
    Row("gave up, least deprived fifth, %", "gave_up_share", "deprivation=5", times=100),
    Row("GP overtime, minutes a day", "overtime_min_per_working_day", "role=gp", digits=0),
    Row("with the usual GP, %", "usual_gp_share", times=100),
    Row("appointments missed, %", "dna_share", times=100),
    Row("cost for each need met, pounds", "cost_per_need_met"),
)


def compared(settings: list[str], replications: int, weeks: int) -> Comparison:
    """Return every model compared with reception-led access, run as one study on all processors."""
    shared = ("run.warm_up_weeks=4", f"run.measured_weeks={weeks}")
    models = {model: load_scenario(shared, settings, [f"triage={model}"]) for model in TRIAGE}
    base = models.pop(BASE)
    every, began = runs_needed(base, models, replications), time.monotonic()

    def done(many: int) -> None:
        print(f"\r{many} of {every} runs, {time.monotonic() - began:.0f} s", end="", flush=True)

    comparison = compare(base, models, replications, workers=os.cpu_count(), done=done)
    print()
    return comparison


def studies(comparison: Comparison) -> dict[str, Study]:
    """Return the study of every model, the base first."""
    return {BASE: comparison.base, **comparison.others}


def table(comparison: Comparison) -> pd.DataFrame:
    """Return the table, a measure a row, a model a column: "mean (low to high)", a star where the change is clear."""
    every = comparison.differences.set_index(["other", "metric", "group"])
    columns = {}
    for model, study in studies(comparison).items():
        whole = study.summary[study.summary["period"] == "all"].set_index(["metric", "group"])
        cells = {}
        for row in ROWS:
            key = row.metric, row.group
            if key in whole.index:
                clear = model != BASE and (model, *key) in every.index and _clear(every.loc[(model, *key)])
                cells[row.words] = _cell(whole.loc[key], row) + ("*" if clear else "")
        columns[model] = pd.Series(cells)
    return pd.DataFrame(columns)


def _clear(difference: pd.Series) -> bool:
    return bool(difference["low"] > 0 or difference["high"] < 0)


def _cell(found: pd.Series, row: Row) -> str:
    # No measure is below 0, and Student's interval of a few runs does not know it.
    mean, low, high = (f"{max(0.0, found[name]) * row.times:.{row.digits}f}" for name in ("mean", "low", "high"))
    return f"{mean} ({low} to {high})"


def reading(comparison: Comparison) -> Iterator[str]:
    """Yield the page of plain reading, a paragraph for each model, made from the differences that are clear."""
    practice = next(iter(comparison.base.scenario.practices))
    every = comparison.differences.set_index(["other", "metric", "group"])
    for model, study in studies(comparison).items():
        said = [f"{NAMES.get(model, model)}."]
        if model == BASE:
            said.append("What the others are compared with.")
        else:
            keys = {row: (model, row.metric, row.group) for row in ROWS}
            clear = {row: every.loc[key] for row, key in keys.items() if key in every.index and _clear(every.loc[key])}
            for side in ("Better", "Worse", "Different"):
                mine = [_change(found, row) for row, found in clear.items() if _side(found, row) == side]
                said += [f"{side}: {'; '.join(mine)}."] if mine else []
            if not clear:
                said.append("No difference is clear of chance.")
        causes = _causes(study)
        said.append(f"Failure demand comes most often because the person {causes}.")
        said.append(contract(study.scenario, practice, told_share(study.summary, practice)))
        yield " ".join(filter(None, said))


def _side(difference: pd.Series, row: Row) -> str:
    """Return whether a difference is for the better, the worse, or neither, as the metric has it."""
    good = METRICS[row.metric].better
    if good == "neither":
        return "Different"
    more = difference["other_mean"] > difference["base"]
    return "Better" if more == (good == "more") else "Worse"


def _change(difference: pd.Series, row: Row) -> str:
    was, now = (difference[name] * row.times for name in ("base", "other_mean"))
    digits = row.digits
    while f"{was:.{digits}f}" == f"{now:.{digits}f}" and digits < 4:
        digits += 1
    return f"{row.words} {was:.{digits}f} -> {now:.{digits}f}"


def _causes(study: Study) -> str:
    """Return the three commonest causes of failure demand, with their contacts a working day."""
    mine = study.summary[
        (study.summary["metric"] == "failure_contacts_per_working_day") & (study.summary["period"] == "all")
    ]
    mine = mine[mine["group"].str.startswith("cause=")].nlargest(3, "mean")
    return "; ".join(
        f"{FAILURE_CAUSES[group.removeprefix('cause=')]} ({mean:.1f} a day)"
        for group, mean in zip(mine["group"], mine["mean"], strict=True)
    )


def weekly(comparison: Comparison) -> pd.DataFrame:
    """Return the share of calls from 08:00 to 08:30 by week, from the change on, a column for each model, per cent."""
    found = {}
    for model, study in studies(comparison).items():
        mine = study.summary[(study.summary["metric"] == "share_0800_0830") & (study.summary["group"] == "")]
        found[model] = mine[mine["period"].str.startswith("w")].set_index("period")["mean"] * 100
    return pd.DataFrame(found)


def draw(shares: pd.DataFrame, path: Path) -> None:
    """Draw the weekly shares."""
    figure = Figure(figsize=(9, 5), layout="constrained")
    axes = figure.add_subplot()
    for model in shares:
        thick = 3 if model == BASE else 1.6
        weeks = [int(week.removeprefix("w")) + 1 for week in shares.index]  # weeks with a bank holiday may be left out
        axes.plot(weeks, shares[model].to_numpy(), lw=thick, label=NAMES.get(str(model), str(model)))
    axes.set(
        xlabel="weeks after the change",
        ylabel="% of a working day's calls, 08:00 to 08:30",
        title="Does the rush at eight fade? The same people, the same luck",
    )
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)


def main() -> None:
    """Run every model, print the page, and write table, page and figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("settings", nargs="*")
    parser.add_argument("--reps", type=int, default=10)
    parser.add_argument("--weeks", type=int, default=12)
    parser.add_argument("--out", type=Path, default=Path("which_access_model"))
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    comparison = compared(chosen.settings, chosen.reps, chosen.weeks)
    whole, page, shares = table(comparison), "\n\n".join(reading(comparison)), weekly(comparison)
    whole.to_csv(chosen.out / "table.csv", index_label="measure")
    shares.to_csv(chosen.out / "first_half_hour_by_week.csv", index_label="week", float_format="%.2f")
    text = f"# Which access model?\n\n{_heading(comparison.base.scenario)}\n\n{page}\n"
    (chosen.out / "reading.md").write_text(text, encoding="utf-8")
    draw(shares, chosen.out / "first_half_hour_by_week.png")
    print("\n".join(_blocks(whole)), f"\n\n{page}\n\nwritten: {chosen.out}/")


def _heading(scenario: Scenario) -> str:
    mine = next(iter(scenario.practices.values()))
    weeks = f"{scenario.run.measured_weeks} weeks after {scenario.run.warm_up_weeks}"
    return (
        f"{mine.name}, {mine.list_size:,} patients; {weeks}. Only differences from reception-led access that are clear "
        "of chance are named; they are about luck, not whether the model is right."
    )


def _blocks(whole: pd.DataFrame) -> list[str]:
    """Return the table as text, a block for each measure with a line for each model."""
    return [
        line
        for measure, row in whole.iterrows()
        for line in ("", str(measure), *(f"  {model:<18}{value}" for model, value in row.items()))
    ]


if __name__ == "__main__":
    main()
