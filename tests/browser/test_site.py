"""The documentation site: built strictly, readable by everybody, asking nothing of the network; nothing is left out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from browserpage import Seen, chromium, served
from website import assembling, building, catalogues, evidence, mathematics, schema

from pcqa_sim.configuration import config_folder, show
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.values.eventlog import CATALOGUE

MAIN = (
    "index", "practice", "network", "researcher", "howto/compare", "concepts", "model", "reference/commands",
    "reference/settings/phones", "evidence/parameters", "evidence/numbers-phones", "evidence/fitted",
)  # fmt: skip


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The site's pages in Markdown, by hand and made."""
    return building.every_page()


@pytest.mark.slow
def test_the_site_is_whole_and_nothing_is_wrong_with_its_main_pages(tmp_path: Path) -> None:
    first = building.build(tmp_path / "out")
    with served(first.parent) as address, chromium() as browser:
        seen, page = Seen(address), browser.new_page()
        seen.watch(page)
        for name in MAIN:
            seen.look(page, f"{address}{name}.html")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.keyboard.press("Control+k")
        page.keyboard.type("patience")
        page.get_by_text("phones.patience").first.wait_for()
        page.goto(f"{address}model.html")
        assert page.evaluate("document.querySelector('math').getBoundingClientRect().height") > 15
    assert seen.faults == []
    assert seen.pages == len(MAIN)
    html = [path.read_text(encoding="utf-8") for path in first.parent.rglob("*.html")]
    assert len(html) > 60
    fetched = {
        found
        for text in html
        for found in re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"?(https?:[^\" >]+)", text)
    }
    assert fetched == set()


def test_a_link_that_leads_nowhere_fails(tmp_path: Path) -> None:
    def built(link: str) -> int:
        (tmp_path / "pages").mkdir(exist_ok=True)
        (tmp_path / "pages" / "index.md").write_text(f"# One\n\nTo [another]({link}).\n", encoding="utf-8")
        (tmp_path / "zensical.toml").write_text(building.settings([{"One": "index.md"}]), encoding="utf-8")
        command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    assert built("index.md") == 0
    assert built("absent.md") != 0


def test_every_command_has_a_how_to_with_all_its_options(pages: dict[str, str]) -> None:
    by_hand = assembling.written_by_hand()
    lacking = [name for name in catalogues.commands() if catalogues.how_to(name, by_hand) not in by_hand]
    assert lacking == [], "each command needs a page: docs/howto/NAME.md, linked from docs/practice.md"
    assert {path.stem for path in (assembling.DOCS / "howto").glob("*.md")} <= set(catalogues.commands())
    for name, command in catalogues.commands().items():
        options = [option for one in command.params for option in one.opts if option.startswith("--")]
        assert all(
            f"`{option}`" in pages[catalogues.how_to(name, pages)] for option in options if option != "--help"
        ), name


def test_every_page_is_in_the_navigation(pages: dict[str, str]) -> None:
    placed = re.findall(r'"([\w/-]+\.md)"', building.settings(building.navigation(pages)))
    assert sorted(placed) == sorted(pages)
    more = building.navigation(pages | {"another.md": "# Another"})
    assert more[-1]["More"][-1] == "another.md"


def test_nothing_of_the_registries_is_left_out(pages: dict[str, str]) -> None:
    assert all(f"`{name}`" in pages["reference/metrics.md"] for name in METRICS)
    assert all(f"`{name}`" in pages["reference/log.md"] for name in CATALOGUE)
    for folder, page in (("intervention", "interventions"), ("triage", "access-models")):
        names = [path.stem for path in (config_folder() / folder).glob("*.yaml")]
        assert re.findall(r"^## (\w+)$", pages[f"reference/{page}.md"], re.M) == sorted(names)


