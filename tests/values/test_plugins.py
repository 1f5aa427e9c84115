"""Own code is found where it was given and nowhere else, and known by its checksum."""

from __future__ import annotations

import hashlib
import importlib.metadata
from pathlib import Path

import pytest
from plugged import knowing, written

from pcqa_sim.values import plugins
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.owncode import PlugIn, checksums, installed_checksum

METRIC = """
from pcqa_sim.extending import Counted, Ratio, metric
api = 1

@metric("working days", "days")
def {name}(c: Counted) -> Ratio:
    return Ratio(c.working_days, c.working_days)
"""
OWN = METRIC.format(name="own_days")


def refused(*paths: Path) -> list[str]:
    with pytest.raises(BadInput) as bad, knowing(*paths):
        pass
    return str(bad.value).splitlines()


def test_a_file_that_was_given_is_known_by_its_checksum(tmp_path: Path) -> None:
    path = written(tmp_path, {"mine.py": OWN}) / "mine.py"
    with knowing(path):
        assert plugins.fingerprints()["mine.py"] == hashlib.sha256(OWN.encode()).hexdigest()
        assert plugins.given_options() == ["--plugins", str(path)]
        path.write_text("raise SystemExit")  # what was given stays, whatever becomes of the file
        (mine,) = (own for own in plugins.loaded() if own.name == "mine.py")
        assert mine.module.api == 1
    assert "mine.py" not in plugins.fingerprints()


def test_a_file_is_not_found_because_it_lies_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, {"mine.py": OWN, "pcqa_conf/mine.py": OWN, "configs/phones/few.yaml": "lines: 2\n"})
    monkeypatch.chdir(tmp_path)
    with knowing():
        assert plugins.fingerprints() == {}
        assert plugins.settings_folders() == ()
    with knowing(tmp_path):
        assert plugins.settings_folders() == (tmp_path / "configs",)


def test_the_environment_names_paths_for_whoever_gives_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, {"mine.py": OWN})
    with knowing():
        monkeypatch.setenv(plugins.VARIABLE, str(tmp_path / "mine.py"))
        monkeypatch.setattr(plugins._given, "recipe", None)
        assert [one.name for one in plugins.recipe()] == ["mine.py"]
        monkeypatch.setenv(plugins.VARIABLE, str(tmp_path / "gone.py"))
        assert refused() == [f"$PCQA_PLUGINS: {tmp_path}/gone.py: no such file or folder"]


def test_a_folder_s_files_may_import_each_other(tmp_path: Path) -> None:
    mine = OWN.replace('"working days"', "WORDS") + "\n"
    written(tmp_path, {"mine.py": "from ._words import WORDS\n" + mine, "_words.py": "WORDS = 'days of work'\n"})
    from pcqa_sim.results.metrics import METRICS

    with knowing(tmp_path):
        assert METRICS["own_days"].words == "days of work"
        assert set(plugins.fingerprints()) == {"mine.py", "_words.py"}  # and both count for what comes of them
    assert "own_days" not in METRICS


