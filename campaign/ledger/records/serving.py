"""Records of serving: uploads, users with their sessions, tokens, acts, request keys, and the orders to dial."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum

KEPT_FOR = timedelta(days=7)
"""So long an upload waits to become a run; as long as a draft."""
LONGEST_NAME = 200
"""Characters of an upload's name, and of an act's target."""
LONGEST_DETAIL = 1_000
"""Characters of an act's detail."""
NO_SETTINGS = "{}"
"""Settings of an upload of which nothing was said yet, or that was removed."""


class Role(StrEnum):
    """What a user or a token may do."""

    OPERATOR = "operator"
    """Everything that the page and the API offer."""
    VIEWER = "viewer"
    """Look, with numbers masked; launch and change nothing."""


class Wanted(StrEnum):
    """What a server is told to do with a run."""

    GO = "go"
    STOP = "stop"


class Keep(Enum):
    """Stands for a value of an upload that a change leaves alone, where None means that there is none."""

    AS_IT_IS = "as it is"


@dataclass(frozen=True, slots=True)
class NewUpload:
    """An uploaded sheet whose file is whole and on the disk.

    Attributes:
        token: its name in addresses; it cannot be guessed.
        owner: who uploaded it.
        name: the file's name as its owner calls it.
        file: its name in the folder of uploads; one of ours.
        size: bytes.
        sha256: of its content, hex.
        settings: how it is to be read, in its owner's format; not read here, and free of secrets. Gone with the file.
    """

    token: str
    owner: str
    name: str
    file: str
    size: int
    sha256: str
    settings: str = NO_SETTINGS


@dataclass(frozen=True, slots=True)
class UploadRecord:
    """An upload as the ledger holds it; of one that was removed, nothing of its content is left.

    Attributes:
        revision: incremented by every change; a change of an older revision is refused.
        draft_token: the draft that its sheet was last loaded into.
        failure: why the last load failed, in its owner's format.
        removed_at: since when its file is not wanted any more; None while it is.

    The other attributes are those of `NewUpload`.
    """

    id: int
    token: str
    owner: str
    name: str
    file: str
    size: int
    sha256: str
    created_at: datetime
    expires_at: datetime
    settings: str
    revision: int
    draft_token: str | None
    failure: str | None
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A change that was refused, since another one came first; `now` is the upload by that one."""

    now: UploadRecord


@dataclass(frozen=True, slots=True)
class UserRecord:
    """A user; `password_hash` is None once the user was removed."""

    id: int
    name: str
    role: Role
    password_hash: str | None
    created_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session of a user who is not removed.

    Attributes:
        id_hash: SHA-256, hex, of the secret that the browser keeps.
        seen_at: its last use, to the minute or so.
        expires_at: when it ends however much it is used.
    """

    id_hash: str
    user: UserRecord
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A token of a program; of the token itself only a hash is kept.

    Attributes:
        created_by: who made it.
        used_at: its last use, to the minute or so; None before the first.
        revoked_at: since when it opens nothing any more.
    """

    id: int
    name: str
    role: Role
    token_hash: str
    created_at: datetime
    created_by: str
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ActRecord:
    """An act of a person or a program: who did what to what. It holds no phone number."""

    id: int
    at: datetime
    who: str
    what: str
    target: str
    detail: str


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A request that names itself by a key, so that its repetition does nothing twice.

    Attributes:
        who: who sent it; another's same key is another request.
        fingerprint: of what it asked for.
        owner: the process that answers it.
        draft_token: the draft that it made; what became of that draft became of the request.
        run: the run that it made.
        status: the HTTP status of the answer; None while it is under way.
        answer: the body of the answer; free of what a sheet says of people, since it is kept when they are erased.
    """

    id: int
    who: str
    key: str
    fingerprint: str
    owner: str
    draft_token: str | None
    run: str | None
    status: int | None
    answer: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewRequest:
    """The key was not known: this process is to answer the request."""

    key: KeyRecord


@dataclass(frozen=True, slots=True)
class LeftRequest:
    """Its process ended before the answer: this one goes on with it, from the draft that it made, if it made one."""

    key: KeyRecord


@dataclass(frozen=True, slots=True)
class SameRequest:
    """The request came before: it is answered, or still under way where `key.status` is None."""

    key: KeyRecord


@dataclass(frozen=True, slots=True)
class OtherRequest:
    """The key was used for a request that asked for something else."""

    key: KeyRecord


Claimed = NewRequest | LeftRequest | SameRequest | OtherRequest


@dataclass(frozen=True, slots=True)
class FirstOrder:
    """What a server is told to do with a run from its publishing on.

    Attributes:
        options: how to dial, as JSON of an object in the server's format.
        who: who says so.
    """

    options: str
    who: str


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """What a server was last told to do with a run; it survives the server.

    Attributes:
        options: how to dial, as JSON of an object in the server's format.
        revision: incremented by every order.
    """

    run_id: int
    wanted: Wanted
    options: str
    ordered_by: str
    ordered_at: datetime
    revision: int
