"""Makes mutants of a module: every small change that a careless hand could make, one mutant each."""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr, ast.RShift: ast.LShift,
}  # fmt: skip
CALLS = {"sorted": "list", "reversed": "list", "min": "max", "max": "min", "any": "all", "all": "any"}
NOT_CODE = (ast.JoinedStr, ast.Import, ast.ImportFrom, ast.Assert)
"""Messages and imports are left alone, and so are annotations and decorators."""


@dataclass(frozen=True)
class Site:
    """Where a node hangs in its tree: the field of its parent, and the place in it if that is a list."""

    parent: ast.AST
    name: str
    index: int | None

    def put(self, node: ast.AST | None) -> None:
        """Hang a node here."""
        if self.index is None:
            setattr(self.parent, self.name, node)
        else:
            getattr(self.parent, self.name)[self.index] = node


@dataclass(frozen=True)
class Mutant:
    """One change of a module: in which function, on which line, what stood there and what stands there now.

    `nth` counts equal changes in one function; function, change and count name a mutant wherever its line moves to.
    """

    module: str
    scope: str
    line: int
    was: str
    now: str
    tree: ast.Module = field(repr=False)
    site: Site = field(repr=False)
    old: ast.AST = field(repr=False)
    new: ast.AST = field(repr=False)
    nth: int = 0

    @property
    def name(self) -> tuple[str, str, str, str]:
        """Return what names this mutant in `equivalent.yaml`."""
        return self.module, self.scope, self.was, self.now

    def rank(self, seed: int) -> bytes:
        """Return this mutant's place in the draw of a seed; it does not depend on what else there is."""
        return hashlib.blake2b(repr((seed, self.name, self.nth)).encode(), digest_size=16).digest()

    def text(self) -> str:
        """Return the module's text with the change."""
        self.site.put(self.new)
        try:
            return ast.unparse(ast.fix_missing_locations(self.tree))
        finally:
            self.site.put(self.old)


def mutants(module: str, source: str) -> list[Mutant]:
    """Return every mutant of a module, in the order of its text."""
    tree = ast.parse(source)
    found, seen = [], Counter[tuple[str, str, str, str]]()
    for scope, site, node in _sites(tree, ""):
        for new in _changes(node):
            shown = _both(node, new, site)
            mutant = Mutant(module, scope, getattr(node, "lineno", 0), *shown, tree, site, node, new)
            found.append(replace(mutant, nth=seen[mutant.name]))
            seen[mutant.name] += 1
    return found


def drawn(all_mutants: list[Mutant], number: int, seed: int) -> list[Mutant]:
    """Return so many mutants, drawn with a seed, in the order of the text."""
    chosen = {id(mutant) for mutant in sorted(all_mutants, key=lambda one: one.rank(seed))[:number]}
    return [mutant for mutant in all_mutants if id(mutant) in chosen]


def _sites(node: ast.AST, scope: str) -> Iterator[tuple[str, Site, ast.AST]]:
    """Yield every node whose change would change what the module does."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "exc") or isinstance(value, NOT_CODE):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(child, ast.AST) and not isinstance(child, NOT_CODE):
                named = isinstance(child, ast.FunctionDef | ast.ClassDef)
                inner = f"{scope}.{child.name}".lstrip(".") if named else scope  # type: ignore[attr-defined]
                yield scope, Site(node, name, index), child
                yield from _sites(child, inner)


def _both(node: ast.AST, new: ast.AST, site: Site) -> tuple[str, str]:
    """Return what a change reads like before and after; a number is shown with what stands around it."""
    if not isinstance(node, ast.Constant):
        return _shown(node), _shown(new)
    before = _shown(site.parent)
    site.put(new)
    try:
        return before, _shown(site.parent)
    finally:
        site.put(node)


def _shown(node: ast.AST) -> str:
    """Return the first line of what a node reads like."""
    if isinstance(node, ast.comprehension):
        return ast.unparse(node).strip()
    first, *more = ast.unparse(node).splitlines()
    return first + " ..." if more else first


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield every change of one node."""
    match node:
        case ast.Compare():
            yield from _compared(node)
        case ast.BinOp() | ast.AugAssign() if type(node.op) in OPERATORS:
            yield _with(node, op=OPERATORS[type(node.op)]())
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub()):
            yield node.operand
        case ast.BoolOp():
            yield from _joined(node)
        case ast.Constant():
            yield from _off_by_one(node)
        case ast.If() | ast.While() | ast.IfExp():
            yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.comprehension() if node.ifs:
            yield _with(node, ifs=[])
            yield _with(node, ifs=[ast.UnaryOp(ast.Not(), node.ifs[0]), *node.ifs[1:]])
        case ast.Call():
            yield from _called(node)
        case ast.Return() if node.value is not None and not isinstance(node.value, ast.Constant):
            yield ast.Return(ast.Constant(None))
    if _is_statement_to_lose(node):
        yield ast.Pass()


def _is_statement_to_lose(node: ast.AST) -> bool:
    """Tell whether the module still reads well without a statement: a call, a wait, a refusal, something kept."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom)
    if isinstance(node, ast.Assign):
        return not isinstance(node.targets[0], ast.Name | ast.Tuple)
    return isinstance(node, ast.AugAssign | ast.Raise | ast.Delete | ast.Break | ast.Continue)


def _compared(node: ast.Compare) -> Iterator[ast.AST]:
    for place, op in enumerate(node.ops):
        yield _with(node, ops=[*node.ops[:place], COMPARISONS[type(op)](), *node.ops[place + 1 :]])


def _joined(node: ast.BoolOp) -> Iterator[ast.AST]:
    """Yield the other word, and the condition with each part left out."""
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for place in range(len(node.values)):
        rest = [*node.values[:place], *node.values[place + 1 :]]
        yield rest[0] if len(rest) == 1 else _with(node, values=rest)


def _off_by_one(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


def _called(node: ast.Call) -> Iterator[ast.AST]:
    """Yield another function, the call without each word, and what is kept in order put at the end instead."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name == "insort":
        yield ast.Call(ast.Attribute(node.args[0], "append"), [node.args[1]], [])
    if name in CALLS:
        words = [word for word in node.keywords if CALLS[name] != "list"]
        yield _with(node, func=ast.Name(CALLS[name]), keywords=words)
    for place in range(len(node.keywords)):
        yield _with(node, keywords=[*node.keywords[:place], *node.keywords[place + 1 :]])


def _with(node: ast.AST, **changes: object) -> ast.AST:
    """Return a node like another but for some fields."""
    return type(node)(**{name: changes.get(name, value) for name, value in ast.iter_fields(node)})
