"""A kind of need is one file: in the user's folder it is one more kind, which can be run, shown and swept."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pcqa_sim import simulate
from pcqa_sim.configuration import load_scenario, options, show
from pcqa_sim.configuration.building import user_library
from pcqa_sim.configuration.kindfiles import faults_in_kind, places
from pcqa_sim.configuration.sweeping import Composer
from pcqa_sim.configuration.yamltext import values_in
from pcqa_sim.scenario import Practice, with_settings

Refused = Callable[..., list[str]]
Write = Callable[[dict[str, str | bytes]], Path]
QUICK = ["practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1"]
DIZZY = """\
# Somebody feels dizzy.
share: 0.05  # share; own count of May
out_of: acute_minor
today_share: 0.7  # share; own count of May
clinically_within_days: 3  # days; own guess
face_to_face_share: 0.6  # share; own guess
minutes_factor: 1.1  # times; own guess
recovery_mean_days: 20  # days; own guess
follow_up_share: 0.2  # share; own guess
follow_up_days: 14  # days; own guess
test_share: 0.1  # share; own guess
never_asked_share: 0.1  # share; own guess
asked_late_share: 0.1  # share; own guess
role:
  practice_nurse: {scope: 0.5}  # share; own guess
triage:
  reception_led: {places: {gp: 0.7, practice_nurse: 0.3}}  # share; own guess
  care_navigation:
    signposts: {to: pharmacy, offered_share: 0.1, accepted_share: 0.9, resolved_share: 0.8, return_days: 3}
backoffice:
  standard: {requests: fit_note}
"""


def _practice(*overrides: str, user_folder: Path | None = None) -> Practice:
    return load_scenario(*overrides, user_folder=user_folder).practices["practice"]


def test_a_kind_in_one_file_is_run(user_folder: Write) -> None:
    """Files touched: one. Seconds: those it takes to compose, and one week of 1,000 people."""
    folder = user_folder({"kind/dizzy.yaml": DIZZY})
    began = time.thread_time()
    scenario = load_scenario("+kind=dizzy", *QUICK, user_folder=folder)
    run = simulate(scenario)
    assert time.thread_time() - began < 5
    assert {"dizzy", "acute_minor"} <= set(run.needs["kind"])


def test_a_kind_takes_the_rows_for_all_kinds_and_says_only_what_differs(user_folder: Write) -> None:
    folder = user_folder({"kind/dizzy.yaml": DIZZY})
    practice, before = _practice("+kind=dizzy", user_folder=folder), _practice()
    dizzy = practice.demand.kinds["dizzy"]
    assert list(practice.demand.kinds) == [*before.demand.kinds, "dizzy"]
    assert (dizzy.share, dizzy.latest_days, dizzy.talk_factor, dizzy.relational) == (0.05, 14, 1.0, False)
    assert practice.demand.kinds["acute_minor"].share == pytest.approx(before.demand.kinds["acute_minor"].share - 0.05)
    scopes = {name: role.scope.get("dizzy") for name, role in practice.role.items()}
    assert {name: share for name, share in scopes.items() if share} == {"gp": 0.9, "practice_nurse": 0.5}
    assert practice.triage.places["dizzy"] == {"gp": 0.7, "practice_nurse": 0.3}
    assert practice.triage.signposts == {}, "what it says of care navigation is laid where that is chosen"
    assert practice.backoffice.requests["dizzy"] == "fit_note"


@pytest.mark.parametrize("triage", options()["triage"])
def test_a_kind_goes_with_every_triage_model(triage: str, user_folder: Write) -> None:
    folder = user_folder({"kind/dizzy.yaml": DIZZY})
    found = _practice("+kind=dizzy", f"triage={triage}", user_folder=folder).triage
    look = found.clinician_triage
    assert look is None or look.settled_share["dizzy"] == look.settled_share["acute_minor"]
    assert ("dizzy" in found.signposts) == (triage == "care_navigation")


def test_what_is_nearer_wins(user_folder: Write) -> None:
    """The role's file, the kind's, what extends the role, the demand's, the experiment, the command line."""
    folder = user_folder(
        {
            "kind/dizzy.yaml": DIZZY,
            "role/nurse.yaml": "defaults: [practice_nurse@_here_]\nscope: {social: 0.1}\n",
            "role/senior.yaml": "defaults: [practice_nurse@_here_]\nscope: {all: 0.2, social: 0.1}\n",
            "demand/mine.yaml": "defaults: [england@_here_]\nkinds: {dizzy: {latest_days: 3}}\n",
            "experiment/x.yaml": "role: {nurse: {scope: {all: 0.3, dizzy: 0.4}}}\n",
        }
    )
    chosen = ["+kind=dizzy", "role=[gp,practice_nurse,hca,pharmacist,other,administrator,nurse,senior]", "demand=mine"]
    practice = _practice(*chosen, user_folder=folder)
    assert practice.demand.kinds["dizzy"].latest_days == 3
    scope = {name: practice.role[name].scope for name in ("practice_nurse", "nurse", "senior")}
    assert [scope[name]["dizzy"] for name in scope] == [0.5, 0.5, 0.2]
    assert [scope[name].get("social") for name in scope] == [None, 0.1, 0.1]
    nurse = _practice(*chosen, "experiment=x", user_folder=folder).role["nurse"]
    assert (nurse.scope["dizzy"], nurse.scope["social"]) == (0.4, 0.3)
    nurse = _practice(*chosen, "experiment=x", "role.nurse.scope.all=0.6", user_folder=folder).role["nurse"]
    assert set(nurse.scope.values()) == {0.6}


