"""The page for people: by itself, readable without seeing it, its numbers those of the study, its texts texts."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from markupsafe import escape
from payloads import HUNDRED, PAYLOADS
from shortruns import NO_USER_SETTINGS, composed
from webpages import Reader, read

from pcqa_sim.configuration import Shown, show
from pcqa_sim.report.webpage import differences, drawing, pictures, questions
from pcqa_sim.report.webpage.building import (
    Answered,
    Chapter,
    Made,
    Page,
    in_plain,
    page_of_comparison,
    page_of_study,
)
from pcqa_sim.report.webpage.card import Part, parts_of
from pcqa_sim.report.webpage.flow import Part as Part_
from pcqa_sim.report.webpage.flow import Stage, flow
from pcqa_sim.report.webpage.grid import grid
from pcqa_sim.report.webpage.parts import Picture, Question, Table, View
from pcqa_sim.report.webpage.rendering import html
from pcqa_sim.report.webpage.terms import TERMS, explained
from pcqa_sim.report.webpage.wording import in_hundred, sure
from pcqa_sim.results.run import Run, simulate
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.pair import Comparison
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.study.result import MORNINGS, result_of
from pcqa_sim.study.statistics.intervals import ConfidenceInterval
from pcqa_sim.study.statistics.xmr import Limits, Stretch
from pcqa_sim.values.outside import shown

QUICK = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1")
HANDLERS = "intervention=[more_call_handlers]"
SAFE_TAGS = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "main", "section", "div",
    "ol", "ul", "li", "nav", "article", "figure", "figcaption", "svg", "defs", "pattern", "rect", "line", "polyline",
    "polygon", "text", "table", "thead", "tbody", "tr", "th", "td", "strong", "code", "br", "dfn", "footer",
}  # fmt: skip


def run_of(*more: str, replication: int = 0) -> Run:
    return simulate(composed(*QUICK, *more), replication=replication)


def study_of(runs: list[Run]) -> Study:
    return Study(runs[0].scenario, tuple(result_of(run, keeps=[MORNINGS]) for run in runs))


@pytest.fixture(scope="module")
def study() -> Study:
    return study_of([run_of(replication=number) for number in range(2)])


@pytest.fixture(scope="module")
def comparison(study: Study) -> Comparison:
    return Comparison(study, {HANDLERS: study_of([run_of(HANDLERS, replication=number) for number in range(2)])})


@pytest.fixture(scope="module")
def settings() -> Shown:
    return show(*QUICK, user_folder=NO_USER_SETTINGS)


def made(settings: Shown, **more: object) -> Made:
    record = {"command": ["run", *QUICK], "seed": 1, "replications": 2, "pcqa_sim": "0", "code": "c", "begun": ""}
    return Made(record | more, Path("out"), settings)


@pytest.fixture(scope="module")
def pages(study: Study, comparison: Comparison, settings: Shown) -> dict[str, str]:
    return {
        "run": html(page_of_study(study, made(settings))),
        "compare": html(page_of_comparison(comparison, made(settings))),
    }


@pytest.mark.parametrize("kind", ["run", "compare"])
def test_a_page_is_whole_and_asks_nothing_of_a_network(pages: dict[str, str], kind: str) -> None:
    text = pages[kind]
    found = read(text)
    assert len(found.all("h1")) == 1
    assert found.all("html")[0].has["lang"] == "en-GB"
    assert len(text.encode()) < 2_000_000
    assert set(re.findall(r"[a-z]+://[^\s\"'<]*", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"url\((?!#)|@import|<script|<link|<img|srcset|\son\w+=", text)
    named = [one.has["id"] for one in found.elements if "id" in one.has]
    assert len(named) == len(set(named))
    asked_for = [one.has["href"].removeprefix("#") for one in found.all("a")]
    labels = [word for one in found.elements for word in one.has.get("aria-labelledby", "").split()]
    hatched = re.findall(r"url\(#([^)]*)\)", text)
    assert {*asked_for, *labels, *hatched} <= set(named)


@pytest.mark.parametrize("kind", ["run", "compare"])
def test_headings_step_by_one_and_every_picture_has_words_and_a_table(pages: dict[str, str], kind: str) -> None:
    found = read(pages[kind])
    levels = [int(one.tag[1]) for one in found.elements if re.fullmatch(r"h[1-6]", one.tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    pictures = found.all("svg")
    assert len(pictures) > 8
    assert all(one.has["role"] == "img" and "figure" in one.inside for one in pictures)
    alts = [one.text for one in found.all("title") if "svg" in one.inside]
    assert len(alts) == len(pictures)
    assert all(len(alt) > 30 for alt in alts)
    assert sum("figure" in one.inside for one in found.all("table")) == len(pictures)
    assert all(one.has.get("scope") in ("row", "col") for one in found.all("th"))


def rows_of(found: Reader, label: str) -> list[list[str]]:
    return [row[1:] for row in found.rows if row and row[0] == label]


def test_numbers_are_those_of_the_study(pages: dict[str, str], study: Study) -> None:
    found = read(pages["run"])
    summary = study.summary.set_index(["period", "metric", "group"])
    for label, metric, group in (
        ("answered", "answered_share", ""),
        ("the same day", "lead_time_share", "lead=same_day"),
        ("met by a clinician", "need_endings_share", "ending=resolved"),
    ):
        row = summary.loc["all", metric, group]
        low, high = max(0.0, row["low"]), min(1.0, row["high"])
        assert [f"{100 * row['mean']:.1f} %", f"{100 * low:.1f} to {100 * high:.1f}"] in rows_of(found, label), label


def test_every_mean_is_that_of_the_parquet(
    study: Study, settings: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each table of bars is read back from the page and held against the file of metrics, row by row."""
    drawn: dict[str, tuple[list[pictures.Named], bool, int]] = {}

    def spied(
        view: View, key: str, caption: str, rows: list[pictures.Named], share: bool = True, digits: int = 1
    ) -> Picture:
        drawn[caption] = list(rows), share, digits
        return pictures.bars(view, key, caption, rows, share, digits)

    for found in pkgutil.iter_modules(questions.__path__):
        module = importlib.import_module(f"{questions.__name__}.{found.name}")
        monkeypatch.setattr(module, "bars", spied, raising=False)
    text = html(page_of_study(study, made(settings)))
    study.metrics.to_parquet(tmp_path / "metrics.parquet")
    frame = pd.read_parquet(tmp_path / "metrics.parquet")
    means = frame[frame["period"] == "all"].groupby(["metric", "group"])["value"].mean()
    held = 0
    for caption, (rows, share, digits) in drawn.items():
        table = (
            text.partition(f'aria-label="Table: {escape(caption)}"')[2].partition("<table>")[2].partition("</table>")[0]
        )
        said = {row[0]: row[1] for row in read(f"<table>{table}</table>").rows[1:]}
        for label, cell in rows:
            if cell in means.index:
                mean = float(means.loc[cell])
                assert said[label] == (f"{100 * mean:.1f} %" if share else f"{mean:,.{digits}f}"), (caption, label)
                held += 1
    assert len(drawn) > 15
    assert held > 80


