"""Cures for runs that need values: their questions, how to continue them, their results."""

from campaign.domain.cures.codes import CureCode
from campaign.domain.cures.cure import Cure


def raise_call_limit(*, calls: int) -> Cure:
    """Confirm that so many calls are intended."""
    return Cure.of(CureCode.RAISE_CALL_LIMIT, calls=calls)


def call_first_ones(*, calls: int) -> Cure:
    """Make only the first so many calls now."""
    return Cure.of(CureCode.CALL_FIRST_ONES, calls=calls)


def raise_or_call_first(*, calls: int) -> Cure:
    """Confirm that so many calls are intended, or make only the first ones."""
    return Cure.of(CureCode.RAISE_OR_CALL_FIRST, calls=calls)


def raise_row_limit(*, rows: int) -> Cure:
    """Confirm that so many rows are intended."""
    return Cure.of(CureCode.RAISE_ROW_LIMIT, rows=rows)


def write_offset(*, time: str) -> Cure:
    """Write the time with its UTC offset, or give the time zone."""
    return Cure.of(CureCode.WRITE_OFFSET, time=time)


def resume_run(run: str) -> Cure:
    """Resume the run."""
    return Cure.of(CureCode.RESUME_RUN, run=run)


def resume_later(run: str) -> Cure:
    """Resume the run later, when AICaller's list can be read, or without reading it."""
    return Cure.of(CureCode.RESUME_LATER, run=run)


def set_clock(run: str) -> Cure:
    """Set this machine's clock right and resume the run, or trust it as it is."""
    return Cure.of(CureCode.SET_CLOCK, run=run)


def resume_or_forget(run: str) -> Cure:
    """Resume the run, or erase its rows without calling them."""
    return Cure.of(CureCode.RESUME_OR_FORGET, run=run)


def keep_answers(run: str) -> Cure:
    """Go on with a begun run by the answers that it has."""
    return Cure.of(CureCode.KEEP_ANSWERS, run=run)


def wait_and_resume(run: str) -> Cure:
    """Wait until no process works on the run, then continue it."""
    return Cure.of(CureCode.WAIT_AND_RESUME, run=run)


def rename_or_resume(run: str) -> Cure:
    """Give the new run another name, or resume the existing one."""
    return Cure.of(CureCode.RENAME_OR_RESUME, run=run)


def rerun_rejected(run: str) -> Cure:
    """Call the run's rejected rows again."""
    return Cure.of(CureCode.RERUN_REJECTED, run=run)


def see_run(run: str) -> Cure:
    """Show the run."""
    return Cure.of(CureCode.SEE_RUN, run=run)


def write_results_of_run(run: str) -> Cure:
    """Write the run's results file again."""
    return Cure.of(CureCode.WRITE_RESULTS_OF_RUN, run=run)


def let_results_be_csv(*, path: str) -> Cure:
    """Use CSV for the file that grows during the run, and write this format after the run has ended."""
    return Cure.of(CureCode.LET_RESULTS_BE_CSV, path=path)
