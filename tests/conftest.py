"""What holds for every test, and for every process that a test starts."""

import gc
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Hundreds of processes are started: without bytecode on the disk, each of them would compile the program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Texts for people have the times of this machine's clock.
os.environ["TZ"] = "UTC"
if hasattr(time, "tzset"):
    time.tzset()

# How long an example takes says how busy the machine is; one that hangs meets the time limit of its test.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

_ASKING_FOR_AN_END = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


_OBJECTS_BETWEEN_LOOKS = 50_000
"""As many as the program itself asks for."""


def pytest_collection_finish() -> None:
    """Ten thousand tests and all that they import would be looked through for cycles again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, 50, 50)


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
def durable_postgres(postgres: Path) -> Iterator[Path]:
    """The same while it waits for its disk, as the program itself wants it."""
    from tests.postgres_server import waiting_for_its_disk  # noqa: PLC0415 - likewise

    with waiting_for_its_disk(postgres):
        yield postgres
