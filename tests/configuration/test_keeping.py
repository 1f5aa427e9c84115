"""What was composed is kept: nothing that decides it may change unseen, and nothing that is not whole is believed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pcqa_sim.configuration import cachefolder, composing, config_folder, keeping, load_scenario, resolve, show
from pcqa_sim.values.faults import BadInput

pytestmark = pytest.mark.usefixtures("composed_afresh")
Write = Callable[[dict[str, str | bytes]], Path]
REPOSITORY = Path(__file__).parents[2]
SMALL = ("practice=small", "run=quick", "phones.lines=7")


@pytest.fixture
def hydra(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Hydra was asked to compose, and what OmegaConf was asked to lay into it."""
    asked: list[str] = []
    composed, laid = composing._composed, composing._laid

    def composing_told(library: Any, options: Any) -> Any:
        asked.append(" ".join(options))
        return composed(library, options)

    def laying_told(settings: Any, values: Any, adding: bool) -> Any:
        asked.append(" ".join(one.text for one in values))
        return laid(settings, values, adding)

    monkeypatch.setattr(composing, "_composed", composing_told)
    monkeypatch.setattr(composing, "_laid", laying_told)
    return asked


@pytest.fixture
def new_process(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Forget what this process remembers, as a new one would."""
    return lambda: monkeypatch.setattr(keeping, "_memory", {})


@pytest.fixture(scope="module")
def composed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder in which the small practice is kept."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as here:
        here.setenv("PCQA_CACHE_DIR", str(folder))
        here.setattr(keeping, "_memory", {})
        load_scenario("practice=small", user_folder=config_folder())
    return folder


@pytest.fixture
def small(composed_afresh: None, composed_once: Path, tmp_path: Path) -> Path:
    """The file of the small practice in this test's own cache folder."""
    shutil.copytree(composed_once, tmp_path / "cache")
    return scenario_file()


def kept() -> list[Path]:
    folder = cachefolder.cache_folder()
    return sorted(folder.glob("*.json")) if folder is not None and folder.is_dir() else []


def scenario_file() -> Path:
    """The file of the only whole scenario that is kept."""
    (found,) = [path for path in kept() if "readings" in json.loads(path.read_text())["content"]]
    return found


def test_the_second_time_nothing_is_composed(hydra: list[str], new_process: Callable[[], None]) -> None:
    first = load_scenario(*SMALL)
    assert hydra == ["practice=small run=quick", "phones.lines=7"]
    new_process()
    assert load_scenario(*SMALL) == first
    assert len(hydra) == 2


def test_values_are_laid_into_options_composed_before(small: Path, hydra: list[str]) -> None:
    assert load_scenario("practice=small", "phones.lines=7").practices["practice"].phones.lines == 7
    assert hydra == ["phones.lines=7"]


def test_a_scenario_that_was_kept_is_loaded_without_hydra_and_omegaconf(small: Path) -> None:
    wanted = load_scenario("practice=small").hash()
    code = (
        "import sys; from pcqa_sim import load_scenario; "
        "print(load_scenario('practice=small').hash(), "
        "[name for name in ('hydra', 'omegaconf', 'scipy', 'pandas', 'matplotlib', 'holidays') if name in sys.modules])"
    )
    assert printed(code) == f"{wanted} []"


def printed(code: str) -> str:
    env = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    return run.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("asked", [
    ("intervention=[more_phone_lines,more_call_handlers]",),
    ("intervention=[more_call_handlers,more_phone_lines]",),
    ("network.members={north:['practice=small','phones.lines=4'],south:[]}",),
    ("phases=[{from_week:2,overrides:['phones.lines=9']}]", "practice.name='Ärzte \U0001f600'"),
])  # fmt: skip
def test_all_that_a_scenario_was_made_from_comes_back(
    asked: tuple[str, ...], hydra: list[str], new_process: Callable[[], None]
) -> None:
    made, shown = resolve(asked), show(*asked)
    many = len(hydra)
    new_process()
    again = resolve(asked)
    assert again == made
    assert [list(step.model_dump()) for step in again.steps] == [list(step.model_dump()) for step in made.steps]
    assert again.scenario.interventions == made.scenario.interventions
    assert show(*asked) == shown
    assert len(hydra) == many


@pytest.mark.slow
def test_what_json_would_change_is_composed_each_time(hydra: list[str], new_process: Callable[[], None]) -> None:
    """Numbers as keys would come back as texts."""
    made = resolve(("people.rate_factor={3:2}",))
    laid = hydra.count("people.rate_factor={3:2}")
    new_process()
    assert resolve(("people.rate_factor={3:2}",)) == made
    assert hydra.count("people.rate_factor={3:2}") == 2 * laid


def test_each_loading_has_a_scenario_of_its_own(small: Path) -> None:
    first = load_scenario("practice=small")
    first.practices.clear()
    assert load_scenario("practice=small").practices


def test_one_changed_byte_in_a_settings_file_is_seen(user_folder: Write, new_process: Callable[[], None]) -> None:
    files: dict[str, str | bytes] = {
        "practice/mine.yaml": "defaults: [small@_here_, _self_]\nlist_size: 2100\n",
        "practice/other.yaml": "defaults: [small@_here_, _self_]\n",
    }
    folder = user_folder(files)
    assert load_scenario("practice=mine", user_folder=folder).practices["practice"].list_size == 2100
    user_folder({"practice/mine.yaml": "defaults: [small@_here_, _self_]\nlist_size: 2200\n"})
    for _ in range(2):
        assert load_scenario("practice=mine", user_folder=folder).practices["practice"].list_size == 2200
        new_process()


def test_a_file_that_becomes_faulty_is_told(user_folder: Write, caplog: pytest.LogCaptureFixture) -> None:
    """Also one that the scenario does not use: of it there is a warning, as without a cache."""
    folder = user_folder({"practice/other.yaml": "defaults: [small@_here_, _self_]\n"})
    small = load_scenario("practice=small", user_folder=folder)
    assert load_scenario("practice=other", user_folder=folder) == small
    user_folder({"practice/other.yaml": "!tag\n"})
    assert load_scenario("practice=small", user_folder=folder) == small
    assert [one.message.partition(" line")[0] for one in caplog.records] == ["left out: practice/other.yaml"]
    with pytest.raises(BadInput):
        load_scenario("practice=other", user_folder=folder)


def test_every_shipped_file_is_in_the_fingerprint(tmp_path: Path) -> None:
    copy = tmp_path / "configs"
    shutil.copytree(config_folder(), copy)
    before = keeping.fingerprint(copy)
    assert before == keeping.fingerprint(config_folder())
    for path in copy.rglob("*.yaml"):
        text = path.read_bytes()
        path.write_bytes(text[:-1] + b" ")
        assert keeping.fingerprint(copy) != before, path
        path.write_bytes(text)
    assert keeping.fingerprint(copy) == before
    assert keeping.fingerprint(copy, copy) != before


@pytest.mark.parametrize("name", ["pipe.yaml", "folder.yaml", "practice/pipe.yaml"])
def test_files_that_cannot_be_read_have_no_fingerprint(name: str, tmp_path: Path) -> None:
    (tmp_path / "practice").mkdir()
    if "pipe" in name:
        os.mkfifo(tmp_path / name)
    else:
        (tmp_path / name).mkdir()
    assert keeping.fingerprint(tmp_path) is None
    assert keeping.key_of("scenario", None, ()) is None


def test_other_versions_and_other_code_compose_again(
    small: Path, hydra: list[str], new_process: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = keeping.versions()
    assert {"python", "pydantic", "hydra-core", "omegaconf"} < set(now)
    keys = {keeping.key_of("scenario", "settings", ())}
    for name in now:
        with monkeypatch.context() as changed:
            changed.setattr(keeping, "versions", partial(dict, now | {name: "0.0.0"}))
            keys.add(keeping.key_of("scenario", "settings", ()))
    assert len(keys) == 1 + len(now)
    load_scenario("practice=small")
    assert hydra == []
    monkeypatch.setattr(keeping, "_CODE", "other")
    load_scenario("practice=small")
    assert hydra == ["practice=small"]


def test_a_file_under_the_name_of_another_scenario_is_not_believed(
    small: Path, new_process: Callable[[], None]
) -> None:
    planted = small.read_bytes()
    small.unlink()
    wanted = load_scenario("run=quick")
    scenario_file().write_bytes(planted)
    new_process()
    assert load_scenario("run=quick") == wanted
    assert wanted.practices["practice"].list_size != 2000


def test_an_altered_file_is_not_believed(small: Path) -> None:
    text = small.read_text()
    small.write_text(text.replace('"list_size":2000', '"list_size":9000'))
    assert small.read_text() != text
    assert load_scenario("practice=small").practices["practice"].list_size == 2000
    assert small.read_text() == text


@pytest.mark.parametrize("wrong", ['"list_size":-1', '"list_size":"many"', '"list_size":[]'])
def test_what_is_kept_is_judged_like_any_settings(small: Path, wrong: str, new_process: Callable[[], None]) -> None:
    """Even where key and digest are right."""
    held = json.loads(small.read_text().replace('"list_size":2000', wrong))
    keeping.keep(held["key"], held["content"])
    new_process()
    assert wrong in small.read_text()
    assert load_scenario("practice=small").practices["practice"].list_size == 2000
    assert wrong not in small.read_text()


@pytest.mark.parametrize("content", [{}, [], {"readings": 3, "compositions": []}, {"readings": [], "compositions": []}])
def test_another_shape_is_composed_afresh(small: Path, content: object, new_process: Callable[[], None]) -> None:
    keeping.keep(small.stem, content)
    new_process()
    assert load_scenario("practice=small").practices["practice"].list_size == 2000


DAMAGES: tuple[Callable[[bytes], bytes], ...] = (
    lambda text: b"",
    lambda text: text[: len(text) // 2],
    lambda text: text[:-1],
    lambda text: text + b"}",
    lambda text: bytes([text[-9] ^ 1]).join([text[:-9], text[-8:]]),
    lambda text: b"\x80\x04K\x01.",
    lambda text: b"[" * 100_000,
    lambda text: b"null",
    lambda text: b'{"form":1,"key":3,"digest":null}',
    lambda text: b" " * (cachefolder.LARGEST_FILE + 1),
)


def test_a_damaged_file_is_composed_again(
    small: Path, new_process: Callable[[], None], capfd: pytest.CaptureFixture[str]
) -> None:
    whole = {path: path.read_bytes() for path in kept()}
    for damage in DAMAGES:
        for path, text in whole.items():
            path.write_bytes(damage(text))
            assert keeping.recall(path.stem) is None
    assert load_scenario("practice=small").practices["practice"].list_size == 2000
    assert {path: path.read_bytes() for path in kept()} == whole
    assert capfd.readouterr() == ("", "")


def test_only_what_is_faultless_is_kept(small: Path, hydra: list[str]) -> None:
    before = kept()
    for _ in range(2):
        with pytest.raises(BadInput):
            load_scenario("practice=small", "phones.lines=-1")
    assert kept() == before
    assert hydra.count("phones.lines=-1") == 2


def test_settings_that_change_while_they_are_composed_are_not_kept(
    user_folder: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "defaults: [small@_here_, _self_]\nlist_size: %d\n"
    folder, composed = user_folder({"practice/mine.yaml": text % 2100}), composing._composed

    def changing(library: Any, options: Any) -> Any:
        user_folder({"practice/mine.yaml": text % 2200})
        return composed(library, options)

    monkeypatch.setattr(composing, "_composed", changing)
    assert load_scenario("practice=mine", user_folder=folder).practices["practice"].list_size == 2200
    assert kept() == []


@pytest.mark.slow
def test_two_processes_at_once(tmp_path: Path) -> None:
    wanted = resolve(("practice=small", "run=quick")).scenario.hash()
    code = "from pcqa_sim import load_scenario; print(load_scenario('practice=small', 'run=quick').hash())"
    env = os.environ | {"PYTHONPATH": str(REPOSITORY), "PCQA_CACHE_DIR": str(tmp_path / "both")}
    both = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=env) for _ in "ab"]
    assert [process.communicate()[0].strip() for process in both] == [wanted, wanted]
    written = sorted(path.name for path in (tmp_path / "both" / "compositions").iterdir())
    assert written == [path.name for path in kept()]
