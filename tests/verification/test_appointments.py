"""The diary's bench on short lists, whose every appointment can be worked out by hand."""

import math

import numpy as np
import pytest

from pcqa_sim.scenario.groups import Release
from pcqa_sim.scenario.groups.appointments import LeadTimeRates
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.distributions import Deterministic
from pcqa_sim.verification import BadInput, Clinic, Profile, diary

ONE_A_DAY = Clinic([(1, "ahead")], starts=600.0, minutes=10.0, weekdays=range(7))
NOON = 720.0


def starts(result) -> list[float]:
    return result.requests["start"].tolist()


def test_people_get_the_earliest_slot_in_turn() -> None:
    result = diary(np.array([0.0, 1.0, NOON]), {"gp": ONE_A_DAY}, horizon_days=5)
    assert starts(result) == [600.0, DAY + 600.0, 2 * DAY + 600.0]
    assert result.requests["lead_days"].tolist() == [0, 1, 2]
    assert result.requests["status"].tolist() == ["attended"] * 3
    assert result.requests["called"].tolist() == starts(result)
    assert result.requests["minutes"].tolist() == [10.0] * 3
    assert result.days["backlog"].tolist() == [2, 1, 0, 0, 0, 0]
    assert result.days["unused"].tolist() == [0, 0, 0, 1, 1, 1]
    assert result.days[["opened", "asked", "attended"]].sum().tolist() == [6, 3, 3]


def test_weekdays_without_a_list_are_passed_over() -> None:
    weekdays = Clinic([(1, "ahead")], starts=600.0)
    result = diary([4 * DAY + NOON], {"gp": weekdays})
    assert result.requests["start"].tolist() == [7 * DAY + 600.0]
    assert result.requests["lead_days"].tolist() == [3]


def test_release_rules_say_from_when_and_for_whom() -> None:
    releases = {"ahead": Release(days_before=5), "on_the_day": Release(days_before=0, at="08:00", urgent_only=True)}
    clinic = Clinic([(1, "ahead"), (2, "on_the_day")], starts=600.0, weekdays=range(7))
    asked = [0.0, 1.0, 490.0]
    routine = diary(asked, {"gp": clinic}, releases=releases, horizon_days=5)
    assert routine.requests["release"].tolist() == ["ahead"] * 3
    assert starts(routine) == [600.0, DAY + 600.0, 2 * DAY + 600.0]
    today = diary(asked, {"gp": clinic}, releases=releases, horizon_days=5, today_share=1.0)
    assert today.requests["status"].tolist() == ["attended", "refused", "attended"]
    assert today.requests["release"].tolist() == ["ahead", "", "on_the_day"]


def test_who_is_refused_may_ask_again() -> None:
    asked = [0.0, 1.0]
    none_left = diary(asked, {"gp": ONE_A_DAY}, latest_days=0)
    assert none_left.requests["status"].tolist() == ["attended", "refused"]
    again = diary(asked, {"gp": ONE_A_DAY}, latest_days=0, ask_again=(1.0, Deterministic(float(DAY))), until=3.0 * DAY)
    assert again.requests[["caller", "attempt", "asked", "status"]].to_numpy().tolist() == [
        [0, 1, 0.0, "attended"], [1, 1, 1.0, "refused"], [1, 2, DAY + 1.0, "attended"],
    ]  # fmt: skip


def test_who_misses_takes_a_slot_and_may_book_again() -> None:
    result = diary([0.0], {"gp": ONE_A_DAY}, no_show=1.0, rebook=(1.0, Deterministic(0.0)), until=3.0 * DAY)
    assert result.requests[["attempt", "asked", "start", "status"]].to_numpy().tolist() == [
        [1, 0.0, 600.0, "missed"],
        [2, 600.0, DAY + 600.0, "missed"],
        [3, DAY + 600.0, 2 * DAY + 600.0, "missed"],
        [4, 2 * DAY + 600.0, 3 * DAY + 600.0, "open"],
    ]
    assert result.days["missed"].tolist() == [1, 1, 1]
    gone = diary([0.0], {"gp": ONE_A_DAY}, no_show=1.0)
    assert gone.requests["status"].tolist() == ["missed"]


def test_missing_by_the_practices_own_bands_or_a_function_of_lead_days() -> None:
    names = LeadTimeRates.model_fields
    bands = LeadTimeRates(**dict.fromkeys(names, 0.0) | {"days_1": 1.0})
    for no_show in (bands, lambda days: float(days == 1)):
        result = diary([0.0, 1.0, 2.0], {"gp": ONE_A_DAY}, no_show=no_show)
        assert result.requests["status"].tolist() == ["attended", "missed", "attended"]


def test_missing_by_how_many_are_booked_when_the_turn_comes() -> None:
    told = []

    def no_show(booked: float) -> float:
        told.append(booked)
        return float(booked == 2)

    result = diary([0.0, 1.0, 2.0], {"gp": ONE_A_DAY}, no_show=no_show, no_show_by="backlog")
    assert told == [3, 2, 1]
    assert result.requests["status"].tolist() == ["attended", "missed", "attended"]


