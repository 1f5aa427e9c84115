"""The team by name: who does what others did together, who visits, who covers, and whom the wrong role sends back."""

from __future__ import annotations

import numpy as np
import pytest
from shortruns import composed, run_of

from pcqa_sim.clinic.absences import Absences
from pcqa_sim.clinic.rota import clinics
from pcqa_sim.clinic.staff import comes, is_locum, week_of_role
from pcqa_sim.frontdoor.triage import TRIAGE
from pcqa_sim.interventions.switch_triage import SwitchTriage
from pcqa_sim.results.metrics.workforce import ENOUGH
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.values.clock import WEEK
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.luck import world_key
from pcqa_sim.values.needs import RECEPTION, WRONG_CLINICIAN

NAMED = "experiment=named_roles"
SHORT = ("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=4")
KEPT = ("gp", "practice_nurse", "hca", "pharmacist", "administrator")


def practice(*overrides: str) -> Practice:
    return composed(*overrides).practices["practice"]


def by_name(run: Run) -> int:
    """How many appointments with roles other than the four that stay were booked."""
    return int((~run.appointments["role"].isin(KEPT)).sum())


def test_the_named_roles_are_what_other_staff_are_together() -> None:
    before, after = practice(), practice(NAMED)
    named = [name for name in after.role if name not in KEPT]
    assert "other" not in named
    assert len(named) == 6
    assert sum(after.fte(name) for name in named) == pytest.approx(before.fte("other"))
    for kind, row in before.triage.places.items():
        mine = after.triage.places[kind]
        assert sum(mine.get(name, 0.0) for name in named) == pytest.approx(row.get("other", 0.0), abs=1e-9)
        assert {name: mine[name] for name in (*KEPT, RECEPTION) if name in mine} == {
            name: row[name] for name in (*KEPT, RECEPTION) if name in row
        }


@pytest.mark.slow
@pytest.mark.parametrize("model", sorted(TRIAGE))
def test_named_roles_work_with_every_access_model_and_lose_nothing(model: str) -> None:
    """simulate() raises where anything is lost."""
    run = run_of(*SHORT, NAMED, f"triage={model}")
    assert "other" not in set(run.appointments["role"])
    assert by_name(run) > 40


def test_a_role_with_less_than_a_session_a_week_visits() -> None:
    small = practice("practice=small", NAMED)
    away, weeks = Absences(world_key(1, 0, "practice"), 52 * 7), range(52)
    for name in ("paramedic", "care_coordinator"):
        sessions = small.fte(name) * small.role[name].sessions_per_fte
        assert 0 < sessions < 1
        assert len(week_of_role(small, name)) == 1
        assert sum(comes(small, name, week) for week in weeks) == int(52 * sessions + 1e-9)
        visits = {
            clinic.starts // 10080
            for day in range(52 * 7)
            for clinic in clinics(small, day, away)
            if clinic.role == name
        }
        assert visits
        assert all(comes(small, name, int(week)) for week in visits)
    assert all(comes(small, "gp", week) for week in weeks)
    nobody = with_settings(small, {"fte_level.paramedic": 0.0})
    assert week_of_role(nobody, "paramedic") == ()
    assert not any(comes(nobody, "paramedic", week) for week in weeks)


def test_who_covers_sees_those_whose_role_is_away() -> None:
    """While the paramedic is away everybody sent to them is turned away, or seen by those who cover."""
    away = (*SHORT, NAMED, "practice.list_size=4000", "practice.fte_level={paramedic: 0.02, anp: 3.0}")
    covered, alone = run_of(*away), run_of(*away, "triage.cover.paramedic=[]")
    assert "paramedic" not in set(covered.appointments["role"])
    assert by_name(covered) > by_name(alone) + 15
    told = [int((run.contacts["disposition"] == "call_another_day").sum()) for run in (covered, alone)]
    assert told[0] < 0.7 * told[1]


