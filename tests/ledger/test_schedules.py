"""What SQL itself holds of schedules: an instant is written down once, and what was written down stays."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from campaign.domain.errors import LedgerError, UsageError
from campaign.ledger.records.runs import Draft
from campaign.ledger.records.schedules import PassedInstant, ScheduleDraft, ScheduleRecord
from campaign.ledger.store import Ledger
from tests.ledger.backend import Backend, Clock
from tests.loading import begun, published as publish_draft

HOUR = timedelta(hours=1)
DRAFT = Draft(service="sandbox", template_fingerprint="t", sheet="s", header=("a",), plan="{}")


@pytest.fixture
def ledger(backend: Backend) -> Iterator[Ledger]:
    with backend.open() as opened:
        yield opened


@pytest.fixture
def schedule(ledger: Ledger) -> ScheduleRecord:
    add(ledger)
    return ledger.schedules.all()[0]


def add(ledger: Ledger) -> None:
    ledger.schedules.add(
        ScheduleDraft(
            name="morning",
            timezone="UTC",
            cron="0 9 * * *",
            at=None,
            sheet="s",
            template="t",
            service="sandbox",
            answers="{}",
            results_folder="r",
            grace_seconds=60,
            notify_url=None,
        )
    )


def claimed(ledger: Ledger, schedule: ScheduleRecord, clock: Clock) -> int:
    assert ledger.schedules.note(schedule, after=None, notes=(), claim=clock.at)
    left = ledger.schedules.open_firing(schedule.id)
    assert left is not None
    return left.id


def published(ledger: Ledger, firing_id: int) -> None:
    draft = begun(ledger, DRAFT)
    try:
        publish_draft(ledger, draft, stem="morning", again=True, firing_id=firing_id)
    finally:
        ledger.drafts.discard(draft)


def test_a_name_is_one_schedules_until_it_is_removed(ledger: Ledger, schedule: ScheduleRecord) -> None:
    with pytest.raises(UsageError, match="there is a schedule called 'morning' already"):
        add(ledger)
    ledger.schedules.remove(schedule.id)
    add(ledger)
    assert len(ledger.schedules.all()) == 1


@pytest.mark.every_database
def test_an_instant_is_written_down_once(backend: Backend, ledger: Ledger, schedule: ScheduleRecord) -> None:
    clock = backend.clock
    claimed(ledger, schedule, clock)
    assert not ledger.schedules.note(schedule, after=None, notes=[PassedInstant(clock.at, "missed", "late")])
    with pytest.raises(IntegrityError, match=r"firing\.instant|one_firing_per_instant"):
        backend.tamper("INSERT INTO firing SELECT 9, schedule_id, instant, 'missed', owner, noted_at, seen_at, NULL, "
                       "noted_at, NULL, 'late' FROM firing")  # fmt: skip


@pytest.mark.every_database
def test_a_schedule_has_one_open_firing(backend: Backend, ledger: Ledger, schedule: ScheduleRecord) -> None:
    """Whoever claims: no overlap with its own previous run."""
    at = backend.clock.at
    claimed(ledger, schedule, backend.clock)
    assert not ledger.schedules.note(schedule, after=at, notes=(), claim=at + HOUR)
    assert ledger.schedules.note(schedule, after=at, notes=[PassedInstant(at + HOUR, "skipped", "still worked")])


def test_a_firing_has_one_run_at_the_most(backend: Backend, ledger: Ledger, schedule: ScheduleRecord) -> None:
    """A second one would call everybody again; what cannot be tied is not published at all."""
    firing_id = claimed(ledger, schedule, backend.clock)
    published(ledger, firing_id)
    with pytest.raises(LedgerError, match="not this process's any more"):
        published(ledger, firing_id)
    assert backend.ask("SELECT count(*) FROM run") == [(1,)]


def test_a_firing_that_was_taken_over_is_not_the_first_ones_any_more(
    backend: Backend, ledger: Ledger, schedule: ScheduleRecord
) -> None:
    firing_id = claimed(ledger, schedule, backend.clock)
    with ledger.beside() as other:
        left = other.schedules.open_firing(schedule.id)
        assert left is not None
        assert other.schedules.take_over(left)
        with pytest.raises(LedgerError, match="not this process's any more"):
            published(ledger, firing_id)
        with pytest.raises(LedgerError, match="not this process's any more"):
            ledger.schedules.end(firing_id, state="ended", exit_code=0)
        published(other, firing_id)
        other.schedules.end(firing_id, state="ended", exit_code=0)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM firing",
        "UPDATE firing SET state = 'missed', why = 'never'",
        "UPDATE firing SET instant = '2030-01-01T00:00:00.000Z'",
        "UPDATE firing SET run_id = NULL",
    ],
)
def test_what_was_noted_of_an_instant_stays(
    backend: Backend, ledger: Ledger, *, schedule: ScheduleRecord, statement: str
) -> None:
    firing_id = claimed(ledger, schedule, backend.clock)
    published(ledger, firing_id)
    ledger.schedules.end(firing_id, state="ended", exit_code=0)
    with pytest.raises(IntegrityError, match="what was noted of an instant stays so"):
        backend.tamper(statement)


def test_a_look_that_is_out_of_date_writes_nothing(backend: Backend, ledger: Ledger, schedule: ScheduleRecord) -> None:
    at = backend.clock.at
    assert ledger.schedules.pause(schedule.id, notes=())
    assert not ledger.schedules.note(schedule, after=None, notes=(), claim=at), "it was paused since"
    assert ledger.schedules.unpause(schedule.id, notes=[PassedInstant(at, "skipped", "paused")])
    assert not ledger.schedules.note(schedule, after=None, notes=(), claim=at + HOUR), "an instant was noted since"
    assert ledger.schedules.note(schedule, after=at, notes=(), claim=at + HOUR)


def test_a_ledger_beside_is_the_same_ledger(ledger: Ledger, schedule: ScheduleRecord, home: Path) -> None:
    with ledger.beside() as other:
        assert other.home == home
        assert other.schedules.all() == [schedule]
        assert other.owner != ledger.owner
    assert ledger.schedules.all() == [schedule]