@pytest.mark.parametrize("payload", HUNDRED, ids=range(len(HUNDRED)))
def test_every_text_field_of_a_page_is_text(payload: str) -> None:
    """Names, sentences, warnings, captions, alternatives, labels in pictures, cells, terms, cards, commands."""
    one = ConfidenceInterval(0.5, 0.4, 0.6, 5)
    row = (payload, [one, one], [payload, payload])
    stage = Stage(payload, (Part_(payload, 1.0), Part_(payload, 2.0, True)))
    stretch = Stretch(0, 3, Limits(1.0, 0.0, 2.0), ())
    svgs = (
        drawing.bars([row], [payload, payload], payload, "a"),
        drawing.differences([row], payload, "b"),
        drawing.curves([480.0, 540.0], [(payload, [[0.0, 1.0]] * 2, [])], [payload, payload], payload, "c"),
        drawing.control([1.0, 2.0, 1.0, 2.0], [stretch], [payload] * 4, lambda _: payload, payload, "d", 2),
        flow([stage], payload, "e"),
        grid([(payload, [0.5, None])], [payload, payload], payload, "f"),
    )
    table = Table((payload, payload), ((payload, payload),))
    question = Question(
        payload, payload, ("", ""), tuple(Picture(payload, payload, svg, table) for svg in svgs), (), (payload,)
    )
    asked = Answered("q", question, payload, (payload,), payload, ((payload, payload),))
    chapter = Chapter(payload, (payload,), (payload,), (asked,))
    parts = tuple(Part(kind, (payload,)) for kind in ("title", "heading", "text", "list"))
    text = html(Page(payload, payload, (chapter, chapter), parts, ((payload, shown(payload)),), payload))
    page = read(text)
    assert {element.tag for element in page.elements} <= SAFE_TAGS
    assert not [name for element in page.elements for name in element.has if name.startswith("on") or name == "src"]
    assert all(element.has["href"].startswith("#") for element in page.all("a"))
    assert all(character.isprintable() or character in "\n\u00a0" for character in text)
    shown_text = " ".join(shown(payload).split())[:10]
    assert shown_text in " ".join(page.all("h3")[0].text.split())


