"""A plain Slurm job array for sites without long-running schedulers: each job does its share of a study's units."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.plugins import given_options


def sbatch_script(folder: Path, parts: int, units: int) -> str:
    """Return the text of a batch script whose array of `parts` jobs does all units of the study in a folder.

    Raises BadInput for a folder whose name cannot stand in a line of a script.
    """
    there = folder.resolve()
    if not str(there).isprintable() or '"' in str(there):
        raise BadInput(Fault("--out", 'for a batch script, a path without control characters and "', str(there)))
    words = [sys.executable, "-m", "pcqa_sim.cli", "part", str(there), "--of", str(parts), *given_options()]
    each = -(-units // parts)
    lines = (
        "#!/bin/bash",
        f"# {units:,} units in {parts:,} jobs, at most {each:,} each. Submit with: sbatch THIS-FILE.",
        "# A job that is ended loses only the unit it has in hand: submit again, and only what is missing is done.",
        "#SBATCH --job-name=pcqa",
        f"#SBATCH --array=0-{parts - 1}",
        "#SBATCH --ntasks=1",
        "#SBATCH --cpus-per-task=1",
        "#SBATCH --mem=2G            # twice what a practice of 10,000 needs for a year",
        "#SBATCH --time=04:00:00     # seconds a unit x units a job, with room",
        f"#SBATCH --output={_quoted(there / 'slurm')}/%A_%a.txt",
        "# Add what your site asks for, such as:",
        "##SBATCH --partition=...",
        "##SBATCH --account=...",
        "",
        "export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1",
        f'exec {shlex.join(words)} --part "$SLURM_ARRAY_TASK_ID"',
    )
    return "\n".join(lines) + "\n"


def _quoted(path: Path) -> str:
    """Return a path as a #SBATCH line takes it."""
    text = str(path)
    return f'"{text}"' if " " in text else text
