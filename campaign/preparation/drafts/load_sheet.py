"""Loads a sheet into a draft in the ledger: read, screened, and compared with earlier calls.

screen_sheet --> begin --> rows, a thousand at a time --> skip: done before, called recently --> complete
                   `--> whatever goes wrong on the way: the draft is removed
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import islice

from campaign.domain.bounds import is_text
from campaign.domain.cures import Cure, CureCode, Wording
from campaign.domain.cures.notes import NoteKind
from campaign.domain.errors import LedgerError, SheetError
from campaign.domain.instants import to_text
from campaign.domain.model import Contact
from campaign.domain.skip_reason import ChangedSince, SkipReason
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.drafts import KEPT_FOR, LOADED_WITHIN, DraftRecord, DraftState, LoadedRows, NewDraft
from campaign.ledger.records.earlier_calls import EarlierCall
from campaign.ledger.records.runs import Draft as NewRun
from campaign.preparation.compare import Diff, comparison_with
from campaign.preparation.drafts.contents import ANSWERS, SHEET_SOURCE, SHEET_VIEW, FirstChanged, SheetSource, SheetView
from campaign.preparation.drafts.look import SheetDraft, shown_sheet
from campaign.preparation.questions import ROW_DOUBTS, Answers, accepted_at
from campaign.preparation.screening import MOST_NOTES_KEPT, Screening, screen_sheet
from campaign.preparation.summary import summary_of

_LOADED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class DraftBegun:
    """Event: the draft exists under this token, and can be read while it loads."""

    token: str


@dataclass(frozen=True, slots=True)
class RowsLoaded:
    """Event: so many rows of the draft are loaded so far."""

    rows: int


LoadEvent = DraftBegun | RowsLoaded
OnEvent = Callable[[LoadEvent], None]


def ignore_event(_event: LoadEvent) -> None:
    """Ignores events, for a caller that does not watch the load."""


def load_sheet_draft(
    ledger: Ledger,
    source: SheetSource,
    *,
    answers: Answers,
    secret: Callable[[str], str],
    wording: Wording,
    belongs_to: str | None = None,
    kept_for: timedelta = KEPT_FOR,
    on_event: OnEvent = ignore_event,
) -> SheetDraft:
    """Loads a sheet into a draft of its own.

    Args:
        ledger: where it goes.
        source: the sheet, and what reads it.
        answers: answers given beforehand.
        secret: looks a webhook's secret up by its variable's name.
        wording: says what the ledger keeps of a row that cannot be called.
        belongs_to: who made it; None for this process.
        kept_for: how long it is kept unless it is published.
        on_event: receives the events of the load.

    Raises:
        UndecidedError: the sheet has more rows than its owner has said, or can be read in several ways.
        SheetError: it cannot be read, or not one of its rows can be called.
        LedgerError: the ledger cannot be written.
    """
    if not is_text(str(source.folder / source.sheet)):
        raise SheetError(f"sheet {source.sheet}: its path is no text that the ledger could keep; rename it")
    new = NewDraft(SHEET_SOURCE.text(source), ANSWERS.text(answers), belongs_to=belongs_to, kept_for=kept_for)
    return _loaded(ledger, source, new=new, answers=answers, secret=secret, wording=wording, on_event=on_event)


def load_again(
    ledger: Ledger, draft: SheetDraft, *, answers: Answers, secret: Callable[[str], str], wording: Wording
) -> SheetDraft:
    """Loads the same draft from its sheet again, since these answers change which numbers are called.

    Raises:
        UsageError: the draft is not as it was looked at; it is as it was.
        SheetError: the sheet cannot be read any more, or says something else by now; the draft is as it was.
        LedgerError: the ledger cannot be written.
    """
    new = NewDraft(draft.record.source, ANSWERS.text(answers), belongs_to=draft.record.owner)
    return _loaded(ledger, draft.source, new=new, answers=answers, secret=secret, wording=wording, in_place_of=draft)


@contextmanager
def passing_sheet_draft(
    ledger: Ledger, source: SheetSource, *, answers: Answers, secret: Callable[[str], str], wording: Wording
) -> Iterator[SheetDraft]:
    """Loads a draft for as long as the block lasts: it is removed at the end unless it was published.

    If the process is killed, the draft stays until the next day: no other process knows its token.

    Raises:
        UndecidedError: see `load_sheet_draft`; and the others.
    """
    draft = load_sheet_draft(ledger, source, answers=answers, secret=secret, wording=wording, kept_for=LOADED_WITHIN)
    try:
        yield draft
    finally:
        discard_draft(ledger, draft.record.token)


def discard_draft(ledger: Ledger, token: str) -> None:
    """Removes a draft with its rows; one that was published, or is not there, stays as it is."""
    record = ledger.read.drafts.find(token)
    if record is not None and record.state in (DraftState.LOADING, DraftState.READY):
        ledger.drafts.discard(record)


def _loaded(
    ledger: Ledger,
    source: SheetSource,
    *,
    new: NewDraft,
    answers: Answers,
    secret: Callable[[str], str],
    wording: Wording,
    in_place_of: SheetDraft | None = None,
    on_event: OnEvent = ignore_event,
) -> SheetDraft:
    screening = _screening(ledger, source, answers=answers, secret=secret)
    run = NewRun(
        service=source.service,
        template_fingerprint=source.template_fingerprint,
        sheet=source.name,
        header=screening.header,
        plan=source.plan.model_dump_json(),
    )
    record = ledger.drafts.begin(new, run)
    with _removed_on_failure(ledger, record):
        on_event(DraftBegun(record.token))
        diff = _with_rows(ledger, record, screening, source=source, wording=wording, on_event=on_event)
        loaded = _known(ledger, record, screening, source=source, answers=answers, diff=diff)
        if in_place_of is not None:
            _refuse_other_content(in_place_of, loaded)
            record = ledger.drafts.complete(record, loaded, in_place_of=in_place_of.record)
        else:
            record = ledger.drafts.complete(record, loaded)
            return shown_sheet(ledger, record)
    # What took another one's place stays, as that one would have.
    return shown_sheet(ledger, record)


@contextmanager
def _removed_on_failure(ledger: Ledger, record: DraftRecord) -> Iterator[None]:
    try:
        yield
    except BaseException:
        # A ledger in trouble is told as what it was first; the draft expires then.
        with suppress(LedgerError):
            ledger.drafts.discard(record)
        raise


def _screening(ledger: Ledger, source: SheetSource, *, answers: Answers, secret: Callable[[str], str]) -> Screening:
    return screen_sheet(
        source.file,
        source.template,
        call=source.plan.call,
        secret=secret,
        on_list=partial(ledger.suppression.of, service=source.service),
        choices=source.choices,
        edits=source.edits,
        accepted=accepted_at(source.service, source.template, answers),
        most_rows=source.most_rows,
        now=ledger.now(),
    )


def _with_rows(
    ledger: Ledger,
    record: DraftRecord,
    screening: Screening,
    *,
    source: SheetSource,
    wording: Wording,
    on_event: OnEvent,
) -> Diff:
    """Reads all rows into the draft; returns how they differ from the earlier calls."""
    comparison = comparison_with(
        None if source.again else ledger, service=source.service, template_fingerprint=source.template_fingerprint
    )
    rows, count = iter(screening), 0
    written: Callable[[], None] = _nothing_yet
    while chunk := list(islice(rows, _LOADED_AT_ONCE)):
        # Written while the next rows are screened: never more than one chunk is on its way.
        written()
        written = partial(
            _added, ledger.drafts.begin_adding(record, chunk, wording=wording), count + len(chunk), on_event
        )
        for _, one in chunk:
            if isinstance(one.verdict, Contact):
                comparison.see(one.verdict)
        count += len(chunk)
    written()
    _refuse_hopeless(source, screening)
    return comparison.diff()


def _nothing_yet() -> None:
    pass


def _added(wait: Callable[[], None], rows: int, on_event: OnEvent) -> None:
    wait()
    on_event(RowsLoaded(rows))


def _known(
    ledger: Ledger, record: DraftRecord, screening: Screening, *, source: SheetSource, answers: Answers, diff: Diff
) -> LoadedRows:
    """Skips the rows that need no question, and summarises the rest."""
    ledger.drafts.skip(record, diff.done)
    recently = ledger.drafts.skip_called_recently(record, call_again_after=source.plan.call_again_after)
    since = to_text(ledger.now() - source.plan.call_again_after)
    changed = {row: call for row, call in diff.changed.items() if call.at <= since}
    reasons = {row: ChangedSince(call.at, call.run, call.row) for row, call in changed.items()}
    left_out = 0
    if answers.changed == "skip":
        left_out = ledger.drafts.skip(record, reasons)
        changed, reasons = {}, {}
    view = SheetView(
        summary=summary_of(
            screening,
            diff=diff,
            recently=recently,
            left_out={SkipReason.CHANGED: left_out} if left_out else {},
            preview=(),
        ),
        content_fingerprint=screening.keys.fingerprint(),
        repaired=tuple(note for note in screening.notes if note.kind is NoteKind.REPAIRED),
        changed=_first_of(changed),
        doubted=tuple(note for note in screening.notes if note.kind in ROW_DOUBTS)[:MOST_NOTES_KEPT],
    )
    return LoadedRows(view.content_fingerprint, SHEET_VIEW.text(view), may_skip=reasons)


def _first_of(changed: Mapping[int, EarlierCall]) -> FirstChanged | None:
    if not changed:
        return None
    row, call = next(iter(changed.items()))
    return FirstChanged(len(changed), row=row, called_at=call.at, run=call.run)


def _refuse_hopeless(source: SheetSource, screening: Screening) -> None:
    if screening.good or screening.skipped:
        return
    first = ("; the first: ", screening.problems[0].message) if screening.problems else ()
    raise SheetError(
        f"{source.file}: not one of its {screening.invalid} rows can be called",
        *first,
        cure=Cure(CureCode.CHECK_SHEET),
    )


def _refuse_other_content(draft: SheetDraft, loaded: LoadedRows) -> None:
    if loaded.content_fingerprint != draft.view.content_fingerprint:
        raise SheetError(
            f"sheet {draft.source.file}: it says something else than when it was loaded; nothing was sent; "
            "load it again"
        )
