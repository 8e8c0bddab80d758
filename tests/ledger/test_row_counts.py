"""How many rows of a run stand where is at hand without counting, and never parts from the rows."""

import anyio
import pytest

from campaign.domain.errors import LedgerError
from campaign.domain.model import Created, Outcome, RowState
from campaign.domain.skip_reason import NoConsent
from tests.ledger.backend import (
    ADA,
    BOB,
    CY,
    REJECTED,
    UNKNOWN,
    Backend,
    assert_counts_are_those_of_the_rows,
    dialling,
    draft,
    hold,
    load,
    named,
    people,
    put_back_rejected,
)
from tests.loading import begun, published

MORE = """
INSERT INTO sheet_row (run_id, number, key, state, phone, contact, cells)
SELECT run_id, 9, 'more', state, '+12025550199', contact, cells FROM sheet_row
"""
NO = NoConsent(column="OK?", says="no")


def test_each_move_of_a_row_is_counted(backend: Backend) -> None:
    """Claimed, settled, requeued: in the transaction of the move, whoever makes it."""

    async def dial() -> None:
        with dialling(backend, ADA, BOB, CY, None) as (held, attempts):
            outcomes: list[Outcome] = [Created(call_id="c-1"), REJECTED, UNKNOWN]
            for attempt, outcome in zip(attempts, outcomes, strict=True):
                assert await held.claim(attempt) is None
                assert_counts_are_those_of_the_rows(backend)
                await held.settle(attempt, outcome)
                assert_counts_are_those_of_the_rows(backend)

    anyio.run(dial)
    with backend.open() as ledger:
        record = named(ledger, "december")
        with hold(ledger, record):
            assert put_back_rejected(ledger, record) == 1
        assert ledger.read.rows.count_states(record.id) == {
            RowState.CREATED: 1,
            RowState.PENDING: 1,
            RowState.UNKNOWN: 1,
            RowState.INVALID: 1,
        }
        assert ledger.read.rows.count_waiting(record.id, from_round=0) == 1
        assert ledger.read.rows.count_waiting(record.id, from_round=1) == 1
        assert ledger.read.rows.count_waiting(record.id, from_round=2) == 0
    assert_counts_are_those_of_the_rows(backend)


def test_a_run_is_counted_once_it_is_published_with_what_was_skipped_before(backend: Backend) -> None:
    """While it is loaded each row would cost a count of its own; its draft counts the rows themselves."""
    with backend.open() as ledger:
        record = begun(ledger, draft(), people(ADA, BOB, CY))
        assert ledger.drafts.skip(record, {2: NO}) == 1
        assert not backend.ask("SELECT 1 FROM row_count")
        before = ledger.read.rows.count_states(record.run_id or 0)
        assert before == {RowState.PENDING: 2, RowState.SKIPPED: 1}
        published(ledger, record, name="december")
        assert ledger.read.rows.count_states(record.run_id or 0) == before
    assert_counts_are_those_of_the_rows(backend)


def test_the_counts_of_a_removed_draft_go_with_it(backend: Backend) -> None:
    with backend.open() as ledger:
        ledger.drafts.discard(begun(ledger, draft(), people(ADA)))
        load(ledger, people(BOB))
        assert backend.ask("SELECT 1 FROM row_count")
    for table in ("draft", "sheet_row", "run"):
        backend.tamper(f"DELETE FROM {table}")  # noqa: S608 - names from here
    assert not backend.ask("SELECT 1 FROM row_count")


@pytest.mark.parametrize(
    "breach",
    [
        ["UPDATE row_count SET rows = rows + 1 WHERE state = 'pending'"],
        ["DELETE FROM row_count WHERE state = 'pending'"],
        ["move_is_counted", "UPDATE sheet_row SET state = 'skipped', skip_reason = 'duplicate'"],
        ["UPDATE row_count SET skip_reason = 'duplicate' WHERE state = 'pending'"],
        [MORE],
    ],
    ids=["changed", "deleted", "unguarded", "moved", "added"],
)
@pytest.mark.every_database
def test_counts_that_part_from_the_rows_are_noticed_before_anything_is_called(
    backend: Backend, breach: list[str]
) -> None:
    """Only who goes past the ledger's rules can part them: what else was changed then, nobody knows."""
    with backend.open() as ledger:
        record = load(ledger, people(ADA))
        with hold(ledger, record):
            pass
        for statement in breach:
            if statement == "move_is_counted":
                backend.unguard(statement, of="sheet_row")
            else:
                backend.tamper(statement)
        with pytest.raises(LedgerError, match="counts of run december are not those of its rows"), hold(ledger, record):
            pass
    for table in ("draft", "sheet_row", "run"):  # what was written past the rules cannot be explained at the end
        backend.tamper(f"DELETE FROM {table}")  # noqa: S608 - names from here
