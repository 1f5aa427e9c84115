"""What several people believe of an assumption, pooled, and drawn together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pcqa_sim.inputs.ranges import Range, pooled, read_people, samples, write_carried
from pcqa_sim.values.faults import BadInput


def test_an_80_per_cent_interval_comes_back() -> None:
    for one in (Range(2.0, 8.0), Range(-1.0, 5.0)):
        assert one.at(np.array([0.1, 0.9])) == pytest.approx([one.low, one.high])
        assert pooled([one], np.array([0.1, 0.5, 0.9])) == pytest.approx(one.at(np.array([0.1, 0.5, 0.9])), rel=0.02)


def test_people_who_differ_widen_the_pool() -> None:
    low, high = pooled([Range(1, 2), Range(4, 8)], np.array([0.1, 0.9]))
    assert low == pytest.approx(1.17, abs=0.1)
    assert high == pytest.approx(7.0, abs=0.5)
    assert pooled([Range(1, 2), Range(1, 2)], np.array([0.9]))[0] == pytest.approx(2.0, rel=0.02)


def test_files_of_people_and_their_faults(tmp_path: Path) -> None:
    one, two = tmp_path / "ann.yaml", tmp_path / "bob.yaml"
    one.write_text("phones.lines: [3, 6]\npractice.demand_level: [0.9, 1.2]\n")
    two.write_text("phones.lines: [5, 9]\n")
    pools = read_people([one, two])
    assert [one.who for one in pools["phones.lines"]] == ["ann", "bob"]
    drawn = samples(pools, 200, seed=1)
    assert np.mean([row["phones.lines"] for row in drawn]) == pytest.approx(5.6, abs=0.4)
    assert samples(pools, 20, seed=1) == samples(pools, 20, seed=1)
    two.write_text("phones.lines: [9, 5]\nx: 3\n")
    with pytest.raises(BadInput) as caught:
        read_people([two])
    assert len(caught.value.faults) == 2
    assert "bob.yaml phones.lines: [9, 5]: an 80 % interval is two numbers, the smaller first" in str(caught.value)
    with pytest.raises(BadInput, match="there is no such file"):
        read_people([tmp_path / "cat.yaml"])
    two.write_text("")
    with pytest.raises(BadInput):
        read_people([two])


def test_what_a_fit_could_not_narrow_is_read_back(tmp_path: Path) -> None:
    (path,) = write_carried(tmp_path, "mine", {"planned.level": (0.5, 1.5)}, "calibrated to x.csv")
    (one,) = read_people([path])["planned.level"]
    assert (one.low, one.high) == (pytest.approx(0.673, abs=0.001), pytest.approx(1.327, abs=0.001))
    assert write_carried(tmp_path, "mine", {}, "") == []