def test_lists_pooled_and_apart() -> None:
    clinics = {"a": ONE_A_DAY, "b": ONE_A_DAY}
    pooled = diary([0.0, 1.0, 2.0], clinics)
    assert pooled.requests["clinic"].tolist() == ["a", "b", "a"]
    assert starts(pooled) == [600.0, 600.0, DAY + 600.0]
    apart = diary([0.0, 1.0, 2.0], clinics, pooled=False, shares={"a": 0.0, "b": 1.0})
    assert apart.requests["clinic"].tolist() == ["b"] * 3
    assert apart.days["unused"].iloc[0] == 1


def test_consultations_that_run_over_delay_the_next() -> None:
    clinic = Clinic([(3, "ahead")], starts=600.0, minutes=10.0)
    result = diary([0.0, 1.0, 2.0], {"gp": clinic}, service=[15.0, 4.0, 10.0])
    assert result.requests["called"].tolist() == [600.0, 615.0, 620.0]
    assert result.requests["minutes"].tolist() == [15.0, 4.0, 10.0]


def test_states_and_intervals_of_the_backlog() -> None:
    result = diary([0.0, 60.0], {"gp": ONE_A_DAY}, until=2.0 * DAY, intervals=[(0.0, 600.0), (0.0, 2.0 * DAY)])
    assert result.states.to_numpy().tolist() == [[0, 1], [60, 2], [600, 1], [DAY + 600, 0]]
    assert result.intervals["mean_backlog"].tolist() == pytest.approx([1.9, (60 + 2 * 540 + DAY) / 2880])
    counts = result.intervals[["asked", "refused", "attended", "missed"]].to_numpy().tolist()
    assert counts == [[2, 0, 0, 0], [2, 0, 2, 0]]


def test_every_slot_is_accounted_for() -> None:
    clinic = Clinic([(8, "ahead")], starts=540.0)
    seen = diary(Profile.constant(0.01), {"a": clinic, "b": clinic}, no_show=0.2, until=60.0 * DAY, horizon_days=7)
    days = seen.days
    assert (days["attended"] + days["missed"] + days["unused"]).tolist() == days["opened"].tolist()
    assert days["opened"].tolist() == [16 * (day % 7 < 5) for day in range(60)]
    over = seen.requests["status"].isin(["attended", "missed"]).sum()
    assert over + (seen.requests["status"] == "refused").sum() + days["backlog"].iloc[-1] == len(seen.requests)


def test_watching_changes_nothing_and_the_same_luck_gives_the_same_requests() -> None:
    settings = {"no_show": 0.3, "rebook": (0.5, Deterministic(100.0)), "until": 30.0 * DAY}
    asked, lists = Profile.constant(0.01), {"gp": Clinic([(20, "ahead")])}
    first, second = (diary(asked, lists, watch=watch, **settings) for watch in (True, False))
    assert first.requests.equals(second.requests)
    assert len(second.states) == 0
    other = diary(asked, lists, seed=2, **settings)
    assert not first.requests.equals(other.requests)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"clinics": {}}, "clinics: none: must be one clinic at least"),
        ({"clinics": {"gp": Clinic([(1, "ahed")])}}, "clinics.gp.slots: ahed: must be a release rule there is: ahead"),
        ({"clinics": {"gp": Clinic([(-1, "ahead")])}}, "clinics.gp.slots: -1: must be (slots, release rule)"),
        ({"clinics": {"gp": Clinic([(200, "ahead")])}}, "clinics.gp: ends at minute 2540: must be over by midnight"),
        ({"clinics": {"gp": Clinic([(1, "ahead")], minutes=0.0)}}, "clinics.gp.minutes: 0.0: must be above 0"),
        ({"clinics": {"gp": Clinic([(1, "ahead")], weekdays=[7])}}, "clinics.gp.weekdays: [7]: must be days from 0"),
        ({"no_show": 1.5}, "no_show: 1.5: must be a share from 0 to 1"),
        ({"no_show": math.nan}, "no_show: nan: must be a share from 0 to 1"),
        ({"no_show": lambda _: 2.0}, "no_show(0): 2.0: must be a share from 0 to 1"),
        ({"no_show_by": "age"}, "no_show_by: age: must be lead_days or backlog"),
        ({"rebook": (1.5, Deterministic(0.0))}, "rebook: 1.5: must be a share from 0 to 1"),
        ({"ask_again": (1.0, Deterministic(0.0))}, "must be a delay with a mean above 0"),
        ({"shares": {"gp": 1.0}}, "must be given with pooled=False alone"),
        ({"pooled": False, "shares": {"a": 1.0}}, "must be one share for each clinic: gp"),
        ({"horizon_days": -1}, "horizon_days: -1"),
        ({"today_share": 2}, "today_share: 2"),
        ({"latest_days": 0.5}, "latest_days: 0.5"),
        ({"service": [-1.0]}, "service[0]: -1.0"),
        ({"requests": Profile.constant(1.0)}, "until: a profile of arrivals needs an end"),
        ({"intervals": [(0.0, 9e9)]}, "must be within the run"),
    ],
)
def test_what_is_no_diary_is_refused(given, says) -> None:
    with pytest.raises(BadInput) as told:
        diary(**{"requests": [0.0], "clinics": {"gp": ONE_A_DAY}} | given)
    assert says in str(told.value)
