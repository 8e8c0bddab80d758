"""Call outcomes of one ledger: the writes of a follow-up.

Following a run's calls does not require holding the run, since these writes never cause a call. Requeueing a row does
cause one, so it requires the hold.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from campaign.domain.attempt_end import LOOPBACK, RINGS_NOBODY
from campaign.domain.call_outcome import CallOutcome
from campaign.domain.instants import to_text
from campaign.ledger.database.protocol import Database
from campaign.ledger.outcomes.doubts import believe_again, write_doubt
from campaign.ledger.outcomes.writes import requeue, write_look, write_outcome
from campaign.ledger.port.writing import OutcomeWriter
from campaign.ledger.privacy.rehearsed import ASKED, BY_OUTCOME
from campaign.ledger.privacy.statements import add_to_list, spelt_digests
from campaign.ledger.records.outcomes import Looked, MadeCall, Rules
from campaign.ledger.records.suppression import EVERYWHERE
from campaign.ledger.writes.group_commit import Writer
from campaign.ledger.writes.load import service_of


class Outcomes(OutcomeWriter):
    """The open ledger: implements the port. Every method returns after its commit."""

    def __init__(
        self,
        *,
        writer: Writer,
        key: Callable[[Connection], bytes],
        owner: str,
        now: Callable[[], datetime],
        database: Database,
    ) -> None:
        """`key` returns the suppression list's key, inside a transaction that writes."""
        self._writer, self._key, self._owner, self._now, self._database = writer, key, owner, now, database

    def note(
        self, call: MadeCall, outcome: CallOutcome, *, rules: Rules, is_named: bool = False, made_up: bool = False
    ) -> Looked:
        """See the port `OutcomeWriter`."""
        at = self._now()
        opted_out = list[Sequence[str]]()

        def suppress(connection: Connection, phone: str) -> bool:
            self._database.lock_numbers(connection, [phone])
            why = f"{ASKED}{outcome.call_id}"
            key = self._key(connection)
            opted_out[:] = [spelt_digests(phone, key=key)]
            [new] = add_to_list(
                connection,
                [phone],
                key=key,
                at=to_text(at),
                reason=why,
                source=BY_OUTCOME,
                service=_only_at(connection, call, made_up=made_up),
            )
            return new

        def work(connection: Connection) -> Looked:
            if is_named:
                believe_again(connection, call, owner=self._owner, at=to_text(at))
            return write_outcome(connection, call, outcome, at=at, rules=rules, suppress=suppress)

        looked = self._writer.do(work)
        if opted_out:
            self._database.read_back(opted_out)
        return looked

    def note_unread(self, call: MadeCall, *, look_at: datetime) -> None:
        """See the port `OutcomeWriter`."""
        at = self._now()
        self._writer.do(lambda c: write_look(c, call, at=at, look_at=look_at))

    def doubt(self, call: MadeCall, *, reason: str, look_at: datetime) -> bool:
        """See the port `OutcomeWriter`."""
        at = self._now()

        def work(connection: Connection) -> bool:
            write_look(connection, call, at=at, look_at=look_at)
            return write_doubt(connection, call, reason=reason, owner=self._owner, at=to_text(at))

        return self._writer.do(work)

    def requeue(self, rows: Sequence[tuple[int, str]]) -> None:
        """See the port `OutcomeWriter`."""
        at = to_text(self._now())
        self._writer.do(lambda c: requeue(c, rows, owner=self._owner, at=at))


def _only_at(connection: Connection, call: MadeCall, *, made_up: bool) -> str:
    """The service for which alone an opt-out in this call holds: one that a stand-in makes up binds no real call.

    What is reached on this machine may be a proxy before AICaller, unless it says that it is a stand-in.
    """
    service = service_of(connection, call.run_id)
    return service if service == RINGS_NOBODY or (service == LOOPBACK and made_up) else EVERYWHERE
