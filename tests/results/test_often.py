"""Who comes often and who never comes, held against plain counting of the tables."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from shortruns import composed, run_of

from pcqa_sim.population.people import People, draw_people
from pcqa_sim.report.numbers import Numbers
from pcqa_sim.report.often import often
from pcqa_sim.results.columns import Words
from pcqa_sim.results.metrics.often import (
    AFTER,
    WEEKS_A_MONTH,
    still_frequent_share,
    tenth_of_alike,
    top,
    weeks_needed,
)
from pcqa_sim.results.run import Run
from pcqa_sim.values.clock import WEEK

KEY = "practice"
WARM_UP = 2


@pytest.fixture(scope="module")
def year() -> Run:
    return run_of("practice=small", "practice.list_size=400", "run.warm_up_weeks=2", "run.measured_weeks=52")


def seen(run: Run) -> pd.DataFrame:
    """The consultations of the measured weeks."""
    ended = run.events[run.events["event"] == "consult_ended"]
    return ended[ended["time_min"] >= WARM_UP * WEEK]


def counts(rows: pd.DataFrame, people: int = 400) -> pd.Series:
    return rows.groupby("person").size().reindex(range(people), fill_value=0)


def tenth(many: pd.Series, share: float = 0.1) -> set[int]:
    """The share of people with most, the first of those with as many."""
    ranked = sorted(many.index, key=lambda person: (-many[person], person))
    return set(ranked[: int(len(many) * share)])


def test_the_most_are_those_with_most_and_the_first_of_those_with_as_many() -> None:
    assert np.flatnonzero(top(np.array([3, 5, 5, 0, 5, 1, 1, 1, 1, 1]), 0.2)).tolist() == [1, 2]
    assert not top(np.arange(9), 0.1).any()


@pytest.mark.parametrize("share", [1, 3, 5, 10])
def test_shares_of_those_who_come_most(year: Run, share: int) -> None:
    many = counts(seen(year))
    expected = many[list(tenth(many, share / 100))].sum() / many.sum()
    assert year.value("frequent_consultation_share", f"top={share}") == pytest.approx(expected)
    made = year.contacts[~year.contacts["channel"].isin(["practice", "before_the_run"])]
    asks = counts(made[made["opened"] >= WARM_UP * WEEK])
    expected = asks[list(tenth(asks, share / 100))].sum() / asks.sum()
    assert year.value("frequent_contact_share", f"top={share}") == pytest.approx(expected)


def test_who_they_are_and_what_they_need(year: Run) -> None:
    people, often_there = year.counted[KEY].people, list(tenth(counts(seen(year))))
    names = pd.Series([people.segments[people.segment[person]] for person in often_there]).value_counts()
    for segment in {people.segments[number] for number in people.segment}:
        found = year.value("frequent_people_share", f"segment={segment}")
        assert found == pytest.approx(names.get(segment, 0) / len(often_there))
    women = people.female[often_there].mean()
    assert year.value("frequent_people_share", "sex=women") == pytest.approx(women)
    needs = year.needs[(year.needs["origin"] != "practice") & (year.needs["arose"] >= WARM_UP * WEEK)]
    kinds = needs[needs["person"].isin(often_there)]["kind"].value_counts(normalize=True)
    for kind, share in kinds.items():
        assert year.value("frequent_needs_share", f"kind={kind}") == pytest.approx(share)


@pytest.mark.parametrize("week", [WARM_UP + 2, 30])
def test_who_asked_more_than_three_times_in_the_month_before(year: Run, week: int) -> None:
    opened = year.contacts[year.contacts["channel"].astype(str) != "practice"]["opened"]
    end = (week + 1) * WEEK
    mine = year.contacts.loc[opened.index][(opened >= end - WEEKS_A_MONTH * WEEK) & (opened < end)]
    assert (many := (counts(mine) > 3).mean()) > 0
    found = year.metrics(f"w{week:02d}").set_index(["metric", "group"])["value"]
    assert found["over_3_contacts_in_month_share", ""] == pytest.approx(many)


def test_how_long_they_are_unsettled(year: Run) -> None:
    turns = year.events[year.events["event"] == "state"]
    weeks = np.zeros(400)
    for person, mine in turns.groupby("person"):
        since = None
        for time, code in zip([*mine["time_min"], 54 * WEEK], [*mine["code"], "settled_again"], strict=True):
            if since is not None and code == "settled_again":
                weeks[person] += max(0.0, time - max(since, WARM_UP * WEEK)) / WEEK
            since = time if code == "unsettled" else None
    often_there = list(tenth(counts(seen(year))))
    assert year.value("frequent_people_share", "state=unsettled") == pytest.approx(weeks[often_there].mean() / 52)
    assert year.value("frequent_people_share", "state=of_all") == pytest.approx(weeks.mean() / 52)
    assert weeks[often_there].mean() > weeks.mean()


def test_who_is_seen_by_nobody(year: Run) -> None:
    people = year.counted[KEY].people
    nobody = ~np.isin(np.arange(400), seen(year)["person"])
    assert year.value("not_seen_in_a_year_share") == pytest.approx(nobody.mean())
    assert year.value("not_seen_in_a_year_share", "sex=men") == pytest.approx(nobody[~people.female].mean())
    by_gp = seen(year)[seen(year)["who"].str.startswith("gp.")]["person"]
    adult = ~np.isin(people.age, [0, 1])
    men = ~people.female & adult
    assert year.value("not_seen_by_gp_in_a_year_share", "sex=men") == pytest.approx(
        (~np.isin(np.flatnonzero(men), by_gp)).mean()
    )
    young = adult & people.female & (people.age == people.ages.index("age_18_34"))
    assert year.value("not_seen_by_gp_in_a_year_share", "women=18_34") == pytest.approx(
        (~np.isin(np.flatnonzero(young), by_gp)).mean()
    )


def test_who_has_needs_and_asks_about_none(year: Run) -> None:
    needs = year.needs[(year.needs["origin"] != "practice") & (year.needs["arose"] >= WARM_UP * WEEK)]
    known = needs[needs["asked"].notna() | (needs["ending"] == "never_asked")]
    asked = known.groupby("person")["asked"].apply(lambda one: one.notna().any())
    assert year.value("asks_for_nothing_share") == pytest.approx(1 - asked.mean())
    assert 0 < 1 - asked.mean() < 0.3


def test_minutes_of_those_who_need_and_of_those_who_ask_most(year: Run) -> None:
    needs = year.needs[(year.needs["origin"] != "practice") & (year.needs["arose"] >= WARM_UP * WEEK)]
    minutes = seen(year).groupby("person")["amount"].sum()
    most = minutes.reindex(list(tenth(counts(needs)))).sum() / minutes.sum()
    assert year.value("minutes_of_tenth_share", "tenth=need") == pytest.approx(most, rel=1e-5)


def test_who_still_comes_often_after_half_a_year_and_what_takes_longer(year: Run) -> None:
    rows = seen(year)
    first = tenth(counts(rows[rows["time_min"] < (WARM_UP + 26) * WEEK]))
    second = tenth(counts(rows[rows["time_min"] >= (WARM_UP + 26) * WEEK]))
    assert year.value("still_frequent_share", "after=26_weeks") == pytest.approx(len(first & second) / len(first))
    assert np.isnan(year.value("still_frequent_share", "after=52_weeks"))
    assert [weeks_needed(after) for after in AFTER] == [52, 104, 156]


def test_after_two_years_is_of_those_who_came_often_in_all_three() -> None:
    """Three years of 20 people, two of whom are the tenth: 0 and 1, then 0 and 2, then 2 and 0 or 1 and 2."""
    for third, still in (((2, 0), 0.5), ((1, 2), 0.0)):
        who = [person for year in ((0, 1), (0, 2), third) for person in year]
        ended = SimpleNamespace(
            time=np.repeat([10.0, 60.0, 120.0], 2) * WEEK, person=np.array(who), who=Words.of([*["gp.1"] * 5, "hca.1"])
        )
        run = SimpleNamespace(warm_up_weeks=2, measured_weeks=156)
        fake = SimpleNamespace(
            tables=SimpleNamespace(rows=lambda event, ended=ended: ended),
            people=twenty(), days=158 * 7, scenario=SimpleNamespace(run=run, weeks=158),
        )  # fmt: skip
        measured = still_frequent_share(cast(Any, fake))
        whole = slice(2 * 7, None)
        assert measured["after=52_weeks"].over(whole) == 0.5
        assert measured["after=104_weeks"].over(whole) == still
        assert measured["gp:after=52_weeks"].over(whole) == 0.5
        assert measured["by_age_and_sex:gp:after=52_weeks"].over(whole) == 0.5  # they are women of one age, all of them


def twenty(old: int = 0) -> People:
    """Twenty women of one age, but for the last, who are older."""
    people = draw_people(1, composed().practices["practice"].people, 20)
    age = np.full(20, people.ages.index("age_35_49"))
    age[20 - old :] = people.ages.index("age_75_84")
    return replace(people, female=np.ones(20, dtype=bool), age=age)


def test_the_tenth_of_each_age_and_sex_is_not_of_the_old_alone() -> None:
    """The ten old come most, and of them the last; of the ten younger it is the third."""
    counts = np.array([0, 0, 2, 0, 1, 0, 0, 0, 0, 0, *range(5, 15)])
    fake = cast(Any, SimpleNamespace(people=twenty(old=10)))
    assert list(np.flatnonzero(tenth_of_alike(fake, counts))) == [2, 19]
    assert list(np.flatnonzero(top(counts, 0.1))) == [18, 19]
    children = replace(twenty(), age=np.zeros(20, dtype=np.int64))
    assert not tenth_of_alike(cast(Any, SimpleNamespace(people=children)), counts).any()


@pytest.mark.slow
def test_five_in_a_hundred_heavy_attenders_have_a_third() -> None:
    """30 to 40 in 100 of GPs' appointments go to 5 in 100 people, as PCQA describes it; of the default's a quarter."""
    shares = []
    for practice in ("heavy_attenders", "average"):
        size = (f"practice={practice}", "practice.list_size=1500", "run.warm_up_weeks=2", "run.measured_weeks=52")
        by_gp = seen(done := run_of(*size))["who"].str.startswith("gp.")
        many = counts(seen(done)[by_gp], 1500)
        shares.append(many[list(tenth(many, 0.05))].sum() / many.sum())
    assert 0.30 < shares[0] < 0.40
    assert shares[1] < 0.30


def test_sentences_say_how_long_a_run_is_needed() -> None:
    short = run_of("practice=small", "run.warm_up_weeks=2", "run.measured_weeks=10")
    frame = short.metrics().assign(low=np.nan, high=np.nan, replications=1).rename(columns={"value": "mean"})
    said = " ".join(often(Numbers(frame, KEY)).sentences)
    assert "in the next half year needs a run of 52 weeks" in said
    assert "is seen by nobody in a year needs a run of 52 weeks" in said
    assert "nan" not in said
    assert not frame["metric"].isin(["not_seen_in_a_year_share"]).any()
