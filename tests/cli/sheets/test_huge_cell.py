"""A cell that is larger than any machine's memory ought to be: one line, at once, and little memory."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.cli.main import main
from tests.cli.conftest import Desk
from tests.warm import warm

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
    environment = {"CAMPAIGN_HOME": str(desk.folder / "home"), "PATH": "/usr/bin:/bin"}
    words = (*verb, str(huge), *flags)
    with warm().piped(f"{__name__}:in_little_memory", words, folder=desk.folder, environment=environment) as started:
        _, err = started.ended()
    huge.unlink()
    assert started.returncode == 2, err
    assert f"{huge}: line 3 has over 1,000,000 characters" in err
    assert err.count("\n") == 1


def in_little_memory(words: list[str]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    main(words)
