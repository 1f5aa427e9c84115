"""What must fit together across a practice's groups: names that are known, rates that can be, chains that end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from pcqa_sim.scenario.groups import Kind, Role
from pcqa_sim.scenario.groups.triage import FORM, NAVIGATOR
from pcqa_sim.scenario.groups.triage import RECEPTION as RECEPTION
from pcqa_sim.scenario.practice import PracticeGroups
from pcqa_sim.scenario.stability import refusal
from pcqa_sim.values.faults import Fault, Several, nearest, slip_of
from pcqa_sim.values.needs import ELSEWHERE, PAPERWORK, PLACES, SELF_TREATED, WENT_ELSEWHERE
from pcqa_sim.values.words import Place

MOST_TIMES_BASE_RATE = 20
ROUNDING = 1e-9
"""By how much shares may come to more than 1 because numbers are rounded."""
NEARBY = (Place.PHARMACY.value, Place.SELF_CARE.value)
"""Where access models send people that is a place of the community, not another service."""


def roles_in(row: Mapping[str, float]) -> dict[str, float]:
    """Return the shares of a row of `triage.places` that go to roles."""
    return {place: share for place, share in row.items() if place not in PLACES and share > 0}


def judge_practice(practice: PracticeGroups) -> None:
    """Raise ValueError naming everything in a practice's groups that does not fit the others."""
    found = [*_rates(practice), *_unknown_names(practice), *_places(practice), *_decider(practice), *_office(practice)]
    # Chains follow names, which must be there, and one setting may make all of them endless.
    if found := found or list(islice(_chains(practice), 1)):
        raise Several(found)


def _unknown_names(practice: PracticeGroups) -> Iterator[str]:
    """Yield one line for each name that is not known: where it stands first, and in how many more places."""
    places: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for where, name, what, known in chain(_names(practice), _named_places(practice)):
        if name not in known:
            places.setdefault((name, what), []).append((where, _instead(name, list(known))))
    for (name, what), (first, *more) in places.items():
        where, instead = first
        others = f" (and is named in {len(more)} other place{'s' * (len(more) > 1)})" if more else ""
        yield f"{where}: {name} is no {what}{others}{instead}"


def _instead(name: str, known: Sequence[str]) -> str:
    """Return what could stand there: the name most like it, or all that are known where none is alike."""
    close = nearest(name, known)
    return f"; did you mean {close}?" if close else f"; there {'is' if len(known) == 1 else 'are'} {', '.join(known)}"


def _named_places(practice: PracticeGroups) -> Iterator[tuple[str, str, str, Iterable[str]]]:
    """Yield the places that kinds of need go to; one to which nobody is sent, unless it looks like a slip, is none."""
    known = [*PLACES, *practice.role]
    for kind in practice.demand.kinds:
        row = practice.triage.places.get(kind, {})
        named = [place for place, share in row.items() if share > 0 or nearest(place, known)]
        yield from _each(f"triage.places.{kind}", named, "role", known)


def _rates(practice: PracticeGroups) -> Iterator[str]:
    for person, times in practice.people.rate_factor.items():
        if person >= practice.list_size:
            yield f"people.rate_factor: person {person} is not on a list of {practice.list_size}"
        if times * practice.demand_level > MOST_TIMES_BASE_RATE:
            yield f"people.rate_factor: {times} x demand_level is at most {MOST_TIMES_BASE_RATE}"
    if refused := refusal(practice):
        yield refused
    yield from _sent_twice(practice)
    share = practice.people.state.unsettled_share
    for name, place in practice.community.items():
        if place.effect is not None and place.effect.moves_state and share in (0.0, 1.0):
            nobody = f"people.state.unsettled_share is {share:g}, so that nobody's state ever changes"
            yield f"community.{name}.effect: must leave unsettles and settles at 1: {nobody}"


def _sent_twice(practice: PracticeGroups) -> Iterator[str]:
    """Find kinds of need of which places of the community together are sent more than all there are."""
    for way in ("offered", "referred", "joins"):
        shares: dict[str, dict[str, float]] = {}
        for name, place in practice.community.items():
            for kind, share in getattr(place, way).items():
                if share > 0:
                    shares.setdefault(kind, {})[name] = share
        for kind, named in shares.items():
            if (whole := sum(named.values())) > 1 + ROUNDING:
                told = " and ".join(f"{share:g} at {name}" for name, share in named.items())
                yield f"community: {way}.{kind} must come to at most 1 over all places, and is {whole:g}: {told}"


