"""The history of a run, replayed: it must lead, move by move, to what the ledger says now."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

Record = dict[str, Any]
_SUPERSEDED, _CALLED_SINCE = "called since by run ", "called since: "
_END_AGAIN = {("unknown", "created"), ("rejected", "unknown")}
_STATE_AFTER = {
    "created": {"created"},
    "rejected": {"rejected"},
    "unknown": {"unknown"},
    "not_sent": {"retry_wait", "pending"},
}


def history_faults(*, rows: list[Record], attempts: list[Record], events: list[Record]) -> Iterator[str]:
    """What does not fit, in one line each."""
    by_row: dict[int, list[Record]] = {row["id"]: [] for row in rows}
    for event in events:
        by_row[event["row_id"]].append(event)
    for row in rows:
        if fault := _replayed(row, by_row[row["id"]]):
            yield f"row {row['number']}: {fault}"
    yield from _attempt_faults(attempts, events)


def standing(row: Record) -> str:
    """Where a row stands, with its id if it has one."""
    return f"{row['state']} {row['call_id']}" if row["call_id"] else str(row["state"])


def _replayed(row: Record, events: list[Record]) -> str | None:
    state, attempts, rounds = "pending" if events else row["state"], 0, 0
    for event in events:
        if event["from_state"] != state:
            return f"it was {state}, and event {event['id']} moves it from {event['from_state']}"
        state = event["to_state"]
        attempts += state == "sending"
        # What is doubted is not put back to be called.
        rounds += event["from_state"] in ("rejected", "created") and state != "unknown"
        # A claim that is refused is told as the attempt that it would have been; an erased row was not even claimed.
        if event["attempt"] not in (attempts, attempts + (state == "skipped")):
            return f"event {event['id']} is of attempt {event['attempt']}, and there were {attempts}"
    # Each rerun has a round of its own, of which a row that was put back now and then has not seen all.
    fits = row["round"] >= rounds and (row["round"] > 0) == (rounds > 0)
    if (state, attempts) != (row["state"], row["attempts"]) or not fits:
        return (
            f"replayed to {state} after {attempts} attempts, and it stands as {standing(row)} after {row['attempts']}"
        )
    # What was looked up of a row that stays unknown is added to its reason.
    said = row["reason"].partition("; looked up: ")[0] if state == "unknown" and row["reason"] else row["reason"]
    # All that a later run has called are skipped in one move, which names the run alone.
    if state == "skipped" and events and events[-1]["why"].startswith(_SUPERSEDED) and said.startswith(_CALLED_SINCE):
        return None
    if events and state in ("rejected", "unknown", "skipped") and events[-1]["why"] not in (said, row["reason"]):
        return f"its last event says {events[-1]['why']!r}, and the row {row['reason']!r}"
    return None


def _attempt_faults(attempts: list[Record], events: list[Record]) -> Iterator[str]:
    # A lost answer that was looked up ends once more, and so does a refusal of which a call is listed; a person's word
    # ends no attempt, and neither does a doubt about an id.
    endings = {
        (event["row_id"], event["attempt"]): event["to_state"]
        for event in events
        if event["from_state"] == "sending" or (event["from_state"], event["to_state"]) in _END_AGAIN
    }
    claimed = Counter((event["row_id"], event["attempt"]) for event in events if event["to_state"] == "sending")
    if claimed != Counter((attempt["row_id"], attempt["number"]) for attempt in attempts):
        yield "the claims in the history are not the attempts"
    for attempt in attempts:
        ended = endings.get((attempt["row_id"], attempt["number"]))
        if attempt["outcome"] is not None and ended not in _STATE_AFTER[attempt["outcome"]]:
            yield f"attempt {attempt['number']} of {attempt['phone']} ended as {ended}"
        if attempt["outcome"] is None and ended is not None:
            yield f"attempt {attempt['number']} of {attempt['phone']} is open, and ended as {ended}"
