from __future__ import annotations

import pytest
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.interventions import INTERVENTIONS, apply_all, describe
from pcqa_sim.interventions.more_call_handlers import MoreCallHandlers
from pcqa_sim.interventions.more_phone_lines import MorePhoneLines


@pytest.mark.parametrize("kind", sorted(INTERVENTIONS))
def test_strength_zero_changes_nothing_but_the_label(kind: str) -> None:
    scenario = composed("practice=small", "run=quick")
    changed = INTERVENTIONS[kind].zero().apply(scenario)
    assert describe(scenario, changed) == []
    assert changed.interventions == (INTERVENTIONS[kind].zero().label(),)
    assert simulate(scenario).log.equals(simulate(changed).log)


@pytest.mark.parametrize("kind", sorted(INTERVENTIONS))
def test_an_intervention_says_what_it_changes_and_from_when(kind: str) -> None:
    scenario = composed("practice=small")
    (line,) = describe(scenario, INTERVENTIONS[kind](extra=3, from_week=5).apply(scenario))  # type: ignore[call-arg]
    assert line.startswith("practice ")
    assert line.endswith(" from week 5")
    assert "->" in line


def test_interventions_add_up_from_left_to_right() -> None:
    scenario = composed("practice=small")
    both = apply_all(scenario, [MorePhoneLines(extra=2), MorePhoneLines(extra=3, from_week=4)])
    assert both.in_force("practice", 3).phones.lines == scenario.practices["practice"].phones.lines + 2
    assert both.in_force("practice", 4).phones.lines == scenario.practices["practice"].phones.lines + 5
    assert both.interventions == ("more_phone_lines(extra=2)", "more_phone_lines(from_week=4, extra=3)")


def test_an_earlier_intervention_reaches_later_phases_too() -> None:
    scenario = composed("practice=small")
    late = MorePhoneLines(extra=1, from_week=8).apply(scenario)
    both = MoreCallHandlers(extra=1, from_week=2).apply(late)
    assert both.in_force("practice", 9).rota.extra_call_handlers == 1
    assert both.in_force("practice", 9).phones.lines == scenario.practices["practice"].phones.lines + 1
    assert both.in_force("practice", 1).rota.extra_call_handlers == 0


def test_only_names_the_practices_it_is_for() -> None:
    small = composed("practice=small")
    two = small.replaced(practices={"north": small.practices["practice"], "south": small.practices["practice"]})
    changed = MorePhoneLines(extra=2, only=("north",)).apply(two)
    assert [line.split()[0] for line in describe(two, changed)] == ["north"]
    with pytest.raises(ValueError, match="unknown practice 'west'; known: north, south"):
        MorePhoneLines(extra=2, only=("west",)).apply(two)


def test_the_hash_tells_settings_and_order_apart() -> None:
    scenario = composed("practice=small")
    lines, handlers = MorePhoneLines(extra=2), MoreCallHandlers(extra=1)
    hashes = {s.hash() for s in (scenario, lines.apply(scenario), handlers.apply(lines.apply(scenario)))}
    hashes.add(lines.apply(handlers.apply(scenario)).hash())
    assert len(hashes) == 4
    other_seed = scenario.replaced(run=scenario.run.model_copy(update={"seed": 99, "replications": 50}))
    assert other_seed.hash() == scenario.hash()
