"""The three peers do the gp-ref workload: their results are the specification's, run for run."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # one peer builds on another

EXPECTED = {  # over 250 days: mean, and sd of one run; source: the gp-ref specification
    "fresh": (60_148, 246),
    "redials": (5_789, 135),
    "recontacts": (3_636, 63),
    "blocked": (1_520, 99),
    "abandoned": (10_072, 168),
    "answered": (57_982, 220),
    "consults": (24_524, 154),
    "dna": (1_566, 40),
    "mean_wait_answered": (1.316, 0.021),
    "mean_clinician_wait": (50.5, 1.1),
    "agent_utilisation": (0.499, 0.002),
    "clinician_utilisation": (0.661, 0.005),
}
COUNTS = ("fresh", "redials", "recontacts", "blocked", "abandoned", "answered", "consults", "dna")
PEERS = ("textbook_simpy", "lean_simpy", "ciw_gp_ref")
SEED = 20


@cache
def peer(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def results(name: str, days: int, phone_only: bool = False) -> dict[str, float]:
    measured: dict[str, float] = peer(name).run(days=days, seed=SEED, phone_only=phone_only)
    return measured


def assert_within(measured: dict[str, float], days: int, sds: float, slack: float) -> None:
    """Check each result against its mean: `sds` sd of a run of that length, plus a share of slack."""
    runs = days / 250
    for name, (mean, sd) in EXPECTED.items():
        size = runs if name in COUNTS else 1.0
        if name == "recontacts":  # those of the last five days fall partly outside: three days' worth in all
            size = (days - 3) / 247
        bound = sds * sd * (runs**0.5 if name in COUNTS else runs**-0.5) + slack * mean * size
        assert measured[name] == pytest.approx(mean * size, abs=bound), name


def test_textbook_gives_the_expected_results() -> None:
    assert_within(results("textbook_simpy", 250), 250, sds=4, slack=0)


def test_lean_simpy_gives_the_expected_results() -> None:
    assert_within(results("lean_simpy", 250), 250, sds=4, slack=0)


def test_ciw_gives_the_expected_results_over_25_days() -> None:
    assert_within(results("ciw_gp_ref", 25), 25, sds=4, slack=0.01)


@pytest.mark.slow
def test_ciw_gives_the_expected_results() -> None:
    assert_within(results("ciw_gp_ref", 250), 250, sds=4, slack=0)


@pytest.mark.slow
@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("phone_only", [False, True])
def test_every_call_ends_one_way(name: str, phone_only: bool) -> None:
    found = results(name, 25, phone_only)
    attempts = found["fresh"] + found["redials"] + found["recontacts"]
    contacts = found["consults"] + found["dna"]
    assert attempts == found["answered"] + found["abandoned"] + found["blocked"]
    assert contacts <= found["answered"]
    assert found["redials"] <= found["abandoned"] + found["blocked"]
    staff_changes = (3 if phone_only else 5) * 25
    assert found["logical_events"] == (attempts + found["abandoned"] + found["answered"] + contacts + staff_changes)


@pytest.mark.parametrize("name", PEERS)
def test_phone_only_leaves_out_what_follows_the_phone(name: str) -> None:
    full, phone = results(name, 25), results(name, 25, phone_only=True)
    assert full.keys() == phone.keys()
    assert phone["recontacts"] == phone["consults"] == phone["dna"] == phone["clinician_utilisation"] == 0
    assert phone["agent_utilisation"] < full["agent_utilisation"]  # no failure demand to carry


def test_peers_agree_on_the_phone_alone() -> None:
    textbook, ciw = (results(name, 25, phone_only=True) for name in ("textbook_simpy", "ciw_gp_ref"))
    for name in ("fresh", "redials", "blocked", "abandoned", "answered"):
        sd = EXPECTED[name][1] * 0.1**0.5
        assert textbook[name] == pytest.approx(ciw[name], abs=4 * 2**0.5 * sd), name


@pytest.mark.parametrize("name", PEERS)
def test_a_seed_fixes_the_run(name: str) -> None:
    module = peer(name)
    first = module.run(days=5, seed=3)
    assert module.run(days=5, seed=3) == first
    assert module.run(days=5, seed=4) != first
