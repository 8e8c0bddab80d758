"""The ledger of one folder: the only thing that the rest of the project asks about runs, and the only one that writes.

with open_ledger(home, now=...) as ledger:
    run_id = ledger.begin(draft); ledger.add(run_id, rows, wording=...); ledger.publish(run_id, ...)
    with ledger.hold(record) as held:           # one process to a run; crashes of the last one are settled
        await held.claim(attempt); ...; await held.settle(attempt, outcome)
"""

import os
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, select, update

from campaign.domain.cures import Wording
from campaign.domain.errors import UsageError
from campaign.domain.instants import to_text
from campaign.domain.model import Screened
from campaign.domain.skip_reason import Skipped
from campaign.ledger.outcomes.store import Outcomes
from campaign.ledger.port import ledger as port
from campaign.ledger.privacy.erasure import close_waiting, forget
from campaign.ledger.privacy.forgotten import anybody_forgotten, forgotten_at, keyed
from campaign.ledger.privacy.key import ready_key, trusted_key
from campaign.ledger.queries.reader import EngineReader
from campaign.ledger.records.reruns import CorrectedRow, Requeued
from campaign.ledger.records.runs import Draft, RunRecord
from campaign.ledger.records.schedules import ScheduleRecord
from campaign.ledger.records.timetable import Entry
from campaign.ledger.schedules import LedgerSchedules, link_run
from campaign.ledger.schema.tables import run
from campaign.ledger.sqlite.engine import LEDGER_FILE, more_engines, trouble
from campaign.ledger.sqlite.lock import hold_run, hold_schedule
from campaign.ledger.sqlite.open_files import OPEN_FILES
from campaign.ledger.suppression_list import HashedSuppressionList
from campaign.ledger.writes import load
from campaign.ledger.writes.account_rate import SharedAccount, replan, sharing_account
from campaign.ledger.writes.emergency_journal import EmergencyJournal, read_journal
from campaign.ledger.writes.group_commit import Writer
from campaign.ledger.writes.lookup_results import Lookups
from campaign.ledger.writes.recovery import settle_left_open
from campaign.ledger.writes.requeue import requeue
from campaign.ledger.writes.run_session import JournaledRun
from campaign.ledger.writes.skip_superseded import leave_to_later_runs
from campaign.ledger.writes.timetable import add_entries, plan_entries


@contextmanager
def open_ledger(home: Path, *, now: Callable[[], datetime]) -> Iterator["Ledger"]:
    """Opens the ledger of this folder, and makes it where there is none; where this thread or another has it open, too.

    Args:
        home: the folder.
        now: the wall clock; aware instants.

    Raises:
        LedgerError: it cannot be opened, trusted or written.
    """
    with OPEN_FILES.engines(home) as (writing, reading):
        ledger = Ledger(home, writing=writing, reading=reading, now=now)
        try:
            yield ledger
        finally:
            ledger.close()


