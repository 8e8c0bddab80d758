"""Settings of a launch as a form has them: pace, canary, limit, start and name, each empty for the template's own."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaign.domain.bounds import FASTEST_PER_SECOND, SLOWEST_PER_SECOND
from campaign.domain.errors import UsageError
from campaign.usecases.serving.upload_settings import UploadSettings

__all__ = ["LaunchSettings", "launch_settings_from", "launch_settings_of", "with_launch_settings"]

_MOST_IN_FLIGHT, _MOST_ROWS, _LONGEST = 1_000, 10_000_000, 200


@dataclass(frozen=True, slots=True)
class LaunchSettings:
    """What a form can say; the fields are those of `UploadSettings`."""

    name: str | None
    rate: float | None
    max_in_flight: int | None
    canary: int | None
    limit: int | None
    start: str | None


def launch_settings_of(said: UploadSettings) -> LaunchSettings:
    """The settings that are stored."""
    return LaunchSettings(said.name, said.rate, said.max_in_flight, said.canary, said.limit, said.start)


def launch_settings_from(form: Mapping[str, str]) -> LaunchSettings:
    """The settings that a form says.

    Raises:
        UsageError: one of them is no number, or out of bounds; names it.
    """
    return LaunchSettings(
        name=form["name"][:_LONGEST] or None,
        rate=_rate(form["rate"]),
        max_in_flight=_whole(form["max_in_flight"], "calls in flight", most=_MOST_IN_FLIGHT),
        canary=_whole(form["canary"], "the canary", most=_MOST_ROWS),
        limit=_whole(form["limit"], "the limit", most=_MOST_ROWS),
        start=form["start"][:_LONGEST] or None,
    )


def with_launch_settings(said: UploadSettings, asked: LaunchSettings) -> UploadSettings:
    """The stored settings with these in place of their own."""
    return said.model_copy(update={name: getattr(asked, name) for name in LaunchSettings.__slots__})


def _rate(text: str) -> float | None:
    if not text:
        return None
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not SLOWEST_PER_SECOND <= rate <= FASTEST_PER_SECOND:
        raise UsageError(f"calls a second: {text!r} is not from {SLOWEST_PER_SECOND:g} to {FASTEST_PER_SECOND:g}")
    return rate


def _whole(text: str, what: str, *, most: int) -> int | None:
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(most)) else 0
    if not 1 <= number <= most:
        raise UsageError(f"{what}: {text!r} is no whole number from 1 to {most:,}; nothing was changed")
    return number
