"""Answers as the app shows them: tables behind a line that opens them, pictures as images, nothing for who types."""

from __future__ import annotations

import re
from base64 import b64encode
from html import escape, unescape

_SVG = re.compile(r"<svg .*?</svg>", re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL)
_TABLE = re.compile(r'(<img [^>]*>\s*)(<div class="scroll".*?</table>\s*</div>)', re.DOTALL)
_QUESTION = re.compile(r"(</article>.*?)(<figure.*?)(?=</article>)", re.DOTALL)
_CHAPTER = re.compile(r'(?=<section aria-labelledby="most-)')
_HEADING = re.compile(r"<h2[^>]*>(.*?)(?:: what matters most)?</h2>", re.DOTALL)
_ANSWERS = re.compile(r'<main[^>]*>(.*?)(?:<section class="plain"|</main>)', re.DOTALL)
_HINTS = re.compile(
    r" \((?:--reps|comparison\.csv)\)|; give --accept to use it all the same, with a note"
    # A path is looked for where one can begin: from everywhere in a picture's 200,000 letters it takes minutes.
    r"""|(?<![^\s"'`(>=])[^\s"'`(<>]*/(?=pcqa_conf/)"""
)
_FIRST = re.compile(r"run first: pcqa import register .*")
_FILES = re.compile(r"\n*^Files in .*", re.DOTALL | re.MULTILINE)


def folded(html: str) -> str:
    """Return answers with what few read at once behind a line that opens it.

    That is each picture's table, the pictures of every question but the first, and a network's practices.
    """
    short = _TABLE.sub(_behind("The same as a table", r"\1", r"\2"), in_the_app(html))
    before, *chapters = _CHAPTER.split(short)
    told = [_QUESTION.sub(_behind("Show the pictures and what this rests on", r"\1", r"\2"), one) for one in chapters]
    return before + "".join(told[:1]) + "".join(map(_chapter, told[1:]))


def _behind(line: str, before: str, html: str) -> str:
    return f"{before}<details><summary>{line}</summary>{html}</details>"


def _chapter(html: str) -> str:
    heading = _HEADING.search(html)
    name = heading.group(1) if heading else "More"
    return f'<details class="chapter"><summary>{name}</summary>{html}</details>'


def in_the_app(text: str) -> str:
    """Return a text without what it says to those who typed a command."""
    return _FIRST.sub("take in the patients registered first", _HINTS.sub("", text))


def told(text: str) -> str:
    """Return what a command said without its list of files, which nobody of the app can open."""
    return _FILES.sub("", text).rstrip()


def answers_of(page: str) -> str:
    """Return the answers of a page that a command wrote, its pictures as images with their texts; "" of any other."""
    found = _ANSWERS.search(page)
    return "" if found is None else _SVG.sub(_image, found.group(1))


def _image(svg: re.Match[str]) -> str:
    title = _TITLE.search(svg.group())
    drawn = b64encode(svg.group().encode()).decode()
    words = escape(unescape(title.group(1))) if title else ""
    return f'<img src="data:image/svg+xml;base64,{drawn}" alt="{words}">'
