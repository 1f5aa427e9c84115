"""The app in a real browser, as somebody uses it: one server and one browser, small practices, everything in order.

Every page keeps all of axe's rules, Streamlit's own frame included.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import psutil
import pytest
import streamlit
from browserpage import AXE, PATIENCE_MS, PHONE, Seen, chromium
from playwright.sync_api import Browser, Page, expect

from pcqa_sim import load_scenario
from pcqa_sim.app.shown import in_the_app
from pcqa_sim.inputs.own_sheet import template
from pcqa_sim.inputs.workbook import read_workbook, workbook
from pcqa_sim.study.methods.replicate import replicate

pytestmark = [pytest.mark.slow]
OTHER_PAGES = {
    "A day, animated": "A day, animated",
    "What to try first": "What to try first?",
    "A network": "A network",
}
SCRIPTS = Path(streamlit.__file__).parent / "static" / "static" / "js"
CUT = """() => [...document.querySelectorAll("[data-testid=stMain] *")].filter(one => {
    const look = getComputedStyle(one)
    return one.innerText && one.clientWidth > 2 && one.scrollWidth > one.clientWidth + 1
        && !["visible", "auto", "scroll"].includes(look.overflowX)
}).map(one => one.innerText.slice(0, 80))"""
"""Texts that are wider than the box that hides what is over."""
STREAMLITS_OWN = {"presentation-role-conflict": 'data-testid="stFileUploaderDropzone"'}
"""Rules that Streamlit's own widgets break, and where: our content breaks none."""
REGISTER = "PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS"
CALLS = "Date,REGION_CODE,ICB_CODE,SUB_ICB_LOCATION_CODE,PCN_CODE,PRACTICE_CODE,Indicator,Duration,Value"
BOOK = (
    "APPOINTMENT_MONTH_START_DATE,GP_CODE,GP_NAME,SUPPLIER,PCN_CODE,PCN_NAME,SUB_ICB_LOCATION_CODE,"
    "SUB_ICB_LOCATION_NAME,HCP_TYPE,APPT_MODE,NATIONAL_CATEGORY,TIME_BETWEEN_BOOK_AND_APPT,COUNT_OF_APPOINTMENTS,APPT_STATUS"
)
SEEN = (
    ("GP", "Face-to-Face", "Same Day", 900, "Attended"),
    ("GP", "Telephone", "8  to 14 Days", 400, "Attended"),
    ("GP", "Face-to-Face", "15  to 21 Days", 100, "DNA"),
    ("Other Practice staff", "Face-to-Face", "More than 28 Days", 800, "Attended"),
)
NHS_NUMBER = "943 476 5919"
PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "evidence" / "data" / "gp-reg-pat-prac-all_2021-01.csv"
TINY = "defaults: [small@_here_, _self_]\nname: Tiny practice\nlist_size: 800\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[psutil.Process]:
    """The app, with one practice of 800 people of whoever started it."""
    place = tmp_path_factory.mktemp("app")
    (place / "pcqa_conf" / "practice").mkdir(parents=True)
    (place / "pcqa_conf" / "practice" / "tiny.yaml").write_text(TINY)
    command = [sys.executable, "-m", "pcqa_sim.cli", "app", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(
        command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ | {"PCQA_PURE": "1"}
    )
    end = time.monotonic() + PATIENCE_MS / 1000
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
            break
        except OSError:
            assert process.poll() is None, process.stdout and process.stdout.read()
            assert time.monotonic() < end
            time.sleep(0.2)
    yield psutil.Process(process.pid)
    process.send_signal(signal.SIGINT)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()


@pytest.fixture
def home(server: psutil.Process, port: int) -> str:
    return f"http://127.0.0.1:{port}/"


def opened(browser: Browser, home: str, practice: str = "tiny") -> tuple[Page, Seen]:
    page, seen = browser.new_page(viewport={"width": 1280, "height": 1000}), Seen(home)
    seen.watch(page)
    page.goto(home)
    expect(page.get_by_role("heading", level=1)).to_have_text("Which practice?", timeout=PATIENCE_MS)
    choose(page, "Practice", practice)
    return page, seen


def choose(page: Page, label: str, option: str) -> None:
    """Choose by the keyboard alone."""
    box = page.get_by_role("combobox", name=label, exact=False).first
    if box.input_value() == option:
        return
    box.focus()
    box.fill(option)
    page.get_by_role("option").first.wait_for()
    box.press("Enter")
    settled(page)


def settled(page: Page) -> None:
    page.wait_for_timeout(300)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE_MS)


