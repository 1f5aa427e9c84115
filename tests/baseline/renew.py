"""Write the baseline anew, after a deliberate change of the model; say the reason in the commit.

Run from the project's folder: python tests/baseline/renew.py [NAME ...]
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))

from baseline import luckkeys
from baseline.recording import BASELINE, LUCK, SCENARIOS, record, stored


def main() -> None:
    """Record every scenario, or those named, and the keys of luck."""
    names = sys.argv[1:] or list(SCENARIOS)
    records = stored(BASELINE) if BASELINE.exists() else {}
    records |= {name: record(name) for name in names}
    BASELINE.write_text(yaml.safe_dump({name: records[name] for name in SCENARIOS}, sort_keys=False, width=120))
    LUCK.write_text(yaml.safe_dump(luckkeys.of_code(), width=120))


if __name__ == "__main__":
    main()
