"""What figures show, read from their lines, bars and words; nothing is painted but one picture."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from pcqa_sim.results.figures import appointments, experiments, results, studies
from pcqa_sim.results.figures.appointments import appointments_figure
from pcqa_sim.results.figures.experiments import threshold_figure, ways_figure, weeks_figure
from pcqa_sim.results.figures.results import comparison_figure, png
from pcqa_sim.results.figures.studies import frontier_figure, influence_figure, size_figure, surface_figure

BETTER, WORSE, MEETS, MISSES = "#1f5fa8", "#c25e00", "#1f5fa8", "#c25e00"
ROLES = {"gp": "GP", "hca": "Health care assistant", "nobody": "Nobody"}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """Figures as they would be painted."""
    found: list[Figure] = []

    def keep(figure: Figure) -> bytes:
        found.append(figure)
        return b""

    for module in (appointments, experiments, results, studies):
        monkeypatch.setattr(module, "png", keep)
    return found


def marks(axes: Axes) -> list[tuple[float, float, str, str]]:
    """The single marks of a panel: across, up, shape and colour."""
    return [
        (round(float(line.get_xdata()[0]), 3), round(float(line.get_ydata()[0]), 3), str(line.get_marker()),  # type: ignore[index]
         to_hex(line.get_color()))
        for line in axes.lines
        if line.get_marker() not in ("None", None, "")
    ]  # fmt: skip


def words(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_a_picture_is_a_png_and_the_same_again() -> None:
    def picture() -> bytes:
        figure = Figure(figsize=(1, 1))
        figure.subplots().plot([0, 1], [0, 1])
        return png(figure)

    assert picture().startswith(b"\x89PNG")
    assert picture() == picture()


# A comparison.


def difference(
    base: float, by: float, half: float, unit: str = "minutes", verdict: str = "better"
) -> dict[str, object]:
    return {
        "words": f"from {base:g}", "unit": unit, "base": base, "other_mean": base + by, "difference": by,
        "low": by - half, "high": by + half, "verdict": verdict,
    }  # fmt: skip


def test_differences_are_in_per_cent_of_the_base_with_both_means_beside_them(drawn: list[Figure]) -> None:
    table = pd.DataFrame([
        difference(200, -50, 10), difference(20, 5, 1, verdict="worse"), difference(0.25, 0.0, 0.1, "share of calls"),
    ])  # fmt: skip
    comparison_figure({"more lines": table}, "A practice")
    (axes,) = drawn[0].axes
    assert marks(axes) == [(-25, 0, "o", BETTER), (25, 1, "o", WORSE), (0, 2, "o", BETTER)]
    assert words(axes) == ["200 → 150", "20.0 → 25.0", "25.0 % → 25.0 %"]
    assert [label.get_text() for label in axes.get_yticklabels()] == list(table["words"])
    assert axes.yaxis_inverted()
    assert axes.get_title(loc="left") == "with more lines"
    low, high = axes.get_xlim()
    assert low < -40
    assert high > 40


def test_what_is_too_far_away_is_an_arrow_and_what_had_no_base_has_no_mark(drawn: list[Figure]) -> None:
    table = pd.DataFrame([difference(10, 40, 1), difference(10, -40, 1), difference(0, 5, 1)])
    comparison_figure({"more": table}, "A practice")
    (axes,) = drawn[0].axes
    assert [mark[:3] for mark in marks(axes)] == [(150, 0, ">"), (-150, 1, "<")]
    assert words(axes)[2] == "0.00 → 5.00"
    assert axes.get_xlim() == pytest.approx((-165, 165))


def test_each_scenario_has_a_panel_and_the_legend_only_what_occurs(drawn: list[Figure]) -> None:
    comparison_figure(
        {
            "first": pd.DataFrame([difference(10, 1, 1, verdict="no clear difference")]),
            "second " * 30: pd.DataFrame([difference(10, 1, 0.5)] * 3),
        },
        "A $ practice",
    )
    first, second = drawn[0].axes
    assert (len(marks(first)), len(marks(second))) == (1, 3)
    assert second.get_title(loc="left").endswith(" ...")
    assert [text.get_text() for text in drawn[0].legends[0].get_texts()] == ["better", "no clear difference"]
    say = second.xaxis.get_major_formatter()
    assert [say(value, 0) for value in (-10.0, 0.2, 30.0)] == ["-10 %", "as the base", "+30 %"]


# Appointments.


def metric(name: str, group: str, value: float, period: str = "all") -> dict[str, object]:
    return {"metric": name, "group": group, "period": period, "value": value}


@pytest.fixture
def week(drawn: list[Figure]) -> list[Axes]:
    per_day = "appointments_per_1000_working_day"
    rows = [
        metric(per_day, "role=gp", 10, "d0"), metric(per_day, "role=gp", 14, "d7"), metric(per_day, "role=gp", 8, "d1"),
        metric(per_day, "role=hca", 3, "d0"), metric(per_day, "role=gp", float("nan"), "d5"),
        metric("lead_time_share", "lead=gp:same_day", 0.4), metric("lead_time_share", "lead=gp:same_day", 0.5),
        metric("consulting_share", "role=gp", 0.9), metric("back_office_share", "role=gp", 0.3),
        metric("idle_share", "role=gp", 0.02), metric("consulting_share", "role=hca", 0.5),
    ]  # fmt: skip
    appointments_figure(pd.DataFrame(rows), ROLES, "A practice")
    return drawn[0].axes


def test_the_week_stacks_the_mean_weekday_of_each_role(week: list[Axes]) -> None:
    axes = week[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["Mon", "Tue"]
    gp, hca = axes.containers
    assert [bar.get_height() for bar in gp] == [12, 8]  # type: ignore[attr-defined]
    assert [(bar.get_y(), bar.get_height()) for bar in hca] == [(12, 3), (8, 0)]  # type: ignore[attr-defined]


def test_lead_times_are_means_over_replications_in_words(week: list[Axes]) -> None:
    axes = week[1]
    gps, others = axes.containers
    assert next(bar.get_height() for bar in gps) == pytest.approx(45)  # type: ignore[attr-defined]
    assert sum(bar.get_height() for bar in others) == 0  # type: ignore[attr-defined]
    said = [label.get_text() for label in axes.get_xticklabels()]
    assert said[:3] == ["same day", "1 day", "2 to 7 days"]


def test_sessions_go_beyond_their_end_into_overtime(week: list[Axes]) -> None:
    axes = week[2]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["GP", "Health care assistant"]
    consulting, paperwork, neither = axes.containers
    assert [bar.get_width() for bar in consulting] == [90, 50]  # type: ignore[attr-defined]
    assert [(bar.get_x(), bar.get_width()) for bar in paperwork] == [(90, 30), (50, 0)]  # type: ignore[attr-defined]
    assert [bar.get_x() for bar in neither] == [120, 50]  # type: ignore[attr-defined]
    assert words(axes) == ["90 %", "50 %", "30 %", "", "", ""]  # what is too small to read is not written
    assert axes.get_xlim()[1] == pytest.approx(122 * 1.03)


# Studies.

LABELS = {"title": "A study", "x": "call handlers", "y": "share answered"}


def test_a_size_shows_each_value_tried_against_the_target(drawn: list[Figure]) -> None:
    tried = pd.DataFrame({
        "value": [2.0, 3.0, 4.0], "mean": [0.5, 0.7, 0.9], "low": [0.4, 0.6, 0.8], "high": [0.6, 0.8, 1.0],
        "verdict": ["misses", "", "meets"],
    })  # fmt: skip
    size_figure(tried, LABELS, 0.8, 4.0)
    (axes,) = drawn[0].axes
    assert [mark[0::3] for mark in marks(axes)] == [(4, MEETS), (2, MISSES), (3, "#b9b9b9")]
    across = [line for line in axes.lines if list(line.get_ydata()) == [0.8, 0.8]]
    upright = [line for line in axes.lines if list(line.get_xdata()) == [4.0, 4.0]]
    assert (len(across), len(upright)) == (1, 1)
    assert axes.yaxis.get_major_formatter()(0.125, 0) == "12.5 %"
    legend = [text.get_text() for text in drawn[0].legends[0].get_texts()]
    assert legend == ["meets the target", "misses it", "tried for direction only"]


def test_a_size_without_an_answer_marks_none(drawn: list[Figure]) -> None:
    tried = pd.DataFrame({"value": [0.5], "mean": [3.0], "low": [2.0], "high": [4.0], "verdict": ["misses"]})
    size_figure(tried, LABELS | {"y": "minutes"}, 0.8, None)
    (axes,) = drawn[0].axes
    assert not [line for line in axes.lines if line.get_alpha() == 0.15]
    assert axes.get_ylabel() == "minutes"


def test_a_frontier_joins_and_names_what_nothing_beats_in_order_of_cost(drawn: list[Figure]) -> None:
    table = pd.DataFrame({
        "cost": [3.0, 1.0, 2.0], "mean": [0.9, 0.5, 0.4], "low": [0.8, 0.4, 0.3], "high": [1.0, 0.6, 0.5],
        "verdict": ["meets", "misses", "not told apart"], "on_frontier": [True, True, False],
        "name": ["dear", "cheap", "beaten"],
    })  # fmt: skip
    frontier_figure(table, LABELS, 0.8)
    (axes,) = drawn[0].axes
    edge = next(line for line in axes.lines if line.get_label() == "nothing beats these")
    assert (list(edge.get_xdata()), list(edge.get_ydata())) == ([1, 3], [0.5, 0.9])
    assert words(axes) == ["target", "cheap", "dear"]


def test_influences_have_the_first_on_top_and_series_side_by_side(drawn: list[Figure]) -> None:
    ranked = pd.DataFrame({
        "name": ["most", "least"], "alone": [0.6, 0.1], "alone_low": [0.5, 0.0], "alone_high": [0.7, 0.2],
        "total": [0.7, 0.3], "total_low": [0.6, 0.2], "total_high": [0.8, 0.4],
    })  # fmt: skip
    labels = {"title": "What matters", "x": "share of variance", "series": "alone|total", "legends": "by itself|in all"}
    influence_figure(ranked, labels)
    (axes,) = drawn[0].axes
    assert axes.yaxis_inverted()
    assert [mark[:2] for mark in marks(axes)] == [(0.6, -0.13), (0.7, 0.13)]
    assert axes.get_xlim() == pytest.approx((-0.03, 1.05))
    assert [text.get_text() for text in drawn[0].legends[0].get_texts()] == ["by itself", "in all"]
    influence_figure(ranked, labels | {"x": "minutes", "series": "alone", "legends": "by itself"})
    assert drawn[1].legends == []
    assert [mark[:2] for mark in marks(drawn[1].axes[0])] == [(0.6, 0)]


def test_a_surface_is_held_against_the_line_of_perfect_prediction(drawn: list[Figure]) -> None:
    points = pd.DataFrame({"simulated": [0.2, 0.8], "predicted": [0.1, 0.7]})
    surface_figure(points, LABELS)
    (axes,) = drawn[0].axes
    line, left_out = axes.lines
    assert list(line.get_xdata()) == list(line.get_ydata()) == [0.1, 0.8]
    assert list(left_out.get_ydata()) == [0.1, 0.7]
    assert axes.xaxis.get_major_formatter()(0.5, 0) == "50 %"


# An experiment.


def test_a_claim_is_full_where_it_holds_and_its_bound_is_dashed(drawn: list[Figure]) -> None:
    table = pd.DataFrame(
        {"measure": "needs", "unit": "%", "amount": [1, 2, 4], "mean": [0.5, -2.0, -6.0], "low": [0.0, -5.0, -8.0],
         "high": [1.0, 1.0, -4.0], "reached": [False, False, True]}
    )  # fmt: skip
    threshold_figure(table, -3, "3 % fewer", "times", "Does it?")
    axes = drawn[0].axes[0]
    full = {line.get_xdata()[0]: to_hex(line.get_markerfacecolor()) for line in axes.lines if line.get_marker() == "o"}  # type: ignore[index]
    assert {amount: colour != "#ffffff" for amount, colour in full.items()} == {1: False, 2: False, 4: True}
    assert [line.get_ydata()[0] for line in axes.lines if line.get_linestyle() == "--"] == [-3]  # type: ignore[index]
    assert axes.get_ylim()[0] < -8


def test_each_week_from_which_something_changes_is_marked_and_named(drawn: list[Figure]) -> None:
    weeks = pd.DataFrame({"week": [4.0, 5.0, 6.0], "mean": [1.0, 2.0, 3.0], "low": 0.0, "high": 4.0})
    panels = {name: {"as it is": weeks} for name in ("calls (%)", "told (%)", "free hours", "list")}
    weeks_figure(panels, "What changes?", {5: "managed", 20: "met"})
    assert [round(axes.get_position().x0, 1) for axes in drawn[0].axes] == [0.1, 0.5, 0.1, 0.5]
    for axes in drawn[0].axes:
        assert [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "--"] == [5]  # type: ignore[index]
    assert "managed" in words(drawn[0].axes[0])
    assert words(drawn[0].axes[1]) == []


def test_each_way_of_looking_has_its_dot_the_first_on_top(drawn: list[Figure]) -> None:
    table = pd.DataFrame(
        {"arm": ["it works"] * 2, "way": ["before and after", "the truth"], "mean": [50.0, 90.0], "low": [45.0, 88.0],
         "high": [55.0, 92.0]}
    )  # fmt: skip
    ways_figure(table, 100, "%", "Did it?")
    axes = drawn[0].axes[0]
    assert [(across, up) for across, up, *_ in marks(axes)] == [(50.0, 2.0), (90.0, 1.0)]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["before and after", "the truth"]
    assert [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "--"] == [100]  # type: ignore[index]


def test_a_measure_that_only_a_change_has_is_drawn_with_its_own_interval() -> None:
    """What a change keeps away is nothing to measure as it is; there is no difference to draw, and yet an interval."""
    kept = {"mean": [math.nan, 0.5], "low": [math.nan, 0.4], "high": [math.nan, 0.6]}
    none = {"change_low": [math.nan] * 2, "change_high": [math.nan] * 2}
    assert experiments._ends(pd.DataFrame(kept | none))[1] == [0.4, 0.6]
    both = {"mean": [2.0, 3.0], "low": [1.0, 2.5], "high": [3.0, 3.5], "change_low": [0, -3.0], "change_high": [0, 1.5]}
    assert experiments._ends(pd.DataFrame(both)) == [[2.0, 2.0], [0.0, 3.5]]
