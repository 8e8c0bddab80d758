"""Which writer a results file asks for, by its name's ending."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from campaign.errors import UsageError
from campaign.model import ResultRow
from campaign.results.as_json import write_json
from campaign.results.csv import write_results
from campaign.results.foreign import shown


class Writer(Protocol):
    """Writes a whole results file."""

    def __call__(
        self, path: Path, *, header: Sequence[str], rows: Iterable[ResultRow], columns: Sequence[str] = ...
    ) -> Path:
        """The path really written; UsageError if there is none. `columns` are those of `columns_with`."""


_WRITERS: dict[str, Writer] = {".csv": write_results, ".json": write_json}

ENDINGS = tuple(_WRITERS)


def writer_for(path: Path) -> Writer:
    """The writer for the file's ending, in any case.

    Raises:
        UsageError: there is none for it.
    """
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        known = " or ".join(ENDINGS)
        raise UsageError(
            f"results file {shown(path)}: no results are written in this format; let its name end in {known}"
        )
    return writer
