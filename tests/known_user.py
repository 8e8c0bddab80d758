"""A user whose password takes no time to check: the work of a real hash is a fifth of a second of a core each time."""

import hashlib
from base64 import b64encode

from campaign.ledger.port.ledger import Ledger
from campaign.usecases.serving.access.users import Role, User, all_users

_SALT = b"saltsaltsaltsalt"


def known_user(ledger: Ledger, name: str, *, role: Role, password: str) -> User:
    """Adds the user, whose name is plain already, with a hash of the least work; that they were added is not noted."""
    key = hashlib.scrypt(password.encode(), salt=_SALT, n=2, r=1, p=1)
    hashed = f"scrypt$2$1$1${b64encode(_SALT).decode()}${b64encode(key).decode()}"
    assert ledger.serving.users.add(name, role=role, password_hash=hashed) is not None
    return all_users(ledger)[-1]
