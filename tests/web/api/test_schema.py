"""The OpenAPI document against a real server: no answer that it does not allow, and no fault of the server."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.web.conftest import SHEET
from tests.web.serving import served

_CONFIG = """
[checks.positive_data_acceptance]
# What a sheet holds, whether a number is one, or a question is open: no schema can say that.
expected-statuses = ["2xx", "401", "403", "404", "409", "422"]
"""
_KNOWN = """
[parameters]
"path.run" = "{run}"
"""


def tried(folder: Path, *, phases: str, examples: int, known: bool) -> None:
    """Lets schemathesis try all operations, of a run that is there (`known`) or of made-up ones."""
    with served(folder) as (address, environment):
        token = subprocess.run(
            [sys.executable, "-m", "campaign", "token", "add", "crm", "--role", "operator"],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout.split()[-1]
        authorization = f"Bearer {token}"
        run = httpx.post(
            f"{address}/api/v1/runs",
            data={"template": "visit", "sandbox": "true"},
            files={"sheet": ("people.csv", SHEET.encode())},
            headers={"authorization": authorization, "idempotency-key": "first"},
            timeout=60,
        ).json()["name"]
        config = folder / "schemathesis.toml"
        config.write_text(_CONFIG + (_KNOWN.format(run=run) if known else ""))
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
        command += [f"{address}/api/v1/openapi.json", "--header", f"Authorization: {authorization}", "--phases", phases]
        command += ["--max-examples", str(examples), "--generation-database", "none"]
        ended = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, env=dict(os.environ), check=False, timeout=560
        )
        assert ended.returncode == 0, ended.stdout[-6_000:] + ended.stderr[-2_000:]
        assert "17" in ended.stdout


def test_the_edges_of_every_operation_are_answered_as_the_document_says(tmp_path: Path) -> None:
    tried(tmp_path, phases="coverage", examples=1, known=True)


@pytest.mark.nightly
@pytest.mark.timeout(600)
@pytest.mark.parametrize("known", [False, True])
def test_nothing_that_is_made_up_finds_a_fault(tmp_path: Path, *, known: bool) -> None:
    tried(tmp_path, phases="coverage,fuzzing,stateful", examples=20, known=known)
