"""Wording of how a run ended."""

from campaign.domain.model import RowState
from campaign.domain.result_row import progress_of
from campaign.engine.run_end import DialingEnd
from campaign.ledger.records.runs import RunRecord
from campaign.presentation.cures import terminal_text


def warnings_of(end: DialingEnd) -> list[str]:
    """Warnings that a person must read first."""
    lines = [f"could not be written anywhere, so write it down: {ending}" for ending in end.lost]
    if end.stop is not None:
        lines.append(f"the run stopped: {end.stop.why}")
    if end.trouble:
        lines.append(terminal_text(end.trouble))
    return lines


def end_lines(record: RunRecord, end: DialingEnd, *, signalled: bool) -> list[str]:
    """The counts in one line, then what to do next."""
    counts = ", ".join(f"{count} {status}" for status, count in progress_of(end.counts)) or "its rows cannot be read"
    return [f"run {record.name}: {counts}", *_next_steps(record, end, signalled=signalled)]


def end_as_dict(record: RunRecord, end: DialingEnd, *, code: int) -> dict[str, object]:
    """The same as JSON values.

    Args:
        record: the run.
        end: how it ended.
        code: the exit code of the command.
    """
    return {
        "run": record.name,
        "counts": dict(progress_of(end.counts)),
        "stopped": end.stop.why if end.stop else None,
        "results": str(end.results) if end.results else None,
        "exit_code": code,
    }


def _next_steps(record: RunRecord, end: DialingEnd, *, signalled: bool) -> list[str]:
    steps = []
    waiting = sum(count for state, count in end.counts.items() if state.shown == RowState.PENDING)
    if waiting:
        stopped = "stopped as asked; " if signalled else ""
        steps.append(f"{stopped}{waiting} still pending; go on with: campaign resume {record.name}")
    if end.counts.get(RowState.REJECTED):
        steps.append(f"rejected rows can be called again with: campaign rerun {record.name}")
    if end.counts.get(RowState.UNKNOWN):
        steps.append(
            "unknown: these may have been called, so they are never sent again by themselves; look them up with: "
            f"campaign resolve {record.name}"
        )
    return steps