def test_who_is_not_there_at_all_is_passed_over_without_any_cover() -> None:
    """Where there are no paramedics, the others of the row see whom they would have seen, and nobody waits for ever."""
    nobody = run_of(*SHORT, NAMED, "practice.fte_level={paramedic: 0.0, anp: 3.0}", "triage.cover.paramedic=[]")
    away = run_of(*SHORT, NAMED, "practice.fte_level={paramedic: 0.02, anp: 3.0}", "triage.cover.paramedic=[]")
    assert "paramedic" not in set(nobody.appointments["role"])
    assert by_name(nobody) > by_name(away) + 5
    told = [int((run.contacts["disposition"] == "call_another_day").sum()) for run in (nobody, away)]
    assert told[0] < told[1]


def test_the_wrong_role_sends_people_back() -> None:
    """Nobody knows more of backs than a physiotherapist, so nobody comes back for that; from a paramedic many do."""
    wrong = []
    for fcp, paramedic in ((1, 0), (0, 1)):
        every = dict.fromkeys(practice(NAMED).triage.places["musculoskeletal"], 0)
        shares = every | {"fcp": fcp, "paramedic": paramedic}
        row = f"{{{', '.join(f'{place}: {share}' for place, share in shares.items())}}}"
        enough = ("run.measured_weeks=8", "practice.fte_level={paramedic: 5.0, fcp: 5.0}")
        run = run_of(*SHORT, NAMED, *enough, f"triage.places.musculoskeletal={row}")
        mine = run.contacts.merge(run.needs["kind"], left_on="need", right_index=True)
        wrong.append(mine[(mine["cause"] == WRONG_CLINICIAN) & (mine["kind"] == "musculoskeletal")])
    assert len(wrong[0]) == 0
    assert len(wrong[1]) > 10
    assert wrong[1]["failure"].all()


def test_the_access_model_changes_and_the_team_stays() -> None:
    mine, shipped = practice(NAMED), practice("triage=gp_phone_first").triage
    changed = SwitchTriage(to=shipped).change(mine).triage
    assert changed.kind == "gp_phone_first"
    assert (changed.places, changed.cover) == (mine.triage.places, mine.triage.cover)
    assert SwitchTriage(to=shipped).change(practice()).triage == shipped


def test_one_role_joins_the_default_in_a_line() -> None:
    chosen = f"role=[{','.join((*KEPT, 'other', 'fcp'))}]"
    half = practice().triage.places["musculoskeletal"]["other"] / 2
    mine = practice(chosen, f"triage.places.musculoskeletal={{other: {half}, fcp: {half}}}")
    assert mine.triage.places["musculoskeletal"]["fcp"] == half
    assert mine.role["fcp"] == practice(NAMED).role["fcp"]
    direct = practice(chosen, "intervention=[fcp_direct]").triage.places["musculoskeletal"]
    assert direct["fcp"] > 0.3 > direct["other"]


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("triage.places.acute_minor.othr=0", "triage.places.acute_minor: othr is no role; did you mean other?"),
        ("triage.cover={surgeon: [gp]}", "triage.cover: surgeon is no role"),
        ("triage.cover={othr: [gp]}", "triage.cover: othr is no role; did you mean other?"),
        ("role.gp.differences.judgement.line_to=0.5", "line_to: the lines lie between the two"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_line(override: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        composed(override)
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


# What each GP calls GP work.


def measured(run: Run, name: str) -> dict[str, float]:
    frame = run.metrics()
    return dict(frame[frame["metric"] == name].set_index("group")["value"])


def test_gps_of_one_practice_draw_the_line_elsewhere(average_run: Run) -> None:
    judged, needed = measured(average_run, "judged_gp_share"), measured(average_run, "needed_gp_share")
    gps = sorted(group for group in judged if group.startswith("clinician="))
    assert len([group for group in gps if not is_locum(group)]) == 7
    assert gps == sorted(group for group in needed if group.startswith("clinician="))
    shares = [judged[group] for group in gps]
    ends = (judged["gp=lowest"], judged["gp=highest"])  # week by week, by the weeks before
    seen = average_run.events.query("event == 'consult_ended' and time_min >= 80640")["who"].astype(str).value_counts()
    for end, share in zip(ends, (min(shares), max(shares)), strict=True):
        many = seen[gps[shares.index(share)].removeprefix("clinician=")]
        assert end == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / many))
    assert 0.37 < min(shares) < max(shares) < 0.93  # 40 to 90 %, and four standard errors of some 600 consultations
    assert max(shares) - min(shares) > 2 * np.ptp([needed[group] for group in gps])


