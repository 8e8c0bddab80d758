"""When a file counts as left alone: what proves it at once, what must be waited for, and what proves nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from campaign.config.files.quiet import FileLook, Unrest, why_not_quiet
from campaign.config.files.state import FileState

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def look(*, written: float, changed: float | None = None, held: bool | None = None, own_clock: bool = True) -> FileLook:
    """A file that was written and changed so many seconds ago."""
    ages = (written, written if changed is None else changed)
    times = [int((NOW - timedelta(seconds=age)).timestamp() * 1e9) for age in ages]
    return FileLook(FileState(1, 2, 3, 40, *times), held, own_clock)


def why(seen: FileLook, *, watched: float = 0.0) -> Unrest | None:
    return why_not_quiet(seen, now=NOW, watched=watched)


def test_what_somebody_has_open_for_writing_is_not_quiet_however_old() -> None:
    """A stalled upload."""
    assert why(look(written=3600, held=True), watched=3600) is Unrest.HELD


def test_a_file_that_was_renamed_into_place_passes_at_once() -> None:
    assert why(look(written=1, changed=0, held=False)) is None
    assert why(look(written=1, changed=1, held=False)) is Unrest.TOUCHED, "written in place"
    assert why(look(written=1, changed=0)) is Unrest.TOUCHED, "and perhaps somebody has it open still"


@pytest.mark.parametrize("held", [False, None])
def test_fifteen_seconds_of_quiet_will_do(*, held: bool | None) -> None:
    assert why(look(written=14.9, held=held)) is Unrest.TOUCHED
    assert why(look(written=15, held=held)) is None


def test_a_time_of_writing_that_was_set_back_does_not_hide_that_the_file_changes() -> None:
    """cp -p, rsync and FTP servers keep the original's time; the time of change is the truth."""
    assert why(look(written=86_400, changed=3)) is Unrest.TOUCHED


@pytest.mark.parametrize(
    "seen", [look(written=-86_400, changed=60), look(written=60, own_clock=False)], ids=["ahead", "another clock"]
)
def test_where_its_times_say_nothing_it_is_watched(seen: FileLook) -> None:
    """A time that lies ahead would never be over; and a server's clock may be a minute behind ours."""
    assert why(seen) is Unrest.TOUCHED
    assert why(seen, watched=14) is Unrest.TOUCHED
    assert why(seen, watched=15) is None
