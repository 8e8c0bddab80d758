"""A result row to vary, and ways to read results back as their readers do."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from campaign.domain.result_row import ResultRow
from tests.export.troubled_disk import TroubledDisk
from tests.export.unguarded import unguard

Read = Callable[[Path], list[list[str]]]


@pytest.fixture
def read() -> Read:
    """All lines of a CSV file as another program sees them at this moment, the guards taken away."""

    def reader(path: Path) -> list[list[str]]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [[unguard(cell) for cell in line] for line in csv.reader(file, strict=True)]

    return reader


@pytest.fixture
def ada() -> ResultRow:
    return ResultRow(
        number=2,
        cells=("Ada", "(202) 555-0101"),
        status="created",
        call_id="665f1c2ab7e4d20012ab34cd",
        attempts=1,
        phone="+12025550101",
        submitted_at="2026-12-01T14:00:00.000Z",
    )


@pytest.fixture
def bob() -> ResultRow:
    return ResultRow(number=3, cells=("Bob", "n/a"), status="invalid", error="row 3, column 'Mobile': not a number")


@pytest.fixture
def disk() -> TroubledDisk:
    return TroubledDisk()
