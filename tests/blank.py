"""A new ledger, as the program makes it at its first start: made once, and copied for each test that needs one."""

import tempfile
from functools import cache
from pathlib import Path

from campaign.ledger.sqlite.engine import LEDGER_FILE, open_engines


def blank_home(home: Path) -> Path:
    """Makes the folder, with a ledger that no process has opened yet."""
    home.mkdir(mode=0o700, parents=True)
    file = home / LEDGER_FILE
    file.touch(mode=0o600)
    file.write_bytes(_blank())
    return home


@cache
def _blank() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        for engine in open_engines(Path(folder)):
            engine.dispose()
        assert [path.name for path in Path(folder).iterdir()] == [LEDGER_FILE], "it is whole without its log"
        return (Path(folder) / LEDGER_FILE).read_bytes()