def test_the_lowest_and_highest_gp_of_a_week_are_chosen_in_the_weeks_before(average_run: Run) -> None:
    frame = average_run.metrics(None).query("metric == 'judged_gp_share' and period.str.startswith('w')")
    weekly = frame.pivot(index="period", columns="group", values="value")
    events = average_run.events.query("event == 'consult_ended'")
    who = events["who"].astype(str)
    gps = who.str.startswith("gp.")
    counts = events[gps].groupby([events["time_min"] // WEEK, "clinician=" + who]).size().unstack(fill_value=0)
    assert weekly.loc["w00", ["gp=lowest", "gp=highest"]].isna().all()
    of_end, many = dict.fromkeys(("gp=lowest", "gp=highest"), 0.0), dict.fromkeys(("gp=lowest", "gp=highest"), 0)
    for week in range(1, 12):
        before = counts.iloc[:week]
        called = (weekly[counts.columns].iloc[:week].fillna(0).to_numpy() * before).sum()[before.sum() >= ENOUGH]
        now = weekly.iloc[week]
        shares = called / before.sum()[called.index]
        assert week < 8 or shares.min() < shares.max()
        for end, chosen in (("gp=lowest", shares.idxmin()), ("gp=highest", shares.idxmax())):
            assert now[end] == pytest.approx(now[chosen], nan_ok=True)
            if week >= 8 and (here := counts.iloc[week][chosen]):  # the measured weeks; a GP may be away
                of_end[end] += now[chosen] * here
                many[end] += here
    assert min(many.values()) > 4 * ENOUGH  # in four weeks, though the chosen may be away in one of them
    whole = measured(average_run, "judged_gp_share")
    assert {end: whole[end] for end in of_end} == pytest.approx({end: of_end[end] / many[end] for end in of_end})


def test_who_draws_the_line_where_it_is_drawn_for_all_judges_as_it_is() -> None:
    alike = ("line_from=0.85", "line_to=0.85", "case_sd=1e-9")
    same = run_of(*SHORT, *(f"role.gp.differences.judgement.{one}" for one in alike))
    judged, needed = measured(same, "judged_gp_share"), measured(same, "needed_gp_share")
    assert judged[""] == needed[""]
    assert {group: needed[group] for group in judged if group.startswith("clinician=")} == {
        group: share for group, share in judged.items() if group.startswith("clinician=")
    }
    assert same.log.equals(run_of(*SHORT).log)


def test_nobody_is_asked_where_there_is_no_line() -> None:
    unasked = run_of(*SHORT, "role.gp.differences.judgement=null")
    assert measured(unasked, "judged_gp_share") == {}
    assert measured(unasked, "needed_gp_share") == measured(run_of(*SHORT), "needed_gp_share")


def test_gp_time_is_relational_or_transactional(average_run: Run) -> None:
    shares, minutes = measured(average_run, "gp_work_share"), measured(average_run, "gp_work_min_per_working_day")
    assert sum(shares.values()) == pytest.approx(1)
    seen = average_run.appointments.query("role == 'gp' and status == 'attended'")
    kinds = average_run.scenario.practices["practice"].demand.kinds
    of = average_run.needs["kind"].reindex(seen["need"]).to_numpy()
    relational = np.array([kind in kinds and kinds[kind].relational for kind in of])
    ended = (seen["start"] + seen["late_min"] + seen["minutes"]).to_numpy()
    here = ended >= average_run.scenario.run.warm_up_weeks * 10080
    spent = [seen["minutes"].to_numpy()[here & which].sum() for which in (relational, ~relational)]
    assert shares["work=relational"] == pytest.approx(spent[0] / sum(spent), abs=1e-3)
    assert minutes["work=relational"] / minutes["work=transactional"] == pytest.approx(spent[0] / spent[1], abs=1e-2)
