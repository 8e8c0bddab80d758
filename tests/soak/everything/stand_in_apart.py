"""The stand-in in a process of its own, which outlives every start of the program; this one stays without a thread."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import anyio

from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.server import serve
from tests.forked import forked


@dataclass(slots=True)
class Apart:
    """A stand-in that runs beside this process.

    Attributes:
        url: its address.
        posts: how many POSTs it has met; known when it has ended.
        bugs: what went wrong in the stand-in itself; known when it has ended.
    """

    url: str
    posts: int = 0
    bugs: list[str] = field(default_factory=list)


@contextmanager
def stand_in_apart(config: SandboxConfig, *, said: Path) -> Iterator[Apart]:
    """Runs it while the block lasts; `said` is a file for what it has to tell at its end."""
    ready, tells = os.pipe()
    waits, end = os.pipe()
    process = forked(lambda: _serve(config, tells=tells, waits=waits, unused=(ready, end), said=said))
    os.close(tells)
    os.close(waits)
    apart = Apart(os.read(ready, 100).decode())
    os.close(ready)
    try:
        yield apart
    finally:
        os.close(end)
        process.wait(timeout=60)
        told = json.loads(said.read_text(encoding="utf-8"))
        apart.posts, apart.bugs = told["posts"], told["bugs"]


def _serve(config: SandboxConfig, *, tells: int, waits: int, unused: tuple[int, ...], said: Path) -> int:
    for descriptor in unused:
        os.close(descriptor)
    posts, bugs = anyio.run(partial(_serve_until_told, config, tells=tells, waits=waits))
    said.write_text(json.dumps({"posts": posts, "bugs": bugs}), encoding="utf-8")
    return 0


async def _serve_until_told(config: SandboxConfig, *, tells: int, waits: int) -> tuple[int, list[str]]:
    async with serve(config) as sandbox:
        os.write(tells, sandbox.base_url.encode())
        os.close(tells)
        # The other end is closed when this is over, and also when the parent has died.
        await anyio.wait_readable(waits)
        return sandbox.posts, sandbox.bugs
