"""What `status` says of workers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from campaign.cli.commands.status import worker_lines
from campaign.ledger.store import open_ledger

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_worker_that_gives_no_heartbeat_is_told_as_silent(tmp_path: Path) -> None:
    """One that was killed stays in the ledger until another notices: nobody is to wait for it."""
    with open_ledger(tmp_path, now=lambda: NOW) as ledger, ledger.workers.duty(name="rack-1", takes="queue.key"):
        [alive] = worker_lines(ledger, now=NOW + timedelta(seconds=4))
        assert alive.endswith("last heartbeat 4 s ago")
        [silent] = worker_lines(ledger, now=NOW + timedelta(minutes=5))
        assert silent.startswith("worker rack-1: silent for 300 s, so it dials nothing; begun ")
