"""Words for rows that are called again because of how their call ended."""

from collections import Counter
from collections.abc import Callable, Sequence

from campaign.domain.call_outcome import MAY_BE_CALLED_AGAIN, CallEnd
from campaign.domain.errors import UsageError
from campaign.followup.due_rows import BroughtBack
from campaign.presentation.wording import counted


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


def tell_brought_back(brought: BroughtBack, *, ends: Sequence[CallEnd] | None, say: Callable[[str], None]) -> None:
    """Says which rows are called again, and which are kept back."""
    if brought.rows:
        say(f"{counted(brought.rows.total(), 'row')} will be called again: {tally(brought.rows)}")
    elif ends is not None:
        asked = ", ".join(end.value for end in ends)
        say(
            f"no call is known to have ended as {asked}, and to be free to be made again; campaign follow looks them up"
        )
    if brought.held and brought.held_until is not None:
        say(
            f"{counted(brought.held, 'row')} kept back for now (calling hours, calls_per_person_per_day), "
            f"the first until {brought.held_until:%Y-%m-%d %H:%M} UTC"
        )
    if brought.suppressed and ends is not None:
        say(f"{counted(brought.suppressed, 'row')} left out: on the suppression list")


def tally(ends: Counter[CallEnd]) -> str:
    """`3 no_answer, 1 busy`, the most first."""
    return ", ".join(f"{count} {end.value}" for end, count in ends.most_common())
