"""Each act on a draft by itself, as a front that has nothing but its token uses it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import anyio
import pytest

from campaign.domain.errors import SheetError, UnansweredError, UsageError
from campaign.ledger.store import Ledger
from campaign.preparation.drafts.load_sheet import DraftBegun, LoadEvent, RowsLoaded
from campaign.usecases.context import opened_ledger
from campaign.usecases.dialling.drafts import (
    PublishedDraft,
    RerunDraft,
    SheetDraft,
    StillLoading,
    answer_draft,
    discard_draft,
    expire_drafts,
    load_rerun_draft,
    load_sheet_draft,
    look_at_draft,
    outlook_of_draft,
    publish_draft,
    ready_rerun_draft,
)
from campaign.usecases.dialling.ready_run import AccountOptions, DialOptions, ReadyRun, run_event_loop
from campaign.usecases.dialling.rerun_rows import Narrow, RerunOptions, target_of
from campaign.usecases.dialling.run_sheet import Answers, Choices
from tests.cli.drafts.act import HERE, Front, seen, sheet_run
from tests.cli.drafts.conftest import ADA, BO, CY, Acts

DIAL = DialOptions(
    account=AccountOptions(sandbox=False), rate=None, max_in_flight=None, limit=None, results=None, audit=True
)
ACCEPT, SKIP = Answers(repairs="accept"), Answers(repairs="skip")


@pytest.fixture
def ledger(acts: Acts) -> Iterator[Ledger]:  # noqa: ARG001 - the environment leads there
    with opened_ledger(HERE) as opened:
        assert isinstance(opened, Ledger)
        yield opened


def load(ledger: Ledger, acts: Acts, answers: Answers = Answers(), *, again: bool = False) -> str:  # noqa: B008 - frozen
    run = sheet_run(acts.sheet, acts.template, again=again)
    return load_sheet_draft(ledger, run, choices=Choices(), answers=answers, context=HERE)


def answered(ledger: Ledger, token: str, answers: Answers) -> SheetDraft:
    draft = answer_draft(ledger, token, answers, revision=seen(ledger, token).record.revision, context=HERE)
    assert isinstance(draft, SheetDraft)
    return draft


def publish(ledger: Ledger, token: str, *, name: str | None = None, limit: int | None = None) -> str:
    revision = look_at_draft(ledger, token).record.revision
    return publish_draft(ledger, token, revision=revision, name=name, limit=limit, context=HERE).name


def abouts(draft: SheetDraft) -> list[str]:
    return [question.about for question in draft.summary.questions]


def test_a_load_tells_its_token_first_and_then_its_rows(ledger: Ledger, acts: Acts) -> None:
    """A page can show the draft while its rows come."""
    told, shown = list[LoadEvent](), list[object]()

    def on_event(event: LoadEvent) -> None:
        told.append(event)
        if isinstance(event, DraftBegun):
            shown.append(look_at_draft(ledger, event.token))

    run = sheet_run(acts.sheet, acts.template)
    token = load_sheet_draft(
        ledger, run, choices=Choices(), answers=ACCEPT, context=HERE, belongs_to="ada", on_event=on_event
    )
    assert told == [DraftBegun(token), RowsLoaded(4)]
    assert isinstance(shown[0], StillLoading)
    assert seen(ledger, token).record.owner == "ada"


def test_the_questions_that_are_left_are_told_after_each_answer(ledger: Ledger, acts: Acts) -> None:
    token = load(ledger, acts)
    assert abouts(seen(ledger, token)) == ["repairs"]
    assert [note.value for note in seen(ledger, token).view.repaired] == ["2079460018"]
    limited = answered(ledger, token, replace(ACCEPT, max_calls=2))
    assert [(one.about, one.count, one.limit) for one in limited.summary.questions] == [("calls", 3, 2)]
    assert abouts(answered(ledger, token, replace(ACCEPT, max_calls=3))) == []


def test_rows_of_restored_numbers_are_left_out_and_taken_back(ledger: Ledger, acts: Acts) -> None:
    """By reading the sheet again: what such a row is then, its other cells say as well. The token stays."""
    token = load(ledger, acts)
    left_out = answered(ledger, token, SKIP)
    assert (left_out.summary.to_call, left_out.summary.invalid) == (2, 2)
    assert [contact.phone for contact in left_out.summary.preview] == [ADA, CY]
    taken_back = answered(ledger, token, ACCEPT)
    assert (taken_back.summary.to_call, taken_back.summary.invalid) == (3, 1)
    assert taken_back.record.revision == 2
    name = publish(ledger, token)
    record = ledger.read.runs.find(name)
    assert record is not None
    assert ledger.read.rows.count_waiting(record.id, from_round=0) == 3


def test_an_answer_that_changes_nothing_leaves_the_draft_as_it_is(ledger: Ledger, acts: Acts) -> None:
    token = load(ledger, acts, ACCEPT)
    assert answered(ledger, token, ACCEPT) == seen(ledger, token)


def test_changed_rows_are_skipped_by_an_answer_and_come_back_by_another(ledger: Ledger, acts: Acts) -> None:
    acts.template.write_text(acts.template.read_text("utf-8") + '[limits]\ncall_again_after = "0s"\n', "utf-8")
    assert acts.desk("run", acts.sheet, "-t", acts.template, "--accept-repairs", "--yes", "--name", "first").code == 0
    acts.sheet.write_text(acts.sheet.read_text("utf-8").replace("Ada,", "Ada L.,"), "utf-8")
    token = load(ledger, acts, ACCEPT)
    draft = seen(ledger, token)
    assert abouts(draft) == ["changed"]
    assert draft.view.changed is not None
    assert (draft.view.changed.row, draft.view.changed.run) == (2, "first")
    assert str(draft.summary.diff) == "compared with run first: 0 new, 1 changed, 2 done, 0 gone"
    with pytest.raises(UnansweredError, match=r"1 rows \(changed\) is not said; nothing was sent"):
        publish(ledger, token)
    skipped = answered(ledger, token, replace(ACCEPT, changed="skip"))
    assert (skipped.summary.to_call, skipped.summary.rows, abouts(skipped)) == (0, 4, [])
    assert skipped.summary.preview == ()
    called = answered(ledger, token, replace(ACCEPT, changed="call"))
    assert [contact.name for contact in called.summary.preview] == ["Ada L."]
    assert called.summary.to_call == 1
    assert acts.desk("resume", publish(ledger, token)).code == 0
    assert Counter(acts.server.rings()) == {ADA: 2, BO: 1, CY: 1}


def test_an_older_view_is_neither_answered_nor_published(ledger: Ledger, acts: Acts) -> None:
    token = load(ledger, acts)
    answered(ledger, token, ACCEPT)
    with pytest.raises(UsageError, match="was changed since it was looked at; nothing was sent"):
        answer_draft(ledger, token, SKIP, revision=0, context=HERE)
    with pytest.raises(UsageError, match="was changed since it was looked at; nothing was sent"):
        publish_draft(ledger, token, revision=0, name=None, limit=None, context=HERE)
    assert ledger.read.runs.all() == []


def test_nothing_is_published_while_anything_is_open(ledger: Ledger, acts: Acts) -> None:
    token = load(ledger, acts)
    with pytest.raises(UnansweredError, match=r"1 rows \(repairs\) is not said; nothing was sent") as caught:
        publish(ledger, token)
    assert caught.value.argument == "repairs"
    assert len(caught.value.cures) > 0
    answered(ledger, token, replace(ACCEPT, max_calls=2))
    with pytest.raises(UnansweredError, match="would make 3 calls, and the limit is 2"):
        publish(ledger, token)
    with pytest.raises(UsageError, match="cannot be a run's name"):
        publish(ledger, token, name="a/b", limit=2)
    assert ledger.read.runs.all() == []
    assert publish(ledger, token, name="mine", limit=2) == "mine"


def test_a_published_draft_shows_its_run_whenever_it_is_asked(ledger: Ledger, acts: Acts) -> None:
    token = load(ledger, acts, ACCEPT)
    name = publish(ledger, token)
    assert name.startswith("visits-")
    assert publish(ledger, token, name="other") == name
    shown = look_at_draft(ledger, token)
    assert isinstance(shown, PublishedDraft)
    assert shown.run.name == name
    with pytest.raises(UsageError, match=f"published already, as run {name}"):
        answer_draft(ledger, token, SKIP, revision=0, context=HERE)


def test_the_same_sheet_started_by_another_process_is_told_and_not_run_twice(ledger: Ledger, acts: Acts) -> None:
    mine, theirs = load(ledger, acts, ACCEPT), load(ledger, acts, ACCEPT)
    name = publish(ledger, theirs)
    same = seen(ledger, mine).same
    assert same is not None
    assert same.name == name
    with pytest.raises(UsageError, match=f"was just started by another process as run '{name}'"):
        publish(ledger, mine)
    with pytest.raises(UsageError, match="there is a run called"):
        publish(ledger, load(ledger, acts, ACCEPT, again=True), name=name)


def test_an_expired_draft_says_so_in_one_line_with_the_cure(acts: Acts) -> None:
    later = Front(lambda: HERE.now() + timedelta(days=7), HERE.environment, HERE.wording)
    with opened_ledger(HERE) as now:
        assert isinstance(now, Ledger)
        token, published = load(now, acts, ACCEPT), load(now, acts, ACCEPT, again=True)
        publish(now, published)
        expires: datetime = seen(now, token).record.expires_at
    with opened_ledger(later) as ledger:
        why = f"this draft expired on {expires.date()}, and what was loaded is gone; nothing was sent; load it again"
        for _ in range(2):
            with pytest.raises(UsageError) as refused:
                look_at_draft(ledger, token)
            assert str(refused.value) == why
            expire_drafts(ledger)
        assert isinstance(look_at_draft(ledger, published), PublishedDraft)


def test_a_discarded_draft_and_one_that_never_was_are_told_alike(ledger: Ledger, acts: Acts) -> None:
    token = load(ledger, acts)
    discard_draft(ledger, token)
    for one in (token, "0" * 32):
        with pytest.raises(UsageError, match="there is no such draft"):
            look_at_draft(ledger, one)
        discard_draft(ledger, one)


def test_a_load_that_fails_leaves_no_draft(ledger: Ledger, acts: Acts) -> None:
    acts.sheet.write_text("Name,Phone\nAda,12\n", "utf-8")
    with pytest.raises(SheetError, match="not one of its 1 rows can be called"):
        load(ledger, acts)

    def interrupt(event: LoadEvent) -> None:
        if isinstance(event, RowsLoaded):
            raise KeyboardInterrupt

    acts.sheet.write_text(f"Name,Phone\nAda,{ADA}\n", "utf-8")
    run = sheet_run(acts.sheet, acts.template)
    with pytest.raises(KeyboardInterrupt):
        load_sheet_draft(ledger, run, choices=Choices(), answers=ACCEPT, context=HERE, on_event=interrupt)
    assert ledger.read.drafts.all() == []


def test_the_forecast_is_made_of_the_rows_in_the_ledger(ledger: Ledger, acts: Acts) -> None:
    hours = '[hours]\nfrom = 09:00:00\nuntil = 10:00:00\ntimezone = "Europe/London"\n'
    acts.template.write_text(acts.template.read_text("utf-8") + hours, "utf-8")
    draft = seen(ledger, load(ledger, acts, ACCEPT))
    assert outlook_of_draft(ledger, draft).forecast.most_calls == 3
    assert outlook_of_draft(ledger, draft, limit=2).forecast.most_calls == 2
    assert outlook_of_draft(ledger, draft).forecast.first is not None


TRIED = (
    "INSERT INTO attempt (row_id, number, run_id, service, phone, owner, body_sha256, claimed_at) "
    "SELECT sheet_row.id, 1, run.id, service, phone, 'o', '', '2026-01-01T00:00:00.000Z' "
    "FROM sheet_row JOIN run ON run.id = run_id"
)


def failed_run(ledger: Ledger, acts: Acts) -> str:
    """A run of which every row was refused."""
    acts.sheet.write_text(f"Name,Phone\nAda,{ADA}\nCy,{CY}\n", "utf-8")
    name = publish(ledger, load(ledger, acts, ACCEPT))
    ledger._writer.do(
        lambda c: [
            c.exec_driver_sql(statement)
            for statement in (
                "UPDATE sheet_row SET state = 'sending', attempts = 1",
                TRIED,
                "UPDATE attempt SET outcome = 'rejected', ended_at = '2026-01-01T00:00:01.000Z'",
                "UPDATE sheet_row SET state = 'rejected', reason = '400: no'",
            )
        ]
    )
    return name


def rerun_draft(ledger: Ledger, word: str) -> str:
    options = RerunOptions(narrow=Narrow(), template=None, region=None, allow_fictitious=False, dial=DIAL)
    return load_rerun_draft(ledger, target_of(ledger, word, choices=Choices()), options=options, context=HERE)


def ready(ledger: Ledger, token: str) -> ReadyRun:
    revision = look_at_draft(ledger, token).record.revision
    return ready_rerun_draft(ledger, token, revision=revision, options=DIAL, context=HERE)


def dial(run: ReadyRun) -> None:
    async def dialled() -> None:
        async with run.dial(stop=anyio.Event()) as dialing:
            async for _ in dialing.events:
                pass

    run_event_loop(dialled)


def test_a_rerun_is_loaded_looked_at_and_dialled_once(ledger: Ledger, acts: Acts) -> None:
    """A second launch of the same draft calls nobody a second time."""
    token = rerun_draft(ledger, failed_run(ledger, acts))
    draft = look_at_draft(ledger, token)
    assert isinstance(draft, RerunDraft)
    assert (draft.view.to_call, dict(draft.view.failed)) == (2, {"400: no": 2})
    assert acts.server.rings() == []
    for _ in range(2):
        dial(ready(ledger, token))
        assert Counter(acts.server.rings()) == {ADA: 1, CY: 1}
        assert isinstance(look_at_draft(ledger, token), PublishedDraft)


def test_a_reruns_draft_survives_its_ledger_and_asks_about_restored_numbers(acts: Acts) -> None:
    """The file that was corrected is not needed any more once it was looked at."""
    with opened_ledger(HERE) as ledger:
        assert isinstance(ledger, Ledger)
        name = failed_run(ledger, acts)
        results = acts.desk.folder / "results.csv"
        assert acts.desk("results", name, "-o", results).code == 0
        results.write_text(results.read_text("utf-8-sig").replace(CY, "2079460018", 1), "utf-8")
        token = rerun_draft(ledger, str(results))
        results.unlink()
    with opened_ledger(HERE) as ledger:
        draft = look_at_draft(ledger, token)
        assert isinstance(draft, RerunDraft)
        assert draft.view.corrected.first == ((3, "Phone"),)
        assert draft.repairs_open
        with pytest.raises(UnansweredError, match="1 numbers would be called as restored"):
            ready_rerun_draft(ledger, token, revision=0, options=DIAL, context=HERE)
        answer_draft(ledger, token, ACCEPT, revision=0, context=HERE)
        with pytest.raises(UsageError, match="was changed since it was looked at"):
            ready_rerun_draft(ledger, token, revision=0, options=DIAL, context=HERE)
        dial(ready_rerun_draft(ledger, token, revision=1, options=DIAL, context=HERE))
    assert Counter(acts.server.rings()) == {ADA: 1, BO: 1}


def test_a_sheets_draft_is_no_reruns_and_the_other_way_round(ledger: Ledger, acts: Acts) -> None:
    rerun = rerun_draft(ledger, failed_run(ledger, acts))
    sheet = load(ledger, acts, ACCEPT, again=True)
    with pytest.raises(UsageError, match="is published when that run is dialled"):
        publish(ledger, rerun)
    for token in (sheet, publish(ledger, sheet) and sheet):
        with pytest.raises(UsageError, match="is a sheet's"):
            ready(ledger, token)


def test_a_rerun_on_the_command_line_leaves_no_draft_when_it_is_not_agreed_to(ledger: Ledger, acts: Acts) -> None:
    name = failed_run(ledger, acts)
    assert acts.desk("rerun", name).code == 2
    assert ledger.read.drafts.all() == []
    assert acts.desk("rerun", name, "--yes").code == 0
    assert Counter(acts.server.rings()) == {ADA: 1, CY: 1}
