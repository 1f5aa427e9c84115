"""Make the site: `python docs/website [FOLDER]`; needs `pip install 'pcqa-sim[docs]'`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from website.building import BUILD, build

if __name__ == "__main__":
    print(f"Site in {build(Path(sys.argv[1]) if len(sys.argv) > 1 else BUILD)}")
