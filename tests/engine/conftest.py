import pytest


# The program runs on asyncio; that it would on the other loop as well is seen by night.
@pytest.fixture(params=["asyncio", pytest.param("trio", marks=pytest.mark.nightly)])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)
