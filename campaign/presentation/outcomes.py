"""Wording for rows that are called again because of how their call ended."""

from collections import Counter
from collections.abc import Iterator

from campaign.domain.call_outcome import MAY_BE_CALLED_AGAIN, CallEnd
from campaign.domain.errors import UsageError
from campaign.engine.events import DueRequeued
from campaign.presentation.wording import counted, local_time


def ends_from(text: str) -> tuple[CallEnd, ...]:
    """The outcomes that --outcome names.

    Raises:
        UsageError: one of them is none, or leaves no room for another call.
    """
    known = ", ".join(sorted(end.value for end in MAY_BE_CALLED_AGAIN))
    named = [word.strip() for word in text.split(",")]
    for word in named:
        if word in (CallEnd.FAILED, CallEnd.DO_NOT_CALL, CallEnd.ENDED_NORMALLY, CallEnd.ANSWERED):
            raise UsageError(f"--outcome {word}: nobody is called again after that; it can be {known}")
        if word not in MAY_BE_CALLED_AGAIN:
            raise UsageError(f"--outcome {word!r} is none; it can be {known}, or several of them with commas")
    return tuple(CallEnd(word) for word in named)


def requeued_lines(requeued: DueRequeued) -> Iterator[str]:
    """Which rows are called again, and which are kept back."""
    if requeued.rows:
        yield f"{counted(requeued.total, 'row')} will be called again: {tally(Counter(requeued.rows))}"
    elif requeued.asked is not None:
        asked = ", ".join(end.value for end in requeued.asked)
        yield (
            f"no call is known to have ended as {asked}, and to be free to be made again; campaign follow looks them up"
        )
    if requeued.held and requeued.held_until is not None:
        yield (
            f"{counted(requeued.held, 'row')} kept back for now (calling hours, calls_per_person_per_day), "
            f"the first until {local_time(requeued.held_until)}"
        )
    if requeued.suppressed and requeued.asked is not None:
        yield f"{counted(requeued.suppressed, 'row')} left out: on the suppression list"


def tally(ends: Counter[CallEnd]) -> str:
    """Counts as text, `3 no_answer, 1 busy`, most frequent first."""
    return ", ".join(f"{count} {end.value}" for end, count in ends.most_common())
