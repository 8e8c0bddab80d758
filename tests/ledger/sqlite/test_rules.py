"""The database's own rules: what no program can write, whatever its code does."""

import pytest
from sqlalchemy.exc import IntegrityError

from campaign.domain.model import Created, RowState
from campaign.ledger.schema.legal_moves import LEGAL_MOVES
from tests.ledger.backend import ADA, BOB, CY, REJECTED, UNKNOWN, Backend, dialling, everything, load, people, states

pytestmark = pytest.mark.anyio

WAITS = {RowState.PENDING, RowState.RETRY_WAIT}
STANDING = {
    state: f"state = '{state}', call_id = {chr(39) + 'id-9' + chr(39) if state is RowState.CREATED else 'NULL'}"
    for state in RowState
}
ILLEGAL = [(a, b) for a in RowState for b in RowState if a is not b and (a, b) not in LEGAL_MOVES]
EVENT = (
    "INSERT INTO event (row_id, attempt, at, owner, from_state, to_state) "
    "VALUES ((SELECT max(id) FROM sheet_row), 1, '2026', 'x', :before, :after)"
)
ATTEMPT = (
    "INSERT INTO attempt (row_id, number, run_id, service, phone, owner, body_sha256, claimed_at, ended_at, outcome, "
    "call_id) SELECT id, :number, run_id, 's', phone, 'x', '', '2026', :ended, :outcome, :call_id FROM sheet_row"
)


def test_the_legal_moves_are_those_of_the_picture() -> None:
    """Spelt out a second time, so that nobody widens them in passing."""
    to = {state: {after for before, after in LEGAL_MOVES if before is state} for state in RowState}
    assert to == {
        RowState.PENDING: {RowState.SENDING, RowState.SKIPPED},
        RowState.RETRY_WAIT: {RowState.SENDING, RowState.SKIPPED, RowState.PENDING},
        RowState.SENDING: WAITS | {RowState.CREATED, RowState.REJECTED, RowState.UNKNOWN},
        RowState.REJECTED: {RowState.PENDING, RowState.UNKNOWN},
        RowState.UNKNOWN: {RowState.CREATED, RowState.REJECTED, RowState.PENDING},
        RowState.CREATED: {RowState.PENDING, RowState.UNKNOWN},
        RowState.INVALID: set(),
        RowState.SKIPPED: set(),
    }


def test_the_database_holds_exactly_these_moves(backend: Backend) -> None:
    """The list and the table are one fact."""
    held = backend.ask("SELECT from_state, to_state FROM transition")
    assert sorted(held) == sorted((before.value, after.value) for before, after in LEGAL_MOVES)


def test_no_illegal_move_can_be_written_down(backend: Backend) -> None:
    """Every move is written down, so one that cannot be is not made."""
    with backend.open() as ledger:
        load(ledger, people(ADA))
    for before, after in ILLEGAL:
        with pytest.raises(IntegrityError, match="FOREIGN KEY"):
            backend.tamper(EVENT, before=before.value, after=after.value)
    assert backend.ask("SELECT * FROM event") == []


@pytest.mark.parametrize("after", [state for state in RowState if state not in (RowState.CREATED, RowState.UNKNOWN)])
async def test_a_created_row_goes_nowhere_but_into_doubt(backend: Backend, after: RowState) -> None:
    """A call that was made cannot be taken back, so its row can never be sent again."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        await held.settle(ada, Created("id-1"))
        with pytest.raises(IntegrityError, match="a row cannot move so"):
            backend.tamper(f"UPDATE sheet_row SET {STANDING[after]}")  # noqa: S608 - words from here
        assert states(backend) == ["created"]


@pytest.mark.parametrize("after", [RowState.SENDING, RowState.RETRY_WAIT, RowState.SKIPPED])
async def test_an_unknown_row_is_not_sent_again(backend: Backend, after: RowState) -> None:
    """Its phone may have rung: only a person's word, the call itself, or its own late answer takes it elsewhere."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        await held.settle(ada, UNKNOWN)
        with pytest.raises(IntegrityError, match="a row cannot move so"):
            backend.tamper(f"UPDATE sheet_row SET {STANDING[after]}")  # noqa: S608 - words from here
        assert states(backend) == ["unknown"]


async def test_a_row_has_one_open_attempt_at_the_most(backend: Backend) -> None:
    """Two would be two calls to one person at the same time."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        with pytest.raises(IntegrityError, match=r"attempt\.row_id"):
            backend.tamper(ATTEMPT, number=2, ended=None, outcome=None, call_id=None)


async def test_an_attempt_is_written_once(backend: Backend) -> None:
    """Its number is its own, also after its end."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        await held.settle(ada, REJECTED)
        with pytest.raises(IntegrityError):
            backend.tamper(ATTEMPT, number=1, ended=None, outcome=None, call_id=None)


