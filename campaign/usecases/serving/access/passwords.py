"""Passwords: their hashes by scrypt, with the parameters inside, so that these can change and old hashes still hold."""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path

from campaign.config.files.whole import read_whole
from campaign.domain.errors import UsageError

FEWEST = 10
"""Characters of a password."""
_LONGEST = 1_000
_LONGEST_FILE = 8_192
# 32 MiB and about a quarter of a second: what OWASP recommends as one of its equal choices.
_N, _R, _P = 2**15, 8, 3
_MEMORY = 128 * 2**20
_SALT_BYTES = 16
_HASH = re.compile(r"scrypt\$(\d{1,8})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)")


def password_from(path: Path) -> str:
    """The password that a file holds, on one line.

    Raises:
        UsageError: it cannot be read, or holds something else.
    """
    try:
        found = read_whole(path, most_bytes=_LONGEST_FILE)
        text = None if found is None else found.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        why = "it is no text" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise UsageError(f"password file {path}: {why}; it must be a readable file with the password alone") from None
    if text is None or not text or not text.isprintable() or len(text) > _LONGEST:
        raise UsageError(f"password file {path}: not one line of text; it must hold the password alone")
    return text


def hash_of(password: str) -> str:
    """The hash of a new password, `scrypt$N$r$p$salt$key`.

    Raises:
        UsageError: the password is too short or too long.
    """
    if len(password) < FEWEST:
        raise UsageError(f"a password has at least {FEWEST} characters; nothing was changed; choose a longer one")
    if len(password) > _LONGEST:
        raise UsageError(f"a password has at most {_LONGEST} characters; nothing was changed; choose a shorter one")
    salt = secrets.token_bytes(_SALT_BYTES)
    key = _key(password, salt=salt, n=_N, r=_R, p=_P)
    return f"scrypt${_N}${_R}${_P}${base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"


def is_password(password: str, hashed: str | None) -> bool:
    """Whether the password has this hash; without a hash, as much work, and no."""
    found = _HASH.fullmatch(hashed or _of_nobody())
    if found is None:
        return False
    n, r, p = (int(found[at]) for at in (1, 2, 3))
    key = _key(password[:_LONGEST], salt=base64.b64decode(found[4]), n=n, r=r, p=p)
    return hmac.compare_digest(key, base64.b64decode(found[5])) and hashed is not None


@cache
def _of_nobody() -> str:
    return hash_of(secrets.token_urlsafe())


def _key(password: str, *, salt: bytes, n: int, r: int, p: int) -> bytes:
    # One spelling of an accent: keyboards differ.
    text = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY)
