"""Use case sandbox: a stand-in for AICaller on this machine."""

import time
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.faults.table import FaultPlan, faults_reference
from campaign.sandbox.server import Sandbox, serve

__all__ = ["StandInOptions", "faults_reference", "stand_in"]


@dataclass(frozen=True, slots=True)
class StandInOptions:
    """Options of the stand-in: how it answers.

    Attributes:
        port: 0 takes a free one.
        fault: faults, as `NAME=SHARE,...`.
        seed: decides which calls a fault strikes.
        latency: seconds before each answer.
        clock_offset: seconds by which its clock, and the Date of its answers, is ahead.
        truth: gets a JSON line for each phone that rings.
    """

    port: int
    fault: str | None
    seed: int
    latency: float
    clock_offset: float
    truth: Path | None


def stand_in(options: StandInOptions) -> AbstractAsyncContextManager[Sandbox]:
    """Runs the stand-in for as long as the block lasts; no phone rings.

    Raises:
        UsageError: there is no such fault.
    """
    faults = FaultPlan.parse(options.fault or "", seed=options.seed)
    return serve(
        SandboxConfig(
            port=options.port,
            faults=faults,
            latency=options.latency,
            truth=options.truth,
            seed=options.seed,
            clock=lambda: time.time() + options.clock_offset,
        )
    )
