"""Schedules and firings of one ledger: stores them; the scheduler decides what to fire.

note(claim=instant) --> firing --> link_run, with the run's publishing --> end
                           ^------ take_over, after its owner died
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from campaign.domain.cures import Cure, CureCode
from campaign.domain.cures.schedules import rename_or_remove_schedule
from campaign.domain.errors import LedgerError, UsageError
from campaign.domain.instants import from_text, to_text
from campaign.ledger.port.lists import Schedules
from campaign.ledger.records.schedules import LONGEST_WHY, FiringRecord, PassedInstant, ScheduleDraft, ScheduleRecord
from campaign.ledger.schema.schedule_tables import firing, schedule
from campaign.ledger.schema.tables import run
from campaign.ledger.schema.text import storable
from campaign.ledger.writes.group_commit import Writer


class LedgerSchedules(Schedules):
    """The schedules of one ledger. Every method returns after its commit."""

    def __init__(self, *, writer: Writer, reading: Engine, now: Callable[[], datetime], owner: str) -> None:
        self._writer, self._reading, self._now, self._owner = writer, reading, now, owner

    def add(self, draft: ScheduleDraft) -> None:
        """See the port `Schedules`."""
        values = {name: getattr(draft, name) for name in ScheduleDraft.__slots__}
        values |= {"at": draft.at and to_text(draft.at), "created_at": to_text(self._now())}

        def work(connection: Connection) -> None:
            taken = select(schedule.c.id).where(schedule.c.name == draft.name, schedule.c.removed_at.is_(None))
            if connection.execute(taken).first():
                raise UsageError(
                    f"there is a schedule called {draft.name!r} already", cure=rename_or_remove_schedule(draft.name)
                )
            connection.execute(insert(schedule).values(**values))

        self._writer.do(work)

    def all(self) -> list[ScheduleRecord]:
        """The schedules that are not removed, oldest first."""
        with self._reading.connect() as connection:
            found = connection.execute(select(schedule).where(schedule.c.removed_at.is_(None)).order_by(schedule.c.id))
            return [_schedule(row) for row in found]

    def edit(
        self, record: ScheduleRecord, draft: ScheduleDraft, *, after: datetime | None, notes: Sequence[PassedInstant]
    ) -> bool:
        """See the port `Schedules`."""
        at = to_text(self._now())
        values = {name: getattr(draft, name) for name in ScheduleDraft.__slots__ if name != "name"}
        values |= {"at": draft.at and to_text(draft.at), "created_at": at}

        def work(connection: Connection) -> bool:
            if not _is_as_it_was(connection, record, after=after):
                return False
            connection.execute(update(schedule).where(schedule.c.id == record.id).values(**values))
            if notes:
                connection.execute(
                    insert(firing), [_noted(record.id, note, at=at, owner=self._owner) for note in notes]
                )
            return True

        return self._unless_taken(work)

    def pause(self, schedule_id: int, *, notes: Sequence[PassedInstant]) -> bool:
        """Pauses a schedule and records the given past instants; returns whether it was not paused before."""
        return self._mark(schedule_id, notes=notes, paused_at=to_text(self._now()))

    def unpause(self, schedule_id: int, *, notes: Sequence[PassedInstant]) -> bool:
        """Unpauses a schedule and records the instants of its pause; returns whether it was paused."""
        return self._mark(schedule_id, notes=notes, paused_at=None)

    def remove(self, schedule_id: int) -> None:
        """Removes a schedule; its firings stay."""
        at = to_text(self._now())
        gone = update(schedule).where(schedule.c.id == schedule_id, schedule.c.removed_at.is_(None))
        self._writer.do(lambda c: c.execute(gone.values(removed_at=at)))

    def last_firing(self, schedule_id: int, *, tried: bool = False) -> FiringRecord | None:
        """The firing of the latest instant; with `tried`, of the latest instant that was actually tried."""
        statement = _firings(schedule_id).order_by(firing.c.instant.desc()).limit(1)
        return self._first(statement.where(firing.c.state.not_in(["missed", "skipped"])) if tried else statement)

    def open_firing(self, schedule_id: int) -> FiringRecord | None:
        """The open firing: under way, or left open by a process that died."""
        return self._first(_firings(schedule_id).where(firing.c.state == "firing"))

    def firings(self, schedule_id: int) -> list[FiringRecord]:
        """All firings, ordered by instant."""
        with self._reading.connect() as connection:
            return [_firing(row) for row in connection.execute(_firings(schedule_id).order_by(firing.c.instant))]

    def note(
        self,
        record: ScheduleRecord,
        *,
        after: datetime | None,
        notes: Sequence[PassedInstant],
        claim: datetime | None = None,
    ) -> bool:
        """See the port `FiringWriter`."""
        at = to_text(self._now())

        def work(connection: Connection) -> bool:
            if not _is_as_it_was(connection, record, after=after):
                return False
            rows = [_noted(record.id, note, at=at, owner=self._owner) for note in notes]
            if rows:
                connection.execute(insert(firing), rows)
            if claim is not None:
                values = {"schedule_id": record.id, "instant": to_text(claim), "state": "firing", "owner": self._owner}
                connection.execute(insert(firing).values(**values, noted_at=at, seen_at=at))
            return True

        return self._unless_taken(work)

    def take_over(self, left: FiringRecord) -> bool:
        """Makes this process the owner of a firing whose owner died; False if another process did so first."""
        taken = update(firing).where(firing.c.id == left.id, firing.c.owner == left.owner, firing.c.state == "firing")
        values = {"owner": self._owner, "seen_at": to_text(self._now())}
        return self._writer.do(lambda c: c.execute(taken.values(**values)).rowcount == 1)

    def seen(self, firing_id: int) -> None:
        """Heartbeat of this process's firing: after a crash, a firing with a recent heartbeat is continued."""
        mine = update(firing).where(firing.c.id == firing_id, firing.c.owner == self._owner)
        at = to_text(self._now())
        self._writer.do(lambda c: c.execute(mine.where(firing.c.state == "firing").values(seen_at=at)))

    def end(self, firing_id: int, *, state: str, exit_code: int | None = None, why: str | None = None) -> None:
        """See the port `FiringWriter`."""
        mine = update(firing).where(firing.c.id == firing_id, firing.c.owner == self._owner, firing.c.state == "firing")
        values = {"state": state, "ended_at": to_text(self._now()), "exit_code": exit_code, "why": _kept(why)}

        def work(connection: Connection) -> None:
            if connection.execute(mine.values(**values)).rowcount != 1:
                raise LedgerError("this firing is not this process's any more", cure=Cure(CureCode.SEE_FIRINGS))

        self._writer.do(work)

    def _mark(self, schedule_id: int, *, notes: Sequence[PassedInstant], paused_at: str | None) -> bool:
        at = to_text(self._now())
        unmarked = schedule.c.paused_at.is_not(None) if paused_at is None else schedule.c.paused_at.is_(None)
        marked = update(schedule).where(schedule.c.id == schedule_id, unmarked, schedule.c.removed_at.is_(None))

        def work(connection: Connection) -> bool:
            if connection.execute(marked.values(paused_at=paused_at)).rowcount != 1:
                return False
            if notes:
                rows = [_noted(schedule_id, note, at=at, owner=self._owner) for note in notes]
                connection.execute(insert(firing), rows)
            return True

        return self._unless_taken(work)

    def _unless_taken(self, work: Callable[[Connection], bool]) -> bool:
        def tried(connection: Connection) -> bool:
            try:
                with connection.begin_nested():
                    return work(connection)
            except IntegrityError:
                return False  # Another scheduler recorded one of these instants.

        return self._writer.do(tried)

    def _first(self, statement: Select[Any]) -> FiringRecord | None:
        with self._reading.connect() as connection:
            found = connection.execute(statement).first()
        return _firing(found) if found else None


