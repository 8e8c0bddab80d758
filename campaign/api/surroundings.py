"""Context of an API call: the ledger's folder, the environment with the key, and the clock."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from campaign.domain.cures import Wording
from campaign.domain.errors import UsageError
from campaign.presentation.cures import terminal_text


class Environment(Mapping[str, str]):
    """Environment variables with a masked repr: a traceback that shows local values must not show a key."""

    def __init__(self, given: Mapping[str, str], *, home: str | None) -> None:
        """`home` overrides CAMPAIGN_HOME."""
        self._values = {**given} if home is None else {**given, "CAMPAIGN_HOME": home}

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<environment of {len(self)} variables>"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Context of the use cases, as the API's caller gives it.

    Attributes:
        now: the wall clock; aware instants.
        environment: of the process, or as it was passed in.
        wording: words what the ledger keeps as the command line does, which reads it too.
    """

    now: Callable[[], datetime]
    environment: Environment
    wording: Wording


def surroundings(
    *,
    home: str | os.PathLike[str] | None,
    environment: Mapping[str, str] | None,
    now: Callable[[], datetime] | None,
) -> Surroundings:
    """Builds the context from the caller's arguments, and from this process where they are None.

    Raises:
        UsageError: the clock gives instants without a time zone.
    """
    if now is not None and now().tzinfo is None:
        raise UsageError("now= gives times without a zone; let it return aware ones: datetime.now(UTC)")
    return Surroundings(
        now=now or _now,
        environment=Environment(
            os.environ if environment is None else environment, home=None if home is None else os.fspath(home)
        ),
        wording=terminal_text,
    )


def _now() -> datetime:
    return datetime.now(UTC)
