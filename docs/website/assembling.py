"""Pages written by hand, made ready for the site: links lead to the site's pages, formulas become MathML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from website.mathematics import with_formulas

PROJECT = Path(__file__).resolve().parents[2]
DOCS = PROJECT / "docs"
HOME = "index.md"
MOVED = {
    "README.md": HOME,
    "DESIGN.md": "project/design.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changelog.md",
}
"""Pages that stand at the top of the project, and where the site has them."""
_LINK = re.compile(r"(?<=\]\()([^)\s#]+)(?=[)#])")
_NAMED = re.compile(r"\[[\w./-]+\.md\]\(([^)\s#:]+)\)")
_MADE = re.compile(r"\*([^*]+)\* \(on the site\)")
_FENCED = re.compile(r"(^```.*?^```$)", re.M | re.S)
_BLOCK = re.compile(r"^(\||- |\d+\. )")


def written_by_hand() -> dict[str, Path]:
    """Return the pages that people wrote, by where the site has them."""
    docs = {path.relative_to(DOCS).as_posix(): path for path in sorted(DOCS.rglob("*.md"))}
    return {there: PROJECT / name for name, there in MOVED.items()} | docs


def assembled(path: Path, there: str, titles: Mapping[str, str]) -> str:
    """Return a page's text as the site has it; raise KeyError where it names a page that is not made.

    Pages made from the code are not in docs/, so that what is written by hand names them: "*Metrics* (on the site)".
    `titles` says where each of them is.
    """
    folder = PurePosixPath(there).parent

    def linked(text: str) -> str:
        titled = _NAMED.sub(lambda found: f"[{_title(path.parent / found[1])}]({found[1]})", text)
        moved = _LINK.sub(lambda found: _moved(found[1], path, folder), titled)
        return _MADE.sub(lambda found: f"[{found[1]}]({_relative(titles[found[1]], folder)})", moved)

    parts = _FENCED.split(path.read_text(encoding="utf-8"))
    parts[::2] = [_apart(linked(part)) for part in parts[::2]]
    return with_formulas("".join(parts))


def _title(path: Path) -> str:
    """Return a page's heading: what a link is called that in the repository has the name of a file."""
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def _moved(link: str, path: Path, folder: PurePosixPath) -> str:
    """Return where a link of the project leads on the site; addresses stay as they are."""
    if ":" in link:
        return link
    target = (path.parent / link).resolve()
    name = target.relative_to(PROJECT).as_posix()
    on_site = MOVED.get(name, name.removeprefix("docs/"))
    return _relative(on_site, folder)


def _relative(target: str, folder: PurePosixPath) -> str:
    return "../" * len([part for part in folder.parts if part != "."]) + target


def _apart(text: str) -> str:
    """Return text with an empty line before each table and list, which the site's Markdown asks for."""
    lines: list[str] = []
    for line in text.split("\n"):
        before = lines[-1] if lines else ""
        opens = _BLOCK.match(line) and before.strip() and not _BLOCK.match(before) and not before.startswith("  ")
        lines += ["", line] if opens and not (line[0].isdigit() and not before.endswith(":")) else [line]
    return "\n".join(lines)
