#!/bin/sh
# Starts the app on this machine (Linux, Python 3.11 or newer). Nothing is downloaded: all packages are in this folder.
set -eu
cd "$(dirname "$0")"
PYTHON="${PYTHON:-python3}"
if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "Python 3.11 or newer is needed; name one with: PYTHON=python3.12 ./start.sh" >&2
  exit 1
fi
if [ ! -f .venv/.ready ]; then
  echo "Setting up, once: a minute or two ..."
  "$PYTHON" -m venv .venv
  sha256sum --quiet -c SHA256SUMS
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps packages/*.whl
  touch .venv/.ready
fi
PORT="${PORT:-8501}"
(sleep 5 && command -v xdg-open >/dev/null && xdg-open "http://127.0.0.1:$PORT" >/dev/null 2>&1) &
exec .venv/bin/pcqa app --port "$PORT"