def go(page: Page, name: str, heading: str) -> None:
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading, timeout=PATIENCE_MS)
    settled(page)


def run(page: Page, replications: str = "2") -> None:
    choose(page, "Replications", replications)
    page.get_by_role("button", name="Run", exact=True).press("Enter")


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def looked_at(page: Page) -> list[str]:
    """What is wrong with a page as it stands: more than one h1, no language, fields without a label, axe's rules.

    What Streamlit is about to make anew it fades: such a page does not stand yet.
    """
    settled(page)
    page.wait_for_timeout(1000)
    faults = []
    if page.locator("h1").count() != 1:
        faults.append(f"{page.locator('h1').count()} headings of the first level")
    if not page.evaluate("document.documentElement.lang"):
        faults.append("no language")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for found in page.evaluate("axe.run()")["violations"]:
        if all(STREAMLITS_OWN.get(found["id"], "none") in node["html"] for node in found["nodes"]):
            continue
        faults.append(f"axe {found['id']} ({found['help']}): {found['nodes'][0]['html'][:200]}")
    return faults + [f"cut: {text}" for text in page.evaluate(CUT)]


def streamlits_own_stop(page: Page) -> str:
    """How Streamlit's Stop would be displayed while a page is being made: it leaves the page empty when pressed."""
    assert any("stStatusWidget" in one.read_text(encoding="utf-8") for one in SCRIPTS.glob("index.*.js"))
    shown = page.evaluate(
        """() => {
            const widget = document.createElement("div")
            widget.dataset.testid = "stStatusWidget"
            widget.append(document.createElement("button"))
            document.body.append(widget)
            const display = getComputedStyle(widget.firstChild).display
            widget.remove()
            return display
        }"""
    )
    return str(shown)


