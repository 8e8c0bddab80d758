"""Results of a run as rows, for programs: streamed from the ledger, in the sheet's order."""

from collections.abc import Iterator
from dataclasses import dataclass

from campaign.domain.result_row import ResultRow
from campaign.engine.results_file import result_columns
from campaign.export.columns import fitted, values_under
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.port.named_run import named_run


@dataclass(frozen=True, slots=True)
class RunResults:
    """Rows of a run as its results file shows them.

    Attributes:
        header: the sheet's columns.
        added: the columns that results have beside them, in order: more once the run's calls were polled.
        rows: in the sheet's order, read a page at a time as they are wanted.
    """

    header: tuple[str, ...]
    added: tuple[str, ...]
    rows: Iterator[ResultRow]

    def values_of(self, row: ResultRow) -> tuple[int | float | str | None, ...]:
        """One value for each column, those of the sheet first, as a results file has them."""
        return (*fitted(row.cells, width=len(self.header)), *values_under(row, columns=self.added))


def results_of(ledger: ReadableLedger, name: str) -> RunResults:
    """Reads the run's rows; the ledger must stay open while they are read.

    Raises:
        UsageError: there is no such run.
    """
    record = named_run(ledger, name)
    return RunResults(record.header, result_columns(ledger, record), ledger.read.rows.results(record.id))
