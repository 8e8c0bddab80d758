"""Use cases of tokens: what lets programs in. A token is shown once; the ledger holds its hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.domain.cures import Cure, CureCode
from campaign.domain.cures.serving import rename_or_revoke_token
from campaign.domain.errors import UsageError
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.serving import Role, TokenRecord
from campaign.usecases.serving.access.names import plain_name
from campaign.usecases.serving.acts import record_act

__all__ = ["ApiUser", "Role", "Token", "add_token", "all_tokens", "revoke_token", "token_user"]

PREFIX = "cmp_"
"""How every token begins, so that scanners of repositories find one that was published."""
_BYTES = 32
_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret; `used_at` is to the minute or so, None before its first use."""

    name: str
    role: Role
    created_at: datetime
    created_by: str
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class ApiUser:
    """The program that a token belongs to.

    Attributes:
        who: as it stands in the record of acts; no user of the page can be called so.
    """

    name: str
    role: Role

    @property
    def who(self) -> str:
        """`token NAME`."""
        return f"token {self.name}"


def add_token(ledger: Ledger, name: str, *, role: Role, by: str) -> str:
    """Adds a token, and returns it: nobody can show it again.

    Args:
        ledger: where its hash goes.
        name: kept in small letters.
        role: what it lets do.
        by: who makes it.

    Raises:
        UsageError: the name is taken or none.
    """
    kept, token = plain_name(name, of="token"), f"{PREFIX}{secrets.token_urlsafe(_BYTES)}"
    if ledger.serving.tokens.add(kept, role=role, token_hash=_hash_of(token), created_by=by) is None:
        raise UsageError(f"there is a token called {kept!r} already", cure=rename_or_revoke_token(kept))
    record_act(ledger, who=by, what="add_token", target=kept, detail=role.value)
    return token


def revoke_token(ledger: Ledger, name: str, *, by: str) -> None:
    """Revokes a token: it opens nothing from now on. `by` is who does it.

    Raises:
        UsageError: there is no such token.
    """
    kept = plain_name(name, of="token")
    if not ledger.serving.tokens.revoke(kept):
        raise UsageError(f"there is no token called {kept!r}", cure=Cure(CureCode.SEE_TOKENS))
    record_act(ledger, who=by, what="revoke_token", target=kept)


def all_tokens(ledger: Ledger) -> list[Token]:
    """The tokens that are not revoked, oldest first."""
    return [_token(record) for record in ledger.serving.tokens.all()]


def token_user(ledger: Ledger, token: str) -> ApiUser | None:
    """The program that has this token; None where it was revoked, or never was."""
    found = ledger.serving.tokens.find(_hash_of(token)) if token.startswith(PREFIX) else None
    if found is None:
        return None
    if found.used_at is None or found.used_at + _USED_EVERY <= ledger.now():
        ledger.serving.tokens.used(found)
    return ApiUser(found.name, found.role)


def _hash_of(token: str) -> str:
    # It has 256 random bits: nothing is gained by a slow hash.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _token(record: TokenRecord) -> Token:
    return Token(record.name, record.role, record.created_at, record.created_by, record.used_at)
