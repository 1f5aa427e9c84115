"""What docs/extending.md promises: its recipes run, swept and done again as they stand there, and a package."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import pcqa
from plugged import GUIDE, knowing, recipes, written

import pcqa_sim.extending
from pcqa_sim import compare, load_scenario, replicate, simulate
from pcqa_sim.extending import CALL_ANOTHER_DAY, Adjust, Contact, Disposition, Luck, PracticeNow, ReceptionLed
from pcqa_sim.scenario import with_settings
from pcqa_sim.study.record import not_repeatable
from pcqa_sim.study.scenariofile import read_scenario, scenario_bytes
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.plugins import API, OtherCode

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "own_package"
TEXT = GUIDE.read_text(encoding="utf-8")
COMMANDS = re.findall(r"^pcqa .*$", "\n".join(re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)), re.MULTILINE)
QUICK = ["practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1"]
EVERYTHING = [
    "practice=small",
    "+kind=[eye]",
    "role=[gp,practice_nurse,hca,pharmacist,other,administrator,optometrist]",
    "triage=texting",
    "intervention=[quieter_mondays,enough_lines]",
]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with every file of the guide, where the commands run."""
    monkeypatch.chdir(written(tmp_path, recipes()))
    return tmp_path / "own"


def test_the_guide_has_a_recipe_of_every_sort_and_says_how_many_files_it_takes() -> None:
    """Each heading says what is written: one YAML, one class (or function), or both; nothing else is touched."""
    found = {}
    for section in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        title = section.partition("\n")[0]
        files = [name for name in re.findall(r"^`(own/[\w/.]+)`", section, re.MULTILINE) if name in recipes()]
        if files:
            told = (len(re.findall(r"one YAML", title)), len(re.findall(r"one (?:class|function)", title)))
            kinds = [Path(name).suffix for name in files]
            assert (kinds.count(".yaml"), kinds.count(".py")) == told, title
            found[title] = files
    assert len(found) == 6
    assert sorted(name for files in found.values() for name in files) == sorted(recipes())


