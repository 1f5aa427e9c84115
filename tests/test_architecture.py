"""The house has one order: a file imports only what stands above it, and fences keep libraries in their rooms."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "pcqa_sim"

ORDER = (
    "limits", "outside", "clock", "luck", "distributions", "plaintext", "faults", "reading",
    "eventlog", "needs", "scenario", "people", "planned", "policies",
    "triage", "covering", "booking", "backoffice", "outcome", "kinds", "rush", "experience", "form", "asking",
    "filling", "clinicians", "rota", "extras", "interventions",
    "pool", "strand", "crosstrained", "access", "practice", "telling", "waiting", "inviting", "journey", "workforce",
    "demand", "simulation",
    "tables", "conservation", "metrics", "run", "morning", "figures",
    "study", "calibration", "inputs", "report", "configuration", "verification", "commands", "cli",
)  # fmt: skip
"""The rooms from the bottom up, as in the map of DESIGN.md; a folder is one room."""

FENCES = {
    "simpy": {
        "pool",
        "strand",
        "access",
        "practice",
        "telling",
        "journey",
        "workforce",
        "demand",
        "simulation",
        "run",
        "verification",
    },
    "pandas": set(ORDER[ORDER.index("tables") :]),
    "matplotlib": {"figures"},
    "hydra": {"configuration"},
    "omegaconf": {"configuration"},
    "dask": {"study"},
    "distributed": {"study"},
    "dask_jobqueue": {"study"},
    "streamlit": {"app"},
    "typer": {"commands", "cli"},
    "rich": {"commands", "cli"},
    "SALib": {"study"},
    "random": set(),
}
DECISIONS = ORDER[ORDER.index("people") : ORDER.index("pool")]
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
TESTS = sorted(Path(__file__).parent.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


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
    here = ORDER.index(room(path))
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "pcqa_sim" and len(parts) > 1 and parts[1] in ORDER:
            assert ORDER.index(parts[1]) <= here, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    for name in imports(path, at_run_time=False):
        library = name.split(".")[0]
        if library in FENCES:
            assert room(path) in FENCES[library], f"{path.name} imports {name}"


def test_dask_stays_with_the_engines() -> None:
    """Within `study`, too: whoever has no cluster needs none of it."""
    for path in FILES:
        libraries = {name.split(".")[0] for name in imports(path, at_run_time=False)}
        if libraries & {"dask", "distributed", "dask_jobqueue"}:
            assert path.parent.name == "engines", path


def test_every_room_is_on_the_map() -> None:
    assert {room(path) for path in FILES} == set(ORDER)


def test_the_map_in_the_design_names_every_room() -> None:
    text = (PACKAGE.parent / "DESIGN.md").read_text()
    for name in ORDER:
        assert f"`{name}" in text, name


def test_decisions_never_wait() -> None:
    """Where decisions are made there is no environment and no yield of events."""
    for path in FILES:
        if room(path) in DECISIONS:
            assert "simpy" not in path.read_text()


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