Named = Iterator[tuple[str, str, str, Iterable[str]]]
"""Names in one group that must stand in another: where, the name, what it is, and those known."""


def _names(practice: PracticeGroups) -> Named:
    """Yield every name in one group that must stand in another."""
    yield from _names_of_people(practice)
    yield from _names_of_papers(practice)
    yield from _names_of_roles(practice)
    yield from _names_in_triage(practice)
    yield from _names_of_places(practice)
    roles = practice.role
    yield from _each("practice.fte_level", practice.fte_level, "role", roles)
    yield from _each("costs.locum_session_gbp", practice.costs.locum_session_gbp, "role", roles)
    if (kept := practice.appointments.nhs_111) is not None:
        yield "appointments.nhs_111.role", kept.role, "role", roles
    yield "appointments.extra_role", practice.appointments.extra_role, "role", roles


def _names_of_people(practice: PracticeGroups) -> Named:
    """Yield names of age bands, segments and fifths in what people need, seek and miss."""
    ages, segments, fifths = practice.people.ages, practice.people.segments, practice.people.deprivation_share
    seeking, missing = practice.demand.seeking, practice.appointments.not_attending
    for name, kind in practice.demand.kinds.items():
        yield from _each(f"demand.kinds.{name}.for_ages", kind.for_ages, "age band", ages)
        yield from _each(f"demand.kinds.{name}.for_segments", kind.for_segments, "segment", segments)
    for name, programme in practice.planned.programmes.items():
        yield from _each(f"planned.programmes.{name}.by_age", programme.by_age, "age band", ages)
        yield from _each(f"planned.programmes.{name}.by_segment", programme.by_segment, "segment", segments)
        yield f"planned.programmes.{name}.role", programme.role, "role", practice.role
    yield from _each("demand.seeking.never_factor_by_age", seeking.never_factor_by_age, "age band", ages)
    yield from _each("demand.seeking.never_factor_by_segment", seeking.never_factor_by_segment, "segment", segments)
    yield from _each("demand.seeking.never_factor_by_deprivation", seeking.never_factor_by_deprivation, "fifth", fifths)
    yield from _each("appointments.not_attending.age_factor", missing.age_factor, "age band", ages)
    yield from _each("appointments.not_attending.deprivation_factor", missing.deprivation_factor, "fifth", fifths)


def _names_of_papers(practice: PracticeGroups) -> Named:
    """Yield names of kinds, items and roles in the back office.

    Who is not here does nothing, and the others do their share; what looks like a slip is refused.
    """
    office, roles = practice.backoffice, practice.role
    yield from _each("backoffice.requests", office.requests, "kind of need", practice.demand.kinds)
    for asked, item in office.requests.items():
        yield f"backoffice.requests.{asked}", item, "item of backoffice.items", office.items
    for name, paper in office.items.items():
        for key, named in (("by", paper.by), ("taken_over", paper.taken_over), ("may", paper.may)):
            yield from _each(f"backoffice.items.{name}.{key}", _slips(named, roles), "role", roles)


