"""What the disk was sure to hold when the first byte of each call left: replayed from the program's system calls.

    strace: pwrite64 to the ledger -> image    fsync -> what is sure    sendto "POST ..." -> is its claim there?

At every POST the ledger is built from nothing but what had been synced until then, as after a power cut in that
moment, and asked for the promise to call that number.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

_CALLS = "pwrite64,write,writev,ftruncate,fsync,fdatasync,sendto,sendmsg"
_WHOLE = re.compile(r"(?P<pid>\d+) +(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)")
_BEGUN = re.compile(r"(?P<pid>\d+) +(?P<name>\w+)\((?P<arguments>.*?),? *<unfinished \.\.\.>")
_ENDED = re.compile(r"(?P<pid>\d+) +<\.\.\. (?P<name>\w+) resumed>.*\) += (?P<result>-?\d+)")
_ON_FILE = re.compile(r"\d+<(?P<path>[^>]*)>(?:, )?(?P<rest>.*)")
_HEX = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_PHONE = re.compile(rb'"toPhoneNumber":"(\+\d+)"')
# The rollback journal is there only while the file is made, and the shared memory is made anew from the log.
_LEDGER = ("ledger.db", "ledger.db-wal")
_WRITES, _SYNCS = ("pwrite64", "write", "ftruncate"), ("fsync", "fdatasync")
# Which of them an event loop sends with is its own choice.
_SENDS = ("sendto", "sendmsg", "write", "writev")


def traced(trace: Path) -> tuple[str, ...]:
    """What to put before a command so that its system calls are written down."""
    # Whole pages, in hex: the text of a page may hold anything.
    return (
        "strace",
        "-f",
        "--seccomp-bpf",
        "-y",
        "-qq",
        "-xx",
        "-s",
        "70000",
        "-e",
        f"trace={_CALLS}",
        "-o",
        str(trace),
        "--",
    )


@dataclass(frozen=True, slots=True)
class Post:
    """A call's first byte: its number, and whether its promise was on the disk by then."""

    phone: str
    promised: bool


@dataclass(slots=True)
class _Disk:
    """Files as they were written, and as a power cut would leave them."""

    written: dict[str, bytearray] = field(default_factory=dict)
    sure: dict[str, bytes] = field(default_factory=dict)

    def write(self, name: str, call: str, rest: str) -> None:
        image = self.written.setdefault(name, bytearray())
        if call == "ftruncate":
            size = int(rest)
            image[:] = image[:size].ljust(size, b"\0")
            return
        data = _bytes_of(rest)
        offset = int(rest.rpartition(", ")[2]) if call == "pwrite64" else len(image)
        if len(image) < offset:
            image.extend(bytes(offset - len(image)))
        image[offset : offset + len(data)] = data

    def image(self, name: str) -> bytes:
        return bytes(self.written.get(name, b""))


def posts(trace: Path, *, folder: Path) -> Iterator[Post]:
    """Every call of a trace, in order; `folder` is for the ledgers that are built."""
    disk, syncs = _Disk(), dict[str, tuple[str, bytes]]()
    for pid, call, arguments, ended in _steps(trace):
        on_file = _ON_FILE.match(arguments)
        name = Path(_plain(on_file["path"])).name if on_file else ""
        rest = on_file["rest"] if on_file else ""
        if call in _SENDS and not ended and (phone := _called(arguments)):
            yield Post(phone, promised=_is_promised(phone, disk.sure, folder))
        elif call in _WRITES and not ended and name in _LEDGER:
            disk.write(name, call, rest)
        elif call in _SYNCS and not ended and name in _LEDGER:
            syncs[pid] = (name, disk.image(name))
        elif call in _SYNCS and ended and pid in syncs:
            # What was written before the sync began is sure once it has ended, and not a moment earlier.
            synced, image = syncs.pop(pid)
            disk.sure[synced] = image


def _steps(trace: Path) -> Iterator[tuple[str, str, str, bool]]:
    """(process, call, arguments, whether this is its end), each call twice, in the order in which they happened."""
    with trace.open(encoding="ascii") as lines:
        for line in lines:
            if whole := _WHOLE.match(line):
                yield whole["pid"], whole["name"], whole["arguments"], False
                yield whole["pid"], whole["name"], "", True
            elif begun := _BEGUN.match(line):
                yield begun["pid"], begun["name"], begun["arguments"], False
            elif ended := _ENDED.match(line):
                yield ended["pid"], ended["name"], "", True


def _called(arguments: str) -> str | None:
    data = _bytes_of(arguments)
    found = _PHONE.search(data) if data.startswith(b"POST ") else None
    return found[1].decode() if found else None


def _bytes_of(arguments: str) -> bytes:
    found = _HEX.search(arguments)
    return bytes.fromhex(found[1].replace("\\x", "")) if found else b""


def _plain(path: str) -> str:
    return re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), path)


def _is_promised(phone: str, sure: dict[str, bytes], folder: Path) -> bool:
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        (folder / name).unlink(missing_ok=True)
    for name, image in sure.items():
        (folder / name).write_bytes(image)
    try:
        with closing(sqlite3.connect(folder / "ledger.db")) as ledger:
            open_ones = ledger.execute("SELECT 1 FROM attempt WHERE phone = ? AND outcome IS NULL", (phone,)).fetchone()
            sending = ledger.execute("SELECT 1 FROM sheet_row WHERE phone = ? AND state = 'sending'", (phone,))
            return bool(open_ones and sending.fetchone())
    except sqlite3.DatabaseError:
        return False