def test_a_manager_tries_a_change_and_takes_it_home(browser: Browser, home: str, tmp_path: Path) -> None:
    page, seen = opened(browser, home)
    wrong = looked_at(page)
    go(page, "2 What to change", "What to change?")
    choose(page, "Access model", "total digital")
    expect(page.get_by_text("triage.kind: reception_led -> total_digital, with")).to_be_visible(timeout=PATIENCE_MS)
    wrong += looked_at(page)
    go(page, "3 What it would do", "What would it do?")
    run(page)
    expect(page.get_by_text("Finished: 2 replications")).to_be_visible(timeout=PATIENCE_MS)
    settled(page)
    expect(page.get_by_role("heading", name="What differs with your change?")).to_be_visible()
    assert page.locator(".pcqa details").count() > 20, "tables and most pictures are behind a line"
    wrong += looked_at(page)
    page.get_by_text("Keep it: the report").click()
    with page.expect_download() as report:
        page.get_by_role("button", name="Download the report").click()
    report.value.save_as(tmp_path / "report.html")
    answers = (tmp_path / "report.html").read_text(encoding="utf-8")
    first = page.locator(".pcqa .first li").first.inner_text()
    assert plain(first) in plain(in_the_app(unescape(re.sub(r"<[^>]*>", "", answers))))
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the change (YAML)").click()
    saved.value.save_as(tmp_path / "conf" / "experiment" / "my_change.yaml")
    (tmp_path / "conf" / "practice").mkdir()
    (tmp_path / "conf" / "practice" / "tiny.yaml").write_text(TINY)
    scenario = load_scenario("experiment=my_change", user_folder=tmp_path / "conf")
    assert next(iter(scenario.practices.values())).triage.kind == "total_digital"
    metrics = replicate(scenario, 2).metrics
    row = metrics[(metrics["period"] == "all") & (metrics["group"] == "") & (metrics["metric"] == "needs_met_share")]
    assert f"{row['value'].mean() * 100:.1f}" in answers, "the file on the command line has the page's numbers"
    for name, heading in OTHER_PAGES.items():
        go(page, name, heading)
        wrong += looked_at(page)
    go(page, "1 Your practice", "Which practice?")
    choose(page, "Practice", "average")
    page.get_by_text("Take published figures, a filled").click()
    page.locator("input[type=file]").nth(2).set_input_files(tmp_path / "conf" / "experiment" / "my_change.yaml")
    settled(page)
    page.get_by_role("button", name="Reopen it").click()
    expect(page.get_by_text("The change is open")).to_be_visible(timeout=PATIENCE_MS)
    go(page, "2 What to change", "What to change?")
    expect(page.get_by_text("triage.kind: reception_led -> total_digital, with")).to_be_visible(timeout=PATIENCE_MS)
    page.set_viewport_size({"width": PHONE, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.close()
    assert wrong == []
    assert seen.faults == []


def test_a_run_stops_a_killed_one_is_told_and_four_users_have_their_own(
    browser: Browser, home: str, server: psutil.Process
) -> None:
    users = [opened(browser, home, name) for name in ("tiny", "small", "tiny", "small")]
    page = users[0][0]
    for one, _ in users:
        go(one, "3 What it would do", "What would it do?")
    assert streamlits_own_stop(page) == "none"
    run(page, "32")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped. What was found so far")).to_be_visible(timeout=PATIENCE_MS)
    run(page, "32")  # a Stop may still be there of the run before: this one is at work when it has done something
    expect(page.get_by_text(re.compile(r"[1-9]\d* of \d+ runs of the model"))).to_be_visible(timeout=PATIENCE_MS)
    workers = [one for one in server.children() if "pcqa_sim.app.worker" in " ".join(one.cmdline())]
    assert len(workers) == 1
    workers[0].kill()
    expect(page.get_by_text("was ended from outside")).to_be_visible(timeout=PATIENCE_MS)
    for one, _ in users:
        run(one)
    for (one, _), patients in zip(users, ("800", "2,000", "800", "2,000"), strict=True):
        expect(one.get_by_text("Finished: 2 replications")).to_be_visible(timeout=PATIENCE_MS)
        expect(one.get_by_text(f"{patients} patients;").first).to_be_visible()
    assert [one.locator(".pcqa .first").inner_text() for one, _ in users[:2]] == [
        one.locator(".pcqa .first").inner_text() for one, _ in users[2:]
    ]
    for one, seen in users:
        assert seen.faults == []
        one.close()
    assert server.memory_info().rss < 500 * 2**20


def test_files_that_are_none_are_told_in_sentences(browser: Browser, home: str, tmp_path: Path) -> None:
    page, seen = opened(browser, home)
    page.get_by_text("Take published figures, a filled").click()
    for name, content in (("a.yaml", b"defaults: [_self_]\nphones: {linez: 4}\n"), ("b.yaml", b"\xff\xfe\x00")):
        (tmp_path / name).write_bytes(content)
        page.locator("input[type=file]").nth(2).set_input_files(tmp_path / name)
        settled(page)
        page.get_by_role("button", name="Reopen it").click()
        expect(page.get_by_role("alert").first).to_be_visible(timeout=PATIENCE_MS)
        told = page.get_by_role("alert").first.inner_text()
        assert "Traceback" not in told
        assert "did you mean phones.lines?" in told or "UTF" in told
    page.close()
    assert seen.faults == []


def brought(page: Page, number: int, path: Path, button: str) -> None:
    """Bring a file to one of the page's places, and wait until it has been read."""
    page.locator("input[type=file]").nth(number).set_input_files(path)
    settled(page)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("Working,")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("Working,")).to_be_hidden(timeout=PATIENCE_MS)
    settled(page)


def files_of(folder: Path) -> dict[str, Path]:
    """Published files of one practice: its real list where that is at hand, the rest by hand in the same layouts."""
    register = folder / "register.csv"
    register.write_text(f"{REGISTER}\nGP_PRAC_PAT_LIST,01JAN2021,GP,11J,E38000045,J81009,DT5 2BJ,ALL,ALL,12349\n")
    month = "01MAY2026,J81009,A,EMIS,U19923,PCN,11J,{},{},General Consultation,{},{},{}"
    rows = [month.format('"NHS, 11J"', f"{who},{how}", lead, many, status) for who, how, lead, many, status in SEEN]
    with zipfile.ZipFile(folder / "may.zip", "w", zipfile.ZIP_DEFLATED) as may:
        may.writestr("Practice_Level_Crosstab_May_26.csv", "\n".join([BOOK, *rows]) + "\n")
        may.writestr("Mapping.csv", "GP_CODE,GP_NAME,PCN_CODE\nJ81009,A,U19923\n")
    calls = folder / "calls.csv"
    calls.write_text(f"{CALLS}\n2026-06-01,Y58,QVV,11J,U19923,J81009,CBT001,TOTAL,{NHS_NUMBER}\n")
    big = folder / "big.csv"
    big.write_bytes(b"1,2\n" * (21 * 2**18))
    sheet = folder / "ours.xlsx"
    sheet.write_bytes(template())
    sheets = read_workbook(sheet)
    for row, text in ((1, "Riverside"), (2, "8400")):
        sheets["Practice"][row] = [*(sheets["Practice"][row] + ["", "", ""])[:2], text]
    sheet.write_bytes(workbook(sheets, {}))
    found = PUBLISHED if PUBLISHED.is_file() else register
    return {"register": found, "appointments": folder / "may.zip", "telephony": calls, "big": big, "sheet": sheet}


def test_published_files_a_zip_and_a_spreadsheet_are_taken_in_and_who_somebody_is_stops_them(
    browser: Browser, home: str, tmp_path: Path
) -> None:
    page, seen = opened(browser, home)
    files = files_of(tmp_path)
    page.get_by_text("Take published figures, a filled").click()
    page.get_by_label("ODS code of the practice").fill("J81009")
    page.get_by_label("ODS code of the practice").press("Tab")
    settled(page)
    brought(page, 0, files["register"], "Take in the figures")
    expect(page.get_by_text("This is now the practice: j81009.")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("12,349")
    choose(page, "What the file holds", "Appointments in general practice")
    brought(page, 0, files["appointments"], "Take in the figures")
    expect(page.get_by_role("button", name="Does it resemble you?")).to_be_visible(timeout=PATIENCE_MS)
    choose(page, "What the file holds", "Cloud based telephony")
    brought(page, 0, files["telephony"], "Take in the figures")
    told = page.get_by_role("alert").inner_text()
    assert "column Value: (not shown): not a number" in told
    assert NHS_NUMBER not in page.content()
    page.locator("input[type=file]").nth(0).set_input_files(files["big"])
    expect(page.get_by_text("File must be 20.0MB or smaller.")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("textbox", name="Short name of the practice").fill("riverside")
    page.get_by_role("textbox", name="Short name of the practice").press("Tab")
    settled(page)
    brought(page, 1, files["sheet"], "Make a practice of it")
    expect(page.get_by_text("This is now the practice: riverside.")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("8,400")
    wrong = looked_at(page)
    page.set_viewport_size({"width": PHONE, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.close()
    assert wrong == []
    assert seen.faults == []
