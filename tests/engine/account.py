"""An account's row without a disk: the rules are the program's own, answers come at once or after virtual time."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import anyio

from campaign.timing.account_rate import AccountPace, Demand, NoSlotYet, Refusal, SlotRange, hand_out, slowed_down


@dataclass
class Given:
    """A span that comes after some virtual time."""

    span: SlotRange | NoSlotYet
    at: float

    @property
    def done(self) -> bool:
        return anyio.current_time() >= self.at

    def result(self) -> SlotRange | NoSlotYet:
        return self.span

    def __await__(self) -> Generator[Any, Any, SlotRange | NoSlotYet]:
        yield from anyio.sleep_until(self.at).__await__()
        return self.span


@dataclass
class Account:
    """The row; as many rate limiters as one likes share it."""

    now: Callable[[], datetime]
    seen: AccountPace = field(default_factory=AccountPace)
    takes: float = 0.0

    def hand_out(self, *, interval: float, not_before: float, accepted: int = 0, demand: Demand | None = None) -> Given:
        self.seen, span = hand_out(
            self.seen,
            now=self.now().timestamp(),
            interval=interval,
            not_before=not_before,
            accepted=accepted,
            demand=demand,
        )
        return Given(span, at=anyio.current_time() + self.takes)

    def slow_down(self, refusal: Refusal, *, accepted: int = 0) -> None:
        self.seen = slowed_down(self.seen, refusal, now=self.now().timestamp(), accepted=accepted)
