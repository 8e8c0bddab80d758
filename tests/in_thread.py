"""The stand-in for AICaller in a thread of the tests: it outlives the program's processes, and takes none to start."""

from collections.abc import Iterator
from contextlib import contextmanager

from anyio.from_thread import start_blocking_portal

from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.server import Sandbox, serve


@contextmanager
def in_thread(config: SandboxConfig) -> Iterator[Sandbox]:
    """Serves while the block lasts; a stand-in that was broken fails the test."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(serve(config)) as sandbox:
        yield sandbox
    assert not sandbox.bugs
