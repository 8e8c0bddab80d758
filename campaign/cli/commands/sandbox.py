"""`sandbox`: the stand-in on a port of this machine, until a signal."""

from pathlib import Path

import anyio
import click

from campaign.cli.signals import stopping_on_signals
from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.faults.table import FaultPlan, faults_reference
from campaign.sandbox.server import serve


def sandbox(*, port: int, fault: str | None, seed: int, latency: float, truth: Path | None, list_faults: bool) -> int:
    """The verb `sandbox`."""
    if list_faults:
        click.echo(faults_reference())
        return 0
    faults = FaultPlan.parse(fault or "", seed=seed)
    anyio.run(_serve, SandboxConfig(port=port, faults=faults, latency=latency, truth=truth, seed=seed))
    return 0


async def _serve(config: SandboxConfig) -> None:
    with stopping_on_signals(word="the sandbox stops") as stopping:
        async with serve(config) as stand_in:
            click.echo(f"export AICALLER_BASE_URL={stand_in.base_url} AICALLER_API_KEY=sandbox")
            click.echo("export AICALLER_TEAM_ID=team AICALLER_CALL_TEMPLATE_ID=template")
            click.echo("campaign: no phone rings here; stop with Ctrl-C", err=True)
            await stopping.event.wait()
