"""The certificates of the client's tests."""

from tests.aicaller.conftest import certificates

__all__ = ["certificates"]
