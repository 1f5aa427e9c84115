"""Write the stories anew, after a deliberate change of the model: then read what changed.

Run from the project's folder: python tests/report/renew_stories.py [--settings]
--settings takes over the shipped settings as they are now; without it the stories keep theirs.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).parent))

from storybook import OVERRIDES, SCENARIO, STORIES, chosen, scenario, told

from pcqa_sim import load_scenario, simulate
from pcqa_sim.configuration import config_folder


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--settings", action="store_true", help="take over the shipped settings")
    if parser.parse_args().settings or not SCENARIO.exists():
        settings = load_scenario(*OVERRIDES, user_folder=config_folder()).model_dump(mode="json")
        SCENARIO.write_text(yaml.safe_dump(settings, sort_keys=False, width=160))
    run = simulate(scenario())
    for path in STORIES.glob("*.txt"):
        path.unlink()
    for name, need in chosen(run).items():
        if need < 0:
            print(f"{name}: does not happen in this run")
        else:
            (STORIES / f"{name}.txt").write_text(told(run, need))


if __name__ == "__main__":
    main()
