"""Calls that prevent another one: the conditions of every claim, in SQL, so that they hold on every database.

    another row called this line ... since `b_since` ................................ called recently
                                 ... in this very run ............................... a duplicate
                                 ... with these words, in another run of the template,
                                     since this run was loaded ...................... called meanwhile

Until a run is loaded, its load compares the words. Two sheets that are loaded at once have seen nothing of each other:
the second claim is refused here, however short `call_again_after` is. Tomorrow's run of the same sheet is loaded after
today's calls, and is none of this: `called_before` and the run's `again` decide there.
"""

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, literal_column, or_, select

from campaign.ledger.records.suppression import EVERYWHERE
from campaign.ledger.schema.may_have_rung import may_have_rung
from campaign.ledger.schema.tables import attempt, run, sheet_row, suppression


def same_line(of: FromClause) -> ColumnElement[bool]:
    """Condition: an attempt called that line, at that service. Spelt out: IN does not work in an `executemany`.

    Parameters: `b_service`, `b_line`, and the hashes `b_hashed` and `b_other_hashed`: an erased number is known by the
    hash of its spelling.
    """
    lines = or_(*(of.c.line == bindparam(name) for name in ("b_line", "b_hashed", "b_other_hashed")))
    return and_(of.c.service == bindparam("b_service"), lines)


def _in_this_run(other: FromClause) -> ColumnElement[bool]:
    # A loaded sheet has no two rows of one line; one that an older version loaded may have.
    return other.c.run_id == bindparam("b_run")


def _said_beside(other: FromClause) -> ColumnElement[bool]:
    caller = run.alias("beside")
    template = select(caller.c.template_fingerprint).where(caller.c.id == other.c.run_id).scalar_subquery()
    return and_(
        other.c.claimed_at >= bindparam("b_beside_since"),
        other.c.said == bindparam("b_said"),
        template == bindparam("b_template"),
    )


_OTHER = attempt.alias("other")
PREVENTING = (
    same_line(_OTHER),
    _OTHER.c.row_id != bindparam("b_row"),
    may_have_rung(_OTHER),
    or_(_OTHER.c.claimed_at > bindparam("b_since"), _in_this_run(_OTHER), _said_beside(_OTHER)),
)
"""Conditions of another row's call that prevents a claim."""
ON_LIST = (
    (suppression.c.digest == bindparam("b_digest")) | (suppression.c.digest == bindparam("b_other_digest")),
    suppression.c.removed_at.is_(None),
    or_(suppression.c.service == literal_column(f"'{EVERYWHERE}'"), suppression.c.service == bindparam("b_service")),
)
"""Conditions of an entry of the suppression list that prevents a claim, by either spelling of the line."""
CALLS_PREVENTING = (
    select(
        _OTHER.c.claimed_at,
        _OTHER.c.phone,
        _OTHER.c.run_id,
        run.c.name,
        sheet_row.c.number,
        _said_beside(_OTHER).label("said_beside"),
    )
    .select_from(_OTHER)
    .join(run, run.c.id == _OTHER.c.run_id)
    .join(sheet_row, sheet_row.c.id == _OTHER.c.row_id)
    .where(*PREVENTING)
)
"""The calls that prevent a claim: those of one line, so few that nothing sorts them here."""
