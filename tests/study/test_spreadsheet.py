"""No table that any command writes holds a formula: one function makes cells safe, and every writer goes through it."""

from __future__ import annotations

import ast
import csv
import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

import pcqa_sim
from pcqa_sim.inputs.workbook import workbook
from pcqa_sim.study.spreadsheet import for_people

PACKAGE = Path(pcqa_sim.__file__).parent
FORMULAS = ("=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", " =1+1", "\r=1", "＝1+1", "=cmd|' /C calc'!A0")
OTHER_WRITERS = (
    "to_excel",
    "ExcelWriter",
    "DictWriter",
    "openpyxl",
    "xlsxwriter",
    "csv.writer",
    "write_csv",
    "to_clipboard",
)


def writers() -> dict[str, bool]:
    """Each place where a table is written as CSV, and whether what is written came through `for_people`."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for function in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)):
            safe = {
                ast.unparse(target)
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and "for_people(" in ast.unparse(node.value)
                for target in (node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else node.targets)
            }
            for node in ast.walk(function):
                if isinstance(node, ast.Attribute) and node.attr == "to_csv":
                    of = ast.unparse(node.value)
                    found[f"{path.relative_to(PACKAGE)}: {function.name}"] = of in safe or of.startswith("for_people(")
    return found


def test_every_table_that_is_written_is_made_safe() -> None:
    found = writers()
    assert len(found) >= 3
    assert [place for place, safe in found.items() if not safe] == []
    texts = {path: path.read_text() for path in PACKAGE.rglob("*.py")}
    others = [(path.name, word) for path, text in texts.items() for word in OTHER_WRITERS if word in text]
    assert others == [("workbook.py", "xlsxwriter")]  # whose cells are tried below


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas_are_texts_in_csv_and_excel(formula: str) -> None:
    frame = for_people(pd.DataFrame({formula: [formula, "x"], "n": [-1.5, 2.0]}))
    head, first, *_ = csv.reader(io.StringIO(frame.to_csv(index=False)))
    assert first[1] == "-1.5"
    whole = workbook({"S": [[formula, "-1.5"]]}, {})
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        assert b"<f>" not in file.read("xl/worksheets/sheet1.xml")
    ((one, number),) = CalamineWorkbook.from_filelike(io.BytesIO(whole)).get_sheet_by_index(0).to_python()
    assert number == "-1.5"
    for cell in (head[0], first[0], one):
        assert not cell.startswith(tuple("=+-@\t\r ＝")), cell
