"""Text and numbers in the form that a database accepts."""

_LARGEST = 2**63 - 1


def storable(text: str) -> str:
    """The text with lone surrogates and NUL spelt out: these are what not every database accepts."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def storable_number(number: int | None) -> int | None:
    """The number; None for one that no column can hold."""
    return number if number is not None and -_LARGEST <= number <= _LARGEST else None
