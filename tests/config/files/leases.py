"""Disks with leases: what sees a writer of a file can be tested on no other."""

import os
from pathlib import Path

import pytest

from campaign.config.files.quiet import look_at


def needs_leases(path: Path) -> None:
    """Skips a test on a disk without leases; in CI that is a failure, since it would be tested nowhere."""
    if look_at(path).held is None:
        assert not os.environ.get("CI"), f"no leases on the disk of {path}: run the tests with TMPDIR on a local one"
        pytest.skip("no leases on this disk")