@pytest.mark.parametrize(
    "command", [pytest.param(one, marks=() if "texting" in one else pytest.mark.slow) for one in COMMANDS]
)
@pytest.mark.usefixtures("own")
def test_a_command_of_the_guide_does_what_it_says(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, verb, *words = shlex.split(command)
    reps = "2" if verb == "compare" else "1"
    assert pcqa(verb, *QUICK, *words, "--reps", reps, "--out", "results", "--workers", "1") == 0, (
        capsys.readouterr().err
    )
    assert "own_code" in Path("results/run.json").read_text()


def test_the_guide_s_code_for_a_notebook_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """Its class changes what it says it changes, and nothing else of the guide is needed for it."""
    (code,) = re.findall(r"```python\n(from pcqa_sim import load_scenario.*?)```", TEXT, re.DOTALL)
    exec(compile(code, "notebook", "exec"), {"__name__": "__main__"})
    before, after = map(float, capsys.readouterr().out.split())
    assert after < before / 5


@pytest.mark.slow
def test_one_of_each_sort_is_run_swept_and_done_again_on_two_workers(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A study with own code is refused without it, and with any other; with it, it is the same to the last byte."""
    two = ("--workers", "2", "--plugins", str(own))
    assert pcqa("run", *EVERYTHING, *QUICK, "--reps", "2", "--out", "run", *two) == 0, capsys.readouterr().err
    varied = "triage.numbers.texted_share=0.2,0.8"
    assert pcqa("sweep", *EVERYTHING, *QUICK, varied, "--reps", "1", "--out", "sweep", *two) == 0
    table = Path("run/summary.csv").read_text()
    assert "asked_often_share" in table
    capsys.readouterr()
    for study in ("run", "sweep"):
        assert pcqa("rerun", f"{study}/run.json", "--out", "refused") == 2
        assert f"{study}/run.json: was made with own code that is not here, asked_often.py" in capsys.readouterr().err
        assert pcqa("rerun", f"{study}/run.json", "--out", f"{study}-again", *two) == 0
        assert "metrics.parquet: the same to the last byte" in capsys.readouterr().out
    (unit, *_) = sorted(path.stem for path in Path("sweep/units").glob("*.parquet"))
    assert pcqa("replay", "sweep", "--unit", unit, "--plugins", str(own)) == 0
    assert "gives the same bytes as the study has" in capsys.readouterr().out
    (own / "texting.py").write_text(recipes()["own/texting.py"] + "\n# another day\n")
    for words in (
        ("rerun", "sweep/run.json"),
        ("replay", "sweep", "--unit", unit),
        ("sweep", "--out", "sweep", "--resume"),
    ):
        assert pcqa(*words, "--plugins", str(own)) == 2
        assert "was made with another texting.py" in capsys.readouterr().err


@pytest.mark.usefixtures("own")
def test_own_code_is_part_of_a_scenario_s_name_and_of_its_file(own: Path) -> None:
    """Two versions of a file give two scenarios, whether they are composed or what was composed before is kept."""
    path = own / "texting.py"
    with knowing(own):
        first = load_scenario("practice=small", "triage=texting")
        Path("first.yaml").write_bytes(scenario_bytes(first))
        assert read_scenario(Path("first.yaml"), first.hash()) == first
        assert load_scenario("practice=small").hash() == load_scenario("practice=small", "triage=reception_led").hash()
    path.write_text(path.read_text().replace("(0, 1)", "(0, 0.2)"))
    with knowing(own):
        with pytest.raises(BadInput) as refused:  # and not what was kept of it
            load_scenario("practice=small", "triage=texting")
        assert str(refused.value).endswith("numbers.texted_share: must be a number from 0 to 0.2")
        second = load_scenario("practice=small", "triage=texting", "triage.numbers.texted_share=0.2")
        with pytest.raises(OtherCode, match=r"first\.yaml: was made with another texting\.py"):
            read_scenario(Path("first.yaml"), first.hash())
    with knowing():
        with pytest.raises(OtherCode, match=r"first\.yaml: was made with own code that is not here, texting\.py"):
            read_scenario(Path("first.yaml"), first.hash())
        with pytest.raises(BadInput, match="triage: texting: must be one of"):
            load_scenario("practice=small", "triage=texting")
    assert first.hash() != second.hash()


class Sent(ReceptionLed):
    """Sends everybody away who is not planned: known to this process alone."""

    def decide(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        planned = now.planned_role(contact.need.kind) or contact.need.seen_by
        return super().decide(contact, now, luck) if planned else Disposition(CALL_ANOTHER_DAY)


class Share:
    """An object with a state and no base: a share is sent away."""

    decider = "call_handler"

    def __init__(self, share: float) -> None:
        self.share = share

    def decide(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        return Disposition(CALL_ANOTHER_DAY)


def test_a_class_or_an_object_decides_in_this_process_alone() -> None:
    shipped = load_scenario("practice=small", "planned.asks_share=0", *QUICK)
    scenario = with_settings(shipped, {"practices.practice.triage.recognition": {}})
    run = simulate(scenario, triage=Sent)
    assert run.value("told_another_day_share") > 0.9 > simulate(scenario).value("told_another_day_share")
    names = {simulate(scenario, triage=one).scenario.hash() for one in (Sent, Sent, Share(0.1), Share(0.2))}
    assert len(names) == 3
    assert scenario.hash() not in names
    assert simulate(scenario, triage=ReceptionLed).scenario == scenario
    (told,) = not_repeatable([run.scenario])["not_repeatable"]
    assert told.startswith("this session: triage model sent_")
    assert not_repeatable([scenario]) == {}
    with pytest.raises(BadInput) as refused:
        replicate(run.scenario, 2, workers=2)
    assert str(refused.value).startswith("workers: triage model sent_")
    assert "only this process knows it: leave workers out, or put it into a file" in str(refused.value)


def test_what_is_no_model_is_refused_in_a_line_for_each_fault() -> None:
    scenario = load_scenario("practice=small", *QUICK)
    with pytest.raises(BadInput, match="triage model int: needs `decider`"):
        simulate(scenario, triage=7)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="mine: triage model int: needs `decider`"):
        compare(scenario, {"mine": 7}, 2)  # type: ignore[dict-item]


@pytest.mark.slow
def test_compare_takes_whatever_makes_a_scenario_of_the_base() -> None:
    scenario = load_scenario("practice=small", *QUICK)
    lines = Adjust(add={"phones.lines": 2})
    found = compare(scenario, {"lines": lines, "sent": Sent, "same": scenario}, 2)
    assert found.others["lines"].scenario == lines.apply(scenario)
    assert found.others["same"].scenario is scenario
    told = found.differences.query("other == 'sent' and metric == 'told_another_day_share' and group == ''")
    assert told["difference"].iloc[0] > 0.3


def test_what_own_code_may_build_on_is_there_and_has_a_number() -> None:
    assert API == pcqa_sim.extending.API == 1
    assert all(hasattr(pcqa_sim.extending, name) for name in pcqa_sim.extending.__all__)
    imported = re.findall(r"^from pcqa_sim\.extending import (?:\((.*?)\)|(.*?)$)", TEXT, re.DOTALL | re.MULTILINE)
    names = {name for one, other in imported for name in re.findall(r"\w+", one or other)}
    assert names <= set(pcqa_sim.extending.__all__)
    elsewhere = re.findall(r"^from (pcqa_sim[\w.]*) import", "\n".join(recipes().values()), re.MULTILINE)
    assert set(elsewhere) == {"pcqa_sim.extending"}


@pytest.mark.slow
def test_a_package_of_one_s_own_is_type_checked_installed_and_found_without_an_option(tmp_path: Path) -> None:
    copy, there = tmp_path / "source", tmp_path / "installed"
    shutil.copytree(EXAMPLE, copy)
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--no-build-isolation",
        "--quiet",
        "--target",
        str(there),
    ]
    subprocess.run([*pip, str(copy)], check=True)
    root = Path(__file__).resolve().parents[1]
    code = """
import sys
from pcqa_sim import load_scenario, simulate
s = load_scenario("practice=small", "triage=open_with_advice", "role=[gp,practice_nurse,hca,pharmacist,other,"
    "administrator,podiatrist]", *sys.argv[1:])
run = simulate(s)
print(s.practices["practice"].triage.kind, run.value("needs_arising_per_1000_week") > 0)
from pcqa_sim.interventions import INTERVENTIONS
from pcqa_sim.values.plugins import fingerprints
print(INTERVENTIONS["longer_horizon"].zero().apply(s).interventions, *fingerprints())
"""
    done = subprocess.run(
        [sys.executable, "-c", code, *QUICK],
        env={"PYTHONPATH": f"{there}:{root}", "PATH": "", "HOME": str(tmp_path)},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == "open_with_advice True\n('longer_horizon(days=0)',) pcqa_example\n"
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--follow-imports", "silent"]
    checked = subprocess.run(
        [*mypy, str(EXAMPLE / "pcqa_example")], cwd=root, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
