"""Stories read aloud: golden texts of needs of different kinds and fates.

After a deliberate change of the model or its settings: PCQA_UPDATE=1 make unit, then read what changed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest
from shortruns import run_of

from pcqa_sim.eventlog import CATALOGUE
from pcqa_sim.faults import BadInput
from pcqa_sim.needs import NEED_ENDINGS
from pcqa_sim.report.story import _ENDINGS, _FATES, _SAID, minutes, story
from pcqa_sim.run import Run

STORIES = Path(__file__).parent / "stories"
CASES = {
    "resolved-at-once": "ending == 'resolved' and contacts == 1 and kind == 'new_problem'",
    "paperwork": "kind == 'administrative' and ending == 'resolved' and contacts == 2",
    "many-contacts": "contacts >= 5",
    "informed": "ending == 'informed' and contacts == 2",
    "emergency-department": "ending == 'emergency_department'",
    "recovered": "ending == 'recovered'",
    "gave-up": "ending == 'gave_up' and contacts == 2",
    "existing-condition": "kind == 'existing_condition' and ending == 'resolved' and contacts == 3",
}


def tell(run: Run, need: int) -> str:
    return "\n".join(story(run.log, need, "practice", run.scenario.calendar.working())) + "\n"


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=6")


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_need_reads_as_it_did(run: Run, name: str) -> None:
    needs: pd.DataFrame = run.tables["practice"].needs.query(CASES[name])
    told = tell(run, int(needs.index[0]))
    path = STORIES / f"{name}.txt"
    if os.environ.get("PCQA_UPDATE"):
        STORIES.mkdir(exist_ok=True)
        path.write_text(told)
    assert told == path.read_text()


def test_every_need_can_be_told(run: Run) -> None:
    for need in run.tables["practice"].needs.index[:300]:
        told = tell(run, int(need))
        assert told.count("A need arises") == 1
        assert told.count("Contact ") >= 1


def test_every_event_about_a_person_has_words() -> None:
    spoken = (set(_SAID) - {"called_in"}) | {"need_arose", "need_closed", "contact_opened", "fate"}
    world = {"roster", "slots_released", "slots_unused", "belief", "decided"}
    assert set(CATALOGUE) - spoken - world == set()
    assert set(_ENDINGS) == set(NEED_ENDINGS)
    assert "redial" in _FATES


def test_an_unknown_need_names_the_nearest(run: Run) -> None:
    known = int(run.tables["practice"].needs.index.min())
    with pytest.raises(BadInput, match=f"no such need in this run; did you mean {known}"):
        story(run.log, known + 1, "practice", run.scenario.calendar.working())


@pytest.mark.parametrize(
    ("amount", "said"), [(0.5, "30 seconds"), (1, "1 minute"), (89, "89 minutes"), (180, "3 hours"), (2880, "2 days")]
)
def test_amounts_of_time(amount: float, said: str) -> None:
    assert minutes(amount) == said
