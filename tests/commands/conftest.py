"""What all tests of commands share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True, scope="session")
def _figures_unarranged() -> object:
    """Figures are drawn, and not arranged first, which takes longer than a tiny run does.

    How they look is tried where they are made (tests/results/test_figures.py), and commands that are processes of
    their own arrange them.
    """
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with pytest.MonkeyPatch.context() as here:
        here.setattr(ConstrainedLayoutEngine, "execute", lambda *_: None)
        yield
