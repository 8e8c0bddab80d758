"""Results as a JSON array, or as JSON lines, one row per line, streamed: ten million rows never stand in memory.

    {"row": 4, "status": "created", "id": "...", "error": null, ..., "cells": {"Patient": "Ada", "Mobile": "..."}}

Cells are the sheet's own text, with no guard against formulas: JSON has none. A second column `Note` is `Note (2)`.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from campaign.domain.result_row import ResultRow
from campaign.export.atomic_write import write_whole
from campaign.export.columns import RESULT_COLUMNS, fitted, values_under


def write_json(
    path: Path, *, header: Sequence[str], rows: Iterable[ResultRow], columns: Sequence[str] = RESULT_COLUMNS
) -> Path:
    """Writes the whole file, in row order; returns the path actually written.

    Raises:
        UsageError: something else stands there, or the file cannot be written; what was there still is.
    """
    return write_whole(path, chunks=_array(header, rows, columns=columns))


def write_json_lines(
    path: Path, *, header: Sequence[str], rows: Iterable[ResultRow], columns: Sequence[str] = RESULT_COLUMNS
) -> Path:
    """Writes the whole file, an object a line; otherwise as `write_json`.

    Raises:
        UsageError: something else stands there, or the file cannot be written; what was there still is.
    """
    return write_whole(path, chunks=(f"{one}\n" for one in json_objects(header, rows, columns=columns)))


def json_objects(header: Sequence[str], rows: Iterable[ResultRow], *, columns: Sequence[str]) -> Iterator[str]:
    """Each row as the text of one JSON object, without a line break."""
    names, keys = _distinct(header), [column.removeprefix("_") for column in columns]
    for row in rows:
        cells = dict(zip(names, fitted(row.cells, width=len(names)), strict=True))
        record = dict(zip(keys, values_under(row, columns=columns), strict=True)) | {"cells": cells}
        # Half a surrogate pair leaves here as itself, and the encoding writes it as the escape that JSON knows.
        yield json.dumps(record, ensure_ascii=False)


def _array(header: Sequence[str], rows: Iterable[ResultRow], *, columns: Sequence[str]) -> Iterator[str]:
    before = "[\n"
    for one in json_objects(header, rows, columns=columns):
        yield before + one
        before = ",\n"
    yield "[\n]\n" if before == "[\n" else "\n]\n"


def _distinct(header: Sequence[str]) -> list[str]:
    # Of two equal keys in an object, readers keep one.
    taken = set(header)
    seen: set[str] = set()
    names = []
    for name in header:
        unique, count = name, 1
        while unique in seen or (count > 1 and unique in taken):
            count += 1
            unique = f"{name} ({count})"
        seen.add(unique)
        names.append(unique)
    return names
