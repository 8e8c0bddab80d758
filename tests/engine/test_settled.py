"""The queue hears of each ending from the pool itself, whoever reads the events, or nobody."""

import anyio
import pytest

from campaign.domain.model import Cause, ClaimRefused, Created, NotSent, Settled
from campaign.engine.queue.ports import UntimedQueue
from tests.engine.recording import Recorder, Setup

pytestmark = pytest.mark.anyio


class Hearing(UntimedQueue):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.heard = list[Settled]()

    def settled(self, settled: Settled) -> None:
        self.heard.append(settled)


async def test_a_queue_hears_what_settled_though_nobody_reads_the_events() -> None:
    """A progress bar that is not shown must not make a queue count rows for ever."""
    queue = Hearing()
    setup = Setup(Recorder(), rows=5, queue=queue)
    send, receive = anyio.create_memory_object_stream[Settled](max_buffer_size=0)
    receive.close()
    with anyio.fail_after(30):
        await setup.pool().run(setup.waiting(), events=send)
    assert sorted(one.attempt.row_id for one in queue.heard) == [1, 2, 3, 4, 5]
    assert all(isinstance(one.outcome, Created) for one in queue.heard)


async def test_a_queue_hears_of_rows_that_another_run_called_and_of_those_that_go_on_waiting() -> None:
    """What is not sent is told as well: the queue knows that such a row still waits."""
    queue = Hearing()
    tries = dict[int, int]()

    def once_limited(row: int) -> Created | NotSent:
        tries[row] = tries.get(row, 0) + 1
        return Created(f"call-{row}") if tries[row] > 1 else NotSent(cause=Cause.CONNECT, reason="refused")

    recorder = Recorder(answers=lambda attempt: once_limited(attempt.row_id), recently=frozenset({2}))
    await Setup(recorder, rows=2, queue=queue).run()
    kinds = [(one.attempt.row_id, type(one.outcome)) for one in queue.heard]
    assert (2, ClaimRefused) in kinds
    assert [kind for row, kind in kinds if row == 1] == [NotSent, Created]


async def test_a_queue_is_told_before_whoever_listens() -> None:
    """What a front shows of the time left is never a row behind."""
    queue = Hearing()
    setup = Setup(Recorder(), rows=3, queue=queue)
    send, receive = anyio.create_memory_object_stream[Settled](max_buffer_size=float("inf"))
    async with anyio.create_task_group() as tasks, receive:
        tasks.start_soon(lambda: setup.pool().run(setup.waiting(), events=send))
        async for settled in receive:
            assert settled in queue.heard
