from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from shortruns import composed

from pcqa_sim.configuration.ranges import Range
from pcqa_sim.report.sensitivity import finding, surface_lines, table, table_lines, told
from pcqa_sim.study.design.points import Points, points_of_design
from pcqa_sim.study.methods.sensitivity import Method, Sensitivity, design, influences
from pcqa_sim.study.methods.surface import Surface, fit_surface
from pcqa_sim.study.methods.trials import Trials
from pcqa_sim.study.statistics.criterion import Yardstick

MISSED = Yardstick("missed_share", "practice")
RANGES = (
    Range("phones.patience.mean_min", 10, 40, False, 3.0, "minutes"),
    Range("intervention.more_call_handlers.extra", 0, 3, True, 1.0, "people"),
    Range("phones.talk.sigma", 0.5, 1.0, False, 0.05, ""),
)


def study(method: Method, slopes: tuple[float, float, float] = (0.01, -0.06, 0.0)) -> Sensitivity:
    used = design(method, 3, 16, 1)
    values: NDArray[np.float64] = (0.2 + used @ np.array(slopes))[:, None] + np.zeros((1, 2))
    trials = Trials(lambda _: composed("practice=small", "run=quick"), [MISSED], 1, lambda _: [])
    return Sensitivity(method, used, values, tuple(influences(method, used, values)), trials)


def fitted(found: Sensitivity) -> tuple[Points, Surface]:
    points = points_of_design([one.key for one in RANGES], [(one.low, one.high) for one in RANGES], found)
    return points, fit_surface(points.places, points.values)


def everything(method: Method) -> str:
    found = study(method)
    sections = told(found, MISSED, RANGES, fitted(found)[1])
    return "\n".join([*(s for one in sections for s in (one.heading, *one.sentences, *one.table))])


def test_morris_in_words_the_most_first() -> None:
    text = everything("morris")
    first = "Moving more_call_handlers.extra from 0 to 3 changes it by 6.0 points (6.0 to 6.0), always down."
    assert first in text
    assert "Moving patience.mean_min from 10 to 40 changes it by 1.0 points (1.0 to 1.0), always up." in text
    assert "Moving talk.sigma from 0.5 to 1 changes nothing." in text
    assert text.index("more_call_handlers.extra from") < text.index("patience.mean_min from") < text.index("talk.sigma")


def test_sobol_in_words() -> None:
    text = everything("sobol")
    assert "more_call_handlers.extra from 0 to 3 explains" in text
    assert "of the differences by itself" in text
    shares = [one.main.value for one in study("sobol").influences]
    assert shares == sorted(shares, reverse=True)


def test_how_it_was_found_and_how_well_a_surface_predicts() -> None:
    text = everything("morris")
    assert "Morris screening over 64 points with 2 replications of each" in text
    assert "missed_share went from 14.0 % to 21.0 %" in text
    assert "explaining 100 % of their differences (cross-validated)." in text


def test_too_few_points_for_a_surface_are_said() -> None:
    said = told(study("morris"), MISSED, RANGES, None)[-1].sentences
    assert said[-1] == "Too few points for a response surface, which needs at least 10 different ones."


@pytest.mark.parametrize(
    ("method", "columns"),
    [
        ("morris", ["mu_star", "mu_star_low", "mu_star_high", "mu", "sigma"]),
        ("sobol", ["ST", "ST_low", "ST_high", "S1", "S1_low", "S1_high"]),
    ],
)
def test_the_ranked_table(method: Method, columns: list[str]) -> None:
    found = study(method)
    made = table(found, RANGES)
    assert list(made.columns) == ["rank", "key", "words", "lowest", "highest", *columns]
    assert list(made["rank"]) == [1, 2, 3]
    assert made["key"].iloc[0] == "intervention.more_call_handlers.extra"
    lines = table_lines(found, MISSED, RANGES)
    assert [line.split()[1] for line in lines[1:]] == list(made["key"])


def test_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    found = study("morris")
    points, surface = fitted(found)
    monkeypatch.setattr(Trials, "metrics", property(lambda _: table(found, RANGES)))
    made: Any = finding(found, MISSED, RANGES, surface, points)
    assert set(made.figures) == {"sensitivity", "surface"}
    assert all(picture.startswith(b"\x89PNG") for picture in made.figures.values())
    assert list(made.tables["surface"].columns) == [
        *(one.key for one in RANGES),
        "simulated",
        "predicted",
        "predicted_sd",
    ]
    assert set(finding(found, MISSED, RANGES, None, points).figures) == {"sensitivity"}


def test_a_surface_predicts_at_a_place() -> None:
    points, surface = fitted(study("morris"))
    lines = surface_lines(surface, points, MISSED, [0.5, 0.0, 0.5])
    assert f"at {len(points.values)} points" in lines[0]
    assert "phones.patience.mean_min = 25" in lines[-1]
    assert "it predicts 20.5 %" in lines[-1]
    assert len(surface_lines(surface, points, MISSED, None)) == len(lines) - 1


def test_a_poor_surface_is_not_recommended() -> None:
    luck = np.random.default_rng(1)
    points = Points(("a", "b"), np.zeros(2), np.ones(2), luck.random((40, 2)), luck.normal(size=40))
    said = surface_lines(fit_surface(points.places, points.values, "quadratic"), points, MISSED, None)
    assert "not good enough to stand in for runs" in said[-1]
