"""Put the app into one zipped folder: its packages at the pinned versions, a start script, and how to start.

One of them comes as source alone and is built here, so what is in the folder has its own checksums.
python docs/bundle/make.py [OUT]: dist/pcqa-app.zip by default. Packages are those for this kind of machine and Python.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
NAME = "pcqa-app"
FILES = ("start.sh", "start.bat", "README.txt", "Containerfile")


def _sum(path: Path) -> str:
    return f"{hashlib.sha256(path.read_bytes()).hexdigest()}  packages/{path.name}\n"


def main(out: Path) -> None:
    """Make the folder and zip it."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / NAME
        packages = folder / "packages"
        packages.mkdir(parents=True)
        for name in FILES:
            shutil.copy2(HERE / name, folder / name)
        (folder / "start.sh").chmod(0o755)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
        wanted = ["--require-hashes", "-r", str(ROOT / "constraints-app.txt")]
        subprocess.run([*pip, "wheel", *wanted, "-w", str(packages)], check=True)
        subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(packages), str(ROOT)], check=True)
        (folder / "SHA256SUMS").write_text("".join(map(_sum, sorted(packages.iterdir()))))
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.make_archive(str(out.with_suffix("")), "zip", made, NAME)
    print(f"{out}: {out.stat().st_size / 2**20:,.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist" / f"{NAME}.zip")
