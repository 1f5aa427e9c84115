"""The table of promises: what README and docs say is there, and so is the test that holds it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml
from documents import documents, text_of

TESTS = Path(__file__).parent
TABLE = yaml.safe_load((TESTS / "promises.yaml").read_text())
DOCUMENTS = " ".join(" ".join(map(text_of, documents())).split())


def there(test: str) -> bool:
    """Tell whether a file of tests has a function."""
    file, _, name = test.partition("::")
    tree = ast.parse((TESTS / file).read_text())
    return name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("words", TABLE["documents"])
def test_what_the_documents_promise_is_tested(words: str) -> None:
    assert words in DOCUMENTS
    assert there(TABLE["documents"][words])


def test_what_verify_promises_is_tested() -> None:
    assert there(TABLE["verify"]["test"])
    assert "for words in PROMISES]" in (TESTS / "verification" / "test_promises.py").read_text()
