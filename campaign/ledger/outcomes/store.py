"""What became of the calls of one ledger: what a follow-up writes down.

No hold on a run is needed to follow its calls: nothing that is written by it lets a phone ring. Putting a row back does
let one ring, and is for the one who holds the run.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from campaign.domain.call_outcome import CallOutcome
from campaign.domain.instants import to_text
from campaign.ledger.outcomes.writes import requeue, write_look, write_outcome
from campaign.ledger.port.writing import OutcomeWriter
from campaign.ledger.privacy.statements import add_to_list
from campaign.ledger.records.outcomes import Looked, MadeCall, Rules
from campaign.ledger.writes.group_commit import Writer


class Outcomes(OutcomeWriter):
    """See the module. Whatever is given back was committed before."""

    def __init__(
        self,
        *,
        writer: Writer,
        key: Callable[[Connection], bytes],
        owner: str,
        now: Callable[[], datetime],
    ) -> None:
        """`key` gives the suppression list's key, inside a transaction that writes."""
        self._writer, self._key, self._owner, self._now = writer, key, owner, now

    def note(self, call: MadeCall, outcome: CallOutcome, *, rules: Rules) -> Looked:
        """Writes down what a look at a call brought; a wish not to be called is on the suppression list with it.

        Raises:
            LedgerError: it is not written, or the list's key is not there.
        """
        at = self._now()

        def suppress(connection: Connection, phone: str) -> bool:
            why = f"asked not to be called, in call {outcome.call_id}"
            key = self._key(connection)
            [new] = add_to_list(connection, [phone], key=key, at=to_text(at), reason=why, source="outcome")
            return new

        return self._writer.do(lambda c: write_outcome(c, call, outcome, at=at, rules=rules, suppress=suppress))

    def note_unread(self, call: MadeCall, *, look_at: datetime) -> None:
        """Writes down that a call could not be read, and when it is looked at again.

        Raises:
            LedgerError: it is not written.
        """
        at = self._now()
        self._writer.do(lambda c: write_look(c, call, at=at, look_at=look_at))

    def requeue(self, rows: Sequence[tuple[int, str]]) -> None:
        """Makes created rows pending again: (the ledger's number of the row, why). Their run must be held.

        Raises:
            LedgerError: one of them was moved by somebody else, or its call leaves no room for another; none is moved.
        """
        at = to_text(self._now())
        self._writer.do(lambda c: requeue(c, rows, owner=self._owner, at=at))
