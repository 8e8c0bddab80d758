"""Names of users and tokens: one spelling each, so that two people do not look like one."""

import unicodedata

from campaign.domain.errors import UsageError

_LONGEST = 64


def plain_name(name: str, *, of: str) -> str:
    """The name as it is kept and compared: composed, in small letters.

    Args:
        name: as a person types it.
        of: what it is the name of, for messages.

    Raises:
        UsageError: it is empty, too long, or holds spaces or what cannot be seen.
    """
    kept = unicodedata.normalize("NFKC", name).casefold()
    if not kept or len(kept) > _LONGEST:
        raise UsageError(f"{of} {name[:_LONGEST]!r}: a name has 1 to {_LONGEST} characters")
    if not kept.isprintable() or any(character.isspace() for character in kept):
        raise UsageError(f"{of} {name!r}: a name has no spaces or hidden characters; write it as one word")
    return kept
