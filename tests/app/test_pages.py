"""Pages made without a browser: what is asked for, and what becomes of it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

pytestmark = [pytest.mark.slow]
SECONDS = 120


def made(page: str) -> AppTest:
    found = AppTest.from_string(
        f"from pcqa_sim.app.pages.{page} import {page}_page\n{page}_page()", default_timeout=SECONDS
    )
    found.run()
    assert not found.exception
    return found


def test_how_much_of_an_intervention_is_asked_for_and_kept() -> None:
    change = made("change")
    change.multiselect(key="interventions").set_value(["reminders"]).run()
    field = change.number_input(key="field intervention.reminders.fewer_share")
    assert (field.min, field.max, field.value) == (0, 1, 0.3)
    field.set_value(0.5).run()
    assert not change.exception
    here = change.session_state["session"]
    assert here.change.settings == {"intervention.reminders.fewer_share": 0.5}
    assert "fewer_share=0.5" in here.scenario("in_the_app").interventions[0]
    change.multiselect(key="interventions").set_value([]).run()
    assert here.change.nothing, "what is said of an intervention goes with it"


def test_a_network_asks_what_is_shared_and_how_often_an_mdt_meets() -> None:
    page = made("network")
    page.multiselect[0].set_value(["shared_reception"])
    page.multiselect[1].set_value(["frail"]).run()
    assert not page.exception
    meetings = page.number_input(key="field mdt.frail.meetings_per_week")
    assert meetings.value == 1
    assert "Source of the value" in meetings.help
    assert page.number_input(key="field intervention.shared_reception.reception_talk_factor").value == 1.1
    assert len(page.table) == 1


def test_a_name_that_somebody_brought_is_shown_as_it_is_and_fetches_nothing() -> None:
    """A practice's name may come from a file: Markdown of a picture in it would ask another machine for it."""
    page = made("practice")
    here = page.session_state["session"]
    (here.settings / "practice").mkdir(exist_ok=True)
    text = "defaults: [small@_here_, _self_]\nname: '![x](https://example.org/x.png)'\n"
    (here.settings / "practice" / "theirs.yaml").write_text(text)
    page.run()
    page.selectbox(key="practice").set_value("theirs").run()
    assert not page.exception
    shown = [one.value for one in page.markdown if "example" in one.value]
    assert shown
    assert not [one for one in shown if "![" in one or "](" in one]
