"""Stray quotation marks in CSV: where one opened, and whether it has swallowed other people's rows."""

# One comma proves nothing. A sheet of two columns has only name and phone, where no line break is let through anyway.
_TELLING = 3


def line_that_opens(lines: list[str], delimiter: str) -> int:
    """The index of the line in which the last quoted field begins."""
    inside, opened, before = False, 0, delimiter
    for index, line in enumerate(lines):
        for character in line:
            if character == '"' and (inside or before in (delimiter, "\n", "\r")):
                inside = not inside
                opened = index if inside else opened
            elif character == '"' and before == '"':
                inside = True  # a doubled quote is a quote in the text: the field goes on
            before = character
    return opened


def swallows_rows(cells: list[str], delimiter: str) -> bool:
    """Whether a cell of several lines holds what looks like another row of the same table."""
    width = len(cells)
    return width >= _TELLING and any(
        line.count(delimiter) == width - 1
        for cell in cells
        if "\n" in cell or "\r" in cell
        for line in cell.replace("\r", "\n").split("\n")[1:]
    )
