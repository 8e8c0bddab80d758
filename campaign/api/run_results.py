"""`results`: the rows of a run as its results file shows them, streamed, or as a DataFrame."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from campaign.api.arguments import AnyPath
from campaign.api.error_text import worded_errors
from campaign.api.surroundings import Surroundings, surroundings
from campaign.domain.instants import from_text
from campaign.domain.result_row import ResultRow
from campaign.usecases.context import ledger_to_read
from campaign.usecases.run_results import results_of

if TYPE_CHECKING:  # the one such import: a method returns what is loaded only when it is called
    from campaign.api.dataframe import DataFrame


@dataclass(frozen=True, slots=True)
class Row:
    """Row of the sheet, with its status and outcome.

    Attributes:
        number: the sheet's number of the row, as a spreadsheet program shows it; 1 is the sheet's first row.
        cells: one text for each column of `Results.header`.
        status: created, rejected, unknown, pending, invalid or skipped.
        call_id: AICaller's, of a created call.
        error: why it is rejected, unknown, invalid or skipped; of a pending one, the fault of the last attempt.
        attempts: how often it was sent.
        phone: E.164; None of an invalid row.
        submitted_at: when its last call was sent, UTC.
        delayed_until: the time that it was submitted for, UTC; None for at once.
        call_status: AICaller's status of the call at the last poll; None before `follow`.
        outcome: how the call ended: `no_answer`, `voicemail`, ...; None while it goes on, or when it is not known.
        duration: of the call; its unit is not documented, and looks like seconds.
        recording_url: http or https.
        values: what was collected in the call, by its name; both text.
    """

    number: int
    cells: tuple[str, ...]
    status: str
    call_id: str | None
    error: str | None
    attempts: int
    phone: str | None
    submitted_at: datetime | None
    delayed_until: datetime | None
    call_status: str | None
    outcome: str | None
    duration: float | None
    recording_url: str | None
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Results:
    """Rows of a run, in the sheet's order. Each iteration reads the ledger anew, a page at a time.

    The ledger is open while rows are read, in the thread that reads them.

    Attributes:
        run: its name.
        header: the sheet's columns.
    """

    run: str
    header: tuple[str, ...]
    _context: Surroundings

    def __iter__(self) -> Iterator[Row]:
        with worded_errors(), ledger_to_read(self._context) as ledger:
            yield from map(_as_row, results_of(ledger, self.run).rows)

    def to_dataframe(self) -> "DataFrame":
        """Returns all rows as a pandas DataFrame with the columns of a results file; it must fit in memory.

        Texts, the sheet's own cells and `_phone` too, are `string`; `_row` and `_attempts` are `int64`, `_duration` is
        `float64`; `_submitted_at` and `_delayed_until` are `datetime64[ms, UTC]`. What is not there is missing (`NA`,
        `NaN`, `NaT`). The index counts from 0.

        Raises:
            UsageError: the run no longer exists.
        """
        from campaign.api.dataframe import frame_of  # noqa: PLC0415 - pandas takes half a second, and is paid when used

        with worded_errors(), ledger_to_read(self._context) as ledger:
            return frame_of(results_of(ledger, self.run))


def results(
    run: str,
    *,
    home: AnyPath | None = None,
    environment: Mapping[str, str] | None = None,
    now: Callable[[], datetime] | None = None,
) -> Results:
    """Opens the rows of a run, to be iterated or converted to a DataFrame; also while the run is being dialled.

    Args:
        run: its name.
        home: the ledger's folder; None for CAMPAIGN_HOME, or this system's place for a program's data.
        environment: None for the process's.
        now: the wall clock, aware; None for the machine's.

    Raises:
        UsageError: there is no such run.
        LedgerError: the ledger cannot be opened, or trusted.
    """
    context = surroundings(home=home, environment=environment, now=now)
    with worded_errors(), ledger_to_read(context) as ledger:
        return Results(run, results_of(ledger, run).header, context)


def _as_row(row: ResultRow) -> Row:
    outcome = row.outcome
    return Row(
        number=row.number,
        cells=row.cells,
        status=row.status,
        call_id=row.call_id,
        error=row.error,
        attempts=row.attempts,
        phone=row.phone,
        submitted_at=_instant(row.submitted_at),
        delayed_until=_instant(row.delayed_until),
        call_status=outcome.status or None if outcome else None,
        outcome=outcome.shown if outcome else None,
        duration=outcome.duration if outcome else None,
        recording_url=outcome.recording_url if outcome else None,
        values=dict(outcome.values) if outcome else {},
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else from_text(text)
