"""The user's text, from a cell of a CSV file of ours: what `formula_guard.guard` did, undone."""


def unguard(text: str) -> str:
    """The exact inverse of `guard`."""
    return text.removeprefix("'")
