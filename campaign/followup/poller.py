"""Poller: one poll of one call: waits for its slot, reads the call, records what it says, and handles read failures."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

import anyio

from campaign.aicaller.outcome_parser import names_number, read_outcome, whose_else
from campaign.aicaller.read_client import FoundCall, NotRead
from campaign.config.run_plan import RunPlan
from campaign.domain.call_outcome import CallEnd
from campaign.domain.stop import Stop, StopCode
from campaign.engine.events import Unread
from campaign.followup.clock import Clock
from campaign.followup.poll_interval import next_poll, wait_after
from campaign.followup.retry_rules import call_again
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.outcomes import Looked, MadeCall, Rules
from campaign.timing.backoff import backoff, retries_exhausted
from campaign.timing.pace import Pacer

_REFUSED = frozenset({401, 402, 403})
_NO_SUCH_CALL = 404
_LONGEST_WAIT_SECONDS = 3600.0


class CallReader(Protocol):
    """Port of the client that a poll needs."""

    async def get_call(self, call_id: str) -> FoundCall | NotRead:
        """Reads one call. Never raises for it."""


def rules_of(plan: RunPlan) -> Rules:
    """The outcome rules of a run's template."""
    recorded = plan.call.record is True
    return Rules(
        next_poll=lambda outcome, looks, final_since, now: next_poll(
            outcome, looks=looks, final_since=final_since, now=now, recorded=recorded
        ),
        call_again=lambda outcome, ends, claimed_at, final_since: call_again(
            outcome, ends=ends, claimed_at=claimed_at, final_since=final_since, rules=plan.retry
        ),
        template=plan.call.call_template_id,
    )


class Poller:
    """Polls calls, one at a time, at its own pace.

    Attributes:
        stopped: why no more can be read, or None.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        reader: CallReader,
        clock: Clock,
        stop: anyio.Event,
        rate: float,
        patient: bool = False,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`rate` is polls per second; a `patient` one never gives up on a server that does not respond."""
        self.stopped: Stop | None = None
        self._ledger, self._reader, self._clock, self._stop = ledger, reader, clock, stop
        self._pacer, self._patient, self._chance = Pacer(rate), patient, chance
        self._failed, self._failing_since = 0, 0.0

    async def poll(self, call: MadeCall, *, rules: Rules) -> Looked | Unread | None:
        """Reads the call when its slot has come, and records what it says; None when stopped before.

        Raises:
            LedgerError: the ledger cannot be written.
        """
        slot = self._pacer.reserve(self._clock.now().timestamp())
        await self._clock.wait(datetime.fromtimestamp(slot, UTC), stop=self._stop)
        if self._stop.is_set() or self.stopped is not None:
            return None
        found = await self._reader.get_call(call.call_id)
        if isinstance(found, NotRead):
            return self._not_read(call, found)
        self._failed = 0
        field = whose_else(found.call, call_id=call.call_id, phone=call.phone, template=rules.template)
        if field is not None:
            return self._doubted(call, field)
        outcome = read_outcome(found.call, call_id=call.call_id)
        if outcome is None:
            return self._postpone(call, "the answer is not this call")
        is_named = names_number(found.call, phone=call.phone)
        looked = self._ledger.outcomes.note(call, outcome, rules=rules, is_named=is_named, made_up=found.made_up)
        if outcome.end is CallEnd.DO_NOT_CALL and (looked.is_new or looked.suppressed):
            # Asked after the commit: what is not found now cannot be claimed any more.
            return replace(looked, ahead=self._ledger.read.earlier.ahead_to([call.phone], at=self._clock.now()))
        return looked

    def _not_read(self, call: MadeCall, found: NotRead) -> Unread:
        if found.status in _REFUSED:
            self.stopped = Stop(StopCode.REFUSED, f"AICaller refuses to show calls: {found.reason}")
            return Unread(call, found.reason)
        if found.status == _NO_SUCH_CALL:
            return self._postpone(call, "AICaller does not know this call")
        now = self._clock.now().timestamp()
        self._failing_since = self._failing_since if self._failed else now
        self._failed += 1
        if not self._patient and retries_exhausted(self._failed, trying_for=now - self._failing_since):
            self.stopped = Stop(StopCode.TROUBLE, f"calls cannot be read: {found.reason}; given up for now")
        pause = backoff(self._failed, chance=self._chance())
        self._pacer.pause(now + min(_LONGEST_WAIT_SECONDS, max(pause, found.retry_after or 0.0)))
        return self._postpone(call, found.reason)

    def _doubted(self, call: MadeCall, field: str) -> Unread:
        """Takes nothing of an answer that is another call's, least of all an opt-out: whose it is, is not known."""
        reason = (
            f"AICaller's answer about call {call.call_id} is another call's, by its {field}: nothing of it was taken"
        )
        self._ledger.outcomes.doubt(call, reason=reason, look_at=self._clock.now() + wait_after(call.looks))
        return Unread(call, reason)

    def _postpone(self, call: MadeCall, reason: str) -> Unread:
        self._ledger.outcomes.note_unread(call, look_at=self._clock.now() + wait_after(call.looks))
        return Unread(call, reason)
