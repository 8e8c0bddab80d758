"""The ledger of one folder: the only thing that the rest of the project asks about runs, and the only one that writes.

with open_ledger(home, now=...) as ledger:
    run_id = ledger.begin(draft); ledger.add(run_id, rows); ledger.publish(run_id, ...)
    with ledger.hold(record) as held:           # one process to a run; crashes of the last one are settled
        await held.claim(attempt); ...; await held.settle(attempt, outcome)
"""

import hashlib
import os
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from campaign.errors import LedgerError
from campaign.ledger import loading
from campaign.ledger.instants import to_text
from campaign.ledger.journal import EmergencyJournal, read_journal
from campaign.ledger.lock import hold_run
from campaign.ledger.moves import Claim, MoveRefused, Settlement, settle_all, settle_taken_id
from campaign.ledger.reading import RunRecord
from campaign.ledger.sqlite import LEDGER_FILE, open_engines, trouble
from campaign.ledger.suppression import SuppressionList
from campaign.ledger.tables import attempt as attempt_table, event, run, sheet_row
from campaign.ledger.writer import Writer
from campaign.model import Attempt, CalledLately, Created, NotSent, Outcome, RowState, Screened, Unknown


@contextmanager
def open_ledger(home: Path, *, now: Callable[[], datetime]) -> Iterator["Ledger"]:
    """Opens the ledger of this folder, and makes it where there is none.

    Args:
        home: the folder.
        now: the wall clock; aware instants.

    Raises:
        LedgerError: it cannot be opened, trusted or written.
    """
    writing, reading = open_engines(home)
    ledger = Ledger(home, writing=writing, reading=reading, now=now)
    try:
        yield ledger
    finally:
        ledger.close()


class Ledger:
    """See the module. `reading` is the engine for `campaign.ledger.reading`'s questions; `suppression` the list."""

    def __init__(self, home: Path, *, writing: Engine, reading: Engine, now: Callable[[], datetime]) -> None:
        self.home, self.reading, self._now = home, reading, now
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._writer = Writer(writing, explain=lambda error: trouble(home / LEDGER_FILE, error))
        self.suppression = SuppressionList(home, writer=self._writer, reading=reading, now=now)

    def close(self) -> None:
        """Ends the writer, after what waits has been written."""
        self._writer.close()
        self.reading.dispose()

    def begin(self, draft: loading.Draft) -> int:
        """Makes a run that is still loading; its number."""
        at = self._now()

        def work(connection: Connection) -> int:
            # A load takes minutes at the most; what is a day old belongs to a process that was killed.
            loading.discard_abandoned(connection, begun_before=to_text(at - timedelta(days=1)))
            return loading.insert_draft(connection, draft, owner=self.owner, at=at)

        return self._writer.do(work)

    def add(self, run_id: int, rows: Sequence[tuple[str, Screened]]) -> None:
        """Adds rows to a run that is still loading, in the sheet's order, each with its content's key."""
        if rows:
            self._writer.do(lambda c: loading.insert_rows(c, run_id, rows))

    def skip_called_lately(self, run_id: int, *, service: str, call_again_after: timedelta) -> int:
        """Skips a loading run's rows whose number any run of this service called within that time; how many."""
        since = to_text(self._now() - call_again_after)
        return self._writer.do(lambda c: loading.skip_called_lately(c, run_id, service=service, since=since))

    def publish(
        self, run_id: int, draft: loading.Draft, *, content_fingerprint: str, name: str | None, stem: str, again: bool
    ) -> str | None:
        """Makes a loaded run one that can be dialled; returns the name of an earlier run of the same instead, if any.

        Looked up and published in one transaction: of two processes that start one sheet together, one wins.

        Raises:
            UsageError: the name is taken.
        """

        def work(connection: Connection) -> str | None:
            same = None if again else self._same(connection, draft, content_fingerprint)
            if same is None:
                chosen = name or loading.free_name(connection, stem)
                loading.publish(connection, run_id, name=chosen, content_fingerprint=content_fingerprint)
            return same

        return self._writer.do(work)

    def find_same(self, draft: loading.Draft, *, content_fingerprint: str) -> str | None:
        """The latest run of this content under this template at this service."""
        return self._writer.do(lambda c: self._same(c, draft, content_fingerprint))

    def discard(self, run_id: int) -> None:
        """Removes a run that was not published."""
        self._writer.do(lambda c: loading.discard(c, run_id))

    def name_of(self, run_id: int) -> str:
        """The run's name."""
        return self._writer.do(lambda c: str(c.execute(select(run.c.name).where(run.c.id == run_id)).scalar_one()))

    def note_results(self, run_id: int, path: Path) -> None:
        """Remembers where the run's results file is."""
        self._writer.do(lambda c: c.execute(update(run).where(run.c.id == run_id).values(results_path=str(path))))

    @contextmanager
    def hold(self, record: RunRecord, *, call_again_after: timedelta) -> Iterator["HeldRun"]:
        """Holds a run for this process: no other can dial it, and what the last holder left open is settled.

        Raises:
            BusyError: another process holds it.
            LedgerError: the disk or the ledger is in trouble.
        """
        with hold_run(self.home, name=record.name, number=record.id):
            digest = self.suppression.hasher()
            path = self.home / f"run-{record.id}.journal"
            recovered = self._recover(record, path)
            with EmergencyJournal(path) as journal:
                yield HeldRun(
                    record,
                    writer=self._writer,
                    journal=journal,
                    owner=self.owner,
                    now=self._now,
                    call_again_after=call_again_after,
                    digest=digest,
                    recovered=recovered,
                )

    def put_back_rejected(self, record: RunRecord) -> int:
        """Makes the run's rejected rows pending again, in a new round; how many. The run must be held."""
        at = to_text(self._now())

        def work(connection: Connection) -> int:
            rejected = (sheet_row.c.run_id == record.id) & (sheet_row.c.state == RowState.REJECTED.value)
            moves = select(
                sheet_row.c.id,
                sheet_row.c.attempts,
                literal(at),
                literal(self.owner),
                literal(RowState.REJECTED.value),
                literal(RowState.PENDING.value),
                literal("rerun"),
            ).where(rejected)
            connection.execute(
                insert(event).from_select(["row_id", "attempt", "at", "owner", "from_state", "to_state", "why"], moves)
            )
            put_back = update(sheet_row).where(rejected)
            return connection.execute(
                put_back.values(state=RowState.PENDING.value, round=sheet_row.c.round + 1, reason=None)
            ).rowcount

        return self._writer.do(work)

    def _recover(self, record: RunRecord, journal: Path) -> int:
        kept = list(read_journal(journal))
        at = to_text(self._now())

        def work(connection: Connection) -> int:
            for attempt, outcome in kept:
                _settle_left_open(connection, attempt, outcome, at=at)
            open_attempts = connection.execute(
                select(attempt_table.c.row_id, attempt_table.c.number, attempt_table.c.owner).where(
                    attempt_table.c.run_id == record.id, attempt_table.c.outcome.is_(None)
                )
            ).all()
            for row in open_attempts:
                doubt = Unknown(
                    reason="the program stopped while this call was on its way; it may have been made",
                    evidence={"owner": row.owner},
                )
                left = Attempt(row_id=row.row_id, row_number=0, number=row.number, phone="", body=b"")
                _settle_left_open(connection, left, doubt, at=at)
            return len(open_attempts)

        return self._writer.do(work)

    @staticmethod
    def _same(connection: Connection, draft: loading.Draft, content_fingerprint: str) -> str | None:
        return loading.find_same(
            connection,
            service=draft.service,
            template_fingerprint=draft.template_fingerprint,
            content_fingerprint=content_fingerprint,
        )