class Ledger(port.Ledger):
    """See the module.

    Attributes:
        owner: this process, as it stands beside all that it writes.

    The others are the port's.
    """

    def __init__(self, home: Path, *, writing: Engine, reading: Engine, now: Callable[[], datetime]) -> None:
        self.home, self.now = home, now
        self.read, self._reading = EngineReader(reading, home=home), reading
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._writer = Writer(writing, explain=lambda error: trouble(home / LEDGER_FILE, error))
        self.suppression = HashedSuppressionList(home, writer=self._writer, reading=reading, now=now)
        self.schedules = LedgerSchedules(writer=self._writer, reading=reading, now=now, owner=self.owner)
        self.lookups = Lookups(self._writer, owner=self.owner, now=now)
        self.outcomes = Outcomes(writer=self._writer, key=partial(ready_key, home=home), owner=self.owner, now=now)

    def close(self) -> None:
        """Ends the writer, after what waits has been written."""
        self._writer.close()
        self._reading.dispose()

    @contextmanager
    def beside(self) -> Iterator["Ledger"]:
        """This ledger for one more thread, with an owner of its own; never open it anew in a process that has it open.

        See `sqlite.more_engines` for what would happen.
        """
        writing, reading = more_engines(self.home)
        ledger = Ledger(self.home, writing=writing, reading=reading, now=self.now)
        try:
            yield ledger
        finally:
            ledger.close()

    def begin(self, draft: Draft) -> int:
        """Makes a run that is still loading; its number."""
        at = self.now()

        def work(connection: Connection) -> int:
            # A load takes minutes at the most; what is a day old belongs to a process that was killed.
            load.discard_abandoned(connection, begun_before=to_text(at - timedelta(days=1)))
            return load.insert_draft(connection, draft, owner=self.owner, at=at)

        return self._writer.do(work)

    def add(self, run_id: int, rows: Sequence[tuple[str, Screened]], *, wording: Wording) -> None:
        """Adds rows to a run that is still loading, in the sheet's order, each with its content's key."""
        if rows:
            self._writer.do(lambda c: load.insert_rows(c, run_id, rows, wording=wording))

    def skip_called_recently(self, run_id: int, *, service: str, call_again_after: timedelta) -> int:
        """Skips a loading run's rows whose number any run of this service called within that time; how many."""
        since = to_text(self.now() - call_again_after)
        return self._writer.do(lambda c: load.skip_called_recently(c, run_id, service=service, since=since))

    def skip(self, run_id: int, reasons: Mapping[int, Skipped]) -> int:
        """Skips a loading run's rows by their number in the sheet, each with its reason; how many were to be called."""
        return self._writer.do(lambda c: load.skip_numbered(c, run_id, reasons)) if reasons else 0

    def publish(
        self,
        run_id: int,
        draft: Draft,
        *,
        content_fingerprint: str,
        name: str | None,
        stem: str,
        again: bool,
        firing_id: int | None = None,
    ) -> str | None:
        """Makes a loaded run one that can be dialled; returns the name of an earlier run of the same instead, if any.

        Looked up and published in one transaction: of two processes that start one sheet together, one wins. So is the
        firing tied to its run that it is published for.

        Raises:
            UsageError: the name is taken.
            LedgerError: the firing is not this process's any more.
        """

        def work(connection: Connection) -> str | None:
            same = None if again else self._same(connection, draft, content_fingerprint)
            if same is None:
                chosen = name or load.free_name(connection, stem)
                load.publish(connection, run_id, name=chosen, content_fingerprint=content_fingerprint)
                if firing_id is not None:
                    link_run(connection, firing_id, run_id=run_id, owner=self.owner)
            return same

        return self._writer.do(work)

    def find_same(self, draft: Draft, *, content_fingerprint: str) -> str | None:
        """The latest run of this content under this template at this service."""
        return self._writer.do(lambda c: self._same(c, draft, content_fingerprint))

    def discard(self, run_id: int) -> None:
        """Removes a run that was not published."""
        self._writer.do(lambda c: load.discard(c, run_id))

    def name_of(self, run_id: int) -> str:
        """The run's name."""
        return self._writer.do(lambda c: str(c.execute(select(run.c.name).where(run.c.id == run_id)).scalar_one()))

    def note_results(self, run_id: int, path: Path) -> None:
        """Remembers where the run's results file is."""
        self._writer.do(lambda c: c.execute(update(run).where(run.c.id == run_id).values(results_path=str(path))))

    @contextmanager
    def hold(
        self, record: RunRecord, *, call_again_after: timedelta, most_per_day: int | None = None
    ) -> Iterator[JournaledRun]:
        """Holds a run for this process: no other can dial it, and what the last holder left open is settled.

        Raises:
            BusyError: another process holds it.
            UsageError: its people were forgotten.
            LedgerError: the disk or the ledger is in trouble.
        """
        if at := forgotten_at(self._reading, record.id):
            raise UsageError(f"run {record.name}: its people were forgotten on {at[:10]}; nobody of it can be called")
        with hold_run(self.home, name=record.name, number=record.id):
            digest = self.suppression.hasher()
            path = self.home / f"run-{record.id}.journal"
            recovered = self._recover(record, path)
            with EmergencyJournal(path) as journal:
                yield JournaledRun(
                    record,
                    writer=self._writer,
                    journal=journal,
                    owner=self.owner,
                    now=self.now,
                    call_again_after=call_again_after,
                    most_per_day=most_per_day,
                    digest=digest,
                    recovered=recovered,
                )

    def lock_run(self, record: RunRecord) -> AbstractContextManager[None]:
        """Keeps every other process from holding a run while the block lasts; nothing of it is changed.

        Raises:
            BusyError: another process holds it.
        """
        return hold_run(self.home, name=record.name, number=record.id)

    def lock_schedule(self, record: ScheduleRecord) -> AbstractContextManager[None]:
        """Keeps every other process from seeing to a schedule while the block lasts.

        Raises:
            BusyError: another process, or another thread of this one, sees to it.
        """
        return hold_schedule(self.home, name=record.name, number=record.id)

    def account(self, *, service: str, team: str) -> AbstractContextManager[SharedAccount]:
        """The pace that all runs of one account share, in all processes with this ledger, while the block lasts."""
        return sharing_account(service=service, team=team, writer=self._writer, reading=self._reading, now=self.now)

    def replan(self, run_id: int, change: Callable[[str], str]) -> str:
        """Writes down another plan for a run, made of the one that stands there; returns it."""
        return self._writer.do(lambda c: replan(c, run_id, change))

    def requeue(self, record: RunRecord, rows: Sequence[int], *, corrected: Sequence[CorrectedRow] = ()) -> Requeued:
        """Makes failed rows of the run pending again, in a round of their own. The run must be held.

        Raises:
            UsageError: a corrected row cannot be taken as it is any more; nothing is changed.
        """
        at = to_text(self.now())
        return self._writer.do(lambda c: requeue(c, record.id, rows, corrected=corrected, owner=self.owner, at=at))

    def add_to_timetable(self, record: RunRecord, entries: Iterable[Entry]) -> None:
        """Writes the timetable's entries of rows that have none yet."""
        self._writer.do(lambda c: add_entries(c, record.id, entries))

    def plan_timetable(self, record: RunRecord, dues: Iterable[tuple[int, str]]) -> None:
        """Writes when the waiting rows are due, by their number in the sheet; the others that wait are due no more."""
        self._writer.do(lambda c: plan_entries(c, record.id, dues))

    def leave_to_later_runs(self, record: RunRecord) -> int:
        """Skips the run's waiting rows that another run of its template has called since; how many. It must be held."""
        at = to_text(self.now())
        return self._writer.do(lambda c: leave_to_later_runs(c, record, owner=self.owner, at=at))

    def forget(self, record: RunRecord, *, drop_waiting: bool) -> int:
        """Takes the people out of a run for good; of how many rows. The run must be held.

        With `drop_waiting`, rows that are still to be called are skipped before.

        Raises:
            LedgerError: rows are still to be called; or the ledger cannot be written, and all is as it was.
        """
        at = to_text(self.now())

        def work(connection: Connection) -> int:
            if drop_waiting:
                close_waiting(connection, record.id, owner=self.owner, at=at)
            return forget(connection, record.id, key=ready_key(connection, self.home), owner=self.owner, at=at)

        return self._writer.do(work)

    def _recover(self, record: RunRecord, journal: Path) -> int:
        kept = list(read_journal(journal))
        at = to_text(self.now())
        return self._writer.do(lambda c: settle_left_open(c, record.id, kept=kept, at=at))

    def _same(self, connection: Connection, draft: Draft, content_fingerprint: str) -> str | None:
        key = trusted_key(connection, self.home) if anybody_forgotten(self._reading) else None
        forms = [content_fingerprint] if key is None else [content_fingerprint, keyed(content_fingerprint, key=key)]
        return load.find_same(
            connection,
            service=draft.service,
            template_fingerprint=draft.template_fingerprint,
            content_fingerprints=forms,
        )
