from __future__ import annotations

from pathlib import Path

import pytest
from shortruns import NO_USER_SETTINGS

from pcqa_sim import load_scenario
from pcqa_sim.configuration.ranges import Range, Varied, read_ranges
from pcqa_sim.values.faults import BadInput

HANDLERS = "intervention.more_call_handlers.extra"


def read(*texts: str, overrides: tuple[str, ...] = ()) -> Varied:
    return read_ranges(texts, overrides, NO_USER_SETTINGS)


def test_both_ends_belong_to_a_range() -> None:
    (one,) = read("phones.lines=3..12").ranges
    assert one.values == tuple(range(3, 13))
    assert one.whole
    assert "engaged" in one.words


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("phones.lines=3..12:3", (3, 6, 9, 12)),
        ("demand.rush.most_share=0.1..0.3:0.1", (0.1, 0.2, 0.3)),
        ("demand.rush.most_share=0.0..1.0", tuple(round(0.1 * n, 1) for n in range(11))),
    ],
)
def test_steps(text: str, values: tuple[float, ...]) -> None:
    assert read(text).ranges[0].values == values


def test_an_intervention_that_is_named_is_switched_on() -> None:
    varied = read(f"{HANDLERS}=0..6", overrides=("practice=small",))
    assert varied.added == ("+intervention=more_call_handlers",)
    assert varied.scenario_at([4]).practices["practice"].rota.extra_call_handlers == 4
    assert varied.overrides_at([4]) == ("practice=small", "+intervention=more_call_handlers", f"{HANDLERS}=4")


def test_an_intervention_that_is_on_stays_as_it_is() -> None:
    varied = read(f"{HANDLERS}=0..6", overrides=("intervention=[more_call_handlers]", f"{HANDLERS}=2"))
    assert varied.added == ()
    assert varied.scenario_at([4]).practices["practice"].rota.extra_call_handlers == 4


def test_two_parameters_of_one_intervention_switch_it_on_once() -> None:
    varied = read(f"{HANDLERS}=0..6", "intervention.more_call_handlers.from_week=0..2")
    assert varied.added == ("+intervention=more_call_handlers",)


def test_a_scenario_at_values_is_what_its_overrides_give() -> None:
    varied = read("phones.lines=3..12", "demand.rush.most_share=0.1..0.5", overrides=("practice=small",))
    for values in ([3, 0.1], [12, 0.5], [7, 0.34]):
        again = load_scenario(*varied.overrides_at(values), user_folder=NO_USER_SETTINGS)
        assert varied.scenario_at(values) == again


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "phones.lines=12..3",
            "phones.lines: 12..3: a range runs from the lower end to the higher; did you mean 3..12?",
        ),
        ("phones.linez=3..12", "did you mean phones.lines?"),
        ("phones.lines=3..3", "two different ends"),
        ("phones.lines=3", "a range is written KEY=LOWEST..HIGHEST"),
        ("phones.lines", "a range is written KEY=LOWEST..HIGHEST"),
        ("phones.lines=3..many", "a range is written KEY=LOWEST..HIGHEST"),
        ("phones.lines=3..inf", "finite"),
        ("phones.lines=3..5.5", "takes whole numbers"),
        ("phones.lines=3..12:2", "the steps of a range lead from one end to the other"),
        ("phones.lines=3..12:-3", "above 0"),
        ("phones.lines=0..3", "phones.lines: 0: must be a whole number from 1"),
        ("demand.rush.most_share=0.5..1.5", "must be a share, from 0 to 1"),
        ("practice.name=1..2", "is not a number"),
        ("phones=1..2", "is not a number"),
        ("run.seed=1..9", "cannot be varied"),
        ("run.measured_weeks=1..9", "cannot be varied"),
        ("intervention.more_call_handler.extra=0..6", "did you mean intervention.more_call_handlers?"),
        ("intervention.more_call_handlers.extr=0..6", "did you mean intervention.more_call_handlers.extra?"),
        ("intervention.more_call_handlers.only=0..6", "is not a number"),
        ("intervention=0..6", "intervention"),
    ],
)
def test_bad_ranges_are_refused_in_a_line(text: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(text)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_every_fault_is_told() -> None:
    with pytest.raises(BadInput) as refused:
        read(
            "phones.linez=3..12", "phones.lines=12..3", "phones.patience.mean_min=1..5", "phones.patience.mean_min=2..5"
        )
    assert len(refused.value.faults) == 3


def test_too_many_values_are_refused_only_where_each_is_tried() -> None:
    (one,) = read("practice.list_size=1000..100000").ranges
    assert one.at(0.5) == 50500
    with pytest.raises(BadInput, match="give a step"):
        one.values  # noqa: B018


def test_places_and_values() -> None:
    whole = Range("k", 0, 3, True, 1.0)
    assert [whole.at(u) for u in (0, 1 / 3, 2 / 3, 1)] == [0, 1, 2, 3]
    assert [whole.evenly(u / 8) for u in range(8)] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert whole.place(1.5) == 0.5
    assert whole.override(2.0) == "k=2"
    real = Range("k", 0.1, 0.4, False, 0.1)
    assert real.at(1 / 3) == pytest.approx(0.2)
    assert real.evenly(0.5) == real.at(0.5)
    assert real.override(0.1 + 0.2) == "k=0.3"


def test_a_user_s_own_intervention_can_be_varied(tmp_path: Path) -> None:
    folder = tmp_path / "intervention"
    folder.mkdir()
    text = "# @package intervention.reception\nkind: more_call_handlers\nextra: 1  # people; assumption: ours\n"
    (folder / "reception.yaml").write_text(text)
    varied = read_ranges(["intervention.reception.extra=0..3"], (), tmp_path)
    assert varied.scenario_at([3]).practices["practice"].rota.extra_call_handlers == 3
