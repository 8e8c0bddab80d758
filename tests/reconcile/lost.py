"""A run whose answers are lost in every way that the stand-in knows, and what its truth log says of it.

The rows are sent by the program's own client and written down in its own ledger; only the pool is left out, whose
circuit breaker would stop after the third lost answer.
"""

import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

import anyio
from pydantic import SecretStr

from campaign.aicaller.client import AICallerClient
from campaign.aicaller.compose import Composer, reference_of
from campaign.aicaller.verdict import REFUSALS
from campaign.config.run_plan import CallPlan, RunPlan
from campaign.config.settings import LOOPBACK_SERVICE, Account
from campaign.domain.model import Attempt, Contact, Row, RowState, Screened
from campaign.domain.result_row import ResultRow
from campaign.ledger.port.session import HeldRun
from campaign.ledger.records.runs import Draft, RunRecord, WaitingRow, run_mark
from campaign.ledger.store import Ledger, open_ledger
from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.faults.table import FAULTS, Fault, FaultPlan
from campaign.sandbox.list_endings import Listing
from campaign.sandbox.server import serve
from campaign.sandbox.truth import Ring, read_truth
from campaign.usecases.resolve import Resolved, resolve_run
from tests.loading import loaded_run

PLAN = RunPlan(
    call=CallPlan(team_id="team", call_template_id="template"),
    calls_per_second=5_000.0,
    max_in_flight=16,
    call_again_after=timedelta(hours=24),
)
WITH_REFERENCE = PLAN.model_copy(update={"call": PLAN.call.model_copy(update={"reference": "campaign_ref"})})
TRUTH = "truth.jsonl"
RUN = "december"
# Bodies of megabytes prove nothing that a smaller one does not, and take the time of a hundred others.
SLOW = {"long_id", "gzip_bomb"}
_TELL = {str(code) for code in REFUSALS} | {
    "refuse_before",
    "201",
    "http10",
    "chunked",
    "chunked_trailers",
    "no_reason",
    "503",
    "early_hints",
    "no_phone",
}
# Of these the ending seems certain, and is not always what it seems: tests/reconcile/test_comparing.py has them.
_SEEM_CERTAIN = {"403_page", "403_number", "404_template", "403_page_after", "404_page_after", "twice"}
LOSING = [
    fault
    for name, fault in FAULTS.items()
    if not name.startswith(("400_", "429")) and fault.misread is None and name not in SLOW | _TELL | _SEEM_CERTAIN
]


def at_once(_tries: int) -> float:
    """A list that fails is read again without waiting."""
    return 0.0


