"""What pages share: the session of whoever looks, how faults are told, and how answers look."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Protocol

import streamlit as st

from pcqa_sim.app import server
from pcqa_sim.app.jobs import Gate, Ready
from pcqa_sim.app.session import Session
from pcqa_sim.app.shown import in_the_app
from pcqa_sim.values.faults import BadInput

# Streamlit's own Stop, shown while a page is being made, leaves it empty; so the only Stop is ours, which ends a run.
LOOK = """<style>
.pcqa{overflow-wrap:break-word}
.pcqa .first,.pcqa .question{border:1px solid #d8dde0;padding:1.1rem;margin:0 0 1.1rem;background:#fff}
.pcqa .first{border-left:8px solid #005eb8}.pcqa .first li{margin:.3rem 0}
.pcqa .mind{border-left:8px solid #d5281b;padding:.5rem 1rem;margin:0 0 1.1rem}
.pcqa h2{font-size:1.5rem;padding:.6rem 0;color:#003087}.pcqa h3{font-size:1.25rem;padding:0 0 .4rem}
.pcqa nav ul{columns:18rem;padding-left:1.2rem}.pcqa .answer{font-weight:bold;font-size:1.08rem}
.pcqa .sure,.pcqa .rests,.pcqa .term,.pcqa .note{color:#4c6272;font-size:.95rem;margin:.3rem 0}
.pcqa figure{margin:1rem 0 0;display:grid;grid-template-columns:minmax(0,1fr);gap:.6rem 1.4rem;align-items:start}
.pcqa figcaption{font-weight:bold}.pcqa img{width:100%;max-width:30rem}
.pcqa .scroll{overflow-x:auto}.pcqa table{border-collapse:collapse;width:100%;font-size:.9rem}
.pcqa th,.pcqa td{text-align:right;padding:.22rem .45rem;border-bottom:1px solid #d8dde0;vertical-align:top}
.pcqa th:first-child{text-align:left;font-weight:normal;min-width:6rem}.pcqa a{color:#005eb8;text-decoration:underline}
[data-testid="stStatusWidget"] button{display:none}
[data-testid="stCheckbox"] label p{white-space:normal;overflow:visible}
[data-testid="stCaptionContainer"],[data-testid="stCaptionContainer"] p{color:#4c6272;opacity:1}
.pcqa .chapter>summary{font-size:1.25rem;font-weight:bold}
[data-testid="stExpander"] h2{font-size:1.4rem}.pcqa details summary{color:#005eb8;cursor:pointer;padding:.2rem 0}
@media(max-width:40rem){.pcqa .first,.pcqa .question{padding:.7rem}.pcqa table{font-size:.8rem}
.pcqa th,.pcqa td{padding:.2rem .2rem}.pcqa th:first-child{min-width:5rem}}
@media(min-width:70rem){.pcqa figure{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
.pcqa figcaption{grid-column:1/-1}.pcqa figure.wide,.pcqa figure.broad{grid-template-columns:minmax(0,1fr)}}
</style>"""
UNEXPECTED = "Something went wrong that should not have. Your practice and your change are still here: try it again."
_log = logging.getLogger(__name__)


@st.cache_resource(show_spinner=False)
def _shared() -> tuple[Path, Gate]:
    """Return what all users of this server share: the folder of their folders, and how many runs there may be."""
    root = Path(tempfile.mkdtemp(prefix="pcqa-app-"))
    gate = Gate(int(os.environ.get(server.MOST, "4")), Ready(root, _workers()))
    atexit.register(shutil.rmtree, root, True)
    atexit.register(gate.end_all)
    return root, gate


class Watched(Protocol):
    """What is at work, and can be stopped."""

    @property
    def alive(self) -> bool:
        """Tell whether it is at work."""
        ...

    def stop(self) -> None:
        """Stop it."""
        ...


def _workers() -> int:
    return int(os.environ.get(server.WORKERS) or 2)


def prepare() -> None:
    """Have a worker ready for the next run."""
    _shared()[1].prepare()


def session() -> Session:
    """Return the session of whoever looks."""
    if "session" not in st.session_state:
        own = os.environ.get(server.OWN)
        root, gate = _shared()
        st.session_state["session"] = Session(root, gate, Path(own) if own else None, _workers())
    found: Session = st.session_state["session"]
    return found


def faults(bad: BadInput) -> None:
    """Tell what was wrong, a sentence each."""
    for fault in bad.faults:
        st.error(plain(f"{str(fault)[:1].upper()}{str(fault)[1:]}"))


def told(text: str) -> None:
    """Tell what a process said when it ended badly."""
    st.error(plain(in_the_app(text)))


def plain(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return "".join(f"\\{one}" if one in "\\`*_{}[]<>()#+-!|~$:" else one for one in text)


def guarded(page: Callable[[], None]) -> Callable[[], None]:
    """Let a page tell every fault in sentences, and never more."""

    @wraps(page)
    def shown() -> None:
        try:
            page()
        except BadInput as bad:
            faults(bad)
        except OSError as fault:
            told(f"{fault.filename or 'a file'}: {fault.strerror or fault}")
        except Exception:  # what Streamlit itself stops a page by is no Exception
            _log.exception("a page failed")
            told(UNEXPECTED)

    return shown


def watched(process: Watched, show: Callable[[], None], name: str) -> None:
    """Show what is at work anew each second, and the whole page once when it has ended."""
    at_work, key = process.alive, f"watching {name}"
    st.session_state[key] = at_work

    def part() -> None:
        if st.session_state[key] and not process.alive:
            st.session_state[key] = False
            st.rerun()
        show()

    st.fragment(part, run_every=1.0 if at_work else None)()


def stop_button(process: Watched, name: str) -> None:
    """Offer to stop what is at work; the whole page is shown anew."""
    if st.button("Stop", key=f"stop {name}"):
        process.stop()
        st.rerun()


def title(text: str, under: str) -> None:
    """Show a page's heading, and what it is for."""
    st.title(text, anchor=False)
    st.write(under)


def kept(key: str, value: object) -> str:
    """Let a field begin with a value, unless somebody has changed it since the page was opened; return its key."""
    if key not in st.session_state:
        st.session_state[key] = value
    return key
