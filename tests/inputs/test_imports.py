from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from pcqa_sim.inputs.imports import Imported, import_register, import_telephony
from pcqa_sim.inputs.national import weekday_ratio
from pcqa_sim.inputs.wording import apart
from pcqa_sim.scenario import with_settings
from pcqa_sim.scenario.groups import PracticeProfile
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.formats import newest

Write = Callable[..., Path]
Row = Callable[..., str]
Day = Callable[..., list[str]]


def mean_weekday(list_size: int, level: float) -> float:
    return list_size / 1000 * 27.4 * level**1.3


def toy(list_size: int, around: dt.date) -> Callable[[float], list[float]]:
    """A model whose weekdays differ as the published ones do."""
    return lambda level: [mean_weekday(list_size, level) * weekday_ratio(weekday) for weekday in range(5)]


def never(list_size: int, around: dt.date) -> Callable[[float], list[float]]:
    raise AssertionError("the model must not run")


def settings(imported: Imported) -> PracticeProfile:
    written = yaml.safe_load(imported.path.read_text())
    assert written.pop("schema") == newest("practice")
    return PracticeProfile.model_validate(written)


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    return tmp_path / "pcqa_conf"


@pytest.fixture
def register(register_file: Write, register_row: Row) -> Path:
    return register_file(register_row())


@pytest.fixture
def telephony(telephony_file: Write, telephony_day: Day) -> Path:
    return telephony_file(*telephony_day())


def test_a_register_alone_gives_the_national_level(register: Path, conf: Path) -> None:
    imported = import_register(register, "a11111", conf)
    assert imported.path.read_text().splitlines()[1:] == [
        "schema: 2  # version; of the form of this file",
        "name: Practice A11111",
        "list_size: 8000  # people; register of 1 January 2026, register.csv",
        "demand_level: 1.0  # times; assumption: national mean",
        "start_belief: 0.2  # share; assumption: near the belief an average practice settles at",
    ]
    assert settings(imported).list_size == 8000
    assert imported.lines[0] == "A11111: 8,000 people registered on 1 January 2026 (register.csv)."
    assert "Demand level 1.0, the national mean" in imported.lines[1]


def test_telephony_adds_the_observed_day_and_the_level(register: Path, telephony: Path, conf: Path) -> None:
    import_register(register, "A11111", conf)
    imported = import_telephony(telephony, "A11111", conf, toy)
    practice = settings(imported)
    target = 100 / 1.295
    assert mean_weekday(8000, practice.demand_level) == pytest.approx(target, rel=0.005)
    assert practice.observed is not None
    assert (practice.observed.date, practice.observed.list_size_date) == (
        dt.date(2026, 6, 1),
        dt.date(2026, 1, 1),
    )
    observed = practice.observed
    assert (observed.inbound, observed.answered, observed.menu) == (100, 60, 25)
    assert (observed.callback, observed.missed) == (5, 10)
    assert observed.source == "telephony.csv"


def test_the_lines_tell_it_in_plain_words(register: Path, telephony: Path, conf: Path) -> None:
    import_register(register, "A11111", conf)
    lines = import_telephony(telephony, "A11111", conf, toy).lines
    assert lines[0] == "A11111, Monday 1 June 2026: 100 calls, 12.5 per 1,000 of 8,000 people (telephony.csv)."
    assert lines[1].startswith("On a mean weekday: 77.2 calls, 9.7 per 1,000 (England 27.4); a Monday has 1.295")
    assert "answered 60.0 % (England 57.7 %), ended in the menu 25.0 % (England 25.3 %)" in lines[2]
    assert lines[3].startswith("Answered within 2 minutes: 66.7 % (England 60.4 %). Talk time, log-normal: median")
    assert re.match(r"Demand level 0\.4\d*: the model then gives [\d.]+ calls on a Monday, against 100\.0", lines[4])
    assert lines[5].startswith("One day, rough: chance alone moves 100 calls by about 20 % either way")
    assert lines[6] == "The list is of January 2026, the calls are of June 2026: 5 months apart."
    assert lines[-1].startswith("Written: ")
    assert lines[-1].endswith("use it with practice=a11111")
    assert not any("\n" in line for line in lines)


