"""Every published layout is known by name however its header is written; who brings one is told what to use instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcqa_sim.inputs.layouts import DURATIONS, KNOWN, REGISTER, Layout, columns_of, recognised, wrong_kind
from pcqa_sim.inputs.published import rows
from pcqa_sim.values.faults import BadInput

_AREA = "SUB_ICB_LOCATION_CODE,SUB_ICB_LOCATION_ONS_CODE,SUB_ICB_LOCATION_NAME,ICB_ONS_CODE,REGION_ONS_CODE"
_COUNTED = "Appointment_Date,APPT_STATUS,HCP_TYPE,APPT_MODE,TIME_BETWEEN_BOOK_AND_APPT,COUNT_OF_APPOINTMENTS"
_CALLS = "Date,REGION_CODE,ICB_CODE,SUB_ICB_LOCATION_CODE,PCN_CODE,PRACTICE_CODE,Indicator"
_AREAS = "SUB_ICB_LOCATION_CODE,SUB_ICB_LOCATION_NAME,ICB_CODE,ICB_NAME,REGION_CODE,REGION_NAME"
DAILY = "Appointments in General Practice, daily by area"
SINGLE = "Patients Registered at a GP Practice, single year of age"
UNREAD = {
    f"{_CALLS},Time_Category,Value": "Cloud Based Telephony By Day and Time",
    f"{_CALLS},Wait_Time,Core_Category,Value": "Cloud Based Telephony Calls Answered Metric",
    "Month,GP Code,GP Name,PCN Code,PCN Name,Sub ICB Code,Sub ICB Name,ICB Code,ICB Name,Region Code,Region Name,"
    "Agreed to Participate": "Cloud Based Telephony participation by practice",
    "EXTRACT_DATE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,ORG_CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS": SINGLE,
    "PUBLICATION,EXTRACT_DATE,ORG_TYPE,ORG_CODE,ONS_CODE,SEX,AGE,NUMBER_OF_PATIENTS": "Patients Registered at a GP "
    "Practice, by region, ICB, sub-ICB and PCN",
    "PUBLICATION,EXTRACT_DATE,ORG_TYPE,ORG_CODE,ONS_CODE,POSTCODE,SEX,AGE_GROUP_5,NUMBER_OF_PATIENTS": "Patients "
    "Registered by five-year age (gp-reg-pat-prac-quin-age.csv)",
    "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,PRACTICE_POSTCODE,PCN_CODE,SUPPLIER_NAME": "Patients "
    "Registered, mapping (gp-reg-pat-prac-map.csv)",
    "PRACTICE_CODE,ORG_NAME,LSOA_CODE,Male Patients,Female Patients,All Patients": "Patients Registered by LSOA (2014 "
    "to 2016)",
    "EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,LSOA_CODE,Number of Patients": "Patients Registered by LSOA (from 2017)",
    f"MONTH,GP_CODE,GP_NAME,{_AREAS},PCN_CODE,PCN_NAME,SUPPLIER,WEEKDAY,SUBMISSION_TIME,VALUE": "Online consultation "
    "submissions by day and time",
    f"MONTH,GP_CODE,GP_NAME,PCN_CODE,PCN_NAME,{_AREAS},SUPPLIER,METRIC,VALUE": "Online consultation submissions by "
    "practice",
    "PRAC_CODE,PRAC_NAME,PCN_CODE,PCN_NAME,SUB_ICB_CODE,TOTAL_PATIENTS,TOTAL_GP_HC,TOTAL_GP_FTE": "General Practice "
    "Workforce, practice level",
    "PRAC_CODE,TOTAL_GP_SEN_PTNR_FTE,TOTAL_GP_PTNR_PROV_FTE,TOTAL_ADMIN_RECEPT_FTE": "General Practice Workforce, "
    "practice level, detailed",
    "APPOINTMENT_MONTH_START_DATE,GP_CODE,GP_NAME,SUPPLIER,PCN_CODE,PCN_NAME,HCP_TYPE,APPT_MODE,NATIONAL_CATEGORY,"
    "TIME_BETWEEN_BOOK_AND_APPT,COUNT_OF_APPOINTMENTS,APPT_STATUS": "Appointments in General Practice, practice level",
    f"{_AREA},{_COUNTED}": DAILY,
    f"CCG_CODE,CCG_ONS_CODE,CCG_NAME,STP_CODE,SUBREGION_ONS_CODE,REGION_ONS_CODE,{_COUNTED}": DAILY,
    f"CCG_CODE,CCG_ONS_CODE,CCG_NAME,STP_ONS_CODE,REGION_ONS_CODE,{_COUNTED}": DAILY,
    f"{_AREA},appointment_date,actual_duration,count_of_appointments": "Appointments in General Practice, actual "
    "duration",
    "appointment_date,icb_ons_code,sub_icb_location_name,service_setting,context_type,national_category,"
    "count_of_appointments,appointment_month": "Appointments in General Practice, national categories",
    "Indicator ID,Indicator Name,Parent Code,Area Code,Area Name,Area Type,Sex,Age,Time period,Value": "Fingertips, "
    "such as deprivation by practice",
    "practice_code,localgpservicesphone.pcteval,overallexp.pcteval": "GP Patient Survey, practice level",
    "A81001,A SURGERY," + ",".join(25 * ["x"]): "ODS GP practices (epraccur)",
    "A81001,16C,W,19990401,20060930,0": "ODS practice memberships (epcmem)",
    "Date,Day,A Person,B Person": "a SystmOne export of appointments a day by staff",
    "Branch,Staff,Slot Type,Total Slots,Unused Slots,Unused Slots %": "a SystmOne export of unused slots",
    "Staff,Slot Type,Appointment Count,Time Wasted": "a SystmOne export of missed appointments by slot type",
    "ID,ODS Code,Submitted,Access method,Submission source,Age,Sex,Submission started,Outcome": "a SystmOne export of "
    "online requests",
    "Clinician,Appointment date,Organisation name,NHS number,,,,,,": "a SystmOne export of appointments by clinician "
    "and patient",
    "RowIdentifier,IDOrganisationVisibleTo,DateStart,DateEnd,AppointmentStatus,IDClinician": "a SystmOne bulk extract "
    "of appointments (SRAppointment)",
    "SlotGuid,AppointmentDate,AppointmentStartTime,PatientGuid,SessionGuid,Deleted": "an EMIS bulk extract of slots",
    "AppointmentSessionGuid,Description,StartDate,StartTime,EndDate,EndTime": "an EMIS bulk extract of sessions",
    "historyid,callid,duration,time_start,time_answered,time_end,reason_terminated": "3CX call records",
    "date,entered,answered,transferred,abandoned,forwarded,waiting_time_average": "a XiVO or Wazo switchboard report",
    "period,caller ID,queue number,queue name,agent,waiting,result": "a NethVoice report of queue calls",
}
NEWER = {",".join(one.columns): one.name for one in KNOWN if one.source and one.name not in UNREAD.values()}
UNREAD |= {header: name for header, name in NEWER.items() if name not in (REGISTER.name, DURATIONS.name)}
HEADLESS = ("ODS GP practices (epraccur)", "ODS practice memberships (epcmem)")
READ = {
    "PUBLICATION,EXTRACT_DATE,TYPE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,CODE,POSTCODE,SEX,AGE,"
    "NUMBER_OF_PATIENTS": (REGISTER, DURATIONS),
    f"{_CALLS},Duration,Value": (DURATIONS, REGISTER),
}


def refusal(tmp_path: Path, header: str, layout: Layout, name: str = "x.csv") -> str:
    path = tmp_path / name
    path.write_text(header + "\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        list(rows(path, layout))
    return str(caught.value)


def ways(header: str) -> list[str]:
    """A header as it is written, and as people's tools write it."""
    fields = header.split(",")
    if len(fields[0]) == 6 and fields[0].startswith("A8"):
        return [header]
    turned = ",".join(reversed(fields))
    spaced = " , ".join(f" {field.replace('_', ' ')} " for field in fields)
    quoted = ",".join(f'"{field}"' for field in fields)
    return [header, header.lower(), turned, spaced, quoted, ";".join(fields), "\t".join(fields), "|".join(fields)]


