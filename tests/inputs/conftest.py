from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

REGISTER_HEADER = "PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS"
TELEPHONY_HEADER = "Date,REGION_CODE,ICB_CODE,SUB_ICB_LOCATION_CODE,PCN_CODE,PRACTICE_CODE,Indicator,Duration,Value"
Write = Callable[..., Path]


@pytest.fixture
def register_file(tmp_path: Path) -> Write:
    def write(*rows: str, header: str = REGISTER_HEADER, name: str = "register.csv") -> Path:
        path = tmp_path / name
        path.write_text("\r\n".join([header, *rows]) + "\r\n", encoding="utf-8", newline="")
        return path

    return write


@pytest.fixture
def register_row() -> Callable[..., str]:
    def row(code: str = "A11111", people: object = 8000, date: str = "01JAN2026", sex: str = "ALL") -> str:
        return f"GP_PRAC_PAT_LIST,{date},GP,00L,E38000130,{code},AA1 1AA,{sex},ALL,{people}"

    return row


@pytest.fixture
def telephony_day() -> Callable[..., list[str]]:
    """Rows of a day that adds up: 100 inbound = 25 menu + 60 answered + 10 missed + 5 callback."""

    def rows(date: str = "2026-06-01", code: str = "A11111", inbound: object = 100, times: int = 1) -> list[str]:
        cells = [
            ("CBT001", "TOTAL", inbound if times == 1 else 100 * times),
            ("CBT002", "TOTAL", 25 * times),
            ("CBT003", "1_30", 40 * times),
            ("CBT003", ">300", 20 * times),
            ("CBT004", "0", 4 * times),
            ("CBT004", "121_180", 6 * times),
            ("CBT005", "TOTAL", 5 * times),
            ("CBT006", "TOTAL", 5 * times),
            ("CBT007", "0_10", 10 * times),
            ("CBT007", "61_90", 30 * times),
            ("CBT007", "121_180", 20 * times),
        ]
        return [f"{date},Y58,QVV,11J,U19923,{code},{i},{band},{value}" for i, band, value in cells]

    return rows


@pytest.fixture
def telephony_file(tmp_path: Path) -> Write:
    def write(*rows: str, header: str = TELEPHONY_HEADER, name: str = "telephony.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def published() -> Callable[[str], Path]:
    """Find a published file kept beside the repository, or skip."""

    def find(name: str) -> Path:
        repository = Path(__file__).parents[2]
        path = repository.parent / "shared" / "evidence" / "data" / name
        if not path.exists():
            pytest.skip(f"the published file {name} is not kept beside this repository")
        return path

    return find
