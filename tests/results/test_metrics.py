"""Every metric against plain counting of the tables it is read from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shortruns import joined_plainly, met_plainly, run_of

from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WEEK
from pcqa_sim.values.needs import ASKED_THROUGH, CALL_ANOTHER_DAY, INFORMED, MODES, NEVER_ASKED, RESOLVED

FIRST = 8 * WEEK  # the measured weeks begin
DAYS = range(56, 84)


@pytest.fixture(scope="module")
def run(average_run: Run) -> Run:
    return average_run


@pytest.fixture(scope="module")
def measured(run: Run) -> dict[tuple[str, str], float]:
    """Every metric of the measured weeks, by name and group."""
    return run.metrics().set_index(["metric", "group"])["value"].to_dict()


@pytest.fixture(scope="module")
def working_days(run: Run) -> int:
    calendar = run.scenario.calendar.working()
    assert not any(calendar.is_bank_holiday(day) for day in DAYS)
    return sum(calendar.hours_of(day) is not None for day in DAYS)


def since(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame[frame[column] >= FIRST]


def calls_of(run: Run) -> pd.DataFrame:
    return since(run.contacts.query("channel == 'phone' and ending != 'engaged'"), "opened")


def asked_of(run: Run) -> pd.DataFrame:
    contacts = since(run.contacts, "opened")
    return contacts[contacts["channel"].isin(ASKED_THROUGH) & (contacts["why"] != INFORMED)]


def held_of(run: Run) -> pd.DataFrame:
    held = since(run.appointments[run.appointments["status"].isin(("attended", "dna"))], "start")
    return held[held["start"] < 12 * WEEK]


def events_of(run: Run, event: str) -> pd.DataFrame:
    return since(run.events[run.events["event"] == event], "time_min")


def test_every_metric_has_words_a_unit_and_a_direction() -> None:
    for one in METRICS.values():
        assert one.words
        assert one.unit
        assert one.better in ("less", "more", "neither")


def test_every_metric_is_measured(run: Run) -> None:
    """But for those of what the default has not, and of what takes longer.

    That those are measured where there is something to measure is told in test_metrics_of_the_past,
    and of what has a value for the whole alone in the tests of each.
    """
    of_longer = {"not_seen_in_a_year_share", "not_seen_by_gp_in_a_year_share", "still_frequent_share"}
    of_longer |= {"referred_contacts_per_4_weeks"}  # eight weeks on either side of a referral
    of_none = {"clinician_triage_wait_min", "programme_contacts_per_month", "programme_ratio"}
    of_none |= {"care_home_rounds_missed_share", "needs_kept_away_share"}
    of_mdts = {
        "mdt_cases_per_meeting", "mdt_ending_share", "mdt_gbp_per_week", "mdt_hours_per_week", "mdt_lost_share",
        "mdt_meetings_per_week", "mdt_planned_per_1000", "mdt_reviewed_per_week", "mdt_reviewed_within_14_days",
        "mdt_selected_per_week", "mdt_wait_days", "mdt_waiting_per_1000",
    }  # fmt: skip
    of_networks = {"hand_offs_per_need", "hub_used_share", "lent_min_per_1000_weighted_week", "unit_cost_gbp"}
    of_networks |= {"shared_min_per_1000_weighted_week"}
    assert set(run.metrics()["metric"]) == set(METRICS) - of_longer - of_none - of_mdts - of_networks


def test_calls_are_counted(run: Run, measured: dict[tuple[str, str], float], working_days: int) -> None:
    calls = calls_of(run)
    at_work = calls[calls["opened"] // DAY % 7 < 5]
    assert measured["calls_per_working_day", ""] == pytest.approx(len(at_work) / working_days)
    assert measured["calls_per_1000_working_day", ""] == pytest.approx(len(at_work) / working_days / 10)
    for name, ending in (("answered", "answered"), ("menu", "menu_ended"), ("missed", "missed")):
        assert measured[f"{name}_share", ""] == pytest.approx((calls["ending"] == ending).mean())
    answered = calls[calls["ending"] == "answered"]
    assert measured["answered_within_2_min_share", ""] == pytest.approx((answered["waited"] <= 2).mean())
    assert measured["answered_wait_min", ""] == pytest.approx(answered["waited"].mean(), rel=1e-5)
    four = ("answered_share", "menu_share", "callback_share", "missed_share")
    assert sum(measured[name, ""] for name in four) == pytest.approx(1)
    minute = at_work["opened"] % DAY
    assert measured["share_0800_0830", ""] == pytest.approx(((minute >= 480) & (minute < 510)).mean())
    early = (minute >= 480) & (minute < 600)
    monday = at_work["opened"] // DAY % 7 == 0
    assert measured["share_0800_1000", ""] == pytest.approx(early.mean())
    assert measured["share_0800_1000", "weekday=mon"] == pytest.approx(early[monday].mean())
    assert measured["share_0800_1000", "weekday=tue-fri"] == pytest.approx(early[~monday].mean())
    ratio = monday.sum() / ((~monday).sum() / 4)
    assert measured["monday_calls_ratio", ""] == pytest.approx(ratio)


def test_failure_demand_is_counted_from_causes(
    run: Run, measured: dict[tuple[str, str], float], working_days: int
) -> None:
    asked = asked_of(run)
    assert measured["failure_share", ""] == pytest.approx(asked["failure"].mean())
    causes = asked["cause"].value_counts()
    for cause in ("told_another_day", "unresolved", "balked"):
        assert measured["failure_share_by_cause", f"cause={cause}"] == pytest.approx(causes[cause] / len(asked))
    whole = measured["failure_contacts_per_working_day", ""]
    assert whole == pytest.approx(asked["failure"].sum() / working_days)
    parts = [v for (name, group), v in measured.items() if name == "failure_contacts_per_working_day" and group]
    assert sum(parts) == pytest.approx(whole)
    for name, word in (
        ("failure_min_per_working_day", "cause="),
        ("failure_min_per_working_day", "role="),
        ("failure_gbp_per_working_day", "cause="),
        ("failure_gbp_per_working_day", "payer="),
    ):
        parts = [v for (one, group), v in measured.items() if one == name and group.startswith(word)]
        assert sum(parts) == pytest.approx(measured[name, ""])
    every = since(run.contacts.query("channel == 'phone'"), "opened")
    assert measured["failure_share_of_calls", ""] == pytest.approx(every["failure"].mean())


def test_minutes_and_pounds_of_failure_demand_are_those_of_its_extra_work(
    run: Run, measured: dict[tuple[str, str], float], working_days: int
) -> None:
    extra = run.counted["practice"].extra_work.frame()
    mine = extra[(extra["line"] == "failure") & (extra["time"] >= FIRST)]
    practice = run.scenario.practices["practice"]
    worked = {name: role.cost_per_hour_gbp for name, role in practice.role.items()}
    worked |= dict.fromkeys(("call_handler", "front_desk"), practice.rota.cost_per_hour_gbp)
    with_patients = {name: role.contact_hour_gbp for name, role in practice.role.items()}
    hour = mine["role"].map(with_patients).where(mine["contact_time"], mine["role"].map(worked))
    assert measured["failure_min_per_working_day", ""] == pytest.approx(mine["minutes"].sum() / working_days)
    pounds = (mine["minutes"] / 60 * hour).sum()
    assert measured["failure_gbp_per_working_day", ""] == pytest.approx(pounds / working_days)
    assert practice.role["gp"].contact_hour_gbp > practice.role["gp"].cost_per_hour_gbp


def test_no_first_consultation_is_extra_and_no_work_is_extra_twice(run: Run) -> None:
    extra = run.counted["practice"].extra_work.frame()
    rows = run.events.sort_values("time_min", kind="stable")
    seen = rows[(rows["event"] == log.CONSULT_ENDED) & (rows["code"] != "brought_in")]
    again = seen.loc[seen.duplicated("need"), "amount"].sum()
    consulted = extra.loc[extra["contact_time"] & (extra["line"] == "failure"), "minutes"].sum()
    assert 0 < consulted < again
    reception = rows.loc[rows["event"].isin((log.TALK_ENDED, log.FRONT_SEEN)), "amount"].sum()
    assert 0 < extra.loc[extra["role"].isin(("call_handler", "front_desk")), "minutes"].sum() < reception


def test_contacts_again_within_some_days_are_found_one_by_one(run: Run, measured: dict[tuple[str, str], float]) -> None:
    everything = run.contacts
    everything = everything[everything["channel"].isin(ASKED_THROUGH) & (everything["why"] != INFORMED)]
    mine = everything.sort_values(["need", "opened"], kind="stable")
    gap = mine.groupby("need")["opened"].shift(-1) - mine["opened"]
    for days in (7, 14):
        judged = (mine["opened"] >= FIRST) & (mine["opened"] + days * DAY < 12 * WEEK)
        again = (gap <= days * DAY)[judged].mean()
        assert measured["contact_again_share", f"within={days}_days"] == pytest.approx(again)
    assert ("contact_again_share", "within=28_days") not in measured  # of four measured weeks all end too soon


def test_who_is_told_to_call_another_day_is_counted(
    run: Run, measured: dict[tuple[str, str], float], working_days: int
) -> None:
    decided = events_of(run, log.DECIDED)
    told = decided[decided["code"] == CALL_ANOTHER_DAY]
    assert measured["told_another_day_share", ""] == pytest.approx(len(told) / len(decided))
    assert measured["told_another_day_per_working_day", ""] == pytest.approx(len(told) / working_days)
    without = working_days - len(set(told["time_min"] // DAY))
    assert measured["nobody_turned_away_share", ""] == pytest.approx(without / working_days)


def test_appointments_are_counted_as_the_published_series_counts_them(
    run: Run, measured: dict[tuple[str, str], float], working_days: int
) -> None:
    held = held_of(run)
    assert measured["appointments_per_1000_working_day", ""] == pytest.approx(len(held) / working_days / 10)
    assert measured["dna_share", ""] == pytest.approx((held["status"] == "dna").mean())
    assert measured["same_day_share", ""] == pytest.approx((held["lead_days"] == 0).mean())
    gp = held["role"] == "gp"
    for group, mine in (("role=gp", held[gp]), ("role=other_staff", held[~gp])):
        assert measured["same_day_share", group] == pytest.approx((mine["lead_days"] == 0).mean())
        assert measured["over_two_weeks_share", group] == pytest.approx((mine["lead_days"] >= 15).mean())
    assert measured["lead_time_days", ""] == pytest.approx(held["lead_days"].mean())
    bands = pd.cut(held["lead_days"], [-1, 0, 1, 7, 14, 21, 28, 999]).value_counts(sort=False, normalize=True)
    names = ("same_day", "1_day", "2_7_days", "8_14_days", "15_21_days", "22_28_days", "over_28_days")
    for name, share in zip(names, bands, strict=True):
        assert measured["lead_time_share", f"lead={name}"] == pytest.approx(share)
    for mode in MODES:
        assert measured["mode_share", f"mode={mode}"] == pytest.approx((held["mode"] == mode).mean())
    for role in run.counted["practice"].seeing:
        mine = held[held["role"] == role]
        assert measured["role_share", f"role={role}"] == pytest.approx(len(mine) / len(held))
        assert measured["dna_share", f"role={role}"] == pytest.approx((mine["status"] == "dna").mean())


@pytest.mark.parametrize(("word", "column"), [("segment", "segment"), ("age", "age"), ("deprivation", "deprivation")])
def test_groups_are_the_persons_own(word: str, column: str, run: Run, measured: dict[tuple[str, str], float]) -> None:
    people = run.happened.people["practice"]
    index = getattr(people, column) - (column == "deprivation")
    names = {"segment": people.segments, "age": people.ages, "deprivation": people.fifths}[word]
    asked, held = asked_of(run), held_of(run)
    needs = since(run.needs[run.needs["origin"] != "practice"], "arose")
    never = (needs["ending"] == NEVER_ASKED) | needs.index.isin(joined_plainly(run))
    for number, name in enumerate(names):
        group = f"{word}={name.removeprefix(f'{word}_').removeprefix('fifth_')}"
        size = int((index == number).sum())
        theirs = asked[index[asked["person"]] == number]
        assert measured["failure_share", group] == pytest.approx(theirs["failure"].mean())
        missed = held[index[held["person"]] == number]["status"] == "dna"
        assert measured["dna_share", group] == pytest.approx(missed.mean())
        had = needs[index[needs["person"]] == number]
        assert measured["needs_per_1000_week", group] == pytest.approx(len(had) / 4 / size * 1000)
        assert measured["never_asked_share", group] == pytest.approx(never[had.index].mean())


def test_how_needs_end_is_counted(run: Run, measured: dict[tuple[str, str], float]) -> None:
    needs = run.needs.assign(met=met_plainly(run))
    closed = since(needs[needs["ending"] != "open"], "closed")
    for ending, share in closed["ending"].value_counts(normalize=True).items():
        assert measured["need_endings_share", f"ending={ending}"] == pytest.approx(share)
    brought = closed[closed["origin"] != "practice"]
    assert measured["needs_met_share", ""] == pytest.approx(brought["met"].mean())
    resolved = brought[(brought["ending"] == RESOLVED) & brought["asked"].notna()]
    days = (resolved["closed"] - resolved["asked"]).mean() / DAY
    assert measured["days_to_resolution", ""] == pytest.approx(days)


def test_sessions_are_shared_out(run: Run, measured: dict[tuple[str, str], float], working_days: int) -> None:
    minutes = run.staff_minutes[run.staff_minutes["role"] != "administrator"]
    sums = minutes[minutes["time"] > FIRST].groupby("activity")["minutes"].sum()
    for name in ("consulting", "back_office", "idle"):
        assert measured[f"{name}_share", ""] == pytest.approx(sums[name] / sums["rostered"], rel=1e-6)
    assert measured["overtime_min_per_working_day", ""] == pytest.approx(sums["overtime"] / working_days, rel=1e-6)
    squeezed, ended = events_of(run, log.SQUEEZED), events_of(run, log.CONSULT_ENDED)
    assert measured["squeezed_share", ""] == pytest.approx(len(squeezed) / len(ended))


def test_continuity_is_who_sees_their_usual_gp(run: Run, measured: dict[tuple[str, str], float]) -> None:
    counted = run.counted["practice"]
    seen = held_of(run).query("status == 'attended' and role == 'gp'")
    own = seen["clinician"].to_numpy() == np.array(counted.usual)[seen["person"]]
    assert measured["usual_gp_share", ""] == pytest.approx(own.mean())
    assert measured["usual_gp_share", "prefers=yes"] > own.mean()


def test_the_tenth_who_attend_most_are_adults_with_most_face_to_face_gp_consultations(
    run: Run, measured: dict[tuple[str, str], float]
) -> None:
    people = run.happened.people["practice"]
    grown = np.array([name not in ("age_0_4", "age_5_17") for name in people.ages])[people.age]
    seen = held_of(run).query("status == 'attended' and role == 'gp' and mode == 'face_to_face'")
    counts = np.bincount(seen["person"], minlength=len(people))[grown]
    top = np.sort(counts)[::-1][: len(counts) // 10].sum()
    assert measured["top_tenth_consultation_share", ""] == pytest.approx(top / counts.sum())


def test_the_tenth_of_a_longer_run_is_of_its_last_year_as_published_figures_are() -> None:
    longer = run_of("practice=small", "practice.list_size=300", "run.warm_up_weeks=1", "run.measured_weeks=70")
    people = longer.happened.people["practice"]
    grown = np.array([name not in ("age_0_4", "age_5_17") for name in people.ages])[people.age]
    last_year = longer.appointments[longer.appointments["start"].between(19 * WEEK, 71 * WEEK, inclusive="left")]
    seen = last_year.query("status == 'attended' and role == 'gp' and mode == 'face_to_face'")
    counts = np.bincount(seen["person"], minlength=len(people))[grown]
    top = np.sort(counts)[::-1][: len(counts) // 10].sum()
    assert longer.value("top_tenth_consultation_share") == pytest.approx(top / counts.sum())


def test_weeks_and_days_add_up_to_the_whole(run: Run) -> None:
    frame = run.metrics(None)
    mine = frame[(frame["metric"] == "told_another_day_per_working_day") & (frame["group"] == "")]
    whole = mine.loc[mine["period"] == "all", "value"].iloc[0]
    daily = mine[mine["period"].str.startswith("d")]["value"]
    assert whole == pytest.approx(daily.mean())
    weeks = mine[mine["period"].isin(("w08", "w09", "w10", "w11"))]["value"]
    assert weeks.mean() == pytest.approx(whole, rel=0.1)


def test_shares_lie_between_zero_and_one(run: Run) -> None:
    frame = run.metrics()
    load = ("tipping_point_share", "consulting_share", "back_office_share", "idle_share")
    load += ("requests_heard_share", "callback_made_share", "front_seen_share", "needs_met_of_arisen_share")
    shares = frame[frame["unit"].str.startswith("share") & ~frame["metric"].isin(load)]
    wrong = shares[~shares["value"].between(0, 1 + 1e-9)]
    assert wrong.empty, wrong.to_string()


def test_how_many_call_is_counted_in_weeks_without_a_bank_holiday() -> None:
    run = run_of("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=3", "calendar.start_date=2026-03-30")
    calls = run.contacts.query("channel == 'phone' and ending != 'engaged'")
    third_week = calls[calls["opened"] >= 2 * WEEK]
    working = third_week[(third_week["opened"] // DAY) % 7 < 5]
    frame = run.metrics().set_index(["metric", "group"])["value"]
    assert frame["calls_per_working_day", ""] == pytest.approx(len(working) / 5)
