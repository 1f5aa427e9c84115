"""Last experience: remembered by channel, forgotten once the channel has served."""

from __future__ import annotations

from pcqa_sim.frontdoor.channel_memory import ChannelMemory, other_channel
from pcqa_sim.values.needs import APP, DESK, ONLINE, PHONE


def test_a_channel_is_remembered_until_it_serves() -> None:
    seen = ChannelMemory()
    seen.got_nowhere(7, PHONE)
    assert seen.let_down(7, PHONE)
    assert not seen.let_down(7, ONLINE)
    assert not seen.let_down(8, PHONE)
    seen.served(7, ONLINE)
    assert seen.let_down(7, PHONE)
    seen.served(7, PHONE)
    assert not seen.let_down(7, PHONE)


def test_people_turn_where_they_can() -> None:
    assert [other_channel(one, digital=True) for one in (PHONE, ONLINE, APP, DESK)] == [ONLINE, PHONE, PHONE, PHONE]
    assert other_channel(PHONE, digital=False) == DESK
