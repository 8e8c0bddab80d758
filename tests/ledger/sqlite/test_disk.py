"""A ledger belongs on this machine's own disk."""

from pathlib import Path

import pytest

from campaign.domain.errors import LedgerError
from campaign.ledger.sqlite.disk import file_system_of, refuse_network_disk
from campaign.ledger.sqlite.engine import open_engines

MOUNTS = r"""22 1 254:1 / / rw,relatime - ext4 /dev/vda rw
30 22 0:26 / /home rw - nfs4 server:/home rw
31 30 254:2 / /home/ada/local rw - xfs /dev/vdb rw
32 22 0:40 / /mnt/two\040words rw master:1 - cifs //host/share rw
33 22 0:41 / /over rw - nfs4 server:/over rw
34 22 254:3 / /over rw - ext4 /dev/vdc rw
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/campaign", "ext4"),
        ("/home/ada", "nfs4"),
        ("/home/ada/local/campaign", "xfs"),
        ("/homely", "ext4"),
        ("/mnt/two words/x", "cifs"),
        ("/over/there", "ext4"),
    ],
)
def test_the_innermost_and_latest_mount_holds_a_path(path: str, kind: str) -> None:
    assert file_system_of(Path(path), MOUNTS) == kind


def test_a_network_disk_is_refused_before_anything_is_written_there(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"22 1 0:1 / / rw - ext4 /dev/vda rw\n23 22 0:2 / {tmp_path} rw - nfs4 server:/x rw\n")
    home = tmp_path / "home"
    with pytest.raises(LedgerError, match=r"network disk \(nfs4\).*CAMPAIGN_HOME"):
        open_engines(home, mounts=mounts)
    assert not home.exists()


def test_a_system_that_does_not_say_is_taken_at_its_word(tmp_path: Path) -> None:
    refuse_network_disk(tmp_path, mounts=tmp_path / "there is none")
