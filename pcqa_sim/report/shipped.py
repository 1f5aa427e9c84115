"""The experiments that are shipped: files of the folder `experiments` that have a settings file of the same name.

The folder lies beside the package in a checkout and inside it in an installed wheel, as that of the settings does; only
what lies there is ever loaded.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from pcqa_sim.report.experiments import Experiment
from pcqa_sim.values.faults import BadInput, Fault, nearest

PUBLISHED = "published"
_MODULES = "pcqa_experiments"


def experiments_folder() -> Path:
    """Return the folder of shipped experiments: inside the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "experiments", package.parent / "experiments"):
        if (folder / PUBLISHED).is_dir():
            return folder
    raise FileNotFoundError("the folder `experiments` is missing: install pcqa-sim again")


@cache
def shipped() -> dict[str, Path]:
    """Return the files of the experiments by name: questions first, published studies after them."""
    folder = experiments_folder()
    settings = {path.stem for place in _settings() for path in place.glob("*.yaml")}
    files = [*sorted(folder.glob("*.py")), *sorted((folder / PUBLISHED).glob("*.py"))]
    return {path.stem: path for path in files if path.stem in settings}


def _settings() -> tuple[Path, ...]:
    package = Path(__file__).resolve().parents[1]
    return package / "configs" / "experiment", package.parent / "configs" / "experiment"


def is_published(name: str) -> bool:
    """Tell whether an experiment is a published study set up again."""
    return shipped()[name].parent.name == PUBLISHED


@cache
def experiment(name: str) -> Experiment:
    """Return an experiment by its name; raise BadInput for a name that is not shipped."""
    known = shipped()
    if name not in known:
        raise BadInput(
            Fault("NAME", "must be a shipped experiment: `pcqa experiment` lists them", name, nearest(name, known))
        )
    spec = spec_from_file_location(f"{_MODULES}.{name}", known[name])
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    found: Experiment = module.EXPERIMENT
    return found
