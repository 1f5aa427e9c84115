"""What the schema of a settings model says about dotted keys: which exist, and what each may hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel

Node = dict[str, Any]


class Shapes:
    """What a model's schema says about dotted keys: which exist, and what each may hold."""

    def __init__(self, model: type[BaseModel]) -> None:
        schema = model.model_json_schema()
        self._named: dict[str, Node] = schema.get("$defs", {})
        self._root: Node = schema

    def at(self, path: Sequence[str]) -> list[Node]:
        """Return the alternatives for what may stand at a path; an empty list where nothing may."""
        nodes = list(self._alternatives(self._root))
        for part in path:
            nodes = [inside for node in nodes for inside in self._inside(node, part)]
        return nodes

    def keys(self) -> tuple[str, ...]:
        """Return the dotted key of every group and every setting, down to where keys are free."""
        return tuple(self._keys(self._root, ""))

    def children(self, path: Sequence[str]) -> tuple[str, ...]:
        """Return the names of the settings directly inside a group."""
        return tuple(name for node in self.at(path) for name in node.get("properties", {}))

    def keyed_by(self, path: Sequence[str]) -> str:
        """Return what the keys of the mapping at a path are: "time" of day, "kind" of need, "" for anything else."""
        return next((str(node["keyed_by"]) for node in self.at(path) if "keyed_by" in node), "")

    def one_of(self, path: Sequence[str]) -> tuple[str, ...]:
        """Return the settings of a group of which one alone is said, none where they all may be."""
        return next((tuple(node["one_of"]) for node in self.at(path) if "one_of" in node), ())

    def mappings(self, keyed_by: str) -> tuple[tuple[str, ...], ...]:
        """Return the paths of all mappings by such keys, with `*` for the name in a mapping above them."""
        return tuple(self._mappings(self._root, keyed_by, ()))

    def knows(self, path: Sequence[str], tree: object) -> bool:
        """Tell whether a key can be set: a setting, an entry of a free mapping, or a place in a list of `tree`."""
        for depth, part in enumerate(path):
            above, (there, here) = self.at(path[:depth]), _item(tree, part)
            named = any(part in node.get("properties", {}) for node in above)
            free = any(_free(node) is not None for node in above) and (there or depth == len(path) - 1)
            if not (named or free or (there and isinstance(tree, list))):
                return False
            tree = here
        return True

    def _alternatives(self, node: Node) -> Iterator[Node]:
        """Follow references and unions; what stands beside a reference (its description) is kept."""
        beside = {key: value for key, value in node.items() if key not in ("$ref", "anyOf", "oneOf", "allOf")}
        if "$ref" in node:
            yield from (
                alternative | beside for alternative in self._alternatives(self._named[node["$ref"].rsplit("/", 1)[-1]])
            )
            return
        unions = [part for word in ("anyOf", "oneOf", "allOf") for part in node.get(word, [])]
        for part in unions:
            yield from (alternative | beside for alternative in self._alternatives(part))
        if not unions:
            yield node

    def _inside(self, node: Node, part: str) -> Iterator[Node]:
        inside = node.get("properties", {}).get(part) or _free(node)
        if inside is None and part.isdecimal():
            inside = node.get("items")
        if isinstance(inside, dict):
            yield from self._alternatives(inside)

    def _keys(self, node: Node, prefix: str) -> Iterator[str]:
        for alternative in self._alternatives(node):
            for name, inside in alternative.get("properties", {}).items():
                yield prefix + name
                yield from self._keys(inside, f"{prefix}{name}.")

    def _mappings(self, node: Node, keyed_by: str, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for found in self._alternatives(node):
            if found.get("keyed_by") == keyed_by:
                yield above
            inside = dict(found.get("properties", {}))
            if (free := _free(found)) is not None:
                inside["*"] = free
            for name, within in inside.items():
                yield from self._mappings(within, keyed_by, (*above, name))


def _free(node: Node) -> Node | None:
    """Return what the entries of a mapping with free keys hold."""
    for schema in (node.get("additionalProperties"), *node.get("patternProperties", {}).values()):
        if isinstance(schema, dict):
            return schema
    return None


def _item(tree: object, part: str) -> tuple[bool, object]:
    """Return whether a dictionary or list has a part, and the part."""
    number = int(part) if part.isdecimal() else -1
    if isinstance(tree, Mapping):
        key = part if part in tree else number
        return key in tree, tree.get(key)
    if isinstance(tree, list) and 0 <= number < len(tree):
        return True, tree[number]
    return False, None


def item_at(tree: object, path: Iterable[str]) -> object:
    """Return what stands at a path of dictionaries and lists, None where nothing does."""
    for part in path:
        tree = _item(tree, part)[1]
    return tree


@cache
def shapes_of(model: type[BaseModel]) -> Shapes:
    """Return the shapes of another model, for example an intervention's."""
    return Shapes(model)
