"""What of a person is shown on a screen: enough to tell rows apart, too little to call."""

_SHOWN_FIRST, _SHOWN_LAST = 2, 2


def masked_phone(phone: str) -> str:
    """`+1415•••••71` of +14155550171: the country, the area's beginning and the last two digits."""
    head, tail = phone[: _SHOWN_FIRST + 1], phone[-_SHOWN_LAST:]
    return f"{head}{'•' * max(3, len(phone) - len(head) - len(tail))}{tail}"


def masked_email(email: str) -> str:
    """`a•••@example.org`."""
    user, at, host = email.partition("@")
    return f"{user[:1]}•••{at}{host}"