@dataclass(frozen=True, slots=True)
class EveryFault(FaultPlan):
    """One POST after the other meets the next of the faults that lose an answer, a sound answer between two of them."""

    def at(self, number: int) -> Fault | None:
        return LOSING[number // 2 % len(LOSING)] if number % 2 else None


@dataclass(slots=True)
class Clock:
    """The wall clock, and what was added to it."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def people(count: int, *, day: str = "Monday") -> list[tuple[str, Screened]]:
    """Rows to so many people; some share a name, none a number."""
    rows = []
    for number in range(count):
        contact = Contact(
            row=number + 2,
            name=f"Zoë {number % 7}",
            phone=f"+1{201 + number // 100}55501{number % 100:02d}",
            variables=(("day", day), ("doctor", f"Dr. {number % 5}")),
        )
        rows.append((f"key-{number}", Screened(Row(number + 2, (contact.name, contact.phone)), contact)))
    return rows


def begin(ledger: Ledger, rows: list[tuple[str, Screened]], *, plan: RunPlan = PLAN) -> RunRecord:
    """A run of these rows, ready to be dialled."""
    draft = Draft(
        service=LOOPBACK_SERVICE,
        template_fingerprint="visits",
        sheet="people.csv",
        header=("Name", "Phone"),
        plan=plan.model_dump_json(),
    )
    return loaded_run(ledger, draft, rows, content="people", name=RUN)


def account(base_url: str) -> Account:
    return Account(api_key=SecretStr("key"), base_url=base_url, service=LOOPBACK_SERVICE)


def sandbox(
    folder: Path,
    *,
    now: Callable[[], datetime] | None = None,
    listing: Listing | None = None,
    faults: FaultPlan | None = None,
) -> SandboxConfig:
    """A stand-in whose clock is `now`: one time for all, as long as it is not about clocks."""
    return SandboxConfig(
        clock=(lambda: now().timestamp()) if now else time.time,
        truth=folder / TRUTH,
        truth_sync=False,
        faults=faults or FaultPlan(),
        listing=listing or Listing(),
        late=0.01,
        drip=0.0005,
    )


async def send_all(ledger: Ledger, record: RunRecord, base_url: str, *, plan: RunPlan = PLAN) -> None:
    """Sends every row until none waits; what is proved not to have been sent is sent again."""
    composer, mark = Composer(plan.call, secret=str), run_mark(record)
    client = AICallerClient(account(base_url), now=ledger.now, deadline_seconds=0.4)
    with ledger.hold(record, call_again_after=plan.call_again_after) as held:
        async with client:
            while rows := list(islice(ledger.read.rows.waiting(record.id, from_round=0), 400)):
                limiter = anyio.CapacityLimiter(16)
                async with anyio.create_task_group() as tasks:
                    for row in rows:
                        body = composer.compose(
                            row.contact, reference=reference_of(mark, row_id=row.id, attempt=row.attempts + 1)
                        )
                        assert isinstance(body, bytes)
                        tasks.start_soon(partial(_send, _attempt(row, body), held=held, client=client, limiter=limiter))


def _attempt(row: WaitingRow, body: bytes) -> Attempt:
    return Attempt(
        row_id=row.id,
        row_number=row.number,
        number=row.attempts + 1,
        phone=row.contact.phone,
        body=body,
        waiting_as=row.state,
    )


async def _send(attempt: Attempt, *, held: HeldRun, client: AICallerClient, limiter: anyio.CapacityLimiter) -> None:
    async with limiter:
        assert await held.claim(attempt) is None
        await held.settle(attempt, await client.send(attempt))


@contextmanager
def copied(folder: Path, to: Path, *, now: Clock) -> Iterator[tuple[Ledger, RunRecord]]:
    """The ledger of a copy of that folder, truth and all."""
    shutil.copytree(folder, to)
    with open_ledger(to, now=now, go_on_here=True) as ledger:
        record = ledger.read.runs.find(RUN)
        assert record is not None
        yield ledger, record


async def resolved(
    ledger: Ledger, record: RunRecord, folder: Path, *, listing: Listing, plan: RunPlan = PLAN
) -> Resolved:
    """What `resolve` makes of the run while the list misleads so."""
    async with serve(sandbox(folder, listing=listing)) as stand_in:
        where = account(stand_in.base_url)
        with ledger.hold(record, call_again_after=plan.call_again_after):
            done = await resolve_run(ledger, record, plan=plan, account=where, now=ledger.now, retry_wait=at_once)
        assert not stand_in.bugs
        assert not stand_in.posts, "resolving sends nothing"
    return done


def rings(folder: Path) -> list[Ring]:
    return list(read_truth(folder / TRUTH))


def faults_of_truth(ledger: Ledger, record: RunRecord, folder: Path, *, all_found: bool) -> list[str]:
    """What the ledger says and the truth does not, or the other way round; empty when all is well."""
    truth = {ring.phone: ring for ring in rings(folder)}
    twice = [phone for phone, times in Counter(ring.phone for ring in rings(folder)).items() if times > 1]
    found = [f"{phone} was called twice" for phone in twice]
    for row in ledger.read.rows.results(record.id):
        found += _faults_of_row(row, truth, all_found=all_found)
    return found


def _faults_of_row(row: ResultRow, truth: dict[str, Ring], *, all_found: bool) -> Iterator[str]:
    ring = truth.get(row.phone or "")
    if row.status == RowState.CREATED and (ring is None or ring.id != row.call_id):
        yield f"row {row.number} has the id {row.call_id} of no call of its own"
    if row.status not in (RowState.CREATED, RowState.UNKNOWN) and ring is not None:
        yield f"row {row.number} is {row.status}, and was called"
    if all_found and ring is not None and row.status != RowState.CREATED:
        yield f"row {row.number} was called, and is {row.status}: {row.error}, {ring.fault}"
