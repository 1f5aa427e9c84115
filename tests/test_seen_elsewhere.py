"""A hub that all practices book, evenings, what another practice has left today, and what handing over costs."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from network_of_three import BASE, EVENINGS, LISTS, in_hub, overflowing, sharing
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.clinic.staff import is_shared
from pcqa_sim.network.elsewhere import known_elsewhere
from pcqa_sim.network.hub import HubDiary
from pcqa_sim.network.rounds import Rounds
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import Scenario
from pcqa_sim.simulation import happen
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.needs import HANDED_OVER, LOST_HAND_OFF


@cache
def _run(scenario: str, **hand_off: float) -> Run:
    made = {"hub": in_hub, "overflow": overflowing}[scenario]
    return simulate(made(**hand_off))


@cache
def _evenings() -> Run:
    return simulate(composed(*BASE, EVENINGS))


def _seen_elsewhere(run: Run) -> list[tuple[str, str, float, float]]:
    """Practice, clinician, beginning and end of each consultation away from one's own practice."""
    rows = run.events[(run.events["event"] == log.CONSULT_ENDED) & run.events["who"].astype(str).map(is_shared)]
    columns = (rows[name] for name in ("practice", "who", "time_min", "amount"))
    return [(str(key), str(who), at - minutes, at) for key, who, at, minutes in zip(*columns, strict=True)]


def _minutes(run: Run, code: str) -> dict[tuple[str, str], float]:
    """Minutes of sessions by practice and clinician."""
    rows = run.events[(run.events["event"] == log.SESSION_ENDED) & (run.events["code"] == code)]
    found: Counter[tuple[str, str]] = Counter()
    for key, who, minutes in zip(rows["practice"], rows["who"], rows["amount"], strict=True):
        found[str(key), str(who)] += minutes
    return dict(found)


@pytest.mark.parametrize("which", ["hub", "evenings"])
def test_an_appointment_of_the_hub_is_booked_once(which: str) -> None:
    """All practices book it, and nobody has two patients at once; slots opened once end once."""
    run = _run("hub") if which == "hub" else _evenings()
    seen = _seen_elsewhere(run)
    assert {key for key, *_ in seen} == set(LISTS)
    for who in {who for _, who, *_ in seen}:
        times = sorted((begins, ends) for _, other, begins, ends in seen if other == who)
        assert all(after[0] >= before[1] - 1e-2 for before, after in pairwise(times)), who
    booked: Counter[tuple[str, float]] = Counter()
    rows = run.events[
        run.events["event"].isin([log.BOOKED, log.CANCELLED]) & run.events["who"].astype(str).map(is_shared)
    ]
    for event, who, at, ahead in zip(rows["event"], rows["who"], rows["time_min"], rows["amount"], strict=True):
        key = str(who), round(at + ahead)
        booked[key] += 1 if event == log.BOOKED else -1
        assert booked[key] in (0, 1), key


def test_a_hubs_minutes_add_up_over_practices() -> None:
    """Rostered is what the sessions lasted, and consulting what patients were there, practice by practice."""
    run = _run("hub")
    rostered, consulting = _minutes(run, log.ROSTERED), _minutes(run, log.CONSULTING)
    mine = {key: minutes for key, minutes in rostered.items() if is_shared(key[1])}
    assert sum(mine.values()) % 250 == pytest.approx(0, abs=0.1) or sum(mine.values()) % 250 > 249.9
    assert len({key for key, _ in mine}) == len(LISTS)
    for (key, who), minutes in consulting.items():
        if is_shared(who):
            seen = sum(ends - begins for other, one, begins, ends in _seen_elsewhere(run) if (other, one) == (key, who))
            assert seen == pytest.approx(minutes, abs=0.1)


