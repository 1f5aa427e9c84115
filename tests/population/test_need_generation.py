"""Which needs arise, when, and how they are asked about: totals kept, and nobody moved by anybody else's change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim.population.need_generation import (
    AT_ONCE,
    LATE,
    NEVER,
    Appetite,
    AskingTimes,
    Candidates,
    FirstChannels,
    week_candidates,
)
from pcqa_sim.population.people import People, draw_people
from pcqa_sim.population.states import States
from pcqa_sim.scenario import with_settings
from pcqa_sim.scenario.groups import Channels, Demand, FormFactors, Kind
from pcqa_sim.values.clock import DAY, WEEK
from pcqa_sim.values.luck import world_key
from pcqa_sim.values.needs import APP, ASKED_THROUGH, DESK, ONLINE, PHONE, need_number

WORLD = world_key(1, 0, "practice")
WEEKS = 40
ANY_TIME = 91.0  # a day of spring on which the season changes little


def _demand() -> Demand:
    return composed().practices["practice"].demand


def _channels() -> Channels:
    return composed().practices["practice"].channels


def drawn(size: int, rate_factor: dict[int, float] | None = None) -> People:
    return draw_people(WORLD, composed().practices["practice"].people, size, rate_factor)


@pytest.fixture(scope="module")
def people() -> People:
    return drawn(4000)


@pytest.fixture(scope="module")
def appetite(people: People) -> Appetite:
    return Appetite(people, _demand(), _channels())


def with_kinds(change: Callable[[str, Kind], dict[str, object]], **demand: object) -> Demand:
    """The default demand with its kinds changed."""
    changes = {
        f"kinds.{name}.{key}": value
        for name, kind in _demand().kinds.items()
        for key, value in change(name, kind).items()
    }
    return with_settings(_demand(), changes | demand)


@pytest.fixture(scope="module")
def found(appetite: Appetite) -> list[Candidates]:
    """Forty weeks of needs."""
    return weeks(appetite)


def weeks(appetite: Appetite, level: float = 1.0, count: int = WEEKS) -> list[Candidates]:
    """Needs of some weeks, whose people's states are those of each day."""
    states, found = States(appetite.people), []
    for week in range(count):
        days = [(states.begin_day(7 * week + day), states.factor)[1] for day in range(7)]
        # The most they may come to within the week is known as it begins, and here afterwards.
        most = np.max(days, axis=0)
        one = week_candidates(appetite, level, week, ANY_TIME, state=most)
        arise = one.height < np.array(days)[(one.minute // DAY).astype(int), one.person] / most[one.person]
        found.append(Candidates(*(getattr(one, field.name)[arise] for field in fields(one))))
    return found


def states_at_midnight(people: People, count: int) -> list[np.ndarray]:
    """What people's states multiply their rates by, day by day of some weeks."""
    states = States(people)
    return [(states.begin_day(day), states.factor)[1] for day in range(7 * count)]


def together(found: list[Candidates], column: str) -> np.ndarray:
    return np.concatenate([getattr(one, column) for one in found])


def everything(one: Candidates) -> dict[int, tuple[object, ...]]:
    """All that is said of each need, by its number."""
    columns = (one.number, one.minute, one.person, one.kind, one.key, one.seeks, one.today, one.channel)
    return {row[0]: row[1:] for row in zip(*(column.tolist() for column in columns), strict=True)}


def within(seen: np.ndarray, chance: np.ndarray) -> bool:
    """Whether a count of what came true is within 4 standard errors of the sum of its chances."""
    error = np.sqrt((chance * (1 - chance)).sum())
    return bool(abs(seen.sum() - chance.sum()) <= 4 * error + 1e-9)


@pytest.mark.parametrize("times", [{}, {"age_0_4": 7.0, "age_85_up": 0.0}, {"age_18_34": 0.1}])
def test_whose_need_it_is_changes_who_has_it_and_not_how_much_there_is(
    people: People, appetite: Appetite, times: dict[str, float]
) -> None:
    segments = {"frail_or_complex": 4.0, "generally_well": 0.5}
    demand = with_kinds(lambda _, __: {"for_ages": times, "for_segments": segments})
    changed = Appetite(people, demand, _channels())
    for index, kind in enumerate(demand.kinds.values()):
        mean = demand.needs_per_1000_week / 1000 * kind.share
        for base in (changed.base[index], appetite.base[index]):
            assert base.mean() == pytest.approx(mean, abs=4 * base.std() / np.sqrt(len(people)))
        plain = changed.base[index] / people.rate / people.factor(times, segments).clip(1e-300)
        has = changed.base[index] > 0
        assert plain[has] == pytest.approx(np.full(has.sum(), plain[has][0]))


def test_a_longer_list_changes_nobodys_needs() -> None:
    settings = composed().practices["practice"]
    few, more = (
        Appetite(draw_people(world_key(1, 0, "practice"), settings.people, n), settings.demand, settings.channels)
        for n in (300, 900)
    )
    assert (few.base == more.base[:, :300]).all()
    assert (few.never == more.never[:, :300]).all()
    old, new = (week_candidates(one, 1.0, 0) for one in (few, more))
    assert old.number.tolist() == new.number[new.person < 300].tolist()


def test_a_kind_that_is_nobodys_does_not_arise(people: People) -> None:
    nobody = dict.fromkeys(people.ages, 0.0)
    demand = with_kinds(lambda name, _: {"for_ages": nobody} if name == "social" else {})
    kinds = together(weeks(Appetite(people, demand, _channels()), count=5), "kind")
    assert list(demand.kinds).index("social") not in kinds


def test_needs_come_at_the_rate_set_kind_by_kind(people: People, appetite: Appetite, found: list[Candidates]) -> None:
    kinds = together(found, "kind")
    expected = np.zeros(len(appetite.kinds))
    for state in states_at_midnight(people, WEEKS):
        expected += appetite.level * appetite.season(ANY_TIME) * (appetite.base @ state) / 7
    counts = np.bincount(kinds, minlength=len(expected))
    assert np.all(abs(counts - expected) < 4.5 * np.sqrt(expected) + 0.02 * expected)
    assert counts.sum() == pytest.approx(expected.sum(), abs=4 * np.sqrt(expected.sum()) + 0.01 * expected.sum())


def test_unsettled_people_have_more_needs(people: People, appetite: Appetite, found: list[Candidates]) -> None:
    person = together(found, "person")
    day = np.concatenate([one.minute + week * WEEK for week, one in enumerate(found)]) // DAY
    unsettled = np.array(states_at_midnight(people, WEEKS))[day.astype(int), person] == people.unsettled
    state = composed().practices["practice"].people.state
    times = state.unsettled_share * state.needs_factor
    assert unsettled.mean() == pytest.approx(times / (1 - state.unsettled_share + times), rel=0.2)


def test_the_season_adds_in_winter_what_it_takes_in_summer(appetite: Appetite) -> None:
    year = np.array([appetite.season(day) for day in np.arange(0, 365.25, 0.25)])
    rise = np.array([kind.winter_rise for kind in appetite.kinds.values()])
    assert year.mean(axis=0) == pytest.approx(np.ones(len(rise)), abs=1e-9)
    peak = _demand().winter_peak * 365.25
    assert appetite.season(peak) == pytest.approx(1 + rise)
    assert appetite.season(peak + 365.25 / 2) == pytest.approx(1 - rise)


def test_the_season_adds_needs_and_moves_none(people: People) -> None:
    demand = with_kinds(lambda name, _: {"winter_rise": 0.5 * (name == "acute_minor")})
    seasonal = Appetite(people, demand, _channels())
    peak = demand.winter_peak * 365.25
    winter, summer = (everything(week_candidates(seasonal, 1.0, 3, peak + half)) for half in (0.0, 365.25 / 2))
    assert summer.items() <= winter.items()
    added = {winter[number][2] for number in winter.keys() - summer.keys()}
    assert added == {list(demand.kinds).index("acute_minor")}
    both = [sum(row[2] in added for row in one.values()) for one in (winter, summer)]
    assert both[0] / both[1] == pytest.approx(3.0, rel=4 * np.sqrt(1 / both[0] + 1 / both[1]))


def test_a_kinds_level_adds_needs_of_the_kind_and_moves_none(people: People, appetite: Appetite) -> None:
    kind = list(appetite.kinds).index("mental_health")
    more = Appetite(people, with_kinds(lambda name, _: {"level": 2.5 if name == "mental_health" else 1.0}), _channels())
    none = Appetite(people, with_kinds(lambda name, _: {"level": 0.0 if name == "mental_health" else 1.0}), _channels())
    low, middle, high = (everything(week_candidates(one, 1.0, 3, ANY_TIME)) for one in (none, appetite, more))
    assert low.items() < middle.items() < high.items()
    assert {high[number][2] for number in high.keys() - low.keys()} == {kind}


def test_a_higher_level_adds_needs_and_moves_none(appetite: Appetite) -> None:
    low, high = (everything(week_candidates(appetite, level, 3, ANY_TIME)) for level in (0.7, 1.6))
    assert low.items() <= high.items()
    assert len(high) / len(low) == pytest.approx(1.6 / 0.7, rel=0.15)


def test_knowing_ones_doctor_drops_needs_of_ones_own_and_moves_none(people: People, appetite: Appetite) -> None:
    times = np.where(np.arange(len(people)) % 2 == 0, 0.8, 1.0)
    plain = everything(week_candidates(appetite, 1.0, 3, ANY_TIME))
    fewer = everything(week_candidates(appetite, 1.0, 3, ANY_TIME, times))
    assert fewer.items() < plain.items()
    assert {plain[number][1] % 2 for number in plain.keys() - fewer.keys()} == {0}  # type: ignore[operator]


def test_raising_one_persons_rate_changes_only_that_persons_needs() -> None:
    plain = drawn(500)
    chosen = int(np.argsort(plain.rate)[-20])
    pair = [Appetite(one, _demand(), _channels()) for one in (plain, drawn(500, {chosen: 6.0}))]
    before, after = ({n: row for one in weeks(a, count=30) for n, row in everything(one).items()} for a in pair)
    assert before.items() < after.items()
    gained = [after[number][1] for number in after.keys() - before.keys()]
    assert len(gained) > 10
    assert set(gained) == {chosen}


def test_a_person_without_needs_has_none() -> None:
    nobody = Appetite(drawn(50, dict.fromkeys(range(50), 0.0)), _demand(), _channels())
    assert len(week_candidates(nobody, 1.0, 3).minute) == 0


def test_frequent_attendance_is_concentrated_and_most_who_attend_often_fall_back(people: People) -> None:
    """The tenth with most needs has a third or more; half a year later the same people have less, yet more than most.

    (The share of consultations, 38-47 %, is a metric of runs.)
    """
    year = weeks(Appetite(people, _demand(), _channels()), count=52)
    person = [together(year[half : half + 26], "person") for half in (0, 26)]
    first, second = (np.bincount(one, minlength=len(people)) for one in person)
    top = np.argsort(-first, kind="stable")[: len(people) // 10]
    now, later = first[top].sum() / first.sum(), second[top].sum() / second.sum()
    assert 0.33 < now < 0.60
    assert 0.20 < later < now - 0.03


def test_needs_come_when_the_profile_says(appetite: Appetite, found: list[Candidates]) -> None:
    minutes = together(found, "minute")
    shares = np.histogram(minutes // DAY, bins=np.arange(8))[0] / len(minutes)
    wanted = np.array(list(_demand().weekday_share.values()))
    assert (abs(shares - wanted) < 4 * np.sqrt(wanted * (1 - wanted) / len(minutes))).all()


def test_needs_are_in_order_and_have_their_own_numbers(appetite: Appetite) -> None:
    found = week_candidates(appetite, 1.0, 3)
    assert (np.diff(found.minute) >= 0).all()
    assert len(set(found.number.tolist())) == len(found.number)


def test_a_need_number_reads_as_person_kind_week_strip_index() -> None:
    assert need_number(8571, 1, 12, 0, 3) == 8571_01_0012_00_03


def test_who_asks_late_or_never_does_so_at_the_rate_of_kind_and_person(
    people: People, appetite: Appetite, found: list[Candidates]
) -> None:
    kind, person, seeks = (together(found, name) for name in ("kind", "person", "seeks"))
    assert set(seeks.tolist()) == {AT_ONCE, LATE, NEVER}
    never, late = appetite.never[kind, person], appetite.late[kind, person]
    for index in range(len(appetite.kinds)):
        here = kind == index
        assert within(seeks[here] == NEVER, never[here])
        assert within(seeks[here] >= LATE, late[here])
    for band in range(len(people.ages)):
        here = people.age[person] == band
        assert within(seeks[here] == NEVER, never[here])


def test_the_mean_persons_chance_of_never_asking_is_the_kinds(people: People, appetite: Appetite) -> None:
    weight = people.rate / people.rate.sum()
    for index, kind in enumerate(appetite.kinds.values()):
        assert appetite.never[index] @ weight == pytest.approx(kind.never_asked_share, rel=0.01)
        late = np.minimum(kind.asked_late_share, 1 - appetite.never[index])
        assert appetite.late[index] - appetite.never[index] == pytest.approx(late)


def test_factors_of_age_segment_and_deprivation_change_who_never_asks(people: People) -> None:
    factors = {
        "seeking.never_factor_by_age": {"age_18_34": 2.0},
        "seeking.never_factor_by_segment": {},
        "seeking.never_factor_by_deprivation": {"fifth_1": 3.0},
    }
    never = Appetite(people, with_settings(_demand(), factors), _channels()).never[0]
    young = people.age == people.ages.index("age_18_34")
    plain = never[~young & (people.deprivation != 1)][0]
    assert never[young & (people.deprivation != 1)][0] / plain == pytest.approx(2.0)
    assert never[young & (people.deprivation == 1)][0] / plain == pytest.approx(6.0)


def test_help_is_wanted_the_same_day_in_each_kinds_share(appetite: Appetite, found: list[Candidates]) -> None:
    kind, today = together(found, "kind"), together(found, "today")
    for index, one in enumerate(appetite.kinds.values()):
        here = kind == index
        assert within(today[here], np.full(here.sum(), one.today_share))


def alike(channels: Channels) -> Channels:
    """The channels with every hour and segment alike."""
    return with_settings(channels, {"first.form_by_hour": FormFactors(), "first.online_by_segment": {}})


@pytest.mark.parametrize("administrative", [False, True])
def test_first_channels_come_in_their_shares_where_everybody_needs_alike(administrative: bool) -> None:
    """Those who are not digital ask by phone or at the desk; the others make up for them."""
    first = _channels().first.administrative if administrative else _channels().first.clinical
    many = drawn(20_000)
    somebody = np.array([np.flatnonzero(~many.digital)[0], np.flatnonzero(many.digital)[0]])
    which, noon = np.full(2, int(administrative)), np.full(2, 720.0)
    edges = FirstChannels(many, alike(_channels())).cumulative(which, somebody, noon)
    share_of = dict(zip(ASKED_THROUGH, np.diff(edges, axis=1, prepend=0.0).T, strict=True))
    for name in (ONLINE, APP):
        assert share_of[name][0] == 0
        assert share_of[name][1] * many.digital_share == pytest.approx(first[name])
    for name in (PHONE, DESK):
        seen = share_of[name][0] * (1 - many.digital_share) + share_of[name][1] * many.digital_share
        assert seen == pytest.approx(first[name])
    assert edges[:, -1] == pytest.approx([1.0, 1.0])


def test_the_form_is_likelier_at_some_hours_and_for_some_people() -> None:
    """Odds against the other channels are multiplied by the factor of the hour, and of the segment."""
    factors = {
        "first.form_by_hour.clinical": {"00:00": 1.0, "08:00": 3.0, "10:00": 1.0},
        "first.online_by_segment": {"frail_or_complex": 0.0},
    }
    many = drawn(4000)
    frail = many.segment == many.segments.index("frail_or_complex")
    well, unwell = (int(np.flatnonzero(many.digital & mine)[0]) for mine in (~frail, frail))
    channels = FirstChannels(many, with_settings(alike(_channels()), factors))
    minutes = np.array([479.0, 480.0, 599.0, 600.0, 540.0])
    edges = channels.cumulative(np.zeros(5, dtype=np.int64), np.array([well] * 4 + [unwell]), minutes)
    online = np.diff(edges, axis=1, prepend=0.0)[:, ASKED_THROUGH.index(ONLINE)]
    odds = online / (1 - online)
    assert odds[:4] / odds[0] == pytest.approx([1, 3, 3, 1])
    assert online[4] == 0


def test_channels_are_drawn_in_the_shares_of_those_who_are_and_are_not_digital(
    people: People, appetite: Appetite, found: list[Candidates]
) -> None:
    kind, person, channel, minute = (together(found, name) for name in ("kind", "person", "channel", "minute"))
    digital = people.digital[person].astype(int)
    edges = appetite.channels.cumulative(appetite.administrative[kind], person, minute)
    share = np.diff(edges, axis=1, prepend=0.0)
    for index in range(len(ASKED_THROUGH)):
        for group in (0, 1):
            here = digital == group
            assert within(channel[here] == index, share[here, index])


def test_another_channel_changes_nothing_else(people: People, appetite: Appetite) -> None:
    only = {PHONE: 1.0, ONLINE: 0.0, DESK: 0.0, APP: 0.0}
    channels = with_settings(_channels(), {"first.clinical": only, "first.administrative": only})
    by_phone = Appetite(people, _demand(), channels)
    plain, phoned = (everything(week_candidates(one, 1.0, 3)) for one in (appetite, by_phone))
    assert {row[-1] for row in phoned.values()} == {ASKED_THROUGH.index(PHONE)}
    assert {n: row[:-1] for n, row in plain.items()} == {n: row[:-1] for n, row in phoned.items()}


def test_asking_times_stay_within_opening_hours() -> None:
    profile = _demand().asking_profile.monday
    times = AskingTimes(profile)
    minutes = [times.minute(480, 1110, u) for u in np.linspace(1e-9, 1 - 1e-9, 2001)]
    assert minutes[0] >= 480
    assert minutes[-1] < 1110
    assert minutes == sorted(minutes)
    within_hours = sum(share for at, share in profile.items() if 480 <= at < 1110)
    first = sum(share for at, share in profile.items() if 480 <= at < 600)
    assert np.mean(np.array(minutes) < 600) == pytest.approx(first / within_hours, abs=0.01)


def test_asking_times_where_nobody_asks_are_even() -> None:
    times = AskingTimes({0: 1.0, 480: 0.0})
    assert times.minute(480, 1080, 0.25) == 630
