"""`[sheet]`: how the sheets of this kind are read, where a sheet leaves that open."""

from campaign.config.values import Section, Text


class SheetSection(Section):
    """Choices for reading; a flag of the command line wins over each.

    `extra_field` says where the extra field of a text file is whose rows have a field more than its header: "end", or
    the number of the column that has a delimiter in it.
    """

    extra_field: Text | None = None
