"""Column types, where the databases differ."""

from sqlalchemy import BigInteger, Integer, Text

ID = Integer().with_variant(BigInteger(), "postgresql")
"""A number that a table gives out, or one that refers to it."""
FOREIGN_NUMBER = Integer().with_variant(BigInteger(), "postgresql")
"""A number that somebody else made, who may not know how large a number of ours can be."""
TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is compared and sorted byte by byte, whatever the language of the machine."""
WHERE = "where"
"""Of an index's `info`: the condition of a partial one. A dialect's own keyword would load that dialect."""
WITHOUT_ROWID = "without_rowid"
"""Of a table's `info`: SQLite keeps it in the order of its primary key alone."""
