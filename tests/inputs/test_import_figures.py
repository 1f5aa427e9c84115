"""Published files in all their layouts: what each says of a practice, an area or England, and where it goes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import yaml

from pcqa_sim.calibration.own import target_row
from pcqa_sim.inputs.figures import ENGLAND, figures
from pcqa_sim.inputs.import_figures import KINDS, import_published
from pcqa_sim.inputs.known_layouts import KNOWN, of_kinds, with_own
from pcqa_sim.inputs.reading_columns import read_columns
from pcqa_sim.values.faults import BadInput

PRACTICE = "A11111"
BOOK = (
    "APPOINTMENT_MONTH_START_DATE,GP_CODE,GP_NAME,SUPPLIER,PCN_CODE,PCN_NAME,SUB_ICB_LOCATION_CODE,"
    "SUB_ICB_LOCATION_NAME,HCP_TYPE,APPT_MODE,NATIONAL_CATEGORY,TIME_BETWEEN_BOOK_AND_APPT,COUNT_OF_APPOINTMENTS,APPT_STATUS"
)
AREA = "SUB_ICB_LOCATION_CODE,SUB_ICB_LOCATION_ONS_CODE,SUB_ICB_LOCATION_NAME,ICB_ONS_CODE,REGION_ONS_CODE"
COUNTED = "APPT_STATUS,HCP_TYPE,APPT_MODE,TIME_BETWEEN_BOOK_AND_APPT,COUNT_OF_APPOINTMENTS"
GENERATIONS = (
    f"{AREA},Appointment_Date,{COUNTED}",
    f"CCG_CODE,CCG_ONS_CODE,CCG_NAME,STP_CODE,SUBREGION_ONS_CODE,REGION_ONS_CODE,Appointment_Date,{COUNTED}",
    f"CCG_CODE,CCG_ONS_CODE,CCG_NAME,STP_CODE,REGIONAL_LOCAL_OFFICE_ONS_CODE,REGION_ONS_CODE,Appointment_Date,{COUNTED}",
    f"CCG_CODE,CCG_ONS_CODE,CCG_NAME,STP_ONS_CODE,REGION_ONS_CODE,Appointment_Date,{COUNTED}",
    f"{AREA.replace('_NAME', '')},Appointment_Date,{COUNTED}",
)


def file_of(folder: Path, *lines: str, name: str = "x.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """The user's folder, in which the practice's list is known."""
    folder = tmp_path / "conf"
    (folder / "practice").mkdir(parents=True)
    text = f"name: Practice {PRACTICE}\nlist_size: 8000\ndemand_level: 1.0\nstart_belief: 0.2\n"
    (folder / "practice" / f"{PRACTICE.lower()}.yaml").write_text(text)
    return folder


def settings(folder: Path) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load((folder / "practice" / f"{PRACTICE.lower()}.yaml").read_text())
    return found


def test_every_sample_file_imports(published: object) -> None:
    """Real published rows, where they are to be had."""
    folder = published("MANIFEST.md").parent  # type: ignore[operator]
    codes = {"cbt_calls": "J81009", "cbt_rush": "A81004", "gp-reg": "J81009", "gp_pcn": "H82021", "gp_work": "A81002"}
    codes |= {"gpad_actual": "00L", "gpad_icb": "E54000034", "gpad_nat": "E54000050"}
    tried = 0
    for path in sorted(folder.iterdir()):
        if path.suffix in (".csv", ".json") and "durations" not in path.name:
            code = next((code for start, code in codes.items() if path.name.startswith(start)), ENGLAND)
            read = read_columns(path, KNOWN)
            assert all(one.counted.rejected == 0 and one.counted.imported == one.counted.read for one in read)
            assert figures(read, code).lines
            tried += 1
    assert tried == 18  # and By Durations, which has a reader of its own


def test_a_practices_appointments_become_its_counts(tmp_path: Path, listed: Path) -> None:
    area = "EMIS,U00001,A PCN,00L,An area"
    row = f"01MAY2024,{PRACTICE},A SURGERY,{area}"
    path = file_of(
        tmp_path,
        BOOK,
        f"{row},GP,Face-to-Face,General Consultation,Same Day,400,Attended",
        f"{row},GP,Telephone,General Consultation,8  to 14 Days,100,Attended",
        f"{row},Other Practice staff,Face-to-Face,Planned Clinics,15  to 21 Days,400,Attended",
        f"{row},Other Practice staff,Unknown,Planned Clinics,1 Day,100,DNA",
        f"01MAY2024,A22222,B SURGERY,{area},GP,Telephone,X,Same Day,9999,Attended",
    )
    imported = import_published(path, "appointments", PRACTICE, "", listed, target_row)
    counts = settings(listed)["counts"]
    assert counts == {
        "appointments_a_day": pytest.approx(1000 / 21, rel=1e-3),  # May 2024 has 23 weekdays and two bank holidays
        "gp_appointments_percent": 50.0,
        "face_to_face_percent": pytest.approx(88.89),
        "same_day_percent": 40.0,
        "over_two_weeks_percent": 40.0,
        "dna_percent": 10.0,
    }
    assert "  dna_percent: 10.0  # per cent; month of 1 May 2024, x.csv\n" in imported.path.read_text()
    again = import_published(path, "appointments", PRACTICE, "", listed, target_row).path.read_text()
    assert again == imported.path.read_text()


@pytest.mark.parametrize("header", GENERATIONS)
def test_all_generations_of_the_daily_file(tmp_path: Path, header: str) -> None:
    places = header.split(",")
    cells = {"APPT_STATUS": "Attended", "HCP_TYPE": "GP", "APPT_MODE": "Telephone", "Appointment_Date": "03MAY2024"}
    cells |= {"SUB_ICB_LOCATION_CODE": "00L", "CCG_CODE": "00L", "TIME_BETWEEN_BOOK_AND_APPT": "Same Day"}
    one = ",".join((cells | {"COUNT_OF_APPOINTMENTS": "300"}).get(name, "x") for name in places)
    two = ",".join(
        (cells | {"COUNT_OF_APPOINTMENTS": "100", "HCP_TYPE": "Other Practice staff"}).get(name, "x") for name in places
    )
    path = file_of(tmp_path, header, one, two)
    imported = import_published(path, "appointments", "", "00L", tmp_path / "conf", target_row)
    (target,) = yaml.safe_load(imported.path.read_text())["targets"]
    assert (target["metric"], target["group"], target["published"]) == ("role_share", "role=gp", 0.75)
    with pytest.raises(BadInput, match="no rows for this code"):
        import_published(path, "appointments", "", "99X", tmp_path / "conf", target_row)


def test_ages_from_single_years_and_from_five_year_bands(tmp_path: Path, listed: Path) -> None:
    header = "EXTRACT_DATE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,ORG_CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS"
    ages = [*map(str, range(95)), "95+"]
    rows = [f"2026-03-01,00L,E38,{PRACTICE},AA1 1AA,{sex},{age},10" for sex in ("MALE", "FEMALE") for age in ages]
    import_published(file_of(tmp_path, header, *rows), "register", PRACTICE, "", listed, target_row)
    found = settings(listed)
    assert found["list_size"] == 20 * 96
    shares = {name: one["share"] for name, one in found["people"]["ages"].items()}  # type: ignore[index]
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["age_5_17"] == pytest.approx(13 / 96, abs=1e-3)
    assert shares["age_85_up"] == pytest.approx(11 / 96, abs=1e-3)
    header = "PUBLICATION,EXTRACT_DATE,ORG_TYPE,ORG_CODE,ONS_CODE,POSTCODE,SEX,AGE_GROUP_5,NUMBER_OF_PATIENTS"
    bands = [f"{low}_{low + 4}" for low in range(0, 95, 5)] + ["95+"]
    rows = [f"X,2026-03-01,GP,{PRACTICE},E38,AA1 1AA,{sex},{band},50" for sex in ("MALE", "FEMALE") for band in bands]
    import_published(file_of(tmp_path, header, *rows), "register", PRACTICE, "", listed, target_row)
    shares = {name: one["share"] for name, one in settings(listed)["people"]["ages"].items()}  # type: ignore[index]
    assert shares["age_5_17"] == pytest.approx((100 + 100 + 60) / 2000, abs=1e-3)


def test_calls_by_day_and_time_with_a_closure_left_out(tmp_path: Path, listed: Path) -> None:
    header = "Date,REGION_CODE,ICB_CODE,SUB_ICB_LOCATION_CODE,PCN_CODE,PRACTICE_CODE,Indicator,Time_Category,Value"
    days = [f"2026-06-{day:02d}" for day in (8, 9, 10, 11, 12)]  # an ordinary week; the 25th of May is a holiday
    rows = [
        f"{day},Y58,QVV,11J,U1,{PRACTICE},CBT001,{band},{value * (2 if day.endswith('08') else 1)}"
        for day in [*days, "2026-05-26"]
        for band, value in (("08:00 - 09:59", 60.0), ("10:00-11:59", 40.0))
    ]
    rows.append("2026-06-08,Y58,QVV,11J,U1,Unassigned,CBT001,08:00-09:59,999.0")
    imported = import_published(file_of(tmp_path, header, *rows), "telephony", PRACTICE, "", listed, target_row)
    assert settings(listed)["counts"] == {"calls_a_day": 120.0, "monday_calls_times": 2.0}
    assert any("60.0 % of them from 8 to 10" in line for line in imported.lines)


def test_online_forms_workforce_and_network(tmp_path: Path, listed: Path) -> None:
    areas = "SUB_ICB_LOCATION_CODE,SUB_ICB_LOCATION_NAME,ICB_CODE,ICB_NAME,REGION_CODE,REGION_NAME"
    header = f"MONTH,GP_CODE,GP_NAME,PCN_CODE,PCN_NAME,{areas},SUPPLIER,METRIC,VALUE"
    row = f'01/04/2025,{PRACTICE},"SURGERY, THE",U1,PCN,00L,Area,QHM,ICB,Y63,North,Accurx'
    rows = (f"{row},TOTAL_SUBMISSIONS,800", f"{row},CLINICAL_SUBMISSIONS,500", f"{row},PATIENTS_REGISTERED,8000")
    import_published(file_of(tmp_path, header, *rows), "online", PRACTICE, "", listed, target_row)
    assert settings(listed)["counts"] == {
        "online_requests_a_day": 40.0
    }  # April 2025: 22 weekdays, two of them holidays
    gps = "TOTAL_GP_SEN_PTNR_FTE,TOTAL_GP_SAL_BY_PRAC_FTE"
    header = f"PRAC_CODE,PRAC_NAME,{gps},TOTAL_NURSES_FTE,TOTAL_DPC_HCA_FTE,TOTAL_ADMIN_RECEPT_FTE"
    path = file_of(tmp_path, header, f"{PRACTICE},A,2.0,1.5,1.25,NA,4", "A22222,B,9,9,9,9,9")
    import_published(path, "workforce", PRACTICE, "", listed, target_row)
    assert settings(listed)["role"] == {"gp": {"fte": 3.5}, "practice_nurse": {"fte": 1.25}}
    header = "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,PRACTICE_POSTCODE,PCN_CODE,PCN_NAME,SUPPLIER_NAME"
    path = file_of(tmp_path, header, f"X,2026-07-01,{PRACTICE},THE SURGERY,AA1 1AA,U1,NORTH PCN,EMIS")
    import_published(path, "network", PRACTICE, "", listed, target_row)
    assert settings(listed)["name"] == "The Surgery"


def test_staff_that_the_practice_said_stays(tmp_path: Path, listed: Path) -> None:
    path = listed / "practice" / f"{PRACTICE.lower()}.yaml"
    path.write_text(path.read_text() + "role:\n  gp: {sessions_a_week: 20}\n")
    rows = file_of(tmp_path, "PRAC_CODE,TOTAL_PATIENTS,TOTAL_GP_EXTGL_FTE,TOTAL_NURSES_FTE", f"{PRACTICE},8000,3.0,1.0")
    imported = import_published(rows, "workforce", PRACTICE, "", listed, target_row)
    assert settings(listed)["role"] == {"gp": {"sessions_a_week": 20}, "practice_nurse": {"fte": 1.0}}
    assert any("is left: your file says its staff already" in line for line in imported.lines)


def test_a_months_zip_of_regions(tmp_path: Path, telephony_day: object) -> None:
    from pcqa_sim.inputs.telephony import read_telephony

    header = "Date,REGION_CODE,ICB_CODE,SUB_ICB_LOCATION_CODE,PCN_CODE,PRACTICE_CODE,Indicator,Duration,Value"
    path = tmp_path / "month.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a_Y58.csv", "\n".join([header, *telephony_day(code="A22222")]))  # type: ignore[operator]
        file.writestr("a_Y61.csv", "\n".join([header, *telephony_day()]))  # type: ignore[operator]
    (day,) = read_telephony(path, PRACTICE)
    assert day.inbound == 100


@pytest.mark.parametrize(
    ("kind", "code", "area", "said"),
    [
        ("appointments", "", "", "which one is meant. Give --practice"),
        ("appointments", "", "no area!", "a code of an area is expected"),
        ("online", PRACTICE, "", "which `pcqa import appointments` reads; online is one of"),
        ("appointments", "A99999", "", "no rows for this code"),
    ],
)
def test_bad_asking_is_told_in_a_line(tmp_path: Path, listed: Path, kind: str, code: str, area: str, said: str) -> None:
    path = file_of(tmp_path, BOOK, f"01MAY2024,{PRACTICE},A,EMIS,U1,P,00L,X,GP,Telephone,X,Same Day,9,Attended")
    with pytest.raises(BadInput, match=said):
        import_published(path, kind, code, area, listed, target_row)


def test_every_kind_of_import_has_layouts_and_every_read_layout_a_kind() -> None:
    assert all(of_kinds(KNOWN, kinds) for kinds in KINDS.values())
    for layout in KNOWN:
        assert bool(layout.reads) == bool(layout.kind) or layout.kind == "survey", layout.name
        assert layout.source


def test_a_layout_of_ones_own_is_found_and_a_wrong_one_told(tmp_path: Path) -> None:
    folder = tmp_path / "layouts"
    folder.mkdir()
    own = folder / "ours.yaml"
    own.write_text(
        "name: Our list\nkind: register\ntells: [Surgery, Size]\ncolumns: {practice: Surgery, value: Size}\n"
    )
    assert with_own(tmp_path)[0].name == "Our list"
    own.write_text("columns: {perron: Caller}\n")
    with pytest.raises(BadInput, match=r"ours.yaml columns: perron: is no meaning of a column; .* did you mean person"):
        with_own(tmp_path)
