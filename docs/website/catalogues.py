"""Pages made from the registries: commands, metrics, the event log, interventions, access models, shipped settings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer
import yaml

from pcqa_sim.cli import app
from pcqa_sim.frontdoor.triage import TRIAGE
from pcqa_sim.interventions import INTERVENTIONS
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.themes import headlines
from pcqa_sim.values import words as log_words
from pcqa_sim.values.eventlog import CATALOGUE
from website.tables import code, doc, first_sentence, plain, table

_COMMENT = re.compile(r"^# ?(?!@package)(.*)$")


def commands() -> dict[str, Any]:
    """Return the commands of `pcqa` by name."""
    found: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return found


def help_of(name: str, command: Any, level: int = 2) -> list[str]:
    """Return what `--help` says of a command, and of those it holds, as Markdown."""
    lines = [f"{'#' * level} All options of `pcqa {name}`" if level == 2 else f"{'#' * level} `pcqa {name}`", ""]
    lines += [*_help_text(command.help or ""), ""]
    rows = [(_usage(one), plain(getattr(one, "help", "") or _argument(one)), _default(one)) for one in command.params]
    lines += table(("option", "what it does", "default"), [row for row in rows if "`--help`" not in row[0]])
    for inner, one in sorted(getattr(command, "commands", {}).items()):
        lines += help_of(f"{name} {inner}", one, level + 1)
    return lines


def _help_text(text: str) -> Iterator[str]:
    """Yield a command's help; its examples as code."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        told = " ".join(paragraph.split())
        yield f"Example: `{told.removeprefix('Example: ')}`" if told.startswith("Example: ") else plain(told)
        yield ""


def _usage(one: Any) -> str:
    if one.param_type_name == "argument":
        return code(one.metavar or one.name.upper())
    return ", ".join(code(name) for name in (*one.opts, *one.secondary_opts))


def _argument(one: Any) -> str:
    return "settings, KEY=VALUE each" if one.name == "overrides" else ""


def _default(one: Any) -> str:
    value = one.default
    silent = value is None or value is False or value == "" or callable(value) or repr(value).startswith("Sentinel")
    return "" if silent or one.required else code(value)


def how_to(name: str, pages: Collection[str]) -> str:
    """Return which page is a command's how-to: one of its own in howto/, or the page of its name."""
    return f"{name}.md" if f"{name}.md" in pages and f"howto/{name}.md" not in pages else f"howto/{name}.md"


def commands_page(pages: Collection[str]) -> str:
    """Return the list of commands, each with a link to its how-to, which is one of some pages."""
    found = commands().items()
    rows = [(f"[`pcqa {name}`](../{how_to(name, pages)})", plain(_first(one.help))) for name, one in found]
    lines = ["# Every command", "", "Each has a how-to with an example, and all its options.", ""]
    lines += table(("command", "what it does"), rows)
    lines += ["Options before the command: `-v` logs what is done (`-vv` more), `--version` prints the version,"]
    lines += ["`--plugins PATH` brings [code of your own](../extending.md). Exit codes and environment variables"]
    return "\n".join([*lines, "are listed [for administrators](../cluster.md#what-goes-in-and-what-comes-out).", ""])


def _first(text: str | None) -> str:
    return " ".join((text or "").strip().split("\n\n")[0].split())


def metrics_page() -> str:
    """Return every metric: name, words, unit, which way is better; the primary ones first."""
    first = [name for name in dict.fromkeys(headlines()) if name in METRICS]
    rest = sorted(set(METRICS) - set(first))
    lines = ["# Metrics", "", "Every metric of a run, by the name that `--metric` and `--target` take. A metric is a"]
    lines += [
        "ratio of two daily counts; groups are asked for as `metric[group]`. What a comparison is judged by is",
        "",
    ]
    lines[-2] += " first."
    for heading, names in (("What comparisons are judged by", first), ("All others", rest)):
        rows = [
            (code(name), plain(METRICS[name].words), plain(METRICS[name].unit), METRICS[name].better,
             first_sentence(METRICS[name].measure))
            for name in names
        ]  # fmt: skip
        lines += [f"## {heading}", "", *table(("name", "in words", "unit", "better", "how it is counted"), rows)]
    return "\n".join(lines)


