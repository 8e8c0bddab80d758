"""Help must come at once: it may not pay for pandas, SQLAlchemy or anything else that a run needs."""

import subprocess
import sys

import pytest

from campaign.cli.main import _VERBS
from tests.cli.conftest import ROOT, Desk

HEAVY = ("pandas", "numpy", "sqlalchemy", "httpx", "pydantic", "phonenumbers", "anyio", "tqdm")


@pytest.mark.parametrize("words", [(), *((verb,) for verb in _VERBS)], ids=str)
def test_help_loads_nothing_heavy(words: tuple[str, ...]) -> None:
    """Those eight cost a second; help is asked for again and again."""
    program = (
        "import sys\nfrom campaign.cli.main import exit_code\n"
        f"code = exit_code({[*words, '--help']!r})\n"
        f"print('LOADED', code, *[m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "LOADED 0"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_offered(desk: Desk, shell: str) -> None:
    ended = desk("completion", shell)
    assert ended.code == 0
    assert "_CAMPAIGN_COMPLETE" in ended.out


def test_a_bare_campaign_shows_its_help(desk: Desk) -> None:
    ended = desk()
    assert "Verbs:" in ended.out + ended.err
