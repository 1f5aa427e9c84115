from __future__ import annotations

import pytest
from shortruns import NO_USER_SETTINGS

from pcqa_sim.configuration import Setting, assumed, show
from pcqa_sim.report.sources import Sources, grouped, kind_of


def setting(source: str, key: str = "phones.lines") -> Setting:
    return Setting(key, "", 3, 60, True, "lines", source)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("fitted: towards calls_ended_in_ivr_share", "fitted"),
        ("assumption: a short wait", "assumed"),
        ("caller_patience_mean", "published"),
        ("override on the command line", "chosen"),
        ("override, north", "chosen"),
        ("intervention more_call_handlers(extra=1)", "chosen"),
        ("no source given", "unsourced"),
        ("", ""),
    ],
)
def test_the_kind_of_a_source(source: str, kind: str) -> None:
    assert kind_of(setting(source)) == kind


def test_every_number_of_the_shipped_settings_has_a_kind() -> None:
    shown = show("practice=small", user_folder=NO_USER_SETTINGS)
    found = Sources.of(shown.settings)
    parts = (found.fitted, found.published, found.assumed, found.chosen, found.unsourced)
    assert sum(map(len, parts)) == len([one for one in shown.settings if one.source])
    assert len(found.assumed) == len(assumed(shown))
    assert found.fitted
    assert found.published
    assert found.chosen == ()


def test_what_is_set_for_a_run_is_chosen() -> None:
    shown = show("phones.lines=3", "intervention=[more_call_handlers]", user_folder=NO_USER_SETTINGS)
    chosen = {one.key for one in Sources.of(shown.settings).chosen}
    assert chosen == {"phones.lines", "rota.extra_call_handlers"}


def test_counts_by_group() -> None:
    settings = [setting("x"), setting("x", "demand.a"), setting("x", "demand.b.c")]
    assert grouped(settings) == "demand 2, phones 1"
