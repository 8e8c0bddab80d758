"""Loads a rerun's draft: rows of a run to be called again, with their corrections. The run itself is unchanged.

RUN or RESULTS.csv --> which rows, what of them was corrected --> draft --agreed to, run held--> a round of its own
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from campaign.config.run_plan import RunPlan
from campaign.config.template import Template
from campaign.domain.cures.notes import NoteKind
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.drafts import KEPT_FOR, DraftRerun, NewDraft
from campaign.ledger.records.runs import RunRecord
from campaign.preparation.drafts.contents import (
    ANSWERS,
    RERUN_SOURCE,
    RERUN_VIEW,
    Corrections,
    RerunSource,
    RerunView,
    RowMessages,
)
from campaign.preparation.drafts.look import RerunDraft, shown_rerun
from campaign.preparation.questions import Answers
from campaign.preparation.rerun.corrections import Corrected
from campaign.preparation.rerun.select_rows import Narrow, Rerun, plan_rerun

TOLD = 10
"""Number of rows that are listed one by one."""
_MOST_NOTES = 1_000


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """Selection of a run's rows, and how corrected ones are read.

    Attributes:
        narrow: of the failed rows, these.
        template: what reads the run's rows; needed when rows were corrected.
        fed: the results file that was fed back, held against the run; None without one.
    """

    narrow: Narrow
    template: Template | None
    fed: Corrected | None


def load_rerun_draft(
    ledger: Ledger,
    record: RunRecord,
    source: RerunSource,
    *,
    plan: RunPlan,
    wanted: RowsWanted,
    answers: Answers,
    belongs_to: str | None = None,
    kept_for: timedelta = KEPT_FOR,
) -> RerunDraft:
    """Selects the rows that may be called again, and stores them as a draft.

    Raises:
        UsageError: rows were corrected, and it is not known how they are read.
        SheetError: the run's columns do not fit the template.
        LedgerError: the ledger cannot be written.
    """
    found = plan_rerun(
        ledger,
        record,
        plan=plan,
        narrow=wanted.narrow,
        template=wanted.template,
        fed=wanted.fed,
        answers=answers,
    )
    new = NewDraft(RERUN_SOURCE.text(source), ANSWERS.text(answers), belongs_to=belongs_to, kept_for=kept_for)
    view = RERUN_VIEW.text(view_of(found, fed=wanted.fed))
    chosen = DraftRerun(found.rows, tuple(found.corrected))
    return shown_rerun(ledger.drafts.choose(new, record, chosen, view=view))


def view_of(found: Rerun, *, fed: Corrected | None) -> RerunView:
    """Converts a planned rerun to the view that is stored and shown."""
    repaired = [note for note in found.notes if note.kind is NoteKind.REPAIRED]
    return RerunView(
        to_call=len(found.rows),
        failed=dict(found.failed.most_common()),
        groups=dict(found.groups),
        never=tuple((why, tuple(rows)) for why, rows in found.never.items()),
        left_out=RowMessages(len(found.left_out), tuple(islice(found.left_out.items(), TOLD))),
        corrected=Corrections(
            len(found.corrected), tuple((one.contact.row, ", ".join(one.columns)) for one in found.corrected[:TOLD])
        ),
        notes=(*found.notes[:TOLD], *repaired[:_MOST_NOTES]) if len(found.notes) > _MOST_NOTES else tuple(found.notes),
        repaired=len(repaired),
        not_taken=fed.not_taken if fed is not None and fed.loses else None,
    )
