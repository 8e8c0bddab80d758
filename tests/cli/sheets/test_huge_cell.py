"""A cell that is larger than any machine's memory ought to be: one line, at once, and little memory."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Desk

pytestmark = pytest.mark.skipif(not hasattr(resource, "RLIMIT_AS"), reason="this system has no limits of memory")

MIB = 1 << 20
MOST_MEMORY = 1500 * MIB
"""Of addresses, not of memory in use: libraries reserve several hundred MiB. A cell of a GiB does not fit beside."""
COMMANDS = [
    ("check", "-t", "visits.toml", "--sandbox"),
    ("run", "-t", "visits.toml", "--sandbox", "--yes"),
    ("init", "-t", "new.toml", "--yes"),
    ("suppress", "import"),
]


def sheet(path: Path, *, size: int, quoted: bool) -> Path:
    """A sheet with one cell of that many MiB, in the second of its rows."""

    def parts() -> Iterator[bytes]:
        quote = b'"' if quoted else b""
        yield b"Name,Phone,Day\nAda,+12125550101,Monday\nBob,+12125550102," + quote
        for _ in range(size):
            yield b"x" * MIB
        yield quote + b"\nCy,+12125550103,Monday\n"

    with path.open("wb") as file:
        file.writelines(parts())
    return path


@pytest.mark.parametrize("quoted", [False, True], ids=["bare", "quoted"])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("size", [64, pytest.param(1024, marks=pytest.mark.nightly)], ids="{} MiB".format)
def test_a_huge_cell_is_refused_in_one_line(desk: Desk, *, size: int, words: tuple[str, ...], quoted: bool) -> None:
    desk.template()
    huge = sheet(desk.folder / "huge.csv", size=size, quoted=quoted)
    verb, flags = (words, ()) if words[0] == "suppress" else (words[:1], words[1:])
    ended = subprocess.run(
        [sys.executable, "-m", "campaign", *verb, str(huge), *flags],
        capture_output=True,
        text=True,
        check=False,
        cwd=desk.folder,
        env={"PYTHONPATH": str(ROOT), "CAMPAIGN_HOME": str(desk.folder / "home"), "PATH": "/usr/bin:/bin"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY)),
        timeout=90,
    )
    huge.unlink()
    assert ended.returncode == 2, ended.stderr
    assert f"{huge}: line 3 has over 1,000,000 characters" in ended.stderr
    assert ended.stderr.count("\n") == 1
