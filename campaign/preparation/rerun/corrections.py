"""Compares a fed-back results file with its run: which rows were corrected, and which corrections count.

file, row by row --> is it the run's row, by its id or instant?  no --> the file is refused: rows were moved
                 --> the same cells --> as it was | other cells, failed --> corrected | other cells, else --> untaken
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from campaign.config.template import Template
from campaign.domain.cures.runs import write_results_of_run
from campaign.domain.errors import SheetError
from campaign.domain.model import Mark, Row, RowState
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.consent import asks, refusals
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.intake.results_file import FedRow, read_fed_back
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord
from campaign.preparation.rerun.recognise import INSTANT, chunks

_MAY_FAIL = frozenset({RowState.REJECTED.value, RowState.PENDING.value, RowState.RETRY_WAIT.value})


@dataclass(slots=True)
class Corrected:
    """Result of comparing a results file with its run.

    Attributes:
        numbers: the run's rows that the file has.
        rows: row number -> the row with the file's cells in the run's columns, of those that were changed and may be
            called again.
        untaken: status -> how many of the rows that are not called again were changed.
        extra: columns that were added.
        new: rows that stand for none of the run.
        refused: E.164 digits -> row that says no for them, by the template's consent column.
        is_part: only some of the run's rows were looked at; the others are as they were, and may be meant as well.
    """

    numbers: set[int] = field(default_factory=set)
    rows: dict[int, Row] = field(default_factory=dict)
    untaken: Counter[str] = field(default_factory=Counter)
    extra: tuple[str, ...] = ()
    new: int = 0
    refused: dict[int, int] = field(default_factory=dict)
    is_part: bool = False

    @property
    def loses(self) -> bool:
        """Whether the file holds data that exists nowhere else, and that overwriting it would lose."""
        return bool(self.untaken or self.extra or self.new)

    @property
    def not_taken(self) -> str:
        """The data that a rerun does not take from the file, in words."""
        parts = [f"changes in {_rows(count, status)}" for status, count in self.untaken.most_common()]
        parts += [f"column {name!r}" for name in self.extra[:3]]
        parts += [f"{_rows(self.new)} of no run"] if self.new else []
        return ", ".join(parts)


def read_corrections(
    ledger: Ledger, record: RunRecord, path: Path, *, template: Template | None, choices: Choices = UNDECIDED
) -> Corrected:
    """Reads a results file of this run, and compares it with the run.

    Args:
        ledger: where the run is.
        record: the run.
        path: the file.
        template: what reads the run's rows; None when that is not known: consent is not checked then.
        choices: how the file is to be read.

    Raises:
        SheetError: it cannot be read, or its rows do not stand beside their own `_row`.
    """
    fed = read_fed_back(path, choices=choices)
    places = fed.places(record.header)
    taken = {place for place in places if place is not None}
    extra = (name for at, name in enumerate(fed.header) if at not in taken and name.strip())
    found = Corrected(extra=(*extra, *fed.added))
    for chunk in chunks(fed.rows):
        _refuse_moved(ledger, record, chunk, path=path)
        known = ledger.read.reruns.cells(record.id, [row.number for row in chunk])
        for row in chunk:
            if row.number not in known:
                raise SheetError(
                    f"sheet {path}: row {row.row.number} says _row {row.number}, and {record.name} has none"
                )
            found.numbers.add(row.number)
            state, cells = known[row.number]
            now = _in_columns(row, places, cells)
            if now.cells == _padded(cells, len(places)):
                continue
            if state in _MAY_FAIL:
                found.rows[row.number] = now
            else:
                found.untaken[RowState(state).shown] += 1
    found.new = len(fed.without_row)
    columns = None if template is None else match_columns(record.header, template)
    if template is not None and columns is not None and asks(columns):
        found.refused = refusals(_all_rows(path, record, choices), columns, template)
    return found


def _all_rows(path: Path, record: RunRecord, choices: Choices) -> Iterator[Row]:
    fed = read_fed_back(path, choices=choices)
    places = fed.places(record.header)
    empty = ("",) * len(record.header)
    return (_in_columns(row, places, empty) for row in fed.rows)


def _in_columns(fed: FedRow, places: tuple[int | None, ...], before: tuple[str, ...]) -> Row:
    """Maps the row to the run's columns: a column that the file lacks stays as it was."""
    padded = _padded(before, len(places))
    cells = [old if place is None else fed.row.cells[place] for place, old in zip(places, padded, strict=False)]
    marks = dict(fed.row.marks)
    # A number cell that is what it was has been read before, and as it was then.
    kept: list[tuple[int, Mark]] = [
        (at, marks[place])
        for at, place in enumerate(places)
        if place is not None and place in marks and cells[at] != padded[at]
    ]
    return Row(fed.number, (*cells, *before[len(places) :]), marks=tuple(kept))


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells, *("" for _ in range(width - len(cells))))


def _refuse_moved(ledger: Ledger, record: RunRecord, rows: list[FedRow], *, path: Path) -> None:
    """Refuses rows sorted apart from the `_` columns: they would be called with another row's number and history."""
    known = ledger.read.reruns.positions_of_ids([row.call_id for row in rows if row.call_id])
    instants = {row.submitted_at for row in rows if INSTANT.fullmatch(row.submitted_at)}
    sent = ledger.read.reruns.sent_at(record.id, instants) if instants else set()
    for row in rows:
        foreign = row.call_id and known.get(row.call_id) != (record.id, row.number)
        other_time = row.submitted_at in instants and (row.number, row.submitted_at) not in sent
        if foreign or other_time:
            what = f"_id {row.call_id!r}" if foreign else f"_submitted_at {row.submitted_at!r}"
            raise SheetError(
                f"sheet {path}: row {row.row.number} says _row {row.number} and {what}, which is not that row's in run "
                f"{record.name}: our columns were changed, or rows moved past them",
                cure=write_results_of_run(record.name),
            )


def _rows(count: int, kind: str = "") -> str:
    return f"{count}{kind and ' '}{kind} row{'s' if count > 1 else ''}"
