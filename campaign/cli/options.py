"""Flags that several verbs share, with what may stand behind them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def flags(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, in this order."""

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


FILE = click.Path(path_type=Path)
POSITIVE = click.FloatRange(min=0, min_open=True)
COUNT = click.IntRange(min=1)

choices = flags(
    click.option("--sheet", "sheet_name", metavar="NAME", help="The workbook's sheet, where it has several."),
    click.option("--header-row", type=COUNT, metavar="N", help="The row that holds the columns' names."),
    click.option("--no-header", is_flag=True, help="The first row is a person; the columns are called #1, #2, ..."),
    click.option("--encoding", metavar="NAME", help="Of a text file that is not UTF-8, e.g. cp1252."),
    click.option("--delimiter", metavar="CHARACTER", help="Between the columns of a text file, e.g. ';' or tab."),
    click.option("--include-hidden", is_flag=True, help="Call a workbook's hidden and filtered rows too."),
    click.option("--skip-hidden", is_flag=True, help="Leave a workbook's hidden and filtered rows out."),
)
