"""What every test with real processes needs."""

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def heeded_interrupts() -> Iterator[None]:
    """A shell starts what runs in its background with interrupts ignored, and every process hands that on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
