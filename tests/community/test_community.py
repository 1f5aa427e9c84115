"""The community in whole runs: what holds in each, what does nothing, whose sign is known, and bad input in a line."""

from __future__ import annotations

import pytest
from shortruns import composed, run_of

from pcqa_sim.results.run import Run
from pcqa_sim.scenario import with_settings
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import WEEK
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.needs import ASKED_THROUGH
from pcqa_sim.values.words import PlaceEnding, PlaceRoute

SMALL = ("practice=small", "practice.list_size=1500", "run.warm_up_weeks=0", "run.measured_weeks=8")
PLACE = "practices.practice.community."
REFERRED = ("practice=small", "practice.list_size=800", "run.warm_up_weeks=0", "run.measured_weeks=18",
            "community.social_prescribing.referred.social=1",
            "community.social_prescribing.referred.ongoing_condition=0.5")  # fmt: skip
HELPS = "community.social_prescribing.effect={rate_times: 0.25, onset_weeks: 2, lasts_weeks: 100}"
STATE = "practices.practice.people.state."
EFFECT = {"rate_times": 1.0, "onset_weeks": 4.0, "lasts_weeks": 40.0}


def of_practice(run: Run) -> list[tuple[object, ...]]:
    """The rows of the log that are not about places: what the practice and its people did."""
    events = run.events[~run.events["event"].astype(str).str.startswith("place")]
    return list(events.itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def base() -> Run:
    return run_of(*SMALL)


def test_people_come_in_all_ways_and_the_run_adds_up(base: Run) -> None:
    """Conservation is checked in every run; here is that something was there to check."""
    sent = base.events[base.events["event"] == log.PLACE_SENT]
    assert {PlaceRoute.SIGNPOSTED, PlaceRoute.REFERRED, PlaceRoute.JOINED} <= set(sent["code"])
    ended = base.events[base.events["event"] == log.PLACE_ENDED]
    assert {PlaceEnding.COMPLETED, PlaceEnding.DECLINED, PlaceEnding.BOUNCED} <= set(ended["code"])
    assert len(sent) > len(ended)
    causes = base.contacts["cause"].value_counts()
    assert causes["bounced"] > 0


@pytest.mark.parametrize(
    "override",
    [
        "community.social_prescribing.uptake_share=0",
        "community.social_prescribing.places_per_10000=0",
        "community.physiotherapy.effect={rate_times: 1, unsettles: 1, settles: 1, onset_weeks: 4, lasts_weeks: 40}",
        "community.talking_therapies.sessions_per_10000_day=0",
    ],
)
def test_without_uptake_capacity_or_effect_the_practice_notices_nothing(base: Run, override: str) -> None:
    """Who is referred after their need was met, or never asks, is nobody the practice sees, whatever comes of it."""
    other = run_of(*SMALL, override)
    needs = {log.NEED_CLOSED}  # of those who never ask and go to a place, who may be helped there or not
    mine, theirs = ([row for row in of_practice(run) if row[5] not in needs or row[4] != -1] for run in (base, other))
    assert mine == theirs


def test_an_offer_that_nobody_takes_up_changes_nothing_else(base: Run) -> None:
    other = run_of(
        *SMALL, "community.optician_dentist.offered.acute_minor=0.5", "community.optician_dentist.uptake_share=0"
    )
    assert of_practice(other) == of_practice(base)
    declined = other.events[(other.events["event"] == log.PLACE_ENDED) & (other.events["who"] == "optician_dentist")]
    assert len(declined) > 10
    assert set(declined["code"]) == {PlaceEnding.DECLINED}


def test_a_pharmacy_without_time_turns_people_away_and_they_come_back(base: Run) -> None:
    closed = run_of(*SMALL, "community.pharmacy.minutes_per_10000_day=0")
    of_pharmacy = closed.events[closed.events["who"] == "pharmacy"]
    assert not (of_pharmacy["event"] == log.PLACE_BEGAN).any()
    back = [run.contacts["cause"].value_counts()["bounced"] for run in (base, closed)]
    assert back[1] > back[0]


def test_a_strong_effect_lowers_needs_of_those_who_were_there_alone() -> None:
    """Others may come to see their own GP in place of another, as fewer ask: here that moves nobody's needs."""
    alike = (*SMALL, "outcome.continuity.interval_rise=0")
    base = run_of(*alike)
    other = run_of(*alike, "community.physiotherapy.effect={rate_times: 0.125, onset_weeks: 0, lasts_weeks: 100}")
    began = base.events[(base.events["event"] == log.PLACE_BEGAN) & (base.events["who"] == "physiotherapy")]
    there = set(began["person"])
    fewer = [sum(run.needs["person"].isin(there)) for run in (base, other)]
    assert fewer[1] < fewer[0]
    untouched = [set(run.needs.index[~run.needs["person"].isin(there)]) for run in (base, other)]
    assert untouched[0] == untouched[1]


def test_an_effect_on_the_state_settles_those_who_were_there_and_nobody_else(base: Run) -> None:
    effect = "community.pharmacy.effect={unsettles: 0.125, settles: 8, onset_weeks: 0, lasts_weeks: 100}"
    other = run_of(*SMALL, effect)
    began = base.events[(base.events["event"] == log.PLACE_BEGAN) & (base.events["who"] == "pharmacy")]
    there = set(began["person"])
    states = [run.events[run.events["event"] == log.STATE] for run in (base, other)]
    rest = [rows[~rows["person"].isin(there)][["time_min", "person", "code"]].to_numpy().tolist() for rows in states]
    assert rest[0] == rest[1]
    mine = [rows[rows["person"].isin(there)]["code"].astype(str) for rows in states]
    unsettled = [(codes == "unsettled").sum() - (codes == "settled_again").sum() for codes in mine]
    assert len(there) > 30
    assert unsettled[1] < unsettled[0]


def test_who_was_helped_in_the_community_is_told_to_their_state(base: Run) -> None:
    helps = "people.state.responds.community={unsettles: 0.125, settles: 8, half_life_weeks: 500}"
    other = run_of(*SMALL, helps)
    helped = base.events[(base.events["event"] == log.PLACE_ENDED) & (base.events["code"] == PlaceEnding.COMPLETED)]
    states = [run.events[run.events["event"] == log.STATE] for run in (base, other)]
    differ = set(map(tuple, states[0][["time_min", "person", "code"]].to_numpy().tolist())) ^ set(
        map(tuple, states[1][["time_min", "person", "code"]].to_numpy().tolist())
    )
    assert differ
    first = min(differ)
    assert first[1] in set(helped[helped["time_min"] < first[0]]["person"])


def test_before_and_after_a_referral_fewer_contacts_though_nothing_was_done_to_anybody() -> None:
    """Regression to the mean: who is referred has just been seen. What the measure counts is counted here plainly."""
    run = run_of(*REFERRED)
    sent = run.events[(run.events["event"] == log.PLACE_SENT) & (run.events["code"] == "referred")]
    sent = sent[(sent["time_min"] >= 8 * WEEK) & (sent["time_min"] <= 10 * WEEK)]
    made = run.contacts[run.contacts["channel"].isin(ASKED_THROUGH)]
    counts = [0, 0]
    for person, at in zip(sent["person"], sent["time_min"], strict=True):
        ago = (at - made[made["person"] == person]["opened"]) / WEEK
        counts[0] += int(((ago >= 0) & (ago < 8)).sum())
        counts[1] += int(((ago < 0) & (ago >= -8)).sum())
    found = [run.value("referred_contacts_per_4_weeks", f"when={when}") for when in ("before", "after")]
    assert len(sent) > 10
    assert found == pytest.approx([count / len(sent) / 2 for count in counts])
    assert found[1] < 0.8 * found[0]
    assert not (run.events["event"] == log.NEEDS_KEPT_AWAY).any()


def test_what_an_effect_keeps_away_is_told_of_everybody_and_of_those_who_were_there() -> None:
    plain, helped = run_of(*REFERRED), run_of(*REFERRED, HELPS)
    of_all, of_theirs, of_place = (
        helped.value("needs_kept_away_share", group)
        for group in ("", "of=those_there", "place=social_prescribing of=those_there")
    )
    assert of_theirs == of_place
    assert 0 < of_all < 0.1 < of_theirs < 0.75
    assert len(helped.needs) < len(plain.needs)


REFUSED = [
    ({PLACE + "pharmacy.hours": None}, "hours"),
    ({PLACE + "pharmacy.uptake_share": 1.2}, "uptake_share"),
    ({PLACE + "pharmacy.resolves": {"acute_minr": 0.5}}, "did you mean acute_minor?"),
    ({PLACE + "physiotherapy.offered": {"social": 0.5}}, "by resolves it takes musculoskeletal"),
    (
        {PLACE + "debt_advice.referred": {"social": 0.9}},
        "community: referred.social must come to at most 1 over all places, and is 1.085: 0.185 at social_prescribing "
        "and 0.9 at debt_advice",
    ),
    (
        {PLACE + "pharmacy.offered": {"acute_minor": 0.6}, PLACE + "optician_dentist.offered": {"acute_minor": 0.6}},
        "community: offered.acute_minor must come to at most 1 over all places",
    ),
    ({PLACE + "befriending.stays_for_segments": {"frail_or_complx": 2.0}}, "did you mean frail_or_complex?"),
    ({PLACE + "physiotherapy.effect": {"rate_times": 0.5, "onset_weeks": 4.0}}, "lasts_weeks"),
    ({PLACE + "physiotherapy.effect": EFFECT | {"rate_times": 0.1}}, "rate_times"),
    ({PLACE + "physiotherapy.effect": EFFECT | {"settles": 9.0}}, "settles"),
    ({PLACE + "physiotherapy.effect": EFFECT | {"unsettles": 0.1}}, "unsettles"),
    (
        {PLACE + "physiotherapy.effect": EFFECT | {"settles": 2.0}, STATE + "unsettled_share": 0.0},
        "community.physiotherapy.effect: must leave unsettles and settles at 1",
    ),
    ({PLACE + "physiotherapy.effect": EFFECT | {"lasts_weeks": 2.0}}, "must not be less than onset_weeks"),
    ({PLACE + "physiotherapy.hours.closes": "08:00"}, "opens < closes"),
    ({PLACE + "physiotherapy.session_min": 480.0, PLACE + "physiotherapy.hours.closes": "12:00"}, "fit into its hours"),
    ({PLACE + "community_groups.champions.at_start_per_1000": 9.0}, "must not be more than most_per_1000"),
    ({PLACE + "community_groups.places_per_10000": 9.0}, "must be null where there are champions"),
    ({PLACE + "social_prescribing.places_per_fte": None}, "a caseload is somebody's"),
    ({PLACE + "social_prescribing.worked_by": "pharmcist"}, "did you mean pharmacist?"),
    ({PLACE + "befriending.for_segments": ["lonely"]}, "lonely is no segment; there are generally_well, "),
    ({"practices.practice.care_homes.admissions_per_resident_year": 2.0}, "attendances that lead to them"),
    ({"practices.practice.care_homes.beds_per_home": 0.0}, "beds_per_home"),
]


@pytest.mark.parametrize(("changes", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_a_broken_rule_is_told_in_a_line(changes: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput) as refused:
        with_settings(composed("practice=small"), changes)
    assert any(said in str(fault) and "\n" not in str(fault) for fault in refused.value.faults)
