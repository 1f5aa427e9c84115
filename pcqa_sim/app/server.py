"""The app as a server on this machine alone: no address but 127.0.0.1, no usage statistics, no request elsewhere."""

from __future__ import annotations

import gc
import os
import socket
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from pcqa_sim.app import limits
from pcqa_sim.values.faults import BadInput, Fault

HOST, PORT = "127.0.0.1", 8501
OWN, MOST, PREFIX, WORKERS = "PCQA_APP_SETTINGS", "PCQA_APP_MOST", "PCQA_APP_PREFIX", "PCQA_APP_WORKERS"
ENTRY = Path(__file__).parent / "pages" / "entry.py"


def options(port: int, prefix: str = "") -> dict[str, object]:
    """Return what the server is told, by the names of its configuration."""
    return {
        "server.address": HOST,
        "server.port": port,
        "server.headless": True,
        "server.maxUploadSize": limits.MOST_UPLOAD_MB,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.baseUrlPath": prefix,
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "browser.gatherUsageStats": False,
        "browser.serverAddress": HOST,
        "client.toolbarMode": "viewer",
        "client.showErrorDetails": "none",
        "theme.base": "light",
        "theme.primaryColor": "#005eb8",
        "theme.textColor": "#212b32",
        "theme.font": "Arial, Helvetica, sans-serif",
        "logger.level": "warning",
    }


def serve(port: int, settings: Path | None, prefix: str, most: int, workers: int) -> None:
    """Serve the app until it is interrupted; raise BadInput where it cannot be."""
    if find_spec("streamlit") is None:
        raise BadInput(Fault("pcqa app", 'needs Streamlit: pip install "pcqa-sim[app]"'))
    if not free(port):
        raise BadInput(Fault("--port", "is in use: stop what uses it, or give another", str(port)))
    os.environ |= {OWN: str(settings or ""), MOST: str(most), PREFIX: prefix, WORKERS: str(workers)}
    from streamlit.web import bootstrap

    _read_ahead(settings)
    told = options(port, prefix)
    bootstrap.load_config_options({name.replace(".", "_"): value for name, value in told.items()})
    print(f"The app is at http://{HOST}:{port}/{prefix} - on this machine alone. Ctrl-C ends it.", flush=True)
    bootstrap.run(str(ENTRY), False, [], {})


def _read_ahead(settings: Path | None) -> None:
    """Read what the first page needs, now, and not while the first user waits for it.

    What was read stays: Streamlit looks for garbage after every page, and need not go through it.
    """
    import pcqa_sim.app.pages.listed  # noqa: F401
    from pcqa_sim.configuration import show

    with suppress(BadInput):
        show("practice=average", "run=quick", user_folder=settings)
    gc.collect()
    gc.freeze()


def free(port: int) -> bool:
    """Tell whether a port of this machine is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
