"""The distributions as a person builds them, from a copy of what is tracked; and the Pythons that are at hand."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
VERSIONS = ("3.11", "3.12", "3.13")
_PATIENCE_SECONDS = 500


@dataclass(frozen=True)
class Built:
    """A wheel and an sdist."""

    wheel: Path
    sdist: Path


def tracked() -> list[str]:
    """The project's files, without what git leaves out."""
    listed = run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], folder=ROOT)
    return [name for name in listed.splitlines() if (ROOT / name).is_file()]


def copied_project(folder: Path) -> Path:
    """A clean copy of the project."""
    for name in tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


def built(project: Path, out: Path) -> Built:
    """Builds both, the wheel from the sdist."""
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(project)], folder=project)
    [wheel], [sdist] = out.glob("*.whl"), out.glob("*.tar.gz")
    return Built(wheel, sdist)


def interpreters() -> dict[str, str]:
    """The Pythons of the versions that are supported and at hand, and their paths."""
    found = {version: _interpreter(version) for version in VERSIONS}
    return {version: path for version, path in found.items() if path is not None}


def run(words: Sequence[str], *, folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Runs a command to its end; what it printed.

    Raises:
        AssertionError: it failed.
    """
    done = subprocess.run(
        words,
        cwd=folder,
        env=None if environment is None else dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=_PATIENCE_SECONDS,
    )
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def newcomer(home: Path, *, python: str, first: Sequence[Path] = ()) -> dict[str, str]:
    """The environment of somebody who has nothing but a Python: a home of their own, and the network's settings."""
    network = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("PIP_", "UV_", "SSL_")) or name.lower().endswith("_proxy")
    }
    path = [*map(str, first), str(_only_python(home, python)), "/usr/local/bin", "/usr/bin", "/bin"]
    home.mkdir(parents=True, exist_ok=True)
    return {**network, "HOME": str(home), "PATH": os.pathsep.join(path), "LANG": "C.UTF-8"}


def _only_python(home: Path, python: str) -> Path:
    folder = home / "python"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("python3", "python"):
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(python)
    return folder


def _interpreter(version: str) -> str | None:
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return os.path.realpath(sys.executable)
    kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python3"))
    for path in (*map(str, kept), shutil.which(f"python{version}")):
        if path is not None and _starts(path):
            return path
    return None


def _starts(path: str) -> bool:
    # A shim of pyenv is there for versions that are not.
    return subprocess.run([path, "--version"], capture_output=True, check=False, timeout=20).returncode == 0
