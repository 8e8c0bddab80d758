"""Counts of a run's rows: at hand by state and skip reason, and by reason in full. Read-only."""

from collections import Counter
from collections.abc import Iterator, Mapping

from sqlalchemy import Engine, func, literal_column, select

from campaign.domain.errors import LedgerError
from campaign.domain.model import RowState
from campaign.ledger.queries.in_order import OF_RERUN, RERUNS
from campaign.ledger.records.runs import WAITING, RunRecord, SkippedRows
from campaign.ledger.schema.skip_reasons import read_skip_reason
from campaign.ledger.schema.tables import row_count, sheet_row


def count_states(engine: Engine, run_id: int) -> Mapping[RowState, int]:
    """Counts the run's rows by state."""
    kept = select(row_count.c.state, row_count.c.rows).where(row_count.c.run_id == run_id)
    # A run that is still being loaded has no counts; it is no run yet for anybody but its draft.
    rows = select(sheet_row.c.state, func.count()).where(sheet_row.c.run_id == run_id).group_by(sheet_row.c.state)
    counts = Counter[RowState]()
    with engine.connect() as connection:
        for state, count in connection.execute(kept).all() or connection.execute(rows):
            counts[RowState(state)] += count
    return +counts


def count_waiting(engine: Engine, run_id: int, *, from_round: int) -> int:
    """Counts the rows that may be sent, in this round of reruns or a later one."""
    waiting = sum(count for state, count in count_states(engine, run_id).items() if state in WAITING)
    if from_round <= 0 or not waiting:
        return waiting
    later = (sheet_row.c.run_id == run_id) & OF_RERUN & (sheet_row.c.round >= from_round)
    statement = select(func.count()).where(later, sheet_row.c.state.in_([state.value for state in WAITING]))
    with engine.connect() as connection:
        return int(connection.execute(statement.with_hint(sheet_row, RERUNS, "sqlite")).scalar_one())


def count_reasons(engine: Engine, run_id: int, state: RowState) -> Iterator[tuple[str, int]]:
    """Counts the rows in that state by reason, the most frequent first; as many reasons as rows, so they are streamed.

    Read it to its end before anything else is asked: it keeps the connection until then.
    """
    statement = (
        select(sheet_row.c.reason, func.count())
        .where(sheet_row.c.run_id == run_id, sheet_row.c.state == state.value)
        .group_by(sheet_row.c.reason)
        .order_by(func.count().desc(), sheet_row.c.reason)
    )
    with engine.connect() as connection:
        for reason, count in connection.execute(statement):
            yield reason or "", count


def count_skipped(engine: Engine, run_id: int) -> list[SkippedRows]:
    """Counts the skipped rows by reason code, the most frequent first."""
    code, first, last = sheet_row.c.skip_reason, func.min(sheet_row.c.reason), func.max(sheet_row.c.reason)
    statement = (
        select(code, func.count(), first, last)
        .where(sheet_row.c.run_id == run_id, sheet_row.c.state == RowState.SKIPPED.value)
        .group_by(code)
        .order_by(func.count().desc(), code)
    )
    with engine.connect() as connection:
        return [
            SkippedRows(read_skip_reason(code), rows, first if first == last else None)
            for code, rows, first, last in connection.execute(statement)
        ]


def refuse_parted_counts(engine: Engine, record: RunRecord) -> None:
    """Compares the counts of a run with its rows: about a tenth of a second for a million of them.

    Raises:
        LedgerError: they differ: something wrote to the ledger past its rules.
    """
    code = func.coalesce(sheet_row.c.skip_reason, "")
    here, skipped = sheet_row.c.run_id == record.id, sheet_row.c.state == RowState.SKIPPED.value
    # Apart, since an index has all that the first asks for, and only skipped rows have a code.
    by_state = select(sheet_row.c.state, literal_column("''"), func.count()).where(here).group_by(sheet_row.c.state)
    by_code = select(sheet_row.c.state, code, func.count()).where(here, skipped).group_by(sheet_row.c.state, code)
    counted = select(row_count.c.state, row_count.c.skip_reason, row_count.c.rows).where(
        row_count.c.run_id == record.id, row_count.c.rows > 0
    )
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(by_state) if row.state != RowState.SKIPPED.value]
        rows += [tuple(row) for row in connection.execute(by_code)]
        kept = [tuple(row) for row in connection.execute(counted)]
    if set(rows) != set(kept):
        raise LedgerError(
            f"the ledger's counts of run {record.name} are not those of its rows: another program has changed the file "
            "past its rules; nothing was sent; put the ledger back from a backup, and keep this file, which says who "
            "was called"
        )
