"""Use case carry out: one run as it was ordered: dial it, follow its calls, and write down what became of the order.

A run that another process holds is left alone. Where the ledger fails, the order stands: another worker goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from campaign.domain.errors import BusyError, CampaignError, ClockError, LedgerError
from campaign.domain.stop import Stop
from campaign.engine.pacing.run_control import Lifts
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.serving import OrderRecord, Wanted
from campaign.usecases.context import Context
from campaign.usecases.dialling.ready_run import DialingEnd, ReadyRun, StopRequest, run_event_loop
from campaign.usecases.follow_run import RunToFollow
from campaign.usecases.serving.dialling import (
    EndedBy,
    as_ended,
    as_followed,
    ended_by,
    ordered_of,
    ordered_to_follow,
    ready_ordered,
    rows_left,
)
from campaign.usecases.serving.orders import order_advanced, order_done, order_of


@dataclass(frozen=True, slots=True)
class CarriedRun:
    """One run that a worker carries out.

    Attributes:
        ledger: of this thread.
        run: its name.
        context: the worker's.
        who: the worker, for the order.
        stop: the worker is to end: calls on their way finish, and the order stands.
        say: gets a line for each thing that a person may want to know.
    """

    ledger: Ledger
    run: str
    context: Context
    who: str
    stop: StopRequest
    say: Callable[[str], None]

    def carry_out(self) -> None:
        """Dials and follows the run as it was ordered last, as far as it goes, until the stop.

        Raises:
            BusyError: another process holds it.
            LedgerError: the ledger failed, or this process was taken for dead; the order stands.
        """
        order = order_of(self.ledger, self.run)
        if order is None or order.wanted is not Wanted.GO:
            return
        try:
            followed = order if ordered_of(order).follow_until else self._dial(order)
            if followed is not None:
                self._follow(followed)
        except (BusyError, LedgerError):
            raise
        except CampaignError as error:
            self._give_up(order, by="clock" if isinstance(error, ClockError) else "failed", why=self._worded(error))

    def _dial(self, order: OrderRecord) -> OrderRecord | None:
        """Makes the calls; returns the order with their following in it, None where it ended otherwise."""
        ordered, left = ordered_of(order), rows_left(self.ledger, order)
        if left != 0:
            ready = ready_ordered(self.ledger, self.run, ordered, context=self.context, limit=left)
            # What has stopped it since it was ordered, stops it: a part begins nothing anew.
            ready = replace(ready, order=replace(ready.order, lifts=Lifts.NONE))
            end = run_event_loop(partial(_dialled, ready, self.stop))
            if end is None or end.stop is not None or end.lost:
                self._ended(order, end)
                return None
            if self.stop.asked:
                return None
        following = as_followed(ordered, now=self.context.now())
        return order_advanced(self.ledger, order, options=following.model_dump_json())

    def _ended(self, order: OrderRecord, end: DialingEnd | None) -> None:
        if end is None:
            return
        for one in end.lost:
            self.say(f"run {self.run}: could not be written anywhere, so write it down: {one}")
        # Where this process's own trouble has stopped it, the order stands, and another goes on.
        if end.stop is not None and self.ledger.workers.trouble() is None:
            self._give_up(order, by=ended_by(end.stop), why=end.stop.why)

    def _follow(self, order: OrderRecord) -> None:
        """Follows the calls; the order is done once they are over."""
        to_follow = ordered_to_follow(self.ledger, self.run, ordered_of(order), context=self.context)
        stop = run_event_loop(partial(_followed, to_follow, self.stop))
        to_follow.write_results()
        if stop is not None:
            self._give_up(order, by=ended_by(stop), why=stop.why)
        elif not self.stop.asked:
            order_done(self.ledger, order, who=self.who)

    def _give_up(self, order: OrderRecord, *, by: EndedBy, why: str) -> None:
        """Ends the order with the reason: only a person begins it again, and reads why."""
        ended = as_ended(ordered_of(order), by=by, text=why, now=self.context.now())
        order_done(self.ledger, order, who=self.who, options=ended.model_dump_json())
        self.say(f"run {self.run}: {why}")

    def _worded(self, error: CampaignError) -> str:
        return self.context.wording(error.message)


async def _dialled(ready: ReadyRun, stop: StopRequest) -> DialingEnd | None:
    end = None
    with stop.heard() as stopping:
        async with ready.dial(stop=stopping) as dialing:
            async for event in dialing.events:
                if isinstance(event, DialingEnd):
                    end = event
    return end


async def _followed(to_follow: RunToFollow, stop: StopRequest) -> Stop | None:
    with stop.heard() as stopping:
        async with to_follow.follow(stop=stopping) as following:
            async for _ in following.events():
                pass
    return None if following.end is None else following.end.stop
