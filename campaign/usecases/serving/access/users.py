"""Use cases of users: add, list and remove them, and sign them in. Of secrets, the ledger holds hashes only."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.domain.cures import Cure, CureCode
from campaign.domain.cures.serving import rename_or_remove_user
from campaign.domain.errors import UsageError
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.serving import Role, UserRecord
from campaign.usecases.serving.access.names import plain_name
from campaign.usecases.serving.access.passwords import FEWEST, hash_of, is_password, password_from
from campaign.usecases.serving.acts import record_act

__all__ = [
    "FEWEST",
    "Role",
    "SignedIn",
    "User",
    "add_user",
    "all_users",
    "password_from",
    "remove_user",
    "set_password",
    "sign_in",
    "sign_out",
    "signed_in",
]

IDLE = timedelta(hours=12)
"""So long a session lasts without a use."""
LONGEST = timedelta(days=7)
"""So long a session lasts however much it is used."""
_SEEN_EVERY = timedelta(minutes=1)
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class User:
    """A user of the page."""

    name: str
    role: Role
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: `secret` is for the browser alone, and nowhere else."""

    secret: str
    user: User


def add_user(ledger: Ledger, name: str, *, role: Role, password: str, by: str) -> User:
    """Adds a user; names are kept in small letters. `by` is who does it, for the record of acts.

    Raises:
        UsageError: the name is taken or none, or the password is too short.
    """
    kept = plain_name(name, of="user")
    added = ledger.serving.users.add(kept, role=role, password_hash=hash_of(password))
    if added is None:
        raise UsageError(f"there is a user called {kept!r} already", cure=rename_or_remove_user(kept))
    record_act(ledger, who=by, what="add_user", target=kept, detail=role.value)
    return _user(added)


def set_password(ledger: Ledger, name: str, *, password: str, by: str) -> None:
    """Gives a user another password, and ends their sessions. `by` is who does it.

    Raises:
        UsageError: there is no such user, or the password is too short.
    """
    user = _named(ledger, name)
    if not ledger.serving.users.set_password(user, hash_of(password)):
        raise _nobody(user.name)
    record_act(ledger, who=by, what="set_password", target=user.name)


def remove_user(ledger: Ledger, name: str, *, by: str) -> None:
    """Removes a user, and ends their sessions; what they did stays written down. `by` is who does it.

    Raises:
        UsageError: there is no such user.
    """
    user = _named(ledger, name)
    if not ledger.serving.users.remove(user):
        raise _nobody(user.name)
    record_act(ledger, who=by, what="remove_user", target=user.name)


def all_users(ledger: Ledger) -> list[User]:
    """The users, oldest first."""
    return [_user(record) for record in ledger.serving.users.all()]


def sign_in(ledger: Ledger, name: str, password: str) -> SignedIn | None:
    """Begins a session; None where there is no such user, or the password is another, after the same work for both."""
    try:
        found = ledger.serving.users.find(plain_name(name, of="user"))
    except UsageError:
        found = None
    if not is_password(password, found.password_hash if found else None) or found is None:
        return None
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    begun = ledger.serving.sessions.add(_hash_of(secret), found, expires_at=ledger.now() + LONGEST)
    return SignedIn(secret, _user(found)) if begun else None


def signed_in(ledger: Ledger, secret: str) -> User | None:
    """Whose session this is; None where it is over, was ended, or never was."""
    id_hash, now = _hash_of(secret), ledger.now()
    session = ledger.serving.sessions.find(id_hash)
    if session is None:
        return None
    if session.expires_at <= now or session.seen_at + IDLE <= now:
        ledger.serving.sessions.remove(id_hash)
        return None
    # A page asks many times a minute; each write costs a commit beside the calls.
    if session.seen_at + _SEEN_EVERY <= now:
        ledger.serving.sessions.seen(id_hash)
    return _user(session.user)


def sign_out(ledger: Ledger, secret: str) -> None:
    """Ends the session; one that is over stays so."""
    ledger.serving.sessions.remove(_hash_of(secret))


def _named(ledger: Ledger, name: str) -> UserRecord:
    kept = plain_name(name, of="user")
    found = ledger.serving.users.find(kept)
    if found is None:
        raise _nobody(kept)
    return found


def _nobody(name: str) -> UsageError:
    return UsageError(f"there is no user called {name!r}", cure=Cure(CureCode.SEE_USERS))


def _hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _user(record: UserRecord) -> User:
    return User(record.name, record.role, record.created_at)
