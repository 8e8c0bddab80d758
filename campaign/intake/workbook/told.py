"""Errors of the child as JSON: a message keeps its settings and cures on the way to the parent."""

from typing import Any

from campaign.domain.cures import Cure, CureCode, Message, Setting
from campaign.domain.cures.message import Part


def as_told(message: Message) -> list[Any]:
    """Converts the message to JSON values."""
    return [_told(part) for part in message.parts]


def as_read(parts: list[Any]) -> Message | None:
    """Parses what `as_told` made; None for anything else."""
    try:
        return Message.of(*(_read(part) for part in parts))
    except (ValueError, TypeError):
        return None


def _told(part: Part) -> str | dict[str, Any]:
    match part:
        case Cure(code, values):
            return {"cure": code.value, "values": dict(values)}
        case Setting():
            return {"setting": part.value}
        case _:
            return part


def _read(part: Any) -> Part:
    match part:
        case str():
            return part
        case {"setting": str(name)}:
            return Setting(name)
        case {"cure": str(code), "values": dict(values)}:
            return Cure.of(CureCode(code), **values)
        case _:
            raise ValueError("no part of a message")
