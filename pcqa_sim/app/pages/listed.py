"""The pages, in the order in which they are offered."""

from __future__ import annotations

from pcqa_sim.app.pages.advice import advice_page
from pcqa_sim.app.pages.answers import answers_page
from pcqa_sim.app.pages.change import change_page
from pcqa_sim.app.pages.day import day_page
from pcqa_sim.app.pages.network import network_page
from pcqa_sim.app.pages.practice import practice_page

PAGES = (
    ("1 Your practice", practice_page, "practice"),
    ("2 What to change", change_page, "change"),
    ("3 What it would do", answers_page, "answers"),
    ("A day, animated", day_page, "day"),
    ("What to try first", advice_page, "advice"),
    ("A network", network_page, "network"),
)
