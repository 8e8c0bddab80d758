"""Fictitious numbers, as many as are wanted: nothing here looks where a number is, the zones are said beside it."""


def phone(row: int) -> str:
    """A number that is kept for examples for the first hundred rows; one that no plan has given out for the others."""
    return f"+1212555{100 + row:04d}" if row < 100 else f"+999{row:08d}"
