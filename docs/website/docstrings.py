"""Reference of what is public in Python: signatures and docstrings of what may be built on."""

from __future__ import annotations

import inspect
from importlib import import_module
from types import ModuleType

from website.tables import doc

MODULES = ("pcqa_sim", "pcqa_sim.extending", "pcqa_sim.verification")


def python_page() -> str:
    """Return every public name of the package with its signature and docstring."""
    lines = ["# In Python", "", "What stands here is public: it changes only with a word in the changelog.", ""]
    for name in MODULES:
        module = import_module(name)
        lines += [f"## {name}", "", doc(module), ""]
        for public in getattr(module, "__all__", ()):
            lines += _entry(name, public, getattr(module, public))
    return "\n".join(lines)


def _entry(module: str, name: str, thing: object) -> list[str]:
    if isinstance(thing, ModuleType):
        inside = [(one, getattr(thing, one)) for one in getattr(thing, "__all__", _defined(thing))]
        return [f"### {module}.{name}", "", doc(thing), "", *(x for n, t in inside for x in _entry(name, n, t))]
    if not callable(thing):
        return [f"### {name}", "", f"`{name} = {str(thing)[:80]}`", ""]
    home = str(getattr(thing, "__module__", ""))
    if not home.startswith("pcqa_sim"):
        return [f"### {name}", "", f"Of the package {home.partition('.')[0]}.", ""]
    return [f"### {name}", "", "```python", _signature(name, thing), "```", "", doc(thing), "", *_methods(thing)]


def _defined(module: ModuleType) -> list[str]:
    return [
        name
        for name, one in vars(module).items()
        if not name.startswith("_") and callable(one) and getattr(one, "__module__", "") == module.__name__
    ]


def _signature(name: str, thing: object) -> str:
    word = "class " if inspect.isclass(thing) else ""
    try:
        told = str(inspect.signature(thing))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        told = "(...)"
    return f"{word}{name}{told}"


def _methods(thing: object) -> list[str]:
    """Return the public methods of a class, a line each."""
    if not inspect.isclass(thing):
        return []
    own = [(name, one) for name, one in vars(thing).items() if not name.startswith(("_", "model_"))]
    told = [(name, doc(one).partition("\n")[0]) for name, one in own if callable(one) or isinstance(one, property)]
    return [*(f"- `{name}`: {words}" for name, words in told if words), ""]
