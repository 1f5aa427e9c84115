"""Text from outside, one payload and one place at a time: nothing in it acts where it is shown."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from payloads import PAYLOADS, acts, lines_of

from pcqa_sim.values.outside import cell, code, markdown, printable, shown

HARMLESS = "Smith & Co's (main) surgery, 50 %: more_call_handlers, <= 3"


@given(st.text(max_size=60))
def test_what_is_shown_is_one_printable_line(text: str) -> None:
    assert shown(text).isprintable()
    assert printable(text).isprintable()
    assert len(shown(text, 20)) <= 20
    assert shown(shown(text)) == shown(text)


@pytest.mark.parametrize("text", [HARMLESS, "Dr Ó Súilleabháin", "醫院", "e\u0301", ""])
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    assert shown(text) == printable(text) == cell(text) == text


def test_markdown_shows_the_text_it_was_given() -> None:
    for text in (
        HARMLESS,
        "a*b*c",
        "_x_",
        "[a](b)",
        "1 < 2 > 0",
        "&lt;",
        "# no heading",
        "a|b",
        "$x$",
        "\\_",
        "a `b` c",
    ):
        html = MarkdownIt("commonmark").render(markdown(text))
        assert lines_of(html) == [text], html


@pytest.mark.parametrize("text", [*PAYLOADS, "`", "``a```b`", " ` "])
def test_a_code_span_holds_any_text(text: str) -> None:
    html = MarkdownIt("commonmark").render(f"say {code(text)} twice")
    assert html.count("<code>") == 1
    assert lines_of(html) == [" ".join(f"say {shown(text)} twice".split())]


@given(st.text(alphabet="<>[]()!`*_#&;|\\\n\x1b\u202eax:/.-=+@ ", max_size=40))
def test_no_text_becomes_markup(text: str) -> None:
    assert not acts(MarkdownIt("commonmark").render(f"said: {markdown(text)} and on"))
    assert not acts(MarkdownIt("commonmark").render(f"said: {code(text)} and on"))


@given(st.text(max_size=30))
def test_no_cell_is_a_formula(text: str) -> None:
    made = cell(text)
    assert made.isprintable()
    assert not made or made[0] not in "=+-@\t\r" or float(made) is not None


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "\r\n@x", "＝1"])
def test_formulas_are_made_text(text: str) -> None:
    written = io.StringIO()
    csv.writer(written).writerow([cell(text)])
    assert next(csv.reader([written.getvalue()]))[0] == f"'{shown(text)}"


@pytest.mark.parametrize("text", ["-5", "+0.25", "1e-3", "-.5"])
def test_numbers_stay_numbers(text: str) -> None:
    assert cell(text) == text
