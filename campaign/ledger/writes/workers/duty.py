"""Workers of a ledger, and what is wanted of its runs: the writes of both ports."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, insert, select, update

from campaign.domain.instants import to_text
from campaign.domain.stop import Stop
from campaign.ledger.database.protocol import Database
from campaign.ledger.port.workers import RunControl, Workers
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.serving import Wanted
from campaign.ledger.records.workers import Reaped, WorkerRecord
from campaign.ledger.schema.text import storable
from campaign.ledger.schema.worker_tables import run_control, worker
from campaign.ledger.serving.on_duty import as_worker
from campaign.ledger.writes.group_commit import Writer
from campaign.ledger.writes.workers.membership import Membership
from campaign.ledger.writes.workers.rows import reap

_GO, _STOP = Wanted.GO.value, Wanted.STOP.value


class LedgerWorkers(Workers):
    """Implements the port over the writer of one opening of a ledger."""

    def __init__(
        self, membership: Membership, *, writer: Writer, database: Database, now: Callable[[], datetime]
    ) -> None:
        self._membership, self._writer, self._database, self._now = membership, writer, database, now
        self._silence = Silence()

    @contextmanager
    def duty(self, *, name: str, takes: str) -> Iterator[WorkerRecord]:
        """See the port `Workers`."""
        membership = self._membership
        membership.name, membership.takes = name, takes
        with membership.holding():
            membership.done(self._writer.do(membership.join))
            ours = select(worker).where(worker.c.owner == membership.owner)
            yield self._writer.do(lambda c: as_worker(c.execute(ours).one()))

    def reap(self, *, patience: timedelta) -> Sequence[Reaped]:
        """See the port `Workers`."""
        ours, at = self._membership.owner, to_text(self._now())
        others = select(worker).where(worker.c.ended_at.is_(None), worker.c.owner != ours).order_by(worker.c.id)
        with self._database.reading.connect() as connection:
            on_duty = [as_worker(row) for row in connection.execute(others)]
        seconds = patience.total_seconds()
        dead = self._silence.of(on_duty, seconds=seconds, now=self._membership.promised())
        if not dead or self._membership.steady_seconds() < seconds:
            return ()
        found = (self._writer.do(partial(reap, dead=one, database=self._database, by=ours, at=at)) for one in dead)
        return tuple(one for one in found if one is not None)


class Silence:
    """How long others were seen to give no heartbeat, by this process's own clock: no two machines' are compared."""

    def __init__(self) -> None:
        self._seen = dict[int, tuple[int, float]]()

    def of(self, workers: Sequence[WorkerRecord], *, seconds: float, now: float) -> list[WorkerRecord]:
        """Looks at all that are on duty; returns those that were seen to stand still for so long."""
        before = self._seen
        self._seen = {
            one.id: found if (found := before.get(one.id)) and found[0] == one.beats else (one.beats, now)
            for one in workers
        }
        return [one for one in workers if now - self._seen[one.id][1] >= seconds]


class LedgerControl(RunControl):
    """Implements the port over one writer."""

    def __init__(self, *, writer: Writer, now: Callable[[], datetime]) -> None:
        self._writer, self._now = writer, now

    def stop(self, record: RunRecord, stop: Stop, *, who: str | None) -> bool:
        """See the port `RunControl`."""
        said = {"wanted": _STOP, "why": storable(stop.why), "code": int(stop.code), "at": to_text(self._now())}
        said["who"] = None if who is None else storable(who)
        here = run_control.c.run_id == record.id

        def work(connection: Connection) -> bool:
            if connection.execute(select(run_control.c.run_id).where(here)).first() is None:
                connection.execute(insert(run_control).values(run_id=record.id, parts=1, revision=1, **said))
                return True
            # A stop that a person says holds until a person lets it go: the program's own gives way to it.
            free = run_control.c.wanted == _GO if who is None else run_control.c.who.is_(None)
            change = update(run_control).where(here, free).values(revision=run_control.c.revision + 1, **said)
            return connection.execute(change).rowcount == 1

        return self._writer.do(work)

    def go(self, record: RunRecord, *, over_person: bool) -> bool:
        """See the port `RunControl`."""
        stopped = (run_control.c.run_id == record.id) & (run_control.c.wanted == _STOP)
        if not over_person:
            stopped &= run_control.c.who.is_(None)
        said = {"wanted": _GO, "why": None, "code": None, "who": None, "at": to_text(self._now())}
        change = update(run_control).where(stopped).values(revision=run_control.c.revision + 1, **said)
        return self._writer.do(lambda c: c.execute(change).rowcount == 1)