def link_run(connection: Connection, firing_id: int, *, run_id: int, owner: str) -> None:
    """Links a run to its firing, in the transaction that publishes the run: an instant has one run at most.

    Raises:
        LedgerError: the firing has a run, has ended, or belongs to another process.
    """
    free = (firing.c.id == firing_id) & (firing.c.state == "firing") & firing.c.run_id.is_(None)
    if connection.execute(update(firing).where(free, firing.c.owner == owner).values(run_id=run_id)).rowcount != 1:
        what = "this firing is not this process's any more; nothing was sent"
        raise LedgerError(what, cure=Cure(CureCode.SEE_FIRINGS))


def _is_as_it_was(connection: Connection, record: ScheduleRecord, *, after: datetime | None) -> bool:
    there = connection.execute(
        select(schedule.c.paused_at, schedule.c.created_at).where(
            schedule.c.id == record.id, schedule.c.removed_at.is_(None)
        )
    ).first()
    latest = connection.execute(select(func.max(firing.c.instant)).where(firing.c.schedule_id == record.id)).scalar()
    return (
        there is not None
        and there.paused_at == (record.paused_at and to_text(record.paused_at))
        and there.created_at == to_text(record.created_at)
        and latest == (after and to_text(after))
    )


def _noted(schedule_id: int, note: PassedInstant, *, at: str, owner: str) -> dict[str, Any]:
    return {
        "schedule_id": schedule_id,
        "instant": to_text(note.instant),
        "state": note.state,
        "owner": owner,
        "noted_at": at,
        "seen_at": at,
        "ended_at": at,
        "why": _kept(note.why),
    }


def _kept(why: str | None) -> str | None:
    return None if why is None else storable(why)[:LONGEST_WHY]


def _firings(schedule_id: int) -> Select[Any]:
    return (
        select(firing, run.c.name.label("run"))
        .join(run, run.c.id == firing.c.run_id, isouter=True)
        .where(firing.c.schedule_id == schedule_id)
    )


def _schedule(row: Any) -> ScheduleRecord:
    values = {name: getattr(row, name) for name in ScheduleDraft.__slots__}
    return ScheduleRecord(
        **values | {"at": row.at and from_text(row.at)},
        id=row.id,
        created_at=from_text(row.created_at),
        paused_at=row.paused_at and from_text(row.paused_at),
    )


def _firing(row: Any) -> FiringRecord:
    values = {name: getattr(row, name) for name in FiringRecord.__slots__}
    times = {name: values[name] and from_text(values[name]) for name in ("instant", "noted_at", "seen_at", "ended_at")}
    return FiringRecord(**values | times)
