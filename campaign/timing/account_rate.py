"""Account rate: one pace for all runs of an account, across processes: who may call when, shared pauses and backoff.

    run A, at most 10/s --+
                          +--> the account's row: last slot, paused until, found rate --> spans of slots
    run B, at most 2/s  --+

An account's limit is shared, so the account goes no faster than the pace of its fastest run, and each run is
spaced by its own pace besides: a gentle run is not hurried by a fast one, and does not slow it down either.

A span is the run's alone, used or not. A run that has the account to itself may have more slots than it can use; of
several, each gets no more than it has workers that wait for one, or the others would wait for nothing.

After 429s all runs together go at the rate that the server was found to take (`found_rate`), each no faster than it was
asked to: a run that asks for less is not slowed. Where the server names a time, no run sends before it.

Instants are seconds of the wall clock, since processes come and go; a clock that was
set back takes the row's instants along, so that no run waits longer than was left to wait when the row was written.
"""

from dataclasses import dataclass, field, replace

from campaign.timing.found_rate import FoundRate, after_idling, with_accepted, with_quiet, with_refused

SPAN_SECONDS = 0.25
"""How much is handed out at a time: slots for so long, or one slot."""
OTHERS_SECONDS = 2.0
"""A run that had a slot so long ago still counts as one that calls."""
HORIZON_SECONDS = 2.0
"""How far ahead slots are handed out: beyond it, the caller has to ask again."""
IDLE_SECONDS = 600.0
"""After so long without a call the server's limit may be another one: the found rate rises from the first call on."""
LONGEST_PAUSE_SECONDS = 24 * 3600.0
"""A server that says 31 years does not mean it."""
_CLOCK_SLACK_SECONDS = 2.0
_SAME_SECONDS = 1e-5
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
        why: what `paused_until` and `found` come from, for people.
        found: how fast the server was found to take calls.
    """

    revision: int = 0
    written_at: float = 0.0
    last_slot: float = 0.0
    interval: float = 0.0
    fastest_until: float = 0.0
    paused_until: float = 0.0
    why: str = ""
    found: FoundRate = field(default_factory=FoundRate)

    @property
    def limit(self) -> float:
        """Calls a second that all runs together may make; infinite when no limit was found."""
        return self.found.limit


@dataclass(frozen=True, slots=True)
class Refusal:
    """A server's answer that calls come too fast, or at a bad time.

    Attributes:
        until: no run sends before it, seconds of the wall clock.
        sent_at: when the call was claimed that was answered so; the same clock.
        too_fast: whether the rate was at fault.
        waits: seconds that the server itself wants all to wait for; 0 when it does not say.
        why: for people.
    """

    until: float
    sent_at: float
    too_fast: bool
    waits: float
    why: str


@dataclass(frozen=True, slots=True)
class SlotRange:
    """A reserved range of slots from `first` to `last`, `step` apart; up to `last + step` no other run has a slot.

    Attributes:
        shared: another run of the account has slots as well.
    """

    first: float
    last: float
    step: float
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """What a run can use.

    Attributes:
        waiting: how many of its workers wait for a slot; 1 or more.
        last: the last slot that it was given; None when it knows of other runs.
    """

    waiting: int
    last: float | None


@dataclass(frozen=True, slots=True)
class NoSlotYet:
    """No slot is free yet; ask again at that instant."""

    at: float


def shifted(pace: AccountPace, *, by: float) -> AccountPace:
    """The same pace by a clock that is so many seconds ahead; instants that are none stay none."""
    if not by:
        return pace
    names = ("written_at", "last_slot", "fastest_until", "paused_until")
    found = {name: at + by for name in ("fresh_after", "run_since") if (at := getattr(pace.found, name))}
    instants = {name: at + by for name in names if (at := getattr(pace, name))}
    return replace(pace, **instants, found=replace(pace.found, **found))


def hand_out(
    pace: AccountPace,
    *,
    now: float,
    interval: float,
    not_before: float,
    accepted: int = 0,
    demand: Demand | None = None,
) -> tuple[AccountPace, SlotRange | NoSlotYet]:
    """Reserves the next span for a run; returns it and the account's new row.

    Args:
        pace: the row.
        now: the wall clock.
        interval: seconds between two calls of this run, as it was asked for, whatever the server takes.
        not_before: the run's own next slot.
        accepted: how many of the run's calls were accepted since it was last told.
        demand: what the run can use; None for all that it may have.
    """
    shared = demand is not None and _is_shared(pace, demand, now=now)
    pace = _with_accepted(as_of(pace, now), accepted, now=now)
    fastest = min(interval, pace.interval) if now < pace.fastest_until else interval
    found = after_idling(pace.found) if pace.found.rate and now - pace.last_slot > IDLE_SECONDS else pace.found
    least = 1 / found.limit
    step = max(fastest, least)
    first = max(now, not_before, pace.last_slot + step, pace.paused_until)
    if first > now + HORIZON_SECONDS:
        return pace, NoSlotYet(first - HORIZON_SECONDS)
    slots = max(1, int(SPAN_SECONDS / max(interval, least)))
    if shared and demand is not None:
        slots = min(slots, demand.waiting)
    last = first + step * (slots - 1)
    if interval <= fastest:
        pace = replace(pace, interval=interval, fastest_until=last + 2 * step + _FASTEST_COUNTS_SECONDS)
    quiet = min(first - pace.last_slot, 2 * step) + last - first
    return _written(pace, now=now, last_slot=last, found=with_quiet(found, quiet, asked=1 / fastest)), SlotRange(
        first, last, step, shared
    )


def slowed_down(pace: AccountPace, refusal: Refusal, *, now: float, accepted: int = 0) -> AccountPace:
    """The account's row after a server refused a call; `accepted` as in `hand_out`."""
    pace = as_of(pace, now)
    found = with_accepted(pace.found, accepted)
    if refusal.too_fast and pace.interval:
        found = with_refused(
            found,
            now=now,
            sent_at=refusal.sent_at,
            asked=1 / pace.interval,
            last_slot=pace.last_slot,
            waits=refusal.waits,
        )
    held = max(pace.paused_until, min(refusal.until, now + LONGEST_PAUSE_SECONDS))
    return _written(pace, now=now, paused_until=held, found=found, why=refusal.why)


def as_of(pace: AccountPace, now: float) -> AccountPace:
    """The account's row as it counts now: corrected for a clock that was set back."""
    back = pace.written_at - now
    if back <= _CLOCK_SLACK_SECONDS:
        return pace
    moved = {name: getattr(pace, name) - back for name in ("last_slot", "fastest_until", "paused_until")}
    found = replace(
        pace.found, fresh_after=pace.found.fresh_after - back, run_since=max(0.0, pace.found.run_since - back)
    )
    return _written(pace, now=now, found=found, **moved)


def _is_shared(pace: AccountPace, demand: Demand, *, now: float) -> bool:
    """Whether another run had a slot a short time ago."""
    if demand.last is None:
        return True
    return pace.last_slot > max(demand.last + _SAME_SECONDS, now - OTHERS_SECONDS)


def _with_accepted(pace: AccountPace, accepted: int, *, now: float) -> AccountPace:
    return _written(pace, now=now, found=with_accepted(pace.found, accepted)) if accepted else pace


def _written(pace: AccountPace, *, now: float, **changes: float | str | FoundRate) -> AccountPace:
    return replace(pace, revision=pace.revision + 1, written_at=now, **changes)  # type: ignore[arg-type]  # by name
