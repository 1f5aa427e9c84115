"""Draw mutants, try each, and print what survived: `PYTHONPATH=tests python -m mutants --number 200 luck diary`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from mutants.equivalents import equivalents
from mutants.making import Mutant, drawn, mutants
from mutants.table import ROOT, TABLE
from mutants.trying import SURVIVED, Bench

ENOUGH = 0.85


def chosen(modules: list[str], number: int, seed: int) -> list[Mutant]:
    """Return the mutants to try: as many of each module, but for the equivalent ones."""
    known = equivalents()
    share, more = divmod(number, len(modules))
    found = []
    for place, module in enumerate(modules):
        source = (ROOT / TABLE[module].path).read_text(encoding="utf-8")
        real = [mutant for mutant in mutants(module, source) if mutant.name not in known]
        found += drawn(real, share + (place < more), seed)
    return found


def told(mutant: Mutant, what: str) -> str:
    """Return one line about a mutant."""
    place = f"{TABLE[mutant.module].path}:{mutant.line} {mutant.scope or '(module)'}"
    return f"{what:9} {place}\n          was: {mutant.was}\n          now: {mutant.now}"


def main(words: list[str]) -> int:
    """Try the mutants and print each; return 1 if too many survived."""
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", help=f"some of {', '.join(TABLE)}; all of them if none is named")
    parser.add_argument("--number", type=int, default=200, help="how many mutants, shared out evenly")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quiet", action="store_true", help="print survivors alone")
    asked = parser.parse_args(words)
    modules = asked.modules or list(TABLE)
    if unknown := [module for module in modules if module not in TABLE]:
        parser.error(f"{', '.join(unknown)}: not one of {', '.join(TABLE)}")
    counts: dict[str, Counter[str]] = {module: Counter() for module in modules}
    with tempfile.TemporaryDirectory(prefix="pcqa-mutants-") as folder:
        bench = Bench.made(Path(folder), modules)
        for mutant in chosen(modules, asked.number, asked.seed):
            what = bench.tried(mutant)
            counts[mutant.module][what] += 1
            if what == SURVIVED or not asked.quiet:
                print(told(mutant, what), flush=True)
    return summed_up(counts)


def summed_up(counts: dict[str, Counter[str]]) -> int:
    """Print how many were killed by module and in all; return 1 if too few."""
    for module, count in {**counts, "all": sum(counts.values(), Counter())}.items():
        tried, survived = sum(count.values()), count[SURVIVED]
        print(f"{module:12} {tried - survived} of {tried} killed")
    return int(survived > (1 - ENOUGH) * tried)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
