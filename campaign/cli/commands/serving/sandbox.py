"""`sandbox`: serves the stand-in on a local port, until a signal."""

import anyio

from campaign.cli.options.verbs import SandboxOptions
from campaign.cli.output import echo
from campaign.cli.process.signals import stopping_on_signals
from campaign.cli.terminal import Terminal
from campaign.usecases.serving.sandbox import StandInOptions, faults_reference, stand_in


def sandbox(options: SandboxOptions, terminal: Terminal) -> int:
    """The command `sandbox`."""
    if options.list_faults:
        echo(*faults_reference().splitlines())
        return 0
    made = StandInOptions(
        port=options.port,
        fault=options.fault,
        seed=options.seed,
        latency=options.latency,
        clock_offset=options.clock_offset,
        truth=options.truth,
    )
    anyio.run(_serve, made, terminal)
    return 0


async def _serve(options: StandInOptions, terminal: Terminal) -> None:
    with stopping_on_signals(word="the sandbox stops") as stopping:
        async with stand_in(options) as serving:
            echo(f"export AICALLER_BASE_URL={serving.base_url} AICALLER_API_KEY=sandbox")
            echo("export AICALLER_TEAM_ID=team AICALLER_CALL_TEMPLATE_ID=template")
            terminal.say("campaign: no phone rings here; stop with Ctrl-C")
            await stopping.event.wait()
