"""Uploads: of two people who change one at once the second is refused, and nothing of a removed one is left."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign.domain.errors import LedgerError
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.serving import NewUpload, Overtaken, UploadRecord
from campaign.ledger.store import Ledger
from tests.ledger.backend import ADA, BOB, Backend, draft, hold, named, people
from tests.loading import begun, published

WEEK = timedelta(days=7)
SHA = "5" * 64


def new(number: int = 1, *, owner: str = "ada", sha256: str = SHA) -> NewUpload:
    token = f"{number:032x}"
    return NewUpload(token, owner, "people.csv", f"{token}.csv", 120, sha256, settings='{"region": "US"}')


def found(ledger: Ledger, record: UploadRecord) -> UploadRecord:
    there = ledger.serving.uploads.find(record.token)
    assert there is not None
    return there


def test_an_upload_is_found_as_it_was_added(backend: Backend) -> None:
    with backend.open() as ledger:
        added = ledger.serving.uploads.add(new())
        assert found(ledger, added) == added
        assert added.expires_at - added.created_at == WEEK
        assert (added.owner, added.name, added.size, added.revision, added.draft_token) == (
            "ada",
            "people.csv",
            120,
            0,
            None,
        )
        assert ledger.serving.uploads.find("0" * 32) is None


def test_the_newest_uploads_stand_first_and_each_owner_sees_their_own(backend: Backend) -> None:
    with backend.open() as ledger:
        uploads = ledger.serving.uploads
        first, second, other = uploads.add(new(1)), uploads.add(new(2)), uploads.add(new(3, owner="bob"))
        assert uploads.all() == [other, second, first]
        assert uploads.all(owner="ada") == [second, first]
        uploads.remove(second.token)
        assert uploads.all(owner="ada") == [first]


def test_of_two_who_change_one_upload_the_second_is_refused_and_sees_the_firsts(backend: Backend) -> None:
    """Two processes that have both read it: what the first chose must not be lost without a word."""
    with backend.open() as ledger, backend.open() as other:
        added = ledger.serving.uploads.add(new())
        first = ledger.serving.uploads.change(added, settings='{"region": "DE"}')
        second = other.serving.uploads.change(added, settings='{"region": "FR"}', draft_token="d")
        assert isinstance(first, UploadRecord)
        assert second == Overtaken(first)
        assert found(other, added) == first
        assert (first.settings, first.draft_token, first.revision) == ('{"region": "DE"}', None, 1)


def test_a_change_leaves_alone_what_it_does_not_name(backend: Backend) -> None:
    with backend.open() as ledger:
        uploads = ledger.serving.uploads
        added = uploads.add(new())
        failed = uploads.change(added, failure='{"code": "no_header"}')
        assert failed == replace(added, revision=1, failure='{"code": "no_header"}')
        assert isinstance(failed, UploadRecord)
        loaded = uploads.change(failed, draft_token="d", failure=None)
        assert loaded == replace(added, revision=2, draft_token="d")


def test_of_a_removed_upload_nothing_that_was_said_of_its_cells_is_left(backend: Backend) -> None:
    """Its token still tells where its draft went."""
    with backend.open() as ledger:
        uploads = ledger.serving.uploads
        changed = uploads.change(uploads.add(new()), draft_token="d", failure='{"cell": "Ada"}')
        assert isinstance(changed, UploadRecord)
        assert uploads.remove(changed.token) == changed.file
        assert uploads.remove(changed.token) is None
        gone = found(ledger, changed)
        assert (gone.settings, gone.failure, gone.draft_token) == ("{}", None, "d")
        assert gone.removed_at == backend.clock.at
        assert uploads.change(changed, settings='{"again": 1}') == Overtaken(gone)


def test_a_change_of_an_upload_that_never_was_is_an_error(backend: Backend) -> None:
    with backend.open() as ledger:
        added = ledger.serving.uploads.add(new())
        backend.tamper("DELETE FROM upload")
        with pytest.raises(LedgerError, match="not in the ledger any more"):
            ledger.serving.uploads.change(added, settings="{}")


def test_an_upload_expires_after_its_week_and_names_its_file_once(backend: Backend) -> None:
    with backend.open() as ledger:
        uploads = ledger.serving.uploads
        old = uploads.add(new(1))
        backend.clock.passes(WEEK - timedelta(seconds=1))
        young = uploads.add(new(2))
        assert uploads.expire() == []
        backend.clock.passes(timedelta(seconds=1))
        assert uploads.expire() == [old.file]
        assert uploads.expire() == []
        assert uploads.all() == [young]


def became(ledger: Ledger, upload: UploadRecord, *, name: str = "december", phone: str = ADA) -> RunRecord:
    """The run that an upload's draft was published as."""
    loading = begun(ledger, draft(), people(phone))
    assert isinstance(ledger.serving.uploads.change(upload, draft_token=loading.token), UploadRecord)
    assert published(ledger, loading, content=name, name=name).by_this_draft
    return named(ledger, name)


def test_an_upload_that_became_a_run_keeps_no_file(backend: Backend) -> None:
    """The ledger has its rows, and results are made from them; one that was only loaded still waits."""
    with backend.open() as ledger:
        uploads = ledger.serving.uploads
        run, waiting = uploads.add(new(1)), uploads.add(new(2))
        became(ledger, run)
        loading = begun(ledger, draft(), people(BOB))
        uploads.change(waiting, draft_token=loading.token)
        assert uploads.expire() == [run.file]
        assert [one.token for one in uploads.all()] == [waiting.token]


def test_who_is_erased_is_in_no_upload_either(backend: Backend) -> None:
    """Of the upload that became the run, and of every other one of the same content; of no other."""
    with backend.open() as ledger:
        uploads = ledger.serving.uploads
        first, twin, other = uploads.add(new(1)), uploads.add(new(2)), uploads.add(new(3, sha256="6" * 64))
        record = became(ledger, first)
        uploads.expire()
        became(ledger, other, name="other", phone=BOB)
        with hold(ledger, record):
            ledger.forget(record, drop_waiting=True)
        for one in (first, twin):
            gone = found(ledger, one)
            assert (gone.name, gone.sha256, gone.settings) == ("", "", "{}")
            assert gone.removed_at is not None
        kept = found(ledger, other)
        assert (kept.name, kept.sha256, kept.removed_at) == ("people.csv", "6" * 64, None)
