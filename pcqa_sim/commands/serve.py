"""`pcqa serve`: the model for other programs, by the Model Context Protocol over standard input and output."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from pcqa_sim.commands.options import processes_here


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="processes of one run; as many as processors by default")
    ] = None,
) -> None:
    """Answer other programs by the Model Context Protocol: schema, validation, run, compare, advise. It has no port.

    Faults are the lines of the command line, limits those of the app. Own code is known only with --plugins.

    Example: pcqa serve
    """
    from pcqa_sim.app import door
    from pcqa_sim.configuration.folders import find_user_folder
    from pcqa_sim.values.plugins import given_options

    given = [word for word in given_options() if not word.startswith("--")]
    door.serve(find_user_folder(None), processes_here(workers), os.pathsep.join(given))
