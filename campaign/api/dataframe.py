"""Converts a run's results to a pandas DataFrame: text stays text, so that no phone number becomes a number."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final

import pandas as pd
from pandas import DataFrame

from campaign.usecases.run_results import RunResults

__all__ = ["DataFrame", "frame_of"]

_ROWS_AT_ONCE = 20_000
_TEXT = "string"
_TIME: Final = "datetime64[ms, UTC]"
_TYPES: Mapping[str, str] = {
    "_row": "int64",
    "_attempts": "int64",
    "_duration": "float64",
    "_submitted_at": _TIME,
    "_delayed_until": _TIME,
}


def frame_of(results: RunResults, *, at_once: int = _ROWS_AT_ONCE) -> DataFrame:
    """Builds the frame of all rows, with the results file's columns.

    It is put together from parts of `at_once` rows, so that no row is in memory twice.
    """
    columns = (*results.header, *results.added)
    # A sheet's own column may be called `_row`: it is text all the same.
    types = [_TEXT] * len(results.header) + [_TYPES.get(name, _TEXT) for name in results.added]
    parts = [_part([], types)]
    while chunk := [results.values_of(row) for row in islice(results.rows, at_once)]:
        parts.append(_part(chunk, types))
    frame = pd.concat(parts[1:] or parts, ignore_index=True)
    frame.columns = pd.Index(columns, dtype=object)
    return frame


def _part(rows: Sequence[Sequence[object]], types: Sequence[str]) -> DataFrame:
    """These rows, with numbers for names: a sheet may have two columns of one name."""
    columns = list(zip(*rows, strict=True)) or [()] * len(types)
    return DataFrame({place: _series(columns[place], kind) for place, kind in enumerate(types)})


def _series(values: Sequence[Any], kind: str) -> "pd.Series[Any]":
    if kind == _TIME:
        return pd.to_datetime(pd.Series(values, dtype=object), utc=True, format="ISO8601").astype(_TIME)
    made: pd.Series[Any] = pd.Series(values, dtype=kind)
    return made