def test_every_setting_stands_in_the_reference_with_what_it_may_be(pages: dict[str, str]) -> None:
    told = [(one.section, one.key.split(".")[1:], one) for one in show().settings if one.section in schema.groups()]
    assert len(told) > 1000
    plain = [(group, steps, one.key) for group, steps, one in told if not isinstance(one.value, list | None)]
    assert [key for group, steps, key in plain if not schema.allowed(group, steps)] == []
    for group, steps, one in told:
        tabled = f"| `{steps[-1]}` |" in pages[f"reference/settings/{group}.md"]
        by_name = schema.allowed(group, [*steps[:-1], "absent"]) != ""
        assert tabled or by_name or isinstance(one.value, list | None), one.key
    assert schema.allowed("calendar", ["opening_hours", "monday", "opens"]) == 'a time, "HH:MM"'
    assert not [there for there, text in pages.items() if "whole number any number" in text]
    row = "| `mean_min` | minutes; mean patience of the rest | above 0 to 10000 | `47.1` |"
    assert row in pages["reference/settings/phones.md"]


def test_every_number_of_the_shipped_settings_is_told_with_its_source() -> None:
    found = evidence.parameters(config_folder())
    lines = {one.key: one for one in found["phones"]}
    mean = lines["patience.mean_min"]
    assert (mean.value, mean.range, mean.unit, mean.sort) == ("47.1", "above 0 to 10000", "minutes", "fitted")
    assert lines["menu.minutes"].sort == "assumed"
    page = evidence.numbers_page("phones", found["phones"])
    headings = re.findall(r"^## (\w+): (\d+)$", page, re.M)
    assert [name for name, _ in headings] == ["Assumptions", "Fitted", "Published"]
    assert sum(int(count) for _, count in headings) == len(found["phones"])
    told = sum(len(numbers) for numbers in found.values())
    assert told > 1000
    ranged = sum(bool(one.range) for numbers in found.values() for one in numbers)
    assert ranged > 0.98 * told


def test_ranges_are_those_of_the_schema() -> None:
    folder = config_folder()
    by_file = {(name, one.file, one.key): one for name, mine in evidence.parameters(folder).items() for one in mine}
    role = yaml.safe_load((folder / "role" / "gp.yaml").read_text(encoding="utf-8"))
    gp = by_file["role", "gp", "fte_per_10000"]
    assert float(gp.value) == role["fte_per_10000"]
    assert gp.range.endswith("or null")
    assert by_file["community", "befriending", "stays_share"].range == "0 to 1"
    assert by_file["kind", "acute_minor", "triage.care_navigation.signposts.return_days"].range == "above 0 to 365"
    assert by_file["practice", "average", "failing_share"].range == "0 to 1"


def figures(text: str) -> list[str]:
    return [name for name in re.findall(r"^\| ([^|]+?) \|", text, re.M) if name not in ("", "figure")]


def test_the_misses_come_first(pages: dict[str, str]) -> None:
    page = pages["evidence/fitted.md"]
    missed, _, reached = page.partition("## Fitted, and reached")
    assert missed.count("**not within") == len(figures(missed)) > 0
    assert "**not within" not in reached
    table = (assembling.DOCS / "validation.md").read_text(encoding="utf-8").partition("<!-- table -->")[2]
    assert sorted(figures(page)) == sorted(figures(table.partition("<!-- end")[0]))


def test_formulas_become_mathml_with_their_words() -> None:
    made = mathematics.with_formulas("before\n```math\n\\frac{a}{b < c}\n```\nafter\n")
    assert "<mfrac>" in made
    assert 'alttext="\\frac{a}{b &lt; c}"' in made
    assert "```" not in made


def test_links_of_the_project_lead_to_the_site() -> None:
    home = assembling.assembled(assembling.PROJECT / "README.md", "index.md", {})
    assert "[For a practice](practice.md)" in home
    assert "](project/design.md)" in home
    design = assembling.assembled(assembling.PROJECT / "CONTRIBUTING.md", "project/contributing.md", {})
    assert "[Adding something of your own](../extending.md)" in design


def test_pages_that_are_made_are_named_and_linked(pages: dict[str, str], tmp_path: Path) -> None:
    assert "[Shipped settings](../reference/choices.md)" in pages["howto/run.md"]
    assert not [there for there, text in pages.items() if "(on the site)" in text]
    other = tmp_path / "other.md"
    other.write_text("*No such page* (on the site)", encoding="utf-8")
    with pytest.raises(KeyError, match="No such page"):
        assembling.assembled(other, "other.md", {})


def test_groups_of_the_reference_are_those_that_are_shown() -> None:
    assert {one.section for one in show().settings} <= set(schema.groups()) | {"practice", "network", "intervention"}
