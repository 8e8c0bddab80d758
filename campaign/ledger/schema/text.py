"""Text as a database can take it."""


def storable(text: str) -> str:
    """The text with what is no character (half of a surrogate pair) spelt out: a database takes only characters."""
    return text.encode("utf-8", "backslashreplace").decode()
