"""The house has one order: a file imports only what stands above it, and fences keep libraries in their wings."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "pcqa_sim"

WINGS: dict[str, tuple[str, ...]] = {
    "values": (
        "form", "limits", "outside", "plaintext", "wholefile", "bank_holidays", "clock", "saidtimes", "luck",
        "native_luck", "distributions", "faults", "renamed", "reading", "formats", "words",
        "arrow", "eventrows", "native_rows", "eventlog", "needs", "owncode", "plugins", "doors",
    ),
    "kernel": ("clockwork", "environment", "pool", "process"),
    "scenario": (
        "fields", "shapes", "fault_wording", "changes", "groups", "practice", "stability", "checks", "team",
        "triage_time", "reach", "sharing", "meetings", "tree",
    ),
    "population": (
        "people", "recalls", "busy_days", "frequent", "native_candidates", "need_generation", "states", "booked_before",
    ),
    "frontdoor": (
        "phone", "online_form", "form_first", "morning_rush", "channel_memory", "next_action", "cross_training",
        "recognition",
        "triage",
    ),
    "clinic": (
        "covering", "staff", "absences", "session", "rota", "reception_rota", "consultation", "diary", "overbooking",
        "triage_list", "clinicians",
        "need_rules", "deterioration", "paperwork",
    ),
    "community": ("bookings", "champions", "effects", "places", "care_homes"),
    "network": ("rounds", "hub", "elsewhere", "mdt_people", "mdt_dates"),
    "practice": (
        "recorder", "in_force", "appointment_book", "slot_request", "app_booking", "reception", "consulting",
        "office_hours", "expectations", "experience", "emergency", "triage_view", "practice",
    ),
    "journey": (
        "timing", "contacts", "waiting_list", "pending", "deteriorating", "community", "care_homes",
        "practice_initiated", "getting_through", "journey", "sessions",
        "hub_day", "nhs_111",
        "diary_at_start", "arrivals", "mdt_table", "mdt",
    ),
    "simulation": (),
    "results": (
        "columns", "rows", "tables", "referrals", "mdt", "extrawork", "breaches", "conserved_people", "conserved_time",
        "conservation", "metrics", "run", "intraday", "halfhours", "figures",
    ),
    "interventions": (), "extending": (), "study": (), "calibration": (), "inputs": (), "report": (),
    "configuration": (), "verification": (), "app": (), "commands": (), "cli": (),
}  # fmt: skip
"""The wings from the bottom up, as in the map of DESIGN.md, and the order of the files within the first ones."""

ORDER = tuple(WINGS)
FENCES = {
    "simpy": {"kernel", "frontdoor", "practice", "journey", "simulation", "results", "verification"},
    "pandas": set(ORDER[ORDER.index("results") :]),
    "matplotlib": {"results"},
    "hydra": {"configuration"},
    "omegaconf": {"configuration"},
    "dask": {"study"},
    "distributed": {"study"},
    "dask_jobqueue": {"study"},
    "streamlit": {"app"},
    "mcp": {"app"},
    "jinja2": {"report"},
    "markupsafe": {"report"},
    "typer": {"commands", "cli"},
    "rich": {"commands", "cli"},
    "SALib": {"study"},
    "random": set(),
}
DECISIONS = ("scenario", "population", "clinic", "interventions")
WAITING_IN_FRONTDOOR = {"phone.py"}
MOST_IMPORTS_BETWEEN_WINGS = 119
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
TESTS = sorted(Path(__file__).parent.rglob("*.py"))


def wing(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def place(parts: tuple[str, ...]) -> tuple[int, int]:
    """Where a module stands: its wing, and its file in the wing (0 where the wing orders none, or is meant whole)."""
    files = WINGS[parts[0]]
    if not files or len(parts) < 2 or parts[1] not in files:
        return ORDER.index(parts[0]), 0
    return ORDER.index(parts[0]), files.index(parts[1])


def imports(path: Path, at_run_time: bool = True) -> list[str]:
    """Modules a file imports; those only for type checkers are left out."""
    tree = ast.parse(path.read_text())
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            skipped |= {id(inner) for inner in ast.walk(node)}
    found = []
    for node in ast.walk(tree):
        if at_run_time and id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_only_what_stands_above_it(path: Path) -> None:
    here = path.relative_to(PACKAGE).with_suffix("").parts
    for name in imports(path):
        there = tuple(name.split("."))[1:]
        if name.startswith("pcqa_sim.") and there[0] in WINGS:
            assert place(there) <= place(here) or here[-1] == "__init__", f"{path.name} imports {name}"
            assert ORDER.index(there[0]) <= ORDER.index(here[0]), f"{path.name} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_libraries_stay_in_their_wings(path: Path) -> None:
    for name in imports(path, at_run_time=False):
        library = name.split(".")[0]
        if library in FENCES:
            assert wing(path) in FENCES[library], f"{path.name} imports {name}"


def test_dask_stays_with_the_engines() -> None:
    """Within `study`, too: whoever has no cluster needs none of it."""
    for path in FILES:
        libraries = {name.split(".")[0] for name in imports(path, at_run_time=False)}
        if libraries & {"dask", "distributed", "dask_jobqueue"}:
            assert path.parent.name == "engines", path


def test_every_file_is_on_the_map() -> None:
    assert {wing(path) for path in FILES} == set(ORDER)
    for name, files in WINGS.items():
        if files:
            here = {path.relative_to(PACKAGE).parts[1].removesuffix(".py") for path in FILES if wing(path) == name}
            assert here - {"__init__"} == set(files), name


def test_the_map_in_the_design_names_every_file() -> None:
    text = (PACKAGE.parent / "DESIGN.md").read_text()
    for name in (*ORDER, *(file for files in WINGS.values() for file in files)):
        assert f"`{name}" in text, name


def test_decisions_never_wait() -> None:
    """Where decisions are made there is no environment and no yield of events; only the telephone waits in front."""
    for path in FILES:
        decides = wing(path) in DECISIONS or (wing(path) == "frontdoor" and path.name not in WAITING_IN_FRONTDOOR)
        if decides:
            assert "simpy" not in path.read_text()


def test_the_house_stays_small_at_the_top() -> None:
    """As few modules at the top, and as few imports between them, as when the wings were made and the app came."""
    assert len(ORDER) <= 23
    between = {(wing(path), name.split(".")[1]) for path in FILES for name in imports(path) if "pcqa_sim." in name}
    assert len([pair for pair in between if pair[0] != pair[1]]) <= MOST_IMPORTS_BETWEEN_WINGS


def test_global_random_state_is_never_used() -> None:
    for path in FILES:
        text = path.read_text()
        for word in ("np.random.seed", "np.random.rand", "np.random.normal", "import random", "RandomState", "= hash("):
            assert word not in text, f"{path}: {word}"


@pytest.mark.parametrize("path", [*FILES, *TESTS], ids=lambda path: path.name)
def test_settings_change_in_one_checked_way(path: Path) -> None:
    """pydantic's own copy takes any value, without a look at its limits: `with_settings` looks."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    called = {node.func.attr for node in calls if isinstance(node.func, ast.Attribute)}
    assert not called & {"model_copy", "model_construct"}


def test_importing_the_command_is_cheap() -> None:
    """What --help needs does not include the numerical libraries."""
    tree = ast.parse((PACKAGE / "cli.py").read_text())
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in top}
    heavy = {"numpy", "pandas", "scipy", "matplotlib", "hydra", "simpy"}
    assert names & heavy == set()
    code = "import sys, pcqa_sim.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True
    )
    assert set(loaded.stdout.split()) & {*heavy, "omegaconf", "pydantic", "pyarrow"} == set()
