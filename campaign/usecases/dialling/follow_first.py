"""Follow first: before people are called again, the calls that they had are looked up: who said no is on the list."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from campaign.config.run_plan import RunPlan
from campaign.domain.errors import CampaignError, LedgerError
from campaign.engine.account import CallingAccount
from campaign.engine.dial_held_run import run_event_loop
from campaign.engine.stop import StopRequest
from campaign.followup.clock import WallClock
from campaign.followup.look_up_due import AT_MOST, LookUp, is_due, look_up_due
from campaign.followup.session import write_followed
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.usecases.context import Context


@dataclass(frozen=True, slots=True)
class FollowedFirst:
    """What became of an earlier run's calls: `looked` up, `suppressed` people, and how many are still open."""

    run: str
    looked: int
    suppressed: int
    left: int


def follow_first(
    ledger: Ledger,
    runs: Iterable[str],
    *,
    account: CallingAccount,
    context: Context,
    tell: Callable[[FollowedFirst], None],
) -> None:
    """Looks up the calls of these runs that are due, for five minutes at most together.

    A run that cannot be followed is left: who asks for this counts afterwards what is still not known.

    Raises:
        LedgerError: the ledger or its disk is in trouble.
    """
    clock = WallClock(context.now)
    environment, until = dict(context.environment), context.now() + AT_MOST
    look = LookUp(account, environment=environment, clock=clock, until=until, stop=StopRequest())
    for name in runs:
        record = named_run(ledger, name)
        if context.now() >= until or not is_due(ledger, record, at=context.now()):
            continue
        try:
            found = run_event_loop(partial(look_up_due, ledger, record, look=look))
            if record.results_path:
                path = Path(record.results_path)
                write_followed(ledger, record, plan=RunPlan.model_validate_json(record.plan), path=path)
        except LedgerError:
            raise
        except CampaignError:
            continue
        left = ledger.read.outcomes.count(record.id).open
        tell(FollowedFirst(name, found["looked"], found["suppressed"], left))
