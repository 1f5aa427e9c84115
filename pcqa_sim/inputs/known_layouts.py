"""Every published file and common export whose header is known: its name, and the columns that tell it from others.

Two are read; the others are here so that a user who brings one learns what it is and which file to use instead.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """A kind of file: its name in plain words, the columns that tell it, and the command that reads it, if any."""

    name: str
    columns: tuple[str, ...]
    command: str = ""


REGISTER = Layout(
    "Patients Registered at a GP Practice, totals (gp-reg-pat-prac-all.csv)",
    ("EXTRACT_DATE", "TYPE", "CODE", "SEX", "AGE", "NUMBER_OF_PATIENTS"),
    "pcqa import register",
)
DURATIONS = Layout(
    "Cloud Based Telephony By Durations",
    ("Date", "PRACTICE_CODE", "Indicator", "Duration", "Value"),
    "pcqa import telephony",
)
_TELEPHONY = (
    Layout("Cloud Based Telephony Calls Answered Metric", ("Indicator", "Wait_Time", "Core_Category", "Value")),
    Layout("Cloud Based Telephony By Day and Time", ("Indicator", "Time_Category", "Value")),
    Layout(
        "Cloud Based Telephony participation by practice", ("Month", "GP Code", "GP Name", "PCN Code", "Sub ICB Code")
    ),
)
_REGISTERS = (
    Layout(
        "Patients Registered at a GP Practice, single year of age",
        ("EXTRACT_DATE", "ORG_CODE", "POSTCODE", "SEX", "AGE", "NUMBER_OF_PATIENTS"),
    ),
    Layout(
        "Patients Registered at a GP Practice, by region, ICB, sub-ICB and PCN",
        ("EXTRACT_DATE", "ORG_TYPE", "ORG_CODE", "SEX", "AGE", "NUMBER_OF_PATIENTS"),
    ),
    Layout("Patients Registered by five-year age (gp-reg-pat-prac-quin-age.csv)", ("ORG_CODE", "AGE_GROUP_5")),
    Layout("Patients Registered, mapping (gp-reg-pat-prac-map.csv)", ("PRACTICE_CODE", "PRACTICE_POSTCODE")),
    Layout("Patients Registered by LSOA (from 2017)", ("PRACTICE_CODE", "LSOA_CODE", "Number of Patients")),
    Layout("Patients Registered by LSOA (2014 to 2016)", ("PRACTICE_CODE", "LSOA_CODE", "All Patients")),
)
_APPOINTMENTS = (
    Layout("Appointments in General Practice, practice level", ("GP_CODE", "APPT_STATUS", "HCP_TYPE")),
    Layout("Appointments in General Practice, daily by area", ("Appointment_Date", "APPT_STATUS", "HCP_TYPE")),
    Layout("Appointments in General Practice, actual duration", ("Appointment_Date", "ACTUAL_DURATION")),
    Layout(
        "Appointments in General Practice, national categories",
        ("Appointment_Date", "CONTEXT_TYPE", "NATIONAL_CATEGORY"),
    ),
)
_OTHERS = (
    Layout("Online consultation submissions by practice", ("GP_CODE", "METRIC", "VALUE")),
    Layout("Online consultation submissions by day and time", ("GP_CODE", "WEEKDAY", "SUBMISSION_TIME", "VALUE")),
    Layout("General Practice Workforce, practice level", ("PRAC_CODE", "TOTAL_PATIENTS")),
    Layout("General Practice Workforce, practice level, detailed", ("TOTAL_GP_SEN_PTNR_FTE", "TOTAL_ADMIN_RECEPT_FTE")),
    Layout("GP Patient Survey, practice level", ("localgpservicesphone.pcteval",)),
    Layout("Fingertips, such as deprivation by practice", ("Indicator ID", "Area Code", "Area Type", "Value")),
)
_EXPORTS = (
    Layout("a SystmOne export of appointments a day by staff", ("Date", "Day")),
    Layout("a SystmOne export of unused slots", ("Staff", "Slot Type", "Total Slots", "Unused Slots")),
    Layout(
        "a SystmOne export of missed appointments by slot type",
        ("Staff", "Slot Type", "Appointment Count", "Time Wasted"),
    ),
    Layout("a SystmOne export of online requests", ("ODS Code", "Access method", "Submission started", "Outcome")),
    Layout(
        "a SystmOne export of appointments by clinician and patient",
        ("Clinician", "Appointment date", "NHS number"),
    ),
    Layout("a SystmOne bulk extract of appointments (SRAppointment)", ("RowIdentifier", "DateStart", "IDClinician")),
    Layout("an EMIS bulk extract of slots", ("SlotGuid", "AppointmentDate", "SessionGuid")),
    Layout("an EMIS bulk extract of sessions", ("AppointmentSessionGuid", "StartDate", "EndDate")),
    Layout("3CX call records", ("historyid", "callid", "time_start", "reason_terminated")),
    Layout("a XiVO or Wazo switchboard report", ("entered", "answered", "abandoned", "waiting_time_average")),
    Layout("a NethVoice report of queue calls", ("queue number", "queue name", "agent", "result")),
)
KNOWN = (REGISTER, DURATIONS, *_TELEPHONY, *_REGISTERS, *_APPOINTMENTS, *_OTHERS, *_EXPORTS)

BY_FILE_NAME = (
    (r"cbt.?participation", "Cloud Based Telephony participation by practice"),
    (r"(cbt|cloud.based.telephony).*summary", "Cloud Based Telephony, publication summary"),
    (r"submissions via (oc|online consultation) systems", "Online consultation submissions, summary"),
    (r"^epraccur", "ODS GP practices (epraccur)"),
    (r"^epcmem", "ODS practice memberships (epcmem)"),
    (r"^gpps", "GP Patient Survey, practice level"),
)
"""Workbooks and files without a header: what a file's name says of it, as a pattern without regard to case."""
