"""Records of who dials: workers with their heartbeat, and what is wanted of a run."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.ledger.records.serving import Wanted

BEAT_SECONDS = 5.0
"""A process that holds a run gives a heartbeat so often."""
PATIENCE = timedelta(seconds=30)
"""A worker that was seen to give no heartbeat for so long may be taken for dead."""
LONGEST_CLAIM_SECONDS = 5.0
"""An attempt whose claim is older is not sent: by then it may be another's to decide about."""
LONGEST_SILENCE_SECONDS = 25.0
"""A process whose last heartbeat is older sends nothing: it may be taken for dead at any moment."""
NOT_CALLED_AFTER = timedelta(minutes=2)
"""Nobody may say of a younger attempt that it was not called: its answer may still come, from a process held up too."""


@dataclass(frozen=True, slots=True)
class WorkerRecord:
    """One start of a process that holds runs.

    Attributes:
        id: counts up with every start: the fencing token.
        name: for people; the machine's, unless it was given one.
        owner: names it in the attempts.
        version: of the program.
        takes: the queue that it takes runs from; None for a process that dials its own.
        started_at: when it began.
        seen_at: its last heartbeat, by the clock of its own machine.
        beats: how many heartbeats it gave: who sees another number sees that it lives.
        ended_at: when it ended, or was taken for dead; None while it is on duty.
    """

    id: int
    name: str
    owner: str
    version: str
    takes: str | None
    started_at: datetime
    seen_at: datetime
    beats: int
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reaped:
    """A worker that was taken for dead, and how many of its attempts are `unknown` by that."""

    worker: WorkerRecord
    unknown: int


@dataclass(frozen=True, slots=True)
class ControlRecord:
    """What is wanted of a run.

    Attributes:
        wanted: go or stop.
        why: of a stop, for people.
        code: of a stop, the exit code of what stopped itself; else None.
        who: who says so; None where the program stopped itself.
        at: since when.
        parts: in how many parts it is dialled.
        revision: counts the changes.
    """

    run_id: int
    wanted: Wanted
    why: str | None
    code: int | None
    who: str | None
    at: datetime
    parts: int
    revision: int
