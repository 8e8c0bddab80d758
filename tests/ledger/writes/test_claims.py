"""One row, one move at a time: who may move it, and where to."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.dialects import postgresql

from campaign.domain.errors import LedgerError
from campaign.domain.model import Created, NotSent, Outcome, RowState, Unknown
from campaign.ledger.writes.claims import _CLAIM_ROW
from tests.ledger.backend import ADA, BOB, NOT_SENT, REJECTED, UNKNOWN, Backend, dialling, everything, intruder, states

pytestmark = [pytest.mark.anyio, pytest.mark.every_database]


async def test_a_claim_moves_its_row_and_no_other(backend: Backend) -> None:
    """The promise is for one person."""
    with dialling(backend, ADA, BOB) as (held, [_, bob]):
        assert await held.claim(bob) is None
        assert states(backend) == ["pending", "sending"]
        found = backend.ask("SELECT row_id, number, phone, outcome FROM attempt")
        assert found == [(bob.row_id, 1, BOB, None)]


async def test_a_second_claim_of_a_row_fails_and_writes_nothing(backend: Backend) -> None:
    """Two workers with one row in their hands: one of them must not send."""
    with dialling(backend, ADA, BOB) as (held, [ada, _]):
        await held.claim(ada)
        before = everything(backend)
        with pytest.raises(LedgerError, match="row 2 was moved by another process"):
            await held.claim(ada)
        assert everything(backend) == before
        await held.settle(ada, Created("id-1"))


async def test_a_claim_by_a_second_process_fails(backend: Backend) -> None:
    """Where the lock does not hold (a network disk, say), the database still does."""
    with dialling(backend, ADA) as (held, [ada]), backend.open() as second:
        await held.claim(ada)
        other = intruder(second, held)
        with pytest.raises(LedgerError, match="moved by another process"):
            await other.claim(ada)
        assert await held.settle(ada, Created("id-1")) == Created("id-1")


@pytest.mark.parametrize("number", [1, 3])
async def test_a_claim_that_counts_attempts_otherwise_fails(backend: Backend, number: int) -> None:
    """It was made from an old look at the row."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        await held.settle(ada, NOT_SENT)
        with pytest.raises(LedgerError, match="moved by another process"):
            await held.claim(ada._replace(number=number, waiting_as=RowState.RETRY_WAIT))
        assert states(backend) == ["retry_wait"]


@pytest.mark.parametrize("ending", [Created("id-1"), REJECTED, UNKNOWN, NOT_SENT], ids=lambda e: type(e).__name__)
async def test_a_claim_that_takes_the_row_for_waiting_otherwise_than_it_does_fails(
    backend: Backend, ending: Outcome
) -> None:
    """Its attempts are counted right, and still: it has an ending, or waits for another reason."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        await held.settle(ada, ending)
        before = everything(backend)
        with pytest.raises(LedgerError, match="moved by another process"):
            await held.claim(ada._replace(number=2))
        assert everything(backend) == before


async def test_only_the_owner_of_an_attempt_settles_it(backend: Backend) -> None:
    """Another process does not know what became of it."""
    with dialling(backend, ADA) as (held, [ada]), backend.open() as second:
        await held.claim(ada)
        with pytest.raises(LedgerError, match="row 2 was settled by somebody else"):
            await intruder(second, held).settle(ada, REJECTED)
        assert states(backend) == ["sending"]
        await held.settle(ada, Created("id-1"))


async def test_an_attempt_is_settled_once(backend: Backend) -> None:
    """What was written first is what was seen."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        await held.settle(ada, Created("id-1"))
        for second in (Created("id-2"), REJECTED, UNKNOWN, NOT_SENT):
            with pytest.raises(LedgerError, match="settled by somebody else"):
                await held.settle(ada, second)
        assert backend.ask("SELECT state, call_id FROM sheet_row") == [("created", "id-1")]


async def test_what_was_never_claimed_cannot_be_settled(backend: Backend) -> None:
    """An ending without a promise would be a call that nobody wrote down before it was made."""
    with dialling(backend, ADA) as (held, [ada]):
        with pytest.raises(LedgerError):
            await held.settle(ada, Created("id-1"))
        assert states(backend) == ["pending"]


