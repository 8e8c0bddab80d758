"""Canary: calls the first rows of a run, waits for their outcomes, and judges them before the rest is called.

first N rows --> dialled --> polled until over, or `wait` --> within the limits? --> the rest
                                                                                `- stop
"""

from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta

import anyio

from campaign.aicaller.read_client import ReadingClient
from campaign.config.outcome_sections import CanarySection
from campaign.config.run_plan import RunPlan
from campaign.config.settings import Account
from campaign.config.template import Template
from campaign.domain.call_outcome import CallEnd
from campaign.domain.cures import Setting
from campaign.domain.errors import TemplateError
from campaign.domain.model import ClaimRefused, Created, NotSent, Rejected, Settled
from campaign.engine.events import Unread
from campaign.followup.clock import Clock
from campaign.followup.follow import Following
from campaign.followup.poller import CallReader, Poller
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.outcomes import Looked
from campaign.ledger.records.runs import RunRecord

_LEAST_KNOWN = 0.5
"""With fewer of the outcomes nothing is known, and nothing is no reason to call a thousand people."""


@dataclass(frozen=True, slots=True)
class CanaryBegun:
    """Rows of a canary that were sent before, by a process that has ended since.

    Attributes:
        submitted: how many.
        refused: how many of them AICaller refused.
        calls: the ids of those that were made.
    """

    submitted: int = 0
    refused: int = 0
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CanaryFound:
    """The outcomes of the first rows.

    Attributes:
        submitted: how many rows were sent.
        refused: how many of them AICaller refused.
        created: how many calls were made.
        ends: how many of those are over, by how they ended.
    """

    submitted: int
    refused: int
    created: int
    ends: Mapping[CallEnd, int]


def broken_bounds(found: CanaryFound, bounds: CanarySection) -> list[str]:
    """One line for each limit that is exceeded; none when the run may go on."""
    known = sum(found.ends.values())
    broken = [
        _beyond("refused by AICaller", found.refused, of=found.submitted, most=bounds.refused, key="refused"),
        _beyond("failed", found.ends.get(CallEnd.FAILED, 0), of=known, most=bounds.failed, key="failed"),
        _beyond(
            "asked not to be called",
            found.ends.get(CallEnd.DO_NOT_CALL, 0),
            of=known,
            most=bounds.do_not_call,
            key="do_not_call",
        ),
    ]
    # Known bounds first: they say more than what is missing.
    if found.created and known < _LEAST_KNOWN * found.created:
        broken.append(f"only {known} of {found.created} outcomes are known by now ([canary] wait)")
    if not found.created and not found.refused and found.submitted:
        broken.append(f"not one of {found.submitted} calls is known to have been made")
    return [line for line in broken if line]


def _beyond(what: str, count: int, *, of: int, most: float, key: str) -> str:
    if not of or count <= most * of:
        return ""
    return f"{count} of {of} {what}: {count / of:.0%}, and [canary] {key} = {most:g} allows {most:.0%}"


_POLLS_PER_SECOND = 5.0


def canary_bounds(template: Template) -> CanarySection:
    """The template's limits.

    Raises:
        TemplateError: it sets none, and there are no others.
    """
    if template.canary is None:
        raise TemplateError(
            Setting.CANARY,
            " wants bounds; write [canary] into the template, "
            "with the shares that may be found at the most: refused = 0.1, failed = 0.2, do_not_call = 0.05",
        )
    return template.canary


class Canary:
    """The first rows of a run (`engine.dial_held_run.FirstRows`), and the outcomes of their calls."""

    def __init__(self, bounds: CanarySection, *, rows: int, clock: Clock, begun: CanaryBegun | None = None) -> None:
        """The first `rows` rows are the canary, and with them those that an earlier process has begun."""
        self._bounds, self._rows, self._clock = bounds, rows, clock
        self._begun = begun or CanaryBegun()
        self._submitted, self._refused = set[int](), set[int]()
        self._calls = list(self._begun.calls)

    @property
    def rows(self) -> int:
        """How many rows go first."""
        return self._rows

    @property
    def at_most(self) -> timedelta:
        """Maximum time to wait for their outcomes."""
        return max(self._bounds.wait, timedelta(0))

    def on_event(self, settled: Settled) -> None:
        """Records the ending of a row."""
        if isinstance(settled.outcome, NotSent | ClaimRefused):
            return
        self._submitted.add(settled.attempt.row_id)
        if isinstance(settled.outcome, Rejected):
            self._refused.add(settled.attempt.row_id)
        if isinstance(settled.outcome, Created):
            self._calls.append(settled.outcome.call_id)

    async def outcomes(
        self, ledger: Ledger, record: RunRecord, *, plan: RunPlan, account: Account, stop: anyio.Event
    ) -> AsyncGenerator[Looked | Unread]:
        """Polls the calls until each is over, or the template's `wait` has passed; iterate it to its end."""
        async with ReadingClient(account, now=self._clock.now) as reader:
            waiting = self._wait(ledger, record, plan=plan, reader=reader, stop=stop)
            async with aclosing(waiting) as found:
                async for event in found:
                    yield event

    def broken(self, ledger: Ledger, record: RunRecord) -> list[str]:
        """One line for each limit that is exceeded by the outcomes so far; none when the run may go on."""
        ends: Counter[CallEnd] = Counter(ledger.read.outcomes.count(record.id, only=self._calls).ends)
        found = CanaryFound(
            self._begun.submitted + len(self._submitted),
            refused=self._begun.refused + len(self._refused),
            created=len(self._calls),
            ends=ends,
        )
        return broken_bounds(found, self._bounds)

    async def _wait(
        self, ledger: Ledger, record: RunRecord, *, plan: RunPlan, reader: CallReader, stop: anyio.Event
    ) -> AsyncGenerator[Looked | Unread]:
        following = Following(
            ledger,
            record,
            plan=plan,
            poller=Poller(ledger, reader=reader, clock=self._clock, stop=stop, rate=_POLLS_PER_SECOND),
            clock=self._clock,
            stop=stop,
            deadline=self._clock.now() + self.at_most,
            only=self._calls,
        )
        async for event in following.events():
            # Nothing is dialled again here.
            if isinstance(event, Looked | Unread):
                yield event
            if not ledger.read.outcomes.count(record.id, only=self._calls).on_the_way:
                return
