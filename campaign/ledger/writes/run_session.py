"""The session of one run's dialling: claims and settles attempts, and keeps endings that cannot be written."""

import hashlib
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection

from campaign.domain.errors import LedgerError, TakenForDeadError
from campaign.domain.instants import to_text
from campaign.domain.model import Attempt, ClaimRefused, NotSent, Outcome, RowState
from campaign.domain.phone_line import other_spelling
from campaign.ledger.port.session import HeldRun
from campaign.ledger.privacy.forgotten import KEYED
from campaign.ledger.queries.contact_limits import NO_LIMIT
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.writes.claims import Beside, Claim, Settlement
from campaign.ledger.writes.group_commit import Writer
from campaign.ledger.writes.jobs import CommitReceipt
from campaign.ledger.writes.workers.membership import Membership
from campaign.ledger.writes.workers.recovery import attempts_that_rang


class Journal(Protocol):
    """Protocol: stores endings that the ledger could not take."""

    def keep(self, *settlements: Settlement) -> None:
        """Keeps endings; of one attempt the last one holds.

        Raises:
            OSError: even this is not possible.
        """


class JournaledRun(HeldRun):
    """A held run, with a journal for endings that the ledger cannot take.

    Attributes:
        record: the run.
        recovered: how many attempts the last holder left open; they are `unknown` now.
        lost: endings that neither the ledger nor the journal could take; they are shown to the user verbatim.
    """

    def __init__(  # noqa: PLR0913 - what a claim depends on
        self,
        record: RunRecord,
        *,
        writer: Writer,
        journal: Journal,
        membership: Membership,
        now: Callable[[], datetime],
        call_again_after: timedelta,
        most_per_day: int | None = None,
        digest: Callable[[str], str],
        recovered: int,
    ) -> None:
        self.record, self.recovered, self.lost = record, recovered, list[str]()
        self._writer, self._journal, self._now = writer, journal, now
        # For as long as it is held: a process that is taken for dead and begins anew is another owner.
        self._membership, self._owner = membership, membership.owner
        self._promised = dict[tuple[int, int], float]()
        self._call_again_after, self._most_per_day, self._digest = call_again_after, most_per_day, digest

    async def claim(self, attempt: Attempt) -> ClaimRefused | None:
        """See the port `HeldRun`."""
        # Before it is written: this process may be stopped while it waits for the commit.
        self._promised[attempt.row_id, attempt.number] = self._membership.promised()
        claimed = False
        try:
            refused = await self._claimed(attempt)
            claimed = refused is None
        except TakenForDeadError:
            self._membership.ended = True
            raise
        finally:
            if not claimed:
                self._promised.pop((attempt.row_id, attempt.number), None)
        return refused

    def why_too_late(self, attempt: Attempt) -> str | None:
        """See the port `HeldRun`."""
        return self._membership.why_too_late(self._promised.get((attempt.row_id, attempt.number)))

    def settle(
        self, attempt: Attempt, outcome: Outcome, *, wait_as: RowState = RowState.RETRY_WAIT
    ) -> Coroutine[Any, Any, Outcome]:
        """See the port `HeldRun`."""
        self._promised.pop((attempt.row_id, attempt.number), None)
        settlement = Settlement(
            attempt=attempt, owner=self._owner, at=to_text(self._now()), outcome=outcome, wait_as=wait_as
        )
        try:
            receipt = self._writer.settle(settlement)
        except LedgerError:
            self._keep(settlement)
            raise
        return self._confirmed(settlement, receipt)

    def trouble(self) -> LedgerError | None:
        """Why nothing can be claimed any more, noticed within a second; None while all is well."""
        return self._writer.failed or self._membership.trouble()

    def save_all(self, connection: Connection) -> None:
        """Keeps all that this ledger says of the run's attempts in the journal, before its files are let go."""
        at = to_text(self._now())
        self._journal.keep(
            *(
                Settlement(attempt=attempt, owner=self._owner, at=at, outcome=outcome)
                for attempt, outcome in attempts_that_rang(connection, self.record.id)
            )
        )

    async def _claimed(self, attempt: Attempt) -> ClaimRefused | None:
        now, record = attempt.claimed_at or self._now(), self.record
        other = other_spelling(attempt.phone)
        digest = self._digest(attempt.phone)
        return await self._writer.claim(
            Claim(
                attempt=attempt,
                run_id=record.id,
                service=record.service,
                owner=self._owner,
                body_sha256=hashlib.sha256(attempt.body).hexdigest(),
                at=to_text(now),
                since=to_text(now - self._call_again_after),
                digest=digest,
                other_digest=digest if other is None else self._digest(other),
                beside=None if record.again else Beside(record.template_fingerprint, since=record.created_at),
                said=self._digest(KEYED + attempt.said) if attempt.said else None,
                day_since=to_text(now - timedelta(hours=24)),
                most_per_day=NO_LIMIT if self._most_per_day is None else self._most_per_day,
            )
        )

    async def _confirmed(self, settlement: Settlement, receipt: CommitReceipt[Outcome]) -> Outcome:
        try:
            return await receipt
        except LedgerError:
            self._keep(settlement)
            raise

    def _keep(self, settlement: Settlement) -> None:
        if isinstance(settlement.outcome, NotSent):
            return  # Left open, it becomes unknown at the next start, so that it never leads to a second call.
        try:
            self._journal.keep(settlement)
        except OSError:
            self.lost.append(f"row {settlement.attempt.row_number}: {settlement.outcome}")
