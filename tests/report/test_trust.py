from __future__ import annotations

import pandas as pd
import pytest
from shortruns import NO_USER_SETTINGS, composed

from pcqa_sim import replicate
from pcqa_sim.configuration import Shown, show
from pcqa_sim.report.trust import FITTED_METRICS, WIDTH, trust_card
from pcqa_sim.study.files import facts_of_study
from pcqa_sim.study.methods.one_at_a_time import Moved, Probed
from pcqa_sim.study.methods.pair import PRIMARY
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.study.record import new_record
from pcqa_sim.study.statistics.criterion import Yardstick

QUICK = ("practice=small", "run=quick")


@pytest.fixture(scope="module")
def study() -> Study:
    return replicate(composed(*QUICK), 3, workers=1)


@pytest.fixture(scope="module")
def shown() -> Shown:
    return show(*QUICK, user_folder=NO_USER_SETTINGS)


def card(study: Study, shown: Shown, **more: object) -> str:
    record = new_record("run", ["run", *QUICK], {"seed": 1} | facts_of_study(study))
    return trust_card(record, shown, study.summary, "practice", **more)  # type: ignore[arg-type]


def part(text: str, title: str) -> str:
    return text.partition(f"## {title}")[2].partition("\n## ")[0]


@pytest.mark.slow
def test_it_is_one_page(study: Study, shown: Shown) -> None:
    lines = card(study, shown).splitlines()
    assert len(lines) <= 66
    assert max(map(len, lines)) <= WIDTH + 8


def test_the_four_questions_are_answered(study: Study, shown: Shown) -> None:
    text = card(study, shown)
    titles = [line for line in text.splitlines() if line.startswith("## ")]
    assert [title.split()[1].rstrip(":") for title in titles] == ["Fitted", "Predicted", "Assumed", "What"]
    assert "`pcqa run practice=small run=quick`" in text
    assert "3 replications, seed 1" in " ".join(text.split())


def test_what_is_fitted_is_not_called_a_prediction(study: Study, shown: Shown) -> None:
    text = card(study, shown)
    fitted, predicted = part(text, "Fitted"), part(text, "Predicted")
    assert "ended in the menu" in fitted
    assert "ended in the menu" not in predicted
    assert "failure demand" in predicted
    assert "failure demand" not in fitted
    assert "so even these are predictions" in " ".join(fitted.split())


def test_fitted_metrics_are_those_the_settings_were_fitted_to(shown: Shown) -> None:
    """Each metric called fitted is named by the source of a fitted number, and is not one of the primary results."""
    sources = " ".join(one.source for one in shown.settings if one.source.startswith("fitted"))
    assert all(words in sources for words in FITTED_METRICS.values())
    assert not set(FITTED_METRICS) & set(PRIMARY)


def test_numbers_are_those_of_the_run(study: Study, shown: Shown) -> None:
    row = study.summary.query("metric == 'failure_share' and period == 'all' and group == ''").iloc[0]
    low, high = max(0.0, row["low"]), row["high"]
    assert f"- failure demand: {row['mean']:.1%} ({low * 100:.1f} to {high * 100:.1f})".replace("%", " %") in card(
        study, shown
    )


def test_an_untried_assumption_is_said_to_be_untried(study: Study, shown: Shown) -> None:
    assert "has not been tried for this run" in " ".join(part(card(study, shown), "What would").split())


def test_assumptions_that_were_tried_are_named(study: Study, shown: Shown) -> None:
    moved = (
        Moved("phones.patience.mean_min", 20, 24, -0.012, -0.02, -0.004, True),
        Moved("outcome.return_mean_days", 6, 7.2, 0.001, -0.001, 0.003, False),
    )
    probed = Probed(Yardstick("failure_share", "practice"), 0.23, moved)
    text = " ".join(part(card(study, shown, probed=probed), "What would").split())
    assert "1 of them move failure_share (failure demand, 23.0 %) clearly" in text
    assert "- phones.patience.mean_min from 20 to 24: -1.20 points" in text
    assert "outcome.return_mean_days" not in text


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["better", "worse"], "every primary difference is clear of it"),
        (["better", "no clear difference"], "nothing can be said yet: contacts for one need"),
    ],
)
def test_a_comparison_says_what_luck_decides(study: Study, shown: Shown, verdicts: list[str], said: str) -> None:
    metrics = ["missed_share", "contacts_per_need"]
    differences = pd.DataFrame({"practice": "practice", "metric": metrics, "group": "", "verdict": verdicts})
    assert said in " ".join(card(study, shown, differences=differences).split())


@pytest.mark.slow
def test_one_replication_is_told_to_say_nothing_of_luck(shown: Shown) -> None:
    alone = replicate(composed(*QUICK), 1, workers=1)
    assert "one replication gives no interval" in " ".join(card(alone, shown).split())
