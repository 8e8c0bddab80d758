"""A contact spreadsheet goes in, a phone call per person comes out: each made once."""

__version__ = "0.1.0"
