"""What things are called in reports, and in which order groups of people are read."""

from __future__ import annotations

from pcqa_sim.report.names import in_reading_order


def test_groups_of_people_are_read_theme_by_theme_and_ages_by_age() -> None:
    by_size = ["deprivation=2", "age=85_up", "segment=frail", "age=5_17", "sex=women", "segment=well", "deprivation=1"]
    read = ["sex=women", "segment=frail", "segment=well", "age=5_17", "age=85_up", "deprivation=1", "deprivation=2"]
    assert in_reading_order(by_size) == read
