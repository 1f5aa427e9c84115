"""Video and online messages: two ways of meeting, counted together as the published series does."""

from __future__ import annotations

import pytest
from shortruns import composed, run_of

from pcqa_sim.faults import BadInput

SHORT = ("practice=average", "practice.list_size=4000", "run.warm_up_weeks=0", "run.measured_weeks=6")


def test_nobody_misses_a_message() -> None:
    run = run_of(*SHORT)
    kept = run.appointments[run.appointments["status"].isin(("attended", "dna"))]
    messages, videos = (kept[kept["mode"] == mode] for mode in ("online_message", "video"))
    assert len(messages) > 50
    assert len(videos) > 50
    assert (messages["status"] == "attended").all()
    assert (videos["status"] == "dna").any()
    measured = run.metrics().query("metric == 'mode_share' and period == 'all'").set_index("group")["value"]
    both = measured["mode=video"] + measured["mode=online_message"]
    assert measured["mode=video_online"] == pytest.approx(both)
    assert both == pytest.approx((len(messages) + len(videos)) / len(kept), rel=0.05)


def test_first_looks_at_forms_are_written() -> None:
    run = run_of(*SHORT, "triage=total_digital")
    looks = run.appointments[run.appointments["release"] == "triage"]
    assert set(looks["mode"]) == {"online_message"}
    assert not (looks["status"] == "dna").any()


def test_the_name_of_both_together_is_no_mode() -> None:
    with pytest.raises(BadInput, match="video, online_message"):
        composed("triage=total_digital", "triage.first_look.mode=video_online")
