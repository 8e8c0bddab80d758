"""The ledger of one folder: the single source on runs for the rest of the project, and the single writer.

with open_ledger(home, now=...) as ledger:
    draft = ledger.drafts.begin(...); ledger.drafts.add(draft, rows); ...; ledger.drafts.publish(draft, ...)
    with ledger.hold(record) as held:           # one process to a run; settles what a crash left open
        await held.claim(attempt); ...; await held.settle(attempt, outcome)
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from sqlalchemy import Connection, insert, update

from campaign.config.database import DatabaseAddress
from campaign.domain.errors import UsageError
from campaign.domain.instants import to_text
from campaign.domain.model import Contact
from campaign.domain.skip_reason import Cancelled, Erased
from campaign.ledger.database.copying import copy_into
from campaign.ledger.database.identity import is_recognised, recognise
from campaign.ledger.database.opening import opened_database
from campaign.ledger.database.protocol import Database
from campaign.ledger.home import ledger_exists
from campaign.ledger.outcomes.store import Outcomes
from campaign.ledger.port import ledger as port
from campaign.ledger.privacy.erasure import close_waiting, forget
from campaign.ledger.privacy.forgotten import anybody_forgotten, forgotten_at, keyed
from campaign.ledger.privacy.key import ready_key, trusted_key
from campaign.ledger.privacy.suppression_list import HashedSuppressionList
from campaign.ledger.queries.counts import refuse_parted_counts
from campaign.ledger.queries.reader import EngineReader
from campaign.ledger.records.owner import new_owner
from campaign.ledger.records.runs import RunRecord, run_mark
from campaign.ledger.records.schedules import ScheduleRecord
from campaign.ledger.records.timetable import TimetableEntry
from campaign.ledger.schema.tables import clock_reading, run
from campaign.ledger.serving.store import LedgerServing
from campaign.ledger.sqlite.database import opened_sqlite
from campaign.ledger.sqlite.passing.inline_writer import InlineWriter
from campaign.ledger.sqlite.passing.passing_copy import copy_key, copy_ledger, leave_to_the_system
from campaign.ledger.sqlite.scratch import TemporaryScratch
from campaign.ledger.subjects.drafts import LedgerDrafts
from campaign.ledger.subjects.schedules import LedgerSchedules
from campaign.ledger.writes.account_rate import SharedAccount, replan, sharing_account
from campaign.ledger.writes.group_commit import Writer
from campaign.ledger.writes.lookup_results import LookupResults
from campaign.ledger.writes.run_session import JournaledRun
from campaign.ledger.writes.skip_superseded import skip_superseded
from campaign.ledger.writes.timetable import add_entries, adopt, plan_entries
from campaign.ledger.writes.workers.boot_clock import boot_seconds
from campaign.ledger.writes.workers.duty import LedgerControl, LedgerWorkers
from campaign.ledger.writes.workers.emergency_journal import EmergencyJournal, read_journal
from campaign.ledger.writes.workers.fence import fenced
from campaign.ledger.writes.workers.membership import Heartbeat, Membership
from campaign.ledger.writes.workers.recovery import settle_left_open

T = TypeVar("T")


@contextmanager
def open_ledger(
    home: Path,
    *,
    now: Callable[[], datetime],
    address: DatabaseAddress | None = None,
    go_on_here: bool = False,
    boot: Callable[[], float] = boot_seconds,
) -> Iterator["Ledger"]:
    """Opens a ledger, and creates it if absent; this thread or another may have it open already.

    Args:
        home: the folder of what is not in the database: the list's key, journals, uploads.
        now: the wall clock; aware instants.
        address: of the PostgreSQL database that it stands in; None for a file in the folder.
        go_on_here: a copy is gone on with, since somebody has seen to it that nothing goes on where it is from.
        boot: seconds of a clock that goes on while this process is stopped.

    Raises:
        LedgerError: it cannot be opened, trusted or written.
        CopiedHomeError: it is a copy, and nobody has.
    """
    with opened_database(home, address) as database:
        ledger = Ledger(home, database, now=now, boot=boot)
        database.ends.callback(ledger.close)
        ledger._recognise(go_on_here=go_on_here)  # noqa: SLF001 - no part of the port: done once, at the opening
        yield ledger


@contextmanager
def open_rehearsal_ledger(
    real: Path, *, now: Callable[[], datetime], address: DatabaseAddress | None = None
) -> Iterator["Ledger"]:
    """Opens a ledger that begins as the real one is, or empty; it is gone when the block ends.

    It knows whom the real one knows: who is never called, and who was called before. No thread writes it, so that it
    can stand in an event loop whose clock waits for nobody.

    Args:
        real: the folder of the real ledger, of which nothing is changed.
        now: the rehearsal's clock; aware instants.
        address: of the real ledger's database; None for the file in its folder.

    Raises:
        LedgerError: the real one cannot be read, or there is no room for the copy.
    """
    with TemporaryDirectory(prefix="campaign-rehearsal-") as folder:
        home = Path(folder)
        if address is None and ledger_exists(real):
            copy_ledger(real, home)
        with opened_sqlite(home, outlives=False) as database:
            leave_to_the_system(database.writing)
            if address is not None:
                with opened_database(real, address) as source:
                    copy_into(database, source=source)
                copy_key(real, home)
            ledger = Ledger(home, database, now=now, writer=InlineWriter, boot=_seconds_of(now), beats=False)
            database.ends.callback(ledger.close)
            ledger._recognise(go_on_here=True)  # noqa: SLF001 - as above; a copy, on purpose
            yield ledger


class Ledger(port.Ledger):
    """The open ledger: implements the port over any database.

    Attributes:
        owner: identifies this process in all that it writes.

    The other attributes are those of the port.
    """

    def __init__(
        self,
        home: Path,
        database: Database,
        *,
        now: Callable[[], datetime],
        journal: Callable[..., EmergencyJournal] = EmergencyJournal,
        writer: Callable[[Database], Writer] = Writer,
        boot: Callable[[], float] = boot_seconds,
        beats: bool = True,
    ) -> None:
        self.home, self.now, self._database, self.place = home, now, database, database.place
        self._reading = reading = database.reading
        self.read = EngineReader(reading, home=home, holds=database)
        self.owner, self._journal = new_owner(), journal
        database.name_sessions(self.owner)
        self._writer = writer(database)
        self._writer.fence = fenced
        self._membership = Membership(owner=self.owner, writer=self._writer, now=now, clock=boot, beats=beats)
        self.control = LedgerControl(writer=self._writer, now=now)
        self.workers = LedgerWorkers(self._membership, writer=self._writer, database=database, now=now)
        self.suppression = HashedSuppressionList(home, writer=self._writer, database=database, now=now)
        self.schedules = LedgerSchedules(writer=self._writer, reading=reading, now=now, owner=self.owner)
        self.serving = LedgerServing(writer=self._writer, reading=reading, now=now, owner=self.owner)
        self.drafts = LedgerDrafts(writer=self._writer, owner=self.owner, now=now, content_forms=self._content_forms)
        self.lookups = LookupResults(self._writer, owner=self.owner, now=now)
        self.outcomes = Outcomes(
            writer=self._writer, key=partial(ready_key, home=home), owner=self.owner, now=now, database=database
        )

    def close(self) -> None:
        """Stops the writer once all queued work is written."""
        self._membership.leave()
        self._writer.close()
        self._database.close_reading(self._writer.failed)

    async def aside(self, work: Callable[[], T]) -> T:
        """See the port `Ledger`."""
        return await self._writer.aside(work)

    def scratch(self) -> TemporaryScratch:
        """See the port `Ledger`."""
        return TemporaryScratch()

    @contextmanager
    def beside(self) -> Iterator["Ledger"]:
        """This ledger for one more thread, with its own owner; a process must not open the same ledger anew."""
        with self._database.beside() as database:
            ledger = Ledger(self.home, database, now=self.now)
            # For people it is the same process.
            ledger._membership.name = self._membership.name
            try:
                yield ledger
            finally:
                ledger.close()

    def note_results(self, run_id: int, path: Path) -> None:
        """Stores the path of the run's results file."""
        self._writer.do(lambda c: c.execute(update(run).where(run.c.id == run_id).values(results_path=str(path))))

    def note_clock(self, run_id: int, *, ahead: float | None, trusted: bool) -> None:
        """See the port `RunWriter`."""
        seconds = None if ahead is None else round(ahead)
        values = {"run_id": run_id, "at": to_text(self.now()), "ahead_seconds": seconds, "trusted": int(trusted)}
        self._writer.do(lambda c: c.execute(insert(clock_reading).values(**values)))

    @contextmanager
    def hold(
        self, record: RunRecord, *, call_again_after: timedelta, most_per_day: int | None = None
    ) -> Iterator[JournaledRun]:
        """See the port `Holder`."""
        if at := forgotten_at(self._reading, record.id):
            raise UsageError(f"run {record.name}: its people were forgotten on {at[:10]}; nobody of it can be called")
        with self.lock_run(record), self._membership.holding():
            digest = self.suppression.hasher()
            refuse_parted_counts(self._reading, record)
            path = self.home / f"run-{record.id}.journal"
            recovered = self._recover(record, path)
            # Its rows must outlive the loss of the -wal: what the journal saves then is tied to them.
            self._database.is_kept()
            with self._journal(path, mark=run_mark(record)) as journal:
                held = JournaledRun(
                    record,
                    writer=self._writer,
                    journal=journal,
                    membership=self._membership,
                    now=self.now,
                    call_again_after=call_again_after,
                    most_per_day=most_per_day,
                    digest=digest,
                    recovered=recovered,
                )
                self._writer.before_loss.append(held.save_all)
                try:
                    yield held
                finally:
                    self._writer.before_loss.remove(held.save_all)

    def lock_run(self, record: RunRecord) -> AbstractContextManager[None]:
        """See the port `Holder`."""
        return self._database.hold_run(name=record.name, number=record.id)

    def lock_schedule(self, record: ScheduleRecord) -> AbstractContextManager[None]:
        """Locks a schedule against every other process while the block lasts.

        Raises:
            BusyError: another process, or another thread of this one, holds it.
        """
        return self._database.hold_schedule(name=record.name, number=record.id)

    def account(self, *, service: str, team: str) -> AbstractContextManager[SharedAccount]:
        """Shares the pace of one account with all runs in all processes on this ledger, while the block lasts."""
        return sharing_account(
            service=service,
            team=team,
            writer=self._writer,
            reading=self._reading,
            now=self.now,
            ahead=self._database.ahead,
        )

    def replan(self, run_id: int, change: Callable[[str], str]) -> str:
        """Replaces a run's plan by one computed from the stored plan; returns the new one."""
        return self._writer.do(lambda c: replan(c, run_id, change))

    def adopt_plan(
        self, record: RunRecord, plan: str, *, moved: Callable[[], Iterable[tuple[int, Contact]]] | None
    ) -> None:
        """See the port `RunWriter`."""
        self._writer.do(lambda c: adopt(c, record.id, plan=plan, moved=moved() if moved else None))

    def add_to_timetable(self, record: RunRecord, entries: Iterable[TimetableEntry]) -> None:
        """Adds timetable entries for rows that have none yet."""
        self._writer.do(lambda c: add_entries(c, record.id, entries))

    def plan_timetable(self, record: RunRecord, dues: Iterable[tuple[int, str]]) -> None:
        """Sets when waiting rows are due, by their number in the sheet; other waiting rows lose their planned time."""
        self._writer.do(lambda c: plan_entries(c, record.id, dues))

    def skip_superseded(self, record: RunRecord) -> int:
        """Skips the held run's waiting rows that another run of its template has called since; returns how many."""
        at = to_text(self.now())
        return self._writer.do(lambda c: skip_superseded(c, record, owner=self.owner, at=at))

    def forget(self, record: RunRecord, *, drop_waiting: bool) -> int:
        """See the port `RunWriter`."""
        at = to_text(self.now())

        def work(connection: Connection) -> int:
            if drop_waiting:
                close_waiting(connection, record.id, skipped=Erased(), owner=self.owner, at=at)
            with self._database.unguarded(connection):
                return forget(connection, record.id, key=ready_key(connection, self.home), owner=self.owner, at=at)

        return self._writer.do(work)

    def cancel(self, record: RunRecord, *, reason: str) -> int:
        """See the port `RunWriter`."""
        why, at = Cancelled(reason), to_text(self.now())
        return self._writer.do(lambda c: close_waiting(c, record.id, skipped=why, owner=self.owner, at=at))

    def _recognise(self, *, go_on_here: bool) -> None:
        """Records which file this ledger is; a copy only if it is to be gone on with.

        Raises:
            CopiedHomeError: it is a copy, and not to be.
        """
        at, database = to_text(self.now()), self._database
        with self._reading.connect() as connection:
            if is_recognised(connection, database):
                return
        self._writer.do(lambda c: recognise(c, database, at=at, go_on_here=go_on_here))

    def _recover(self, record: RunRecord, journal: Path) -> int:
        kept = read_journal(journal, mark=run_mark(record))
        at = to_text(self.now())

        def work(connection: Connection) -> tuple[int, Heartbeat]:
            return settle_left_open(connection, record, kept=kept, at=at), self._membership.join(connection)

        recovered, beat = self._writer.do(work)
        self._membership.done(beat)
        return recovered

    def _content_forms(self, connection: Connection, content_fingerprint: str) -> list[str]:
        """The forms of a sheet's content fingerprint: the plain one, and the keyed hash that an erased run has."""
        key = trusted_key(connection, self.home) if anybody_forgotten(self._reading) else None
        return [content_fingerprint] if key is None else [content_fingerprint, keyed(content_fingerprint, key=key)]


def _seconds_of(now: Callable[[], datetime]) -> Callable[[], float]:
    """A rehearsal's clock as seconds: its time passes by leaps."""
    return lambda: now().timestamp()
