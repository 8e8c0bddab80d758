"""An upload is whole or not there, is its owner's alone, and leaves nothing behind."""

import hashlib
import io
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from campaign.domain.errors import LedgerError, UsageError
from campaign.intake.files.uploads import received, remove_unknown
from campaign.ledger.records.drafts import DraftState
from campaign.ledger.store import Ledger, open_ledger
from campaign.usecases.ending.forget import candidate, forget_run, left_elsewhere
from campaign.usecases.serving.uploads import (
    Overtaken,
    UploadRecord,
    change_upload,
    discard_upload,
    expire_uploads,
    find_upload,
    keep_upload,
    path_of,
    shown_name,
    uploads_of,
)
from tests.engine.virtual import plan
from tests.ledger.backend import ADA, Clock, draft, load, people
from tests.loading import begun, published

ROOT = Path(__file__).parents[3]
CONTENT = b"Name,Phone\nAda,+12025550101\n"
WEEK = timedelta(days=7)


def keep(ledger: Ledger, content: bytes = CONTENT, *, name: str = "people.csv", owner: str = "ada") -> UploadRecord:
    return keep_upload(ledger, [content[:5], content[5:]], name=name, owner=owner, most_bytes=1000)


def files(ledger: Ledger) -> list[str]:
    folder = ledger.home / "uploads"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_an_upload_is_kept_whole_under_a_name_of_ours(ledger: Ledger) -> None:
    kept = keep(ledger, name="Patients of Dr. Who.CSV")
    path = path_of(ledger, kept)
    assert path.read_bytes() == CONTENT
    assert path.name == f"{kept.token}.csv"
    assert (kept.name, kept.size) == ("Patients of Dr. Who.CSV", len(CONTENT))
    assert kept.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert find_upload(ledger, kept.token) == kept
    assert len(kept.token) == 32


def test_nobody_else_on_the_machine_can_read_an_upload(ledger: Ledger) -> None:
    path = path_of(ledger, keep(ledger))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_is_read_as_chunks_are(ledger: Ledger) -> None:
    kept = keep_upload(ledger, io.BytesIO(CONTENT), name="x.xlsx", owner="ada", most_bytes=len(CONTENT))
    assert path_of(ledger, kept).read_bytes() == CONTENT


def test_what_is_too_large_is_refused_as_soon_as_it_is_and_leaves_nothing(ledger: Ledger) -> None:
    read = list[int]()

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1)
            yield b"x" * 100

    with pytest.raises(UsageError, match="larger than 1,000 bytes; nothing was kept of it"):
        keep_upload(ledger, endless(), name="x.csv", owner="ada", most_bytes=1000)
    assert len(read) == 11
    with pytest.raises(UsageError, match="larger than 2 MB"):
        keep_upload(ledger, [b"x" * 2_000_001], name="x.csv", owner="ada", most_bytes=2_000_000)
    assert (files(ledger), uploads_of(ledger)) == ([], [])


def test_an_empty_file_is_refused(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="empty"):
        keep(ledger, b"")
    assert (files(ledger), uploads_of(ledger)) == ([], [])


class CutOffError(OSError):
    """The sender is gone."""


def test_a_body_that_is_cut_off_leaves_nothing(ledger: Ledger) -> None:
    def cut() -> Iterator[bytes]:
        yield CONTENT
        raise CutOffError

    with pytest.raises(CutOffError):
        keep_upload(ledger, cut(), name="x.csv", owner="ada", most_bytes=1000)
    assert (files(ledger), uploads_of(ledger)) == ([], [])


def test_what_cannot_be_recorded_leaves_nothing(ledger: Ledger) -> None:
    """A full ledger must not fill the folder beside it as well."""
    path = ledger.home / "uploads" / f"{'a' * 32}.csv"

    def record() -> None:
        with received(path, [CONTENT], most_bytes=1000) as file:
            assert file.path.read_bytes() == CONTENT
            raise LedgerError("not written")

    with pytest.raises(LedgerError, match="not written"):
        record()
    assert files(ledger) == []


def test_a_file_whose_record_comes_in_the_last_moment_stays(ledger: Ledger) -> None:
    """Asked a second time under its lock: its receiver records it first, and unlocks it then."""
    kept, answers = keep(ledger), iter([False, True])
    assert remove_unknown(path_of(ledger, kept).parent, is_known=lambda _name: next(answers)) == []
    assert files(ledger) == [kept.file]


