"""Use case run: a sheet is checked, loaded as a draft, confirmed by a person, published, and ready to be dialled.

plan_sheet_run --> load_sheet: a draft --> same sheet as before? resume it
                                       `-> question, answered, question, ... --> publish
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

from campaign.config.run_plan import RunPlan, fingerprint_of, secrets_of
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError
from campaign.followup.canary import Canary, canary_bounds
from campaign.followup.clock import WallClock
from campaign.intake.files.read_options import Choices
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import RunRecord
from campaign.preparation.drafts.answer import answer_sheet, needs_sheet
from campaign.preparation.drafts.contents import SheetSource
from campaign.preparation.drafts.load_sheet import passing_sheet_draft
from campaign.preparation.drafts.look import SheetDraft, shown_sheet
from campaign.preparation.drafts.publish import publish_sheet, refuse_over_limit, refuse_unfollowed, stem_of
from campaign.preparation.forecast import outlook_of
from campaign.preparation.plan.continue_run import SameSheet, compare, refuse_done
from campaign.preparation.questions import ANSWERS_OF, ROW_DOUBTS, Answers
from campaign.preparation.summary import Summary
from campaign.usecases.context import Context
from campaign.usecases.dialling.begun.answers import refuse_more_calls, refuse_other_answers
from campaign.usecases.dialling.begun.plan_choice import PlanChoice, choice_by, refuse_other_plan, settled_plan
from campaign.usecases.dialling.follow_first import FollowedFirst, follow_first
from campaign.usecases.dialling.ready_run import PlanSaid, ReadyRun, ready_run, requeue_by_outcome
from campaign.usecases.dialling.run_questions import (
    ChangedRows,
    DoubtfulRows,
    GivenAnswers,
    MakeCalls,
    RepairedNumbers,
    RunQuestion,
    UnfollowedCalls,
    UnknownWords,
)
from campaign.usecases.dialling.sheet_run_plan import SheetRun

__all__ = [
    "Answers",
    "ChangedRows",
    "Choices",
    "DoubtfulRows",
    "FollowedFirst",
    "GivenAnswers",
    "LoadedSheet",
    "MakeCalls",
    "PlanChoice",
    "RepairedNumbers",
    "RunQuestion",
    "SameSheet",
    "UnfollowedCalls",
    "UnknownWords",
    "load_sheet",
    "stem_of",
]


class LoadedSheet:
    """Sheet in the ledger as a draft, before it is published as a run.

    Attributes:
        same: the unfinished run of the same sheet, which is to be resumed instead; None for none.
    """

    def __init__(self, ledger: Ledger, run: SheetRun, draft: SheetDraft, *, context: Context) -> None:
        """`draft` is ready.

        Raises:
            UsageError: the sheet was run before, to its end; or it has more calls than the limit, whatever is answered.
        """
        self._ledger, self._run, self._draft, self._context = ledger, run, draft, context
        self.same = self._same()
        if self.same is None:
            self._refuse_hopeless()

    @property
    def sheet(self) -> str:
        """The file's name."""
        return self._draft.source.name

    @property
    def calls(self) -> int:
        """Number of calls that would be made now."""
        return self._draft.calls(self._run.options.dial.limit)

    def summary(self) -> Summary:
        """The sheet as a check shows it."""
        return replace(self._draft.summary, questions=())

    def plan_choice(self) -> PlanChoice:
        """The plans by which the unfinished run of the same sheet could go on."""
        origin = self._run.plan.origin
        assert self.same is not None  # noqa: S101 - the caller has seen that there is one
        assert origin is not None  # noqa: S101 - every sheet's plan has one
        # Read again: a person may have thought for an hour, and another process may have changed it meanwhile.
        record = named_run(self._ledger, self.same.record.name)
        return choice_by(record, self._run.template, origin=origin)

    def resume(self, said: PlanSaid | None, *, seen: PlanChoice | None = None) -> ReadyRun:
        """Prepares the unfinished run of the same sheet for dialling; `said` is which plan holds for its rest.

        `seen` are the plans that were shown to the person who said it.

        Raises:
            UsageError: the template was changed since, and nothing was said; the run has another name, was begun with
                other answers, or has more calls left than are meant; or another process has changed its plan since it
                was shown.
            BusyError: the plan changes, and another process works on the run.
        """
        choice, run = self.plan_choice(), self._run
        assert self.same is not None  # noqa: S101 - as above
        refuse_other_plan(seen, choice, run=self.same.record.name)
        record, name = named_run(self._ledger, self.same.record.name), run.options.name
        if name not in (None, record.name):
            raise UsageError(
                f"this sheet was begun as run {record.name}, and is not called {name} now",
                cure=Cure(CureCode.LEAVE_NAME_OUT),
            )
        answers = self._draft.answers
        refuse_other_answers(self._ledger, record, answers, template=run.template)
        limit = run.options.dial.limit
        refuse_more_calls(self._ledger, record, choice, said=said, limit=limit, most=answers.max_calls)
        options = replace(run.options.dial, plan=said)
        webhook = run.options.webhook
        plan = settled_plan(self._ledger, record, choice, options=options, context=self._context, webhook=webhook)
        return self._ready(record, plan=plan)

    def question(self, said: GivenAnswers) -> RunQuestion | None:
        """Next open question; None when all are answered.

        Raises:
            UsageError: there are more calls than the limit.
        """
        if not self.is_outdated(said):
            self._take(said)
        view, answers = self._draft.view, said.answers
        if (doubt := self._doubt()) is not None:
            return doubt
        if view.summary.repaired and answers.repairs is None:
            return RepairedNumbers(view.summary.repaired, view.repaired)
        if view.changed is not None and answers.changed is None:
            changed = view.changed
            return ChangedRows(changed.count, row=changed.row, called_at=changed.called_at, run=changed.run)
        if self._draft.unfollowed and self._unfollowed(answers) is None:
            return UnfollowedCalls(sum(self._draft.unfollowed.values()), self._draft.unfollowed)
        if said.agreed:
            return None
        self._refuse_over_limit(answers)
        outlook = outlook_of(
            self._ledger,
            self._draft.run_id,
            plan=self._run.plan,
            count=view.summary.to_call,
            limit=self._run.options.dial.limit,
        )
        skipped = sum(view.summary.skipped.values())
        return MakeCalls(self.calls, outlook, invalid=view.summary.invalid, skipped=skipped)

    def follow_first(self, said: GivenAnswers, *, tell: Callable[[FollowedFirst], None]) -> None:
        """Looks up the earlier calls of people who would be called again, where the answers ask for that.

        Raises:
            UnansweredError: some could not be looked up; nothing was sent.
            LedgerError: the ledger or its disk is in trouble.
        """
        if self._unfollowed(said.answers) != "follow" or not self._draft.unfollowed:
            return
        runs = tuple(self._draft.unfollowed)
        follow_first(self._ledger, runs, account=self._run.account, context=self._context, tell=tell)
        self._draft = shown_sheet(self._ledger, self._draft.record)
        refuse_unfollowed(self._draft.unfollowed)

    def _unfollowed(self, answers: Answers) -> Literal["follow", "call"] | None:
        return answers.unfollowed or self._run.template.answers.unfollowed

    def _doubt(self) -> DoubtfulRows | UnknownWords | None:
        """The first open question about rows of a kind."""
        for question in self._draft.summary.questions:
            if question.words:
                return UnknownWords(question.words, question.answers)
            for kind, (about, _) in ROW_DOUBTS.items():
                if question.about == about:
                    notes = tuple(note for note in self._draft.view.doubted if note.kind is kind)
                    answers = tuple(ANSWERS_OF[cure.code] for cure in question.answers)
                    return DoubtfulRows(about, question.count, notes, answers, question.answers)
        return None

    def is_outdated(self, said: GivenAnswers) -> bool:
        """Whether these answers require the sheet to be read again: rows of restored numbers are left out, say."""
        return needs_sheet(self._draft, said.answers)

    def read_again(self, said: GivenAnswers) -> None:
        """Reads the sheet again with these answers; the caller must show it again.

        Raises:
            SheetError: the sheet cannot be read again, or not one of its rows can be called so.
            UsageError: it has more calls than the limit now.
        """
        self._take(said)
        self._refuse_hopeless()

    def publish(self, said: GivenAnswers) -> ReadyRun:
        """Publishes the draft as a run, once no question is open.

        Raises:
            UsageError: something is not answered yet, or there are more calls than the limit; the name is taken; or
                another process has just started the same sheet.
        """
        if (open_question := self.question(said)) is not None or self.is_outdated(said):
            raise UsageError(f"the run was not begun: not all is answered ({open_question}); nothing was sent")
        options = self._run.options
        today = self._context.now().astimezone().date()
        record = publish_sheet(self._ledger, self._draft, name=options.name, today=today, limit=options.dial.limit)
        return self._ready(record, plan=self._run.plan)

    def _take(self, said: GivenAnswers) -> None:
        secret = secrets_of(self._run.plan, self._context.environment).__getitem__
        self._draft = answer_sheet(
            self._ledger, self._draft, said.answers, secret=secret, wording=self._context.wording
        )

    def _same(self) -> SameSheet | None:
        if self._draft.same is None or self._run.options.again:
            return None
        same = compare(self._ledger, self._draft.same)
        refuse_done(same)
        return same

    def _refuse_hopeless(self) -> None:
        """Applies before any question, where no answer could lower the number of rows."""
        view, answers = self._draft.view, self._draft.answers
        if view.changed is None and not self._doubt() and not (view.summary.repaired and answers.repairs is None):
            self._refuse_over_limit(answers)

    def _refuse_over_limit(self, answers: Answers) -> None:
        refuse_over_limit(self.calls, limit=answers.max_calls or self._run.plan.max_calls)

    def _ready(self, record: RunRecord, *, plan: RunPlan) -> ReadyRun:
        run = self._run
        return ready_run(
            self._ledger,
            record,
            plan=plan,
            account=run.account,
            options=run.options.dial,
            context=self._context,
            requeue=requeue_by_outcome(plan, context=self._context, ends=None),
            first_rows=_canary(run, context=self._context),
        )


