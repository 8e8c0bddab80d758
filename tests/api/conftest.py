"""The same folder, people and stand-in that the command line is tested with: both are fronts of the same use cases."""

from tests.cli.conftest import desk, faultless, server

__all__ = ["desk", "faultless", "server"]
