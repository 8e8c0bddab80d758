"""A day on a virtual clock: runs over real loopback HTTP with the stand-in, where calls end by a script."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import anyio
import anyio.lowlevel
from pydantic import SecretStr

from campaign.aicaller.read_client import FoundCall, NotRead, ReadingClient
from campaign.config.run_plan import RunPlan, plan_of
from campaign.config.settings import SANDBOX_SERVICE, Account
from campaign.domain.model import Settled
from campaign.engine.dial_held_run import dial_held_run
from campaign.engine.dial_order import DialOrder
from campaign.engine.requeue import requeue_nothing
from campaign.followup.follow import FollowEvent, Following, PollingEnd
from campaign.followup.poller import Poller
from campaign.followup.redial import Redialing
from campaign.followup.webhook_listener import poll_hinted
from campaign.ledger.records.outcomes import Looked
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.store import Ledger
from campaign.preparation.drafts.load_sheet import load_sheet_draft
from campaign.preparation.drafts.publish import publish_sheet
from campaign.preparation.load_template import read_template
from campaign.preparation.plan.continue_run import plan_of_record
from campaign.preparation.questions import NO_ANSWERS
from campaign.sandbox.calls import Fate
from campaign.sandbox.server import Sandbox, SandboxConfig, serve
from tests.loading import source_of

MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
TEMPLATE = """
[columns]
name = "Name"
phone = "Phone"
[pace]
calls_per_second = 1000
[limits]
call_again_after = "{call_again_after}"
calls_per_person_per_day = {per_day}
{more}
"""

REACHED = Fate(0, "completed", "ENDED_NORMALLY", (2, 6, 45))
VOICEMAIL = Fate(0, "completed", "VOICEMAIL_DETECTED", (2, 20, 12))
IVR = Fate(0, "completed", "IVR_DETECTED", (2, 4, 15))
WISH = Fate(0, "completed", "DO_NOT_CALL", (2, 8, 9))
LATER = Fate(0, "completed", "CALL_LATER", (2, 7, 14))
NOBODY = Fate(0, "noAnswer", None, (2, 30, 0))
BUSY = Fate(0, "busy", None, (2, 5, 0))
BAD = Fate(0, "failed", None, (3, 0, 0))
DROPPED = Fate(0, "cancelled", None, (4, 0, 0))
ON_HOLD = Fate(0, "onHold", None, (2, 5, 0))
"""A status that no document knows."""


class DayClock:
    """Time that passes only while somebody waits for it."""

    def __init__(self) -> None:
        self.at = MORNING

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()

    async def wait(self, until: datetime, *, stop: anyio.Event) -> None:
        await anyio.lowlevel.checkpoint()
        if not stop.is_set():
            self.at = max(self.at, until)


class Listening:
    """A reader that keeps the ids that it was asked for."""

    def __init__(self, reader: ReadingClient) -> None:
        self._reader, self.asked = reader, list[str]()

    async def get_call(self, call_id: str) -> FoundCall | NotRead:
        self.asked.append(call_id)
        return await self._reader.get_call(call_id)


@dataclass
class Day:
    """One stand-in, one ledger, one clock.

    Attributes:
        asked: the ids of all calls that were read.
    """

    folder: Path
    ledger: Ledger
    clock: DayClock
    sandbox: Sandbox
    account: Account
    asked: list[str] = field(default_factory=list)
    service: str = SANDBOX_SERVICE

    def start(
        self,
        *phones: str,
        more: str = "",
        name: str = "monday",
        call_again_after: str = "24h",
        per_day: int = 10,
    ) -> RunRecord:
        """A run of these people, not dialled yet."""
        template = self.folder / f"{name}.toml"
        template.write_text(TEMPLATE.format(more=more, call_again_after=call_again_after, per_day=per_day), "utf-8")
        sheet = self.folder / f"{name}.csv"
        sheet.write_text("Name,Phone\n" + "".join(f"Person {p[-2:]},{p}\n" for p in phones), "utf-8")
        made = read_template(template)
        plan = plan_of(made, environment={}, sandbox=True)
        source = source_of(sheet, made, plan, service=self.service, again=True)
        draft = load_sheet_draft(
            self.ledger, source, answers=replace(NO_ANSWERS, allow_fictitious=True), secret=str, wording=str
        )
        return publish_sheet(self.ledger, draft, name=name, today=date(2026, 12, 1))

    async def dial(
        self, record: RunRecord, *, limit: int | None = None, saw: Callable[[Settled], None] = lambda _: None
    ) -> None:
        """Makes the calls that wait."""
        plan = plan_of_record(record, rate=None, max_in_flight=None)
        order = DialOrder(
            plan=plan,
            account=self.account,
            secret=str,
            results=self.results(record),
            requeue=requeue_nothing,
            look_ups=None,
            limit=limit,
        )
        async with dial_held_run(self.ledger, record, order=order, now=self.clock.now, stop=anyio.Event()) as dialing:
            async for event in dialing.events:
                if isinstance(event, Settled):
                    saw(event)

    async def follow(
        self, record: RunRecord, *, hours: float | None = None, watch: bool = True, at_most: int | None = None
    ) -> PollingEnd:
        """Follows the run until it ends, the deadline, or after so many events."""
        plan = plan_of_record(record, rate=None, max_in_flight=None)
        stop = anyio.Event()
        async with ReadingClient(self.account, now=self.clock.now) as client:
            reader = Listening(client)
            reader.asked = self.asked
            following = Following(
                self.ledger,
                record,
                plan=plan,
                poller=Poller(self.ledger, reader=reader, clock=self.clock, stop=stop, rate=5.0, chance=lambda: 0.0),
                clock=self.clock,
                stop=stop,
                deadline=None if hours is None else self.clock.at + timedelta(hours=hours),
                redial=self._redial(record, plan) if watch else None,
            )
            seen = list[FollowEvent]()
            async for event in following.events():
                seen.append(event)
                if len(seen) == at_most:
                    stop.set()
        assert following.end is not None
        return following.end

    async def hint(self, *hints: tuple[str, ...]) -> list[Looked]:
        """What is found when webhooks hint at these ids, one after the other."""
        stop = anyio.Event()
        send, receive = anyio.create_memory_object_stream[tuple[str, ...]](len(hints))
        for ids in hints:
            send.send_nowait(ids)
        send.close()
        async with ReadingClient(self.account, now=self.clock.now) as client:
            reader = Listening(client)
            reader.asked = self.asked
            poller = Poller(self.ledger, reader=reader, clock=self.clock, stop=stop, rate=5.0)
            events = poll_hinted(self.ledger, service=self.service, poller=poller, hints=receive)
            return [found async for found in events if isinstance(found, Looked)]

    def _redial(self, record: RunRecord, plan: RunPlan) -> Redialing:
        return Redialing(
            self.ledger,
            record,
            plan=plan,
            account=self.account,
            secret=str,
            now=self.clock.now,
            results=self.results(record),
        )

    def results(self, record: RunRecord) -> Path:
        return self.folder / f"{record.name}.results.csv"

    def rings(self, phone: str) -> list[timedelta]:
        """When the phone was made to ring, counted from the morning."""
        return [
            datetime.fromtimestamp(call.created_at, UTC) - MORNING for call in self.sandbox.calls if call.phone == phone
        ]


@asynccontextmanager
async def a_day(
    folder: Path, *, ledger: Ledger, clock: DayClock, script: dict[str, Sequence[Fate]], service: str = SANDBOX_SERVICE
) -> AsyncIterator[Day]:
    config = SandboxConfig(clock=clock.seconds, script=script)
    async with serve(config) as sandbox:
        account = Account(api_key=SecretStr("sandbox"), base_url=sandbox.base_url, service=service)
        yield Day(folder, ledger, clock, sandbox, account, service=service)
    assert not sandbox.bugs
