import pytest


@pytest.fixture(autouse=True)
def _lists_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaign.aicaller.read_client.backoff", lambda *_, **__: 0.0)
