"""Text in the form that a database accepts."""


def storable(text: str) -> str:
    """The text with lone surrogates spelt out: a database accepts only characters."""
    return text.encode("utf-8", "backslashreplace").decode()
