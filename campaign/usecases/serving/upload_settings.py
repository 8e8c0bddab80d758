"""Settings of an upload: what its owner has said so far of how it is read and called; stored with it."""

from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from campaign.intake.edits import NO_EDITS, Edits
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.preparation.questions import NO_ANSWERS, Answers


class UploadFailure(BaseModel):
    """Why an upload could not be loaded.

    Attributes:
        text: one line for a person.
        choice: the field of `Choices` that would decide it; None where nothing would.
        options: (value for that field, what the sheet would be with it), the likeliest first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    choice: str | None = None
    options: tuple[tuple[str, str], ...] = ()


class UploadSettings(BaseModel):
    """What the owner of an upload has said of it.

    Attributes:
        template: the template's file; None while it is not chosen.
        sandbox: its calls are made at the stand-in.
        region: replaces the template's; `timezone` likewise.
        again: only `call_again_after` holds: what was called before may be called with the same words.
        choices: how the sheet is read.
        edits: cells and rows of the sheet that were changed since it was uploaded.
        answers: to the questions of its run.
        rate: calls a second; None for the template's; `max_in_flight` likewise.
        canary: call so many rows first.
        limit: at most so many rows now.
        start: no phone rings before; as a person says it.
        name: of the run; None for one that is made of template and date.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    template: Path | None = None
    sandbox: bool
    region: str | None = None
    timezone: str | None = None
    again: bool = False
    choices: Choices = UNDECIDED
    edits: Edits = NO_EDITS
    answers: Answers = NO_ANSWERS
    rate: float | None = None
    max_in_flight: int | None = None
    canary: int | None = None
    limit: int | None = None
    start: str | None = None
    name: str | None = None

    @property
    def loads(self) -> str:
        """Names all that decides what is loaded, the template's file among it; answers are compared by themselves."""
        told = self.model_dump_json(exclude={"answers", "canary", "limit", "name"})
        return sha256(told.encode() + _content(self.template)).hexdigest()[:32]


def _content(path: Path | None) -> bytes:
    try:
        return b"" if path is None else path.read_bytes()
    except OSError:
        return b""  # as it is loaded, that is told
