"""Stations in a row on short lists, whose every minute can be worked out by hand."""

import math

import pytest

from pcqa_sim.values.distributions import Deterministic, Exponential
from pcqa_sim.verification import BadInput, Profile, Station, network, phone


def rows(result, *columns):
    return result.calls[list(columns)].to_numpy().tolist()


def test_two_stations_in_a_row() -> None:
    result = network([0.0, 1.0], [Station([4.0, 4.0], 1), Station([10.0, 1.0], 1)], intervals=[(0.0, 20.0)])
    assert rows(result, "caller", "station", "arrival", "wait", "ended") == [
        [0, "phone", 0.0, 0.0, 4.0],
        [1, "phone", 1.0, 3.0, 8.0],
        [0, "station_2", 4.0, 0.0, 14.0],
        [1, "station_2", 8.0, 6.0, 15.0],
    ]
    assert result.intervals["station"].tolist() == ["phone", "station_2"]
    assert result.intervals["mean_waiting"].tolist() == pytest.approx([3 / 20, 6 / 20])
    assert result.intervals["mean_busy"].tolist() == pytest.approx([8 / 20, 11 / 20])
    assert result.intervals["answered"].tolist() == [2, 2]
    second = result.states.loc[result.states["station"] == "station_2", ["time", "waiting", "busy"]]
    assert second.to_numpy().tolist() == [[0, 0, 0], [4, 0, 1], [8, 1, 1], [14, 0, 1], [15, 0, 0]]


def test_one_station_whose_callers_never_come_back_is_a_phone() -> None:
    settings = {"until": 500.0, "intervals": [(0.0, 500.0)]}
    alone = phone(Profile.constant(1.0), Exponential(3.0), 3, patience=Exponential(5.0), lines=5, **settings)
    first = network(Profile.constant(1.0), [Station(Exponential(3.0), 3, Exponential(5.0), lines=5)], **settings)
    assert first.calls.drop(columns="station").equals(alone.calls)
    assert first.intervals.drop(columns="station").equals(alone.intervals)


def test_who_comes_back_begins_again_after_the_delay() -> None:
    result = network(
        [0.0], [Station(2.0, 1), Station(3.0, 1)], comes_back=1.0, comes_back_after=Deterministic(10.0), until=31.0
    )
    assert rows(result, "attempt", "station", "arrival") == [
        [1, "phone", 0.0], [1, "station_2", 2.0], [2, "phone", 15.0], [2, "station_2", 17.0], [3, "phone", 30.0],
    ]  # fmt: skip
    away = result.states.loc[result.states["station"] == "phone", ["time", "waiting_to_redial"]]
    assert away.to_numpy().tolist() == [[0, 0], [2, 0], [5, 1], [15, 0], [17, 0], [20, 1], [30, 0]]


def test_coming_back_may_depend_on_the_wait() -> None:
    waited = []

    def comes_back(minutes: float) -> float:
        waited.append(minutes)
        return float(minutes > 2)

    result = network([0.0, 1.0], [Station(4.0, 1)], comes_back=comes_back, comes_back_after=100.0)
    assert waited == [0.0, 3.0, 0.0]
    assert rows(result, "caller", "attempt") == [[0, 1], [1, 1], [1, 2]]


def test_a_share_goes_on_and_a_share_comes_back() -> None:
    stations = [Station(Exponential(1.0), 5, goes_on=0.3), Station(Exponential(1.0), 5)]
    calls = network(Profile.constant(1.0), stations, comes_back=0.2, until=4000.0).calls
    by_station = calls["station"].value_counts()
    assert by_station["phone"] / 4000 == pytest.approx(1 / 0.8, rel=0.05)
    assert by_station["station_2"] / by_station["phone"] == pytest.approx(0.3, abs=0.02)
    assert (calls["attempt"] > 1).sum() / len(calls) == pytest.approx(0.2, abs=0.02)


def test_who_gives_up_at_the_second_station_may_call_again() -> None:
    stations = [Station(1.0, 2), Station([50.0, 1.0], 1, patience=5.0)]
    calls = network([0.0, 0.0], stations, redial_after_reneging=(1.0, Deterministic(60.0))).calls
    mine = calls[calls["caller"] == 1]
    assert mine["station"].tolist() == ["phone", "station_2", "phone", "station_2"]
    assert mine["ending"].tolist() == ["answered", "missed", "answered", "answered"]
    assert mine["arrival"].tolist() == [0.0, 1.0, 66.0, 67.0]


def test_another_station_changes_nobodys_luck_at_the_phone() -> None:
    one, two = (
        network(Profile.constant(0.5), [Station(Exponential(2.0), 2), *more], until=300.0).calls
        for more in ([], [Station(Exponential(9.0), 1)])
    )
    at_phone = two[two["station"] == "phone"].reset_index(drop=True)
    assert at_phone[["arrival", "ended"]].iloc[:140].equals(one[["arrival", "ended"]].iloc[:140])


@pytest.mark.parametrize(
    ("stations", "more", "says"),
    [
        ([], {}, "stations: none: must be one station at least"),
        ([Station(1.0, -1)], {}, "staffing: -1: must be a whole number of people"),
        ([Station(1.0, 1), Station(math.nan, 1)], {}, "station_2.service: nan: must be minutes, 0 or more"),
        ([Station(1.0, 1), Station(1.0, 1, lines=3)], {}, "stations: lines of a later station"),
        ([Station(1.0, 1, goes_on=1.5)], {}, "goes_on: 1.5: must be a share from 0 to 1"),
        ([Station(1.0, 1)], {"comes_back": 1.5}, "comes_back: 1.5: must be a share from 0 to 1"),
        ([Station(1.0, 1)], {"comes_back": lambda _: -0.5}, "comes_back(0): -0.5: must be a share"),
        ([Station(0.0, 1)], {"comes_back": 0.5}, "comes_back_after: none: must be a delay"),
        ([Station(1.0, 1)], {"comes_back_after": math.nan}, "comes_back_after: nan"),
    ],
)
def test_what_is_no_network_is_refused(stations, more, says) -> None:
    with pytest.raises(BadInput) as told:
        network([0.0, 1.0], stations, **more)
    assert says in str(told.value)
