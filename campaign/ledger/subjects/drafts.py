"""Drafts of one ledger: stores their rows, views and answers; the preparation decides what these contain."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from campaign.domain.cures import Wording
from campaign.domain.errors import UsageError
from campaign.domain.instants import to_text
from campaign.domain.model import Screened
from campaign.domain.skip_reason import Skipped
from campaign.ledger.port.drafts import DraftWriter
from campaign.ledger.queries.drafts import read_draft
from campaign.ledger.records.drafts import (
    DraftKind,
    DraftRecord,
    DraftRerun,
    DraftState,
    LoadedRows,
    NewDraft,
    PublishedAs,
)
from campaign.ledger.records.reruns import Requeued
from campaign.ledger.records.runs import Draft, RunRecord
from campaign.ledger.subjects.schedules import link_run
from campaign.ledger.writes import drafts, load, requeue
from campaign.ledger.writes.group_commit import Writer

ContentForms = Callable[[Connection, str], Sequence[str]]
"""Content fingerprint -> all forms in which a run's may stand, inside a transaction that writes."""


class LedgerDrafts(DraftWriter):
    """The drafts of one ledger. Every method returns after its commit."""

    def __init__(self, *, writer: Writer, owner: str, now: Callable[[], datetime], content_forms: ContentForms) -> None:
        self._writer, self._owner, self._now, self._content_forms = writer, owner, now, content_forms

    def begin(self, new: NewDraft, run: Draft) -> DraftRecord:
        """Creates an empty draft of a sheet; also removes drafts that have expired."""
        self.expire()
        at = self._now()

        def work(connection: Connection) -> DraftRecord:
            run_id = load.insert_loading(connection, run, owner=self._owner, at=at)
            return drafts.insert_draft(connection, new, kind=DraftKind.SHEET, run_id=run_id, owner=self._owner, at=at)

        return self._writer.do(work)

    def add(self, draft: DraftRecord, rows: Sequence[tuple[str, Screened]], *, wording: Wording) -> None:
        """Adds rows to a loading draft, in the sheet's order, each with the key of its content. See the port.

        Raises:
            LedgerError: it is no longer loading.
        """
        self.begin_adding(draft, rows, wording=wording)()

    def begin_adding(
        self, draft: DraftRecord, rows: Sequence[tuple[str, Screened]], *, wording: Wording
    ) -> Callable[[], None]:
        """See the port `DraftLoader`."""

        def work(connection: Connection) -> None:
            drafts.count_loaded(connection, draft, rows=len(rows))
            load.insert_rows(connection, run_of(draft), rows, wording=wording)

        return self._writer.begin(work) if rows else _nothing

    def skip_called_recently(self, draft: DraftRecord, *, call_again_after: timedelta) -> int:
        """See the port `DraftLoader`."""
        if not call_again_after:
            # Nothing is recent then. A call of another run at this very moment is later than any instant read here; it
            # is the claim that sees it, and says so.
            return 0
        since, run_id = to_text(self._now() - call_again_after), run_of(draft)

        def work(connection: Connection) -> int:
            drafts.count_loaded(connection, draft, rows=0)
            service = load.service_of(connection, run_id)
            return load.skip_called_recently(connection, run_id, service=service, since=since)

        return self._writer.do(work)

    def skip(self, draft: DraftRecord, reasons: Mapping[int, Skipped]) -> int:
        """See the port `DraftLoader`."""

        def work(connection: Connection) -> int:
            drafts.count_loaded(connection, draft, rows=0)
            return load.skip_numbered(connection, run_of(draft), reasons)

        return self._writer.do(work) if reasons else 0

    def complete(
        self, draft: DraftRecord, loaded: LoadedRows, *, in_place_of: DraftRecord | None = None
    ) -> DraftRecord:
        """See the port `DraftLoader`."""
        at = self._now()
        ready = self._writer.do(lambda c: drafts.complete(c, draft, loaded, in_place_of=in_place_of, at=at))
        if in_place_of is not None:
            self._remove_rows([run_of(in_place_of)])
        return ready

    def choose(self, new: NewDraft, record: RunRecord, chosen: DraftRerun, *, view: str) -> DraftRecord:
        """Creates a rerun's draft of the chosen rows of a run, ready for review."""
        self.expire()
        at = self._now()

        def work(connection: Connection) -> DraftRecord:
            made = drafts.insert_draft(
                connection,
                new,
                kind=DraftKind.RERUN,
                run_id=record.id,
                owner=self._owner,
                at=at,
                view=view,
                progress=len(chosen.rows),
            )
            requeue.insert_chosen(connection, made.id, chosen)
            return made

        return self._writer.do(work)

    def answer(self, draft: DraftRecord, *, answers: str, view: str, skip: bool = False) -> DraftRecord:
        """See the port `DraftWriter`."""
        at = self._now()
        return self._writer.do(lambda c: drafts.answer(c, draft, answers=answers, view=view, skip=skip, at=at))

    def same_run(self, draft: DraftRecord) -> str | None:
        """The name of the latest run of the same content under the same template at the same service."""
        return self._writer.do(lambda c: self._same(c, run_of(draft)))

    def publish(
        self, draft: DraftRecord, *, name: str | None, stem: str, again: bool, firing_id: int | None = None
    ) -> PublishedAs:
        """Publishes a sheet's draft as a run that can be dialled; repeated, returns the same run. See the port.

        Raises:
            UsageError: the draft has changed or expired; or the name is taken.
            LedgerError: this process no longer owns the firing.
        """
        at = self._now()

        def work(connection: Connection) -> PublishedAs:
            there = read_draft(connection, draft.id)
            if there is not None and there.published_as is not None:
                return PublishedAs(there.published_as, by_this_draft=True)
            drafts.usable(connection, draft, at=at)
            run_id = run_of(draft)
            if not again and (same := self._same(connection, run_id)) is not None:
                return PublishedAs(same, by_this_draft=False)
            chosen = name or load.free_name(connection, stem)
            load.publish(connection, run_id, name=chosen, again=again)
            drafts.close(connection, draft, run_name=chosen)
            if firing_id is not None:
                link_run(connection, firing_id, run_id=run_id, owner=self._owner)
            return PublishedAs(chosen, by_this_draft=True)

        return self._writer.do(work)

    def publish_rerun(self, draft: DraftRecord, record: RunRecord) -> Requeued:
        """Requeues a rerun's rows once, in a new round; repeated, returns that round. The run must be held.

        Raises:
            UsageError: the draft has changed or expired, it belongs to another run, or a corrected row can no
                longer be requeued; nothing is changed.
        """
        at = self._now()

        def work(connection: Connection) -> Requeued:
            there = read_draft(connection, draft.id)
            if there is not None and there.round is not None and there.state is DraftState.PUBLISHED:
                rows = requeue.count_in_round(connection, record.id, there.round)
                return Requeued(there.round, rows)
            drafts.usable(connection, draft, at=at)
            if draft.run_id != record.id or draft.kind is not DraftKind.RERUN:
                raise UsageError(f"this draft does not call rows of run {record.name} again; nothing was sent")
            chosen = requeue.chosen_rows(connection, draft.id)
            requeued = requeue.requeue(
                connection,
                record.id,
                list(chosen.rows),
                corrected=chosen.corrected,
                owner=self._owner,
                at=to_text(at),
            )
            drafts.close(connection, draft, run_name=record.name, this_round=requeued.round)
            return requeued

        return self._writer.do(work)

    def discard(self, draft: DraftRecord) -> None:
        """Removes a draft with its rows; leaves a published draft alone."""
        self._remove_rows(self._writer.do(lambda c: drafts.remove(c, draft)))

    def expire(self, *, older_than: timedelta | None = None) -> int:
        """Empties drafts that have expired or are older than the given age; returns how many."""
        at = self._now()
        count, left = self._writer.do(lambda c: drafts.expire(c, at=at, older_than=older_than))
        self._remove_rows(left)
        return count

    def _remove_rows(self, runs: Sequence[int]) -> None:
        """Removes rows of runs that no longer belong to a draft. What a kill leaves behind, a later expiry removes."""
        for run_id in runs:
            while self._writer.do(partial(load.discard_some, run_id=run_id)):
                pass

    def _same(self, connection: Connection, run_id: int) -> str | None:
        content = load.content_of(connection, run_id)
        return load.find_same(connection, run_id, content_fingerprints=self._content_forms(connection, content))


def run_of(draft: DraftRecord) -> int:
    """The run that holds the draft's rows.

    Raises:
        UsageError: the draft has expired, so it has no run.
    """
    if draft.run_id is None:
        raise UsageError("this draft expired, and what was loaded is gone; nothing was sent; load it again")
    return draft.run_id


def _nothing() -> None:
    pass
