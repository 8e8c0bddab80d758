"""A firing reads its file whole: an upload is waited for, and one that does not end is refused."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from campaign.config.files.quiet import Unrest, look_at
from campaign.domain.errors import ChangingError, SheetError
from campaign.scheduler.whole_file import Stopped, ends_in_a_line, wait_until_whole

LINES = "Name,Phone\n" + "Ann,+14155550100\n" * 40


@dataclass
class World:
    """Time passes only while somebody waits; `meanwhile` is what others do each second.

    It is yesterday here: the times of the files lie ahead and say nothing, so that what is watched decides.
    """

    meanwhile: Callable[[int], object] = lambda _second: None
    seconds: int = 0
    start: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(days=1))
    told: list[Unrest] = field(default_factory=list)
    stop_after: int = 10_000

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)

    def wait(self, seconds: float) -> None:
        self.seconds += int(seconds)
        self.meanwhile(self.seconds)

    def waits(self, find: Callable[[], Path], *, grace: int = 600) -> Path:
        return wait_until_whole(
            find,
            until=self.start + timedelta(seconds=grace),
            waiting=self,
            stopped=lambda: self.seconds >= self.stop_after,
            on_wait=lambda _path, why: self.told.append(why),
        )


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    path.write_text(LINES[:300], encoding="utf-8")
    return path


def leases(path: Path) -> bool:
    return sys.platform == "linux" and look_at(path).held is False


def test_an_upload_is_waited_for_and_read_whole(sheet: Path) -> None:
    """21 of 40 people were called, and success was reported over 19 who never were."""

    def upload(second: int) -> None:
        if second <= 20:
            with sheet.open("a", encoding="utf-8") as file:
                file.write(LINES[300 + 20 * (second - 1) : 300 + 20 * second] if second < 20 else LINES[680:])

    world = World(upload)
    assert world.waits(lambda: sheet).read_text("utf-8") == LINES
    assert world.seconds >= 20 + 14
    assert world.told == [Unrest.TOUCHED], "each reason is told once"


def test_an_upload_that_stalls_with_the_file_open_is_refused_when_the_grace_is_over(sheet: Path) -> None:
    if not leases(sheet):
        pytest.skip("no leases on this disk")
    with (
        sheet.open("a"),
        pytest.raises(ChangingError, match="open for writing, and the schedule's grace is over; write"),
    ):
        World().waits(lambda: sheet, grace=60)
    with sheet.open("a") as file:
        world = World(lambda second: file.close() if second == 300 else None)
        world.waits(lambda: sheet)
    assert world.seconds >= 300


def test_an_upload_whose_pauses_leave_the_file_closed_is_not_seen_after_fifteen_seconds(sheet: Path) -> None:
    """The limit of what can be known, held here so that nobody believes more: the report's doubt is for this case."""

    def upload(second: int) -> None:
        if second == 20:
            sheet.write_text(LINES, encoding="utf-8")

    assert World(upload).waits(lambda: sheet).read_text("utf-8") == LINES[:300]


def test_a_file_that_was_renamed_into_place_is_read_at_once(sheet: Path) -> None:
    if not leases(sheet):
        pytest.skip("no leases on this disk")
    new = sheet.with_name("sheet.csv.part")
    new.write_text(LINES, encoding="utf-8")
    os.utime(new, (1_700_000_000, 1_700_000_000))
    new.replace(sheet)
    world = World()
    assert world.waits(lambda: sheet) == sheet
    assert world.seconds == 0


def test_a_newer_file_that_comes_meanwhile_is_the_one_that_is_waited_for(sheet: Path) -> None:
    newer = sheet.with_name("newer.csv")

    def come(second: int) -> None:
        if second == 10:
            newer.write_text(LINES, encoding="utf-8")

    world = World(come)
    assert world.waits(lambda: newer if newer.exists() else sheet) == newer
    assert world.seconds >= 10 + 15


def test_a_stop_ends_the_wait(sheet: Path) -> None:
    with pytest.raises(Stopped):
        World(stop_after=3).waits(lambda: sheet)


def test_a_file_that_goes_meanwhile_is_one_line(sheet: Path) -> None:
    with pytest.raises(SheetError, match="No such file"):
        World(lambda _second: sheet.unlink()).waits(lambda: sheet)


@pytest.mark.parametrize(
    ("content", "cut"),
    [
        (b"Name\nAnn\n", False),
        (b"Name\nAnn", True),
        (b"Name\r\nAnn\r", False),
        ("Name\nAnn\n".encode("utf-16"), False),
        (b"PK\x03\x04 a workbook", False),
        (b"", False),
    ],
)
def test_a_text_that_ends_in_the_middle_of_a_line_is_told(tmp_path: Path, content: bytes, *, cut: bool) -> None:
    path = tmp_path / "sheet"
    path.write_bytes(content)
    assert ends_in_a_line(path) is cut
