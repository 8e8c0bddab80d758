"""Legal moves of a row between its states; the ledger refuses each other one."""

from campaign.domain.model import RowState

P, S, W = RowState.PENDING, RowState.SENDING, RowState.RETRY_WAIT
C, R, U, K = RowState.CREATED, RowState.REJECTED, RowState.UNKNOWN, RowState.SKIPPED
LEGAL_MOVES: tuple[tuple[RowState, RowState], ...] = (
    (P, S),  # claimed
    (W, S),  # claimed again, after proof that nothing was sent
    (P, K),  # called recently by another run
    (W, K),
    (S, C),
    (S, R),
    (S, U),
    (S, W),  # proof that nothing was sent
    (S, P),  # requeued: the run stopped before the first byte, or after proof that nothing was sent
    (W, P),
    (R, P),  # a person asked for a rerun
    (U, C),  # reconciled: the call was found
    (U, R),  # the answer came late: its own sender says that it was refused; created likewise
    (U, P),  # a person states that it was not called
    (C, P),  # nobody was reached: only as `outcome_tables` allows
    (C, U),  # an answer or the list says that its id is another's, or that it was called more than once
    (R, U),  # the list shows a call of it: a box on the way had refused it after it was made
)
"""A call that was made cannot be taken back: `created` leads to another call only when that one is known to be over."""
