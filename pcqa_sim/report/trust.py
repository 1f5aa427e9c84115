"""The trust card of a run, one page: what is fitted, predicted and assumed, and what would change the answer."""

from __future__ import annotations

import math
import shlex
import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcqa_sim.report.contract import contract, told_share
from pcqa_sim.report.sizing import amount
from pcqa_sim.report.sources import Sources, grouped
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.themes import headlines
from pcqa_sim.study.methods.one_at_a_time import Moved, Probed
from pcqa_sim.study.methods.pair import NO_VERDICT
from pcqa_sim.study.statistics.criterion import Yardstick
from pcqa_sim.values.outside import code, markdown

if TYPE_CHECKING:
    from pcqa_sim.configuration import Shown

FITTED_METRICS = {
    "calls_per_1000_working_day": "calls_per_1000_patients_per_working",
    "menu_share": "calls_ended_in_ivr_share",
    "callback_share": "calls_callback_requested_share",
    "answered_share": "cbt_england_outcomes_by_day_band",
    "missed_share": "cbt_england_outcomes_by_day_band",
    "dna_share": "dna_rate_",
    "share_0800_1000": "0800_0959",
}
"""Metrics that a fit aims at, with what the source of a fitted number says of it: no test of the model."""
_LEFT_OUT = (  # one figure of cost is enough for a page, and one of each outcome
    "cost_gbp_per_working_day",
    "cost_per_need_asked",
    "cost_per_need_met",
    "emergency_per_1000_week",
    "usual_gp_share",
)
WIDTH = 96
MOST_SHOWN = 6
MOST_MOVED = 8
_WIDE = 0.1


def trust_card(
    record: Mapping[str, Any],
    shown: Shown,
    summary: pd.DataFrame,
    practice: str,
    differences: pd.DataFrame | None = None,
    probed: Probed | None = None,
) -> str:
    """Return the card as plain text in Markdown, at most about sixty lines.

    `summary` has metric, group, period, practice, mean, low, high, replications; `differences` those of a comparison.
    """
    sources = Sources.of(shown.settings)
    name = shown.scenario.called(practice)
    parts = [
        f"# How far to trust these results: {markdown(name)}",
        _asked(record, shown),
        "## Fitted: agreement here proves nothing",
        *_fitted(sources, shown, summary, practice),
        "## Predicted: nothing was adjusted to get these",
        *_predicted(summary, practice),
        *filter(None, [contract(shown.scenario, practice, told_share(summary, practice))]),
        "## Assumed: nobody measured it",
        *_assumed(sources),
        "## What would change the answer",
        *_would_change(summary, practice, differences, probed),
    ]
    return "\n\n".join(_filled(part) for part in parts) + "\n"


def _filled(part: str) -> str:
    """Return a paragraph, or a list of lines, wrapped to the width of a page."""
    if part.startswith("#"):
        return part
    page = textwrap.TextWrapper(WIDTH, break_on_hyphens=False, break_long_words=False)
    lines = []
    for line in part.split("\n"):
        page.subsequent_indent = "  " if line.startswith("- ") else ""
        lines.append(page.fill(line))
    return "\n".join(lines)


def _asked(record: Mapping[str, Any], shown: Shown) -> str:
    run = shown.scenario.run
    asked = shlex.join(["pcqa", *map(str, record.get("command", []))])
    told = {name: markdown(record.get(name)) for name in ("seed", "pcqa_sim", "code")}
    many = record.get("replications")
    replications = "as many replications as it took" if many is None else f"{markdown(many)} replications"
    return (
        f"{code(asked)}\n{run.measured_weeks} weeks measured after {run.warm_up_weeks} to settle, "
        f"{replications}, seed {told['seed']}; pcqa_sim {told['pcqa_sim']}, "
        f"code {told['code']}. Intervals say how far luck reaches, not whether the model is right."
    )


def _fitted(by_kind: Sources, shown: Shown, summary: pd.DataFrame, practice: str) -> list[str]:
    if not by_kind.fitted:
        return ["Nothing is fitted."]
    sentences = [
        f"{len(by_kind.fitted)} numbers were adjusted until a default practice agreed with published figures "
        f"({grouped(by_kind.fitted)}); {len(by_kind.published)} are taken as published ({grouped(by_kind.published)})."
    ]
    sources = " ".join(number.source for number in by_kind.fitted)
    aimed = [name for name, words in FITTED_METRICS.items() if words in sources]
    lines = [line for name in aimed if (line := _line(summary, practice, name))]
    if lines:
        sentences.append("Aimed at by the fit:\n" + "\n".join(lines))
    changed = [number for number in shown.settings if number.differs and not number.key.startswith("run.")]
    if changed:
        sentences.append(
            f"The fit was made for the default practice. Here {len(changed)} settings differ from it, so even these "
            "are predictions."
        )
    return sentences


def _predicted(summary: pd.DataFrame, practice: str) -> list[str]:
    told = [name for name in headlines() if name not in _LEFT_OUT]
    names = ["failure_share", *told]
    lines = [
        line for name in dict.fromkeys(names) if name not in FITTED_METRICS and (line := _line(summary, practice, name))
    ]
    return ["\n".join(lines) or "Nothing was measured."]


