"""Runs the real program in circumstances that a test cannot wait for: `python launched.py [circumstances] -- run ...`.

--planted NAME    with this planted bug
--clock SECONDS   on a machine whose clock is so far ahead
--deadline S      with a deadline of so many seconds for a call's request and its answer
--first-look S    with an outcome that is polled for so many seconds after its call, and then more seldom
--freezes         on a machine that stops it between its first connection and the first byte, for a minute as it seems
--lists-lag S     with a list of calls that is awaited for so many seconds after a refusal that a box may have said
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from campaign.aicaller.client import AICallerClient
from campaign.aicaller.wire.connection import Connection
from campaign.aicaller.wire.transport import SingleUseTransport
from campaign.cli.main import exit_code, main
from campaign.cli.terminal import this_terminal
from campaign.domain.model import Attempt, ClaimRefused
from campaign.followup import follow, poll_interval
from campaign.ledger.store import open_ledger
from campaign.ledger.writes.run_session import JournaledRun
from campaign.ledger.writes.workers.boot_clock import boot_seconds
from campaign.reconcile import during_run, preflight
from tests.soak.teeth.planted import PLANTED

_FROZEN_SECONDS = 60.0
_claims = set[str]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """The circumstances of a start; without arguments, none.

    Attributes:
        planted: a planted bug's name.
        clock: seconds by which the machine's clock is ahead of the true time.
        deadline: of a call's request and answer, in seconds.
        first_look: seconds from a call to the first poll of its outcome.
        lists_lag: seconds for which a call may be missing from a list.
        freezes: whether it is stopped by a signal, once, when its first connection stands.
    """

    planted: str | None = None
    clock: float = 0.0
    deadline: float | None = None
    first_look: float | None = None
    lists_lag: float | None = None
    freezes: bool = False

    def as_arguments(self) -> list[str]:
        """What stands between the interpreter and the program's own arguments."""
        return ["-m", "campaign"] if self == Launch() else [str(Path(__file__)), *self.as_flags(), "--"]

    def as_flags(self) -> list[str]:
        """As flags of this file."""
        given = {
            "--planted": self.planted,
            "--clock": self.clock or None,
            "--deadline": self.deadline,
            "--first-look": self.first_look,
            "--lists-lag": self.lists_lag,
        }
        return [f"{flag}={value}" for flag, value in given.items() if value is not None] + ["--freezes"] * self.freezes


def launch(how: Launch, arguments: list[str]) -> NoReturn:
    """Ends this process with the program's exit code."""
    if how.planted is not None:
        PLANTED[how.planted]()
    if how.deadline is not None:
        defaults = AICallerClient.__init__.__kwdefaults__
        assert defaults is not None
        assert "deadline_seconds" in defaults, "the client's deadline has another name"
        defaults["deadline_seconds"] = how.deadline
    if how.first_look is not None:
        _set((poll_interval, follow), "FIRST_LOOK_AFTER", how.first_look)
    if how.freezes:
        _freeze_once()
    if how.lists_lag is not None:
        _set((preflight, during_run), "LISTS_MAY_LAG", how.lists_lag)
    if not how.clock:
        main(arguments)
    terminal = this_terminal()
    ahead = timedelta(seconds=how.clock)
    sys.exit(exit_code(arguments, terminal=replace(terminal, now=lambda: terminal.now() + ahead)))


def _freeze_once() -> None:
    """The moment is certain: the claim is on the disk, the connection stands, and not a byte of the call has left."""
    connect, passed = SingleUseTransport._connect, [0.0]

    async def freezing(transport: SingleUseTransport, *where: Any, **how: Any) -> Connection:
        connected = await connect(transport, *where, **how)
        # The first request of all asks for the time.
        if not passed[0] and "claimed" in _claims:
            os.kill(os.getpid(), signal.SIGSTOP)
            passed[0] = _FROZEN_SECONDS
        return connected

    claim = JournaledRun.claim

    async def claiming(held: JournaledRun, attempt: Attempt) -> ClaimRefused | None:
        refused = await claim(held, attempt)
        _claims.add("claimed")
        return refused

    SingleUseTransport._connect = freezing  # type: ignore[assignment, method-assign]  # on purpose
    JournaledRun.claim = claiming  # type: ignore[assignment, method-assign]  # likewise
    defaults = getattr(open_ledger, "__wrapped__").__kwdefaults__  # noqa: B009 - of the function within
    assert "boot" in defaults, "the ledger's clock has another name"
    defaults["boot"] = lambda: boot_seconds() + passed[0]


def _set(modules: Sequence[ModuleType], name: str, seconds: float) -> None:
    for module in modules:
        assert hasattr(module, name), f"{name} has another name in {module.__name__}"
        setattr(module, name, timedelta(seconds=seconds))


def _launch_of(words: list[str]) -> tuple[Launch, list[str]]:
    parser = argparse.ArgumentParser()
    parser.add_argument("--planted", choices=list(PLANTED))
    parser.add_argument("--clock", type=float, default=0.0)
    parser.add_argument("--deadline", type=float)
    parser.add_argument("--first-look", type=float)
    parser.add_argument("--lists-lag", type=float)
    parser.add_argument("--freezes", action="store_true")
    middle = words.index("--")
    said = parser.parse_args(words[:middle])
    return Launch(**vars(said)), words[middle + 1 :]


def launch_said(words: list[str]) -> NoReturn:
    """Launches what a command line says."""
    launch(*_launch_of(words))


if __name__ == "__main__":
    launch_said(sys.argv[1:])