def test_evenings_have_the_minutes_that_are_said_and_end_when_they_are_said_to() -> None:
    run = _evenings()
    rostered = sum(minutes for (_, who), minutes in _minutes(run, log.ROSTERED).items() if "evening" in who)
    assert rostered == pytest.approx(60 * sum(LISTS.values()) / 1000 * 3, abs=120 + 90)  # whole sessions; some are ill
    minutes = {(int(begins // DAY) % 7 == 5, round(begins % DAY)) for _, who, begins, _ in _seen_elsewhere(run)}
    assert all(540 <= at < 1020 + 60 if saturday else 1110 <= at < 1200 + 60 for saturday, at in minutes)
    assert {saturday for saturday, _ in minutes} == {True, False}
    used = run.metrics().query("practice == 'network' and metric == 'hub_used_share' and period == 'all'")
    assert 0.2 < used["value"].item() < 1


def test_a_year_of_evenings_has_the_minutes_a_week_that_are_said() -> None:
    scenario = composed(*BASE, EVENINGS)
    assert scenario.network.hub is not None
    diary = HubDiary(scenario, scenario.network.hub, Rounds(scenario, 1, 0))
    diary.open_to(52 * 7 - 1)
    minutes = Counter[str]()
    for clinic in (clinic for day in diary.clinics_on.values() for clinic in day):
        minutes[clinic.role] += clinic.ends - clinic.starts
    holidays = 8 * 21  # minutes that would have been on bank holidays
    assert sum(minutes.values()) == pytest.approx(52 * 60 * sum(LISTS.values()) / 1000 - holidays, abs=240)
    assert abs(minutes["gp"] - minutes["practice_nurse"]) <= 240


def test_who_finds_nothing_today_is_seen_at_another_practice_today() -> None:
    run = _run("overflow")
    seen = _seen_elsewhere(run)
    assert len(seen) > 10
    lent, given = _minutes(run, log.LENT), Counter[str]()
    for key, who, begins, ends in seen:
        site = who.partition(".")[2].rpartition("_")[0]
        assert site in LISTS
        assert site != key
        given[site] += ends - begins
    for site, minutes in given.items():
        assert sum(of for (key, _), of in lent.items() if key == site) == pytest.approx(minutes, abs=0.5)
    booked = run.events[(run.events["event"] == log.BOOKED) & run.events["who"].astype(str).map(is_shared)]
    same_day = (booked["time_min"] // DAY) == ((booked["time_min"] + booked["amount"]) // DAY)
    assert same_day.all()


def test_nobody_goes_elsewhere_who_would_not() -> None:
    assert not _seen_elsewhere(_run("hub", declines_share=1.0))


def _wait(days: int) -> float:
    """Mean days from booking to a physiotherapist of the hub."""
    rows = _run("hub", delay_days=days).events
    booked = rows[(rows["event"] == log.BOOKED) & rows["who"].astype(str).map(is_shared)]
    return float(np.mean(booked["amount"] / DAY))


def test_waits_fall_as_the_delay_of_a_hand_off_falls() -> None:
    """The same people and the same luck: each day less is nearly a day less."""
    waits = [_wait(days) for days in (8, 4, 0)]
    assert all(after < before for before, after in pairwise(waits)), waits
    assert waits[0] - waits[-1] > 2


def test_what_is_lost_on_the_way_is_asked_about_again() -> None:
    lost = _run("hub", lost_share=1.0, noticed_mean_days=1.0)
    decided = lost.events[lost.events["event"] == log.DECIDED]["code"]
    opened = lost.events[lost.events["event"] == log.CONTACT_OPENED]["code"]
    assert (decided == HANDED_OVER).sum() > 10
    assert 0 < (opened == LOST_HAND_OFF).sum() <= (decided == HANDED_OVER).sum()
    assert (_run("hub").events["code"] != HANDED_OVER).all()


def test_without_context_fewer_are_resolved_and_it_takes_longer() -> None:
    usual, without = _run("hub"), _run("hub", resolves_factor=0.0, retold_min=6.0)

    def outcomes(run: Run) -> tuple[float, float]:
        rows = run.events[(run.events["event"] == log.CONSULT_ENDED) & run.events["who"].astype(str).map(is_shared)]
        return float((rows["code"] == "resolved").mean()), float(rows["amount"].mean())

    (resolved, minutes), (fewer, longer) = outcomes(usual), outcomes(without)
    assert resolved > 0.15
    assert fewer == 0
    assert longer - minutes == pytest.approx(6, abs=2.5)


def test_another_record_takes_minutes_of_the_own_practices_gps() -> None:
    run = _run("hub", record_min=4.0)
    made = run.events[(run.events["event"] == log.PAPERWORK_MADE) & (run.events["code"] == "other_record")]
    by_end_of_day = len(_seen_elsewhere(run))
    assert float(made["amount"].sum()) == pytest.approx(4 * by_end_of_day, abs=4 * 8)


def _bytes(scenario: Scenario, key: str) -> list[dict[str, object]]:
    table = happen(scenario, 3, 0).log.to_pandas()
    return (
        table[table["practice"] == key]
        .drop(columns="practice")
        .astype({"event": str, "who": str, "code": str})
        .to_dict("records")
    )


def test_a_hub_that_nobody_goes_to_changes_no_practices_log() -> None:
    """With nobody of a shared role in it, and everybody declining to go, each lives as if there were none."""
    plain = composed(*BASE, "run.measured_weeks=1")
    there = composed(
        *BASE,
        "run.measured_weeks=1",
        "network.hub={rooms:1}",
        "network.same_day_overflow=true",
        "network.hand_off.declines_share=1",
    )
    for key in LISTS:
        assert _bytes(plain, key) == _bytes(there, key), key


def test_other_practices_know_a_clinician_by_name_and_place() -> None:
    assert known_elsewhere("gp.3", "south") == "gp.south_3"
    assert is_shared("gp.south_3")
    assert not any(map(is_shared, ("practice_nurse.1", "gp.extra1", "gp.locum2", "mental_health_practitioner.10")))


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (("network.hub={rooms:0}",), "network.hub.rooms"),
        ((EVENINGS.replace("rooms:2", "rooms:1").replace("60", "600"),), "network.hub.rooms: 3 are needed"),
        ((EVENINGS.replace("practice_nurse:0.5", "midwife:0.5"),), "north has no role 'midwife'"),
        ((EVENINGS.replace("'20:00'", "'18:00'"),), "the end comes after the beginning"),
        (("network.hand_off.resolves_factor=1.2",), "network.hand_off.resolves_factor"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(overrides: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadInput) as refused:
        composed(*BASE, *overrides)
    assert said in str(refused.value)
    assert len(refused.value.faults) == 1


def test_who_is_to_sit_in_a_hub_needs_one() -> None:
    with pytest.raises(BadInput, match=r"works in a hub, and there is none: set network.hub=\{rooms: 3\}"):
        sharing(works="hub")


def test_one_practice_has_no_other_to_overflow_to() -> None:
    with pytest.raises(BadInput, match="one practice has no other"):
        composed("practice=small", "network.same_day_overflow=true")