def _line(summary: pd.DataFrame, practice: str, metric: str) -> str:
    """Return one metric over all measured weeks as a line of a list, "" where it has no value."""
    of_metric = summary[(summary["metric"] == metric) & (summary["practice"] == practice)]
    of_metric = of_metric[(of_metric["period"] == "all") & (of_metric["group"] == "")]
    if of_metric.empty or metric not in METRICS:
        return ""
    row: dict[Any, Any] = of_metric.iloc[0].to_dict()
    yardstick = Yardstick(metric, practice)
    low, high = (amount(row[end], yardstick).removesuffix(" %") for end in ("low", "high"))
    within = "" if math.isnan(row["low"]) else f" ({low} to {high})"
    return f"- {METRICS[metric].words}: {amount(row['mean'], yardstick)}{within}, {METRICS[metric].unit}"


def _assumed(sources: Sources) -> list[str]:
    sentences = [
        f"{len(sources.assumed)} numbers are assumptions ({grouped(sources.assumed)}); `pcqa show` gives the reason of "
        "each."
    ]
    if sources.chosen:
        named = ", ".join(markdown(f"{number.key} = {number.value}") for number in sources.chosen[:MOST_SHOWN])
        more = f" and {len(sources.chosen) - MOST_SHOWN} more" if len(sources.chosen) > MOST_SHOWN else ""
        sentences.append(f"Chosen for this run: {named}{more}.")
    if sources.unsourced:
        named = ", ".join(markdown(number.key) for number in sources.unsourced[:MOST_SHOWN])
        more = " and others" if len(sources.unsourced) > MOST_SHOWN else ""
        sentences.append(f"{len(sources.unsourced)} have no source of their own ({named}{more}).")
    sentences.append(
        "Not modelled: leadership, culture and relationships; satisfaction; what happens to people elsewhere."
    )
    return sentences


def _would_change(
    summary: pd.DataFrame,
    practice: str,
    differences: pd.DataFrame | None,
    probed: Probed | None,
) -> list[str]:
    sentences = []
    if differences is not None:
        sentences += _unclear(differences, practice)
    sentences += _wide(summary, practice)
    if probed is not None:
        return sentences + _moved(probed)
    return [
        *sentences,
        "Assumptions: which of them matter most has not been tried for this run. `pcqa trust FOLDER --probe 20` moves "
        "each by 20 %, one at a time, with the same luck.",
    ]


def _unclear(differences: pd.DataFrame, practice: str) -> list[str]:
    mine = differences[
        (differences["practice"] == practice)
        & differences["metric"].isin(list(headlines()))
        & (differences["group"] == "")
    ]
    unclear = mine[mine["verdict"].isin(NO_VERDICT)]
    if unclear.empty:
        return ["Luck does not decide the comparison: every primary difference is clear of it."]
    names = ", ".join(dict.fromkeys(headlines()[name] for name in unclear["metric"]))
    return [f"More replications: of these differences nothing can be said yet: {names}."]


def _wide(summary: pd.DataFrame, practice: str) -> list[str]:
    """Return which primary results luck alone could move by a tenth or more."""
    of_practice = summary[(summary["practice"] == practice) & (summary["period"] == "all") & (summary["group"] == "")]
    of_practice = of_practice[of_practice["metric"].isin(list(headlines())) & (of_practice["mean"] != 0)]
    wide = of_practice[(of_practice["high"] - of_practice["low"]) / 2 / of_practice["mean"].abs() > _WIDE]
    if of_practice["low"].isna().all():
        return ["Luck: one replication gives no interval. Run more (--reps)."]
    if wide.empty:
        return ["Luck alone moves none of the primary results by a tenth."]
    metrics = set(wide["metric"])
    names = [words for name, words in headlines().items() if name in metrics]
    more = f" and {len(names) - MOST_SHOWN} others" if len(names) > MOST_SHOWN else ""
    listed = ", ".join(names[:MOST_SHOWN])
    return [f"Luck: a tenth or more of these is luck: {listed}{more}. More replications (--reps) narrow them."]


def _moved(probed: Probed) -> list[str]:
    """Return which assumptions moved the metric, the most first."""
    yardstick = probed.yardstick
    clear = [move for move in probed.moved if move.clear]
    judged_by = f"{markdown(yardstick.name)} ({yardstick.words}, {amount(probed.base, yardstick)})"
    sentence = (
        f"Assumptions: {len(probed.moved)} were moved one at a time, with the same luck. Judged together (Holm), "
        f"{len(clear)} of them move {judged_by} clearly"
    )
    if not clear:
        return [f"{sentence}."]
    lines = [f"- {_move(move)}: {_change(move.change, yardstick)}" for move in clear[:MOST_MOVED]]
    return [f"{sentence}, the most:\n" + "\n".join(lines)]


def _move(moved: Moved) -> str:
    return f"{markdown(moved.key)} from {moved.value:,.6g} to {moved.moved_to:,.6g}"


def _change(value: float, yardstick: Yardstick) -> str:
    """Return a change with its sign, shares in points."""
    return f"{100 * value:+.2f} points" if yardstick.is_share else f"{value:+.3g}"