def test_a_comparison_has_both_sides_and_the_difference(pages: dict[str, str], comparison: Comparison) -> None:
    found = read(pages["compare"])
    rows = comparison.differences.set_index(["metric", "group"])
    before, after = (f"{100 * rows.loc[('answered_share', ''), side]:.1f} %" for side in ("base", "other_mean"))
    (row,) = rows_of(found, "answered")
    assert (row[0], row[2]) == (before, after)
    assert "with more call handlers" in found.all("main")[0].text
    assert "No verdict: 2 pairs of runs are too few" in found.all("main")[0].text


def test_what_a_change_was_for_is_among_what_differs(study: Study, settings: Shown) -> None:
    first = "intervention=[pharmacy_first]"
    other = study_of([run_of(first, replication=number) for number in range(2)])
    found = read(html(page_of_comparison(Comparison(study, {first: other}), made(settings))))
    for words in ("met in the community, per 1,000 a week", "appointments a day per 1,000: GP"):
        assert len(rows_of(found, words)) == 1


def test_every_service_that_a_change_brings_is_in_the_circle_and_by_its_title(study: Study, settings: Shown) -> None:
    champions = "intervention.community_champions."
    first = ("intervention=[community_champions]", f"{champions}start_per_1000=2", f"{champions}joins_share=1")
    other = study_of([run_of(*first, replication=number) for number in range(2)])
    found = read(html(page_of_comparison(Comparison(study, {first[0]: other}), made(settings))))
    circle = found.rows[[row[0] for row in found.rows if row].index("consultations at the practice") :]
    assert {"community pharmacy", "community groups", "people and volunteers"} <= {row[0] for row in circle if row}
    assert not {"pharmacy", "volunteers", "self care"} & {row[0] for row in circle if row}


def test_what_people_wait_for_at_a_place_is_said(settings: Shown) -> None:
    """Where whoever is referred waits for one place of a caseload, and nobody for anything else."""
    place = "community.social_prescribing."
    full = (f"{place}referred={{social: 1, mental_health: 0.9, ongoing_condition: 0.5}}", f"{place}places_per_10000=10",
            f"{place}between_days=4", "community.physiotherapy.sessions_per_10000_day=null",
            "community.talking_therapies.sessions_per_10000_day=null", "run.measured_weeks=8")  # fmt: skip
    text = read(html(page_of_study(study_of([run_of(*full)]), made(settings)))).all("main")[0].text
    assert "What people wait for there is a place that is free at social prescribing." in text
    assert "Pounds a working day at each place" in text


