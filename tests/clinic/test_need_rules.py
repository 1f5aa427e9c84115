"""The rules of kinds and programmes, made from settings once."""

from __future__ import annotations

import pytest
from shortruns import composed

from pcqa_sim.clinic.need_rules import KindRules, kind_rules
from pcqa_sim.scenario import Practice


@pytest.fixture(scope="module")
def practice() -> Practice:
    return composed().practices["practice"]


@pytest.fixture(scope="module")
def rules(practice: Practice) -> dict[str, KindRules]:
    return kind_rules(practice)


def test_kinds_come_before_programmes_in_the_order_of_their_numbers(
    practice: Practice, rules: dict[str, KindRules]
) -> None:
    assert list(rules) == [*practice.demand.kinds, *practice.planned.programmes]
    assert [name for name, one in rules.items() if one.programme is not None] == list(practice.planned.programmes)
    assert all(one.name == name for name, one in rules.items())


def test_the_best_of_the_roles_in_scope_is_what_anybody_could_resolve(
    practice: Practice, rules: dict[str, KindRules]
) -> None:
    for name in practice.demand.kinds:
        scope = {role: one.scope[name] for role, one in practice.role.items() if name in one.scope}
        assert rules[name].scope == scope
        assert rules[name].best == max(scope.values())


def test_what_a_kind_says_is_kept(practice: Practice, rules: dict[str, KindRules]) -> None:
    for name, kind in practice.demand.kinds.items():
        mine = rules[name]
        same = ("origin", "relational", "administrative", "rushes", "talk_factor", "minutes_factor", "latest_days")
        same += ("accepts_later_share", "face_to_face_share", "home_visit_share", "follow_up_booked_share")
        assert [getattr(mine, word) for word in same] == [getattr(kind, word) for word in same]
        assert mine.recovery.mean == kind.recovery_mean_days
        assert (mine.wanted is None) == (kind.wanted_mean_days == 0)
        assert (mine.afterwards.test_share, mine.afterwards.follow_up_share) == (kind.test_share, kind.follow_up_share)
        assert mine.afterwards.interval.mean == pytest.approx(kind.follow_up_days * practice.demand.follow_up_level)


def test_planned_care_is_the_practices_own_done_by_one_role_and_never_gone_by_itself(
    practice: Practice, rules: dict[str, KindRules]
) -> None:
    for name, programme in practice.planned.programmes.items():
        mine = rules[name]
        assert mine.origin == "practice"
        assert mine.scope == {programme.role: 1.0}
        assert mine.best == 1.0
        assert not mine.relational
        assert mine.recovery.mean > 10 * 365
        assert mine.home_visit_share == float(programme.home_visit)
        assert mine.afterwards.follow_up_share == 0