def test_a_full_disk_is_told_and_leaves_nothing(home: Path) -> None:
    ended = keep_and_die(home, "full")
    assert ended.returncode == 0, ended.stderr
    assert "cannot be stored (File too large); nothing was kept of it; free some space" in ended.stdout
    assert list((home / "uploads").iterdir()) == []


def test_a_disk_that_does_not_take_it_is_told_in_one_line(ledger: Ledger) -> None:
    (ledger.home / "uploads").write_text("in the way")
    with pytest.raises(LedgerError, match=r"cannot be stored .*; nothing was kept of it; free some space") as refused:
        keep(ledger)
    assert "\n" not in str(refused.value)
    assert uploads_of(ledger) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("people.csv", "people.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\Desktop\\people.xlsx", "people.xlsx"),
        ("/", "sheet"),
        ("..", "sheet"),
        ("", "sheet"),
        ("a\x1b[2J\u202egpj\r\n.csv", "a[2Jgpj.csv"),
        ("Ärzte 2026.xlsx", "Ärzte 2026.xlsx"),
        (f"{'x' * 300}.xlsx", f"{'x' * 195}.xlsx"),
        ("x" * 300, "x" * 200),
        (f"x.{'y' * 300}", f"x.{'y' * 198}"),
        ("\udc80.csv", ".csv"),
    ],
)
def test_a_name_is_shown_without_its_path_and_without_what_cannot_be_seen(name: str, shown: str) -> None:
    assert shown_name(name) == shown


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("x.XLSX", ".xlsx"),
        ("x.exe", ""),
        ("x", ""),
        ("x.csv/../y.ods", ".ods"),
        ("x.csv.sh", ""),
        ("x.xl\0sx", ".xlsx"),
    ],
)
def test_only_the_suffix_of_a_known_sheet_is_kept(ledger: Ledger, name: str, suffix: str) -> None:
    kept = keep(ledger, name=name)
    assert kept.file == kept.token + suffix


def test_the_second_of_two_changes_sees_the_first(ledger: Ledger) -> None:
    kept = keep(ledger)
    first = change_upload(ledger, kept, settings='{"region": "US"}')
    assert isinstance(first, UploadRecord)
    assert change_upload(ledger, kept, settings='{"region": "DE"}') == Overtaken(first)


def test_a_discarded_upload_takes_its_draft_with_it(ledger: Ledger) -> None:
    loading = begun(ledger, draft(), people(ADA))
    kept = change_upload(ledger, keep(ledger), draft_token=loading.token)
    assert isinstance(kept, UploadRecord)
    discard_upload(ledger, kept)
    discard_upload(ledger, kept)
    assert (files(ledger), uploads_of(ledger)) == ([], [])
    assert ledger.read.drafts.find(loading.token) is None


def test_an_upload_that_became_a_run_is_discarded_without_it(ledger: Ledger) -> None:
    """The rows are the run's; an old address still finds the draft, and by it the run."""
    loading = begun(ledger, draft(), people(ADA))
    kept = change_upload(ledger, keep(ledger), draft_token=loading.token)
    assert isinstance(kept, UploadRecord)
    published(ledger, loading, name="december")
    discard_upload(ledger, kept)
    assert files(ledger) == []
    gone = find_upload(ledger, kept.token)
    assert gone is not None
    left = ledger.read.drafts.find(gone.draft_token or "")
    assert left is not None
    assert (left.state, left.published_as) == (DraftState.PUBLISHED, "december")


def test_after_its_week_an_upload_is_gone_and_a_younger_one_is_not(ledger: Ledger, clock: Clock) -> None:
    old = keep(ledger)
    clock.passes(WEEK / 2)
    young = keep(ledger)
    assert expire_uploads(ledger) == 0
    clock.passes(WEEK / 2)
    assert expire_uploads(ledger) == 1
    assert files(ledger) == [young.file]
    assert not path_of(ledger, old).exists()


def test_another_upload_removes_those_whose_week_is_over(ledger: Ledger, clock: Clock) -> None:
    """A server may run for months: what is promised for a week is kept by whoever comes next."""
    old = keep(ledger)
    clock.passes(WEEK)
    young = keep(ledger)
    assert files(ledger) == [young.file]
    assert not path_of(ledger, old).exists()


