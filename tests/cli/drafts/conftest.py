"""Processes that do one act on a draft, beside the tests' own."""

import signal
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import Desk, StandIn
from tests.warm import Piped, warm

# The second number was written without its zero: a person says whether it is called as restored.
TEMPLATE = '[columns]\nname = "Name"\nphone = "Phone"\n[phone]\nregion = "GB"\n[pace]\ncalls_per_second = 1000\n'
ADA, BO, CY = "+442079460019", "+442079460018", "+442079460017"
ROWS = (f"Ada,{ADA}", "Bo,2079460018", f"Cy,{CY}", "Dee,12")


@dataclass(frozen=True)
class Acts:
    """A sheet and a template in a folder, a ledger, a stand-in; each act a process."""

    desk: Desk
    server: StandIn
    sheet: Path
    template: Path

    def started(self, *words: str | Path) -> AbstractContextManager[Piped]:
        """The process, which ends with the block."""
        return warm().piped("tests.cli.drafts.act:main", list(map(str, words)), folder=self.desk.folder)

    def __call__(self, *words: str | Path, killed_after: int | None = None) -> str | None:
        """What the process said in the end; None when it was killed before."""
        killing = () if killed_after is None else ("--killed-after", str(killed_after))
        with self.started(*words, *killing) as started:
            out, err = started.ended()
        if started.returncode == -signal.SIGKILL and killed_after is not None:
            return None
        assert started.returncode == 0, err
        return out.strip()

    def load(self, *, killed_after: int | None = None) -> str | None:
        return self("load", self.sheet, self.template, killed_after=killed_after)


@pytest.fixture
def acts(desk: Desk, server: StandIn) -> Acts:
    sheet = desk.sheet(*ROWS, header="Name,Phone")
    return Acts(desk, server, sheet, desk.template(TEMPLATE))