def test_every_number_ends_with_unit_and_source(register: Path, telephony: Path, conf: Path) -> None:
    import_register(register, "A11111", conf)
    text = import_telephony(telephony, "A11111", conf, toy).path.read_text()
    numbered = [line for line in text.splitlines()[1:] if any(c.isdigit() for c in line.partition(":")[2])]
    numbered = [line for line in numbered if not line.startswith(("name:", "  source:"))]
    assert len(numbered) == 1 + 3 + 2 + 5 + 27
    for line in numbered:
        unit, _, source = line.partition("  # ")[2].partition("; ")
        assert unit, line
        assert source, line


def test_a_day_after_a_closure_is_laid_beside_that_very_day(
    register: Path, telephony_file: Write, telephony_day: Day, conf: Path
) -> None:
    asked: list[tuple[int, dt.date]] = []

    def that_day(list_size: int, date: dt.date) -> Callable[[float], float]:
        asked.append((list_size, date))
        return lambda level: 400 * level

    import_register(register, "A11111", conf)
    tuesday = telephony_file(*telephony_day("2026-04-07", times=5))  # after Easter
    with pytest.raises(BadInput, match="first working day after a bank holiday"):
        import_telephony(tuesday, "A11111", conf, never)
    imported = import_telephony(tuesday, "A11111", conf, never, simulated_day_for=that_day)
    assert asked == [(8000, dt.date(2026, 4, 7))]
    assert settings(imported).demand_level == pytest.approx(500 / 400)
    told = "\n".join(imported.lines)
    assert "the model then gives 500.0 calls on that day, the first working day after a bank holiday (Easter" in told


@pytest.mark.parametrize("date", ["2026-04-04", "2026-04-06"])
def test_a_day_on_which_nobody_works_is_refused_all_the_same(
    date: str, register: Path, telephony_file: Write, telephony_day: Day, conf: Path
) -> None:
    import_register(register, "A11111", conf)
    with pytest.raises(BadInput, match="demand is worked out from an ordinary Monday to Friday"):
        import_telephony(telephony_file(*telephony_day(date)), "A11111", conf, never, simulated_day_for=never)


def test_telephony_first_tells_the_command_and_writes_nothing(telephony: Path, conf: Path) -> None:
    with pytest.raises(BadInput) as caught:
        import_telephony(telephony, "A11111", conf, never)
    assert str(caught.value).endswith(
        "the list size of A11111 is not known yet; run first: "
        "pcqa import register gp-reg-pat-prac-all.csv --practice A11111"
    )
    assert not conf.exists()


def test_a_newer_register_keeps_the_telephony(
    register: Path, telephony: Path, conf: Path, register_file: Write, register_row: Row
) -> None:
    import_register(register, "A11111", conf)
    before = settings(import_telephony(telephony, "A11111", conf, toy))
    newer = register_file(register_row(people=9000, date="01JUN2026"), name="newer.csv")
    imported = import_register(newer, "A11111", conf)
    after = settings(imported)
    assert after.list_size == 9000
    assert after.observed is not None
    assert after.observed.list_size_date == dt.date(2026, 6, 1)
    assert with_settings(after, {"list_size": 8000, "observed": before.observed}) == before
    assert "Before: 8,000 people." in imported.lines
    assert any("import the telephony again" in line for line in imported.lines)


def test_importing_twice_changes_nothing(register: Path, telephony: Path, conf: Path) -> None:
    def both() -> str:
        import_register(register, "A11111", conf)
        return import_telephony(telephony, "A11111", conf, toy).path.read_text()

    assert both() == both()


def test_what_the_user_wrote_stays(register: Path, telephony: Path, conf: Path) -> None:
    path = import_register(register, "A11111", conf).path
    mine = path.read_text().replace("name: Practice A11111", "# ours\nname: Hillside  # as we say")
    path.write_text(mine.replace("start_belief: 0.2", "start_belief: 0.4"))
    imported = import_telephony(telephony, "A11111", conf, toy)
    assert "# ours\nname: Hillside  # as we say\n" in imported.path.read_text()
    assert settings(imported).start_belief == 0.4


