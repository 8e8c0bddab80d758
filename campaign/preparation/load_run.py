"""Starting a run: the sheet is loaded, looked at, compared with what was run before, and only then published."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path

from campaign.config.run_plan import RunPlan
from campaign.config.template import Template
from campaign.domain.cures import Cure, CureCode, Setting, Wording
from campaign.domain.cures.runs import raise_or_call_first, see_run
from campaign.domain.errors import SheetError, UnansweredError, UsageError
from campaign.domain.instants import to_text
from campaign.domain.model import Contact
from campaign.domain.skip_reason import ChangedSince, SkipReason
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.earlier_calls import EarlierCall
from campaign.ledger.records.runs import Draft, RunRecord
from campaign.preparation.compare import Diff, comparison_with
from campaign.preparation.questions import NO_ANSWERS, Answers, accepted_at
from campaign.preparation.screening import Screening, screen_sheet
from campaign.preparation.summary import Summary, summary_of

_LOADED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A loaded sheet, not yet a run.

    Attributes:
        to_call: rows that will be called.
        recently: rows that are skipped because their number was called recently.
        diff: how the sheet differs from what was called before; its done rows are skipped.
        changed: row number -> the call made before with other words, of those rows that would be called again now.
        same: the latest run of the same content under the same template, if there is one.
        left_out: reason -> rows that are skipped for what a person said.
    """

    run_id: int
    draft: Draft
    screening: Screening
    content_fingerprint: str
    to_call: int
    recently: int
    diff: Diff
    changed: Mapping[int, EarlierCall]
    same: RunRecord | None
    left_out: Mapping[SkipReason, int] = field(default_factory=dict)


@contextmanager
def prepare(  # noqa: PLR0913 - what a run is made of
    ledger: Ledger,
    *,
    sheet: Path,
    template: Template,
    plan: RunPlan,
    service: str,
    secret: Callable[[str], str],
    choices: Choices = UNDECIDED,
    answers: Answers = NO_ANSWERS,
    again: bool = False,
    wording: Wording,
) -> Iterator[Prepared]:
    """Loads a sheet into the ledger; what is not published by the end of the block is removed again.

    The ledger keeps of an invalid row what `wording` says of it.

    With `again`, what was called before under this template is not looked at: only `call_again_after` holds.

    Raises:
        UndecidedError: the sheet has more rows than its owner has said.
        SheetError: the sheet cannot be read, or not one of its rows can be called.
        LedgerError: the ledger cannot be written.
    """
    screening = screen_sheet(
        sheet,
        template,
        call=plan.call,
        secret=secret,
        on_list=ledger.suppression.of,
        choices=choices,
        accepted=accepted_at(service, template, answers),
        most_rows=choices.max_rows or template.limits.max_rows,
        now=ledger.now(),
    )
    draft = Draft(
        service=service,
        template_fingerprint=fingerprint_of(template, plan),
        sheet=sheet.name,
        header=screening.header,
        plan=plan.model_dump_json(),
    )
    run_id = ledger.begin(draft)
    try:
        comparison = comparison_with(
            None if again else ledger, service=service, template_fingerprint=draft.template_fingerprint
        )
        rows = iter(screening)
        while chunk := list(islice(rows, _LOADED_AT_ONCE)):
            ledger.add(run_id, chunk, wording=wording)
            for _, one in chunk:
                if isinstance(one.verdict, Contact):
                    comparison.see(one.verdict)
        _refuse_hopeless(sheet, screening)
        yield _prepared(ledger, run_id, draft=draft, screening=screening, plan=plan, diff=comparison.diff())
    finally:
        ledger.discard(run_id)


def leave_out_changed(ledger: Ledger, prepared: Prepared) -> Prepared:
    """The loaded sheet without the rows that were called before with other words: each is skipped, and says so."""
    changed = {row: ChangedSince(call.at, call.run, call.row) for row, call in prepared.changed.items()}
    left_out = ledger.skip(prepared.run_id, changed)
    return replace(prepared, to_call=prepared.to_call - left_out, changed={}, left_out={SkipReason.CHANGED: left_out})


