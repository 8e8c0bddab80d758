"""Cures of runs that need values: what they ask, how they go on, what became of them."""

from campaign.domain.cures.codes import CureCode
from campaign.domain.cures.cure import Cure


def raise_call_limit(*, calls: int) -> Cure:
    """Say that so many calls are meant."""
    return Cure.of(CureCode.RAISE_CALL_LIMIT, calls=calls)


def call_first_ones(*, calls: int) -> Cure:
    """Make only so many calls now."""
    return Cure.of(CureCode.CALL_FIRST_ONES, calls=calls)


def raise_or_call_first(*, calls: int) -> Cure:
    """Say that so many calls are meant, or make only the first ones."""
    return Cure.of(CureCode.RAISE_OR_CALL_FIRST, calls=calls)


def raise_row_limit(*, rows: int) -> Cure:
    """Say that so many rows are meant."""
    return Cure.of(CureCode.RAISE_ROW_LIMIT, rows=rows)


def write_offset(*, time: str) -> Cure:
    """Write the time with its offset, or say the time zone."""
    return Cure.of(CureCode.WRITE_OFFSET, time=time)


def resume_run(run: str) -> Cure:
    """Go on with the run."""
    return Cure.of(CureCode.RESUME_RUN, run=run)


def resume_later(run: str) -> Cure:
    """Go on with the run later, when it can be looked up what was called, or without looking."""
    return Cure.of(CureCode.RESUME_LATER, run=run)


def resume_or_forget(run: str) -> Cure:
    """Go on with the run, or forget its rows uncalled."""
    return Cure.of(CureCode.RESUME_OR_FORGET, run=run)


def wait_and_resume(run: str) -> Cure:
    """Wait until nobody works on the run, then go on with it."""
    return Cure.of(CureCode.WAIT_AND_RESUME, run=run)


def rename_or_resume(run: str) -> Cure:
    """Name the new run otherwise, or go on with this one."""
    return Cure.of(CureCode.RENAME_OR_RESUME, run=run)


def rerun_rejected(run: str) -> Cure:
    """Call the run's rejected rows again."""
    return Cure.of(CureCode.RERUN_REJECTED, run=run)


def see_run(run: str) -> Cure:
    """Look at the run."""
    return Cure.of(CureCode.SEE_RUN, run=run)


def write_results_of_run(run: str) -> Cure:
    """Write the run's results file anew."""
    return Cure.of(CureCode.WRITE_RESULTS_OF_RUN, run=run)


def let_results_be_csv(*, path: str) -> Cure:
    """Let the growing file be CSV, and write this one when the run has ended."""
    return Cure.of(CureCode.LET_RESULTS_BE_CSV, path=path)