def test_an_observed_block_in_another_form_is_not_torn(register: Path, telephony: Path, conf: Path) -> None:
    import_register(register, "A11111", conf)
    path = import_telephony(telephony, "A11111", conf, toy).path
    observed = yaml.safe_load(path.read_text())["observed"]
    text = path.read_text().partition("observed:")[0] + f"observed: {observed}\n"
    path.write_text(text.replace("None", "null"))
    before = path.read_text()
    with pytest.raises(BadInput, match="mend it or move it away"):
        import_register(register, "A11111", conf)
    assert path.read_text() == before


def test_days_that_do_not_add_up_enter_only_when_accepted(
    register: Path, telephony_file: Write, telephony_day: Day, conf: Path
) -> None:
    path = import_register(register, "A11111", conf).path
    before = path.read_text()
    broken = telephony_file(*telephony_day(inbound=92))
    with pytest.raises(BadInput) as caught:
        import_telephony(broken, "A11111", conf, never)
    assert str(caught.value) == (
        "telephony.csv: A11111 on 1 June 2026: does not reconcile: "
        "CBT002 25 + CBT003 60 + CBT004 10 + CBT005 5 = 100, but CBT001 (inbound) is 92; "
        "give --accept to use it all the same, with a note"
    )
    assert path.read_text() == before
    imported = import_telephony(broken, "A11111", conf, toy, accept=True)
    assert "  # Accepted: does not reconcile: CBT002 25 + " in imported.path.read_text()
    observed = settings(imported).observed
    assert observed is not None
    assert observed.source == "telephony.csv; accepted although it does not reconcile"
    assert any(line.startswith("Accepted: A11111 on 1 June 2026: does not reconcile") for line in imported.lines)


def test_accept_lets_no_other_fault_in(register: Path, telephony_file: Write, telephony_day: Day, conf: Path) -> None:
    import_register(register, "A11111", conf)
    with pytest.raises(BadInput, match="not a number"):
        import_telephony(telephony_file(*telephony_day(inbound="x")), "A11111", conf, never, accept=True)


@pytest.mark.parametrize("date", ["2026-06-06", "2026-06-07", "2026-05-25"])
def test_weekends_and_bank_holidays_are_no_basis(
    register: Path, telephony_file: Write, telephony_day: Day, conf: Path, date: str
) -> None:
    import_register(register, "A11111", conf)
    with pytest.raises(BadInput, match="ordinary Monday to Friday"):
        import_telephony(telephony_file(*telephony_day(date)), "A11111", conf, never)


@pytest.mark.parametrize(
    ("date", "why"),
    [
        ("2026-04-07", "the first working day after a bank holiday (Easter Monday)"),
        ("2026-04-02", "in the week of a bank holiday (Good Friday)"),
        ("2026-05-05", "the first working day after a bank holiday (May Day)"),
        ("2026-12-29", "the first working day after a bank holiday (Boxing Day (observed))"),
        ("2026-01-02", "the first working day after a bank holiday (New Year's Day)"),
    ],
)
def test_a_day_after_a_closure_is_no_basis_and_the_reason_is_told(
    register: Path, telephony_file: Write, telephony_day: Day, conf: Path, date: str, why: str
) -> None:
    before = import_register(register, "A11111", conf).path.read_text()
    with pytest.raises(BadInput) as caught:
        import_telephony(telephony_file(*telephony_day(date)), "A11111", conf, never, accept=True)
    assert f"is {why}; demand is worked out from an ordinary Monday to Friday" in str(caught.value)
    assert (conf / "practice" / "a11111.yaml").read_text() == before


