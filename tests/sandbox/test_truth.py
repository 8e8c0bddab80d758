import json
from pathlib import Path

import pytest

from campaign.domain.errors import UsageError
from campaign.sandbox.faults.table import FaultPlan
from campaign.sandbox.server import SandboxConfig, serve
from campaign.sandbox.truth import Ring, Truth, TruthError, read_truth
from tests.sandbox.wiretap import PHONE, ask, body, get, post, tap

VARIABLES = (("doctor", "Dr. Lake"), ("doctor", "Dr. Sée"))
RING = Ring(
    "2026-12-01T09:00:00.000Z", PHONE, "id-1", "Ada", "team-1", "template-1", VARIABLES, "hang", {"record": True}
)


def written(path: Path, *rings: Ring) -> None:
    truth = Truth(path)
    for ring in rings:
        truth.write(ring)
    truth.close()


def test_what_is_written_is_read_back(truth: Path) -> None:
    """A key that comes twice comes twice."""
    written(truth, RING, RING)
    assert list(read_truth(truth)) == [RING, RING]


def test_a_line_has_the_ring_in_plain_words(truth: Path) -> None:
    written(truth, RING)
    line = json.loads(truth.read_text())
    assert list(line) == ["at", "phone", "id", "name", "team", "template", "variables", "fault", "more"]


def test_a_log_goes_on_where_it_ended(truth: Path) -> None:
    written(truth, RING)
    written(truth, RING)
    assert len(list(read_truth(truth))) == 2


@pytest.mark.parametrize("kept", [1, 5, 40])
def test_a_torn_last_line_is_passed_over_and_not_built_upon(truth: Path, kept: int) -> None:
    """What a power cut leaves of a line must not spoil the line after it."""
    written(truth, RING)
    whole = truth.read_bytes()
    truth.write_bytes(whole + whole[:kept])
    assert list(read_truth(truth)) == [RING]
    written(truth, RING)
    assert truth.read_bytes() == whole + whole


@pytest.mark.parametrize("text", ["hello", "name,phone\nAda,+12025550101", '{"at": "x"}\n', '{"at": "x", "a": 1}\n'])
def test_a_file_that_is_no_truth_log_is_refused_and_left_alone(truth: Path, text: str) -> None:
    """Somebody's sheet, named by mistake, is not written into."""
    truth.write_text(text)
    with pytest.raises(UsageError, match="line 1"):
        opened_by_a_server(truth)
    assert truth.read_text() == text


def opened_by_a_server(path: Path) -> None:
    written(path)
    list(read_truth(path))


def test_a_log_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        Truth(tmp_path / "nowhere" / "truth.jsonl")


def test_a_log_that_cannot_be_written_is_an_error_of_its_own(truth: Path) -> None:
    log = Truth(truth, fsync=full_disk)
    with pytest.raises(TruthError, match="No space"):
        log.write(RING)
    log.close()


def full_disk(_: int) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.anyio
async def test_the_truth_is_there_when_the_first_byte_of_the_answer_arrives(truth: Path) -> None:
    """Whatever becomes of the client in this moment: the truth knows that the phone rang."""
    async with serve(SandboxConfig(truth=truth)) as sandbox, tap(sandbox.base_url) as line:
        for count in range(1, 20):
            line.seen = b""
            await line.send(post())
            await line.more()
            assert line.seen
            assert len(list(read_truth(truth))) == count
            await line.reply()


@pytest.mark.anyio
async def test_a_call_whose_truth_is_not_on_the_disk_is_not_made(truth: Path) -> None:
    """The disk comes first: what it refuses is answered by an error, so no byte of a good answer had left."""
    async with serve(SandboxConfig(truth=truth, fsync=full_disk)) as sandbox:
        status, said = await ask(sandbox.base_url, post())
        assert (status, len(sandbox.calls)) == (500, 0)
        assert "sandbox bug: TruthError" in said["error"]["message"][0]
        assert len(sandbox.bugs) == 1


@pytest.mark.anyio
async def test_without_syncing_the_disk_is_not_waited_for(truth: Path) -> None:
    async with serve(SandboxConfig(truth=truth, truth_sync=False, fsync=full_disk)) as sandbox:
        assert (await ask(sandbox.base_url, post()))[0] == 200
    assert len(list(read_truth(truth))) == 1


@pytest.mark.anyio
async def test_a_restart_keeps_the_calls(truth: Path) -> None:
    """Also those whose caller never learned their ids; only webhook secrets are written nowhere."""
    hook = {"url": "https://hooks.example/", "subscribedEvent": "phoneCall.completed"}
    sent = body(
        callDelayedUntil="2027-01-01T00:00:00.123Z", record=False, phoneCallWebhooks=[hook | {"secret": "s3cret"}]
    )
    config = SandboxConfig(truth=truth, clock=lambda: 1e9)
    async with serve(SandboxConfig(truth=truth, clock=lambda: 1e9, faults=FaultPlan.parse("close_after=1"))) as sandbox:
        async with tap(sandbox.base_url) as line:
            await line.send(post(sent))
            await line.until_end()
        _, before = await ask(sandbox.base_url, get())
    async with serve(config) as sandbox:
        _, after = await ask(sandbox.base_url, get())
        call_id = before["data"][0]["_id"]
        status, _ = await ask(sandbox.base_url, get(f"/v1/phoneCalls/{call_id}"))
        _, made = await ask(sandbox.base_url, post(sent))
        assert made["data"]["_id"] != call_id
    assert status == 200
    assert before["data"][0].pop("phoneCallWebhooks") == [hook | {"secret": "s3cret"}]
    assert after["data"][0].pop("phoneCallWebhooks") == [hook]
    assert before == after
    assert "s3cret" not in repr(list(read_truth(truth)))


@pytest.mark.anyio
async def test_no_file_is_kept_unless_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with serve(SandboxConfig()) as sandbox:
        await ask(sandbox.base_url, post())
    assert files_in(tmp_path) == []


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())