def test_a_process_that_is_sent_work_knows_the_same(tmp_path: Path) -> None:
    """The recipe is text: the file may be gone, or be another, where the work is done."""
    with knowing(written(tmp_path / "a", {"mine.py": OWN})):
        recipe, checksums = plugins.recipe(), plugins.fingerprints()
    with knowing(written(tmp_path / "b", {"mine.py": OWN + "# later\n"})):
        assert plugins.fingerprints() != checksums
        plugins.ensure(recipe)
        assert plugins.fingerprints() == checksums
        version = plugins.version()
        plugins.ensure(recipe)
        assert plugins.version() == version


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\n", "mine.py: must say `api = 1`, the version of pcqa_sim.extending that it was written for"),
        ("api = 2\n", "mine.py: 2: must say `api = 1`, the version of pcqa_sim.extending that it was written for"),
        ("api = 1\n", "mine.py: has no triage model, no intervention, no metric; a file that only helps begins with _"),
        ("api = 1\nx = (\n", "mine.py line 2: cannot be loaded: SyntaxError: '(' was never closed"),
        ("import not_there\n", "mine.py line 1: cannot be loaded: ModuleNotFoundError: No module named 'not_there'"),
        ("raise SystemExit(0)\n", "mine.py line 1: cannot be loaded: SystemExit: 0"),
        ("api = 1\n\nx = 1 / 0\n", "mine.py line 3: cannot be loaded: ZeroDivisionError: division by zero"),
        (
            METRIC.format(name="missed_share"),
            "mine.py: metric missed_share: pcqa_sim has one of this name: give it a name of its own",
        ),
        (OWN.replace('"days"', '" "'), "mine.py: metric own_days: unit: must say in plain text what it is"),
        (
            OWN.replace('"days"', '"days", "more or less"'),
            "mine.py: metric own_days: better: must be one of: less, more, neither",
        ),
        (
            OWN.replace("(c: Counted)", "(c: Counted, d: int)"),
            "mine.py: metric own_days: takes one thing, Counted, and returns a Ratio or Ratios by group",
        ),
        (
            OWN.replace("-> Ratio", "-> float"),
            "mine.py: metric own_days: returns a Ratio, or a dict of Ratios by group",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_told_in_a_line(text: str, said: str, tmp_path: Path) -> None:
    (line,) = refused(written(tmp_path, {"mine.py": text}) / "mine.py")
    assert line == said


def test_a_file_given_again_in_its_folder_is_the_same(tmp_path: Path) -> None:
    folder = written(tmp_path / "own", {"mine.py": OWN})
    with knowing(folder, folder / "mine.py"):
        assert [plug_in.name for plug_in in plugins.recipe()] == ["mine.py"]


def test_paths_that_are_none_are_told_in_a_line(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.py") == [f"--plugins: {tmp_path}/gone.py: no such file or folder"]
    (line,) = refused(written(tmp_path / "empty", {"a.txt": ""}))
    assert line.endswith("/empty: a folder with files .py, or with a folder configs")
    (line,) = refused(written(tmp_path, {"my-own.py": OWN}) / "my-own.py")
    assert line.endswith("whose name is made of letters, digits and _ and begins with no digit")
    (line,) = refused(*(written(tmp_path / name, {"mine.py": OWN}) for name in ("a", "b")))
    assert line == f"{tmp_path}/b/mine.py: has the name of another file that is given: give it a name of its own" or (
        line == f"{tmp_path}/a/mine.py: has the name of another file that is given: give it a name of its own"
    )


def test_what_was_made_with_other_code_is_refused(tmp_path: Path) -> None:
    with knowing(written(tmp_path, {"mine.py": OWN})):
        plugins.refuse_other(plugins.fingerprints(), "run.json")
        plugins.refuse_other({"mine.py": plugins.fingerprints()["mine.py"][:12]}, "run.json")
        told = {"mine.py": "0" * 64, "theirs.py": "1" * 64, "pkg": "2" * 64, "this session: triage model x": "3" * 64}
        with pytest.raises(plugins.OtherCode) as refused:
            plugins.refuse_other(told, "run.json")
    other, lacking, package, session = str(refused.value).splitlines()
    assert other.startswith("run.json: was made with another mine.py: its SHA-256 was 000000000000, is ")
    assert lacking.endswith("own code that is not here, theirs.py: give it with --plugins PATH/theirs.py")
    assert package.endswith("own code that is not here, pkg: install the package that has it")
    assert session == "run.json: was made in a session that is over, with own code: this session: triage model x"


def test_a_package_in_the_current_folder_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m` puts the current folder among the places of packages; whoever wrote there installed nothing."""
    about = "Metadata-Version: 2.1\nName: theirs\nVersion: 1\n"
    written(
        tmp_path,
        {
            "theirs.py": OWN,
            "theirs-1.dist-info/METADATA": about,
            "theirs-1.dist-info/entry_points.txt": f"[{plugins.GROUP}]\ntheirs = theirs\n",
        },
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert "theirs" in [point.name for point in importlib.metadata.entry_points(group=plugins.GROUP)]
    try:
        plugins._installed.cache_clear()
        assert set(plugins._installed()) == {"theirs"}
        monkeypatch.chdir(tmp_path)
        plugins._installed.cache_clear()
        assert plugins._installed() == {}
    finally:
        plugins._installed.cache_clear()


def test_what_a_file_imports_from_its_folder_counts_for_its_checksum() -> None:
    """Else two versions of a file beside it would give scenarios of one name."""
    alone, helped = PlugIn("a.py", "a.py", "x = 1"), PlugIn("b.py", "b.py", "from ._c import x")
    before, after = (checksums((alone, helped, PlugIn("_c.py", "_c.py", text))) for text in ("x = 1", "x = 2"))
    assert before["a.py"] == after["a.py"]
    assert before["b.py"] != after["b.py"]
    assert before["_c.py"] != after["_c.py"]


def test_a_package_s_checksum_is_of_all_its_files_and_a_module_s_of_itself(tmp_path: Path) -> None:
    found = []
    for text in ("x = 1", "x = 2"):
        written(tmp_path, {"p/__init__.py": "", "p/a.py": "", "p/q/b.py": text, "alone.py": "", "other.py": text})
        places = {"p": "p/__init__.py", "p.a": "p/a.py", "p.q.b": "p/q/b.py", "alone": "alone.py"}
        installed_checksum.cache_clear()
        found.append({name: installed_checksum(name, str(tmp_path / place)) for name, place in places.items()})
    assert len(set(found[0].values())) == 2  # the package, and the module alone
    assert [name for name in found[0] if found[0][name] != found[1][name]] == ["p", "p.a", "p.q.b"]
    installed_checksum.cache_clear()
