"""The examples of the API start a run at a real server, in the sandbox, and name what the API knows."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from campaign.web.api.operations import OPERATIONS
from campaign.web.api.start_form import FORM
from tests.docs.blocks import ROOT
from tests.web.serving import served

EXAMPLES = ROOT / "docs" / "examples"
SHEET = "name,phone,appointment\nAda Example,+1 202 555 0110,nine\nBo Example,+1 202 555 0111,ten\n"
MARKED = SHEET.replace("Bo Example", "Bo Example DO NOT CALL")
START = next(one for one in OPERATIONS if one.name == "startRun")


def typed(*words: str | Path, environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in environment.items() if not name.lower().endswith("_proxy")}
    command = [sys.executable, *map(str, words)]
    return subprocess.run(command, env=kept, cwd=ROOT, capture_output=True, text=True, check=False, timeout=90)


def test_the_example_in_python_starts_a_run_once_and_tells_what_is_asked(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(SHEET, encoding="utf-8")
    (tmp_path / "marked.csv").write_text(MARKED, encoding="utf-8")
    with served(tmp_path) as (address, environment):
        token = typed("-m", "campaign", "token", "add", "crm", "--role", "operator", environment=environment).stdout
        given = {**os.environ, "CAMPAIGN_URL": address, "CAMPAIGN_TOKEN": token.strip()}
        first, again, asked = (
            typed(EXAMPLES / "start_run.py", tmp_path / name, "visit.toml", environment=given)
            for name in ("people.csv", "people.csv", "marked.csv")
        )
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines()[0].endswith("{'created': 2}")
    assert [line.split()[:2] for line in first.stdout.splitlines()[1:]] == [["2", "created"], ["3", "created"]]
    assert again.stdout == first.stdout
    assert (asked.returncode, asked.stdout) == (1, "")
    assert "answers.marked (skip|call)" in asked.stderr


def test_the_workflow_of_n8n_sends_what_the_api_wants() -> None:
    """n8n itself is not started: its names of fields are taken on trust, the API's are held."""
    flow = json.loads((EXAMPLES / "n8n_start_run.json").read_text("utf-8"))
    nodes: dict[str, dict[str, Any]] = {node["name"]: node for node in flow["nodes"]}
    (request,) = [node for node in nodes.values() if node["type"] == "n8n-nodes-base.httpRequest"]
    sent = request["parameters"]
    assert (sent["method"], sent["url"].partition("/api/v1")[2]) == (START.method, START.path)
    assert (sent["authentication"], sent["contentType"]) == ("genericCredentialType", "multipart-form-data")
    assert [one["name"] for one in sent["headerParameters"]["parameters"]] == ["Idempotency-Key"]
    fields = {one["name"]: one for one in sent["bodyParameters"]["parameters"]}
    assert set(FORM["required"]) <= set(fields) <= set(FORM["properties"])
    assert fields["sandbox"]["value"] == "true"
    linked = {found["node"] for one in flow["connections"].values() for outputs in one["main"] for found in outputs}
    assert {*flow["connections"], *linked} == set(nodes)
