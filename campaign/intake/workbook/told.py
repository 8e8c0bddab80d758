"""What the child says is wrong, as JSON: an error's message keeps its settings and cures on the way to the parent."""

from typing import Any

from campaign.domain.cures import Cure, CureCode, Message, Setting
from campaign.domain.cures.message import Part


def as_told(message: Message) -> list[Any]:
    """The message's parts for JSON."""
    return [_told(part) for part in message.parts]


def as_read(parts: list[Any]) -> Message | None:
    """What `as_told` was made of; None when it was made of nothing of the kind."""
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
