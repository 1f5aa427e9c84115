"""The minutes around patients: when a list stops, who stays on, and the paperwork that spare minutes go to."""

from __future__ import annotations

from pcqa_sim.clinic.paperwork import AROUND_MEETINGS, PEER_REVIEW, QUESTIONS, ListWork, Office, Paperwork
from pcqa_sim.clinic.session import Clinic
from pcqa_sim.kernel.environment import Environment
from pcqa_sim.practice.recorder import Recorder
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.groups import RESULT
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.distributions import LogNormal
from pcqa_sim.values.needs import Contact

WORKING_DAYS = 5


class OfficeHours:
    """Overtime and paperwork of one practice: `paperwork` is each role's pile, `office` how it is dealt out.

    `result_days` is the distribution of the days until a test's result is back.
    """

    def __init__(self, env: Environment, recorder: Recorder) -> None:
        self._env = env
        self._recorder = recorder
        self.paperwork: dict[str, Paperwork] = {}
        self.list_work: dict[str, ListWork] = {}
        self._passed_on: dict[tuple[str, str], float] = {}

    def use(self, settings: Practice) -> None:
        """Let settings take effect; piles stay, and a new role begins with the days' work that waits at the start."""
        self._settings = settings
        self.office = Office(settings)
        for role in settings.role:
            backlog = self.list_paperwork(role) * settings.backoffice.backlog_at_start_days
            self.paperwork.setdefault(role, Paperwork(backlog))
        self._peer_review = {
            name: role.peer_review_min_per_week * settings.fte(name) / WORKING_DAYS
            for name, role in settings.role.items()
            if role.peer_review_min_per_week and settings.works(name)
        }
        self._hand_over_after = settings.backoffice.hand_over_after_days
        self._list_stops_after = {name: role.overtime.list_stops_after_min for name, role in settings.role.items()}
        self.result_days = LogNormal.from_mean(settings.backoffice.result_mean_days, settings.backoffice.result_cv)
        self._use_lists(settings)

    def _use_lists(self, settings: Practice) -> None:
        """Let the lists of each role make as much work as settings say; what waits stays."""
        thousands, kept = settings.list_size / 1000, settings.backoffice.list_work_kept_days
        for name, role in settings.role.items():
            a_day = {work: minutes * thousands for work, minutes in role.list_work.items()}
            if name in self.list_work:
                self.list_work[name].use(a_day, kept)
            else:
                self.list_work[name] = ListWork(a_day, kept)

    def list_paperwork(self, role: str) -> float:
        """Return the minutes of paperwork that the list makes for a role on a working day."""
        return sum(self.office.of_list.get(role, {}).values())

    def begin_day(self) -> None:
        """Let the list make a working day's paperwork."""
        for role, items in self.office.of_list.items():
            for item, minutes in items.items():
                self._pile(role, item, minutes).add(item, minutes)
        for role, minutes in self._peer_review.items():
            self.paperwork[role].add(PEER_REVIEW, minutes)
        for lists in self.list_work.values():
            lists.begin_day()

    def around_meeting(self, role: str, minutes: float) -> None:
        """Let what a meeting asks of a role before and after it take minutes."""
        self.paperwork[role].add(AROUND_MEETINGS, minutes)

    def make_paperwork(self, role: str) -> None:
        """Let a consultation make the paperwork that one of its role makes."""
        for doer, item, minutes in self.office.of_consultation[role]:
            self._pile(doer, item, minutes).add(item, minutes)

    def ask(self, role: str, minutes: float, item: str = QUESTIONS) -> None:
        """Let a question of reception's, or another item, take minutes of a role."""
        self.paperwork[role].add(item, minutes)

    def pile_for_result(self, maker: str, u: float) -> Paperwork:
        """Return the pile of a role that sees to the results of tests ordered by one, at a share `u` of them."""
        return self._pile(self.office.who_files_result[maker].pick(u), RESULT)

    def pile_for(self, item: str, u: float) -> Paperwork:
        """Return the pile of a role that sees to an item that people ask for, at a share `u` of them."""
        return self._pile(self.office.who_does[item].pick(u), item)

    def _pile(self, role: str, item: str, minutes: float = 0) -> Paperwork:
        """Return the pile that a new paper of a role goes to: its own, unless it is behind and another that may is not.

        `minutes` is how long the paper takes, 0 for what the item says.
        """
        own, after = self.paperwork[role], self._hand_over_after
        if after is None or own.is_behind_at_most(after):
            return own
        paper = self._settings.backoffice.items.get(item)
        others = () if paper is None else tuple(o for o in paper.may if o != role and self._settings.works(o))
        least = min(others, key=lambda other: self.paperwork[other].days_behind, default=role)
        if paper is None or self.paperwork[least].days_behind > after:
            return own
        self._passed_on[role, item] = self._passed_on.get((role, item), 0.0) + (minutes or paper.minutes)
        return self.paperwork[least]

    def list_stops(self, clinic: Clinic) -> bool:
        """Tell whether it is too late after a session to call anybody more in."""
        after = self._list_stops_after[clinic.role]
        return after is not None and self._env.now > clinic.ends + after

    def stays_on(self, clinic: Clinic, consulting: float, began: float) -> float:
        """Return the minutes a clinician stays on for paperwork: for what may wait no longer, and protected minutes."""
        rules = self._settings.role[clinic.role].overtime
        spare = max(self._env.now, clinic.ends) - began - consulting
        waiting = self.paperwork[clinic.role].waiting
        piled_up = waiting - rules.may_wait_days * self.list_paperwork(clinic.role)
        return min(rules.most_min, max(0.0, piled_up - spare, min(waiting, rules.protected_min) - spare))

    def session_ended(
        self,
        clinic: Clinic,
        began: float,
        consulting: float,
        travelled: float = 0.0,
        lent: float = 0.0,
        met: float = 0.0,
    ) -> list[Contact]:
        """Account for a session that is over, its spare minutes spent on paperwork; return whose results are back.

        `consulting`, `travelled` and `met` are minutes with patients, on the way to them and in meetings. Of the
        minutes of `consulting`, `lent` ones were for people of other practices.
        """
        now = self._env.now
        rostered, overtime = clinic.ends - began, max(0.0, now - clinic.ends)
        rest = rostered + overtime - consulting - travelled - met
        paperwork = self.paperwork[clinic.role]
        back_office = paperwork.work(max(0.0, rest))
        on_lists = self._work_on_lists(clinic, min(rest - back_office, rostered))
        for code, minutes in (
            (log.ROSTERED, rostered),
            (log.CONSULTING, consulting - lent),
            (log.BACK_OFFICE, back_office),
            (log.IDLE, rest - back_office - on_lists),
            (log.OVERTIME, overtime),
        ):
            self._recorder.note_world(log.SESSION_ENDED, clinic.clinician, code, minutes)
        if on_lists:
            self._recorder.note_world(log.SESSION_ENDED, clinic.clinician, log.LIST_WORK, on_lists)
        if lent:
            self._recorder.note_world(log.SESSION_ENDED, clinic.clinician, log.LENT, lent)
        if travelled:
            self._recorder.note_world(log.SESSION_ENDED, clinic.clinician, log.TRAVELLING, travelled)
        if met:
            self._recorder.note_world(log.SESSION_ENDED, clinic.clinician, log.IN_MEETINGS, met)
        return paperwork.finished(now)

    def _work_on_lists(self, clinic: Clinic, minutes: float) -> float:
        """Spend what a session has left on the role's lists, and write what was done; return the minutes."""
        spent = self.list_work[clinic.role].work(minutes)
        for name, of_it in spent.items():
            self._recorder.note_world(log.LIST_WORK_DONE, clinic.clinician, name, of_it)
        return sum(spent.values())

    def end_day(self) -> None:
        """Write what paperwork came in today, by item, and what waits."""
        for (role, item), minutes in self._passed_on.items():
            self._recorder.note_world(log.PAPERWORK_PASSED_ON, role, item, minutes)
        self._passed_on.clear()
        for role, paperwork in self.paperwork.items():
            paperwork.close_day()
            for item, minutes in paperwork.made().items():
                self._recorder.note_world(log.PAPERWORK_MADE, role, item, minutes)
            self._recorder.note_world(log.PAPERWORK, role, amount=paperwork.waiting)
