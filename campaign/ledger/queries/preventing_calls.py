"""Calls that prevent another one: the conditions of every claim, in SQL, so that they hold on every database.

    another row called this line ... since `b_since` ................................ called recently
                                 ... in this very run ............................... a duplicate
                                 ... with these words, in another run of the template,
                                     since this run was loaded ...................... called meanwhile

Until a run is loaded, its load compares the words. Two sheets that are loaded at once have seen nothing of each other:
the second claim is refused here, however short `call_again_after` is. Tomorrow's run of the same sheet is loaded after
today's calls, and is none of this: `called_before` and the run's `again` decide there.
"""

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, exists, literal_column, or_, select

from campaign.ledger.records.suppression import EVERYWHERE
from campaign.ledger.schema.may_have_rung import may_have_rung
from campaign.ledger.schema.tables import attempt, run, sheet_row, suppression


def on_each_line(of: FromClause) -> tuple[ColumnElement[bool], ...]:
    """Conditions, of which one must hold: an attempt called that line, at that service.

    Each is asked for by itself: of one condition with OR, PostgreSQL makes a walk over all attempts of the day. IN does
    not work in an `executemany`.

    Parameters: `b_service`, `b_line`, and the hashes `b_hashed` and `b_other_hashed`: an erased number is known by the
    hash of its spelling.
    """
    here = of.c.service == bindparam("b_service")
    line, hashed, other = (
        and_(here, of.c.line == bindparam(name)) for name in ("b_line", "b_hashed", "b_other_hashed")
    )
    # Most lines have one spelling.
    return line, hashed, and_(bindparam("b_hashed") != bindparam("b_other_hashed"), other)


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
_PREVENTS = (
    _OTHER.c.row_id != bindparam("b_row"),
    may_have_rung(_OTHER),
    or_(_OTHER.c.claimed_at > bindparam("b_since"), _in_this_run(_OTHER), _said_beside(_OTHER)),
)
NO_CALL_PREVENTS = tuple(~exists(select(1).where(line, *_PREVENTS)) for line in on_each_line(_OTHER))
"""Conditions of a claim: no other row's call to its line prevents it."""
_ENTRY = (
    suppression.c.removed_at.is_(None),
    or_(suppression.c.service == literal_column(f"'{EVERYWHERE}'"), suppression.c.service == bindparam("b_service")),
)
_DIGEST: ColumnElement[str] = bindparam("b_digest")
_OTHER_DIGEST: ColumnElement[str] = bindparam("b_other_digest")
NOT_ON_LIST = (
    ~exists(select(1).where(suppression.c.digest == _DIGEST, *_ENTRY)),
    ~exists(select(1).where(_DIGEST != _OTHER_DIGEST, suppression.c.digest == _OTHER_DIGEST, *_ENTRY)),
)
"""Conditions of a claim: the suppression list has no entry for either spelling of its line."""
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
    .where(or_(*on_each_line(_OTHER)), *_PREVENTS)
)
"""The calls that prevent a claim: those of one line, so few that nothing sorts them here."""