def summary_of_prepared(ledger: Ledger, prepared: Prepared) -> Summary:
    """The loaded sheet as `check` would show it."""
    waiting = ledger.read.rows.waiting(prepared.run_id, from_round=0)
    return summary_of(
        prepared.screening,
        diff=prepared.diff,
        recently=prepared.recently,
        left_out=prepared.left_out,
        preview=(row.contact for row in waiting),
    )


def publish(
    ledger: Ledger, prepared: Prepared, *, name: str | None, template_path: Path, today: date, again: bool
) -> RunRecord:
    """Makes the loaded sheet a run that can be dialled.

    Raises:
        UsageError: the name is taken, or cannot be one; or another process has just started the same sheet.
    """
    if name is not None:
        refuse_unusable_name(name)
    same = ledger.publish(
        prepared.run_id,
        prepared.draft,
        content_fingerprint=prepared.content_fingerprint,
        name=name,
        stem=f"{_stem(template_path)}-{today.isoformat()}",
        again=again,
    )
    if same is not None:
        raise UsageError(f"this sheet was just started by another process as run {same!r}", cure=see_run(same))
    return named_run(ledger, ledger.name_of(prepared.run_id))


def refuse_over_limit(to_call: int, *, limit: int | None) -> None:
    """Refuses a run with more calls than `[limits] max_calls`, or what was said in its place, allows.

    Raises:
        UnansweredError: there are more.
    """
    if limit is not None and to_call > limit:
        raise UnansweredError(
            f"this run would make {to_call} calls, and the limit is {limit}",
            cure=raise_or_call_first(calls=to_call),
            argument="max_calls",
        )


def refuse_unusable_name(name: str) -> None:
    """Refuses a run's name that could not be typed, or be part of a file's name, everywhere.

    Raises:
        UsageError: naming what a name may hold.
    """
    usable = name.isascii() and name and all(c.isalnum() or c in "-_." for c in name) and name[0].isalnum()
    longest = 100
    if not usable or len(name) > longest:
        raise UsageError(
            Setting.NAME,
            f" {name!r} cannot be a run's name; use up to {longest} letters, digits, '-', '_' and '.', "
            "a letter or digit first",
        )


def fingerprint_of(template: Template, plan: RunPlan) -> str:
    """Names what a run makes of a sheet: two runs that share it say the same to the same person."""
    # Ids from the environment make other calls as much as ids from the file do.
    return f"{template.fingerprint()[:40]}-{plan.call.team_id}-{plan.call.call_template_id}"


def _prepared(
    ledger: Ledger, run_id: int, *, draft: Draft, screening: Screening, plan: RunPlan, diff: Diff
) -> Prepared:
    fingerprint = screening.keys.fingerprint()
    same = ledger.find_same(draft, content_fingerprint=fingerprint)
    done = ledger.skip(run_id, diff.done)
    recently = ledger.skip_called_recently(run_id, service=draft.service, call_again_after=plan.call_again_after)
    since = to_text(ledger.now() - plan.call_again_after)
    return Prepared(
        run_id=run_id,
        draft=draft,
        screening=screening,
        content_fingerprint=fingerprint,
        to_call=screening.good - done - recently,
        recently=recently,
        diff=diff,
        changed={row: call for row, call in diff.changed.items() if call.at <= since},
        same=named_run(ledger, same) if same else None,
    )


def _refuse_hopeless(sheet: Path, screening: Screening) -> None:
    if screening.good or screening.skipped:
        return
    first = ("; the first: ", screening.problems[0].message) if screening.problems else ()
    raise SheetError(
        f"{sheet}: not one of its {screening.invalid} rows can be called", *first, cure=Cure(CureCode.CHECK_SHEET)
    )


def _stem(template_path: Path) -> str:
    kept = [c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in template_path.stem.replace("_", "-")]
    return "".join(kept).strip("-").lower() or "run"
