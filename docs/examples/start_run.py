"""Starts a run over the API of `campaign serve`, waits until everybody is called, and prints what became of each row.

CAMPAIGN_URL=http://127.0.0.1:8737 CAMPAIGN_TOKEN=cmp_... python start_run.py people.csv visits.toml
"""

import os
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

WAITS_SECONDS = (0, 2, 5, 15)
LOOK_EVERY_SECONDS = 2
OVER = ("ended", "stopped", "failed")
LATER = (httpx.codes.CONFLICT, httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE)


def start(api: httpx.Client, sheet: Path, template: str) -> dict[str, Any]:
    """Starts the run. Sent again under the same key it is the same run: a lost answer calls nobody twice."""
    cells = sheet.read_bytes()
    key = sha256(cells + template.encode()).hexdigest()
    for wait in WAITS_SECONDS:
        time.sleep(wait)
        try:
            answer = api.post(
                "/runs",
                headers={"Idempotency-Key": key},
                files={"sheet": (sheet.name, cells)},
                data={"template": template, "sandbox": "true"},  # call_people=true rings their phones
            )
        except httpx.TransportError:
            continue
        if answer.status_code in LATER and answer.json()["code"] != "same_sheet":
            continue
        if answer.is_success:
            return dict(answer.json())
        sys.exit(refused(answer.json()))
    sys.exit("the server did not answer; start this again, nobody is called twice")


def refused(problem: dict[str, Any]) -> str:
    """A problem document as lines for a person: what it is, and what would have to be answered."""
    asked = [f"  {one['answer']} ({'|'.join(one['values'])}): {one['text']}" for one in problem.get("questions", ())]
    return "\n".join([problem["detail"], *problem.get("cures", ()), *asked])


def wait_for(api: httpx.Client, run: dict[str, Any]) -> dict[str, Any]:
    """Waits until no row is pending, or the run has stopped."""
    while run["counts"].get("pending") and run["dialling"]["phase"] not in OVER:
        time.sleep(LOOK_EVERY_SECONDS)
        run = api.get(f"/runs/{run['name']}").raise_for_status().json()
    return run


def rows_of(api: httpx.Client, name: str) -> Iterator[dict[str, Any]]:
    """All rows of a run, page by page."""
    after: int | None = 0
    while after is not None:
        page = api.get(f"/runs/{name}/rows", params={"after": after, "limit": 500}).raise_for_status().json()
        yield from page["rows"]
        after = page["next"]


def main(sheet: str, template: str) -> None:
    """Starts, waits, prints."""
    token = {"Authorization": f"Bearer {os.environ['CAMPAIGN_TOKEN']}"}
    with httpx.Client(base_url=f"{os.environ['CAMPAIGN_URL']}/api/v1", headers=token, timeout=60) as api:
        run = wait_for(api, start(api, Path(sheet), template))
        print(run["name"], run["counts"])
        for row in rows_of(api, run["name"]):
            print(row["row"], row["status"], row["call_id"] or row["reason"])


if __name__ == "__main__":
    main(*sys.argv[1:])
