"""A desk to try what the documentation says."""

from tests.cli.conftest import desk

__all__ = ["desk"]
