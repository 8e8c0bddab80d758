"""Options of `serve` and `worker`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """Options of `serve`."""

    host: str
    port: int
    names: tuple[str, ...]
    secure: bool
    templates: Path


@dataclass(frozen=True, slots=True)
class WorkerFlags:
    """Options of `worker`."""

    name: str | None
    at_once: int
    patience: float
