"""The pictures of the page are small, and the script that takes them still finds its way."""

import shutil
from pathlib import Path

import pytest

from tests.docs.making.page_pictures import FOLDER, take_all

MOST_BYTES = 150_000
PNG = b"\x89PNG"


def test_each_picture_is_small_enough_to_load_at_once() -> None:
    sizes = {path.name: path.stat().st_size for path in FOLDER.iterdir()}
    assert len(sizes) == 5
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}


@pytest.mark.nightly
def test_the_pictures_can_be_taken_anew(tmp_path: Path) -> None:
    """Not compared: fonts differ. Taken by: python -m tests.docs.making.page_pictures."""
    if shutil.which("chromium") is None:
        pytest.skip("chromium is not installed")
    take_all(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in FOLDER.iterdir()}
    assert all(path.read_bytes().startswith(PNG) for path in tmp_path.iterdir())
