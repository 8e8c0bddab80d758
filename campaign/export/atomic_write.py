"""Atomic write: replaces a whole file at once; a reader sees the old file or the new one, never half of one.

chunks -> .results-XXXX.tmp, 0600, locked -> fsync -> rename over the target -> fsync of the folder
                                             `- it will not go there: <stem>-1<suffix>, -2, ...
"""

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from campaign.domain.errors import UsageError
from campaign.export.overwrite_guard import because, occupied_by, refuse_foreign, shown
from campaign.export.results_disk import LOCAL_DISK, Disk, remove_abandoned, still_locked

_MOST_NAMES = 1000


def write_whole(path: Path, *, chunks: Iterable[str | bytes], disk: Disk = LOCAL_DISK) -> Path:
    """As `replace_whole`, for a command that does nothing else: an obstacle raises.

    Raises:
        UsageError: something else stands there, or the file cannot be written; what was there still is.
    """
    refuse_foreign(path, disk=disk)
    try:
        return replace_whole(path, chunks=chunks, disk=disk)
    except OSError as error:
        raise UsageError(f"results file {shown(path)}: {because(error)}; free the disk or name another file") from error


def replace_whole(path: Path, *, chunks: Iterable[str | bytes], disk: Disk = LOCAL_DISK) -> Path:
    """Writes the chunks to the file at `path`, or beside it if the existing file cannot or must not be replaced.

    Returns:
        The path really written.

    Raises:
        OSError: nothing was written; what was there still is.
    """
    remove_abandoned(path.parent)
    descriptor, temporary = disk.create_temporary(path.parent)
    try:
        with still_locked(descriptor):
            _write(descriptor, chunks, disk=disk)
            written = _moved(temporary, path, disk=disk)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(written.parent, disk=disk)
    return written


def elsewhere(asked: Path, *, written: Path) -> str | None:
    """One line for the user if the file was written beside the requested path."""
    if asked == written:
        return None
    return f"{shown(asked)} could not be replaced (is it open in another program?): the results are in {shown(written)}"


def encoded(text: str) -> bytes:
    r"""The text as UTF-8; a lone surrogate becomes `\ud83d`, so that one bad cell does not cost the whole file."""
    return text.encode("utf-8", errors="backslashreplace")


def _write(descriptor: int, chunks: Iterable[str | bytes], *, disk: Disk) -> None:
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks:
            file.write(chunk if isinstance(chunk, bytes) else encoded(chunk))
        file.flush()
        disk.sync(file.fileno())


def _moved(temporary: Path, path: Path, *, disk: Disk) -> Path:
    # Looked at again here: minutes may lie between the first look and this one.
    if occupied_by(path) is None:
        try:
            disk.replace(temporary, path)
        except OSError:  # Windows: another program holds it. If the folder is gone, the next name fails as well.
            pass
        else:
            return path
    beside = _reserved(path)
    try:
        disk.replace(temporary, beside)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _reserved(path: Path) -> Path:
    # Created, not looked for: between a look and a rename another process could put its file there.
    for number in range(1, _MOST_NAMES):
        beside = path.with_stem(f"{path.stem}-{number}")
        try:
            os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        return beside
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def _sync_folder(folder: Path, *, disk: Disk) -> None:
    if os.name != "posix":  # Windows cannot open a folder; its rename is journaled.
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            disk.sync(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        # Some network disks refuse. The file is in place; only a power cut now could bring the old one back.
        return
