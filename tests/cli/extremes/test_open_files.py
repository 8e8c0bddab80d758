"""Too few open files: said in one line with its own cure, at the start, while dialling and in the scheduler."""

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import anyio.abc
import pytest
from pydantic import SecretStr

from campaign.aicaller.client import AICallerClient
from campaign.aicaller.wire.transport import SingleUseTransport
from campaign.cli.terminal import this_terminal
from campaign.config.settings import Account
from campaign.domain.model import Attempt, Cause, NotSent, RowState
from campaign.domain.system_errors.open_files import LEAST_OPEN_FILES, NO_OPEN_FILES_LEFT, none_left
from tests.cli.conftest import ROOT, Desk, stand_in

resource = pytest.importorskip("resource", reason="this system has no limits of open files")
CURE = "raise its limit (ulimit -n"


def allowed(soft: int, hard: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def campaign(*words: str, folder: Path, limits: Callable[[], None]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "campaign", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=limits,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    "words", [("run", "sheet.csv", "-t", "visits.toml", "--sandbox", "--yes"), ("schedule", "run")]
)
def test_a_program_that_may_open_too_few_files_does_not_begin(desk: Desk, words: tuple[str, ...]) -> None:
    """It used to end in a traceback, or with a cure for something else: a full disk, a folder's permissions."""
    desk.template()
    desk.people(2)
    ended = campaign(*words, folder=desk.folder, limits=allowed(20, 20))
    assert ended.returncode == 2
    [line] = ended.stderr.splitlines()
    assert line.startswith("campaign: this program may open only 20 files")
    assert CURE in line
    assert not (desk.folder / "home").exists()


def test_a_limit_that_is_only_low_by_custom_is_raised_by_the_program_itself(desk: Desk) -> None:
    desk.template()
    desk.people(2)
    words = ("run", "sheet.csv", "-t", "visits.toml", "--sandbox", "--yes")
    ended = campaign(*words, folder=desk.folder, limits=allowed(20, LEAST_OPEN_FILES))
    assert ended.returncode == 0, ended.stderr


def test_a_run_that_comes_to_the_limit_stops_with_the_cure_and_loses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.template()
    desk.people(150)
    with stand_in(desk.folder, latency=2.0) as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        ended = campaign(
            *("run", "sheet.csv", "-t", "visits.toml", "--yes", "--name", "r", "--allow-fictitious"),
            *("--rate", "1000", "--max-in-flight", "150", "--max-calls", "1000"),
            folder=desk.folder,
            limits=allowed(LEAST_OPEN_FILES, LEAST_OPEN_FILES),
        )
        rings = server.rings()
    assert ended.returncode == 5, ended.stderr
    said = [line for line in ended.stderr.splitlines() if line.startswith("campaign:")]
    assert len(said) == 1
    assert CURE in said[0]
    assert len(rings) == len(set(rings))
    rows = desk.results("r.results.csv")
    assert {row["_phone"] for row in rows if row["_status"] == "created"} == set(rings)
    assert {row["_status"] for row in rows} == {"created", "pending"}


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
@pytest.mark.anyio
async def test_a_connection_that_may_not_be_opened_proves_that_nothing_was_sent(number: int) -> None:
    """It is this machine's trouble, for every call the same: the run stops, and is not tried again for two minutes."""

    async def refused(_host: str, _port: int) -> anyio.abc.ByteStream:
        raise OSError("All connection attempts failed") from ExceptionGroup("", [OSError(number, os.strerror(number))])

    account = Account(api_key=SecretStr("sk-planted"), base_url="http://127.0.0.1:9", service="loopback")
    transport = SingleUseTransport(connect_seconds=1.0, connect=refused)
    async with AICallerClient(account, now=this_terminal().now, transport=transport) as client:
        outcome = await client.send(
            Attempt(row_id=1, row_number=2, number=1, phone="+12025550143", body=b"{}", waiting_as=RowState.PENDING)
        )
    assert isinstance(outcome, NotSent)
    assert (outcome.cause, outcome.reason) == (Cause.LOCAL, NO_OPEN_FILES_LEFT)


def test_whether_none_is_left_is_seen() -> None:
    assert not none_left()
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, before[1]))
        assert none_left()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_scheduler_that_comes_to_the_limit_ends_with_the_cure(desk: Desk) -> None:
    """In the thread of a firing, where the first file is opened that may not be."""
    desk.template(desk.template().read_text("utf-8") + '[limits]\ncall_again_after = "1s"\n')
    desk.people(2)
    add = ("schedule", "add", "daily", "sheet.csv", "-t", "visits.toml", "--sandbox", "--timezone", "UTC")
    assert desk(*add, "--cron", "* * * * *", "--grace", "24h").code == 0

    def now() -> datetime:
        if threading.current_thread() is not threading.main_thread():
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return datetime.now(UTC) + timedelta(minutes=5)

    desk.now = now
    ended = desk("schedule", "run", "--once")
    assert ended.code == 5
    assert NO_OPEN_FILES_LEFT in ended.err
    assert "Traceback" not in ended.err
