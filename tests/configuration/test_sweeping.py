"""Sweeps in Hydra's syntax: what is read, how many points, and scenarios equal to those composed one by one."""

from __future__ import annotations

import time

import pytest

from pcqa_sim import load_scenario
from pcqa_sim.configuration.sweeping import Composer, label, read_sweep
from pcqa_sim.values.faults import BadInput


def values(*texts: str) -> list[list[str]]:
    return [list(axis.values) for axis in read_sweep(texts).axes]


def test_several_values_make_an_axis() -> None:
    sweep = read_sweep(["practice=small", "phones.lines=4,8", "run=quick,standard"])
    assert sweep.fixed == ("practice=small",)
    assert [axis.key for axis in sweep.axes] == ["phones.lines", "run"]
    assert sweep.size == 4
    assert list(sweep.points())[1] == {"phones.lines": "4", "run": "standard"}


def test_a_range_leaves_out_its_end() -> None:
    assert values("phones.lines=range(4,12)") == [[str(n) for n in range(4, 12)]]
    assert values("phones.lines=range(4,12,3)") == [["4", "7", "10"]]
    assert values("x=range(3,0,-1)") == [["3", "2", "1"]]


def test_a_range_of_fractions_has_the_numbers_that_were_meant() -> None:
    assert values("x=range(0.1,0.5,0.1)") == [["0.1", "0.2", "0.3", "0.4"]]
    assert values("x=range(0.7,1.0,0.1)") == [["0.7", "0.8", "0.9"]]


def test_lists_of_interventions() -> None:
    assert values("intervention=[],[a],[b],[a,b]") == [["[]", "[a]", "[b]", "[a,b]"]]
    (axis,) = read_sweep(["+intervention=a,b"]).axes
    assert axis.text("a") == "+intervention=a"


def test_a_list_alone_is_one_value() -> None:
    assert read_sweep(["intervention=[a,b]"]).axes == ()


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["x=interval(1,2)"], "interval()"),
        (["x=shuffle(1,2,3)"], "shuffle()"),
        (["x=shuffle(range(1,9))"], "shuffle()"),
        (["practice=glob(*)"], "glob()"),
        (["x=range(4,4)"], "is empty"),
        (["x=range(9,4)"], "is empty"),
        (["x=1,1"], "is listed twice"),
        (["x=1,2", "x=3,4"], "is given twice"),
        (["x=1,2", "x=3"], "is given twice"),
        (["run.seed=1,2"], "--seed"),
        (["run.replications=1,2"], "--reps"),
        (["x=${y},2"], "${...}"),
        (["hydra.job.chdir=a,b"], "Hydra"),
        (["x=(1"], "cannot be read"),
    ],
)
def test_what_cannot_be_swept_is_refused(texts: list[str], said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_sweep(texts)
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_ten_million_points_are_counted_and_not_written_out() -> None:
    begun = time.process_time()
    sweep = read_sweep(["a=range(1,10001)", "b=range(0.0,1.0,0.001)"])
    assert sweep.size == 10_000_000
    assert next(sweep.points()) == {"a": "1", "b": "0.0"}
    assert time.process_time() - begun < 2


SPREAD = (
    "practice=small,average",
    "phones.lines=3,60",
    "practice.demand_level=0.8,1.3",
    "intervention=[],[more_call_handlers],[more_phone_lines,more_call_handlers]",
)


@pytest.mark.slow
def test_scenarios_are_those_composed_one_by_one() -> None:
    sweep = read_sweep(["run=quick", *SPREAD])
    composer = Composer(sweep.fixed)
    for point in sweep.points():
        texts = [axis.text(point[axis.key]) for axis in sweep.axes]
        assert composer.scenario(texts) == load_scenario(*sweep.fixed, *texts), label(point)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fixed", "swept"),
    [
        (["intervention=[more_call_handlers]"], "intervention.more_call_handlers.extra=1,2,3"),
        (["practice.name='The Surgery'"], "phones.callback.accepted_share=0.1,0.2"),
        (["network.members={north:['practice=small'],south:[]}"], "phones.lines=4,8"),
        (["phases=[{from_week: 2, overrides: ['phones.lines=9']}]", "run=quick"], "practice.demand_level=0.9,1.1"),
        ([], "people.rate_factor={3: 2.0},{3: 4.0}"),
        (["calendar.bank_holidays=none"], "phones.lines=5,6"),
    ],
)
def test_so_are_those_with_unusual_settings(fixed: list[str], swept: str) -> None:
    sweep = read_sweep([*fixed, swept])
    composer = Composer(sweep.fixed)
    for point in sweep.points():
        texts = [axis.text(point[axis.key]) for axis in sweep.axes]
        assert composer.scenario(texts) == load_scenario(*fixed, *texts), label(point)


def test_a_fault_at_a_later_point_is_found_too() -> None:
    composer = Composer(["practice=small"])
    assert composer.scenario(["phones.lines=4"]).practices["practice"].phones.lines == 4
    with pytest.raises(BadInput, match=r"phones.lines: 0: must be a whole number"):
        composer.scenario(["phones.lines=0"])
    with pytest.raises(BadInput, match=r"phones.lines"):
        composer.scenario(["phones.lines=many"])
    assert composer.scenario(["phones.lines=5"]).practices["practice"].phones.lines == 5


@pytest.mark.slow
@pytest.mark.usefixtures("composed_afresh")
def test_a_thousand_scenarios_that_differ_in_numbers_are_quick() -> None:
    """A tenth of the time that composing each by itself takes; the clock of a busy machine is allowed for."""
    load_scenario("run=quick")  # imports what composes
    begun = time.process_time()
    load_scenario("practice=small", "phones.lines=4")
    alone = time.process_time() - begun
    composer = Composer(["practice=small"])
    composer.scenario(["phones.lines=3"])
    begun = time.process_time()
    for lines in range(5, 55):
        composer.scenario([f"phones.lines={lines}"])
    assert (time.process_time() - begun) / 50 < alone / 4


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("x=range(1,inf)", "are finite numbers"),
        ("x=range(nan,2)", "are finite numbers"),
        ("x=range(1,2,nan)", "are finite numbers"),
        ("x=range(1,1e9)", "at most 1,000,000 values"),
        (f"x=range(0,1{400 * '0'})", "are finite numbers"),
        ("x=range(0,1e99,1e-300)", "at most 1,000,000 values"),
        ("x=sort(range(1,1e9))", "at most 1,000,000 values"),
        ("x=range(1,100000,0.001)", "at most 1,000,000 values"),
    ],
)
def test_ranges_without_end_are_refused_before_anything_is_counted(text: str, rule: str) -> None:
    with pytest.raises(BadInput, match=rule) as refused:
        read_sweep([text])
    assert text.partition("=")[2][:40] in str(refused.value)


def test_the_points_of_long_axes_are_made_as_they_are_asked_for() -> None:
    sweep = read_sweep(["x=range(0,1000000)", "y=range(0,1000000)", "z=a,b"])
    begun = time.process_time()
    points = sweep.points()
    assert [next(points) for _ in range(3)][1:] == [{"x": "0", "y": "0", "z": "b"}, {"x": "0", "y": "1", "z": "a"}]
    assert time.process_time() - begun < 1


def test_a_number_listed_twice_is_found_in_another_writing() -> None:
    with pytest.raises(BadInput, match=r"phones.lines: 4\.0: is listed twice"):
        read_sweep(["phones.lines=4,8,4.0"])
    assert values("practice.name=a,A") == [["a", "A"]]
