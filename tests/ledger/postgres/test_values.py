"""What comes from elsewhere fits: text that is none, and numbers of any size."""

import pytest

from campaign.domain.model import Created, Rejected, Unknown
from tests.ledger.backend import ADA, BOB, CY, PostgresBackend, dialling, states

pytestmark = pytest.mark.anyio


async def test_what_no_text_can_hold_in_one_answer_fails_no_ledger(backend: PostgresBackend) -> None:
    """One NUL in the answer of a box on the way would end the night's campaign."""
    with dialling(backend, ADA, BOB, CY) as (held, attempts):
        for attempt in attempts:
            await held.claim(attempt)
        await held.settle(attempts[0], Rejected(2**40, "a NUL \0 and half a character \ud83d"))
        await held.settle(attempts[1], Unknown("lost \0", evidence={"said": "\0\ud83d"}, status=2**40))
        await held.settle(attempts[2], Created("id \0", status=2**40))
        assert held.trouble() is None
    assert states(backend) == ["rejected", "unknown", "created"]
    assert backend.ask("SELECT status FROM attempt WHERE status > 2147483647") == [(2**40,)] * 3
    assert backend.ask("SELECT call_id FROM attempt WHERE call_id IS NOT NULL") == [("id \\x00",)]
