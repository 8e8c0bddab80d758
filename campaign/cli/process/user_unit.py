"""User unit: a run goes on in the background as a transient unit of systemd's manager of this user, or not at all."""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from campaign.domain.errors import CampaignError, UsageError

KEY_VARIABLE = "AICALLER_API_KEY"
_PASSED_ON = ("AICALLER_", "CAMPAIGN_", "LC_", "XDG_")
_SECRETS = (KEY_VARIABLE, "AICALLER_WEBHOOK_SECRET")
_ALSO = ("HOME", "LANG", "PATH", "PYTHONPATH", "TZ")
_WAITS_SECONDS = 15.0
_STARTS = {"running", "degraded", "starting", "initializing", "maintenance"}
"""What systemd says of a manager that takes units."""


class NotStartedError(CampaignError):
    """The manager of this user's units did not take the unit: the run waits in the ledger."""

    exit_code = 5


@dataclass(frozen=True, slots=True)
class Begun:
    """A unit that has started.

    Attributes:
        ends_at_logout: whether this user's units end with their last session.
    """

    unit: str
    ends_at_logout: bool


def refuse_background(environment: Mapping[str, str], *, foreground: Sequence[str]) -> None:
    """Refuses a run in the background where it could not go on; before anything is asked or stored.

    Args:
        environment: the process's.
        foreground: the words of the same command without the background, for a person who starts it otherwise.

    Raises:
        UsageError: there is no systemd for users here, or the key is in the environment alone.
    """
    if not _is_there(environment):
        words = " ".join(foreground)
        raise UsageError(
            "there is no systemd here that keeps a user's units, so nothing was begun; start it in a terminal that "
            f"stays (tmux, screen), or with: nohup {words} --yes >campaign.log 2>&1 &"
        )
    if environment.get(KEY_VARIABLE):
        raise UsageError(
            f"a unit would keep {KEY_VARIABLE} where others may read it; write the key into a file that only you can "
            f"read (chmod 600), set {KEY_VARIABLE}_FILE to it, and unset {KEY_VARIABLE}"
        )


def refuse_secrets(names: Sequence[str]) -> None:
    """Refuses a run in the background whose webhooks have secrets, by the names of their variables.

    Raises:
        UsageError: there are some.
    """
    if names:
        raise UsageError(
            f"a unit would keep the webhook's secret, {names[0]}, where others may read it; leave --background out"
        )


def begin_unit(run: str, words: Sequence[str], *, environment: Mapping[str, str]) -> Begun:
    """Starts `campaign` with these words as a unit named after the run.

    Raises:
        NotStartedError: systemd does not take it.
    """
    unit = f"campaign-{run}.service"
    kept = [name for name in environment if name in _ALSO or (name.startswith(_PASSED_ON) and name not in _SECRETS)]
    command = [
        "systemd-run",
        "--user",
        "--quiet",
        "--collect",
        f"--unit={unit}",
        f"--description=campaign run {run}",
        f"--working-directory={Path.cwd()}",
        # A process that was killed is gone on with; one that has stopped the run itself is left to a person.
        "--property=Restart=on-abnormal",
        "--property=RestartSec=30",
        # Calls on their way may end; 143 is a run that was stopped with rows left.
        "--property=TimeoutStopSec=90",
        "--property=SuccessExitStatus=143",
        *(f"--setenv={name}={environment[name]}" for name in kept),
        sys.executable,
        "-m",
        "campaign",
        *words,
    ]
    ended = _called(command, environment)
    if ended is None or ended.returncode:
        said = "it is not there any more" if ended is None else " ".join(ended.stderr.split())
        raise NotStartedError(
            f"systemd did not start run {run} ({said}); go on with it here: campaign resume {run}",
        )
    return Begun(unit, ends_at_logout=_ends_at_logout(environment))


def _is_there(environment: Mapping[str, str]) -> bool:
    found = _called(["systemctl", "--user", "is-system-running"], environment)
    return found is not None and found.stdout.strip() in _STARTS and _which("systemd-run", environment) is not None


def _ends_at_logout(environment: Mapping[str, str]) -> bool:
    user = environment.get("USER") or environment.get("LOGNAME") or ""
    found = _called(["loginctl", "show-user", user, "--property=Linger"], environment)
    return found is None or found.stdout.strip() != "Linger=yes"


def _called(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str] | None:
    program = _which(command[0], environment)
    if program is None:
        return None
    try:
        return subprocess.run(  # noqa: S603 - a program of the system, with words of our own
            [program, *command[1:]],
            env=dict(environment),
            capture_output=True,
            text=True,
            check=False,
            timeout=_WAITS_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None


def _which(program: str, environment: Mapping[str, str]) -> str | None:
    return shutil.which(program, path=environment.get("PATH"))
