"""Formulas: blocks of ```math hold LaTeX, as GitHub shows it; here they become MathML, which browsers show alone."""

from __future__ import annotations

import re
from html import escape

from latex2mathml.converter import convert

_BLOCK = re.compile(r"^```math\n(.*?)^```$", re.M | re.S)


def with_formulas(text: str) -> str:
    """Return Markdown whose formulas are MathML, each with its LaTeX as its name for those who cannot see it."""
    return _BLOCK.sub(lambda found: f'\n<div class="formula" tabindex="0">{_formula(found[1])}</div>\n\n', text)


def _formula(latex: str) -> str:
    written = " ".join(latex.split())
    made = convert(written, display="block")
    return made.replace("<math ", f'<math alttext="{escape(written, quote=True)}" ', 1)
