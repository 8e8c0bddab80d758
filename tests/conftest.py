"""What holds for every test, and for every process that a test starts."""

import gc
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.workbooks_here import workbooks_read_here

# Hundreds of processes are started: without bytecode on the disk, each of them would compile the program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A test's folder is in memory where there is room: what is written to be kept is synced some ten times a test, and no
# test cuts the power. What is of a disk, the order of writes, is held by the calls that are made (tests/soak/order).
_MEMORY = "/dev/shm"  # noqa: S108 - pytest makes a folder of its own in it, for this user alone
_MEMORY_WANTED = 4_000_000_000
_IN_MEMORY = os.path.isdir(_MEMORY) and shutil.disk_usage(_MEMORY).free > _MEMORY_WANTED  # noqa: PTH112 - of the system
if _IN_MEMORY:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", _MEMORY)

# Texts for people have the times of this machine's clock.
os.environ["TZ"] = "UTC"
if hasattr(time, "tzset"):
    time.tzset()

# How long an example takes says how busy the machine is; one that hangs meets the time limit of its test.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

_ASKING_FOR_AN_END = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


_LONGEST = tuple(Path(__file__).parent / room for room in ("web/browser", "web/hostile", "web/api", "soak"))
"""Rooms with tests of many seconds."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with them: a worker that is left alone with one of them at the end holds up the run."""
    items.sort(key=lambda item: not any(item.path.is_relative_to(room) for room in _LONGEST))


_OBJECTS_BETWEEN_LOOKS = 50_000
"""As many as the program itself asks for."""


def pytest_collection_finish() -> None:
    """Ten thousand tests and all that they import would be looked through for cycles again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, 50, 50)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Frees the memory that a run's folders take, once all of it has passed and its workers have ended."""
    if _IN_MEMORY and exitstatus == 0 and "PYTEST_XDIST_WORKER" not in os.environ:
        made: pytest.TempPathFactory = session.config._tmp_path_factory  # type: ignore[attr-defined]  # no other way to it
        shutil.rmtree(made.getbasetemp(), ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def heeded_signals() -> Iterator[None]:
    """A shell starts what runs in its background with interrupts ignored, and nohup with hang-ups: each process hands
    that on to those that it starts, and a program that hears no signal cannot be tested for what it does at one.
    """
    before = {number: signal.signal(number, signal.SIG_DFL) for number in _ASKING_FOR_AN_END}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    """The folder of a PostgreSQL server's socket: one for each process that runs tests, once a test asks for it."""
    from tests.postgres_server import NoPostgres, postgres_server  # noqa: PLC0415 - most tests need none of it

    with ExitStack() as stack:
        try:
            folder = stack.enter_context(postgres_server())
        except NoPostgres as error:
            if os.environ.get("CI") == "true":
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield folder


@pytest.fixture
def workbooks_here() -> Iterator[None]:
    """Workbooks are read in this process, for what is not about the one that reads them: it takes longer to start."""
    with workbooks_read_here():
        yield


@pytest.fixture
def durable_postgres(postgres: Path) -> Iterator[Path]:
    """The same while it waits for its disk, as the program itself wants it."""
    from tests.postgres_server import waiting_for_its_disk  # noqa: PLC0415 - likewise

    with waiting_for_its_disk(postgres):
        yield postgres