def test_a_kind_extends_another_and_brings_its_rows(user_folder: Write) -> None:
    text = "defaults: [acute_minor@_here_]\nout_of: acute_minor\nshare: 0.1\n"
    folder = user_folder({"kind/sore_throat.yaml": text})
    practice = _practice("+kind=sore_throat", user_folder=folder)
    kinds, places = practice.demand.kinds, practice.triage.places
    assert kinds["sore_throat"] == with_settings(kinds["acute_minor"], {"share": 0.1})
    assert places["sore_throat"] == places["acute_minor"]
    assert practice.role["pharmacist"].scope["sore_throat"] == practice.role["pharmacist"].scope["acute_minor"]


def test_a_share_taken_out_of_all_leaves_the_others_in_proportion(user_folder: Write) -> None:
    folder = user_folder({"kind/dizzy.yaml": DIZZY.replace("out_of: acute_minor", "out_of: all")})
    before, after = _practice().demand.kinds, _practice("+kind=dizzy", user_folder=folder).demand.kinds
    assert all(after[name].share == pytest.approx(before[name].share * 0.95) for name in before)


def test_the_order_in_which_kinds_are_added_is_theirs_and_each_is_chosen_once(
    user_folder: Write, refused: Refused
) -> None:
    other = DIZZY.replace("share: 0.05", "share: 0.01")
    folder = user_folder({"kind/dizzy.yaml": DIZZY, "kind/tired.yaml": other})
    practice = _practice("+kind=tired", "+kind=dizzy", user_folder=folder)
    assert list(practice.demand.kinds)[-2:] == ["tired", "dizzy"]
    assert refused("+kind=social") == ["kind: social: is chosen twice"]


def test_a_number_of_a_kind_brings_its_source_and_so_does_a_row_for_all(user_folder: Write) -> None:
    folder = user_folder({"kind/dizzy.yaml": DIZZY})
    told = show("+kind=dizzy", "triage=gp_phone_first", user_folder=folder)
    found = {setting.key: (setting.unit, setting.source) for setting in told.settings}
    assert found["demand.kinds.dizzy.share"] == ("share", "own count of May")
    assert found["role.practice_nurse.scope.dizzy"] == ("share", "own guess")
    assert found["role.gp.scope.dizzy"] == ("share", "needs_met_last_appointment")
    looked = [found[f"triage.clinician_triage.settled_share.{kind}"] for kind in ("dizzy", "social")]
    assert looked[0] == looked[1] != ("", "")


def test_a_value_for_all_kinds_stands_on_the_command_line() -> None:
    places = "triage.places.social={gp: 0.5, other: 0, no_next_step: 0, told_or_done: 0.5, self_care: 0}"
    practice = _practice("demand.kinds.all.latest_days=5", places)
    assert {kind.latest_days for kind in practice.demand.kinds.values()} == {5}
    settings = {setting.key: setting for setting in show("demand.kinds.all.latest_days=5").differing}
    assert {setting.source for setting in settings.values()} == {"override on the command line"}
    assert "demand.kinds.social.latest_days" not in settings or settings["demand.kinds.social.latest_days"].value == 5


