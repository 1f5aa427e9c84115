from __future__ import annotations

from shortruns import composed, run_of

from pcqa_sim.clinic.reception_rota import call_handlers
from pcqa_sim.interventions import describe
from pcqa_sim.interventions.cover_phones import CoverPhones
from pcqa_sim.scenario.groups import OpeningHours

MORNINGS = (
    "practice=small", "run.warm_up_weeks=0", "run.measured_weeks=2",
    "rota.phone={tuesday_friday: '1 from 8 to 13', first_days: null}",
)  # fmt: skip
COVER = "intervention=[afternoon_call_handler]"


def test_somebody_comes_in_the_afternoon_and_stays_away_at_weekends() -> None:
    practice = composed(*MORNINGS, COVER).practices["practice"]
    assert call_handlers(practice, 1) == {0: 0, 480: 1, 780: 1, 1110: 0}
    assert set(call_handlers(practice, 5).values()) == {0}


def test_where_somebody_is_there_already_nothing_changes() -> None:
    plain = composed("practice=small", "run=quick")
    assert describe(plain, composed("practice=small", "run=quick", COVER)) == []


def test_people_are_those_of_the_practice_and_not_of_the_list_the_rota_is_written_for() -> None:
    before = composed("run=quick", "practice.list_size=5000")
    hours = OpeningHours.model_validate({"opens": "10:00", "closes": "12:00"})
    after = CoverPhones(hours=hours, people=3).apply(before).practices["practice"]
    found = call_handlers(after, 2)
    assert max(found.values()) == 3
    assert found[600] == 3
    assert found[720] == 1


def test_calls_of_the_afternoon_are_answered() -> None:
    before, after = (run_of(*MORNINGS, *more) for more in ((), (COVER,)))
    missed = [run.value("missed_share") for run in (before, after)]
    assert missed[1] < 0.7 * missed[0]
