"""No call's first byte leaves before its promise is on the disk: shown on the system calls of the real process."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.soak.campaigner import camp, stand_in
from tests.soak.order.wire_order import Post, posts, traced
from tests.soak.starting import from_cold

_ROWS = 40


@pytest.fixture(autouse=True)
def strace() -> None:
    if shutil.which("strace") is None:
        pytest.fail("strace is needed to see the order of writes: apt-get install strace")


def test_every_promise_is_on_the_disk_before_its_call(tmp_path: Path) -> None:
    """A kill does not tell a written promise from a synced one; a power cut does, and then the call is made again."""
    _judge(tmp_path, workers=8, rows=_ROWS)


@pytest.mark.nightly
@pytest.mark.parametrize("workers", [1, 8])
def test_it_is_so_with_one_worker_and_with_many_and_for_hundreds_of_calls(tmp_path: Path, workers: int) -> None:
    _judge(tmp_path, workers=workers, rows=5 * _ROWS)


@pytest.mark.nightly
def test_a_promise_that_is_only_written_is_seen(tmp_path: Path) -> None:
    """The control: with `synchronous=NORMAL`, the usual advice, the file holds the promise and the disk does not."""
    made = list(_calls(tmp_path, workers=1, rows=_ROWS, planted="synchronous_normal"))
    assert len(made) == _ROWS
    assert sum(not post.promised for post in made) > _ROWS / 2


def _judge(folder: Path, *, workers: int, rows: int) -> None:
    made = list(_calls(folder, workers=workers, rows=rows))
    assert len({post.phone for post in made}) == len(made) == rows
    assert [post for post in made if not post.promised] == []


def _calls(folder: Path, *, workers: int, rows: int, planted: str | None = None) -> Iterator[Post]:
    trace, replayed = folder / "trace.txt", folder / "replayed"
    replayed.mkdir()
    flags = ("--rate", "500", "--max-in-flight", str(workers), "--no-audit")
    with (
        stand_in(folder) as place,
        camp(folder, place, planted=planted, flags=flags, spawn=partial(from_cold, wrapper=traced(trace))) as made,
    ):
        made.prepare(rows=rows)
        assert made.run().end() == 0, made.starts[-1].said()
    yield from posts(trace, folder=replayed)
