"""Corrections of a run's failed rows that were made cell by cell, in place of a results file that is fed back."""

from collections.abc import Mapping

from campaign.config.template import Template
from campaign.domain.errors import UsageError
from campaign.domain.model import Row, RowState
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.consent import asks, refusals
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.records.runs import RunRecord
from campaign.preparation.rerun.corrections import Corrected

CellsSaid = Mapping[int, Mapping[int, str]]
"""Row number -> place of a column -> what its cell is to say."""
_AT_ONCE = 500
_MAY_FAIL = frozenset({RowState.REJECTED.value, RowState.PENDING.value, RowState.RETRY_WAIT.value})
_LONGEST_CELL = 32_767
"""As much as a spreadsheet program takes."""


def corrected_cells(
    ledger: ReadableLedger, record: RunRecord, said: CellsSaid, *, template: Template | None
) -> Corrected:
    """What the cells say now, compared with the run: as `read_corrections` makes it of a file.

    Args:
        ledger: where the run is.
        record: the run.
        said: the cells that a person has seen; those that say what they said are no corrections.
        template: what reads the run's rows; None when that is not known: consent is not checked then.

    Raises:
        UsageError: the run has no such row or column, or a cell is too long.
    """
    found = Corrected(numbers=set(said), is_part=True)
    numbers = sorted(said)
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        known = ledger.read.reruns.cells(record.id, some)
        for number in some:
            if number not in known:
                raise UsageError(f"run {record.name} has no row {number}")
            state, before = known[number]
            now = _with_cells(number, before, said[number], width=len(record.header))
            if now.cells == _padded(before, len(record.header)):
                continue
            if state in _MAY_FAIL:
                found.rows[number] = now
            else:
                found.untaken[RowState(state).shown] += 1
    columns = None if template is None else match_columns(record.header, template)
    if template is not None and columns is not None and asks(columns):
        found.refused = refusals(found.rows.values(), columns, template)
    return found


def _with_cells(number: int, before: tuple[str, ...], said: Mapping[int, str], *, width: int) -> Row:
    cells = list(_padded(before, width))
    for place, text in said.items():
        if not 0 <= place < width:
            raise UsageError(f"row {number}: the sheet has no column {place + 1}")
        if len(text) > _LONGEST_CELL:
            raise UsageError(f"row {number}: a cell has at most {_LONGEST_CELL} characters")
        cells[place] = text
    return Row(number, tuple(cells))


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells, *("" for _ in range(width - len(cells))))
