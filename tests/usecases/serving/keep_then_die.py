"""Keeps an upload, and kills itself at a moment: after so many chunks, or before or after its record is written."""

import os
import resource
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from campaign.domain.errors import LedgerError
from campaign.ledger.store import open_ledger
from campaign.ledger.writes.group_commit import Writer
from campaign.usecases.serving.uploads import keep_upload


def die() -> None:
    """Ends this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(home: Path, moment: str) -> None:
    """`moment` is `chunk`, `record` or `recorded`; or `full`, for a disk that is full before all of it is written."""

    def chunks() -> Iterator[bytes]:
        yield b"Name,Phone\n" * 1000
        if moment == "chunk":
            die()
        # What is written from here on is its record.
        setattr(Writer, "do", do)  # noqa: B010 - of this process alone, which ends by it
        yield b"Ada,+12025550101\n"

    real: Any = Writer.do

    def do(writer: Writer, work: Any) -> Any:
        if moment == "record":
            die()
        done = real(writer, work)
        if moment == "recorded":
            die()
        return done

    with open_ledger(home, now=partial(datetime.now, UTC)) as ledger:
        if moment == "full":
            resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, resource.RLIM_INFINITY))
        try:
            keep_upload(ledger, chunks(), name="people.csv", owner="ada", most_bytes=10**6)
        except LedgerError as error:
            sys.stdout.write(f"{error}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
