"""Configuration of a stand-in: where it listens, which keys it accepts, which faults it makes."""

import ipaddress
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from campaign.domain.errors import UsageError
from campaign.sandbox.calls import Fate
from campaign.sandbox.faults.table import FaultPlan
from campaign.sandbox.list_endings import Listing

_LAST_PORT = 65535


@dataclass(frozen=True, kw_only=True, slots=True)
class SandboxConfig:
    """How the stand-in behaves.

    Attributes:
        host: a loopback address.
        port: 0 takes a free one.
        faults: what goes wrong with which POST.
        truth: the file that gets a line for each phone that rings; None keeps no file.
        truth_sync: whether each line is on the disk, not only written, before the answer leaves.
        latency: seconds before each answer.
        api_key: the only key let in; None lets any in.
        team_id: the only team that may call; None lets any call.
        call_template_id: the only call template there is; None lets any be used.
        seed: another seed gives the called people other fates.
        speed: how much faster than the clock the calls go on.
        late: seconds that the fault `late` takes.
        drip: seconds between the pieces of the slow faults.
        clock: seconds since the epoch.
        dated: whether its answers have a Date.
        fsync: brings what was written under a descriptor to the disk.
        listing: how the list of calls misleads.
        script: number -> how its calls end, the first, the second, ...; the last entry holds for all that follow.
            Numbers that it leaves out are left to chance.
    """

    host: str = "127.0.0.1"
    port: int = 0
    faults: FaultPlan = field(default_factory=FaultPlan)
    truth: Path | None = None
    truth_sync: bool = True
    latency: float = 0.0
    api_key: str | None = field(default=None, repr=False)
    team_id: str | None = None
    call_template_id: str | None = None
    seed: int = 0
    speed: float = 1.0
    late: float = 2.0
    drip: float = 0.2
    clock: Callable[[], float] = time.time
    dated: bool = True
    fsync: Callable[[int], object] = os.fsync
    listing: Listing = field(default_factory=Listing)
    script: Mapping[str, Sequence[Fate]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            local = ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            local = False
        if not local:
            raise UsageError(f"host {self.host!r}: the sandbox is for this machine alone; use 127.0.0.1 or ::1")
        if not 0 <= self.port <= _LAST_PORT:
            raise UsageError(f"port {self.port}: no such port; choose one from 1 to {_LAST_PORT}, or 0 for a free one")
        if self.speed <= 0 or min(self.latency, self.late, self.drip) < 0:
            raise UsageError("the sandbox's speed must be above 0, and its latency must not be negative")
