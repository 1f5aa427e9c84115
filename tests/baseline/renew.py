"""Write the baseline anew, after a deliberate change of the model; say the reason in the commit.

Run from the project's folder: python tests/baseline/renew.py [NAME ...]
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))

from baseline import luckkeys
from baseline.recording import BASELINE, LUCK, RENAMED, SCENARIOS, record, since, stored

from pcqa_sim.values import renamed


def main() -> None:
    """Record every scenario, or those named, and the keys of luck."""
    names = sys.argv[1:] or list(SCENARIOS)
    records = stored(BASELINE) if BASELINE.exists() else {}
    some = since() if sys.argv[1:] else {}  # of some alone, in the words of the others
    records |= {name: record(name, some) for name in names}
    BASELINE.write_text(yaml.safe_dump({name: records[name] for name in SCENARIOS}, sort_keys=False, width=120))
    if not sys.argv[1:]:
        known = yaml.safe_dump(renamed.METRICS | renamed.WORDS, width=120)
        RENAMED.write_text(RENAMED.read_text().partition("\n")[0] + f"\n{known}")
    LUCK.write_text(yaml.safe_dump(luckkeys.of_code(), width=120))


if __name__ == "__main__":
    main()
