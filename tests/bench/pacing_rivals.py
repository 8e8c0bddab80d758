"""Clients that the pace is measured beside: a fixed rate, AIMD, and the rule that halves and creeps back."""

from dataclasses import dataclass

from campaign.timing.backoff import backoff
from campaign.timing.pace import interval_of


@dataclass
class FixedRate:
    """Goes on as if nothing had been said, as a script with a sleep does."""

    rate: float
    _last: float = float("-inf")

    def due(self, now: float) -> float:
        return max(now, self._last + interval_of(self.rate))

    def may_send(self, now: float) -> bool:
        self._last = now
        return True

    def answered(self, *, now: float, sent_at: float, taken: bool, retry_after: float) -> None:
        """Hears nothing."""


@dataclass
class Aimd(FixedRate):
    """Additive increase, multiplicative decrease: half after a 429 of this rate, one call/s more each second."""

    asked: float = float("inf")
    _cut_at: float = float("-inf")
    _heard_at: float = 0.0

    def answered(self, *, now: float, sent_at: float, taken: bool, retry_after: float) -> None:  # noqa: ARG002 - a client's method
        self.rate, self._heard_at = min(self.asked, self.rate + now - self._heard_at), now
        if not taken and sent_at > self._cut_at:
            self.rate, self._cut_at = max(0.5, self.rate / 2), now


@dataclass
class HalveAndCreep(FixedRate):
    """A pause and half the rate after each 429 of this rate; a tenth of the asked rate more after 30 quiet seconds."""

    asked: float = float("inf")
    _part: float = 1.0
    _changed_at: float = 0.0
    _paused_until: float = 0.0
    _rounds: int = 0

    def due(self, now: float) -> float:
        since = max(self._changed_at, self._paused_until)
        if self._part < 1 and now - since >= max(30.0, 10 / (self._part * self.asked)):
            self._part, self._changed_at = min(1.0, self._part + 0.1), now
        self.rate = self.asked * self._part
        return max(super().due(now), self._paused_until)

    def answered(self, *, now: float, sent_at: float, taken: bool, retry_after: float) -> None:
        if taken:
            self._rounds = 0
            return
        self._rounds += sent_at >= self._paused_until
        self._paused_until = max(self._paused_until, now + (retry_after or backoff(max(1, self._rounds), chance=0.5)))
        if sent_at >= self._changed_at:
            self._part, self._changed_at = max(1 / 64, self._part / 2), now
