from __future__ import annotations

import pytest
from shortruns import composed

from pcqa_sim.configuration import shown_of
from pcqa_sim.configuration.drawing import DrawnAssumptions
from pcqa_sim.configuration.trying import ALREADY, FEWER, NO_CHANGE, Choice, numbers_of, read_choice
from pcqa_sim.interventions import flat
from pcqa_sim.scenario import Scenario
from pcqa_sim.values.faults import BadInput

pytestmark = pytest.mark.usefixtures("elsewhere")
QUICK = ["practice=small", "run=quick"]
SOME = ["more_call_handlers", "reminders", "switch_triage", "switch_to_digital", "care_navigation_training"]


def settings(scenario: Scenario) -> dict[str, object]:
    return flat(scenario.practices["practice"].model_dump(mode="json"))


@pytest.fixture(scope="module")
def choice() -> Choice:
    return read_choice([*QUICK, "intervention.more_call_handlers.extra=2"], SOME, 7)


def test_an_option_is_what_its_overrides_compose(choice: Choice) -> None:
    for names in (["more_call_handlers"], ["switch_to_digital"], ["reminders", "more_call_handlers"]):
        assert choice.scenario(names).hash() == composed(*choice.texts(names)).hash()
    assert choice.options["more_call_handlers"].scenario.practices["practice"].rota.extra_call_handlers == 2
    assert choice.base.practices["practice"].rota.extra_call_handlers == 0
    assert choice.scenario(["reminders"]).run.seed == 7


def test_an_option_tells_the_numbers_that_it_rests_on(choice: Choice) -> None:
    (share,) = choice.options["reminders"].numbers
    assert (share.name, share.value, share.unit) == ("fewer_share", 0.3, "share")
    assert share.source.startswith("assumption: weaker than sms_reminder_attendance_RR")
    (extra,) = choice.options["more_call_handlers"].numbers
    assert extra.source == "override on the command line"


@pytest.mark.parametrize(
    ("one", "other"), [("switch_triage", "switch_to_digital"), ("switch_to_digital", "care_navigation_training")]
)
def test_what_pulls_at_the_same_setting_is_not_paired(choice: Choice, one: str, other: str) -> None:
    said = choice.pair(one, other)
    assert isinstance(said, str)
    assert said.startswith("contradict each other: both change triage.")


def test_what_goes_together_is_paired(choice: Choice) -> None:
    both = choice.pair("more_call_handlers", "reminders")
    assert isinstance(both, Scenario)
    assert both.practices["practice"].rota.extra_call_handlers == 2
    assert len(both.interventions) == 2


@pytest.mark.slow
def test_without_names_all_are_tried_that_are_made_to_help() -> None:
    found = read_choice([*QUICK, "intervention=[reminders]", "intervention.reminders.fewer_share=0.1"], [], None)
    assert found.left_out["reminders"] == ALREADY
    assert found.left_out["online_hours_or_cap"] == FEWER
    assert found.left_out["form_open_all_day"] == NO_CHANGE
    assert {"more_call_handlers", "add_session", "stagger_release"} <= set(found.options)
    assert not set(found.options) & set(found.left_out)


def test_what_is_named_is_tried_although_it_takes_away() -> None:
    assert set(read_choice(QUICK, ["online_hours_or_cap"], None).options) == {"online_hours_or_cap"}


@pytest.mark.parametrize(
    ("more", "names", "said"),
    [
        ([], ["more_call_handler"], "--can: more_call_handler: is not an intervention; `pcqa advise` without --can"),
        ([], ["more_call_handler"], "did you mean more_call_handlers?"),
        (["intervention.reminders.fewer_share=0.1"], ["add_session"], "intervention.reminders.fewer_share: sets how"),
        (["intervention.add_session.role=nurse"], ["add_session"], "did you mean practice_nurse?"),
        (["intervention.add_session.sesions=1"], ["add_session"], "did you mean intervention.add_session.sessions?"),
        (
            [],
            ["form_open_all_day"],
            "--can: names nothing that can be tried here: form_open_all_day: nothing would change",
        ),
        (["phones.linez=3"], [], "did you mean phones.lines?"),
    ],
)
def test_bad_input_is_said_in_one_line(more: list[str], names: list[str], said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_choice([*QUICK, *more], names, None)
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.slow
def test_assumptions_are_drawn_from_their_ranges_and_choices_stay(choice: Choice) -> None:
    names = ["nothing", "more_call_handlers"]
    drawn = DrawnAssumptions(choice, shown_of(choice.made), 0.2)
    before, (plain, with_more) = settings(choice.base), (settings(one) for one in drawn.scenarios(0, names).values())
    moved = [key for key in before if plain[key] != before[key]]
    assert len(moved) > 300
    for key in moved:
        was, now = (float(str(one[key])) for one in (before, plain))
        assert abs(now - was) <= 0.2 * abs(was) + 0.5 * (was == int(was)) + 1e-9, key
    assert not [key for key in moved if key.startswith(("rota.", "fte_level", "name", "list_size"))]
    assert drawn.many >= len(moved)
    # an option differs from nothing by itself alone, whatever is drawn
    assert [key for key in plain if plain[key] != with_more[key]] == ["rota.extra_call_handlers"]
    again = DrawnAssumptions(choice, shown_of(choice.made), 0.2).scenarios(0, names)
    assert settings(again["nothing"]) == plain
    assert settings(drawn.scenarios(1, names)["nothing"]) != plain


def test_what_an_option_rests_on_is_drawn_too(choice: Choice) -> None:
    drawn = DrawnAssumptions(choice, shown_of(choice.made), 0.2).scenarios(0, ["nothing", "reminders"])
    plain, reminded = (settings(one) for one in drawn.values())
    key = "appointments.not_attending.lead.same_day"
    factor = float(str(reminded[key])) / float(str(plain[key]))
    assert 1 - 0.36 <= factor <= 1 - 0.24
    assert factor != pytest.approx(0.7)


@pytest.mark.parametrize("name", ["ai_scribe", "ai_letters", "ai_triage"])
def test_what_is_sold_rests_on_assumptions_and_says_so(name: str) -> None:
    """No evidence row stands for it: every number of its own is told with the word."""
    found = numbers_of(["practice=small", f"+intervention=[{name}]"], ["practice=small"])
    assert list(found) == [name]
    assert found[name]
    assert all(number.source.startswith("assumption") for number in found[name])


def test_only_interventions_that_join_are_told_with_what_they_rest_on() -> None:
    on = "intervention=[more_call_handlers]"
    assert list(numbers_of([on, "+intervention=[ai_scribe]"], [on])) == ["ai_scribe"]
    assert numbers_of(["phones.lines=4"]) == {}