@pytest.mark.parametrize(("header", "name"), UNREAD.items())
@pytest.mark.parametrize("layout", [REGISTER, DURATIONS], ids=["register", "telephony"])
def test_a_file_that_is_not_read_is_named_with_what_to_use(
    tmp_path: Path, header: str, name: str, layout: Layout
) -> None:
    for written in ways(header):
        command = next((one.command for one in KNOWN if one.name == name), "")
        assert refusal(tmp_path, written, layout) == f"x.csv, line 1: {wrong_kind(name, command, layout)}"


@pytest.mark.parametrize(("header", "layouts"), READ.items())
def test_a_file_that_another_import_reads_names_the_command(
    tmp_path: Path, header: str, layouts: tuple[Layout, Layout]
) -> None:
    mine, other = layouts
    for written in ways(header):
        said = refusal(tmp_path, written, other)
        assert f"this is {mine.name}, which `{mine.command}` reads; expected {other.name}" in said


@pytest.mark.parametrize(("header", "layouts"), READ.items())
def test_the_file_expected_is_read_however_its_header_is_written(
    header: str, layouts: tuple[Layout, Layout], tmp_path: Path
) -> None:
    *with_commas, semicolons, tabs, bars = ways(header)
    for written in with_commas:
        fields = [field.strip('"') for field in written.split(",")]
        places = columns_of(fields, layouts[0], "x")
        assert list(places) == list(layouts[0].columns)
    for written, words in ((semicolons, "semicolons"), (tabs, "tabs"), (bars, "vertical bars")):
        said = refusal(tmp_path, written, layouts[0])
        assert said.endswith(f"this is {layouts[0].name}, but with {words} between its columns; save it with commas")


def test_every_known_layout_is_tried_and_no_two_are_the_same() -> None:
    names = {*UNREAD.values(), REGISTER.name, DURATIONS.name} - set(HEADLESS)
    assert names == {layout.name for layout in KNOWN}
    for layout in KNOWN:
        assert recognised(layout.columns) == layout
    assert recognised(["a", "b"]) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("CBT-participation-and-submission-breakdown-by-GP-Practice - June 2026.xlsx", "participation by practice"),
        ("Cloud Based Telephony Publication Summary June 2026.xlsx", "Cloud Based Telephony, publication summary"),
        ("Submissions via OC Systems in General Practice - May 2025.xlsx", "Online consultation submissions, summary"),
        ("Submissions via Online Consultation Systems in General Practice.xlsx", "Online consultation submissions"),
    ],
)
def test_a_workbook_is_known_by_its_name(tmp_path: Path, name: str, said: str) -> None:
    line = refusal(tmp_path, "PK\x03\x04", DURATIONS, name)
    assert said in line
    assert line.endswith(f"which pcqa does not read; use {DURATIONS.name}")
    unknown = refusal(tmp_path, "PK\x03\x04", DURATIONS, "book.xlsx")
    assert unknown.endswith(f"save the sheet as CSV; expected {DURATIONS.name}, as CSV")
