"""The telephone: lines, menu, queue, patience, callback.

One call ends in one of five ways: engaged (the published statistics never see these), ended in the menu, callback
requested, missed, or answered. What the caller does next is not decided here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Final

from pcqa_sim.kernel.environment import Environment, Event
from pcqa_sim.kernel.pool import Pool, Request
from pcqa_sim.scenario.groups import Phones
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.distributions import Distribution, Exponential, LogNormal, Mixture, Uniform
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import BALKED, CLOSED, INFORMED, TO_FORM, Contact, Need
from pcqa_sim.values.words import CALL_HANDLER

_CLOSED: Final = activity("closed_message")
_MENU: Final = activity("menu", often=True)
_CALLBACK: Final = activity("callback")
_CALLBACK_PATIENCE: Final = activity("callback_patience")
_MISDIAL: Final = activity("misdial", often=True)
PATIENCE: Final = activity("patience", often=True)
TALK: Final = activity("talk", often=True)

SHOWS_URGENT: Final = -1  # priority of those whose need shows itself urgent before they are spoken to
IN_QUEUE: Final = "queue"
CALLBACK_PATIENCE_CV: Final = 0.5  # nobody waits for seconds only, and few twice as long as the mean
AT_CLOSING: Final = "closing"
MISDIAL: Final = "misdial"
IMPATIENT: Final = "impatient"

Steps = Generator[Event, Any, None]


@mypyc_attr(allow_interpreted_subclasses=True)
class Pen:
    """Writes rows of the log."""

    def note(self, contact: Contact, event: str, who: str = "", code: str = "", amount: float = 0.0) -> None:
        """Write one row about a contact."""
        raise NotImplementedError


@dataclass(frozen=True)
class PhoneRules:
    """How the telephone system behaves; minutes throughout. `lines` counts calls in menu, queue and talk.

    `never_informed` are the kinds of need that no recorded message answers.
    """

    lines: float
    patience: Distribution
    talk: Distribution
    wrap_up_min: float = 0.0
    menu_min: float = 0.0
    informed_share: float = 0.0
    balking_share: float = 0.0
    balking_per_min: float = 0.0
    balking_per_waiting: float = 0.0
    late_from: float = math.inf
    late_balking_share: float = 0.0
    misdial_share: float = 0.0
    closed_min: float = 0.0
    closed_ends_share: float = 0.0
    callback_from: int = 0
    callback_share: float = 0.0
    callback_patience: Distribution | None = None
    callback_lapses: bool = False
    never_informed: frozenset[str] = frozenset()

    def balk_share(self, waiting: int, late: bool) -> float:
        """Return the share of callers who hang up in the menu, their need unanswered (they balk).

        `waiting` is how many they hear are waiting already; `late` whether they hear that only what cannot wait is
        dealt with today, and theirs can.
        """
        stay = (1 - self.balking_share) * (1 - self.late_balking_share if late else 1.0)
        return 1 - stay * math.exp(-self.balking_per_min * self.menu_min - self.balking_per_waiting * waiting)

    @classmethod
    def of(cls, phones: Phones) -> PhoneRules:
        """Return the rules that a practice's settings describe."""
        patience, waits = phones.patience, phones.callback.patience_mean_min
        early: Distribution = Uniform(0.0, patience.early_within_min or 0.0)
        if patience.early_mean_min is not None:
            early = Exponential(patience.early_mean_min)
        return cls(
            lines=phones.lines,
            patience=Mixture(patience.early_share, early, Exponential(patience.mean_min)),
            talk=LogNormal.from_median(phones.talk.median_min, phones.talk.sigma),
            wrap_up_min=phones.talk.wrap_up_min,
            menu_min=phones.menu.minutes,
            informed_share=phones.menu.informed_share,
            balking_share=phones.menu.balking_share,
            balking_per_min=phones.menu.balking_per_min,
            balking_per_waiting=phones.menu.balking_per_waiting,
            late_from=math.inf if phones.menu.late is None else phones.menu.late.from_time,
            late_balking_share=0.0 if phones.menu.late is None else phones.menu.late.balking_share,
            misdial_share=patience.misdial_share,
            closed_min=phones.closed_message.minutes,
            closed_ends_share=phones.closed_message.ends_call_share,
            callback_from=phones.callback.offered_from_waiting,
            callback_share=phones.callback.accepted_share,
            callback_patience=None if waits is None else LogNormal.from_mean(waits, CALLBACK_PATIENCE_CV),
            callback_lapses=phones.callback.lapses_at_closing,
        )


