"""Account rate: one pace for all runs of an account, across processes: who may call when, shared pauses and backoff.

    run A, at most 10/s --+
                          +--> the account's row: last slot, paused until, backoff factor --> spans of slots
    run B, at most 2/s  --+

An account's limit is shared, so the account goes no faster than the pace of its fastest run, and each run is
spaced by its own pace besides: a gentle run is not hurried by a fast one, and does not slow it down either.

After a 429 all runs pause, then continue at half their rates; after a while without another one they speed up again,
by a tenth of the rate at a time. Instants are seconds of the wall clock, since processes come and go; a clock that was
set back takes the row's instants along, so that no run waits longer than was left to wait when the row was written.
"""

from dataclasses import dataclass, replace

SPAN_SECONDS = 0.25
"""How much is handed out at a time: slots for so long, or one slot."""
HORIZON_SECONDS = 2.0
"""How far ahead slots are handed out: beyond it, the caller has to ask again."""
QUIET_SECONDS, QUIET_CALLS = 30.0, 10
"""How long there must be no 429 before the next step up: so many seconds, and time for so many calls."""
STEP_UP = 0.1
LEAST_BACKOFF_FACTOR = 1 / 64
LONGEST_PAUSE_SECONDS = 24 * 3600.0
"""A server that says 31 years does not mean it."""
_CLOCK_SLACK_SECONDS = 2.0
_FASTEST_COUNTS_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class AccountPace:
    """The pace state that all runs of one account share.

    Attributes:
        revision: counts the changes.
        written_at: when it was last changed.
        last_slot: the last instant that was handed out to any run.
        interval: seconds between two calls of the fastest run, as it was asked; it counts until `fastest_until`.
        paused_until: no run sends before it.
        backoff_factor: of the rates asked for, how much may be used now.
        backoff_since: when `backoff_factor` was last changed.
        why: what `paused_until` and `backoff_factor` come from, for people.
    """

    revision: int = 0
    written_at: float = 0.0
    last_slot: float = 0.0
    interval: float = 0.0
    fastest_until: float = 0.0
    paused_until: float = 0.0
    backoff_factor: float = 1.0
    backoff_since: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class SlotRange:
    """A reserved range of slots from `first` to `last`, `step` apart; up to `last + step` no other run has a slot."""

    first: float
    last: float
    step: float


@dataclass(frozen=True, slots=True)
class NoSlotYet:
    """No slot is free yet; ask again at that instant."""

    at: float


def hand_out(
    pace: AccountPace, *, now: float, interval: float, not_before: float
) -> tuple[AccountPace, SlotRange | NoSlotYet]:
    """Reserves the next span for a run; returns it and the account's new row.

    Args:
        pace: the row.
        now: the wall clock.
        interval: seconds between two calls of this run, as it was asked for, whatever the share.
        not_before: the run's own next slot.
    """
    pace = as_of(pace, now)
    fastest = min(interval, pace.interval) if now < pace.fastest_until else interval
    step = fastest / pace.backoff_factor
    first = max(now, not_before, pace.last_slot + step, pace.paused_until)
    if first > now + HORIZON_SECONDS:
        return pace, NoSlotYet(first - HORIZON_SECONDS)
    last = first + step * (max(1, int(SPAN_SECONDS * pace.backoff_factor / interval)) - 1)
    if interval <= fastest:
        pace = replace(pace, interval=interval, fastest_until=last + 2 * step + _FASTEST_COUNTS_SECONDS)
    return _written(pace, now=now, last_slot=last), SlotRange(first, last, step)


def slowed_down(pace: AccountPace, *, now: float, until: float, sent_at: float, halve: bool, why: str) -> AccountPace:
    """The account's row after a server answered that calls come too fast.

    Args:
        pace: the row.
        now: the wall clock.
        until: no run sends before it.
        sent_at: when the call was claimed that was answered so. Calls that left together are refused together: only
            one that left at the present rate speaks against it.
        halve: whether the rate was at fault.
        why: for people.
    """
    pace = as_of(pace, now)
    held = max(pace.paused_until, min(until, now + LONGEST_PAUSE_SECONDS))
    if halve and sent_at >= pace.backoff_since:
        pace = replace(pace, backoff_factor=max(LEAST_BACKOFF_FACTOR, pace.backoff_factor / 2), backoff_since=now)
    return _written(pace, now=now, paused_until=held, why=why)


def as_of(pace: AccountPace, now: float) -> AccountPace:
    """The account's row as it counts now: corrected for a clock that was set back, and sped up after quiet time."""
    back = pace.written_at - now
    if back > _CLOCK_SLACK_SECONDS:
        moved = {
            name: getattr(pace, name) - back for name in ("last_slot", "fastest_until", "paused_until", "backoff_since")
        }
        pace = _written(pace, now=now, **moved)
    return pace if pace.backoff_factor >= 1.0 else _sped_up(pace, now)


def _sped_up(pace: AccountPace, now: float) -> AccountPace:
    since = max(pace.backoff_since, pace.paused_until)
    quiet = max(QUIET_SECONDS, QUIET_CALLS * pace.interval / pace.backoff_factor)
    steps = int((now - since) / quiet)
    if steps < 1:
        return pace
    factor = min(1.0, round(pace.backoff_factor + STEP_UP * steps, 6))
    return _written(pace, now=now, backoff_factor=factor, backoff_since=now, why=f"no 429 for {now - since:.0f} s")


def _written(pace: AccountPace, *, now: float, **changes: float | str) -> AccountPace:
    return replace(pace, revision=pace.revision + 1, written_at=now, **changes)  # type: ignore[arg-type]  # by name