def log_page() -> str:
    """Return the catalogue of the event log: its events, and the words that its columns hold."""
    columns = "time_min, practice, person, need, contact, event, who, code, amount"
    lines = ["# The event log", "", f"One row an event, in time order, with the columns {columns}. `--events` keeps"]
    lines += [
        "it in a study's folder as Parquet; [`pcqa events`](../howto/events.md) writes it for other programs.",
        "",
    ]
    rows = [
        (code(name), plain(meaning.who), plain(meaning.code), plain(meaning.amount))
        for name, meaning in CATALOGUE.items()
    ]
    lines += ["## Events", "", *table(("event", "who", "code", "amount"), rows)]
    lines += ["## Words", "", "Closed sets of words that the columns hold.", ""]
    for name, words in vars(log_words).items():
        if isinstance(words, type) and issubclass(words, StrEnum) and not name.startswith("_") and name != "Event":
            lines += [f"### {name}", "", first_sentence(words), ""]
            lines += table(("word", "as stories say it"), [(code(w.value), plain(w.phrase)) for w in words])  # type: ignore[attr-defined]
    return "\n".join(lines)


def interventions_page(configs: Path) -> str:
    """Return every shipped intervention: what it does, its numbers, and how to ask for it."""
    lines = ["# Interventions", "", 'Each is asked for by name, `pcqa compare --with "intervention=[NAME]"`, and its']
    lines += ["numbers by `intervention.NAME.NUMBER=...`; `from_week` (a week or a date) is there for all.", ""]
    for path in sorted((configs / "intervention").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        tree = yaml.safe_load(text) or {}
        kind = INTERVENTIONS.get(str(tree.get("kind", path.stem)))
        told = comment_of(text) or doc(kind)
        lines += [f"## {path.stem}", "", told, "", "```yaml", *_yaml_body(text), "```", ""]
    return "\n".join(lines)


def access_models_page(configs: Path) -> str:
    """Return every shipped access model: what its file says, and how its class decides."""
    lines = ["# Access models", "", "Who decides on a request, and how: `triage=NAME`. A file begins where another"]
    lines += ["ends; [`pcqa show triage=NAME`](../howto/show.md) tells all its settings with their sources.", ""]
    for path in sorted((configs / "triage").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        kind = TRIAGE.get(str((yaml.safe_load(text) or {}).get("kind", "")))
        lines += [f"## {path.stem}", "", comment_of(text), "", doc(kind) if kind else "", ""]
    return "\n".join(lines)


def choices_page(configs: Path) -> str:
    """Return what may be chosen by `GROUP=NAME`: the shipped files of every group with their first comment."""
    lines = [
        "# Shipped settings",
        "",
        "A file of a group is chosen by `GROUP=NAME`, as in `pcqa run practice=small`.",
        "",
    ]
    for folder in sorted(path for path in configs.iterdir() if path.is_dir() and path.name != "targets"):
        files = [path for path in sorted(folder.glob("*.yaml")) if not path.name.startswith("_")]
        rows = [(code(path.stem), comment_of(path.read_text(encoding="utf-8")).replace("|", "/")) for path in files]
        lines += [f"## {folder.name}", "", *table(("name", "what it is"), rows)]
    return "\n".join(lines)


def comment_of(text: str) -> str:
    """Return the comment at the beginning of a settings file, as one line."""
    said = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if found := _COMMENT.match(line):
            said.append(found[1].strip())
    return " ".join(said)


def _yaml_body(text: str) -> list[str]:
    lines = text.splitlines()
    start = next((at for at, line in enumerate(lines) if line and not line.startswith("#")), len(lines))
    return lines[start:]
