"""Use case duties: which runs a worker takes, and who may be one: the same program, account and list for all."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from campaign.config.run_plan import RunPlan
from campaign.config.settings import account_from
from campaign.domain.errors import UsageError
from campaign.ledger.port.ledger import Ledger, ReadableLedger
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.serving import OrderRecord
from campaign.ledger.records.workers import PATIENCE, EnginePlace, WorkerRecord
from campaign.usecases.context import Context

__all__ = ["PATIENCE", "Duties", "Ledger", "RunRecord", "WorkerRecord", "duties_of", "on_duty_for", "orders_for"]

_TEAM = "AICALLER_TEAM_ID"


@dataclass(frozen=True, slots=True)
class Duties:
    """What a worker takes.

    Attributes:
        queue: names the account whose runs it takes: a hash of service and team, and no secret.
        takes: the same, and which key it has, as others see it.
        place: of the engine's tables.
        version: of the program.
    """

    queue: str
    takes: str
    place: EnginePlace
    version: str


def duties_of(ledger: Ledger, *, context: Context) -> Duties:
    """What this process may take.

    Raises:
        UsageError: the ledger is one machine's; there is no key, or no team; or a worker on duty has another version or
            another key.
        LedgerError: the suppression list's key is not the ledger's.
    """
    place = ledger.workers.engine_place()
    if place is None:
        raise UsageError("a worker needs a ledger in PostgreSQL, which several machines share; name it by CAMPAIGN_DB")
    account = account_from(context.environment)
    team = context.environment.get(_TEAM, "").strip()
    if not team:
        raise UsageError(f"{_TEAM} is not set: a worker takes the runs of one team")
    # The list's key is compared before anything is taken: with another one nobody on the list is recognised.
    ledger.suppression.trust_key()
    key = hashlib.sha256(account.api_key.get_secret_value().encode()).hexdigest()[:12]
    queue, ours = _queue(account.service, team), version("campaign")
    _refuse_others(ledger.read.runs.workers.on_duty(), queue=queue, key=key, version=ours)
    return Duties(queue, f"{queue}.{key}", place, ours)


def orders_for(ledger: Ledger, queue: str) -> list[tuple[RunRecord, OrderRecord]]:
    """The runs that are to be dialled or followed, of that queue, oldest first."""
    return [(record, order) for record, order in ledger.serving.orders.to_go() if queue_of(record) == queue]


def on_duty_for(ledger: ReadableLedger, record: RunRecord) -> Sequence[WorkerRecord]:
    """The workers that would take the run; nobody waits for one that is silent."""
    queue, since = queue_of(record), ledger.now() - PATIENCE
    on_duty = ledger.read.runs.workers.on_duty()
    return [one for one in on_duty if (one.takes or "").partition(".")[0] == queue and one.seen_at >= since]


def queue_of(record: RunRecord) -> str:
    """The queue of a run."""
    return _queue(record.service, RunPlan.model_validate_json(record.plan).call.team_id)


def _queue(service: str, team: str) -> str:
    return hashlib.sha256(f"{service}\n{team}".encode()).hexdigest()[:16]


def _refuse_others(on_duty: Sequence[WorkerRecord], *, queue: str, key: str, version: str) -> None:
    for one in on_duty:
        if one.takes is None:
            continue
        if one.version != version:
            raise UsageError(
                f"the worker {one.name} is campaign {one.version}, and this is {version}: end it first, so that all "
                "are of one version; nothing was sent"
            )
        if one.takes.startswith(f"{queue}.") and one.takes != f"{queue}.{key}":
            raise UsageError(
                f"the worker {one.name} has another key of the same account; give all workers one key; nothing was sent"
            )