def test_days_after_a_closure_are_left_out_of_a_month_and_told(
    register: Path, telephony_file: Write, telephony_day: Day, conf: Path
) -> None:
    import_register(register, "A11111", conf)
    rows = [*telephony_day("2026-04-07", times=9), *telephony_day("2026-04-14")]
    rows.append(telephony_day("2026-04-15", inbound=0)[0])
    with_both = import_telephony(telephony_file(*rows[:22]), "A11111", conf, toy)
    told = "Left out: Tuesday 7 April 2026 (the first working day after a bank holiday (Easter Monday))."
    assert told in with_both.lines
    alone = import_telephony(telephony_file(*telephony_day("2026-04-14")), "A11111", conf, toy)
    assert settings(with_both) == settings(alone)
    closed = import_telephony(telephony_file(*rows[11:]), "A11111", conf, toy)
    assert "Left out: Wednesday 15 April 2026 (no calls)." in closed.lines


def test_each_day_is_laid_beside_simulated_days_of_its_own_weekday(
    register: Path, telephony_file: Write, telephony_day: Day, conf: Path
) -> None:
    def mondays_only(list_size: int, around: dt.date) -> Callable[[float], list[float]]:
        assert (list_size, around) == (8000, dt.date(2026, 6, 8))
        return lambda level: [300.0 * level, 50.0 * level, 50.0 * level, 50.0 * level, 50.0 * level]

    import_register(register, "A11111", conf)
    monday = telephony_file(*telephony_day("2026-06-08", times=3))
    assert settings(import_telephony(monday, "A11111", conf, mondays_only)).demand_level == pytest.approx(1, rel=0.006)


@pytest.mark.parametrize("people", [1, 3, 499])
def test_a_very_short_list_is_asked_about(register_file: Write, register_row: Row, conf: Path, people: int) -> None:
    path = register_file(register_row(people=people))
    with pytest.raises(BadInput) as caught:
        import_register(path, "A11111", conf)
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"register.csv: A11111: {people} pe")
    assert line.endswith("give --accept if that is the practice you mean")
    assert not conf.exists()
    assert settings(import_register(path, "A11111", conf, accept=True)).list_size == people


def test_a_list_of_500_is_taken_unasked(register_file: Write, register_row: Row, conf: Path) -> None:
    assert settings(import_register(register_file(register_row(people=500)), "A11111", conf)).list_size == 500


def test_a_month_uses_its_working_days(register: Path, telephony_file: Write, telephony_day: Day, conf: Path) -> None:
    import_register(register, "A11111", conf)
    rows = [
        *telephony_day("2026-06-05", times=4),
        *telephony_day("2026-06-06", inbound=7),
        *telephony_day("2026-06-08", times=3),
        *telephony_day("2026-06-09", times=1),
    ]
    imported = import_telephony(telephony_file(*rows), "A11111", conf, toy)
    practice = settings(imported)
    target = 800 / (0.88 + 1.295 + 1.005)
    assert mean_weekday(8000, practice.demand_level) == pytest.approx(target, rel=0.005)
    assert practice.observed is not None
    assert practice.observed.date == dt.date(2026, 6, 8)
    assert imported.lines[0].startswith("A11111, 3 working days, 5 June 2026 to 9 June 2026: 266.7 calls a day")
    assert imported.lines[1] == "Left out: 1 weekend day."
    assert "calls a day on the same weekdays, against 266.7" in imported.lines[5]
    assert "Kept beside the results: Monday 8 June 2026, the middle day." in imported.lines


def test_only_weekends_in_the_file(register: Path, telephony_file: Write, telephony_day: Day, conf: Path) -> None:
    import_register(register, "A11111", conf)
    path = telephony_file(*telephony_day("2026-06-06"), *telephony_day("2026-06-07"))
    with pytest.raises(BadInput, match="no ordinary Monday to Friday among its 2 days"):
        import_telephony(path, "A11111", conf, never)


def test_a_day_without_calls_is_no_basis(register: Path, telephony_file: Write, conf: Path) -> None:
    import_register(register, "A11111", conf)
    path = telephony_file("2026-06-01,Y58,QVV,11J,U19923,A11111,CBT001,TOTAL,0.0")
    with pytest.raises(BadInput, match="no inbound calls"):
        import_telephony(path, "A11111", conf, never)


