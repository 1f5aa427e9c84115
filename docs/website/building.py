"""The whole site: pages assembled and made, the order in which they are read, and zensical's settings."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pcqa_sim import __version__
from pcqa_sim.configuration import config_folder, show
from website import assembling, catalogues, docstrings, evidence, schema

BUILD = assembling.PROJECT / "build" / "website"
DESIGN = Path(__file__).parent / "design"
HOW_TO = {
    "Find out": ("run", "advise", "experiment", "compare", "size", "week", "trial", "hypotheses", "story", "report"),
    "Your own practice": ("practice", "import", "resemble", "show"),
    "How sure": ("trust", "sensitivity", "verify", "calibrate"),
    "Studies": ("sweep", "surface", "part", "replay", "rerun", "events"),
}
"""Commands in the order in which people meet them; what is not named here comes last."""
Nav = list[dict[str, Any]]


def build(folder: Path = BUILD) -> Path:
    """Make the site in a folder, anew; return its first page, and raise RuntimeError where a link is broken."""
    shutil.rmtree(folder, ignore_errors=True)
    pages = every_page()
    for there, text in pages.items():
        _put(folder / "pages" / there, text)
    _copy(assembling.DOCS, folder / "pages", "*.png")
    _copy(DESIGN, folder / "pages" / "design", "*")
    (folder / "zensical.toml").write_text(settings(navigation(pages)), encoding="utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the site has faults:\n{done.stdout}\n{done.stderr}")
    return folder / "site" / "index.html"


def every_page() -> dict[str, str]:
    """Return all pages in Markdown, by where the site has them."""
    pages = made()
    titles = {text.partition("\n")[0].removeprefix("# "): there for there, text in pages.items()}
    by_hand = assembling.written_by_hand().items()
    return with_options(pages | {there: assembling.assembled(path, there, titles) for there, path in by_hand})


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _copy(source: Path, target: Path, which: str) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for path in source.glob(which):
        shutil.copy(path, target / path.name)


def made() -> dict[str, str]:
    """Return the pages made from the code, by where the site has them."""
    configs, shown = config_folder(), show()
    numbers = evidence.parameters(configs)
    validation = (assembling.DOCS / "validation.md").read_text(encoding="utf-8")
    return {
        "reference/commands.md": catalogues.commands_page(assembling.written_by_hand()),
        "reference/choices.md": catalogues.choices_page(configs),
        "reference/access-models.md": catalogues.access_models_page(configs),
        "reference/interventions.md": catalogues.interventions_page(configs),
        **{f"reference/settings/{name}.md": schema.settings_page(name, shown) for name in schema.groups()},
        "reference/metrics.md": catalogues.metrics_page(),
        "reference/log.md": catalogues.log_page(),
        "reference/python.md": docstrings.python_page(),
        "evidence/parameters.md": evidence.parameters_page(numbers),
        **{f"evidence/numbers-{name}.md": evidence.numbers_page(name, mine) for name, mine in numbers.items()},
        "evidence/fitted.md": evidence.fitted_page(validation),
        "evidence/stress-des.md": evidence.stress_page(shown),
    }


def with_options(pages: Mapping[str, str]) -> dict[str, str]:
    """Return the pages, each command's how-to with its options at the end; a command without one has those alone."""
    found = dict(pages)
    for name, command in catalogues.commands().items():
        there = catalogues.how_to(name, pages)
        before = found.get(there, f"# pcqa {name}\n")
        found[there] = "\n".join([before, *catalogues.help_of(name, command)])
    return found


def navigation(pages: Mapping[str, str]) -> Nav:
    """Return the site's pages in the order in which they are read."""
    there = catalogues.commands()
    known = {heading: [name for name in names if name in there] for heading, names in HOW_TO.items()}
    rest = [name for name in there if name not in {name for names in known.values() for name in names}]
    every = known | ({"More": rest} if rest else {})
    how_to = [
        {heading: [{f"pcqa {name}": catalogues.how_to(name, pages)} for name in names]}
        for heading, names in every.items()
    ]
    settings_pages = [{name: f"reference/settings/{name}.md"} for name in schema.groups()]
    numbers = [there for there in pages if there.startswith("evidence/numbers-")]
    found: Nav = [
        {"Home": assembling.HOME},
        {"A practice": "practice.md"},
        {"A network": ["network.md", "pcn.md"]},
        {"A researcher": ["researcher.md", "extending.md", "cluster.md", "verification.md", "performance.md"]},
        {"How to": how_to},
        {"Concepts": ["concepts.md", "model.md", "glossary.md"]},
        {"Reference": ["reference/commands.md", "reference/choices.md", "reference/access-models.md",
                       "reference/interventions.md", {"Settings": settings_pages}, "reference/metrics.md",
                       "reference/log.md", "reference/python.md"]},
        {"Evidence and limits": ["evidence/parameters.md", {"Numbers": numbers}, "evidence/fitted.md",
                                 "validation.md", "published.md", "evidence/stress-des.md"]},
        {"The project": [there for name, there in assembling.MOVED.items() if there != assembling.HOME]},
    ]  # fmt: skip
    placed = json.dumps(found)
    left = [there for there in pages if json.dumps(there) not in placed]
    return [*found, {"More": left}] if left else found


def settings(nav: Nav) -> str:
    """Return zensical's settings: nothing is fetched from anywhere, and no line of code is a link."""
    return "\n".join(
        [
            "[project]",
            'site_name = "pcqa_sim"',
            f'site_description = "A discrete-event simulation of English general practice, version {__version__}"',
            'docs_dir = "pages"',
            "use_directory_urls = false",
            'extra_css = ["design/site.css"]',
            f"nav = {_inline(nav)}",
            "[project.theme]",
            "font = false",
            'favicon = "design/favicon.svg"',
            'features = ["navigation.tabs", "navigation.sections", "navigation.indexes"]',
            "[project.extra]",
            "generator = false",
            "[project.markdown_extensions.tables]",
            "[project.markdown_extensions.toc]",
            "permalink = false",
            "[project.markdown_extensions.md_in_html]",
            "[project.markdown_extensions.pymdownx.highlight]",
            "anchor_linenums = false",
            "[project.markdown_extensions.pymdownx.superfences]",
            "",
        ]
    )


def _inline(part: Any) -> str:
    """Return a list of pages as TOML on one line."""
    if isinstance(part, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_inline(value)}" for key, value in part.items()) + "}"
    return f"[{', '.join(map(_inline, part))}]" if isinstance(part, list) else json.dumps(part)