@pytest.mark.parametrize(
    ("outcome", "state", "kept"),
    [
        (Created("id-1"), "created", ("id-1", None)),
        (REJECTED, "rejected", (None, REJECTED.reason)),
        (UNKNOWN, "unknown", (None, UNKNOWN.reason)),
        (NOT_SENT, "retry_wait", (None, NOT_SENT.reason)),
    ],
    ids=["created", "rejected", "unknown", "not sent"],
)
async def test_each_ending_puts_the_row_where_it_belongs(
    backend: Backend, *, outcome: Outcome, state: str, kept: tuple[str | None, str | None]
) -> None:
    """And says why."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        assert await held.settle(ada, outcome) == outcome
        assert backend.ask("SELECT state, call_id, reason FROM sheet_row") == [(state, *kept)]


async def test_a_row_of_which_nothing_was_sent_is_claimed_again(backend: Backend) -> None:
    """Put back before the first byte, or waiting to be tried again: it is not forgotten."""
    with dialling(backend, ADA) as (held, [ada]):
        next_one = ada
        for wait_as in (RowState.PENDING, RowState.RETRY_WAIT, RowState.PENDING):
            assert await held.claim(next_one) is None
            assert isinstance(await held.settle(next_one, NOT_SENT, wait_as=wait_as), NotSent)
            assert states(backend) == [wait_as.value]
            next_one = next_one._replace(number=next_one.number + 1, waiting_as=wait_as)
        assert await held.claim(next_one) is None
        assert await held.settle(next_one, Created("id-1")) == Created("id-1")
        assert backend.ask("SELECT attempts FROM sheet_row") == [(4,)]


async def test_an_id_that_comes_twice_names_the_first_and_leaves_the_second_unknown(backend: Backend) -> None:
    """Which of the two calls it names is not known: the second person may or may not have been called."""
    with dialling(backend, ADA, BOB) as (held, [ada, bob]):
        await held.claim(ada)
        await held.claim(bob)
        await held.settle(ada, Created("id-1"))
        stands = await held.settle(bob, Created("id-1"))
        assert "id-1 a second time" in getattr(stands, "reason", "")
        assert states(backend) == ["created", "unknown"]
        assert backend.ask("SELECT call_id FROM attempt ORDER BY row_id") == [("id-1",), (None,)]


async def test_half_a_character_in_a_reason_is_spelt_out(backend: Backend) -> None:
    """An odd answer must not keep its own row's ending from being written."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        await held.settle(ada, Unknown(reason="it said \ud83d", evidence={"body": "\ud83d"}))
        assert backend.ask("SELECT state, reason FROM sheet_row") == [("unknown", "it said \\ud83d")]


async def test_claims_and_endings_carry_the_body_the_owner_and_the_times(backend: Backend) -> None:
    """For whoever asks later why a phone rang."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        backend.clock.passes(timedelta(seconds=2))
        await held.settle(ada, UNKNOWN)
        [found] = backend.ask("SELECT owner, body_sha256, claimed_at, ended_at, outcome, evidence FROM attempt")
    assert found.owner.count(":") == 2
    assert found.body_sha256 == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert (found.claimed_at, found.ended_at) == ("2026-12-01T09:00:00.000Z", "2026-12-01T09:00:02.000Z")
    assert (found.outcome, found.evidence) == ("unknown", '{"ended": "ReadError"}')


def test_a_claim_asks_for_each_form_of_its_line_by_itself() -> None:
    """Planned while the ledger is empty, PostgreSQL walks all attempts of the service for a condition with OR or IN.

    It keeps that plan while the ledger grows: each claim of a night would read all calls of the night.
    """
    text = str(_CLAIM_ROW._statement.compile(dialect=postgresql.dialect()))  # type: ignore[attr-defined,no-untyped-call]  # SQLAlchemy types neither
    assert text.count("EXISTS") == 5
    for column in ("line", "digest"):
        asked = re.findall(rf"{column} = %\(\w+\)s(?: COLLATE \"C\")?( OR)?", text)
        assert asked
        assert not any(asked)
        assert not re.search(rf"{column} IN", text)
