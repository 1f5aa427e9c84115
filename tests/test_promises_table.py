"""The table of promises: what the README says is there, and so is the test that holds it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

TESTS = Path(__file__).parent
TABLE = yaml.safe_load((TESTS / "promises.yaml").read_text())
README = " ".join((TESTS.parent / "README.md").read_text().split())


def there(test: str) -> bool:
    """Tell whether a file of tests has a function."""
    file, _, name = test.partition("::")
    tree = ast.parse((TESTS / file).read_text())
    return name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("words", TABLE["readme"])
def test_what_the_readme_promises_is_tested(words: str) -> None:
    assert words in README
    assert there(TABLE["readme"][words])


def test_what_verify_promises_is_tested() -> None:
    assert there(TABLE["verify"]["test"])
    assert "for w in PROMISES]" in (TESTS / "verification" / "test_promises.py").read_text()