def test_only_files_of_uploads_are_removed(ledger: Ledger) -> None:
    """Somebody may have put a note beside them, or linked the folder's files elsewhere."""
    kept, outside = keep(ledger), ledger.home / "ledger.db"
    folder = path_of(ledger, kept).parent
    (folder / "README").write_text("mine")
    (folder / f"{'a' * 32}.csv").symlink_to(outside)
    (folder / ("b" * 32)).mkdir()
    (folder / f"{'c' * 32}.csv").write_bytes(b"left")
    assert expire_uploads(ledger) == 1
    assert files(ledger) == sorted([kept.file, "README", f"{'a' * 32}.csv", "b" * 32])
    assert outside.exists()


@pytest.mark.parametrize("moment", ["chunk", "record", "recorded"])
def test_a_killed_upload_leaves_nothing_that_expiry_does_not_remove(home: Path, moment: str, clock: Clock) -> None:
    """People's data without an owner, for ever, if it did."""
    ended = keep_and_die(home, moment)
    assert ended.returncode == -9, ended.stderr
    with open_ledger(home, now=clock) as ledger:
        assert len(files(ledger)) == 1, "there is something to be removed"
        recorded = uploads_of(ledger)
        assert [one.file for one in recorded] == (files(ledger) if moment == "recorded" else [])
        clock.at += timedelta(days=365_0)
        assert expire_uploads(ledger) == 1
        assert (files(ledger), uploads_of(ledger)) == ([], [])


def keep_and_die(home: Path, moment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.usecases.serving.keep_then_die", str(home), moment]
    return subprocess.run(command, cwd=ROOT, check=False, timeout=60, capture_output=True, text=True)


def test_an_upload_on_its_way_is_not_taken_for_one_that_was_left(ledger: Ledger) -> None:
    """Expiry runs at every start of a server, while another one receives."""
    begun_to_send, go_on, kept = threading.Event(), threading.Event(), list[UploadRecord]()

    def slow() -> Iterator[bytes]:
        yield CONTENT
        begun_to_send.set()
        assert go_on.wait(60)
        yield CONTENT

    def receive() -> None:
        kept.append(keep_upload(ledger, slow(), name="x.csv", owner="ada", most_bytes=1000))

    receiving = threading.Thread(target=receive)
    receiving.start()
    assert begun_to_send.wait(60)
    assert len(files(ledger)) == 1
    assert expire_uploads(ledger) == 0
    go_on.set()
    receiving.join(60)
    assert files(ledger) == [kept[0].file]
    assert expire_uploads(ledger) == 0


def test_whose_run_is_forgotten_is_in_no_uploaded_file_either(ledger: Ledger) -> None:
    """Of the run's own upload, and of one of the same content that still waits; other people's stay."""
    loading = begun(ledger, replace(draft(), plan=plan().model_dump_json()), people(ADA))
    kept, twin, other = keep(ledger), keep(ledger, owner="bob"), keep(ledger, b"Name,Phone\nBob,x\n")
    change_upload(ledger, kept, draft_token=loading.token)
    ready = published(ledger, loading, name="december")
    assert ready.by_this_draft
    forget_run(ledger, candidate(ledger, "december"), unfinished=True)
    assert files(ledger) == [other.file]
    assert [one.token for one in uploads_of(ledger)] == [other.token]
    gone = find_upload(ledger, twin.token)
    assert gone is not None
    assert (gone.name, gone.sha256) == ("", "")


def test_a_forgetting_that_was_killed_before_the_file_is_made_good_by_the_next(ledger: Ledger) -> None:
    loading = begun(ledger, draft(), people(ADA))
    kept = keep(ledger)
    change_upload(ledger, kept, draft_token=loading.token)
    published(ledger, loading, name="december")
    one = candidate(ledger, "december")
    with ledger.hold(one.record, call_again_after=timedelta(0)):
        ledger.forget(one.record, drop_waiting=True)
    assert files(ledger) == [kept.file]
    assert forget_run(ledger, candidate(ledger, "december"), unfinished=True) == 0
    assert files(ledger) == []


def test_other_uploads_are_named_to_who_forgets_a_run(ledger: Ledger) -> None:
    """Their content is not known to be other people's."""
    record = load(ledger, people(ADA))
    kept = keep(ledger)
    assert left_elsewhere(ledger, [record]) == [path_of(ledger, kept)]
