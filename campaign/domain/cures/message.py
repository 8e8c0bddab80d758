"""Message: facts as text, mixed with the settings and cures that each front words for itself."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from campaign.domain.cures.cure import Cure


class Setting(StrEnum):
    """A setting that a message is about: a flag at a terminal, a field on a page."""

    AT = "at"
    CANARY = "canary"
    CRON = "cron"
    DELIMITER = "delimiter"
    ENCODING = "encoding"
    FAULT = "fault"
    GRACE = "grace"
    HEADER_ROW = "header_row"
    HOST = "host"
    NAME = "name"
    NO_HEADER = "no_header"
    NOT_CALLED = "not_called"
    NOTIFY_URL = "notify_url"
    PROBLEMS = "problems"
    REASON = "reason"
    REGION = "region"
    RESULTS = "results"
    SHEET = "sheet"
    TIMEZONE = "timezone"
    START = "start"
    WEBHOOK = "webhook"


Part = str | Setting | Cure


@dataclass(frozen=True, slots=True)
class Message:
    """A message; `str()` gives the facts with plain names for settings, a front's `Wording` gives all of it.

    Text that ends in a space leads to the cure behind it; after any other text a front sets the cure apart.

    Attributes:
        parts: texts, settings and cures, in the order in which they are read.
    """

    parts: tuple[Part, ...]

    @classmethod
    def of(cls, *parts: "Part | Message") -> "Message":
        """Builds a message from parts, and from the parts of other messages."""
        return cls(tuple(one for part in parts for one in (part.parts if isinstance(part, Message) else (part,))))

    @classmethod
    def with_cure(cls, fact: str, cure: Cure | str) -> "Message":
        """Builds a message from a fact and its cure; a cure as text holds for any front, an empty one is left out."""
        if isinstance(cure, Cure):
            return cls((fact, cure))
        return cls((f"{fact}; {cure}" if cure else fact,))

    def __str__(self) -> str:
        facts = ""
        for part in self.parts:
            if isinstance(part, Cure):
                facts = facts.rstrip(" ").removesuffix(":")
            else:
                facts += part.replace("_", " ") if isinstance(part, Setting) else part
        return facts

    def masked(self, mask: Callable[[str], str]) -> "Message":
        """The same with what `mask` makes of its texts, and of those of its cures: a sheet's people may stand there."""
        return Message(tuple(_masked(part, mask) for part in self.parts))

    @property
    def setting(self) -> Setting | None:
        """The setting that the message is about, if any."""
        return next((part for part in self.parts if isinstance(part, Setting)), None)

    @property
    def cures(self) -> tuple[Cure, ...]:
        """All cures of the message, in the order in which they are shown."""
        return tuple(part for part in self.parts if isinstance(part, Cure))


def _masked(part: Part, mask: Callable[[str], str]) -> Part:
    match part:
        case Setting():
            return part
        case Cure():
            return part.masked(mask)
        case _:
            return mask(part)


Wording = Callable[[Message], str]
"""Words a message for those who read it; handed in by the front where its text is kept, or written to a file."""