class HeldRun:
    """The ledger as the dialing of one run sees it.

    Attributes:
        record: the run.
        recovered: how many attempts the last holder had left open, which are `unknown` now.
        lost: endings that neither the ledger nor the journal could take; they are told to the user as they are.
    """

    def __init__(
        self,
        record: RunRecord,
        *,
        writer: Writer,
        journal: EmergencyJournal,
        owner: str,
        now: Callable[[], datetime],
        call_again_after: timedelta,
        digest: Callable[[str], str],
        recovered: int,
    ) -> None:
        self.record, self.recovered, self.lost = record, recovered, list[str]()
        self._writer, self._journal, self._owner, self._now = writer, journal, owner, now
        self._call_again_after, self._digest = call_again_after, digest

    async def claim(self, attempt: Attempt) -> CalledLately | None:
        """Promises the attempt; None when the promise is on the disk, and only then may it be sent.

        Raises:
            LedgerError: it is not; nothing may be sent.
        """
        now = attempt.promised_at or self._now()
        return await self._writer.claim(
            Claim(
                attempt=attempt,
                run_id=self.record.id,
                service=self.record.service,
                owner=self._owner,
                body_sha256=hashlib.sha256(attempt.body).hexdigest(),
                at=to_text(now),
                since=to_text(now - self._call_again_after),
                digest=self._digest(attempt.phone),
            )
        )

    async def settle(self, attempt: Attempt, outcome: Outcome, *, wait_as: RowState = RowState.RETRY_WAIT) -> Outcome:
        """Writes what became of a claimed attempt; returns what stands in the ledger.

        Raises:
            LedgerError: the ledger could not take it. It is in the emergency journal then, and the run must stop.
        """
        settlement = Settlement(
            attempt=attempt, owner=self._owner, at=to_text(self._now()), outcome=outcome, wait_as=wait_as
        )
        try:
            return await self._writer.settle(settlement)
        except LedgerError:
            self._keep(settlement)
            raise

    def _keep(self, settlement: Settlement) -> None:
        if isinstance(settlement.outcome, NotSent):
            return  # Left open, it becomes unknown at the next start: nobody is called twice for it.
        try:
            self._journal.keep(settlement)
        except OSError:
            self.lost.append(f"row {settlement.attempt.row_number}: {settlement.outcome}")


def _settle_left_open(connection: Connection, attempt: Attempt, outcome: Outcome, *, at: str) -> None:
    owner = connection.execute(
        select(attempt_table.c.owner).where(
            attempt_table.c.row_id == attempt.row_id,
            attempt_table.c.number == attempt.number,
            attempt_table.c.outcome.is_(None),
        )
    ).scalar()
    if owner is None:
        return  # Settled before: a journal may be read twice, when the first reading was cut off.
    settlement = Settlement(attempt=attempt, owner=owner, at=at, outcome=outcome)
    try:
        with connection.begin_nested():
            settle_all(connection, [settlement])
    except IntegrityError:
        if not isinstance(outcome, Created):
            raise
        settle_taken_id(connection, settlement, outcome)
    except MoveRefused:
        raise LedgerError(f"attempt {attempt.number} of ledger row {attempt.row_id} does not fit its row") from None
