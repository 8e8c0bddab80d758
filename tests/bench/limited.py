"""A loopback server with a limit that may move: answers 429 beyond it, and keeps a log of what it took.

    python -m tests.bench.limited --log FILE --limiter sliding --steps 0:20,25:5,65:50 --latency 0.05

Seconds count from the first call. The log has a line for each call: seconds, and whether it was taken.
"""

import argparse
import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tests.bench.loopback import Answering
from tests.timing.limiters import AtRandom, FixedWindow, Limiter, SlidingWindow, TokenBucket, moving

_REFUSED = b'{"error":"too many requests"}'
_LIMITERS: dict[str, Callable[[tuple[tuple[float, float], ...]], Limiter]] = {
    "bucket": lambda steps: TokenBucket(moving(*steps)),
    "fixed": lambda steps: FixedWindow(moving(*steps)),
    "sliding": lambda steps: SlidingWindow(moving(*steps)),
    "random": lambda steps: AtRandom(steps[0][1], random.Random(7).random),
}


class _Limited(Answering):
    """Answers what the limiter takes."""

    limiter: Limiter
    log: TextIO
    began: float | None = None

    def answer(self, body: bytes, *, closing: bool) -> None:
        now = time.monotonic()
        _Limited.began = now if self.began is None else self.began
        taken = self.limiter.takes(now - (self.began or now))
        self.log.write(f"{now - (self.began or now):.4f} {taken:d}\n")
        self.log.flush()
        if taken:
            super().answer(body, closing=closing)
        else:
            self.later(
                b"HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(_REFUSED), _REFUSED),
                closing=closing,
            )


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Limited, "127.0.0.1", 0, backlog=4096)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


@contextmanager
def limited(log: Path, *, limiter: str, steps: str, latency: float) -> Iterator[int]:
    """The server as a process of its own; its port."""
    options = ["--log", str(log), "--limiter", limiter, "--steps", steps, "--latency", str(latency)]
    command = [sys.executable, "-m", "tests.bench.limited", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.limited")
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--limiter", choices=_LIMITERS, required=True)
    parser.add_argument("--steps", required=True, help="SECONDS:CALLS_PER_SECOND,..; of random: 0:PART")
    parser.add_argument("--latency", type=float, required=True)
    given = parser.parse_args()
    pairs = (step.split(":") for step in given.steps.split(","))
    _Limited.limiter = _LIMITERS[given.limiter](tuple((float(since), float(limit)) for since, limit in pairs))
    _Limited.latency = given.latency
    with given.log.open("w", encoding="utf-8") as _Limited.log:
        asyncio.run(_serve())
