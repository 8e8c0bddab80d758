"""Errand: carries out one order of a run, in its thread: dials it, follows its calls, and says what became of it."""

from dataclasses import dataclass

from campaign.domain.errors import BusyError, CampaignError, ClockError
from campaign.presentation.cures.page import page_text
from campaign.usecases.context import Ledger
from campaign.usecases.dialling.ready_run import DialingEnd, StopRequest
from campaign.usecases.serving.acts import record_act
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
from campaign.usecases.serving.orders import OrderRecord, order_advanced, order_done
from campaign.usecases.working.hand_over import is_workers
from campaign.web.dialling.live import Live
from campaign.web.dialling.work import dial, follow
from campaign.web.surroundings import ServerSurroundings

SERVER = "server"
"""Who acts, in the history, when no person does."""
NO_REASON = "the dialling ended without a reason; what was sent is in the ledger; resume it"


@dataclass(frozen=True, slots=True)
class Errand:
    """One order of a run, as far as it can be carried out now.

    Attributes:
        run: its name.
        order: as it was read last; another one since is heard.
        live: is told what happens.
        stop: ends all of it.
        anew: ends the following alone.
        busy_again_seconds: a run that another process holds is left alone for so long.
    """

    ledger: Ledger
    run: str
    order: OrderRecord
    around: ServerSurroundings
    live: Live
    stop: StopRequest
    anew: StopRequest
    busy_again_seconds: float

    def carry_out(self) -> None:
        """Dials and follows as ordered, as far as it goes; the order says afterwards what is left of it.

        Raises:
            CampaignError: not even that could be written down.
        """
        self.live.enter("starting")
        if is_workers(self.ledger, self.run):
            self._leave_alone()
            return
        try:
            followed = self.order if ordered_of(self.order).follow_until else self._dial()
            if followed is not None:
                self._follow(followed)
        except BusyError:
            self._leave_alone()
        except CampaignError as error:
            by: EndedBy = "clock" if isinstance(error, ClockError) else "failed"
            self._give_up(self.order, by=by, text=page_text(error.message))

    def _leave_alone(self) -> None:
        """To another process, or to workers, for as long as there are some."""
        self.live.enter("elsewhere")
        self.anew.wait(self.busy_again_seconds)

    def _dial(self) -> OrderRecord | None:
        """Makes the calls; returns the order with their following in it, None where it ended otherwise."""
        ordered, left = ordered_of(self.order), rows_left(self.ledger, self.order)
        if left != 0:
            ready = ready_ordered(self.ledger, self.run, ordered, context=self.around, limit=left)
            end = dial(ready, live=self.live, stop=self.stop)
            if end is None or end.stop is not None or end.lost:
                if end is not None or not self.stop.asked:
                    self._give_up(self.order, by=_by(end), text=_why(end))
                return None
            if self.stop.asked:
                return None
        following = as_followed(ordered, now=self.around.now())
        return order_advanced(self.ledger, self.order, options=following.model_dump_json())

    def _follow(self, order: OrderRecord) -> None:
        """Follows the calls; the order is done once they are over."""
        self.live.enter("following")
        to_follow = ordered_to_follow(self.ledger, self.run, ordered_of(order), context=self.around)
        end = follow(to_follow, live=self.live, stop=self.anew)
        if end is not None and end.stop is not None:
            self._give_up(order, by=ended_by(end.stop), text=end.stop.why)
        elif not self.anew.asked and order_done(self.ledger, order, who=SERVER):
            record_act(self.ledger, who=SERVER, what="end", target=self.run)
            self.live.enter("ended")

    def _give_up(self, order: OrderRecord, *, by: EndedBy, text: str) -> None:
        """Ends the order with the reason: only a person begins it again, and reads why."""
        ended = as_ended(ordered_of(order), by=by, text=text, now=self.around.now())
        if order_done(self.ledger, order, who=SERVER, options=ended.model_dump_json()):
            record_act(self.ledger, who=SERVER, what=by, target=self.run, detail=text)
            self.live.enter("failed", trouble=text)


def _by(end: DialingEnd | None) -> EndedBy:
    return "failed" if end is None else "trouble" if end.stop is None else ended_by(end.stop)


def _why(end: DialingEnd | None) -> str:
    """Why a dialling did not reach its end; endings that could not be written come first, as nothing else has them."""
    if end is None:
        return NO_REASON
    lost = [f"could not be written anywhere, so write it down: {one}" for one in end.lost]
    return "; ".join([*lost, *([end.stop.why] if end.stop else [])])
