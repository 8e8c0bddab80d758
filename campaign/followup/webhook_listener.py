"""Webhook listener: each webhook hints that a call may be over; the call is then polled.

webhook --> ids --> those of calls of ours that are not settled --> Poller --> ledger
"""

from collections.abc import AsyncGenerator

from anyio.streams.memory import MemoryObjectReceiveStream

from campaign.config.run_plan import RunPlan
from campaign.config.settings import is_loopback
from campaign.domain.cures import Setting
from campaign.domain.errors import UsageError
from campaign.engine.events import Unread
from campaign.followup.poller import Poller, rules_of
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.outcomes import Looked, Rules

SECRET_VARIABLE = "AICALLER_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable
MOST_WAITING = 1_000
"""Hints that are kept while a call is read; `follow` finds out without the others."""


async def poll_hinted(
    ledger: Ledger,
    *,
    service: str,
    poller: Poller,
    hints: MemoryObjectReceiveStream[tuple[str, ...]],
) -> AsyncGenerator[Looked | Unread]:
    """Polls the calls that are hinted at, until the hints end or nothing can be read; iterate it to its end."""
    rules = dict[int, Rules]()
    async with hints:
        async for ids in hints:
            for call in ledger.read.outcomes.find(ids, service=service):
                if call.run_id not in rules:
                    rules[call.run_id] = _rules_of_run(ledger, call.run_id)
                found = await poller.poll(call, rules=rules[call.run_id])
                if found is None:
                    return
                yield found


def refuse_public_without_secret(host: str, *, secret: str | None) -> None:
    """Refuses to listen on a public address without a secret.

    Raises:
        UsageError: naming the variable.
    """
    if not is_loopback(host) and not secret:
        raise UsageError(
            Setting.HOST,
            f" {host}: anybody could post there; set {SECRET_VARIABLE}, or listen at 127.0.0.1 behind a proxy",
        )


def _rules_of_run(ledger: Ledger, run_id: int) -> Rules:
    [record] = [record for record in ledger.read.runs.all() if record.id == run_id]
    return rules_of(RunPlan.model_validate_json(record.plan))
