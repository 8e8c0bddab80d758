"""The line that a number rings, as the SQL expression of a generated column: `domain.phone_line` for both databases."""

from itertools import groupby

from campaign.domain.phone_line import SPELLINGS, Spelling


def line_sql(column: str) -> str:
    """The expression, for a column of numbers; what is no number stays as it is, such as the hash of an erased one."""
    cases = " ".join(case for one in SPELLINGS for case in _cases(one, column))
    return f"CASE {cases} ELSE {column} END"


def _cases(one: Spelling, column: str) -> list[str]:
    whole, rest = len(one.before) + one.digits, f"substr({column}, {len(one.before) + 1})"
    return [
        f"WHEN length({column}) = {whole} AND substr({column}, 1, {size}) IN ({', '.join(map(repr, prefixes))}) "
        f"THEN '{one.after}' || {rest}"
        for size, prefixes in groupby(sorted((one.before + start for start in one.starts), key=len), key=len)
    ]