def test_a_sweep_over_a_number_of_an_own_kind(user_folder: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PCQA_CONFIG_DIR", str(user_folder({"kind/dizzy.yaml": DIZZY})))
    composer = Composer(("+kind=dizzy",))
    found = [composer.scenario([f"demand.kinds.dizzy.today_share={share}"]) for share in (0.2, 0.4)]
    assert [one.practices["practice"].demand.kinds["dizzy"].today_share for one in found] == [0.2, 0.4]


FAULTS = {
    "role: {gpp: {scope: 0.5}}\n": "kind/x.yaml role: gpp: must be one of: ",
    "role: {gp: {scoop: 0.5}}\n": "kind/x.yaml role.gp.scoop: is not by kind of need; here stand: scope; "
    "did you mean scope?",
    "role: {gp: 0.5}\n": "kind/x.yaml role.gp: 0.5: must be a mapping with scope",
    "role: [gp]\n": "kind/x.yaml role: [gp]: must name options of role/ with what differs in them",
    "triage: {total_digital: {clinician_triage: {role: gp}}}\n": "kind/x.yaml triage.total_digital.clinician_triage"
    ".role: is not by kind of need; here stand: places, signposts, clinician_triage.settled_share",
    "sharee: 0.1\n": "demand.kinds.x.sharee: 0.1: is not a setting",
    "out_of: acute_mino\n": "kind/x.yaml out_of: acute_mino: must be the kind whose needs these were, or all: all, ",
}


@pytest.mark.parametrize("line", FAULTS)
def test_a_fault_in_a_kind_s_file_is_told(line: str, user_folder: Write, refused: Refused) -> None:
    text = "defaults: [acute_minor@_here_]\n" + line
    text += "" if "out_of" in line else "out_of: acute_minor\nshare: 0.1\n"
    (said,) = refused("+kind=x", user_folder=user_folder({"kind/x.yaml": text}))
    assert said.startswith(FAULTS[line])


def test_a_kind_is_not_called_all(user_folder: Write, refused: Refused) -> None:
    (said,) = refused("+kind=all", user_folder=user_folder({"kind/all.yaml": DIZZY}))
    assert said == "kind/all.yaml: `all` stands for every kind of need: give it a name of its own"


@pytest.mark.parametrize(
    ("override", "line"),
    [
        ("kind.social.share=0.1", "kind.social.share: 0.1: is not a setting; did you mean demand.kinds.social.share?"),
        ("demand.kinds.dizzy.share=0.1", "demand.kinds.dizzy.share: 0.1: is not chosen; add +kind=dizzy"),
    ],
)
def test_a_key_of_a_kind_that_is_not_there_names_what_to_write(
    override: str, line: str, user_folder: Write, refused: Refused
) -> None:
    assert refused(override, user_folder=user_folder({"kind/dizzy.yaml": DIZZY})) == [line]


def test_the_shipped_kinds_say_only_what_belongs_there() -> None:
    library = user_library()
    for name, path in library.shipped_files["kind"].items():
        assert list(faults_in_kind(library, path.name, values_in(path))) == [], name
    assert set(places()) == {"role", "triage", "backoffice", "community", "care_homes", "mdt"}


def test_a_kind_says_how_often_an_mdt_hears_of_it(user_folder: Write) -> None:
    """Clinicians name people after consultations of a kind: its file has the row of each MDT there is."""
    named = DIZZY + "mdt:\n  frail: {selects: {nominated: 0.02}}  # share; own guess\n"
    folder = user_folder({"kind/dizzy.yaml": named})
    with_it = load_scenario("+kind=dizzy", "mdt=[frail,trouble_with_life]", user_folder=folder)
    assert with_it.mdt["frail"].selects.nominated == {"dizzy": 0.02}
    assert "dizzy" not in with_it.mdt["trouble_with_life"].selects.nominated
    assert load_scenario("+kind=dizzy", user_folder=folder).mdt == {}