@pytest.mark.parametrize(("amount", "said"), [(12.4, "+12 %"), (-0.96, "-1 %"), (-0.4, "-0.4 %"), (0.031, "+0.03 %")])
def test_a_small_difference_is_not_said_to_be_nought(amount: float, said: str) -> None:
    assert differences._per_cent(amount) == said


@pytest.mark.parametrize("payload", PAYLOADS[:-1], ids=range(len(PAYLOADS) - 1))
def test_a_hostile_text_is_text(study: Study, settings: Shown, payload: str) -> None:
    tree = study.scenario.model_dump(mode="json")
    practice = tree["practices"]["practice"]
    practice["name"] = payload
    for one in practice["role"].values():
        one["title"] = payload
    mine = replace(study, scenario=Scenario.model_validate(tree | {"interventions": [payload]}))
    found = [
        html(page_of_study(mine, made(settings, command=["run", payload], code=payload))),
        html(page_of_comparison(Comparison(mine, {payload: mine}), made(settings))),
    ]
    for text in found:
        page = read(text)
        assert {one.tag for one in page.elements} <= SAFE_TAGS
        assert not [one for one in page.elements for name in one.has if name.startswith("on")]
        assert " ".join(shown(payload).split())[:20] in " ".join(page.all("h1")[0].text.split())
        assert all(character.isprintable() or character in "\n\u00a0" for character in text)


def test_one_run_alone_says_that_luck_is_not_known(settings: Shown, study: Study) -> None:
    alone = html(page_of_study(replace(study, units=study.units[:1]), made(settings)))
    assert "One run alone: nothing here says how far luck reaches." in alone
    assert "likely range" not in alone


def test_a_new_question_is_one_file(
    study: Study, settings: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = """
from pcqa_sim.report.webpage.parts import Question

ORDER = 15


def ask(view, key):
    return Question("Is tea served?", "It is.", ("failure_share", ""))
"""
    (tmp_path / "tea_is_served.py").write_text(asked, encoding="utf-8")
    monkeypatch.setattr(questions, "__path__", [*questions.__path__, str(tmp_path)])
    headings = [one.text for one in read(html(page_of_study(study, made(settings)))).all("h3")]
    assert headings.index("Is tea served?") == headings.index("How much demand is there?") + 1


def test_terms_are_explained_once(pages: dict[str, str]) -> None:
    told = [one.text for one in read(pages["run"]).all("dfn")]
    assert len(told) == len(set(told)) > 4
    assert len(TERMS) == 8
    seen: set[str] = set()
    assert [term for term, _ in explained("Needs and a callback", seen)] == ["need", "callback"]
    assert explained("a need", seen) == []


@pytest.mark.parametrize(
    ("mean", "half", "said"), [(0.5, 0.02, "Well"), (0.5, 0.06, "Roughly"), (0.5, 0.2, "Poorly"), (0.0, 0.0, "Well")]
)
def test_how_sure_a_number_is(mean: float, half: float, said: str) -> None:
    assert sure(ConfidenceInterval(mean, mean - half, mean + half, 5)).startswith(said)


def test_shares_are_said_as_people_count() -> None:
    assert [in_hundred(share) for share in (0.0, 0.001, 0.26)] == ["no", "fewer than 1 in 100", "26 in 100"]


def test_a_change_is_called_by_its_interventions() -> None:
    assert in_plain("+intervention=[add_session, more_phone_lines]") == "with add session and more phone lines"
    assert in_plain("phones.lines=4") == "with phones.lines=4"


def test_a_card_becomes_parts() -> None:
    card = "# How far: a \\<b\\>\n\n## Fitted\n\nTwo lines\nof text:\n- one\n  more\n- two\n"
    assert parts_of(card) == [
        Part("title", ("How far: a <b>",)),
        Part("heading", ("Fitted",)),
        Part("text", ("Two lines of text:",)),
        Part("list", ("one more", "two")),
    ]