def test_a_list_size_without_a_date(register: Path, telephony: Path, conf: Path) -> None:
    path = import_register(register, "A11111", conf).path
    path.write_text(path.read_text().replace("register of 1 January 2026, register.csv", "our own count"))
    imported = import_telephony(telephony, "A11111", conf, toy)
    assert "The calls are of June 2026; the date of the list is not known." in imported.lines
    observed = settings(imported).observed
    assert observed is not None
    assert observed.list_size_date is None
    again = settings(import_register(register, "A11111", conf)).observed
    assert again is not None
    assert again.list_size_date == dt.date(2026, 1, 1)


def test_a_level_out_of_reach_writes_nothing(register: Path, telephony: Path, conf: Path) -> None:
    path = import_register(register, "A11111", conf).path
    before = path.read_text()
    with pytest.raises(BadInput, match=r"no level from 0\.05 to 20"):
        import_telephony(telephony, "A11111", conf, lambda size, around: lambda level: 5 * [1e6 * level])
    assert path.read_text() == before


def test_an_odd_file_name_cannot_break_the_settings(
    register: Path, telephony_day: Day, conf: Path, telephony_file: Write
) -> None:
    import_register(register, "A11111", conf)
    path = telephony_file(*telephony_day(), name='a # "b": ${c}.csv')
    imported = import_telephony(path, "A11111", conf, toy)
    observed = settings(imported).observed
    assert observed is not None
    assert observed.source == 'a _ "b": _c}.csv'
    assert "${" not in imported.path.read_text()


@pytest.mark.parametrize(
    ("list_date", "said"),
    [
        (dt.date(2021, 1, 1), "5 years 5 months apart."),
        (dt.date(2025, 6, 1), ": 1 year apart."),
        (dt.date(2026, 7, 1), ": 1 month apart."),
        (dt.date(2026, 6, 30), "both of June 2026."),
        (None, "not known."),
    ],
)
def test_the_gap_in_words(list_date: dt.date | None, said: str) -> None:
    assert apart(list_date, dt.date(2026, 6, 1)).endswith(said)


def test_a_published_practice_end_to_end(published: Callable[[str], Path], conf: Path) -> None:
    import_register(published("gp-reg-pat-prac-all_2021-01.csv"), "j81009", conf)
    imported = import_telephony(published("cbt_by_durations_2026-06_Y58_sample.csv"), "j81009", conf, toy)
    practice = settings(imported)
    assert mean_weekday(12_349, practice.demand_level) == pytest.approx(415 / 1.295, rel=0.005)
    assert "The list is of January 2021, the calls are of June 2026: 5 years 5 months apart." in imported.lines
    assert "answered 51.1 % (England 57.7 %)" in imported.lines[2]


def test_the_published_practice_that_does_not_add_up(published: Callable[[str], Path], conf: Path) -> None:
    import_register(published("gp-reg-pat-prac-all_2021-01.csv"), "J81006", conf)
    telephony = published("cbt_by_durations_2026-06_Y58_sample.csv")
    imported = import_telephony(telephony, "J81006", conf, toy)
    assert "755" in imported.path.read_text()
    (said,) = [line for line in imported.lines if line.startswith("Warning, off by a few")]
    assert "= 755, but CBT001 (inbound) is 747" in said


@pytest.mark.parametrize(("inbound", "taken"), [(103, True), (104, False), (97, True), (96, False)])
def test_sums_off_by_three_calls_are_warned_of_and_by_four_in_a_hundred_refused(
    register: Path, telephony_file: Write, telephony_day: Day, conf: Path, inbound: int, taken: bool
) -> None:
    import_register(register, "A11111", conf)
    path = telephony_file(*telephony_day(inbound=inbound))
    if taken:
        assert any(line.startswith("Warning") for line in import_telephony(path, "A11111", conf, toy).lines)
        return
    with pytest.raises(BadInput, match="does not reconcile"):
        import_telephony(path, "A11111", conf, never)
