"""What access models do to a practice, as 95 % intervals of paired differences: the same people, the same luck."""

from __future__ import annotations

import pytest
from shortruns import composed, paired

from pcqa_sim.scenario import Practice, Scenario, with_settings
from pcqa_sim.scenario.groups import ON_THE_DAY

SHORT = ("practice.list_size=3000", "run.warm_up_weeks=1", "run.measured_weeks=4")
LONG = ("practice=flood_8am", "practice.list_size=3000", "run.warm_up_weeks=6", "run.measured_weeks=8")


def all_released(scenario: Scenario, rule: str) -> Scenario:
    """The scenario with every slot of every role under one release rule."""

    def change(practice: Practice) -> Practice:
        blocks = ((name, number) for name, role in practice.role.items() for number in range(len(role.template)))
        return with_settings(practice, {f"role.{name}.template.{number}.release": rule for name, number in blocks})

    return scenario.changed(change)


@pytest.mark.parametrize(
    ("change", "metric", "group", "sign"),
    [
        ("intervention=[care_navigation_training]", "appointments_per_1000_working_day", "role=gp", -1),
        ("triage=care_navigation", "appointments_per_1000_working_day", "role=gp", -1),
        ("triage=gp_phone_first", "mode_share", "mode=telephone", 1),
        ("triage=gp_phone_first", "mode_share", "mode=face_to_face", -1),
        ("triage=open_access", "told_another_day_share", "", -1),
    ],
)
def test_an_access_model_moves_what_it_is_said_to_move(change: str, metric: str, group: str, sign: int) -> None:
    difference = paired(composed(*SHORT), composed(*SHORT, change), metric, group)
    assert difference.low > 0 if sign > 0 else difference.high < 0


def test_everything_released_at_eight_draws_calls_to_eight_and_answering_everybody_sends_them_away() -> None:
    """Over the weeks after the first six: patients learn from what those who call later are told."""
    before = composed(*LONG)
    at_eight = paired(before, all_released(before, ON_THE_DAY), "share_0800_0830", replications=4)
    answered = paired(before, composed(*LONG, "triage=open_access"), "share_0800_0830", replications=4)
    assert at_eight.low > 0
    assert answered.high < 0


def test_longer_lead_times_are_missed_more_often() -> None:
    """With the day's own slots put weeks ahead the same people book longer in advance, and more of them do not come."""
    before = composed(*SHORT, "run.measured_weeks=8")
    ahead = all_released(before, "routine")
    assert paired(before, ahead, "lead_time_days").low > 0
    assert paired(before, ahead, "dna_share").low > 0
