"""The ledger of one folder: the single source on runs for the rest of the project, and the single writer.

with open_ledger(home, now=...) as ledger:
    draft = ledger.drafts.begin(...); ledger.drafts.add(draft, rows); ...; ledger.drafts.publish(draft, ...)
    with ledger.hold(record) as held:           # one process to a run; settles what a crash left open
        await held.claim(attempt); ...; await held.settle(attempt, outcome)
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, insert, update

from campaign.domain.errors import LedgerFilesError, UsageError
from campaign.domain.instants import to_text
from campaign.domain.model import Contact
from campaign.domain.skip_reason import Cancelled, Erased
from campaign.ledger.drafts import LedgerDrafts
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
from campaign.ledger.schedules import LedgerSchedules
from campaign.ledger.schema.tables import clock_reading, run
from campaign.ledger.serving.store import LedgerServing
from campaign.ledger.sqlite.engine import LEDGER_FILE, more_engines, trouble
from campaign.ledger.sqlite.home_identity import is_recognised, recognise_home
from campaign.ledger.sqlite.inline_writer import InlineWriter
from campaign.ledger.sqlite.lock import hold_run, hold_schedule
from campaign.ledger.sqlite.never_close import never_close
from campaign.ledger.sqlite.open_files import OPEN_FILES, OpenFile
from campaign.ledger.sqlite.passing_copy import NoJournal, copy_ledger, leave_to_the_system
from campaign.ledger.sqlite.read_back import copy_log, read_back
from campaign.ledger.writes.account_rate import SharedAccount, replan, sharing_account
from campaign.ledger.writes.emergency_journal import EmergencyJournal, read_journal
from campaign.ledger.writes.group_commit import Writer
from campaign.ledger.writes.lookup_results import LookupResults
from campaign.ledger.writes.recovery import settle_left_open
from campaign.ledger.writes.run_session import JournaledRun
from campaign.ledger.writes.skip_superseded import skip_superseded
from campaign.ledger.writes.timetable import add_entries, adopt, plan_entries


@contextmanager
def open_ledger(home: Path, *, now: Callable[[], datetime], go_on_here: bool = False) -> Iterator["Ledger"]:
    """Opens the ledger of this folder, and creates it if absent; this thread or another may have it open already.

    Args:
        home: the folder.
        now: the wall clock; aware instants.
        go_on_here: a copy is gone on with, since somebody has seen to it that nothing goes on where it is from.

    Raises:
        LedgerError: it cannot be opened, trusted or written.
        CopiedHomeError: it is a copy, and nobody has.
    """
    with OPEN_FILES.opened(home) as file:
        ledger = Ledger(home, file, now=now)
        file.ends.callback(ledger.close)
        ledger._recognise(go_on_here=go_on_here)  # noqa: SLF001 - no part of the port: done once, at the opening
        yield ledger


@contextmanager
def open_rehearsal_ledger(real: Path, *, now: Callable[[], datetime]) -> Iterator["Ledger"]:
    """Opens a ledger that begins as the one of that folder is, or empty; it is gone when the block ends.

    It knows whom the real one knows: who is never called, and who was called before. No thread writes it, so that it
    can stand in an event loop whose clock waits for nobody.

    Args:
        real: the folder of the real ledger, of which nothing is changed.
        now: the rehearsal's clock; aware instants.

    Raises:
        LedgerError: the real one cannot be read, or there is no room for the copy.
    """
    with TemporaryDirectory(prefix="campaign-rehearsal-") as folder:
        home = Path(folder)
        if ledger_exists(real):
            copy_ledger(real, home)
        with OPEN_FILES.opened(home) as file:
            leave_to_the_system(file.writing)
            writer = partial(InlineWriter, reading=file.reading)
            ledger = Ledger(home, file, now=now, journal=NoJournal, writer=writer, outlives=False)
            file.ends.callback(ledger.close)
            ledger._recognise(go_on_here=True)  # noqa: SLF001 - as above; a copy, on purpose
            yield ledger


class Ledger(port.Ledger):
    """The open ledger: implements the port over SQLite.

    Attributes:
        owner: identifies this process in all that it writes.

    The other attributes are those of the port.
    """

    def __init__(
        self,
        home: Path,
        file: OpenFile,
        *,
        now: Callable[[], datetime],
        journal: Callable[..., EmergencyJournal] = EmergencyJournal,
        writer: Callable[..., Writer] = Writer,
        outlives: bool = True,
    ) -> None:
        """`outlives` says that it must outlive this process and the loss of its files, as all but a rehearsal does."""
        self.home, self.now, self._file = home, now, file
        path, reading = home / LEDGER_FILE, file.reading
        self.read, self._reading = EngineReader(reading, home=home), reading
        self.owner, self._journal = new_owner(), journal
        self._writer = writer(file.writing, explain=partial(trouble, path), check=file.watch.check)
        self._outlives = outlives
        stored = partial(read_back, path) if outlives else _believed
        self.suppression = HashedSuppressionList(home, writer=self._writer, reading=reading, now=now, stored=stored)
        self.schedules = LedgerSchedules(writer=self._writer, reading=reading, now=now, owner=self.owner)
        self.serving = LedgerServing(writer=self._writer, reading=reading, now=now, owner=self.owner)
        self.drafts = LedgerDrafts(writer=self._writer, owner=self.owner, now=now, content_forms=self._content_forms)
        self.lookups = LookupResults(self._writer, owner=self.owner, now=now)
        self.outcomes = Outcomes(
            writer=self._writer, key=partial(ready_key, home=home), owner=self.owner, now=now, stored=stored
        )

    def close(self) -> None:
        """Stops the writer once all queued work is written."""
        self._writer.close()
        lost = self._writer.failed
        if isinstance(lost, LedgerFilesError) and not lost.may_close:
            never_close(self._reading)
        else:
            self._reading.dispose()

    @contextmanager
    def beside(self) -> Iterator["Ledger"]:
        """This ledger for one more thread, with its own owner; a process must not open the same ledger anew.

        `sqlite.engine.more_engines` says why.
        """
        writing, reading = more_engines(self.home)
        ledger = Ledger(self.home, OpenFile(writing, reading, self._file.watch), now=self.now)
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
        with hold_run(self.home, name=record.name, number=record.id):
            digest = self.suppression.hasher()
            refuse_parted_counts(self._reading, record)
            path = self.home / f"run-{record.id}.journal"
            recovered = self._recover(record, path)
            # Its rows must outlive the loss of the -wal: what the journal saves then is tied to them.
            if self._outlives:
                copy_log(self.home / LEDGER_FILE)
            with self._journal(path, mark=run_mark(record)) as journal:
                held = JournaledRun(
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
                self._writer.before_loss.append(held.save_all)
                try:
                    yield held
                finally:
                    self._writer.before_loss.remove(held.save_all)

    def lock_run(self, record: RunRecord) -> AbstractContextManager[None]:
        """See the port `Holder`."""
        return hold_run(self.home, name=record.name, number=record.id)

    def lock_schedule(self, record: ScheduleRecord) -> AbstractContextManager[None]:
        """Locks a schedule against every other process while the block lasts.

        Raises:
            BusyError: another process, or another thread of this one, holds it.
        """
        return hold_schedule(self.home, name=record.name, number=record.id)

    def account(self, *, service: str, team: str) -> AbstractContextManager[SharedAccount]:
        """Shares the pace of one account with all runs in all processes on this ledger, while the block lasts."""
        return sharing_account(service=service, team=team, writer=self._writer, reading=self._reading, now=self.now)

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
        path, at = self.home / LEDGER_FILE, to_text(self.now())
        with self._reading.connect() as connection:
            if is_recognised(connection, path):
                return
        self._writer.do(lambda c: recognise_home(c, path, at=at, go_on=go_on_here))

    def _recover(self, record: RunRecord, journal: Path) -> int:
        kept = read_journal(journal, mark=run_mark(record))
        at = to_text(self.now())
        return self._writer.do(lambda c: settle_left_open(c, record, kept=kept, at=at))

    def _content_forms(self, connection: Connection, content_fingerprint: str) -> list[str]:
        """The forms of a sheet's content fingerprint: the plain one, and the keyed hash that an erased run has."""
        key = trusted_key(connection, self.home) if anybody_forgotten(self._reading) else None
        return [content_fingerprint] if key is None else [content_fingerprint, keyed(content_fingerprint, key=key)]


def _believed(_numbers: Sequence[Sequence[str]]) -> None:
    """What was written is there: nobody else knows the file."""
