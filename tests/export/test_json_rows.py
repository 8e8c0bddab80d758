"""Results as JSON: exact, streamed, replaced whole."""

import dataclasses
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from campaign.domain.errors import LedgerError, UsageError
from campaign.domain.result_row import ResultRow
from campaign.export.csv import write_results
from campaign.export.formats import ENDINGS, writer_for
from campaign.export.json_rows import write_json, write_json_lines

HEADER = ("Patient", "Mobile")


def test_a_row_is_an_object_with_the_sheets_cells_inside(tmp_path: Path, ada: ResultRow, bob: ResultRow) -> None:
    """Nothing that a sheet names its columns can hide a result."""
    path = write_json(tmp_path / "r.json", header=HEADER, rows=[ada, bob])
    assert json.loads(path.read_bytes()) == [
        {
            "row": 2,
            "status": "created",
            "id": ada.call_id,
            "error": None,
            "attempts": 1,
            "phone": "+12025550101",
            "submitted_at": "2026-12-01T14:00:00.000Z",
            "delayed_until": None,
            "cells": {"Patient": "Ada", "Mobile": "(202) 555-0101"},
        },
        {
            "row": 3,
            "status": "invalid",
            "id": None,
            "error": bob.error,
            "attempts": 0,
            "phone": None,
            "submitted_at": None,
            "delayed_until": None,
            "cells": {"Patient": "Bob", "Mobile": "n/a"},
        },
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_is_the_object_that_the_array_has(tmp_path: Path, ada: ResultRow, bob: ResultRow) -> None:
    """For programs that read a line at a time; a file of it is ours, and is replaced."""
    rows = [ada, dataclasses.replace(bob, cells=("a\nb\u2028", '"'))]
    array = write_json(tmp_path / "r.json", header=HEADER, rows=rows)
    write_json_lines(tmp_path / "r.jsonl", header=HEADER, rows=[])
    lines = write_json_lines(tmp_path / "r.jsonl", header=HEADER, rows=rows).read_bytes().split(b"\n")
    assert lines[-1] == b""
    assert [json.loads(line) for line in lines[:-1]] == json.loads(array.read_bytes())


def test_no_rows_are_an_empty_array(tmp_path: Path) -> None:
    assert json.loads(write_json(tmp_path / "r.json", header=HEADER, rows=[]).read_bytes()) == []


@given(cells=st.lists(st.text(st.characters(categories=None)), min_size=2, max_size=2))
def test_any_text_comes_back_exactly(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    """Without a guard, as JSON has no formulas; even half a surrogate pair has an escape."""
    path = tmp_path_factory.getbasetemp() / "any.json"
    row = ResultRow(number=2, cells=tuple(cells), status="created")
    write_json(path, header=HEADER, rows=[row, row])
    data = json.loads(path.read_bytes().decode("utf-8"))
    assert [list(found["cells"].values()) for found in data] == [cells, cells]


@pytest.mark.parametrize(
    ("header", "names"),
    [
        (("N", "N", "N"), ["N", "N (2)", "N (3)"]),
        (("N", "N", "N (2)"), ["N", "N (3)", "N (2)"]),
        (("N (2)", "N", "N"), ["N (2)", "N", "N (3)"]),
        (("", "", "x"), ["", " (2)", "x"]),
    ],
)
def test_columns_of_one_name_all_keep_their_cells(tmp_path: Path, header: tuple[str, ...], names: list[str]) -> None:
    """Of two equal keys in an object a reader keeps one, and a column would be gone."""
    row = ResultRow(number=2, cells=("a", "b", "c"), status="created")
    data = json.loads(write_json(tmp_path / "r.json", header=header, rows=[row]).read_bytes())
    assert list(data[0]["cells"].items()) == list(zip(names, "abc", strict=True))


def test_a_row_is_written_as_it_comes(tmp_path: Path, ada: ResultRow) -> None:
    """Ten million rows are a matter of time, not of memory."""
    alive: list[int] = []

    class Counted(ResultRow):
        def __del__(self) -> None:
            alive.pop()

    most = 0

    def rows() -> Iterator[ResultRow]:
        nonlocal most
        for number in range(300):
            alive.append(number)
            most = max(most, len(alive))
            yield Counted(number, ada.cells, ada.status)

    write_json(tmp_path / "r.json", header=HEADER, rows=rows())
    assert most <= 3


def test_a_stop_half_way_leaves_the_old_file(tmp_path: Path, ada: ResultRow) -> None:
    """An array without its end is no JSON at all."""
    path = write_json(tmp_path / "r.json", header=HEADER, rows=[ada])

    def rows() -> Iterator[ResultRow]:
        yield dataclasses.replace(ada, number=9)
        raise LedgerError("the ledger cannot be read")

    with pytest.raises(LedgerError):
        write_json(path, header=HEADER, rows=rows())
    assert [row["row"] for row in json.loads(path.read_bytes())] == [2]
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_is_escaped_and_cut_as_in_the_csv(tmp_path: Path, bob: ResultRow) -> None:
    """`jq -r` would print it raw."""
    row = dataclasses.replace(bob, error="\x1b[2J" + "x" * 600)
    data = json.loads(write_json(tmp_path / "r.json", header=HEADER, rows=[row]).read_bytes())
    assert data[0]["error"].startswith("\\x1b[2Jx")
    assert len(data[0]["error"]) == 500


@pytest.mark.parametrize(
    ("name", "writer"), [("a.csv", write_results), ("A.CSV", write_results), ("b.x.json", write_json)]
)
def test_the_ending_chooses_the_writer(name: str, writer: object) -> None:
    assert writer_for(Path(name)) is writer


@pytest.mark.parametrize("name", ["results", "results.txt", "results.csv.gz", ".csv"])
def test_an_ending_without_a_writer_is_refused_with_those_that_have_one(name: str) -> None:
    """A CSV under another name would be opened by the wrong program."""
    with pytest.raises(UsageError) as caught:
        writer_for(Path(name))
    assert all(ending in str(caught.value) for ending in (name, *ENDINGS))
