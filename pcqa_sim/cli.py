"""The `pcqa` command: what people type, and how faults are told.

Exit codes: 0 all is well, 1 a run failed, 2 bad input, 3 a file could not be written, 130 interrupted. Whatever a
command needs is imported when it runs, so that `pcqa --help` answers at once.
"""

from __future__ import annotations

import gc
import sys
from typing import Annotated

import typer

from pcqa_sim import __version__
from pcqa_sim.commands import (
    advise,
    animate,
    calibrate,
    events,
    experiment,
    explore,
    hypotheses,
    importing,
    look,
    part,
    practice,
    replay,
    report,
    rerun,
    resemble,
    sensitivity,
    serve,
    size,
    story,
    surface,
    tally,
    trial,
    trust,
    week,
)
from pcqa_sim.commands import app as app_command
from pcqa_sim.commands import compare as comparing
from pcqa_sim.commands import run as running
from pcqa_sim.commands import sweep as sweeping
from pcqa_sim.commands.logs import show_logs
from pcqa_sim.commands.options import Commands, Overrides
from pcqa_sim.commands.screen import on_screen
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.form import form
from pcqa_sim.values.outside import shown

# Typer carries its own copy of click in newer versions; what both have in common is the ancestry of BadParameter.
_UsageFault = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")

EXIT_FAILED, EXIT_BAD_INPUT, EXIT_NOT_WRITTEN, EXIT_INTERRUPTED = 1, 2, 3, 130

app = Commands(
    name="pcqa",
    help="Simulate an English general practice: the 8am flood, failure demand, and what would change them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def _pcqa(
    version: Annotated[bool, typer.Option("--version", help="print the version and stop")] = False,
    verbose: Annotated[
        int, typer.Option("-v", "--verbose", count=True, help="log what is done on standard error; -vv says more")
    ] = 0,
) -> None:
    show_logs(verbose)
    if version:
        print(f"pcqa_sim {__version__} ({form()})")
        raise typer.Exit


for command in (
    running,
    comparing,
    experiment,
    advise,
    calibrate,
    size,
    sensitivity,
    surface,
    sweeping,
    replay,
    report,
    rerun,
    trust,
    trial,
    week,
    events,
    part,
    practice,
    importing,
    look,
    tally,
    resemble,
    story,
    hypotheses,
    app_command,
    animate,
    explore,
    serve,
):
    command.register(app)


@app.command()
def show(
    overrides: Overrides = None,
) -> None:
    """Show the resolved scenario, what differs from the default, and where each number comes from.

    Example: pcqa show practice=small intervention=[more_phone_lines]
    """
    from pcqa_sim import configuration

    print(configuration.show_text(configuration.show(*(overrides or []))))


@app.command()
def verify(
    quick: Annotated[bool, typer.Option("--quick", help="fewer replications, to see how it goes")] = False,
) -> None:
    """Hold the model against queueing theory and its own conservation laws; takes under three minutes.

    Example: pcqa verify
    """
    from pcqa_sim.verification import table

    lines = table.table_lines(quick=quick)
    try:
        while True:
            print(next(lines), flush=True)
    except StopIteration as end:
        if not all(end.value):
            raise typer.Exit(EXIT_FAILED) from None


def main() -> None:
    """Run the command and turn every fault into one clear line and an exit code."""
    gc.set_threshold(200_000, 20, 100)  # what is imported stays: looking through it again and again takes a tenth
    with on_screen() as output:
        code = _exit_code()
        sys.stdout.flush()
        if output.fault is not None and not output.closed_by_reader:
            told = f"standard output: {output.fault.strerror}: not all could be shown; what was to be written is there"
            code = code or _told(told, EXIT_NOT_WRITTEN)
    sys.exit(code)


def _exit_code() -> int:
    """Run the command; tell what went wrong and return the exit code."""
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
        return _told("stopped", EXIT_INTERRUPTED) if code == EXIT_INTERRUPTED else code or 0
    except BadInput as fault:
        return _told(str(fault), EXIT_BAD_INPUT)
    except (KeyboardInterrupt, typer.Abort):
        return _told("stopped", EXIT_INTERRUPTED)
    except OSError as fault:
        place = f"{fault.filename}: " if fault.filename else ""
        return _told(f"{place}{fault.strerror or fault}", EXIT_NOT_WRITTEN)
    except Exception as fault:
        if isinstance(fault, _UsageFault):
            return _told(" ".join(str(fault.format_message()).split()), EXIT_BAD_INPUT)  # type: ignore[attr-defined]
        if not isinstance(fault, RuntimeError):
            raise
        return _told(f"the run failed: {fault}", EXIT_FAILED)


def _told(message: str, code: int) -> int:
    print("\n".join(map(shown, message.split("\n"))), file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
