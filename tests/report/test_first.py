"""The first sentences of a run, and how sure the numbers in them are."""

from __future__ import annotations

from pcqa_sim.report.first import first_sentences, how_sure
from pcqa_sim.study.statistics.intervals import ConfidenceInterval


class Known:
    """Numbers of which all are there; each that is said is kept, and one of them is known badly."""

    def __init__(self, badly: str = "") -> None:
        self.said: list[str] = []
        self._badly = badly

    def has(self, metric: str) -> bool:
        return True

    def mean(self, metric: str) -> float:
        self.said.append(metric)
        return 0.5

    def groups(self, metric: str) -> dict[str, float]:
        return {}

    def interval(self, metric: str) -> ConfidenceInterval:
        half = 0.2 if metric == self._badly else 0.001
        return ConfidenceInterval(0.5, 0.5 - half, 0.5 + half, 5)


def test_any_number_that_is_said_may_be_the_least_known() -> None:
    known = Known()
    assert len(list(first_sentences(known))) == 3  # type: ignore[arg-type]
    assert how_sure(known) == "Well known: other luck would move these numbers by less than a twentieth."  # type: ignore[arg-type]
    assert len(known.said) == 6
    for metric in known.said:
        assert "a good deal" in how_sure(Known(metric))  # type: ignore[arg-type]
