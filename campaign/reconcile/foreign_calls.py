"""Foreign calls: while a run dials, somebody else calls the people of it: a copy of its home, say.

    to a person who still waits ............ as the audit before the first call judges it
    to anybody of the run, since it began .. one more than this ledger's lost and open sendings explain

The list is read again each minute. One that cannot be read is no evidence: the run goes on, and looks again a minute
later. Nothing is written: a resume looks the calls up before its first one, and leaves their people out.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from campaign.config.run_plan import RunPlan
from campaign.domain.phone_line import line_of
from campaign.domain.skip_reason import CalledElsewhere
from campaign.domain.stop import Stop, StopCode
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord
from campaign.reconcile.call_list import RecentCalls, echo_of
from campaign.reconcile.matching import EARLIER_SECONDS, Several
from campaign.reconcile.preflight import judge_rows
from campaign.reconcile.preflight_rules import AlreadyMade

_MOST_SHOWN = 3


def stop_for_foreign_calls(
    ledger: Ledger, record: RunRecord, recent: RecentCalls, *, plan: RunPlan, since: datetime
) -> Stop | None:
    """Why the run must stop; None when nobody else calls its people.

    Args:
        ledger: where the run is.
        record: the run.
        recent: what was listed; what it settles of the unknown rows must have been settled.
        plan: of the run.
        since: when this dialling began, by our clock.
    """
    found = {*_to_waiting(ledger, record, recent, plan=plan)}
    found.update(_too_many(ledger, record, recent, plan=plan, since=since))
    # A call of this ledger may have been written down while this was looked at.
    foreign = sorted(found - set(ledger.read.lost.known_ids(found))) if found else []
    if not foreign:
        return None
    shown = ", ".join(foreign[:_MOST_SHOWN])
    return Stop(
        StopCode.TROUBLE,
        f"somebody else is calling the people of this run ({len(foreign)} calls so far: {shown}): a copy of its home, "
        "or another ledger with the same people, goes on at this moment, or a box on the way repeats requests; end it",
    )


def _to_waiting(ledger: Ledger, record: RunRecord, recent: RecentCalls, *, plan: RunPlan) -> Iterator[str]:
    for _, verdict, _ in judge_rows(ledger, record, recent, plan=plan, ever=False):
        match verdict:
            case AlreadyMade():
                yield verdict.call.call_id
            case Several():
                yield from verdict.call_ids
            case CalledElsewhere():
                yield verdict.call_id
            case None:
                pass


def _too_many(
    ledger: Ledger, record: RunRecord, recent: RecentCalls, *, plan: RunPlan, since: datetime
) -> Iterator[str]:
    ahead = echo_of(ledger, record, recent, plan=plan).ahead
    begun = since + timedelta(seconds=ahead - EARLIER_SECONDS)
    for unclaimed in recent.unclaimed(ledger):
        own = Counter(line_of(one.phone) for one in ledger.read.lost.open_sendings(unclaimed, service=record.service))
        for line, calls in unclaimed.items():
            new = [call.call_id for call in calls if call.created_at is not None and call.created_at >= begun]
            if len(new) > own[line]:
                yield from new
