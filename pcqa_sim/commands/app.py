"""`pcqa app`: the app, in a browser on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from pcqa_sim.commands.options import processes_here

MOST_PORT = 65_535


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="app")(app_)


def app_(
    port: Annotated[int, typer.Option(min=1, max=MOST_PORT, help="port on 127.0.0.1")] = 8501,
    prefix: Annotated[str, typer.Option(help="path under which a reverse proxy shows it, such as pcqa")] = "",
    most_runs: Annotated[int, typer.Option(min=1, max=64, help="runs of all users together at once")] = 4,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="processes of one run; as many as processors by default")
    ] = None,
) -> None:
    """Open the app: describe your practice, change something, see what it does. It serves this machine alone.

    Settings of your own under ./pcqa_conf are offered to whoever uses it; what users make is theirs alone and is gone
    when they leave, unless they save it.

    Example: pcqa app --port 8501
    """
    from pcqa_sim.app.server import serve
    from pcqa_sim.configuration.folders import find_user_folder

    serve(port, find_user_folder(None), prefix.strip("/"), most_runs, processes_here(workers))
