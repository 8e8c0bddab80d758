"""What comes from elsewhere fits, or is that row's own trouble: text that is none, and numbers of any size."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import anyio.to_thread
import pytest
from sqlalchemy.exc import DataError

from campaign.domain.call_outcome import CallOutcome
from campaign.domain.model import Created, Rejected, RowState, Unknown
from campaign.ledger.records.outcomes import Rules
from campaign.ledger.store import open_ledger
from campaign.ledger.writes.group_work import is_storage_error
from campaign.sandbox.faults.table import FAULTS, Fault, FaultPlan
from campaign.sandbox.server import serve
from tests.ledger.backend import ADA, BOB, CY, Backend, dialling, states
from tests.reconcile.lost import Clock, begin, people, sandbox, send_all

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
TEXT = "a NUL \0 and half a character \ud83d"


async def test_what_no_column_can_hold_in_one_answer_fails_no_ledger(backend: Backend) -> None:
    """One NUL in the answer of a box on the way would end the night's campaign."""
    with dialling(backend, ADA, BOB, CY) as (held, attempts):
        for attempt in attempts:
            await held.claim(attempt)
        await held.settle(attempts[0], Rejected(2**40, TEXT))
        await held.settle(attempts[1], Unknown(TEXT, evidence={"said": TEXT}, status=2**70))
        await held.settle(attempts[2], Created("id \0", status=-(2**70)))
        assert held.trouble() is None
    assert states(backend) == ["rejected", "unknown", "created"]
    assert backend.ask("SELECT status FROM attempt WHERE status IS NOT NULL") == [(2**40,)]
    assert backend.ask("SELECT reason FROM sheet_row WHERE state = 'rejected'") == [
        ("a NUL \\x00 and half a character \\ud83d",)
    ]
    assert backend.ask("SELECT call_id FROM attempt WHERE call_id IS NOT NULL") == [("id \\x00",)]
    kept = backend.ask("SELECT count(*) FROM attempt WHERE evidence LIKE '%1180591620717411303424%'")
    assert kept == [(2,)], "the number is kept as text"


async def test_an_outcome_with_a_nul_is_stored_and_shown(backend: Backend) -> None:
    rules = Rules(next_poll=lambda *_: NOON, call_again=lambda *_: None, template="template")
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        await held.settle(ada, Created("id-1", status=200))
    with backend.open() as ledger:
        [call] = ledger.read.outcomes.due(held.record.id, at=ledger.now(), first_after=timedelta(0), most=5)
        said = CallOutcome("id-1", status="on\0hold", status_code=TEXT, values=((TEXT, TEXT),))
        await anyio.to_thread.run_sync(lambda: ledger.outcomes.note(call, said, rules=rules))
        [(_, _, stored)] = ledger.read.outcomes.all(held.record.id)
    assert (stored.status, stored.status_code) == ("on\\x00hold", "a NUL \\x00 and half a character \\ud83d")


def test_a_value_that_a_database_does_not_take_is_no_trouble_of_the_whole_database() -> None:
    assert not is_storage_error(DataError("INSERT", {}, Exception("out of range")))


class Odd(FaultPlan):
    """Every third answer is a refusal with what no column can hold."""

    def at(self, number: int) -> Fault | None:
        return FAULTS["400_odd"] if number % 3 == 1 else None


async def test_rows_go_on_beside_answers_that_no_column_can_hold(tmp_path: Path) -> None:
    """And what was said is kept with the row that it was said of."""
    with open_ledger(tmp_path, now=Clock()) as ledger:
        record = begin(ledger, people(12))
        async with serve(sandbox(tmp_path, faults=Odd())) as stand_in:
            await send_all(ledger, record, stand_in.base_url)
        assert ledger.read.rows.count_states(record.id) == {RowState.CREATED: 8, RowState.REJECTED: 4}
        errors = [row.error or "" for row in ledger.read.rows.results(record.id) if row.status == RowState.REJECTED]
    assert all(error.startswith("400: ") and error.isprintable() for error in errors)
