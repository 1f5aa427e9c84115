"""What the app shows of answers: everything is still there, most of it behind a line that opens it."""

from __future__ import annotations

import re
import time

from pcqa_sim.app.shown import answers_of, folded, in_the_app, told

PICTURE = '<svg viewBox="0 0 9 9" role="img"><title id="t">Bars: 3 &amp; "4"</title></svg>'
TABLE = '<div class="scroll" tabindex="0">\n<table><tr><td>3</td></tr></table>\n</div>'
ASKED = '<article><h3>{0}</h3>\n<p class="answer">{0}: yes.</p>\n<figure>\n{1}\n{2}\n</figure>\n</article>\n'
CHAPTER = '<section aria-labelledby="most-{0}">\n<h2 id="most-{0}">{1}</h2></section>\n<section>{2}</section>\n'
PAGE = '<h1>x</h1><main id="main" tabindex="-1">{}<section class="plain">trust</section></main>'


def made(*chapters: str) -> str:
    asked = "".join(ASKED.format(name, PICTURE, TABLE) for name in ("Demand", "Phone", "Cost"))
    return PAGE.format("".join(CHAPTER.format(n, name, asked) for n, name in enumerate(chapters, 1)))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_answers_come_without_the_pages_frame_and_pictures_as_images_with_their_words() -> None:
    found = answers_of(made("What matters most"))
    assert "<svg" not in found
    assert found.count("<img ") == 3
    assert 'alt="Bars: 3 &amp; &quot;4&quot;"' in found
    assert "trust" not in found
    assert answers_of("<html><body>none</body></html>") == ""


def test_every_answer_stands_open_and_pictures_but_the_first_and_all_tables_are_behind_a_line() -> None:
    html = answers_of(made("What matters most"))
    short = folded(html)
    opened = re.sub(r"<details>.*", "", short.partition("Phone</h3>")[0], flags=re.DOTALL)
    assert "<img " in opened, "the first question's picture is seen at once"
    assert "<table" not in opened
    for name in ("Demand", "Phone", "Cost"):
        before = short.partition(f"{name}: yes.")[0]
        assert before.count("<details") == before.count("</details>"), f"the answer of {name} is open"
    assert short.count("<details") == short.count("</details>") == 3 + 2
    assert short.count("<table") == html.count("<table")
    assert set(words(html).split()) <= set(words(short).split())


def test_of_a_network_each_practice_opens_by_its_name() -> None:
    short = folded(answers_of(made("The network: what matters most", "North: what matters most")))
    assert short.count('<details class="chapter"><summary>North</summary>') == 1
    assert "<summary>The network</summary>" not in short
    assert short.count("<details") == short.count("</details>")


def test_nothing_is_said_to_who_types_commands() -> None:
    assert in_the_app("at least 5 are needed (--reps).") == "at least 5 are needed."
    assert told("Alike.\n\nFiles in /somewhere/else:\n  report.html\n") == "Alike."


def test_pictures_of_many_letters_are_gone_through_at_once_and_folders_left_out() -> None:
    """A path that was looked for from every letter of a picture took minutes, and no answer was ever shown."""
    letters = "ABC/d+" * 60_000
    page = made("What matters most").replace("<svg ", f'<svg data-x="{letters}" ')
    begun = time.process_time()
    assert "Demand: yes." in words(folded(answers_of(page)))
    assert in_the_app(f"<img src='{letters}'>").endswith("'>")
    assert time.process_time() - begun < 2
    said = "written to /tmp/a-b/pcqa_conf/practice/a.yaml; see '../c/pcqa_conf/network/b.yaml' (x/pcqa_conf/d)"
    assert in_the_app(said) == "written to pcqa_conf/practice/a.yaml; see 'pcqa_conf/network/b.yaml' (pcqa_conf/d)"
