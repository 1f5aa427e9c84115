"""One user's session: a private folder with settings, uploads and runs, that nobody else's session can see."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import weakref
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcqa_sim.app import limits
from pcqa_sim.app.asked import Answer, Ask
from pcqa_sim.app.change import Change, file_name, opened
from pcqa_sim.app.jobs import Gate, Job, Process
from pcqa_sim.app.strengths import titled
from pcqa_sim.app.together import Together, sizing
from pcqa_sim.values.faults import BadInput, Fault

if TYPE_CHECKING:
    from pcqa_sim.configuration import Shown
    from pcqa_sim.scenario import Practice, Scenario

CURRENT = "in_the_app"
ROUNDS = {2: (2,), 4: (2, 4), 8: (2, 4, 8), 16: (2, 4, 8, 16), 32: (2, 4, 8, 16, 32)}
LENGTHS = {"quick": "2 weeks, a quick look", "standard": "12 weeks, after 8 to settle"}
_MOST_KEPT = 12
_ODS = re.compile(r"[A-Za-z0-9]{3,8}")


class Session:
    """What one user has: the practice and the change being put together, runs, and a folder that goes with them."""

    def __init__(self, root: Path, gate: Gate, own: Path | None = None, workers: int = 2) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="session-", dir=root))
        self.settings = self.folder / "pcqa_conf"
        self.settings.mkdir()
        _taken_over(own, self.settings)
        self.cache = self.folder / "cache"
        self.change = Change()
        self.job: Job | None = None
        self.network_job: Job | None = None
        self.asking: dict[str, Process] = {}
        self.pages: dict[str, Path] = {}
        self.day_file: Path | None = None
        self.gate, self._workers, self._number = gate, workers, 0
        self._shown: dict[str, Shown] = {}
        self._mdts: dict[str, Shown] = {}
        self._gone = weakref.finalize(self, shutil.rmtree, self.folder, True)

    # Practices.

    def practices(self) -> list[str]:
        """Return the practices that can be chosen: shipped ones, and this user's."""
        return self.options("practice")

    def options(self, group: str) -> list[str]:
        """Return the options of a group of settings."""
        from pcqa_sim.configuration import user_library

        return list(user_library(self.settings).options(group))

    def shown(self, practice: str = "") -> Shown:
        """Return a practice's settings with units and sources, as it is; kept, since it takes half a second."""
        name = practice or self.change.practice
        path = self.settings / "practice" / f"{name}.yaml"
        key = f"{name} {path.stat().st_mtime_ns if path.is_file() else ''}"
        if key not in self._shown:
            from pcqa_sim.configuration import show

            self._shown = {key: show(f"practice={name}", "run=quick", user_folder=self.settings)}
        return self._shown[key]

    def practice(self) -> Practice:
        """Return the practice as it is."""
        return next(iter(self.shown().scenario.practices.values()))

    def describe(self, name: str, texts: Mapping[str, str], base: str = "average") -> Path:
        """Write a practice from answers to the questions of `pcqa practice new`; raise BadInput naming each fault."""
        from pcqa_sim.inputs.own_questions import ALL, answered

        path = self._own(name)
        asked = {question.key: question.asked for question in ALL}
        plain = {key: limits.text(text, asked.get(key, key)) for key, text in texts.items()}
        said, wrong = answered(plain)
        if wrong:
            raise BadInput(Fault(asked[key], fault) for key, fault in wrong.items())
        from pcqa_sim.app.writing import write_practice

        write_practice(path, name.replace("_", " ").capitalize(), said, base, self.settings)
        return path

    def _own(self, name: str) -> Path:
        from pcqa_sim.configuration import user_library

        if file_name(name) in user_library(self.settings).shipped_files["practice"]:
            raise BadInput(Fault("name", "is the name of a shipped practice: give yours another", name))
        return self.settings / "practice" / f"{name}.yaml"

    # The change.

    def save(self, change: Change, name: str = CURRENT, title: str = "") -> Path:
        """Write a change into this session's settings and judge it; raise BadInput naming every fault."""
        path = change.write(self.settings, name, title)
        try:
            self.scenario(name)
        except BadInput:
            path.unlink(missing_ok=True)
            raise
        return path

    def scenario(self, name: str) -> Scenario:
        """Return the scenario of a change that was written."""
        from pcqa_sim.configuration import load_scenario

        return load_scenario(f"experiment={name}", user_folder=self.settings)

    def reopen(self, content: bytes, where: str) -> Change:
        """Take up a change that was saved before; raise BadInput for one that cannot be used."""
        change = opened(content, where)
        self.save(change)
        self.change = change
        return change

    # Runs.

    def run(self, replications: int = 8) -> Job:
        """Begin a run of the change beside the practice as it is; raise BadInput for what cannot be run."""
        if self.job is not None and self.job.alive:
            raise BadInput(Fault("run", "one is under way already: stop it first"))
        if replications not in ROUNDS:
            raise BadInput(Fault("replications", f"one of {', '.join(map(str, ROUNDS))}", str(replications)))
        change = self.change
        self.save(change)
        scenario = self.scenario(CURRENT)
        patients = sum(practice.list_size for practice in scenario.practices.values())
        limits.size(scenario.weeks, replications, patients)
        ask = Ask(
            change.base,
            [] if change.nothing else [f"experiment={CURRENT}"],
            ROUNDS[replications],
            str(self.settings),
            str(self.cache),
            first="" if change.run == "quick" else "quick",
            workers=self._workers,
            saved_as=CURRENT,
        )
        job = Job(self._place("run"), ask, self.folder, self.gate.ready)
        self.gate.take(job.process)
        self.job = job
        return job

    def network(self, name: str) -> Scenario:
        """Return the practices of a network, for a quick look."""
        from pcqa_sim.configuration import load_scenario

        return load_scenario(f"network={name}", "run=quick", user_folder=self.settings)

    def run_network(self, name: str, together: Together) -> Job:
        """Begin a run of a network as it is, beside itself with what its practices might share."""
        if self.network_job is not None and self.network_job.alive:
            raise BadInput(Fault("run", "one is under way already: stop it first"))
        base = [f"network={name}", "run=quick", f"run.seed={self.change.seed}"]
        more = together.overrides
        other = base if more else []
        ask = Ask(base, other, ROUNDS[8], str(self.settings), str(self.cache), workers=self._workers, more=more)
        self._judged(base, more)
        job = Job(self._place("network"), ask, self.folder, self.gate.ready)
        self.gate.take(job.process)
        self.network_job = job
        return job

    def size_mdt(self, whom: str, together: Together, mdt: str, within: float) -> Process:
        """Ask how many meetings of an MDT are enough, for a network or, where `whom` is "", this practice."""
        base = [f"network={whom}"] if whom else [f"practice={self.change.practice}"]
        more = Together(mdts=(mdt,), settings=together.of(mdt)).overrides
        asked = [*base, f"run.seed={self.change.seed}", *more, *sizing(mdt, within)]
        return self.command("size", "size", *asked, "--out", str(self._page("size")))

    def mdt_title(self, name: str) -> str:
        """Return what an MDT is called."""
        return titled(self.settings, "mdt", name)

    def mdt(self, name: str) -> Shown:
        """Return the settings of an MDT with units and sources, as they are in a small practice."""
        if name not in self._mdts:
            from pcqa_sim.configuration import show

            self._mdts[name] = show("practice=small", "run=quick", f"mdt={name}", user_folder=self.settings)
        return self._mdts[name]

    def _judged(self, base: list[str], more: list[str]) -> None:
        from pcqa_sim.configuration import load_scenario

        load_scenario(base, more, user_folder=self.settings)

    def day(self, weekday: str) -> Process:
        """Begin to make a day of the practice as it is and, where something is changed, with the change."""
        more = []
        if not self.change.nothing:
            self.save(replace(self.change, run="quick"), "for_the_day")
            more = ["--with", "experiment=for_the_day"]
        base = [f"practice={self.change.practice}", "run=quick", f"run.seed={self.change.seed}"]
        self.day_file = self._place("day.html")
        self.day_file.parent.mkdir(parents=True, exist_ok=True)
        return self.command("day", "animate", *base, *more, "--day", weekday, "--out", str(self.day_file))

    def answer(self) -> Answer | None:
        """Return the latest answer of this session's run."""
        return None if self.job is None else self.job.answer

    def command(self, name: str, *words: str) -> Process:
        """Begin a command of `pcqa` in this session's folder: as on the command line, whatever is uploaded."""
        before = self.asking.get(name)
        if before is not None and before.alive:
            raise BadInput(Fault(name, "is under way already: stop it first"))
        environment = {"PCQA_CONFIG_DIR": str(self.settings), "PCQA_PLUGINS": "", "COLUMNS": "100", "NO_COLOR": "1"}
        command = [sys.executable, "-m", "pcqa_sim.cli", *words]
        process = Process(command, self._place(name), self.folder, environment)
        self.gate.take(process)
        self.asking[name] = process
        return process

    def advise(self, goal: str, budget: float | None = None, can: tuple[str, ...] = ()) -> Process:
        """Ask what to try first."""
        words = ["advise", *self.change.base, "--goal", goal, "--reps", "5", "--draws", "2", "--together", "2"]
        words += ["--can", ",".join(can)] if can else []
        words += ["--budget", f"{budget:g}"] if budget is not None else []
        return self.command("advise", *words, "--out", str(self._page("advise")))

    def _page(self, name: str) -> Path:
        """Return a new folder for what a command writes, whose page is shown when it has ended."""
        folder = self._place(f"{name}-results")
        self.pages[name] = folder / "report.html"
        return folder

    def resemble(self) -> Process:
        """Ask whether the model resembles the practice."""
        return self.command("resemble", "resemble", self.change.practice, "run=quick", "--reps", "2")

    def take_in(self, kind: str, content: bytes, file: str, ods: str = "") -> Process:
        """Import an uploaded file, as `pcqa import` does."""
        if ods and not _ODS.fullmatch(ods):
            raise BadInput(Fault("ODS code", "letters and digits, such as J81009", ods))
        path = self.uploaded(content, file)
        return self.command("import", "import", kind, str(path), *(["--practice", ods] if ods else []))

    def sheet(self, name: str, content: bytes, file: str) -> Process:
        """Make a practice of a filled spreadsheet."""
        self._own(name)
        return self.command("sheet", "practice", "new", name, "--sheet", str(self.uploaded(content, file)))

    def uploaded(self, content: bytes, file: str) -> Path:
        """Put an uploaded file into this session's folder, under a name of our own; its ending stays."""
        limits.upload(content, limits.text(file, "file"))
        ending = Path(file).suffix.lower()
        if ending not in (".csv", ".xlsx", ".xls", ".zip", ".yaml", ".yml", ".txt", ".ods"):
            raise BadInput(Fault(file, "a CSV file, a spreadsheet, or a zip of them"))
        path = self._place("uploads") / f"upload{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def stop(self) -> None:
        """Stop whatever is under way."""
        for one in (self.job, self.network_job, *self.asking.values()):
            if one is not None:
                one.stop()

    def close(self) -> None:
        """Stop, and remove the folder."""
        self.stop()
        self._gone()

    def _place(self, what: str) -> Path:
        self._number += 1
        return self.folder / "work" / f"{self._number:04}-{what}"


def _taken_over(own: Path | None, settings: Path) -> None:
    """Copy the settings files of whoever started the app; code is never taken."""
    for path in sorted(own.glob("*/*.yaml")) if own is not None and own.is_dir() else ():
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= 256 * 1024:
            target = settings / path.parent.name / path.name
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, target)


def numbers(answer: Answer, metric: str) -> dict[str, Any]:
    """Return a leading number of each side of an answer: mean, low, high."""
    return {side: known[metric] for side, known in answer.numbers.items() if metric in known}