async def test_an_id_is_one_attempts_in_the_whole_ledger(backend: Backend) -> None:
    """Across rows and runs: an id names one call."""
    with dialling(backend, ADA, BOB) as (held, [ada, bob]):
        for attempt, call_id in ((ada, "id-1"), (bob, "id-2")):
            await held.claim(attempt)
            await held.settle(attempt, Created(call_id))
        with pytest.raises(IntegrityError, match=r"attempt\.call_id"):
            backend.tamper("UPDATE attempt SET call_id = 'id-1'")


@pytest.mark.parametrize(
    "state", ["pending", "retry_wait", "sending", "created", "rejected", "unknown"], ids=lambda state: f"beside {state}"
)
def test_a_number_is_one_rows_within_a_run(backend: Backend, state: str) -> None:
    """Whatever became of that row: a sheet that names somebody twice calls them once."""
    insert = (
        "INSERT INTO sheet_row (run_id, number, key, state, attempts, phone, contact, cells, call_id) "
        "SELECT max(id), :number, :key, :state, 1, :phone, '{}', '[]', :call_id FROM run"
    )
    with backend.open() as ledger:
        load(ledger, people(None))
    call_id = "id-1" if state == "created" else None
    backend.tamper(insert, number=3, key="a", state=state, phone=ADA, call_id=call_id)
    before = everything(backend)
    with pytest.raises(IntegrityError, match=r"sheet_row\.phone"):
        backend.tamper(insert, number=4, key="b", state="pending", phone=ADA, call_id=None)
    assert everything(backend) == before
    backend.tamper(insert, number=5, key="c", state="skipped", phone=ADA, call_id=None)
    backend.tamper("DELETE FROM sheet_row WHERE number > 2")


def test_a_key_is_one_rows_within_a_run(backend: Backend) -> None:
    """A row that came in twice would be two promises to one person."""
    with backend.open() as ledger:
        load(ledger, people(ADA, None))
    with pytest.raises(IntegrityError, match=r"sheet_row\.key"):
        backend.tamper("UPDATE sheet_row SET key = 'key-2'")


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE sheet_row SET state = 'called'", "cannot move so|row_state"),
        ("UPDATE sheet_row SET call_id = 'id-9' WHERE state = 'pending'", "created_has_id"),
        ("UPDATE sheet_row SET call_id = NULL WHERE state = 'created'", "created_has_id"),
        ("UPDATE sheet_row SET phone = NULL WHERE state = 'pending'", "callable_has_phone"),
        ("UPDATE sheet_row SET contact = NULL WHERE state = 'created'", "callable_has_phone"),
        ("UPDATE sheet_row SET state = 'sending' WHERE state = 'pending'", "sending_has_attempt"),
        ("UPDATE sheet_row SET run_id = 99", "FOREIGN KEY"),
        ("UPDATE run SET state = 'done'", "run_state"),
        ("UPDATE attempt SET outcome = 'rang'", "attempt_outcome|attempt_id"),
        ("UPDATE attempt SET outcome = 'created', call_id = NULL", "attempt_id"),
        ("UPDATE attempt SET outcome = 'rejected'", "attempt_id"),
        ("UPDATE attempt SET outcome = NULL, call_id = NULL", "attempt_ended"),
        ("UPDATE attempt SET outcome = NULL, ended_at = NULL", "attempt_id"),
        ("UPDATE attempt SET ended_at = NULL", "attempt_ended"),
        ("UPDATE attempt SET number = 0", "attempt_number"),
        ("UPDATE attempt SET row_id = 99", "FOREIGN KEY"),
        ("DELETE FROM sheet_row WHERE state = 'created'", "FOREIGN KEY"),
        ("DELETE FROM run", "FOREIGN KEY"),
    ],
)
async def test_a_state_that_makes_no_sense_is_refused(backend: Backend, statement: str, rule: str) -> None:
    """Whoever wrote the bug: it is stopped here, before it becomes somebody's second call."""
    with dialling(backend, ADA, BOB, None) as (held, [ada, _]):
        await held.claim(ada)
        await held.settle(ada, Created("id-1"))
        before = everything(backend)
        with pytest.raises(IntegrityError, match=rule):
            backend.tamper(statement)
        assert everything(backend) == before


@pytest.mark.parametrize("statement", ["UPDATE event SET why = 'x'", "DELETE FROM event", "UPDATE event SET at = at"])
async def test_the_history_is_only_added_to(backend: Backend, statement: str) -> None:
    """It is what an auditor reads."""
    with dialling(backend, ADA, CY) as (held, [ada, _]):
        await held.claim(ada)
        await held.settle(ada, REJECTED)
        before = everything(backend)
        with pytest.raises(IntegrityError, match="append-only"):
            backend.tamper(statement)
        assert everything(backend) == before