def _slips(names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """Yield names that are not known, and look like one that is."""
    there = list(known)
    return (name for name in names if name not in there and nearest(name, there))


def _misspelt(names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """Yield names that are known but for a letter or two; kinds of need share whole words and mean other things."""
    there = list(known)
    return (name for name in names if name not in there and slip_of(name, there))


def _names_of_roles(practice: PracticeGroups) -> Named:
    """Yield names in roles: the segments they keep time for, kinds, items, whoever supervises, and release rules."""
    kinds, roles = practice.demand.kinds, practice.role
    complex_needs = practice.appointments.complex_needs
    if complex_needs is not None:
        segments = practice.people.segments
        yield from _each("appointments.complex_needs.segments", complex_needs.segments, "segment", segments)
    for name, role in roles.items():
        yield from _each(f"role.{name}.scope", role.scope, "kind of need", kinds)
        yield from _each(f"role.{name}.makes", role.makes, "item of backoffice.items", practice.backoffice.items)
        if role.supervision_min:
            yield f"role.{name}.supervised_by", role.supervised_by, "role", roles
        for key, blocks in role.templates.items():
            rules = [block.release for block in blocks]
            yield from _each(f"role.{name}.{key}", rules, "release rule", practice.appointments.releases)


def _names_of_places(practice: PracticeGroups) -> Named:
    """Yield names of kinds, segments and roles in the places of the community.

    What a place says of a kind of need that nobody here has does nothing, and a role that is not here has no caseload;
    what looks like a slip is refused.
    """
    kinds, segments = practice.demand.kinds, practice.people.segments
    for name, place in practice.community.items():
        for key in ("resolves", "offered", "referred", "joins"):
            yield from _each(f"community.{name}.{key}", _misspelt(getattr(place, key), kinds), "kind of need", kinds)
        for key in ("for_segments", "uptake_for_segments", "stays_for_segments"):
            yield from _each(f"community.{name}.{key}", getattr(place, key), "segment", segments)
        worked_by = [place.worked_by] if place.worked_by else []
        yield from _each(f"community.{name}.worked_by", _slips(worked_by, practice.role), "role", practice.role)
    if (homes := practice.care_homes) is not None and homes.round is not None:
        yield "care_homes.round.role", homes.round.role, "role", practice.role
        met = _misspelt(homes.round.resolves, kinds)
        yield from _each("care_homes.round.resolves", met, "kind of need", kinds)


def _names_in_triage(practice: PracticeGroups) -> Named:
    """Yield names of kinds, roles and age bands in the access model.

    A role that is not here recognises nothing; what looks like a slip is refused.
    """
    triage, kinds, roles = practice.triage, practice.demand.kinds, practice.role
    yield from _each("triage.places", triage.places, "kind of need", kinds)
    for name, others in triage.cover.items():
        yield from _each("triage.cover", [name, *others] if others else [], "role", roles)
    yield from _each("triage.signposts", triage.signposts, "kind of need", kinds)
    known = (RECEPTION, NAVIGATOR, FORM, *roles)
    slips = _slips(triage.recognition, known)
    yield from _each("triage.recognition", slips, "role, nor reception, navigator or form", known)
    if triage.asks_clinician is not None:
        yield "triage.asks_clinician.role", triage.asks_clinician.role, "role", roles
    if (first := triage.clinician_triage) is not None:
        yield "triage.clinician_triage.role", first.role, "role", roles
        yield from _each("triage.clinician_triage.settled_share", first.settled_share, "kind of need", kinds)
    if (form := triage.form_first) is not None:
        ages = practice.people.ages
        yield from _each("triage.form_first.takes_up_by_age", form.takes_up_by_age, "age band", ages)
    if triage.books_ahead is not None:
        yield from _each("triage.books_ahead.roles", triage.books_ahead.roles, "role", roles)
    if triage.overbooking is not None and triage.overbooking.fallback_role is not None:
        yield "triage.overbooking.fallback_role", triage.overbooking.fallback_role, "role", roles


def _each(where: str, names: Iterable[str], what: str, known: Iterable[str]) -> Named:
    yield from ((where, name, what, known) for name in names)


def _places(practice: PracticeGroups) -> Iterator[str]:
    """Find a kind of need that goes nowhere, or to a role that cannot do anything for it."""
    lacking = [kind for kind in practice.demand.kinds if kind not in practice.triage.places]
    for kind in lacking[:1]:
        others = f" (and {len(lacking) - 1} more kinds of need)" if len(lacking) > 1 else ""
        yield f"triage.places: must say where {kind} goes{others}"
    for kind in practice.demand.kinds:
        row = practice.triage.places.get(kind, {})
        for place in roles_in(row):
            if place in practice.role and not practice.role[place].scope.get(kind):
                yield f"triage.places.{kind}.{place}: the role has no scope for it; see role.{place}.scope"
        yield from _without_a_role(practice, kind, row)
    yield from _sent_nowhere(practice)


def _sent_nowhere(practice: PracticeGroups) -> Iterator[str]:
    """Find places that people are sent to of which nothing says what becomes of them there."""
    there = {*practice.triage.elsewhere, *practice.community}
    lacking = {
        place: kind for place in ELSEWHERE for kind, row in practice.triage.places.items() if row.get(place)
        if place not in there
    }  # fmt: skip
    if nearby := [place for place in lacking if place in NEARBY]:
        chosen, kind = ",".join([*practice.community, *nearby]), lacking[nearby[0]]
        yield (
            f"community: must have {' and '.join(nearby)}, where triage.places.{kind} sends people, as in "
            f"community=[{chosen}]; or triage.elsewhere must say what becomes of them"
        )
    for place, kind in lacking.items():
        if place not in NEARBY:
            yield f"triage.elsewhere: must say what becomes of people sent to {place}, as triage.places.{kind} does"
    known = list(dict.fromkeys([*WENT_ELSEWHERE, SELF_TREATED, *practice.community]))
    for kind, signpost in practice.triage.signposts.items():
        if signpost.to not in known:
            close = nearest(signpost.to, known)
            yield str(Fault(f"triage.signposts.{kind}.to", f"must be one of {', '.join(known)}", signpost.to, close))


def _without_a_role(practice: PracticeGroups, kind: str, row: Mapping[str, float]) -> Iterator[str]:
    """Find people sent elsewhere whom nobody sees when they come back, and what nobody knows how to write."""
    if row.get(PAPERWORK) and kind not in practice.backoffice.requests:
        yield f"triage.places.{kind}.{PAPERWORK}: backoffice.requests must say which item it is"
    sent = [place for place in ELSEWHERE if row.get(place)]
    if sent and not roles_in(row):
        yield f"triage.places.{kind}: must name a role for those who come back from {sent[0]}"


def _decider(practice: PracticeGroups) -> Iterator[str]:
    """Find a triage model with clinician triage that nobody is there for."""
    triage = practice.triage.clinician_triage
    if triage is not None and triage.role in practice.role and practice.fte(triage.role) == 0:
        yield f"triage.clinician_triage.role: {triage.role} has no rota: fte_per_10000 or fte_level is 0"


def _office(practice: PracticeGroups) -> Iterator[str]:
    """Find paperwork that nobody is there to do."""
    office = practice.backoffice
    for name, item in office.items.items():
        made = item.per_1000_day > 0 or name in office.requests.values()
        doers = [role for role, share in item.by.items() if share > 0]
        slips = any(role not in practice.role and nearest(role, list(practice.role)) for role in doers)
        if made and not slips and not any(map(practice.works, doers)):
            yield f"backoffice.items.{name}.by: none of {', '.join(doers)} has a rota: fte_per_10000 or fte_level is 0"


def _chains(practice: PracticeGroups) -> Iterator[str]:
    """Find a kind of need whose consultations would each bring at least one more, for ever."""
    for name, kind in practice.demand.kinds.items():
        for place in roles_in(practice.triage.places[name]):
            again = contacts_after_one(practice, kind, practice.role[place], name)
            if again >= 1:
                yield (
                    f"demand.kinds.{name}: each contact with the role {place} would bring {again:.2f} more, and none "
                    "would ever end: fewer must be unresolved, followed up, missed and asked about again"
                )


def contacts_after_one(practice: PracticeGroups, kind: Kind, role: Role, name: str) -> float:
    """Return how many contacts one booked contact with a role brings on average, at the most.

    It ends unresolved, or resolved with a planned follow-up; it is asked about again while waiting, missed and booked
    again, or chased.
    """
    outcome, missed = practice.outcome, most_missed(practice)
    resolved = role.scope.get(name, 0.0)
    seen = (
        (1 - resolved) + resolved * kind.follow_up_share + resolved * kind.test_share * practice.backoffice.chase_share
    )
    return (1 - missed) * seen + missed * outcome.dna_rebook_share + outcome.waiting.share


def most_missed(practice: PracticeGroups) -> float:
    """Return the share of appointments that are missed, at the most, before people and modes differ."""
    return min(1.0, practice.appointments.not_attending.lead.greatest)
