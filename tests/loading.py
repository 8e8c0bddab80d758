"""Rows put into a ledger as a sheet's are: a draft that is begun, filled, completed and published."""

from collections.abc import Sequence
from pathlib import Path

from campaign.config.run_plan import RunPlan, fingerprint_of
from campaign.config.template import Template
from campaign.domain.model import Screened
from campaign.intake.files.read_options import UNDECIDED
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.drafts import DraftRecord, LoadedRows, NewDraft, PublishedAs
from campaign.ledger.records.runs import Draft, RunRecord
from campaign.preparation.drafts.contents import SheetSource
from campaign.preparation.drafts.publish import stem_of

NEW = NewDraft(source="{}", answers="{}")


def begun(ledger: Ledger, run: Draft, rows: Sequence[tuple[str, Screened]] = ()) -> DraftRecord:
    """A draft that is still being loaded, with these rows."""
    record = ledger.drafts.begin(NEW, run)
    for start in range(0, len(rows), 5_000):
        ledger.drafts.add(record, rows[start : start + 5_000], wording=str)
    return record


def published(
    ledger: Ledger,
    record: DraftRecord,
    *,
    content: str = "content",
    name: str | None = None,
    stem: str = "run",
    again: bool = False,
    firing_id: int | None = None,
) -> PublishedAs:
    """What comes of a draft that is completed and published at once."""
    ready = ledger.drafts.complete(record, LoadedRows(content, view="{}"))
    return ledger.drafts.publish(ready, name=name, stem=stem, again=again, firing_id=firing_id)


def loaded_run(
    ledger: Ledger, run: Draft, rows: Sequence[tuple[str, Screened]], *, content: str, name: str, again: bool = False
) -> RunRecord:
    """A run of these rows, ready to be dialled."""
    assert published(ledger, begun(ledger, run, rows), content=content, name=name, again=again).by_this_draft
    record = ledger.read.runs.find(name)
    assert record is not None
    return record


def source_of(sheet: Path, template: Template, plan: RunPlan, *, service: str, again: bool = False) -> SheetSource:
    """A sheet under a template, as a draft is loaded from it."""
    return SheetSource(
        sheet=sheet,
        folder=Path.cwd(),
        stem=stem_of(sheet),
        template_fingerprint=fingerprint_of(template, plan),
        plan=plan,
        service=service,
        choices=UNDECIDED,
        most_rows=template.limits.max_rows,
        again=again,
    )
