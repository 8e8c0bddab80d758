"""The documentation builds into a site, strictly: every page is in its menu, every link leads somewhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT

SETTINGS = ROOT / ".ci" / "mkdocs.yml"


def build(settings: Path, out: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(settings), "-d", str(out)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_the_site_builds_strictly_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    done = build(SETTINGS, tmp_path / "site")
    assert done.returncode == 0, done.stdout + done.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 30
    loads = [page.name for page in pages if 'src="http' in page.read_text("utf-8")]
    assert loads == []


@pytest.mark.nightly
@pytest.mark.parametrize("planted", ["[gone](gone.md)", "[gone](faq.md#gone)"])
def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path, planted: str) -> None:
    """The check itself: one that only warns would be read by nobody."""
    pages = tmp_path / "docs"
    pages.mkdir()
    (pages / "index.md").write_text(f"# One\n\n{planted}\n", encoding="utf-8")
    (pages / "faq.md").write_text("# Two\n", encoding="utf-8")
    text = SETTINGS.read_text("utf-8").partition("\nnav:")[0].replace("docs_dir: ../docs", f"docs_dir: {pages}")
    (tmp_path / "mkdocs.yml").write_text(text, encoding="utf-8")
    assert build(tmp_path / "mkdocs.yml", tmp_path / "site").returncode != 0