class Call:
    """One call: how it ended so far, why, and the call handler it holds."""

    __slots__ = ("contact", "ending", "on_line", "request", "why")

    def __init__(self, contact: Contact, ending: str = "", why: str = "", on_line: bool = False) -> None:
        self.contact = contact
        self.ending = ending
        self.why = why
        self.request: Request | None = None
        self.on_line = on_line

    @property
    def reached(self) -> bool:
        """Tell whether the caller speaks to somebody, now or when called back."""
        return self.ending == log.ANSWERED or self.ending == log.CALLBACK_REQUESTED


@mypyc_attr(allow_interpreted_subclasses=True)
class Phone:
    """One practice's telephones, answered by a pool of call handlers.

    `rules` may be replaced between calls; `is_open` tells whether the lines are open at a minute.
    """

    def __init__(
        self,
        env: Environment,
        handlers: Pool,
        pen: Pen,
        rules: PhoneRules,
        is_open: Callable[[float], bool],
    ) -> None:
        self._env = env
        self._handlers = handlers
        self._pen = pen
        self.rules = rules
        self._is_open = is_open
        self.lines_in_use = 0
        self.callbacks_due = 0
        self._on_hold: dict[Request, Call] = {}
        self._promised: dict[Request, Call] = {}
        self.shows: Callable[[Contact], bool] | None = None  # whose reason for a callback shows that it is urgent
        self.moves: Callable[[Contact], bool] | None = None  # whom the recorded message moves to the form, if it does

    def call(self, contact: Contact, priority: float = 0) -> Generator[Event, Any, Call]:
        """Call the practice; return the call, holding a call handler if the caller reached one.

        Of callers in the queue those with the smallest `priority` are answered first.
        """
        call = Call(contact)
        if self.lines_in_use >= self.rules.lines:
            self._end(call, log.ENGAGED, amount=self.lines_in_use)
            return call
        self.lines_in_use += 1
        call.on_line = True
        if not self._is_open(self._env.now):
            yield from self._closed_message(call)
            return call
        yield from self._menu(call)
        if not call.ending:
            yield from self._queue(call, priority)
        return call

    def talk(self, call: Call, factor: float) -> Steps:
        """Talk to the call handler; the line is free afterwards, the handler still there."""
        minutes = self.rules.talk.quantile(call.contact.need.luck.u(TALK)) * factor
        yield self._env.timeout(minutes)
        self._pen.note(call.contact, log.TALK_ENDED, CALL_HANDLER, amount=minutes)
        self._hang_up(call)

    def wrap_up(self, call: Call) -> None:
        """Let the call handler finish the notes and take the next call."""
        assert call.request is not None
        request, call.request = call.request, None
        if self.rules.wrap_up_min == 0:
            self._handlers.release(request)
        else:
            done = self._env.timeout(self.rules.wrap_up_min)
            done.callbacks.append(lambda _: self._handlers.release(request))

    def close(self) -> None:
        """Close the lines: who waits on the line is cut off; callbacks stay promised, or lapse by those rules."""
        for request, call in [*self._on_hold.items(), *self._promised.items()]:
            call.why = AT_CLOSING
            self._handlers.give_up(request)

    def _closed_message(self, call: Call) -> Steps:
        """Hear that the practice is closed."""
        yield self._env.timeout(self.rules.closed_min)
        if call.contact.need.luck.u(_CLOSED) < self.rules.closed_ends_share:
            self._end(call, log.MENU_ENDED, CLOSED)
        else:
            self._end(call, log.MISSED, CLOSED)

    def _menu(self, call: Call) -> Steps:
        """Hear the menu; some calls end there: informed, put off, or closed meanwhile.

        A recorded message can answer only a need that can wait and that the practice has not yet dealt with."""
        rules = self.rules
        if rules.menu_min > 0:
            yield self._env.timeout(rules.menu_min)
            if not self._is_open(self._env.now):
                self._end(call, log.MENU_ENDED, CLOSED)
                return
        need = call.contact.need
        late = not need.today and self._env.now % DAY >= rules.late_from
        balk_share = rules.balk_share(self._handlers.waiting, late)
        if rules.informed_share + balk_share > 0:
            u = need.luck.u(_MENU)
            if u < rules.informed_share and self._can_inform(need):
                self._end(call, log.MENU_ENDED, INFORMED)
            elif rules.informed_share <= u < rules.informed_share + balk_share:
                self._end(call, log.MENU_ENDED, BALKED)
        if not call.ending and self.moves is not None and self.moves(call.contact):
            self._end(call, log.MENU_ENDED, TO_FORM)

    def _can_inform(self, need: Need) -> bool:
        return not need.heard and not need.today and need.kind not in self.rules.never_informed

    def _queue(self, call: Call, priority: float) -> Steps:
        """Be answered at once, or wait, or ask to be called back; or hang up as it begins to ring."""
        misdials = self.rules.misdial_share
        if misdials > 0 and call.contact.need.luck.u(_MISDIAL) < misdials:
            self._end(call, log.MISSED, MISDIAL)
            return
        ahead = self._handlers.waiting
        joined = self._env.now
        call.request = self._handlers.ask(priority)
        if not call.request.granted:
            if self._wants_callback(call, ahead):
                yield from self._wait_for_callback(call, ahead)
                return
            self._pen.note(call.contact, log.QUEUED, amount=ahead)
            yield from self._hold(call)
        waited = self._env.now - joined
        if call.request.granted:
            self._pen.note(call.contact, log.ANSWERED, CALL_HANDLER, amount=waited)
            call.ending = log.ANSWERED
        else:
            self._end(call, log.MISSED, call.why or IN_QUEUE, waited)

    def _hold(self, call: Call) -> Steps:
        """Wait on the line until answered, out of patience, or cut off at closing."""
        assert call.request is not None
        self._on_hold[call.request] = call
        patience = self.rules.patience.quantile(call.contact.need.luck.u(PATIENCE))
        yield from self._handlers.wait(call.request, patience)
        del self._on_hold[call.request]

    def _wants_callback(self, call: Call, ahead: int) -> bool:
        """Decide whether the caller is offered and accepts a callback."""
        if self.rules.callback_share == 0 or ahead < self.rules.callback_from:
            return False
        return call.contact.need.luck.u(_CALLBACK) < self.rules.callback_share

    def _wait_for_callback(self, call: Call, ahead: int) -> Steps:
        """Hang up, keep the place in the queue or a better one, and be called back on a line of the practice's own."""
        assert call.request is not None
        asked, rules = self._env.now, self.rules
        self._end(call, log.CALLBACK_REQUESTED, amount=ahead)
        if self.shows is not None and self.shows(call.contact):
            self._handlers.withdraw(call.request)
            call.request = self._handlers.ask(SHOWS_URGENT)
        self.callbacks_due += 1
        if rules.callback_lapses:
            self._promised[call.request] = call
        patience = math.inf
        if rules.callback_patience is not None:
            patience = rules.callback_patience.quantile(call.contact.need.luck.u(_CALLBACK_PATIENCE))
        yield from self._handlers.wait(call.request, patience)
        self.callbacks_due -= 1
        self._promised.pop(call.request, None)
        waited = self._env.now - asked
        if call.request.granted:
            self._pen.note(call.contact, log.CALLED_BACK, CALL_HANDLER, amount=waited)
        else:
            call.ending, call.why = log.CALLBACK_LAPSED, call.why or IMPATIENT
            self._pen.note(call.contact, log.CALLBACK_LAPSED, code=call.why, amount=waited)

    def _end(self, call: Call, ending: str, why: str = "", amount: float = 0.0) -> None:
        """Write how the call ended and free its line."""
        call.ending, call.why = ending, why
        self._pen.note(call.contact, ending, code=why, amount=amount)
        self._hang_up(call)

    def _hang_up(self, call: Call) -> None:
        if call.on_line:
            call.on_line = False
            self.lines_in_use -= 1