@contextmanager
def load_sheet(
    ledger: Ledger, run: SheetRun, *, choices: Choices, answers: Answers, context: Context
) -> Iterator[LoadedSheet]:
    """Loads the sheet; what is not published by the end of the block is removed again.

    Raises:
        UndecidedError: only the sheet's owner can say how it is to be read.
        SheetError: it cannot be read, or not one of its rows can be called.
        UsageError: see `LoadedSheet`.
    """
    secret = secrets_of(run.plan, context.environment).__getitem__
    source = source_of(run, choices=choices)
    with passing_sheet_draft(ledger, source, answers=answers, secret=secret, wording=context.wording) as draft:
        yield LoadedSheet(ledger, run, draft, context=context)


def source_of(run: SheetRun, *, choices: Choices) -> SheetSource:
    """Source of a draft of that sheet."""
    return SheetSource(
        sheet=run.options.sheet,
        folder=Path.cwd(),
        stem=stem_of(run.options.template),
        template_fingerprint=fingerprint_of(run.template, run.plan),
        plan=run.plan,
        service=run.account.service,
        choices=choices,
        most_rows=choices.max_rows or run.template.limits.max_rows,
        again=run.options.again,
        followed_within=run.template.limits.followed_within,
        unfollowed=run.template.answers.unfollowed,
        shown=run.options.shown,
        edits=run.options.edits,
        said=run.options.said,
    )


def _canary(run: SheetRun, *, context: Context) -> Canary | None:
    rows = run.options.canary
    if rows is None:
        return None
    rows = min(rows, run.options.dial.limit or rows)
    return Canary(canary_bounds(run.template), rows=rows, clock=WallClock(context.now))
